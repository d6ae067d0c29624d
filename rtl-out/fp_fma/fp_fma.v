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

    genvar i;

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
    wire [27:0] highest = {c_significand, 20'd0};
    wire [9:0] distance = down;
    wire is_beyond = |distance[9:5];
    wire lost = highest[0];
    wire [27:0] right_1 = distance[0] ? {1'b0, highest[27:1]} : highest;
    wire lost_1 = |right_1[1:0];
    wire either = (is_beyond & (|highest)) | (distance[0] & lost) | (distance[1] & lost_1);
    wire [27:0] right_2 = distance[1] ? {2'd0, right_1[27:2]} : right_1;
    wire lost_2 = |right_2[3:0];
    wire [27:0] right_4 = distance[2] ? {4'd0, right_2[27:4]} : right_2;
    wire lost_3 = |right_4[7:0];
    wire [27:0] right_8 = distance[3] ? {8'd0, right_4[27:8]} : right_4;
    wire lost_4 = |right_8[15:0];
    wire either_1 = either | (distance[2] & lost_2) | (distance[3] & lost_3) | (distance[4] & lost_4);
    wire [27:0] right_16 = distance[4] ? {16'd0, right_8[27:16]} : right_8;
    wire [27:0] addend_placed = is_alone ? highest : (is_beyond ? 28'd0 : right_16);
    wire sticky = either_1 & ~is_alone;
    wire [27:0] complemented = addend_placed ^ (subtract ? 28'hfffffff : 28'd0);
    wire [28:0] total = {11'd0, product_placed} + {1'b0, complemented};
    /* verilator lint_off UNUSED */ // bit 0 is not needed
    wire [29:0] sum = {11'd0, {product_placed, 1'b1}} + {1'b0, {complemented, 1'b1}};
    /* verilator lint_on UNUSED */
    wire [28:0] total_and_one = sum[29:1];
    wire takes_one = subtract & ~sticky;
    wire carry = sticky ? total[28] : total_and_one[28];
    wire is_negative = subtract & ~carry;
    wire [27:0] low = total[27:0];
    wire [27:0] positive = takes_one ? total_and_one[27:0] : low;
    wire [27:0] upper = is_negative ? ~low : positive;
    wire [28:0] magnitude = {upper, sticky};
    wire [8:0] exponent_of_sum = is_alone ? ({1'b0, c_exponent} + 9'd116) : product_exponent;

    // Result
    wire both_negative = product_sign & c_sign;
    wire any = |magnitude;
    wire is_zero = ~any;
    wire finite_sign = any ? (product_sign ^ is_negative) : both_negative;
    wire sign = is_infinite ? (product_is_infinite ? product_sign : c_sign) : finite_sign;

    // Rounded once
    wire signed [9:0] room = {1'b0, exponent_of_sum} - 10'd117;
    wire [31:0] field = {magnitude, 3'd0};
    wire [31:0] zeros_16;
    generate
        for (i = 0; i < 16; i = i + 1) begin : zeros_16_lanes
            wire is_zero_1 = ~field[2 * i + 1];
            wire [1:0] zeros_16_lane = {is_zero_1 & ~field[2 * i], is_zero_1};
            assign zeros_16[2 * i +: 2] = zeros_16_lane;
        end
    endgenerate
    wire [23:0] zeros_8;
    generate
        for (i = 0; i < 8; i = i + 1) begin : zeros_8_lanes
            wire [1:0] zeros_16_even = zeros_16[4 * i +: 2];
            wire [1:0] zeros_16_odd = zeros_16[4 * i + 2 +: 2];
            wire none_above = zeros_16_odd[1];
            wire none = none_above & zeros_16_even[1];
            wire [2:0] zeros_8_lane = {none, none_above, none_above ? zeros_16_even[0] : zeros_16_odd[0]};
            assign zeros_8[3 * i +: 3] = zeros_8_lane;
        end
    endgenerate
    wire [15:0] zeros_4;
    generate
        for (i = 0; i < 4; i = i + 1) begin : zeros_4_lanes
            wire [2:0] zeros_8_even = zeros_8[6 * i +: 3];
            wire [2:0] zeros_8_odd = zeros_8[6 * i + 3 +: 3];
            wire none_above_1 = zeros_8_odd[2];
            wire none_1 = none_above_1 & zeros_8_even[2];
            wire [3:0] zeros_4_lane = {none_1, none_above_1, none_above_1 ? zeros_8_even[1:0] : zeros_8_odd[1:0]};
            assign zeros_4[4 * i +: 4] = zeros_4_lane;
        end
    endgenerate
    wire [9:0] zeros_2;
    generate
        for (i = 0; i < 2; i = i + 1) begin : zeros_2_lanes
            wire [3:0] zeros_4_even = zeros_4[8 * i +: 4];
            wire [3:0] zeros_4_odd = zeros_4[8 * i + 4 +: 4];
            wire none_above_2 = zeros_4_odd[3];
            wire none_2 = none_above_2 & zeros_4_even[3];
            wire [4:0] zeros_2_lane = {none_2, none_above_2, none_above_2 ? zeros_4_even[2:0] : zeros_4_odd[2:0]};
            assign zeros_2[5 * i +: 5] = zeros_2_lane;
        end
    endgenerate
    wire [4:0] zeros_2_0 = zeros_2[4:0];
    wire [4:0] zeros_2_1 = zeros_2[9:5];
    wire none_above_3 = zeros_2_1[4];
    wire none_3 = none_above_3 & zeros_2_0[4];
    /* verilator lint_off UNUSED */ // bit 5 is not needed
    wire [5:0] parts = {none_3, none_above_3, none_above_3 ? zeros_2_0[3:0] : zeros_2_1[3:0]};
    /* verilator lint_on UNUSED */
    wire [4:0] zeros = parts[4:0];
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
    wire [8:0] choice = is_beyond_1 ? 9'd0 : significand[28:20];
    wire lost_5 = |choice[7:0];
    wire [8:0] right_8_1 = distance_1[3] ? {8'd0, choice[8]} : choice;
    wire lost_6 = |right_8_1[3:0];
    wire either_2 = (is_beyond_1 & (|significand[28:20])) | (distance_1[3] & lost_5) | (distance_1[2] & lost_6);
    wire [8:0] right_4_1 = distance_1[2] ? {4'd0, right_8_1[8:4]} : right_8_1;
    wire lost_7 = |right_4_1[1:0];
    wire [8:0] right_2_1 = distance_1[1] ? {2'd0, right_4_1[8:2]} : right_4_1;
    wire lost_8 = right_2_1[0];
    wire [8:0] right_1_1 = distance_1[0] ? {1'b0, right_2_1[8:1]} : right_2_1;
    wire hidden = |significand[19:0];
    wire sticky_1 = hidden | either_2 | (distance_1[1] & lost_7) | (distance_1[0] & lost_8);
    wire [7:0] kept = right_1_1[8:1];
    wire guard = right_1_1[0];
    wire last = right_1_1[1];
    wire [15:0] code = ({field_below_one, 7'd0} | {15'd0, guard & (sticky_1 | last)}) + {8'd0, kept};
    wire above = code[15];
    wire overflow = above | (&code[14:7]);
    wire [14:0] magnitude_1 = overflow ? 15'h7f7f : code[14:0];
    wire [14:0] bounded = is_infinite ? 15'h7f7f : magnitude_1;

    assign y = is_nan ? 16'h7fc0 : {sign, bounded};
endmodule

`default_nettype wire
