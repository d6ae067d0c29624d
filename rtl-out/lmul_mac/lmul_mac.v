// lmul_mac: Dot product of L-Mul products, added to a running sum.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        lmul-mac
// Parameters  lanes = 32
//             operand = e4m3
//             offset = lmul
//             special = ordinary
//             aligned-width = 0
//             accumulator = fp32
//             beats = 256
// Latency     1 clock cycle; a beat may follow every clock
// Computes    sum = sum  lmul(a[i], b[i]), exact
//             float: y <- round((first ? +0 : y) + round(sum)), each rounding to nearest even
//             fixed: y <- (first ? 0 : y) + sum, rounded to nearest even at the last bit of the window, modulo its width; overflow and nan stay set until first
//             exact: y <- (first ? 0 : y) + sum; invalid stays set until first, and a sum that is invalid adds 0
//             aligned: each |term| is first cut, toward zero, to a multiple of 2^(K + S - W), where W is the aligned width,
//             2^K the largest weight of a last significand bit among the terms != 0, S the bits of the largest significand
// Source      Luo and Sun, "Addition is All You Need for Energy-efficient Language Models", arXiv:2410.00907, as an integer adder
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit lmul-mac

`default_nettype none

module lmul_mac (
    input  wire         clk,   // rising edge
    input  wire         rst,   // synchronous, active high
    input  wire         en,    // this beat is accepted
    input  wire         first, // this beat starts a new sum, from +0
    input  wire [255:0] a,     // 32 lanes of e4m3: first operands
    input  wire [255:0] b,     // 32 lanes of e4m3: second operands
    output wire [31:0]  y      // fp32: the running sum after this beat
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 1; // clock cycles from input to output
    /* verilator lint_on UNUSED */

    // State and pipeline registers; _s<n> is the value in stage n
    reg [31:0] sum_fp32;

    genvar i;

    // Exact sum
    wire [31:0] product_sign;
    wire [127:0] product_significand;
    wire [127:0] product_shift;
    generate
        for (i = 0; i < 32; i = i + 1) begin : product_lanes
            wire [7:0] a_lane = a[8 * i +: 8];
            wire [7:0] b_lane = b[8 * i +: 8];
            wire [6:0] a_code = a_lane[6:0];
            wire [6:0] b_code = b_lane[6:0];
            wire is_zero = (~|a_lane[6:3]) | (~|b_lane[6:3]);
            wire [7:0] sum = {1'b0, a_code} + {1'b0, b_code};
            wire [7:0] total = sum - 8'd55;
            wire above = total[7];
            wire [6:0] code = total[6:0];
            wire [3:0] exponent = total[6:3];
            wire is_outside = above | is_zero | (~|exponent) | (&code);
            wire is_large = (a_lane[6] | b_lane[6]) & ~is_zero;
            wire [6:0] limit = is_large ? 7'd126 : 7'd0;
            wire [6:0] magnitude = is_outside ? limit : total[6:0];
            wire is_not_zero = ~is_outside | is_large;
            wire negative = a_lane[7] ^ b_lane[7];
            wire sign = negative & is_not_zero;
            wire [3:0] field = magnitude[6:3];
            wire is_normal = |field;
            wire [3:0] significand = {is_normal, magnitude[2:0]};
            assign product_sign[i] = sign;
            assign product_significand[4 * i +: 4] = significand;
            assign product_shift[4 * i +: 4] = field - {3'd0, is_normal};
        end
    endgenerate
    wire [607:0] values;
    generate
        for (i = 0; i < 32; i = i + 1) begin : value_lanes
            wire product_sign_lane = product_sign[i];
            wire [17:0] shifted = {14'd0, product_significand[4 * i +: 4]} << product_shift[4 * i +: 4];
            assign values[19 * i +: 19] = ({19{product_sign_lane}} ^ {1'b0, shifted}) + {18'd0, product_sign_lane};
        end
    endgenerate
    wire [319:0] sum_16;
    generate
        for (i = 0; i < 16; i = i + 1) begin : sum_16_lanes
            wire signed [18:0] values_even = values[38 * i +: 19];
            wire signed [18:0] values_odd = values[38 * i + 19 +: 19];
            wire signed [19:0] sum_16_lane = {values_even[18], values_even} + {values_odd[18], values_odd};
            assign sum_16[20 * i +: 20] = sum_16_lane;
        end
    endgenerate
    wire [167:0] sum_8;
    generate
        for (i = 0; i < 8; i = i + 1) begin : sum_8_lanes
            wire signed [19:0] sum_16_even = sum_16[40 * i +: 20];
            wire signed [19:0] sum_16_odd = sum_16[40 * i + 20 +: 20];
            wire signed [20:0] sum_8_lane = {sum_16_even[19], sum_16_even} + {sum_16_odd[19], sum_16_odd};
            assign sum_8[21 * i +: 21] = sum_8_lane;
        end
    endgenerate
    wire [87:0] sum_4;
    generate
        for (i = 0; i < 4; i = i + 1) begin : sum_4_lanes
            wire signed [20:0] sum_8_even = sum_8[42 * i +: 21];
            wire signed [20:0] sum_8_odd = sum_8[42 * i + 21 +: 21];
            wire signed [21:0] sum_4_lane = {sum_8_even[20], sum_8_even} + {sum_8_odd[20], sum_8_odd};
            assign sum_4[22 * i +: 22] = sum_4_lane;
        end
    endgenerate
    wire [45:0] sum_2;
    generate
        for (i = 0; i < 2; i = i + 1) begin : sum_2_lanes
            wire signed [21:0] sum_4_even = sum_4[44 * i +: 22];
            wire signed [21:0] sum_4_odd = sum_4[44 * i + 22 +: 22];
            wire signed [22:0] sum_2_lane = {sum_4_even[21], sum_4_even} + {sum_4_odd[21], sum_4_odd};
            assign sum_2[23 * i +: 23] = sum_2_lane;
        end
    endgenerate
    wire signed [22:0] sum_2_0 = sum_2[22:0];
    wire signed [22:0] sum_2_1 = sum_2[45:23];
    wire signed [23:0] sum_1 = {sum_2_0[22], sum_2_0} + {sum_2_1[22], sum_2_1};

    // The sum of this beat, rounded to fp32
    wire block_negative = sum_1[23];
    wire [22:0] block_magnitude = ({23{block_negative}} ^ sum_1[22:0]) + {22'd0, block_negative};
    wire [23:0] block_aligned = {block_magnitude, 1'b0};
    wire [31:0] block_field = {block_magnitude, 9'd0};
    wire [31:0] block_zeros_16;
    generate
        for (i = 0; i < 16; i = i + 1) begin : zeros_16_lanes
            wire block_is_zero = ~block_field[2 * i + 1];
            wire [1:0] block_zeros_16_lane = {block_is_zero & ~block_field[2 * i], block_is_zero};
            assign block_zeros_16[2 * i +: 2] = block_zeros_16_lane;
        end
    endgenerate
    wire [23:0] block_zeros_8;
    generate
        for (i = 0; i < 8; i = i + 1) begin : zeros_8_lanes
            wire [1:0] block_zeros_16_even = block_zeros_16[4 * i +: 2];
            wire [1:0] block_zeros_16_odd = block_zeros_16[4 * i + 2 +: 2];
            wire block_none_above = block_zeros_16_odd[1];
            wire block_none = block_none_above & block_zeros_16_even[1];
            wire [2:0] block_zeros_8_lane = {block_none, block_none_above, block_none_above ? block_zeros_16_even[0] : block_zeros_16_odd[0]};
            assign block_zeros_8[3 * i +: 3] = block_zeros_8_lane;
        end
    endgenerate
    wire [15:0] block_zeros_4;
    generate
        for (i = 0; i < 4; i = i + 1) begin : zeros_4_lanes
            wire [2:0] block_zeros_8_even = block_zeros_8[6 * i +: 3];
            wire [2:0] block_zeros_8_odd = block_zeros_8[6 * i + 3 +: 3];
            wire block_none_above_1 = block_zeros_8_odd[2];
            wire block_none_1 = block_none_above_1 & block_zeros_8_even[2];
            wire [3:0] block_zeros_4_lane = {block_none_1, block_none_above_1, block_none_above_1 ? block_zeros_8_even[1:0] : block_zeros_8_odd[1:0]};
            assign block_zeros_4[4 * i +: 4] = block_zeros_4_lane;
        end
    endgenerate
    wire [9:0] block_zeros_2;
    generate
        for (i = 0; i < 2; i = i + 1) begin : zeros_2_lanes
            wire [3:0] block_zeros_4_even = block_zeros_4[8 * i +: 4];
            wire [3:0] block_zeros_4_odd = block_zeros_4[8 * i + 4 +: 4];
            wire block_none_above_2 = block_zeros_4_odd[3];
            wire block_none_2 = block_none_above_2 & block_zeros_4_even[3];
            wire [4:0] block_zeros_2_lane = {block_none_2, block_none_above_2, block_none_above_2 ? block_zeros_4_even[2:0] : block_zeros_4_odd[2:0]};
            assign block_zeros_2[5 * i +: 5] = block_zeros_2_lane;
        end
    endgenerate
    wire [4:0] block_zeros_2_0 = block_zeros_2[4:0];
    wire [4:0] block_zeros_2_1 = block_zeros_2[9:5];
    wire block_none_above_3 = block_zeros_2_1[4];
    wire block_none_3 = block_none_above_3 & block_zeros_2_0[4];
    /* verilator lint_off UNUSED */ // bit 5 is not needed
    wire [5:0] block_parts = {block_none_3, block_none_above_3, block_none_above_3 ? block_zeros_2_0[3:0] : block_zeros_2_1[3:0]};
    /* verilator lint_on UNUSED */
    wire [4:0] block_zeros = block_parts[4:0];
    wire [7:0] block_spare = 8'd139 - {3'd0, block_zeros};
    wire [7:0] block_field_below_one = (|block_magnitude) ? block_spare : 8'd0;
    wire [23:0] block_significand = block_aligned << block_zeros;
    wire [30:0] block_finite = {block_field_below_one, 23'd0} + {7'd0, block_significand};
    wire [31:0] block_sum = {block_negative, block_finite};

    // The running sum
    wire [31:0] add_before = first ? 32'd0 : sum_fp32;
    wire add_a_sign = add_before[31];
    wire [7:0] add_a_field = add_before[30:23];
    wire add_a_is_normal = |add_a_field;
    wire add_a_all = &add_a_field;
    wire add_a_any = |add_before[22:0];
    wire add_a_is_nan = add_a_all & add_a_any;
    wire add_a_is_infinite = add_a_all & ~add_a_any;
    wire [7:0] add_a_exponent = add_a_is_normal ? add_a_field : 8'd1;
    wire [23:0] add_a_significand = {add_a_is_normal, add_before[22:0]};
    wire add_b_sign = block_sum[31];
    wire [7:0] add_b_field = block_sum[30:23];
    wire add_b_is_normal = |add_b_field;
    wire add_b_all = &add_b_field;
    wire add_b_any = |block_sum[22:0];
    wire add_b_is_nan = add_b_all & add_b_any;
    wire add_b_is_infinite = add_b_all & ~add_b_any;
    wire [7:0] add_b_exponent = add_b_is_normal ? add_b_field : 8'd1;
    wire [23:0] add_b_significand = {add_b_is_normal, block_sum[22:0]};
    wire add_subtract = add_a_sign ^ add_b_sign;
    wire add_is_less = add_a_significand < add_b_significand;
    wire add_is_swapped = (add_a_field < add_b_field) | ((add_a_field == add_b_field) & add_is_less);
    wire [7:0] add_large_exponent = add_is_swapped ? add_b_exponent : add_a_exponent;
    wire [23:0] add_large_significand = add_is_swapped ? add_b_significand : add_a_significand;
    wire [23:0] add_small_significand = add_is_swapped ? add_a_significand : add_b_significand;
    wire [7:0] add_down = add_a_exponent - add_b_exponent;
    wire [7:0] add_up = add_b_exponent - add_a_exponent;
    wire [7:0] add_distance = add_is_swapped ? add_up : add_down;
    wire add_sign = add_is_swapped ? add_b_sign : add_a_sign;

    // The smaller operand at its place beside the larger, and their sum
    wire [25:0] add_shifted = {add_small_significand, 2'd0};
    wire add_is_beyond = |add_distance[7:5];
    wire add_lost = |add_shifted[15:0];
    wire [25:0] add_right_16 = add_distance[4] ? {16'd0, add_shifted[25:16]} : add_shifted;
    wire add_lost_1 = |add_right_16[7:0];
    wire add_either = (add_is_beyond & (|add_shifted)) | (add_distance[4] & add_lost) | (add_distance[3] & add_lost_1);
    wire [25:0] add_right_8 = add_distance[3] ? {8'd0, add_right_16[25:8]} : add_right_16;
    wire add_lost_2 = |add_right_8[3:0];
    wire [25:0] add_right_4 = add_distance[2] ? {4'd0, add_right_8[25:4]} : add_right_8;
    wire add_lost_3 = |add_right_4[1:0];
    wire [25:0] add_right_2 = add_distance[1] ? {2'd0, add_right_4[25:2]} : add_right_4;
    wire add_lost_4 = add_right_2[0];
    wire add_either_1 = add_either | (add_distance[2] & add_lost_2) | (add_distance[1] & add_lost_3) | (add_distance[0] & add_lost_4);
    wire [25:0] add_right_1 = add_distance[0] ? {1'b0, add_right_2[25:1]} : add_right_2;
    wire [26:0] add_addend = {add_is_beyond ? 26'd0 : add_right_1, add_either_1};
    wire [26:0] add_augend = {add_large_significand, 3'd0};
    wire [26:0] add_complemented = add_addend ^ (add_subtract ? 27'h7ffffff : 27'd0);
    wire [26:0] add_augend_and_one = add_augend | {26'd0, add_subtract};
    wire [27:0] add_total = {1'b0, add_augend_and_one} + {1'b0, add_complemented};
    wire add_carry = add_total[27] & ~add_subtract;
    wire [27:0] add_magnitude = {add_carry, add_total[26:0]};

    // The running sum
    wire add_both_negative = add_a_sign & add_b_sign;
    wire add_any = |add_magnitude;
    wire add_is_zero = ~add_any;
    wire add_finite_sign = add_any ? add_sign : add_both_negative;
    wire add_is_nan = add_a_is_nan | add_b_is_nan | (add_a_is_infinite & add_b_is_infinite & add_subtract);
    wire add_is_infinite = add_a_is_infinite | add_b_is_infinite;

    // Rounded once
    wire [31:0] add_field = {add_magnitude, 4'd0};
    wire [31:0] add_zeros_16;
    generate
        for (i = 0; i < 16; i = i + 1) begin : zeros_16_lanes_1
            wire add_is_zero_1 = ~add_field[2 * i + 1];
            wire [1:0] add_zeros_16_lane = {add_is_zero_1 & ~add_field[2 * i], add_is_zero_1};
            assign add_zeros_16[2 * i +: 2] = add_zeros_16_lane;
        end
    endgenerate
    wire [23:0] add_zeros_8;
    generate
        for (i = 0; i < 8; i = i + 1) begin : zeros_8_lanes_1
            wire [1:0] add_zeros_16_even = add_zeros_16[4 * i +: 2];
            wire [1:0] add_zeros_16_odd = add_zeros_16[4 * i + 2 +: 2];
            wire add_none_above = add_zeros_16_odd[1];
            wire add_none = add_none_above & add_zeros_16_even[1];
            wire [2:0] add_zeros_8_lane = {add_none, add_none_above, add_none_above ? add_zeros_16_even[0] : add_zeros_16_odd[0]};
            assign add_zeros_8[3 * i +: 3] = add_zeros_8_lane;
        end
    endgenerate
    wire [15:0] add_zeros_4;
    generate
        for (i = 0; i < 4; i = i + 1) begin : zeros_4_lanes_1
            wire [2:0] add_zeros_8_even = add_zeros_8[6 * i +: 3];
            wire [2:0] add_zeros_8_odd = add_zeros_8[6 * i + 3 +: 3];
            wire add_none_above_1 = add_zeros_8_odd[2];
            wire add_none_1 = add_none_above_1 & add_zeros_8_even[2];
            wire [3:0] add_zeros_4_lane = {add_none_1, add_none_above_1, add_none_above_1 ? add_zeros_8_even[1:0] : add_zeros_8_odd[1:0]};
            assign add_zeros_4[4 * i +: 4] = add_zeros_4_lane;
        end
    endgenerate
    wire [9:0] add_zeros_2;
    generate
        for (i = 0; i < 2; i = i + 1) begin : zeros_2_lanes_1
            wire [3:0] add_zeros_4_even = add_zeros_4[8 * i +: 4];
            wire [3:0] add_zeros_4_odd = add_zeros_4[8 * i + 4 +: 4];
            wire add_none_above_2 = add_zeros_4_odd[3];
            wire add_none_2 = add_none_above_2 & add_zeros_4_even[3];
            wire [4:0] add_zeros_2_lane = {add_none_2, add_none_above_2, add_none_above_2 ? add_zeros_4_even[2:0] : add_zeros_4_odd[2:0]};
            assign add_zeros_2[5 * i +: 5] = add_zeros_2_lane;
        end
    endgenerate
    wire [4:0] add_zeros_2_0 = add_zeros_2[4:0];
    wire [4:0] add_zeros_2_1 = add_zeros_2[9:5];
    wire add_none_above_3 = add_zeros_2_1[4];
    wire add_none_3 = add_none_above_3 & add_zeros_2_0[4];
    /* verilator lint_off UNUSED */ // bit 5 is not needed
    wire [5:0] add_parts = {add_none_3, add_none_above_3, add_none_above_3 ? add_zeros_2_0[3:0] : add_zeros_2_1[3:0]};
    /* verilator lint_on UNUSED */
    wire [4:0] add_zeros = add_parts[4:0];
    wire [7:0] add_spare = add_large_exponent - {3'd0, add_zeros};
    wire add_above = |add_large_exponent[7:5];
    wire add_is_short = (add_large_exponent[4:0] < add_zeros) & ~add_above;
    wire add_is_below_normal = add_is_short | add_is_zero;
    wire [7:0] add_field_below_one = add_is_below_normal ? 8'd0 : add_spare;
    wire [4:0] add_shift = add_is_short ? add_large_exponent[4:0] : add_zeros;
    wire [27:0] add_significand = add_magnitude << add_shift;
    wire [23:0] add_kept = add_significand[27:4];
    wire add_guard = add_significand[3];
    wire add_below_guard = |add_significand[2:0];
    wire add_last = add_significand[4];
    wire [30:0] add_code = ({add_field_below_one, 23'd0} | {30'd0, add_guard & (add_below_guard | add_last)}) + {7'd0, add_kept};
    wire add_overflow = &add_field_below_one[7:1];
    wire [30:0] add_magnitude_1 = add_overflow ? 31'h7f800000 : add_code;
    wire [30:0] add_bounded = add_is_infinite ? 31'h7f800000 : add_magnitude_1;
    wire [31:0] add_after = add_is_nan ? 32'h7fc00000 : {add_finite_sign, add_bounded};

    always @(posedge clk) begin
        if (rst) sum_fp32 <= 32'd0;
        else if (en) sum_fp32 <= add_after;
    end

    assign y = sum_fp32;
endmodule

`default_nettype wire
