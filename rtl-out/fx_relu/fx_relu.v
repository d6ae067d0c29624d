// fx_relu: Rectified linear unit with a clip, cast to a format.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        fx-relu
// Parameters  from = fix16.8
//             to = ufix8.4
//             clip = 0
//             round = rhu
//             overflow = saturate
//             random-bits = 8
// Latency     none, combinational; a beat may follow every clock
// Computes    y = cast(max(x, 0))
//             with a clip: y = cast(min(max(x, 0), clip))
// Source      plain arithmetic; modes as IEEE Std 1666; clipping as PACT (arXiv 1805.06085) and ReLU6
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit fx-relu

`default_nettype none

module fx_relu (
    input  wire [15:0] x, // fix16.8: operand
    output wire [7:0]  y  // ufix8.4: result
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 0; // clock cycles from input to output
    /* verilator lint_on UNUSED */
    /* verilator lint_off UNUSED */ // bits 2:0 are not needed
    wire [14:0] rectified = x[15] ? 15'd0 : x[14:0];
    /* verilator lint_on UNUSED */

    // Cast to ufix8.4: rhu, saturate
    wire [10:0] kept = rectified[14:4];
    wire guard = rectified[3];
    wire [11:0] rounded = {1'b0, kept} + {11'd0, guard};
    wire [7:0] fitting = rounded[7:0];
    wire [3:0] high = rounded[11:8];
    wire too_high = |high;
    wire [7:0] limited = too_high ? 8'd255 : fitting;

    assign y = limited;
endmodule

`default_nettype wire
