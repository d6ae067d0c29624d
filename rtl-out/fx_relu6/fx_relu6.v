// fx_relu6: Rectified linear unit that ends at 6.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        fx-relu as fx-relu6
// Parameters  from = fix16.8
//             to = ufix8.5
//             clip = 6
//             round = rhu
//             overflow = saturate
//             random-bits = 8
// Latency     none, combinational; a beat may follow every clock
// Computes    y = cast(max(x, 0))
//             with a clip: y = cast(min(max(x, 0), clip))
// Source      plain arithmetic; modes as IEEE Std 1666; clipping as PACT (arXiv 1805.06085) and ReLU6
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit fx-relu6

`default_nettype none

module fx_relu6 (
    input  wire [15:0] x, // fix16.8: operand
    output wire [7:0]  y  // ufix8.5: result
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 0; // clock cycles from input to output
    /* verilator lint_on UNUSED */
    wire [14:0] rectified = x[15] ? 15'd0 : x[14:0];
    /* verilator lint_off UNUSED */ // bits 1:0 are not needed
    wire [10:0] clipped = (rectified > 15'd1536) ? 11'd1536 : rectified[10:0];
    /* verilator lint_on UNUSED */

    // Cast to ufix8.5: rhu, saturate
    wire [7:0] kept = clipped[10:3];
    wire guard = clipped[2];
    wire [7:0] rounded = kept + {7'd0, guard};

    assign y = rounded;
endmodule

`default_nettype wire
