// msfp16_quant: MSFP16: 8-bit mantissas, blocks of 16.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        bfp-quant as msfp16-quant
// Parameters  mantissa = 8
//             lanes = 16
//             from = bf16
//             scale-rule = floor
//             round = rne
// Latency     none, combinational; a beat may follow every clock
// Computes    e = floor(log2 max|x[i]|), raised by one as the rule says, within -127 .. 127
//             scale = 2^e
//             y[i] = round(x[i] / scale) in steps of 2^(2 - mantissa), saturated
// Source      Microsoft Floating Point (MSFP); "Accurate Block Quantization in LLMs with Outliers" (arXiv 2403.20137)
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit msfp16-quant

`default_nettype none

module msfp16_quant (
    input  wire [255:0] x,     // 16 lanes of bf16: a block of numbers
    output wire [7:0]   scale, // e8m0: scale of the block; NaN where a NaN or an infinity came in
    output wire [127:0] y      // 16 lanes of fix8.6: elements: x over the scale; zeros where that is NaN
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

    // Exponent of the scale, by the rule 'floor'
    wire [7:0] scale_field = largest[14:7];
    wire scale_is_normal = |scale_field;
    wire scale_is_special = &scale_field;
    wire [7:0] scale_exponent = scale_is_normal ? scale_field : 8'd1;
    /* verilator lint_off UNUSED */ // bits 6:0 are not needed
    wire [7:0] scale_significand = {scale_is_normal, largest[6:0]};
    /* verilator lint_on UNUSED */
    wire scale_is_zero = ~|largest;
    wire scale_top = scale_significand[7];
    wire scale_zeros_1 = ~scale_top;
    wire [7:0] scale_floor = scale_exponent - {7'd0, scale_zeros_1};
    wire scale_is_void = scale_is_special | scale_is_zero;
    wire [7:0] scale_code = scale_is_special ? 8'd255 : scale_floor;

    // Elements: aligned to the scale, rounded to fix8.6
    wire [127:0] elements;
    generate
        for (i = 0; i < 16; i = i + 1) begin : element_lanes
            wire [15:0] x_lane_1 = x[16 * i +: 16];
            wire sign = x_lane_1[15];
            wire [7:0] field = x_lane_1[14:7];
            wire is_normal = |field;
            wire [7:0] exponent = is_normal ? field : 8'd1;
            wire [7:0] significand = {is_normal, x_lane_1[6:0]};
            wire [7:0] raised = significand << scale_zeros_1;
            wire [7:0] distance = (scale_floor + {7'd0, scale_zeros_1}) - exponent;
            wire is_beyond = |distance[7:4];
            wire [3:0] down = is_beyond ? 4'd15 : distance[3:0];
            wire is_beyond_1 = down[3];
            wire [7:0] choice = is_beyond_1 ? 8'd0 : raised;
            wire lost = |choice[3:0];
            wire [7:0] right_4 = down[2] ? {4'd0, choice[7:4]} : choice;
            wire lost_1 = |right_4[1:0];
            wire either = (is_beyond_1 & (|raised)) | (down[2] & lost) | (down[1] & lost_1);
            wire [7:0] right_2 = down[1] ? {2'd0, right_4[7:2]} : right_4;
            wire lost_2 = right_2[0];
            wire sticky = either | (down[0] & lost_2);
            wire [7:0] right_1 = down[0] ? {1'b0, right_2[7:1]} : right_2;
            wire [6:0] kept = right_1[7:1];
            wire up = right_1[0] & (sticky | right_1[1]);
            wire [7:0] rounded = {1'b0, kept} + {7'd0, up};
            wire [6:0] magnitude = (rounded > 8'd127) ? 7'd127 : rounded[6:0];
            assign elements[8 * i +: 8] = ({8{sign}} ^ {1'b0, scale_is_void ? 7'd0 : magnitude}) + {7'd0, sign};
        end
    endgenerate

    assign scale = scale_code;
    assign y = elements;
endmodule

`default_nettype wire
