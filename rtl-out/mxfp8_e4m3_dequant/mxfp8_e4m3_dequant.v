// mxfp8_e4m3_dequant: MXFP8 (E4M3 elements) into floats.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        mx-dequant as mxfp8-e4m3-dequant
// Parameters  element = e4m3
//             lanes = 32
//             to = bf16
//             round = rne
//             overflow = special
// Latency     none, combinational; a beat may follow every clock
// Computes    y[i] = round(x[i] * scale)
// Source      OCP Microscaling Formats (MX) v1.0, section 5.1
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit mxfp8-e4m3-dequant

`default_nettype none

module mxfp8_e4m3_dequant (
    input  wire [7:0]   scale, // e8m0: scale of the block
    input  wire [255:0] x,     // 32 lanes of e4m3: elements
    output wire [511:0] y      // 32 lanes of bf16: x times the scale
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 0; // clock cycles from input to output
    /* verilator lint_on UNUSED */

    genvar i;

    // Elements times the scale, in bf16
    wire [511:0] y_1;
    generate
        for (i = 0; i < 32; i = i + 1) begin : element_lanes
            wire [7:0] x_lane = x[8 * i +: 8];
            wire sign = x_lane[7];
            wire [3:0] field = x_lane[6:3];
            wire is_normal = |field;
            wire is_nan = (&field) & (&x_lane[2:0]);
            wire [3:0] exponent = is_normal ? field : 4'd1;
            wire [3:0] significand = {is_normal, x_lane[2:0]};
            wire is_zero = ~|significand;
            wire signed [4:0] exponent_1 = {1'b0, exponent} - 5'd10;
            wire signed [8:0] unrounded_exponent = {{4{exponent_1[4]}}, exponent_1} + ({1'b0, scale} - 9'd127);
            wire signed [9:0] room = {unrounded_exponent[8], unrounded_exponent} + 10'd129;
            wire [8:0] aligned = {significand, 5'd0};
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
            wire [8:0] significand_1 = aligned << shift;
            wire [8:0] complement = ~room[8:0];
            wire [3:0] low = complement[3:0];
            wire is_far = |complement[8:4];
            wire [4:0] distance = is_negative ? (is_far ? 5'd16 : ({1'b0, low} + 5'd1)) : 5'd0;
            wire is_beyond = distance[4];
            wire [8:0] choice = is_beyond ? 9'd0 : significand_1;
            wire lost = |choice[7:0];
            wire [8:0] right_8 = distance[3] ? {8'd0, choice[8]} : choice;
            wire lost_1 = |right_8[3:0];
            wire either = (is_beyond & (|significand_1)) | (distance[3] & lost) | (distance[2] & lost_1);
            wire [8:0] right_4 = distance[2] ? {4'd0, right_8[8:4]} : right_8;
            wire lost_2 = |right_4[1:0];
            wire [8:0] right_2 = distance[1] ? {2'd0, right_4[8:2]} : right_4;
            wire lost_3 = right_2[0];
            wire sticky = either | (distance[1] & lost_2) | (distance[0] & lost_3);
            wire [8:0] right_1 = distance[0] ? {1'b0, right_2[8:1]} : right_2;
            wire [7:0] kept = right_1[8:1];
            wire guard = right_1[0];
            wire last = right_1[1];
            wire [7:0] field_1 = field_below_one[7:0];
            wire [14:0] code = ({field_1, 7'd0} | {14'd0, guard & (sticky | last)}) + {7'd0, kept};
            wire above = field_below_one[8];
            wire overflow = above | (&field_below_one[7:1]);
            wire [14:0] magnitude = overflow ? 15'h7f80 : code;
            wire result_is_nan = is_nan | (scale == 8'd255);
            assign y_1[16 * i +: 16] = result_is_nan ? 16'h7fc0 : {sign, magnitude};
        end
    endgenerate

    assign y = y_1;
endmodule

`default_nettype wire
