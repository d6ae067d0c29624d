// mxfp8_e4m3_quant: MXFP8 (E4M3 elements) quantizer.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        mx-quant as mxfp8-e4m3-quant
// Parameters  element = e4m3
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
//             gen --unit mxfp8-e4m3-quant

`default_nettype none

module mxfp8_e4m3_quant (
    input  wire [511:0] x,     // 32 lanes of bf16: a block of numbers
    output wire [7:0]   scale, // e8m0: scale of the block; NaN where a NaN or an infinity came in
    output wire [255:0] y      // 32 lanes of e4m3: elements: x over the scale; zeros where that is NaN
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 0; // clock cycles from input to output
    /* verilator lint_on UNUSED */

    genvar i;

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
    wire signed [8:0] scale_floor = {1'b0, scale_exponent} - 9'd8;
    wire [7:0] scale_clamped = scale_floor[8] ? 8'd0 : scale_floor[7:0];
    wire scale_is_void = scale_is_special | scale_is_zero;
    wire [7:0] scale_code = scale_is_special ? 8'd255 : scale_clamped;

    // Elements: aligned to the scale, rounded to e4m3
    wire [255:0] elements;
    generate
        for (i = 0; i < 32; i = i + 1) begin : element_lanes
            wire [15:0] x_lane_1 = x[16 * i +: 16];
            wire sign = x_lane_1[15];
            wire [7:0] field = x_lane_1[14:7];
            wire is_normal = |field;
            wire [7:0] exponent = is_normal ? field : 8'd1;
            wire [7:0] significand = {is_normal, x_lane_1[6:0]};
            wire is_zero = ~|significand;
            wire [7:0] distance = (scale_clamped + 8'd8) - exponent;
            wire is_beyond = |distance[7:5];
            wire [4:0] down = is_beyond ? 5'd31 : distance[4:0];
            wire signed [5:0] last = 6'd1 - {1'b0, down};
            wire signed [5:0] room = last + 6'd13;
            wire [3:0] top = significand[7:4];
            wire any = |top;
            wire zeros_4 = ~any;
            wire [3:0] zeros_in_4 = any ? top : significand[3:0];
            wire [1:0] top_1 = zeros_in_4[3:2];
            wire any_1 = |top_1;
            wire zeros_2 = ~any_1;
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire [1:0] zeros_in_2 = any_1 ? top_1 : zeros_in_4[1:0];
            /* verilator lint_on UNUSED */
            wire top_2 = zeros_in_2[1];
            wire zeros_1 = ~top_2;
            wire [2:0] zeros = {zeros_4, zeros_2, zeros_1};
            /* verilator lint_off UNUSED */ // bit 4 is not needed
            wire signed [5:0] spare = room - {3'd0, zeros};
            /* verilator lint_on UNUSED */
            wire is_short = spare[5];
            wire is_below_normal = is_short | is_zero;
            wire [3:0] field_below_one = is_below_normal ? 4'd0 : spare[3:0];
            wire is_negative = room[5];
            wire [2:0] shift = is_short ? (is_negative ? 3'd0 : room[2:0]) : zeros;
            wire [7:0] significand_1 = significand << shift;
            wire [4:0] complement = ~room[4:0];
            wire [2:0] low = complement[2:0];
            wire is_far = |complement[4:3];
            wire [3:0] distance_1 = is_negative ? (is_far ? 4'd8 : ({1'b0, low} + 4'd1)) : 4'd0;
            wire is_beyond_1 = distance_1[3];
            wire [4:0] choice = is_beyond_1 ? 5'd0 : significand_1[7:3];
            wire lost = |choice[3:0];
            wire [4:0] right_4 = distance_1[2] ? {4'd0, choice[4]} : choice;
            wire lost_1 = |right_4[1:0];
            wire either = (is_beyond_1 & (|significand_1[7:3])) | (distance_1[2] & lost) | (distance_1[1] & lost_1);
            wire [4:0] right_2 = distance_1[1] ? {2'd0, right_4[4:2]} : right_4;
            wire lost_2 = right_2[0];
            wire [4:0] right_1 = distance_1[0] ? {1'b0, right_2[4:1]} : right_2;
            wire hidden = |significand_1[2:0];
            wire sticky = hidden | either | (distance_1[0] & lost_2);
            wire [3:0] kept = right_1[4:1];
            wire guard = right_1[0];
            wire last_1 = right_1[1];
            wire [7:0] code = {1'b0, {field_below_one, 3'd0} | {6'd0, guard & (sticky | last_1)}} + {4'd0, kept};
            wire above = code[7];
            wire overflow = above | (&code[6:0]);
            wire [6:0] magnitude = overflow ? 7'd126 : code[6:0];
            assign elements[8 * i +: 8] = scale_is_void ? 8'd0 : {sign, magnitude};
        end
    endgenerate

    assign scale = scale_code;
    assign y = elements;
endmodule

`default_nettype wire
