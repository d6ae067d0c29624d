// mxfp6_e3m2_quant: MXFP6 (E3M2 elements) quantizer.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        mx-quant as mxfp6-e3m2-quant
// Parameters  element = e3m2
//             lanes = 32
//             from = bf16
//             scale-rule = floor
//             round = rne
// Latency     none, combinational; a beat may follow every clock
// Computes    e = floor(log2 max|x[i]|) - emax, raised by one as the rule says, within -127 .. 127
//             scale = 2^e
//             y[i] = round(x[i] / scale), saturated
// Source      OCP Microscaling Formats (MX) v1.0, section 6.3; microxcaling; torchao for the rules ceil, even and up
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit mxfp6-e3m2-quant

`default_nettype none

module mxfp6_e3m2_quant (
    input  wire [511:0] x,     // 32 lanes of bf16: a block of numbers
    output wire [7:0]   scale, // e8m0: scale of the block; NaN where a NaN or an infinity came in
    output wire [191:0] y      // 32 lanes of e3m2: elements: x over the scale; zeros where that is NaN
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 0; // clock cycles from input to output
    /* verilator lint_on UNUSED */

    genvar i, j;

    // The largest magnitude
    wire [479:0] magnitudes;
    generate
        for (i = 0; i < 32; i = i + 1) begin : magnitude_lanes
            /* verilator lint_off UNUSED */ // bit 15 is not needed
            wire [15:0] x_lane = x[16 * i +: 16];
            /* verilator lint_on UNUSED */
            wire [14:0] magnitude_lane = x_lane[14:0];
            assign magnitudes[15 * i +: 15] = magnitude_lane;
        end
    endgenerate
    wire [239:0] largest_16;
    generate
        for (i = 0; i < 16; i = i + 1) begin : largest_16_lanes
            wire [14:0] magnitudes_even = magnitudes[30 * i +: 15];
            wire [14:0] magnitudes_odd = magnitudes[30 * i + 15 +: 15];
            wire [14:0] largest_16_lane = (magnitudes_even < magnitudes_odd) ? magnitudes_odd : magnitudes_even;
            assign largest_16[15 * i +: 15] = largest_16_lane;
        end
    endgenerate
    wire [119:0] largest_8;
    generate
        for (i = 0; i < 8; i = i + 1) begin : largest_8_lanes
            wire [14:0] largest_16_even = largest_16[30 * i +: 15];
            wire [14:0] largest_16_odd = largest_16[30 * i + 15 +: 15];
            wire [14:0] largest_8_lane = (largest_16_even < largest_16_odd) ? largest_16_odd : largest_16_even;
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
    wire scale_is_zero = ~|largest;
    wire signed [8:0] scale_floor = {1'b0, scale_exponent} - 9'd4;
    wire [7:0] scale_clamped = scale_floor[8] ? 8'd0 : scale_floor[7:0];
    wire scale_is_void = scale_is_special | scale_is_zero;
    wire [7:0] scale_code = scale_is_special ? 8'd255 : scale_clamped;

    // Elements: aligned to the scale, rounded to e3m2
    wire [191:0] elements;
    generate
        for (i = 0; i < 32; i = i + 1) begin : element_lanes
            wire [15:0] x_lane_1 = x[16 * i +: 16];
            wire sign = x_lane_1[15];
            wire [7:0] field = x_lane_1[14:7];
            wire is_normal = |field;
            wire [7:0] exponent = is_normal ? field : 8'd1;
            wire [7:0] significand = {is_normal, x_lane_1[6:0]};
            wire [7:0] distance = (scale_clamped + 8'd4) - exponent;
            wire is_beyond = |distance[7:4];
            wire [3:0] down = is_beyond ? 4'd15 : distance[3:0];
            wire [9:0] shifted = {significand, 2'd0};
            wire lost = |shifted[7:0];
            wire [9:0] right_8 = down[3] ? {8'd0, shifted[9:8]} : shifted;
            wire lost_1 = |right_8[3:0];
            wire [9:0] right_4 = down[2] ? {4'd0, right_8[9:4]} : right_8;
            wire lost_2 = |right_4[1:0];
            wire [9:0] right_2 = down[1] ? {2'd0, right_4[9:2]} : right_4;
            wire lost_3 = right_2[0];
            wire sticky = (down[3] & lost) | (down[2] & lost_1) | (down[1] & lost_2) | (down[0] & lost_3);
            wire [9:0] right_1 = down[0] ? {1'b0, right_2[9:1]} : right_2;
            wire is_zero = ~|right_1;
            wire [15:0] field_1 = {right_1, 6'd0};
            wire [15:0] zeros_8;
            for (j = 0; j < 8; j = j + 1) begin : zeros_8_lanes
                wire is_zero_1 = ~field_1[2 * j + 1];
                wire [1:0] zeros_8_lane = {is_zero_1 & ~field_1[2 * j], is_zero_1};
                assign zeros_8[2 * j +: 2] = zeros_8_lane;
            end
            wire [11:0] zeros_4;
            for (j = 0; j < 4; j = j + 1) begin : zeros_4_lanes
                wire [1:0] zeros_8_even = zeros_8[4 * j +: 2];
                wire [1:0] zeros_8_odd = zeros_8[4 * j + 2 +: 2];
                wire none_above = zeros_8_odd[1];
                wire none = none_above & zeros_8_even[1];
                wire [2:0] zeros_4_lane = {none, none_above, none_above ? zeros_8_even[0] : zeros_8_odd[0]};
                assign zeros_4[3 * j +: 3] = zeros_4_lane;
            end
            wire [7:0] zeros_2;
            for (j = 0; j < 2; j = j + 1) begin : zeros_2_lanes
                wire [2:0] zeros_4_even = zeros_4[6 * j +: 3];
                wire [2:0] zeros_4_odd = zeros_4[6 * j + 3 +: 3];
                wire none_above_1 = zeros_4_odd[2];
                wire none_1 = none_above_1 & zeros_4_even[2];
                wire [3:0] zeros_2_lane = {none_1, none_above_1, none_above_1 ? zeros_4_even[1:0] : zeros_4_odd[1:0]};
                assign zeros_2[4 * j +: 4] = zeros_2_lane;
            end
            wire [3:0] zeros_2_0 = zeros_2[3:0];
            wire [3:0] zeros_2_1 = zeros_2[7:4];
            wire none_above_2 = zeros_2_1[3];
            wire none_2 = none_above_2 & zeros_2_0[3];
            /* verilator lint_off UNUSED */ // bit 4 is not needed
            wire [4:0] parts = {none_2, none_above_2, none_above_2 ? zeros_2_0[2:0] : zeros_2_1[2:0]};
            /* verilator lint_on UNUSED */
            wire [3:0] zeros = parts[3:0];
            /* verilator lint_off UNUSED */ // bit 3 is not needed
            wire signed [4:0] spare = 5'd6 - {1'b0, zeros};
            /* verilator lint_on UNUSED */
            wire is_short = spare[4];
            wire is_below_normal = is_short | is_zero;
            wire [2:0] field_below_one = is_below_normal ? 3'd0 : spare[2:0];
            wire [3:0] shift = is_short ? 4'd6 : zeros;
            wire [9:0] significand_1 = right_1 << shift;
            wire [2:0] kept = significand_1[9:7];
            wire guard = significand_1[6];
            wire below_guard = |significand_1[5:0];
            wire below = below_guard | sticky;
            wire last = significand_1[7];
            wire [5:0] code = {1'b0, {field_below_one, 2'd0} | {4'd0, guard & (below | last)}} + {3'd0, kept};
            wire overflow = code[5];
            wire [4:0] bounded = overflow ? 5'd31 : code[4:0];
            assign elements[6 * i +: 6] = scale_is_void ? 6'd0 : {sign, bounded};
        end
    endgenerate

    assign scale = scale_code;
    assign y = elements;
endmodule

`default_nettype wire
