// mxfp6_e3m2_mac: MXFP6 (E3M2 elements) multiply-accumulate.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        mx-mac as mxfp6-e3m2-mac
// Parameters  lanes = 32
//             element = e3m2
//             accumulator = fp32
//             window-lsb = -24
//             window-width = 48
// Latency     1 clock cycle; a beat may follow every clock
// Computes    block = sum  a[i]*b[i] * a_scale*b_scale, exact
//             fp32:  y <- fp32((first ? +0 : y) + fp32(block)), each rounding to nearest even
//             fixed: y <- (first ? 0 : y) + round(block / 2^windowLsb), modulo 2^windowWidth; overflow and nan stay set until first
// Source      OCP Microscaling Formats (MX) v1.0, sections 5 and 6; IEEE 754-2019 for fp32
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit mxfp6-e3m2-mac

`default_nettype none

module mxfp6_e3m2_mac (
    input  wire         clk,     // rising edge
    input  wire         rst,     // synchronous, active high
    input  wire         en,      // this beat is accepted
    input  wire         first,   // this beat starts a new sum, from +0
    input  wire [191:0] a,       // 32 lanes of e3m2: elements of the first block
    input  wire [7:0]   a_scale, // e8m0: scale of the first block
    input  wire [191:0] b,       // 32 lanes of e3m2: elements of the second block
    input  wire [7:0]   b_scale, // e8m0: scale of the second block
    output wire [31:0]  y        // fp32: the running sum after this beat
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 1; // clock cycles from input to output
    /* verilator lint_on UNUSED */

    // State and pipeline registers; _s<n> is the value in stage n
    reg [31:0] sum_fp32;

    genvar i;

    // Exact sum of the products
    wire [575:0] magnitudes;
    wire [31:0] signs;
    generate
        for (i = 0; i < 32; i = i + 1) begin : product_lanes
            wire [5:0] a_lane = a[6 * i +: 6];
            wire [5:0] b_lane = b[6 * i +: 6];
            wire a_sign = a_lane[5];
            wire [2:0] a_field = a_lane[4:2];
            wire a_is_normal = |a_field;
            wire [2:0] a_exponent = a_is_normal ? a_field : 3'd1;
            wire [2:0] a_significand = {a_is_normal, a_lane[1:0]};
            wire b_sign = b_lane[5];
            wire [2:0] b_field = b_lane[4:2];
            wire b_is_normal = |b_field;
            wire [2:0] b_exponent = b_is_normal ? b_field : 3'd1;
            wire [2:0] b_significand = {b_is_normal, b_lane[1:0]};
            wire [5:0] significand_product = a_significand * b_significand;
            wire [3:0] shift = {1'b0, a_exponent} + {1'b0, b_exponent};
            /* verilator lint_off UNUSED */ // bits 1:0 are not needed
            wire [19:0] shifted = {14'd0, significand_product} << shift;
            /* verilator lint_on UNUSED */
            wire [17:0] magnitude = shifted[19:2];
            wire negative = a_sign ^ b_sign;
            assign magnitudes[18 * i +: 18] = magnitude;
            assign signs[i] = negative;
        end
    endgenerate
    wire [639:0] terms;
    generate
        for (i = 0; i < 32; i = i + 1) begin : term_lanes
            wire [17:0] magnitudes_lane = magnitudes[18 * i +: 18];
            wire signs_lane = signs[i];
            wire [17:0] complemented = signs_lane ? ~magnitudes_lane : magnitudes_lane;
            wire signed [19:0] term = {{signs_lane, complemented}, signs_lane};
            assign terms[20 * i +: 20] = term;
        end
    endgenerate

    // Adder tree; the bit below each number is still to be added to it
    wire [335:0] sum_16;
    generate
        for (i = 0; i < 16; i = i + 1) begin : sum_16_lanes
            wire signed [19:0] terms_even = terms[40 * i +: 20];
            wire signed [19:0] terms_odd = terms[40 * i + 20 +: 20];
            wire signed [19:0] addend = {terms_odd[19:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire signed [20:0] total = {terms_even[19], terms_even} + {addend[19], addend};
            /* verilator lint_on UNUSED */
            wire signed [19:0] number = total[20:1];
            wire signed [20:0] sum_16_lane = {number, terms_odd[0]};
            assign sum_16[21 * i +: 21] = sum_16_lane;
        end
    endgenerate
    wire [175:0] sum_8;
    generate
        for (i = 0; i < 8; i = i + 1) begin : sum_8_lanes
            wire signed [20:0] sum_16_even = sum_16[42 * i +: 21];
            wire signed [20:0] sum_16_odd = sum_16[42 * i + 21 +: 21];
            wire signed [20:0] addend_1 = {sum_16_odd[20:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire signed [21:0] total_1 = {sum_16_even[20], sum_16_even} + {addend_1[20], addend_1};
            /* verilator lint_on UNUSED */
            wire signed [20:0] number_1 = total_1[21:1];
            wire signed [21:0] sum_8_lane = {number_1, sum_16_odd[0]};
            assign sum_8[22 * i +: 22] = sum_8_lane;
        end
    endgenerate
    wire [91:0] sum_4;
    generate
        for (i = 0; i < 4; i = i + 1) begin : sum_4_lanes
            wire signed [21:0] sum_8_even = sum_8[44 * i +: 22];
            wire signed [21:0] sum_8_odd = sum_8[44 * i + 22 +: 22];
            wire signed [21:0] addend_2 = {sum_8_odd[21:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire signed [22:0] total_2 = {sum_8_even[21], sum_8_even} + {addend_2[21], addend_2};
            /* verilator lint_on UNUSED */
            wire signed [21:0] number_2 = total_2[22:1];
            wire signed [22:0] sum_4_lane = {number_2, sum_8_odd[0]};
            assign sum_4[23 * i +: 23] = sum_4_lane;
        end
    endgenerate
    wire [47:0] sum_2;
    generate
        for (i = 0; i < 2; i = i + 1) begin : sum_2_lanes
            wire signed [22:0] sum_4_even = sum_4[46 * i +: 23];
            wire signed [22:0] sum_4_odd = sum_4[46 * i + 23 +: 23];
            wire signed [22:0] addend_3 = {sum_4_odd[22:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire signed [23:0] total_3 = {sum_4_even[22], sum_4_even} + {addend_3[22], addend_3};
            /* verilator lint_on UNUSED */
            wire signed [22:0] number_3 = total_3[23:1];
            wire signed [23:0] sum_2_lane = {number_3, sum_4_odd[0]};
            assign sum_2[24 * i +: 24] = sum_2_lane;
        end
    endgenerate
    wire signed [23:0] sum_2_0 = sum_2[23:0];
    wire signed [23:0] sum_2_1 = sum_2[47:24];
    wire signed [23:0] addend_4 = {sum_2_1[23:1], 1'b1};
    /* verilator lint_off UNUSED */ // bit 0 is not needed
    wire signed [24:0] total_4 = {sum_2_0[23], sum_2_0} + {addend_4[23], addend_4};
    /* verilator lint_on UNUSED */
    wire signed [23:0] number_4 = total_4[24:1];
    wire signed [24:0] total_5 = {number_4, sum_2_1[0]};
    wire rest = total_5[0];
    wire signed [23:0] shifted_1 = total_5[24:1];
    wire is_negative = shifted_1[23];
    wire [22:0] toggled = is_negative ? ~shifted_1[22:0] : shifted_1[22:0];
    wire [22:0] magnitude_1 = toggled + {22'd0, is_negative ^ rest};

    // Scales of the blocks: E8M0, bias 127, 255 is NaN
    wire scale_is_nan = (a_scale == 8'd255) | (b_scale == 8'd255);

    // The sum of this beat, rounded to fp32
    wire block_any = |magnitude_1;
    wire block_negative = is_negative & block_any;
    wire signed [9:0] block_room = {1'b0, {1'b0, a_scale} + {1'b0, b_scale}} - 10'd114;
    wire [24:0] block_aligned = {magnitude_1, 2'd0};
    wire block_is_zero = ~block_any;
    wire [31:0] block_field = {magnitude_1, 9'd0};
    wire [31:0] block_zeros_16;
    generate
        for (i = 0; i < 16; i = i + 1) begin : zeros_16_lanes
            wire block_is_zero_1 = ~block_field[2 * i + 1];
            wire [1:0] block_zeros_16_lane = {block_is_zero_1 & ~block_field[2 * i], block_is_zero_1};
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
    wire signed [9:0] block_spare = block_room - {5'd0, block_zeros};
    wire block_is_short = block_spare[9];
    wire block_is_below_normal = block_is_short | block_is_zero;
    wire [8:0] block_field_below_one = block_is_below_normal ? 9'd0 : block_spare[8:0];
    wire block_is_negative = block_room[9];
    wire [4:0] block_shift = block_is_short ? (block_is_negative ? 5'd0 : block_room[4:0]) : block_zeros;
    wire [24:0] block_significand = block_aligned << block_shift;
    wire [8:0] block_complement = ~block_room[8:0];
    wire [4:0] block_low = block_complement[4:0];
    wire block_is_far = |block_complement[8:5];
    wire [5:0] block_distance = block_is_negative ? (block_is_far ? 6'd32 : ({1'b0, block_low} + 6'd1)) : 6'd0;
    wire block_is_beyond = block_distance[5];
    wire [24:0] block_choice = block_is_beyond ? 25'd0 : block_significand;
    wire block_lost = |block_choice[15:0];
    wire [24:0] block_right_16 = block_distance[4] ? {16'd0, block_choice[24:16]} : block_choice;
    wire block_lost_1 = |block_right_16[7:0];
    wire block_either = (block_is_beyond & (|block_significand)) | (block_distance[4] & block_lost) | (block_distance[3] & block_lost_1);
    wire [24:0] block_right_8 = block_distance[3] ? {8'd0, block_right_16[24:8]} : block_right_16;
    wire block_lost_2 = |block_right_8[3:0];
    wire [24:0] block_right_4 = block_distance[2] ? {4'd0, block_right_8[24:4]} : block_right_8;
    wire block_lost_3 = |block_right_4[1:0];
    wire [24:0] block_right_2 = block_distance[1] ? {2'd0, block_right_4[24:2]} : block_right_4;
    wire block_lost_4 = block_right_2[0];
    wire block_sticky = block_either | (block_distance[2] & block_lost_2) | (block_distance[1] & block_lost_3) | (block_distance[0] & block_lost_4);
    wire [24:0] block_right_1 = block_distance[0] ? {1'b0, block_right_2[24:1]} : block_right_2;
    wire [23:0] block_kept = block_right_1[24:1];
    wire block_guard = block_right_1[0];
    wire block_last = block_right_1[1];
    wire [7:0] block_field_1 = block_field_below_one[7:0];
    wire [30:0] block_code = ({block_field_1, 23'd0} | {30'd0, block_guard & (block_sticky | block_last)}) + {7'd0, block_kept};
    wire block_above = block_field_below_one[8];
    wire block_overflow = block_above | (&block_field_below_one[7:1]);
    wire [30:0] block_finite = block_overflow ? 31'h7f800000 : block_code;
    wire [31:0] block_sum = scale_is_nan ? 32'h7fc00000 : {block_negative, block_finite};

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
