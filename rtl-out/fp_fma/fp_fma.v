// fp_fma: Fused multiply-add of floating-point numbers, rounded once.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        fp-fma
// Parameters  a = bf16
//             b = bf16
//             c = bf16
//             result = bf16
//             round = rne
//             overflow = saturate
//             subnormals = keep
//             random-bits = 8
// Latency     none, combinational; a beat may follow every clock
// Computes    y = round(a*b + c)
// Source      IEEE 754-2019 (fusedMultiplyAdd, 6.3 for zeros), with the special codes of each format
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit fp-fma

`default_nettype none

module fp_fma (
    input  wire [15:0] a, // bf16: first factor
    input  wire [15:0] b, // bf16: second factor
    input  wire [15:0] c, // bf16: addend
    output wire [15:0] y  // bf16: product and addend, rounded once
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 0; // clock cycles from input to output
    /* verilator lint_on UNUSED */

    // Signs, exponents and significands, and the product
    wire a_sign = a[15];
    wire [7:0] a_field = a[14:7];
    wire a_is_normal = |a_field;
    wire a_all = &a_field;
    wire a_any = |a[6:0];
    wire a_is_nan = a_all & a_any;
    wire a_is_infinite = a_all & ~a_any;
    wire [7:0] a_exponent = a_is_normal ? a_field : 8'd1;
    wire [7:0] a_significand = {a_is_normal, a[6:0]};
    wire a_is_zero = ~|a_significand;
    wire b_sign = b[15];
    wire [7:0] b_field = b[14:7];
    wire b_is_normal = |b_field;
    wire b_all = &b_field;
    wire b_any = |b[6:0];
    wire b_is_nan = b_all & b_any;
    wire b_is_infinite = b_all & ~b_any;
    wire [7:0] b_exponent = b_is_normal ? b_field : 8'd1;
    wire [7:0] b_significand = {b_is_normal, b[6:0]};
    wire b_is_zero = ~|b_significand;
    wire c_sign = c[15];
    wire [7:0] c_field = c[14:7];
    wire c_is_normal = |c_field;
    wire c_all = &c_field;
    wire c_any = |c[6:0];
    wire c_is_nan = c_all & c_any;
    wire c_is_infinite = c_all & ~c_any;
    wire [7:0] c_exponent = c_is_normal ? c_field : 8'd1;
    wire [7:0] c_significand = {c_is_normal, c[6:0]};
    wire product_sign = a_sign ^ b_sign;
    wire [8:0] product_exponent = {1'b0, a_exponent} + {1'b0, b_exponent};
    wire product_is_zero = a_is_zero | b_is_zero;
    wire product_is_infinite = a_is_infinite | b_is_infinite;
    wire product_zero_times_infinity = (a_is_infinite & b_is_zero) | (b_is_infinite & a_is_zero);
    wire product_is_nan = a_is_nan | b_is_nan | product_zero_times_infinity;
    wire [15:0] product_significand = a_significand * b_significand;

    // Result
    wire subtract = product_sign ^ c_sign;
    wire is_nan = product_is_nan | c_is_nan | (product_is_infinite & c_is_infinite & subtract);
    wire is_infinite = product_is_infinite | c_is_infinite;

    // The addend at its place beside the product, and their sum
    wire [17:0] product_placed = {product_significand, 2'd0};
    wire signed [9:0] apart = {1'b0, product_exponent} - {2'd0, c_exponent};
    wire signed [9:0] down = apart - 10'd116;
    wire is_above = down[9];
    wire is_alone = is_above | product_is_zero;
    wire [8:0] distance = is_alone ? 9'd0 : down[8:0];
    wire [27:0] shifted = {c_significand, 20'd0};
    wire is_beyond = |distance[8:5];
    wire [27:0] choice = is_beyond ? 28'd0 : shifted;
    wire lost = |choice[15:0];
    wire [27:0] right_16 = distance[4] ? {16'd0, choice[27:16]} : choice;
    wire lost_1 = |right_16[7:0];
    wire either = (is_beyond & (|shifted)) | (distance[4] & lost) | (distance[3] & lost_1);
    wire [27:0] right_8 = distance[3] ? {8'd0, right_16[27:8]} : right_16;
    wire lost_2 = |right_8[3:0];
    wire [27:0] right_4 = distance[2] ? {4'd0, right_8[27:4]} : right_8;
    wire lost_3 = |right_4[1:0];
    wire [27:0] right_2 = distance[1] ? {2'd0, right_4[27:2]} : right_4;
    wire lost_4 = right_2[0];
    wire either_1 = either | (distance[2] & lost_2) | (distance[1] & lost_3) | (distance[0] & lost_4);
    wire [27:0] right_1 = distance[0] ? {1'b0, right_2[27:1]} : right_2;
    wire [28:0] addend_placed = {right_1, either_1};
    wire [18:0] augend = {product_placed, 1'b0};
    wire [28:0] complemented = addend_placed ^ (subtract ? 29'h1fffffff : 29'd0);
    wire [18:0] augend_and_one = augend | {18'd0, subtract};
    wire [29:0] total = {11'd0, augend_and_one} + {1'b0, complemented};
    wire carry = total[29];
    wire is_negative = subtract & ~carry;
    wire [28:0] low = total[28:0];
    wire [28:0] magnitude = ({29{is_negative}} ^ low) + {28'd0, is_negative};
    wire [8:0] exponent_of_sum = is_alone ? ({1'b0, c_exponent} + 9'd116) : product_exponent;

    // Result
    wire both_negative = product_sign & c_sign;
    wire any = |magnitude;
    wire is_zero = ~any;
    wire finite_sign = any ? (product_sign ^ is_negative) : both_negative;
    wire sign = is_infinite ? (product_is_infinite ? product_sign : c_sign) : finite_sign;

    // Rounded once
    wire signed [9:0] room = {1'b0, exponent_of_sum} - 10'd117;
    wire [31:0] joined = {magnitude, 3'd7};
    wire [15:0] top = joined[31:16];
    wire any_1 = |top;
    wire zeros_16 = ~any_1;
    wire [15:0] zeros_in_16 = any_1 ? top : joined[15:0];
    wire [7:0] top_1 = zeros_in_16[15:8];
    wire any_2 = |top_1;
    wire zeros_8 = ~any_2;
    wire [7:0] zeros_in_8 = any_2 ? top_1 : zeros_in_16[7:0];
    wire [3:0] top_2 = zeros_in_8[7:4];
    wire any_3 = |top_2;
    wire zeros_4 = ~any_3;
    wire [3:0] zeros_in_4 = any_3 ? top_2 : zeros_in_8[3:0];
    wire [1:0] top_3 = zeros_in_4[3:2];
    wire any_4 = |top_3;
    wire zeros_2 = ~any_4;
    /* verilator lint_off UNUSED */ // bit 0 is not needed
    wire [1:0] zeros_in_2 = any_4 ? top_3 : zeros_in_4[1:0];
    /* verilator lint_on UNUSED */
    wire top_4 = zeros_in_2[1];
    wire zeros_1 = ~top_4;
    wire [4:0] zeros = {zeros_16, zeros_8, zeros_4, zeros_2, zeros_1};
    wire signed [9:0] spare = room - {5'd0, zeros};
    wire is_short = spare[9];
    wire is_below_normal = is_short | is_zero;
    wire [8:0] field_below_one = is_below_normal ? 9'd0 : spare[8:0];
    wire is_negative_1 = room[9];
    wire [4:0] shift = is_short ? (is_negative_1 ? 5'd0 : room[4:0]) : zeros;
    wire [28:0] significand = magnitude << shift;
    wire [8:0] complement = ~room[8:0];
    wire [3:0] low_1 = complement[3:0];
    wire is_far = |complement[8:4];
    wire [4:0] distance_1 = is_negative_1 ? (is_far ? 5'd16 : ({1'b0, low_1} + 5'd1)) : 5'd0;
    wire is_beyond_1 = distance_1[4];
    wire [8:0] choice_1 = is_beyond_1 ? 9'd0 : significand[28:20];
    wire lost_5 = |choice_1[7:0];
    wire [8:0] right_8_1 = distance_1[3] ? {8'd0, choice_1[8]} : choice_1;
    wire lost_6 = |right_8_1[3:0];
    wire either_2 = (is_beyond_1 & (|significand[28:20])) | (distance_1[3] & lost_5) | (distance_1[2] & lost_6);
    wire [8:0] right_4_1 = distance_1[2] ? {4'd0, right_8_1[8:4]} : right_8_1;
    wire lost_7 = |right_4_1[1:0];
    wire [8:0] right_2_1 = distance_1[1] ? {2'd0, right_4_1[8:2]} : right_4_1;
    wire lost_8 = right_2_1[0];
    wire [8:0] right_1_1 = distance_1[0] ? {1'b0, right_2_1[8:1]} : right_2_1;
    wire hidden = |significand[19:0];
    wire sticky = hidden | either_2 | (distance_1[1] & lost_7) | (distance_1[0] & lost_8);
    wire [7:0] kept = right_1_1[8:1];
    wire guard = right_1_1[0];
    wire last = right_1_1[1];
    wire [15:0] code = ({field_below_one, 7'd0} | {15'd0, guard & (sticky | last)}) + {8'd0, kept};
    wire overflow = code > 16'h7f7f;
    wire [14:0] magnitude_1 = overflow ? 15'h7f7f : code[14:0];
    wire [14:0] bounded = is_infinite ? 15'h7f7f : magnitude_1;

    assign y = is_nan ? 16'h7fc0 : {sign, bounded};
endmodule

`default_nettype wire
