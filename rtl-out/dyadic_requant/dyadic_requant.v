// dyadic_requant: Rescales an integer by M / 2^E and saturates it: requantization in integers only.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        dyadic-requant
// Parameters  from = int32
//             to = int8
//             multiplier = 1696777188
//             exponent = 37
//             zero-point = 0
//             scale = constant
//             multiplier-bits = 31
//             round = rhu
// Latency     none, combinational; a beat may follow every clock
// Computes    y = saturate(round(x * M / 2^E) + zero-point)
// Source      HAWQ-V3 (arXiv 2011.10680), fixedpoint_fn of Zhen-Dong/HAWQ
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit dyadic-requant

`default_nettype none

module dyadic_requant (
    input  wire [31:0] x, // int32: operand
    output wire [7:0]  y  // int8: result
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 0; // clock cycles from input to output
    /* verilator lint_on UNUSED */

    // Times M / 2^E
    /* verilator lint_off UNUSED */ // bits 35:0 are not needed
    wire signed [62:0] product = $signed(x) * $signed(32'h6522c3e4);
    /* verilator lint_on UNUSED */
    wire signed [25:0] kept = product[62:37];
    wire guard = product[36];
    wire signed [25:0] scaled = kept + {25'd0, guard};

    // Saturated to int8
    wire signed [7:0] fitting = scaled[7:0];
    wire negative = scaled[25];
    wire [18:0] above = scaled[25:7];
    wire fits = &above;
    wire too_low = negative & ~fits;
    wire too_high = (|above) & ~negative;
    wire signed [7:0] limited = too_high ? 8'd127 : (too_low ? -8'd128 : fitting);

    assign y = limited;
endmodule

`default_nettype wire
