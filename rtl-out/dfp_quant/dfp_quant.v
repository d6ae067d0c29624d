// dfp_quant: Quantizes floating-point values to integers that share one exponent.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        dfp-quant
// Parameters  lanes = 8
//             from = fp32
//             to = int16
//             exponent = int10
//             subnormals = keep
// Latency     none, combinational; a beat may follow every clock
// Computes    scale = floor(log2 max |x[i]|) - (P - 2), where P are the bits of an element
//             y[i] = saturate(round(x[i] / 2^scale)), to nearest even, symmetric
// Source      Mixed Precision Training of Convolutional Neural Networks using Integer Operations (arXiv 1802.00930)
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit dfp-quant

`default_nettype none

module dfp_quant (
    input  wire [255:0] x,       // 8 lanes of fp32: values
    output wire [9:0]   scale,   // int10: the exponent of all elements
    output wire [127:0] y,       // 8 lanes of int16: elements, in units of 2^scale
    output wire         invalid  // a NaN or an infinity is among the values
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 0; // clock cycles from input to output
    /* verilator lint_on UNUSED */

    genvar i;

    // The values, taken apart
    wire [7:0] value_sign;
    wire [63:0] value_exponent;
    wire [191:0] value_significand;
    wire [7:0] value_special;
    generate
        for (i = 0; i < 8; i = i + 1) begin : value_lanes
            wire [31:0] x_lane = x[32 * i +: 32];
            wire sign = x_lane[31];
            wire [7:0] field = x_lane[30:23];
            wire is_normal = |field;
            wire all = &field;
            wire any = |x_lane[22:0];
            wire is_nan = all & any;
            wire is_infinite = all & ~any;
            wire [7:0] exponent = is_normal ? field : 8'd1;
            wire [23:0] significand = {is_normal, x_lane[22:0]};
            assign value_sign[i] = sign;
            assign value_exponent[8 * i +: 8] = exponent;
            assign value_significand[24 * i +: 24] = significand;
            assign value_special[i] = is_nan | is_infinite;
        end
    endgenerate

    // Result
    wire is_special = |value_special;

    // The exponent of the largest magnitude
    wire [31:0] scale_largest_4;
    generate
        for (i = 0; i < 4; i = i + 1) begin : largest_4_lanes
            wire [7:0] value_exponent_even = value_exponent[16 * i +: 8];
            wire [7:0] value_exponent_odd = value_exponent[16 * i + 8 +: 8];
            wire [7:0] scale_largest_4_lane = (value_exponent_even < value_exponent_odd) ? value_exponent_odd : value_exponent_even;
            assign scale_largest_4[8 * i +: 8] = scale_largest_4_lane;
        end
    endgenerate
    wire [15:0] scale_largest_2;
    generate
        for (i = 0; i < 2; i = i + 1) begin : largest_2_lanes
            wire [7:0] scale_largest_4_even = scale_largest_4[16 * i +: 8];
            wire [7:0] scale_largest_4_odd = scale_largest_4[16 * i + 8 +: 8];
            wire [7:0] scale_largest_2_lane = (scale_largest_4_even < scale_largest_4_odd) ? scale_largest_4_odd : scale_largest_4_even;
            assign scale_largest_2[8 * i +: 8] = scale_largest_2_lane;
        end
    endgenerate
    wire [7:0] scale_top_exponent = (scale_largest_2[7:0] < scale_largest_2[15:8]) ? scale_largest_2[15:8] : scale_largest_2[7:0];
    wire [95:0] scale_together_4;
    generate
        for (i = 0; i < 4; i = i + 1) begin : together_4_lanes
            wire [23:0] scale_together_4_lane = value_significand[48 * i +: 24] | value_significand[48 * i + 24 +: 24];
            assign scale_together_4[24 * i +: 24] = scale_together_4_lane;
        end
    endgenerate
    wire [47:0] scale_together_2;
    generate
        for (i = 0; i < 2; i = i + 1) begin : together_2_lanes
            wire [23:0] scale_together_2_lane = scale_together_4[48 * i +: 24] | scale_together_4[48 * i + 24 +: 24];
            assign scale_together_2[24 * i +: 24] = scale_together_2_lane;
        end
    endgenerate
    wire [23:0] scale_together = scale_together_2[23:0] | scale_together_2[47:24];
    wire scale_is_nonzero = |scale_together;
    wire [31:0] scale_field = {scale_together, 8'd0};
    wire [31:0] scale_zeros_16;
    generate
        for (i = 0; i < 16; i = i + 1) begin : zeros_16_lanes
            wire scale_is_zero = ~scale_field[2 * i + 1];
            wire [1:0] scale_zeros_16_lane = {scale_is_zero & ~scale_field[2 * i], scale_is_zero};
            assign scale_zeros_16[2 * i +: 2] = scale_zeros_16_lane;
        end
    endgenerate
    wire [23:0] scale_zeros_8;
    generate
        for (i = 0; i < 8; i = i + 1) begin : zeros_8_lanes
            wire [1:0] scale_zeros_16_even = scale_zeros_16[4 * i +: 2];
            wire [1:0] scale_zeros_16_odd = scale_zeros_16[4 * i + 2 +: 2];
            wire scale_none_above = scale_zeros_16_odd[1];
            wire scale_none = scale_none_above & scale_zeros_16_even[1];
            wire [2:0] scale_zeros_8_lane = {scale_none, scale_none_above, scale_none_above ? scale_zeros_16_even[0] : scale_zeros_16_odd[0]};
            assign scale_zeros_8[3 * i +: 3] = scale_zeros_8_lane;
        end
    endgenerate
    wire [15:0] scale_zeros_4;
    generate
        for (i = 0; i < 4; i = i + 1) begin : zeros_4_lanes
            wire [2:0] scale_zeros_8_even = scale_zeros_8[6 * i +: 3];
            wire [2:0] scale_zeros_8_odd = scale_zeros_8[6 * i + 3 +: 3];
            wire scale_none_above_1 = scale_zeros_8_odd[2];
            wire scale_none_1 = scale_none_above_1 & scale_zeros_8_even[2];
            wire [3:0] scale_zeros_4_lane = {scale_none_1, scale_none_above_1, scale_none_above_1 ? scale_zeros_8_even[1:0] : scale_zeros_8_odd[1:0]};
            assign scale_zeros_4[4 * i +: 4] = scale_zeros_4_lane;
        end
    endgenerate
    wire [9:0] scale_zeros_2;
    generate
        for (i = 0; i < 2; i = i + 1) begin : zeros_2_lanes
            wire [3:0] scale_zeros_4_even = scale_zeros_4[8 * i +: 4];
            wire [3:0] scale_zeros_4_odd = scale_zeros_4[8 * i + 4 +: 4];
            wire scale_none_above_2 = scale_zeros_4_odd[3];
            wire scale_none_2 = scale_none_above_2 & scale_zeros_4_even[3];
            wire [4:0] scale_zeros_2_lane = {scale_none_2, scale_none_above_2, scale_none_above_2 ? scale_zeros_4_even[2:0] : scale_zeros_4_odd[2:0]};
            assign scale_zeros_2[5 * i +: 5] = scale_zeros_2_lane;
        end
    endgenerate
    wire [4:0] scale_zeros_2_0 = scale_zeros_2[4:0];
    wire [4:0] scale_zeros_2_1 = scale_zeros_2[9:5];
    wire scale_none_above_3 = scale_zeros_2_1[4];
    wire scale_none_3 = scale_none_above_3 & scale_zeros_2_0[4];
    /* verilator lint_off UNUSED */ // bit 5 is not needed
    wire [5:0] scale_parts = {scale_none_3, scale_none_above_3, scale_none_above_3 ? scale_zeros_2_0[3:0] : scale_zeros_2_1[3:0]};
    /* verilator lint_on UNUSED */
    wire [4:0] scale_zeros = scale_is_nonzero ? scale_parts[4:0] : 5'd0;
    wire signed [8:0] scale_exponent = ({1'b0, scale_top_exponent} - {4'd0, scale_zeros}) - 9'd141;
    wire signed [8:0] scale_1 = (scale_is_nonzero & ~is_special) ? scale_exponent : 9'd0;

    // The elements, shifted to it
    wire [127:0] y_1;
    generate
        for (i = 0; i < 8; i = i + 1) begin : element_lanes
            wire value_sign_lane = value_sign[i];
            wire [23:0] normalized = value_significand[24 * i +: 24] << scale_zeros;
            wire [7:0] distance = scale_top_exponent - value_exponent[8 * i +: 8];
            wire [8:0] amount = {1'b0, distance} + 9'd9;
            wire [4:0] distance_1 = (amount > 9'd25) ? 5'd25 : amount[4:0];
            wire [24:0] shifted = {normalized, 1'b0};
            wire lost = |shifted[15:0];
            wire [24:0] right_16 = distance_1[4] ? {16'd0, shifted[24:16]} : shifted;
            wire lost_1 = |right_16[7:0];
            wire [24:0] right_8 = distance_1[3] ? {8'd0, right_16[24:8]} : right_16;
            wire lost_2 = |right_8[3:0];
            wire [24:0] right_4 = distance_1[2] ? {4'd0, right_8[24:4]} : right_8;
            wire lost_3 = |right_4[1:0];
            wire either = (distance_1[4] & lost) | (distance_1[3] & lost_1) | (distance_1[2] & lost_2) | (distance_1[1] & lost_3);
            wire [24:0] right_2 = distance_1[1] ? {2'd0, right_4[24:2]} : right_4;
            wire lost_4 = right_2[0];
            wire sticky = either | (distance_1[0] & lost_4);
            /* verilator lint_off UNUSED */ // bits 23:16 are not needed
            wire [23:0] shifted_1 = right_2[24:1];
            /* verilator lint_on UNUSED */
            wire [15:0] shifted_2 = distance_1[0] ? shifted_1[15:0] : right_2[15:0];
            wire [14:0] kept = shifted_2[15:1];
            wire [15:0] rounded = {1'b0, kept} + {15'd0, shifted_2[0] & (sticky | kept[0])};
            wire [14:0] fitting = rounded[14:0];
            wire too_high = rounded[15];
            wire [14:0] limited = too_high ? 15'h7fff : fitting;
            wire signed [15:0] element = ({16{value_sign_lane}} ^ {1'b0, limited}) + {15'd0, value_sign_lane};
            assign y_1[16 * i +: 16] = is_special ? 16'd0 : element;
        end
    endgenerate

    assign scale = {scale_1[8], scale_1};
    assign y = y_1;
    assign invalid = is_special;
endmodule

`default_nettype wire
