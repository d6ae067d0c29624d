// dyadic_residual_add: Sum of two integers, each rescaled by a dyadic number of its own.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        dyadic-residual-add
// Parameters  a = int32
//             b = int32
//             result = int8
//             multiplier-a = 1610612736
//             exponent-a = 31
//             multiplier-b = 1288490189
//             exponent-b = 32
//             scale = constant
//             multiplier-bits = 31
//             round = rhu
// Latency     none, combinational; a beat may follow every clock
// Computes    y = saturate(round(a * Ma / 2^Ea) + round(b * Mb / 2^Eb))
// Source      HAWQ-V3 (arXiv 2011.10680), fixedpoint_fn of Zhen-Dong/HAWQ, case 1
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit dyadic-residual-add

`default_nettype none

module dyadic_residual_add (
    input  wire [31:0] a, // int32: first branch
    input  wire [31:0] b, // int32: second branch
    output wire [7:0]  y  // int8: sum
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 0; // clock cycles from input to output
    /* verilator lint_on UNUSED */

    // Branch a, times M / 2^E
    /* verilator lint_off UNUSED */ // bits 29:0 are not needed
    wire signed [62:0] a_product = $signed(a) * $signed(32'h60000000);
    /* verilator lint_on UNUSED */
    wire signed [31:0] a_kept = a_product[62:31];
    wire a_guard = a_product[30];
    wire signed [31:0] a_sum = a_kept + {31'd0, a_guard};

    // Branch b, times M / 2^E
    /* verilator lint_off UNUSED */ // bits 30:0 are not needed
    wire signed [62:0] b_product = $signed(b) * $signed(32'h4ccccccd);
    /* verilator lint_on UNUSED */
    wire signed [30:0] b_kept = b_product[62:32];
    wire b_guard = b_product[31];
    wire signed [30:0] b_sum = b_kept + {30'd0, b_guard};

    // Their sum, saturated to int8
    wire signed [32:0] sum = {a_sum[31], a_sum} + {{2{b_sum[30]}}, b_sum};
    wire signed [7:0] fitting = sum[7:0];
    wire negative = sum[32];
    wire [25:0] above = sum[32:7];
    wire fits = &above;
    wire too_low = negative & ~fits;
    wire too_high = (|above) & ~negative;
    wire signed [7:0] limited = too_high ? 8'd127 : (too_low ? -8'd128 : fitting);

    assign y = limited;
endmodule

`default_nettype wire
