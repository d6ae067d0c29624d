// nvfp4_dequant: NVFP4 (E2M1 elements, E4M3 scales) into floats.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        nv-dequant as nvfp4-dequant
// Parameters  lanes = 16
//             element = e2m1
//             to = bf16
//             tensor-scale = port
//             round = rne
//             overflow = special
// Latency     none, combinational; a beat may follow every clock
// Computes    y[i] = round(x[i] * scale * tensor_scale)
// Source      NVIDIA NVFP4, as in torchao; NVINT4: "INT v.s. FP" (arXiv 2510.25602)
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit nvfp4-dequant

`default_nettype none

module nvfp4_dequant (
    input  wire [7:0]   scale,        // e4m3: scale of the block
    input  wire [63:0]  x,            // 16 lanes of e2m1: elements
    input  wire [31:0]  tensor_scale, // fp32: scale of the tensor
    output wire [255:0] y             // 16 lanes of bf16: x times the scale
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 0; // clock cycles from input to output
    /* verilator lint_on UNUSED */

    genvar i, j;

    // Scale of the block: E4M3 without a sign
    wire scale_sign = scale[7];
    wire [3:0] scale_field = scale[6:3];
    wire scale_is_normal = |scale_field;
    wire scale_is_nan = (&scale_field) & (&scale[2:0]);
    wire [3:0] scale_exponent = scale_is_normal ? scale_field : 4'd1;
    wire [3:0] scale_significand = {scale_is_normal, scale[2:0]};
    wire signed [4:0] scale_exponent_1 = {1'b0, scale_exponent} - 5'd10;

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
    wire signed [8:0] tensor_exponent_1 = ({1'b0, tensor_exponent} - {4'd0, tensor_zeros}) - 9'd150;
    wire [23:0] tensor_joined = {1'b1, tensor_moved};
    wire [27:0] tensor_product = scale_significand * tensor_joined;
    wire tensor_result_is_nan = scale_is_nan | scale_sign | tensor_is_invalid;

    // Elements times the scales, in bf16
    wire [255:0] y_1;
    generate
        for (i = 0; i < 16; i = i + 1) begin : element_lanes
            wire [3:0] x_lane = x[4 * i +: 4];
            wire sign = x_lane[3];
            wire [1:0] field = x_lane[2:1];
            wire is_normal = |field;
            wire [1:0] exponent = is_normal ? field : 2'd1;
            wire [1:0] significand = {is_normal, x_lane[0]};
            wire signed [1:0] exponent_1 = exponent - 2'd2;
            wire [29:0] unrounded_magnitude = significand * tensor_product;
            wire signed [8:0] unrounded_exponent = {{7{exponent_1[1]}}, exponent_1} + ({{4{scale_exponent_1[4]}}, scale_exponent_1} + tensor_exponent_1);
            wire signed [9:0] room = {unrounded_exponent[8], unrounded_exponent} + 10'd155;
            wire is_zero = ~|unrounded_magnitude;
            wire [31:0] field_1 = {unrounded_magnitude, 2'd0};
            wire [31:0] zeros_16;
            for (j = 0; j < 16; j = j + 1) begin : zeros_16_lanes_1
                wire is_zero_1 = ~field_1[2 * j + 1];
                wire [1:0] zeros_16_lane = {is_zero_1 & ~field_1[2 * j], is_zero_1};
                assign zeros_16[2 * j +: 2] = zeros_16_lane;
            end
            wire [23:0] zeros_8;
            for (j = 0; j < 8; j = j + 1) begin : zeros_8_lanes_1
                wire [1:0] zeros_16_even = zeros_16[4 * j +: 2];
                wire [1:0] zeros_16_odd = zeros_16[4 * j + 2 +: 2];
                wire none_above = zeros_16_odd[1];
                wire none = none_above & zeros_16_even[1];
                wire [2:0] zeros_8_lane = {none, none_above, none_above ? zeros_16_even[0] : zeros_16_odd[0]};
                assign zeros_8[3 * j +: 3] = zeros_8_lane;
            end
            wire [15:0] zeros_4;
            for (j = 0; j < 4; j = j + 1) begin : zeros_4_lanes_1
                wire [2:0] zeros_8_even = zeros_8[6 * j +: 3];
                wire [2:0] zeros_8_odd = zeros_8[6 * j + 3 +: 3];
                wire none_above_1 = zeros_8_odd[2];
                wire none_1 = none_above_1 & zeros_8_even[2];
                wire [3:0] zeros_4_lane = {none_1, none_above_1, none_above_1 ? zeros_8_even[1:0] : zeros_8_odd[1:0]};
                assign zeros_4[4 * j +: 4] = zeros_4_lane;
            end
            wire [9:0] zeros_2;
            for (j = 0; j < 2; j = j + 1) begin : zeros_2_lanes_1
                wire [3:0] zeros_4_even = zeros_4[8 * j +: 4];
                wire [3:0] zeros_4_odd = zeros_4[8 * j + 4 +: 4];
                wire none_above_2 = zeros_4_odd[3];
                wire none_2 = none_above_2 & zeros_4_even[3];
                wire [4:0] zeros_2_lane = {none_2, none_above_2, none_above_2 ? zeros_4_even[2:0] : zeros_4_odd[2:0]};
                assign zeros_2[5 * j +: 5] = zeros_2_lane;
            end
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
            wire is_negative = room[9];
            wire [4:0] shift = is_short ? (is_negative ? 5'd0 : room[4:0]) : zeros;
            wire [29:0] significand_1 = unrounded_magnitude << shift;
            wire [8:0] complement = ~room[8:0];
            wire [3:0] low = complement[3:0];
            wire is_far = |complement[8:4];
            wire [4:0] distance = is_negative ? (is_far ? 5'd16 : ({1'b0, low} + 5'd1)) : 5'd0;
            wire is_beyond = distance[4];
            wire [8:0] choice = is_beyond ? 9'd0 : significand_1[29:21];
            wire lost = |choice[7:0];
            wire [8:0] right_8 = distance[3] ? {8'd0, choice[8]} : choice;
            wire lost_1 = |right_8[3:0];
            wire either = (is_beyond & (|significand_1[29:21])) | (distance[3] & lost) | (distance[2] & lost_1);
            wire [8:0] right_4 = distance[2] ? {4'd0, right_8[8:4]} : right_8;
            wire lost_2 = |right_4[1:0];
            wire [8:0] right_2 = distance[1] ? {2'd0, right_4[8:2]} : right_4;
            wire lost_3 = right_2[0];
            wire [8:0] right_1 = distance[0] ? {1'b0, right_2[8:1]} : right_2;
            wire hidden = |significand_1[20:0];
            wire sticky = hidden | either | (distance[1] & lost_2) | (distance[0] & lost_3);
            wire [7:0] kept = right_1[8:1];
            wire guard = right_1[0];
            wire last = right_1[1];
            wire [7:0] field_2 = field_below_one[7:0];
            wire [14:0] code = ({field_2, 7'd0} | {14'd0, guard & (sticky | last)}) + {7'd0, kept};
            wire above = field_below_one[8];
            wire overflow = above | (&field_below_one[7:1]);
            wire [14:0] magnitude = overflow ? 15'h7f80 : code;
            assign y_1[16 * i +: 16] = tensor_result_is_nan ? 16'h7fc0 : {sign, magnitude};
        end
    endgenerate

    assign y = y_1;
endmodule

`default_nettype wire
