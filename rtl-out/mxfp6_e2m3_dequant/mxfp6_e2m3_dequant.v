// mxfp6_e2m3_dequant: MXFP6 (E2M3 elements) into floats.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        mx-dequant as mxfp6-e2m3-dequant
// Parameters  element = e2m3
//             lanes = 32
//             to = bf16
//             round = rne
//             overflow = special
// Latency     none, combinational; a beat may follow every clock
// Computes    y[i] = round(x[i] * scale)
// Source      OCP Microscaling Formats (MX) v1.0, section 5.1
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit mxfp6-e2m3-dequant

`default_nettype none

module mxfp6_e2m3_dequant (
    input  wire [7:0]   scale, // e8m0: scale of the block
    input  wire [191:0] x,     // 32 lanes of e2m3: elements
    output wire [511:0] y      // 32 lanes of bf16: x times the scale
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 0; // clock cycles from input to output
    /* verilator lint_on UNUSED */

    genvar i;

    // Scale of the block: E8M0, bias 127, 255 is NaN
    wire scale_result_is_nan = scale == 8'd255;

    // Elements times the scale, in bf16
    wire [511:0] y_1;
    generate
        for (i = 0; i < 32; i = i + 1) begin : element_lanes
            wire [5:0] x_lane = x[6 * i +: 6];
            wire sign = x_lane[5];
            wire [1:0] field = x_lane[4:3];
            wire is_normal = |field;
            wire [1:0] exponent = is_normal ? field : 2'd1;
            wire [3:0] significand = {is_normal, x_lane[2:0]};
            wire is_zero = ~|significand;
            wire signed [2:0] exponent_1 = {1'b0, exponent} - 3'd4;
            wire signed [8:0] unrounded_exponent = {{6{exponent_1[2]}}, exponent_1} + ({1'b0, scale} - 9'd127);
            wire signed [9:0] room = {unrounded_exponent[8], unrounded_exponent} + 10'd129;
            wire [7:0] aligned = {significand, 4'd0};
            wire [1:0] top = significand[3:2];
            wire any = |top;
            wire zeros_2 = ~any;
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire [1:0] zeros_in_2 = any ? top : significand[1:0];
            /* verilator lint_on UNUSED */
            wire top_1 = zeros_in_2[1];
            wire zeros_1 = ~top_1;
            wire [1:0] zeros = {zeros_2, zeros_1};
            wire signed [9:0] spare = room - {8'd0, zeros};
            wire is_short = spare[9];
            wire is_below_normal = is_short | is_zero;
            wire [8:0] field_below_one = is_below_normal ? 9'd0 : spare[8:0];
            wire is_negative = room[9];
            wire [1:0] shift = is_short ? (is_negative ? 2'd0 : room[1:0]) : zeros;
            wire [7:0] significand_1 = aligned << shift;
            wire [8:0] complement = ~room[8:0];
            wire [2:0] low = complement[2:0];
            wire is_far = |complement[8:3];
            wire [3:0] distance = is_negative ? (is_far ? 4'd8 : ({1'b0, low} + 4'd1)) : 4'd0;
            wire is_beyond = distance[3];
            wire [7:0] choice = is_beyond ? 8'd0 : significand_1;
            wire [7:0] right_4 = distance[2] ? {4'd0, choice[7:4]} : choice;
            wire [7:0] right_2 = distance[1] ? {2'd0, right_4[7:2]} : right_4;
            wire [7:0] right_1 = distance[0] ? {1'b0, right_2[7:1]} : right_2;
            wire [7:0] field_1 = field_below_one[7:0];
            wire [14:0] code = {field_1, 7'd0} + {7'd0, right_1};
            wire above = field_below_one[8];
            wire overflow = above | (&field_below_one[7:1]);
            wire [14:0] magnitude = overflow ? 15'h7f80 : code;
            assign y_1[16 * i +: 16] = scale_result_is_nan ? 16'h7fc0 : {sign, magnitude};
        end
    endgenerate

    assign y = y_1;
endmodule

`default_nettype wire
