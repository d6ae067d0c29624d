// fx_cast: Conversion between fixed-point formats, with each rounding and overflow mode.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        fx-cast
// Parameters  from = fix16.12
//             to = fix8.4
//             round = rhu
//             overflow = saturate
//             random-bits = 8
// Latency     none, combinational; a beat may follow every clock
// Computes    y = overflow(round(x * 2^F)) / 2^F, where F are the fraction bits of the result
// Source      IEEE Std 1666 (sc_fixed), AMD ap_fixed; arXiv 2401.17544 (QFX)
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit fx-cast

`default_nettype none

module fx_cast (
    /* verilator lint_off UNUSED */ // bits 6:0 are not needed
    input  wire [15:0] x, // fix16.12: operand
    /* verilator lint_on UNUSED */
    output wire [7:0]  y  // fix8.4: result
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 0; // clock cycles from input to output
    /* verilator lint_on UNUSED */

    // Cast to fix8.4: rhu, saturate
    wire signed [7:0] kept = x[15:8];
    wire guard = x[7];
    wire signed [8:0] rounded = {kept[7], kept} + {8'd0, guard};
    wire signed [7:0] fitting = rounded[7:0];
    wire negative = rounded[8];
    wire [1:0] above = rounded[8:7];
    wire too_high = (|above) & ~negative;
    wire signed [7:0] limited = too_high ? 8'd127 : fitting;

    assign y = limited;
endmodule

`default_nettype wire
