// nv_quant: Quantizes a block of floats to NVFP4 or NVINT4.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        nv-quant
// Parameters  lanes = 16
//             from = bf16
//             element = e2m1
//             tensor-scale = port
// Latency     none, combinational; a beat may follow every clock
// Computes    scale = e4m3(max|x[i]| / (Q * tensor_scale)), within 2^-6 .. 448; Q is the largest element, 6 or 7
//             y[i] = round(x[i] / (tensor_scale * scale)), to nearest even, saturated
// Source      NVIDIA NVFP4, as in torchao (nvfp4_quantize); NVINT4: "INT v.s. FP" (arXiv 2510.25602)
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit nv-quant

`default_nettype none

module nv_quant (
    input  wire [255:0] x,            // 16 lanes of bf16: a block of numbers
    input  wire [31:0]  tensor_scale, // fp32: scale of the tensor
    output wire [7:0]   scale,        // e4m3: scale of the block
    output wire [63:0]  y             // 16 lanes of e2m1: elements: x over both scales
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 0; // clock cycles from input to output
    /* verilator lint_on UNUSED */

    genvar i;

    // The largest magnitude
    wire [239:0] magnitudes;
    generate
        for (i = 0; i < 16; i = i + 1) begin : magnitude_lanes
            /* verilator lint_off UNUSED */ // bit 15 is not needed
            wire [15:0] x_lane = x[16 * i +: 16];
            /* verilator lint_on UNUSED */
            wire [14:0] magnitude_lane = x_lane[14:0];
            assign magnitudes[15 * i +: 15] = magnitude_lane;
        end
    endgenerate
    wire [119:0] largest_8;
    generate
        for (i = 0; i < 8; i = i + 1) begin : largest_8_lanes
            wire [14:0] magnitudes_even = magnitudes[30 * i +: 15];
            wire [14:0] magnitudes_odd = magnitudes[30 * i + 15 +: 15];
            wire [14:0] largest_8_lane = (magnitudes_even < magnitudes_odd) ? magnitudes_odd : magnitudes_even;
            assign largest_8[15 * i +: 15] = largest_8_lane;
        end
    endgenerate
    wire [59:0] largest_4;
    generate
        for (i = 0; i < 4; i = i + 1) begin : largest_4_lanes
            wire [14:0] largest_8_even = largest_8[30 * i +: 15];
            wire [14:0] largest_8_odd = largest_8[30 * i + 15 +: 15];
            wire [14:0] largest_4_lane = (largest_8_even < largest_8_odd) ? largest_8_odd : largest_8_even;
            assign largest_4[15 * i +: 15] = largest_4_lane;
        end
    endgenerate
    wire [29:0] largest_2;
    generate
        for (i = 0; i < 2; i = i + 1) begin : largest_2_lanes
            wire [14:0] largest_4_even = largest_4[30 * i +: 15];
            wire [14:0] largest_4_odd = largest_4[30 * i + 15 +: 15];
            wire [14:0] largest_2_lane = (largest_4_even < largest_4_odd) ? largest_4_odd : largest_4_even;
            assign largest_2[15 * i +: 15] = largest_2_lane;
        end
    endgenerate
    wire [14:0] largest = (largest_2[14:0] < largest_2[29:15]) ? largest_2[29:15] : largest_2[14:0];

    // Scale of the tensor: fp32, positive and finite
    wire tensor_sign = tensor_scale[31];
    wire [7:0] tensor_field = tensor_scale[30:23];
    wire tensor_is_normal = |tensor_field;
    wire tensor_all = &tensor_field;
    wire tensor_any = |tensor_scale[22:0];
    wire tensor_is_nan = tensor_all & tensor_any;
    wire tensor_is_infinite = tensor_all & ~tensor_any;
    wire [7:0] tensor_exponent = tensor_is_normal ? tensor_field : 8'd1;
    wire [23:0] tensor_significand = {tensor_is_normal, tensor_scale[22:0]};
    wire tensor_is_zero = ~|tensor_significand;
    wire tensor_is_invalid = tensor_sign | tensor_is_nan | tensor_is_infinite | tensor_is_zero;
    wire [31:0] tensor_field_1 = {tensor_significand, 8'd0};
    wire [31:0] tensor_zeros_16;
    generate
        for (i = 0; i < 16; i = i + 1) begin : zeros_16_lanes
            wire tensor_is_zero_1 = ~tensor_field_1[2 * i + 1];
            wire [1:0] tensor_zeros_16_lane = {tensor_is_zero_1 & ~tensor_field_1[2 * i], tensor_is_zero_1};
            assign tensor_zeros_16[2 * i +: 2] = tensor_zeros_16_lane;
        end
    endgenerate
    wire [23:0] tensor_zeros_8;
    generate
        for (i = 0; i < 8; i = i + 1) begin : zeros_8_lanes
            wire [1:0] tensor_zeros_16_even = tensor_zeros_16[4 * i +: 2];
            wire [1:0] tensor_zeros_16_odd = tensor_zeros_16[4 * i + 2 +: 2];
            wire tensor_none_above = tensor_zeros_16_odd[1];
            wire tensor_none = tensor_none_above & tensor_zeros_16_even[1];
            wire [2:0] tensor_zeros_8_lane = {tensor_none, tensor_none_above, tensor_none_above ? tensor_zeros_16_even[0] : tensor_zeros_16_odd[0]};
            assign tensor_zeros_8[3 * i +: 3] = tensor_zeros_8_lane;
        end
    endgenerate
    wire [15:0] tensor_zeros_4;
    generate
        for (i = 0; i < 4; i = i + 1) begin : zeros_4_lanes
            wire [2:0] tensor_zeros_8_even = tensor_zeros_8[6 * i +: 3];
            wire [2:0] tensor_zeros_8_odd = tensor_zeros_8[6 * i + 3 +: 3];
            wire tensor_none_above_1 = tensor_zeros_8_odd[2];
            wire tensor_none_1 = tensor_none_above_1 & tensor_zeros_8_even[2];
            wire [3:0] tensor_zeros_4_lane = {tensor_none_1, tensor_none_above_1, tensor_none_above_1 ? tensor_zeros_8_even[1:0] : tensor_zeros_8_odd[1:0]};
            assign tensor_zeros_4[4 * i +: 4] = tensor_zeros_4_lane;
        end
    endgenerate
    wire [9:0] tensor_zeros_2;
    generate
        for (i = 0; i < 2; i = i + 1) begin : zeros_2_lanes
            wire [3:0] tensor_zeros_4_even = tensor_zeros_4[8 * i +: 4];
            wire [3:0] tensor_zeros_4_odd = tensor_zeros_4[8 * i + 4 +: 4];
            wire tensor_none_above_2 = tensor_zeros_4_odd[3];
            wire tensor_none_2 = tensor_none_above_2 & tensor_zeros_4_even[3];
            wire [4:0] tensor_zeros_2_lane = {tensor_none_2, tensor_none_above_2, tensor_none_above_2 ? tensor_zeros_4_even[2:0] : tensor_zeros_4_odd[2:0]};
            assign tensor_zeros_2[5 * i +: 5] = tensor_zeros_2_lane;
        end
    endgenerate
    wire [4:0] tensor_zeros_2_0 = tensor_zeros_2[4:0];
    wire [4:0] tensor_zeros_2_1 = tensor_zeros_2[9:5];
    wire tensor_none_above_3 = tensor_zeros_2_1[4];
    wire tensor_none_3 = tensor_none_above_3 & tensor_zeros_2_0[4];
    /* verilator lint_off UNUSED */ // bit 5 is not needed
    wire [5:0] tensor_parts = {tensor_none_3, tensor_none_above_3, tensor_none_above_3 ? tensor_zeros_2_0[3:0] : tensor_zeros_2_1[3:0]};
    /* verilator lint_on UNUSED */
    wire [4:0] tensor_zeros = tensor_parts[4:0];
    wire [22:0] tensor_moved = tensor_significand[22:0] << tensor_zeros;
    wire signed [8:0] tensor_difference = {1'b0, tensor_exponent} - {4'd0, tensor_zeros};
    wire signed [8:0] tensor_exponent_1 = tensor_difference - 9'd150;
    wire [23:0] tensor_joined = {1'b1, tensor_moved};

    // Scale of the block: the largest magnitude over the largest element
    wire [25:0] scale_product_significand = {1'b0, {tensor_joined, 1'b0}} + {2'd0, tensor_joined};
    wire signed [8:0] scale_product_exponent = tensor_difference - 9'd149;
    wire scale_divisor_top = scale_product_significand[25];
    wire scale_divisor_zeros_1 = ~scale_divisor_top;
    wire [24:0] scale_divisor_moved = scale_product_significand[24:0] << scale_divisor_zeros_1;
    wire [25:0] scale_divisor_denominator = {1'b1, scale_divisor_moved};
    wire signed [8:0] scale_divisor_difference = scale_product_exponent - {8'd0, scale_divisor_zeros_1};
    wire [7:0] scale_dividend_field = largest[14:7];
    wire scale_dividend_is_normal = |scale_dividend_field;
    wire scale_dividend_is_special = &scale_dividend_field;
    wire [7:0] scale_dividend_field_1 = scale_dividend_is_normal ? scale_dividend_field : 8'd1;
    wire [7:0] scale_dividend_significand = {scale_dividend_is_normal, largest[6:0]};
    wire [3:0] scale_dividend_top = scale_dividend_significand[7:4];
    wire scale_dividend_any = |scale_dividend_top;
    wire scale_dividend_zeros_4 = ~scale_dividend_any;
    wire [3:0] scale_dividend_zeros_in_4 = scale_dividend_any ? scale_dividend_top : scale_dividend_significand[3:0];
    wire [1:0] scale_dividend_top_1 = scale_dividend_zeros_in_4[3:2];
    wire scale_dividend_any_1 = |scale_dividend_top_1;
    wire scale_dividend_zeros_2 = ~scale_dividend_any_1;
    /* verilator lint_off UNUSED */ // bit 0 is not needed
    wire [1:0] scale_dividend_zeros_in_2 = scale_dividend_any_1 ? scale_dividend_top_1 : scale_dividend_zeros_in_4[1:0];
    /* verilator lint_on UNUSED */
    wire scale_dividend_top_2 = scale_dividend_zeros_in_2[1];
    wire scale_dividend_zeros_1 = ~scale_dividend_top_2;
    wire [2:0] scale_dividend_zeros = {scale_dividend_zeros_4, scale_dividend_zeros_2, scale_dividend_zeros_1};
    wire [6:0] scale_dividend_moved = scale_dividend_significand[6:0] << scale_dividend_zeros;
    wire signed [8:0] scale_dividend_exponent = ({1'b0, scale_dividend_field_1} - {6'd0, scale_dividend_zeros}) - 9'd134;
    wire [25:0] scale_numerator = {{1'b1, scale_dividend_moved}, 18'd0};
    wire scale_is_less = scale_numerator < scale_divisor_denominator;
    /* verilator lint_off UNUSED */ // bit 26 is not needed
    wire [26:0] scale_shifted = {scale_numerator, 1'b0};
    /* verilator lint_on UNUSED */
    wire [26:0] scale_doubled = {((scale_is_less ? scale_shifted[25:0] : scale_numerator) - scale_divisor_denominator), 1'b0};
    wire scale_less = scale_doubled < {1'b0, scale_divisor_denominator};
    wire scale_digit_1 = ~scale_less;
    wire [25:0] scale_remainder_1 = scale_doubled[25:0] - (scale_less ? 26'd0 : scale_divisor_denominator);
    wire [26:0] scale_doubled_1 = {scale_remainder_1, 1'b0};
    wire scale_less_1 = scale_doubled_1 < {1'b0, scale_divisor_denominator};
    wire scale_digit_2 = ~scale_less_1;
    wire [25:0] scale_remainder_2 = scale_doubled_1[25:0] - (scale_less_1 ? 26'd0 : scale_divisor_denominator);
    wire [26:0] scale_doubled_2 = {scale_remainder_2, 1'b0};
    wire scale_less_2 = scale_doubled_2 < {1'b0, scale_divisor_denominator};
    wire scale_digit_3 = ~scale_less_2;
    wire [25:0] scale_remainder_3 = scale_doubled_2[25:0] - (scale_less_2 ? 26'd0 : scale_divisor_denominator);
    wire [26:0] scale_doubled_3 = {scale_remainder_3, 1'b0};
    wire scale_less_3 = scale_doubled_3 < {1'b0, scale_divisor_denominator};
    wire scale_digit_4 = ~scale_less_3;
    wire [25:0] scale_remainder_4 = scale_doubled_3[25:0] - (scale_less_3 ? 26'd0 : scale_divisor_denominator);
    wire signed [9:0] scale_shift = ({scale_dividend_exponent[8], scale_dividend_exponent} - {scale_divisor_difference[8], scale_divisor_difference}) - 10'd18;
    wire signed [9:0] scale_exponent = scale_shift - {9'd0, scale_is_less};
    wire [3:0] scale_joined = {scale_digit_1, scale_digit_2, scale_digit_3, scale_digit_4};
    wire [2:0] scale_mantissa = scale_joined[3:1];
    wire scale_guard = scale_joined[0];
    wire scale_increment = scale_guard & ((|scale_remainder_4) | scale_joined[1]);
    wire signed [9:0] scale_field = scale_exponent + 10'd7;
    wire scale_less_4 = $signed(scale_field) < $signed(10'd1);
    wire scale_is_small = scale_less_4 | (~|largest);
    wire [4:0] scale_floored = scale_less_4 ? 5'd1 : scale_field[4:0];
    wire [4:0] scale_bounded = ($signed(scale_field) > $signed(10'd16)) ? 5'd16 : scale_floored;
    wire [7:0] scale_rounded = {scale_bounded, scale_mantissa} + {7'd0, scale_increment};
    wire [6:0] scale_limited = (scale_rounded < 8'd126) ? scale_rounded[6:0] : 7'd126;
    wire [6:0] scale_code = scale_is_small ? 7'd8 : scale_limited;

    // Result
    wire is_invalid = scale_dividend_is_special | tensor_is_invalid;

    // Where the code of an element changes, as codes of x
    wire [3:0] threshold_significand = {1'b1, scale_code[2:0]};
    wire [27:0] threshold_step = tensor_joined * threshold_significand;
    wire signed [8:0] threshold_exponent = (tensor_exponent_1 + {5'd0, scale_code[6:3]}) - 9'd10;
    wire threshold_times_1_top = threshold_step[27];
    wire threshold_times_1_zeros_1 = ~threshold_times_1_top;
    wire [26:0] threshold_times_1_moved = threshold_step[26:0] << threshold_times_1_zeros_1;
    /* verilator lint_off UNUSED */ // bits 19:0 are not needed
    wire [27:0] threshold_times_1_joined = {1'b1, threshold_times_1_moved};
    /* verilator lint_on UNUSED */
    wire signed [8:0] threshold_times_1_difference = threshold_exponent - {8'd0, threshold_times_1_zeros_1};
    wire [7:0] threshold_of_1_magnitude = threshold_times_1_joined[27:20];
    wire signed [9:0] threshold_of_1_room = {threshold_times_1_difference[8], threshold_times_1_difference} + 10'd151;
    wire [8:0] threshold_of_1_aligned = {threshold_of_1_magnitude, 1'b0};
    wire threshold_of_1_is_below_normal = threshold_of_1_room[9];
    wire [8:0] threshold_of_1_field_below_one = threshold_of_1_is_below_normal ? 9'd0 : threshold_of_1_room[8:0];
    wire [8:0] threshold_of_1_complement = ~threshold_of_1_room[8:0];
    wire [3:0] threshold_of_1_low = threshold_of_1_complement[3:0];
    wire threshold_of_1_is_far = |threshold_of_1_complement[8:4];
    wire [4:0] threshold_of_1_distance = threshold_of_1_is_below_normal ? (threshold_of_1_is_far ? 5'd16 : ({1'b0, threshold_of_1_low} + 5'd1)) : 5'd0;
    wire threshold_of_1_is_beyond = threshold_of_1_distance[4];
    wire [8:0] threshold_of_1_choice = threshold_of_1_is_beyond ? 9'd0 : threshold_of_1_aligned;
    wire [8:0] threshold_of_1_right_8 = threshold_of_1_distance[3] ? {8'd0, threshold_of_1_choice[8]} : threshold_of_1_choice;
    wire [8:0] threshold_of_1_right_4 = threshold_of_1_distance[2] ? {4'd0, threshold_of_1_right_8[8:4]} : threshold_of_1_right_8;
    wire [8:0] threshold_of_1_right_2 = threshold_of_1_distance[1] ? {2'd0, threshold_of_1_right_4[8:2]} : threshold_of_1_right_4;
    /* verilator lint_off UNUSED */ // bit 0 is not needed
    wire [8:0] threshold_of_1_right_1 = threshold_of_1_distance[0] ? {1'b0, threshold_of_1_right_2[8:1]} : threshold_of_1_right_2;
    /* verilator lint_on UNUSED */
    wire [7:0] threshold_of_1_kept = threshold_of_1_right_1[8:1];
    wire [7:0] threshold_of_1_field = threshold_of_1_field_below_one[7:0];
    wire [14:0] threshold_of_1_code = {threshold_of_1_field, 7'd0} + {7'd0, threshold_of_1_kept};
    wire threshold_of_1_above = threshold_of_1_field_below_one[8];
    wire threshold_of_1_overflow = threshold_of_1_above | (&threshold_of_1_field_below_one[7:1]);
    wire [14:0] threshold_of_1_code_1 = (threshold_of_1_overflow ? 15'h7f7f : threshold_of_1_code) + 15'd1;
    wire [28:0] threshold_times_3_shifted = {threshold_step, 1'b0};
    wire [29:0] threshold_times_3_sum = {1'b0, threshold_times_3_shifted} + {2'd0, threshold_step};
    wire [3:0] threshold_times_3_joined = {threshold_times_3_sum[29:27], 1'b1};
    wire [1:0] threshold_times_3_top = threshold_times_3_joined[3:2];
    wire threshold_times_3_any = |threshold_times_3_top;
    wire threshold_times_3_zeros_2 = ~threshold_times_3_any;
    /* verilator lint_off UNUSED */ // bit 0 is not needed
    wire [1:0] threshold_times_3_zeros_in_2 = threshold_times_3_any ? threshold_times_3_top : threshold_times_3_joined[1:0];
    /* verilator lint_on UNUSED */
    wire threshold_times_3_top_1 = threshold_times_3_zeros_in_2[1];
    wire threshold_times_3_zeros_1 = ~threshold_times_3_top_1;
    wire [1:0] threshold_times_3_zeros = {threshold_times_3_zeros_2, threshold_times_3_zeros_1};
    wire [28:0] threshold_times_3_moved = threshold_times_3_sum[28:0] << threshold_times_3_zeros;
    wire [29:0] threshold_times_3_joined_1 = {1'b1, threshold_times_3_moved};
    wire signed [8:0] threshold_times_3_difference = threshold_exponent - {7'd0, threshold_times_3_zeros};
    wire [7:0] threshold_of_2_magnitude = threshold_times_3_joined_1[29:22];
    wire threshold_of_2_sticky = |threshold_times_3_joined_1[21:0];
    wire signed [9:0] threshold_of_2_room = {threshold_times_3_difference[8], threshold_times_3_difference} + 10'd153;
    wire [8:0] threshold_of_2_aligned = {threshold_of_2_magnitude, 1'b0};
    wire threshold_of_2_is_below_normal = threshold_of_2_room[9];
    wire [8:0] threshold_of_2_field_below_one = threshold_of_2_is_below_normal ? 9'd0 : threshold_of_2_room[8:0];
    wire [8:0] threshold_of_2_complement = ~threshold_of_2_room[8:0];
    wire [3:0] threshold_of_2_low = threshold_of_2_complement[3:0];
    wire threshold_of_2_is_far = |threshold_of_2_complement[8:4];
    wire [4:0] threshold_of_2_distance = threshold_of_2_is_below_normal ? (threshold_of_2_is_far ? 5'd16 : ({1'b0, threshold_of_2_low} + 5'd1)) : 5'd0;
    wire threshold_of_2_is_beyond = threshold_of_2_distance[4];
    wire [8:0] threshold_of_2_choice = threshold_of_2_is_beyond ? 9'd0 : threshold_of_2_aligned;
    wire threshold_of_2_lost = |threshold_of_2_choice[7:0];
    wire [8:0] threshold_of_2_right_8 = threshold_of_2_distance[3] ? {8'd0, threshold_of_2_choice[8]} : threshold_of_2_choice;
    wire threshold_of_2_lost_1 = |threshold_of_2_right_8[3:0];
    wire threshold_of_2_either = (threshold_of_2_is_beyond & (|threshold_of_2_aligned)) | (threshold_of_2_distance[3] & threshold_of_2_lost) | (threshold_of_2_distance[2] & threshold_of_2_lost_1);
    wire [8:0] threshold_of_2_right_4 = threshold_of_2_distance[2] ? {4'd0, threshold_of_2_right_8[8:4]} : threshold_of_2_right_8;
    wire threshold_of_2_lost_2 = |threshold_of_2_right_4[1:0];
    wire [8:0] threshold_of_2_right_2 = threshold_of_2_distance[1] ? {2'd0, threshold_of_2_right_4[8:2]} : threshold_of_2_right_4;
    wire threshold_of_2_lost_3 = threshold_of_2_right_2[0];
    wire [8:0] threshold_of_2_right_1 = threshold_of_2_distance[0] ? {1'b0, threshold_of_2_right_2[8:1]} : threshold_of_2_right_2;
    wire threshold_of_2_sticky_1 = threshold_of_2_either | (threshold_of_2_distance[1] & threshold_of_2_lost_2) | (threshold_of_2_distance[0] & threshold_of_2_lost_3) | threshold_of_2_sticky;
    wire [7:0] threshold_of_2_kept = threshold_of_2_right_1[8:1];
    wire threshold_of_2_guard = threshold_of_2_right_1[0];
    wire [7:0] threshold_of_2_field = threshold_of_2_field_below_one[7:0];
    wire [14:0] threshold_of_2_code = ({threshold_of_2_field, 7'd0} | {14'd0, threshold_of_2_guard | threshold_of_2_sticky_1}) + {7'd0, threshold_of_2_kept};
    wire threshold_of_2_above = threshold_of_2_field_below_one[8];
    wire threshold_of_2_overflow = threshold_of_2_above | (&threshold_of_2_field_below_one[7:1]);
    wire [14:0] threshold_of_2_code_1 = threshold_of_2_overflow ? 15'h7f80 : threshold_of_2_code;
    wire [29:0] threshold_times_5_shifted = {threshold_times_3_shifted, 1'b0};
    wire [30:0] threshold_times_5_sum = {1'b0, threshold_times_5_shifted} + {3'd0, threshold_step};
    wire [3:0] threshold_times_5_joined = {threshold_times_5_sum[30:28], 1'b1};
    wire [1:0] threshold_times_5_top = threshold_times_5_joined[3:2];
    wire threshold_times_5_any = |threshold_times_5_top;
    wire threshold_times_5_zeros_2 = ~threshold_times_5_any;
    /* verilator lint_off UNUSED */ // bit 0 is not needed
    wire [1:0] threshold_times_5_zeros_in_2 = threshold_times_5_any ? threshold_times_5_top : threshold_times_5_joined[1:0];
    /* verilator lint_on UNUSED */
    wire threshold_times_5_top_1 = threshold_times_5_zeros_in_2[1];
    wire threshold_times_5_zeros_1 = ~threshold_times_5_top_1;
    wire [1:0] threshold_times_5_zeros = {threshold_times_5_zeros_2, threshold_times_5_zeros_1};
    wire [29:0] threshold_times_5_moved = threshold_times_5_sum[29:0] << threshold_times_5_zeros;
    /* verilator lint_off UNUSED */ // bits 22:0 are not needed
    wire [30:0] threshold_times_5_joined_1 = {1'b1, threshold_times_5_moved};
    /* verilator lint_on UNUSED */
    wire signed [8:0] threshold_times_5_half_exponent = threshold_exponent - {7'd0, threshold_times_5_zeros};
    wire [7:0] threshold_of_3_magnitude = threshold_times_5_joined_1[30:23];
    wire signed [9:0] threshold_of_3_room = {threshold_times_5_half_exponent[8], threshold_times_5_half_exponent} + 10'd154;
    wire [8:0] threshold_of_3_aligned = {threshold_of_3_magnitude, 1'b0};
    wire threshold_of_3_is_below_normal = threshold_of_3_room[9];
    wire [8:0] threshold_of_3_field_below_one = threshold_of_3_is_below_normal ? 9'd0 : threshold_of_3_room[8:0];
    wire [8:0] threshold_of_3_complement = ~threshold_of_3_room[8:0];
    wire [3:0] threshold_of_3_low = threshold_of_3_complement[3:0];
    wire threshold_of_3_is_far = |threshold_of_3_complement[8:4];
    wire [4:0] threshold_of_3_distance = threshold_of_3_is_below_normal ? (threshold_of_3_is_far ? 5'd16 : ({1'b0, threshold_of_3_low} + 5'd1)) : 5'd0;
    wire threshold_of_3_is_beyond = threshold_of_3_distance[4];
    wire [8:0] threshold_of_3_choice = threshold_of_3_is_beyond ? 9'd0 : threshold_of_3_aligned;
    wire [8:0] threshold_of_3_right_8 = threshold_of_3_distance[3] ? {8'd0, threshold_of_3_choice[8]} : threshold_of_3_choice;
    wire [8:0] threshold_of_3_right_4 = threshold_of_3_distance[2] ? {4'd0, threshold_of_3_right_8[8:4]} : threshold_of_3_right_8;
    wire [8:0] threshold_of_3_right_2 = threshold_of_3_distance[1] ? {2'd0, threshold_of_3_right_4[8:2]} : threshold_of_3_right_4;
    /* verilator lint_off UNUSED */ // bit 0 is not needed
    wire [8:0] threshold_of_3_right_1 = threshold_of_3_distance[0] ? {1'b0, threshold_of_3_right_2[8:1]} : threshold_of_3_right_2;
    /* verilator lint_on UNUSED */
    wire [7:0] threshold_of_3_kept = threshold_of_3_right_1[8:1];
    wire [7:0] threshold_of_3_field = threshold_of_3_field_below_one[7:0];
    wire [14:0] threshold_of_3_code = {threshold_of_3_field, 7'd0} + {7'd0, threshold_of_3_kept};
    wire threshold_of_3_above = threshold_of_3_field_below_one[8];
    wire threshold_of_3_overflow = threshold_of_3_above | (&threshold_of_3_field_below_one[7:1]);
    wire [14:0] threshold_of_3_code_1 = (threshold_of_3_overflow ? 15'h7f7f : threshold_of_3_code) + 15'd1;
    wire [30:0] threshold_times_7_difference = {threshold_times_5_shifted, 1'b0} - {3'd0, threshold_step};
    wire [3:0] threshold_times_7_joined = {threshold_times_7_difference[30:28], 1'b1};
    wire [1:0] threshold_times_7_top = threshold_times_7_joined[3:2];
    wire threshold_times_7_any = |threshold_times_7_top;
    wire threshold_times_7_zeros_2 = ~threshold_times_7_any;
    /* verilator lint_off UNUSED */ // bit 0 is not needed
    wire [1:0] threshold_times_7_zeros_in_2 = threshold_times_7_any ? threshold_times_7_top : threshold_times_7_joined[1:0];
    /* verilator lint_on UNUSED */
    wire threshold_times_7_top_1 = threshold_times_7_zeros_in_2[1];
    wire threshold_times_7_zeros_1 = ~threshold_times_7_top_1;
    wire [1:0] threshold_times_7_zeros = {threshold_times_7_zeros_2, threshold_times_7_zeros_1};
    wire [29:0] threshold_times_7_moved = threshold_times_7_difference[29:0] << threshold_times_7_zeros;
    wire [30:0] threshold_times_7_joined_1 = {1'b1, threshold_times_7_moved};
    wire signed [8:0] threshold_times_7_difference_1 = threshold_exponent - {7'd0, threshold_times_7_zeros};
    wire [7:0] threshold_of_4_magnitude = threshold_times_7_joined_1[30:23];
    wire threshold_of_4_sticky = |threshold_times_7_joined_1[22:0];
    wire signed [9:0] threshold_of_4_room = {threshold_times_7_difference_1[8], threshold_times_7_difference_1} + 10'd154;
    wire [8:0] threshold_of_4_aligned = {threshold_of_4_magnitude, 1'b0};
    wire threshold_of_4_is_below_normal = threshold_of_4_room[9];
    wire [8:0] threshold_of_4_field_below_one = threshold_of_4_is_below_normal ? 9'd0 : threshold_of_4_room[8:0];
    wire [8:0] threshold_of_4_complement = ~threshold_of_4_room[8:0];
    wire [3:0] threshold_of_4_low = threshold_of_4_complement[3:0];
    wire threshold_of_4_is_far = |threshold_of_4_complement[8:4];
    wire [4:0] threshold_of_4_distance = threshold_of_4_is_below_normal ? (threshold_of_4_is_far ? 5'd16 : ({1'b0, threshold_of_4_low} + 5'd1)) : 5'd0;
    wire threshold_of_4_is_beyond = threshold_of_4_distance[4];
    wire [8:0] threshold_of_4_choice = threshold_of_4_is_beyond ? 9'd0 : threshold_of_4_aligned;
    wire threshold_of_4_any = |threshold_of_4_aligned;
    wire threshold_of_4_lost = |threshold_of_4_choice[7:0];
    wire [8:0] threshold_of_4_right_8 = threshold_of_4_distance[3] ? {8'd0, threshold_of_4_choice[8]} : threshold_of_4_choice;
    wire threshold_of_4_lost_1 = |threshold_of_4_right_8[3:0];
    wire [8:0] threshold_of_4_right_4 = threshold_of_4_distance[2] ? {4'd0, threshold_of_4_right_8[8:4]} : threshold_of_4_right_8;
    wire threshold_of_4_lost_2 = |threshold_of_4_right_4[1:0];
    wire threshold_of_4_either = (threshold_of_4_is_beyond & threshold_of_4_any) | (threshold_of_4_distance[3] & threshold_of_4_lost) | (threshold_of_4_distance[2] & threshold_of_4_lost_1) | (threshold_of_4_distance[1] & threshold_of_4_lost_2);
    wire [8:0] threshold_of_4_right_2 = threshold_of_4_distance[1] ? {2'd0, threshold_of_4_right_4[8:2]} : threshold_of_4_right_4;
    wire threshold_of_4_lost_3 = threshold_of_4_right_2[0];
    wire [8:0] threshold_of_4_right_1 = threshold_of_4_distance[0] ? {1'b0, threshold_of_4_right_2[8:1]} : threshold_of_4_right_2;
    wire threshold_of_4_sticky_1 = threshold_of_4_either | (threshold_of_4_distance[0] & threshold_of_4_lost_3) | threshold_of_4_sticky;
    wire [7:0] threshold_of_4_kept = threshold_of_4_right_1[8:1];
    wire threshold_of_4_guard = threshold_of_4_right_1[0];
    wire [7:0] threshold_of_4_field = threshold_of_4_field_below_one[7:0];
    wire [14:0] threshold_of_4_code = ({threshold_of_4_field, 7'd0} | {14'd0, threshold_of_4_guard | threshold_of_4_sticky_1}) + {7'd0, threshold_of_4_kept};
    wire threshold_of_4_above = threshold_of_4_field_below_one[8];
    wire threshold_of_4_overflow = threshold_of_4_above | (&threshold_of_4_field_below_one[7:1]);
    wire [14:0] threshold_of_4_code_1 = threshold_of_4_overflow ? 15'h7f80 : threshold_of_4_code;
    wire signed [9:0] threshold_of_5_room = {threshold_times_5_half_exponent[8], threshold_times_5_half_exponent} + 10'd155;
    wire threshold_of_5_is_below_normal = threshold_of_5_room[9];
    wire [8:0] threshold_of_5_field_below_one = threshold_of_5_is_below_normal ? 9'd0 : threshold_of_5_room[8:0];
    wire [8:0] threshold_of_5_complement = ~threshold_of_5_room[8:0];
    wire [3:0] threshold_of_5_low = threshold_of_5_complement[3:0];
    wire threshold_of_5_is_far = |threshold_of_5_complement[8:4];
    wire [4:0] threshold_of_5_distance = threshold_of_5_is_below_normal ? (threshold_of_5_is_far ? 5'd16 : ({1'b0, threshold_of_5_low} + 5'd1)) : 5'd0;
    wire threshold_of_5_is_beyond = threshold_of_5_distance[4];
    wire [8:0] threshold_of_5_choice = threshold_of_5_is_beyond ? 9'd0 : threshold_of_3_aligned;
    wire [8:0] threshold_of_5_right_8 = threshold_of_5_distance[3] ? {8'd0, threshold_of_5_choice[8]} : threshold_of_5_choice;
    wire [8:0] threshold_of_5_right_4 = threshold_of_5_distance[2] ? {4'd0, threshold_of_5_right_8[8:4]} : threshold_of_5_right_8;
    wire [8:0] threshold_of_5_right_2 = threshold_of_5_distance[1] ? {2'd0, threshold_of_5_right_4[8:2]} : threshold_of_5_right_4;
    /* verilator lint_off UNUSED */ // bit 0 is not needed
    wire [8:0] threshold_of_5_right_1 = threshold_of_5_distance[0] ? {1'b0, threshold_of_5_right_2[8:1]} : threshold_of_5_right_2;
    /* verilator lint_on UNUSED */
    wire [7:0] threshold_of_5_kept = threshold_of_5_right_1[8:1];
    wire [7:0] threshold_of_5_field = threshold_of_5_field_below_one[7:0];
    wire [14:0] threshold_of_5_code = {threshold_of_5_field, 7'd0} + {7'd0, threshold_of_5_kept};
    wire threshold_of_5_above = threshold_of_5_field_below_one[8];
    wire threshold_of_5_overflow = threshold_of_5_above | (&threshold_of_5_field_below_one[7:1]);
    wire [14:0] threshold_of_5_code_1 = (threshold_of_5_overflow ? 15'h7f7f : threshold_of_5_code) + 15'd1;
    wire signed [9:0] threshold_of_6_room = {threshold_times_7_difference_1[8], threshold_times_7_difference_1} + 10'd155;
    wire threshold_of_6_is_below_normal = threshold_of_6_room[9];
    wire [8:0] threshold_of_6_field_below_one = threshold_of_6_is_below_normal ? 9'd0 : threshold_of_6_room[8:0];
    wire [8:0] threshold_of_6_complement = ~threshold_of_6_room[8:0];
    wire [3:0] threshold_of_6_low = threshold_of_6_complement[3:0];
    wire threshold_of_6_is_far = |threshold_of_6_complement[8:4];
    wire [4:0] threshold_of_6_distance = threshold_of_6_is_below_normal ? (threshold_of_6_is_far ? 5'd16 : ({1'b0, threshold_of_6_low} + 5'd1)) : 5'd0;
    wire threshold_of_6_is_beyond = threshold_of_6_distance[4];
    wire [8:0] threshold_of_6_choice = threshold_of_6_is_beyond ? 9'd0 : threshold_of_4_aligned;
    wire threshold_of_6_lost = |threshold_of_6_choice[7:0];
    wire [8:0] threshold_of_6_right_8 = threshold_of_6_distance[3] ? {8'd0, threshold_of_6_choice[8]} : threshold_of_6_choice;
    wire threshold_of_6_lost_1 = |threshold_of_6_right_8[3:0];
    wire [8:0] threshold_of_6_right_4 = threshold_of_6_distance[2] ? {4'd0, threshold_of_6_right_8[8:4]} : threshold_of_6_right_8;
    wire threshold_of_6_lost_2 = |threshold_of_6_right_4[1:0];
    wire threshold_of_6_either = (threshold_of_6_is_beyond & threshold_of_4_any) | (threshold_of_6_distance[3] & threshold_of_6_lost) | (threshold_of_6_distance[2] & threshold_of_6_lost_1) | (threshold_of_6_distance[1] & threshold_of_6_lost_2);
    wire [8:0] threshold_of_6_right_2 = threshold_of_6_distance[1] ? {2'd0, threshold_of_6_right_4[8:2]} : threshold_of_6_right_4;
    wire threshold_of_6_lost_3 = threshold_of_6_right_2[0];
    wire [8:0] threshold_of_6_right_1 = threshold_of_6_distance[0] ? {1'b0, threshold_of_6_right_2[8:1]} : threshold_of_6_right_2;
    wire threshold_of_6_sticky = threshold_of_6_either | (threshold_of_6_distance[0] & threshold_of_6_lost_3) | threshold_of_4_sticky;
    wire [7:0] threshold_of_6_kept = threshold_of_6_right_1[8:1];
    wire threshold_of_6_guard = threshold_of_6_right_1[0];
    wire [7:0] threshold_of_6_field = threshold_of_6_field_below_one[7:0];
    wire [14:0] threshold_of_6_code = ({threshold_of_6_field, 7'd0} | {14'd0, threshold_of_6_guard | threshold_of_6_sticky}) + {7'd0, threshold_of_6_kept};
    wire threshold_of_6_above = threshold_of_6_field_below_one[8];
    wire threshold_of_6_overflow = threshold_of_6_above | (&threshold_of_6_field_below_one[7:1]);
    wire [14:0] threshold_of_6_code_1 = threshold_of_6_overflow ? 15'h7f80 : threshold_of_6_code;
    wire signed [9:0] threshold_of_7_room = {threshold_times_5_half_exponent[8], threshold_times_5_half_exponent} + 10'd156;
    wire threshold_of_7_is_below_normal = threshold_of_7_room[9];
    wire [8:0] threshold_of_7_field_below_one = threshold_of_7_is_below_normal ? 9'd0 : threshold_of_7_room[8:0];
    wire [8:0] threshold_of_7_complement = ~threshold_of_7_room[8:0];
    wire [3:0] threshold_of_7_low = threshold_of_7_complement[3:0];
    wire threshold_of_7_is_far = |threshold_of_7_complement[8:4];
    wire [4:0] threshold_of_7_distance = threshold_of_7_is_below_normal ? (threshold_of_7_is_far ? 5'd16 : ({1'b0, threshold_of_7_low} + 5'd1)) : 5'd0;
    wire threshold_of_7_is_beyond = threshold_of_7_distance[4];
    wire [8:0] threshold_of_7_choice = threshold_of_7_is_beyond ? 9'd0 : threshold_of_3_aligned;
    wire [8:0] threshold_of_7_right_8 = threshold_of_7_distance[3] ? {8'd0, threshold_of_7_choice[8]} : threshold_of_7_choice;
    wire [8:0] threshold_of_7_right_4 = threshold_of_7_distance[2] ? {4'd0, threshold_of_7_right_8[8:4]} : threshold_of_7_right_8;
    wire [8:0] threshold_of_7_right_2 = threshold_of_7_distance[1] ? {2'd0, threshold_of_7_right_4[8:2]} : threshold_of_7_right_4;
    /* verilator lint_off UNUSED */ // bit 0 is not needed
    wire [8:0] threshold_of_7_right_1 = threshold_of_7_distance[0] ? {1'b0, threshold_of_7_right_2[8:1]} : threshold_of_7_right_2;
    /* verilator lint_on UNUSED */
    wire [7:0] threshold_of_7_kept = threshold_of_7_right_1[8:1];
    wire [7:0] threshold_of_7_field = threshold_of_7_field_below_one[7:0];
    wire [14:0] threshold_of_7_code = {threshold_of_7_field, 7'd0} + {7'd0, threshold_of_7_kept};
    wire threshold_of_7_above = threshold_of_7_field_below_one[8];
    wire threshold_of_7_overflow = threshold_of_7_above | (&threshold_of_7_field_below_one[7:1]);
    wire [14:0] threshold_of_7_code_1 = (threshold_of_7_overflow ? 15'h7f7f : threshold_of_7_code) + 15'd1;

    // Elements: how many thresholds a magnitude reaches
    wire [63:0] elements;
    generate
        for (i = 0; i < 16; i = i + 1) begin : element_lanes
            wire [15:0] x_lane_1 = x[16 * i +: 16];
            wire [14:0] magnitude = x_lane_1[14:0];
            wire reaches_1 = magnitude >= threshold_of_1_code_1;
            wire reaches_2 = magnitude >= threshold_of_2_code_1;
            wire reaches_3 = magnitude >= threshold_of_3_code_1;
            wire reaches_4 = magnitude >= threshold_of_4_code_1;
            wire reaches_5 = magnitude >= threshold_of_5_code_1;
            wire reaches_6 = magnitude >= threshold_of_6_code_1;
            wire reaches_7 = magnitude >= threshold_of_7_code_1;
            wire toggled = (((reaches_1 ^ reaches_2) ^ reaches_3) ^ reaches_4) ^ reaches_5;
            wire [2:0] count = {reaches_4, (reaches_2 ^ reaches_4) ^ reaches_6, (toggled ^ reaches_6) ^ reaches_7};
            wire sign = x_lane_1[15];
            assign elements[4 * i +: 4] = is_invalid ? 4'd0 : {sign, count};
        end
    endgenerate

    // Result
    wire [6:0] scale_1 = is_invalid ? 7'd127 : scale_code;

    assign scale = {1'b0, scale_1};
    assign y = elements;
endmodule

`default_nettype wire
