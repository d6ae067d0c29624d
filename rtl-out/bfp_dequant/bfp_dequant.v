// bfp_dequant: Turns a block of block floating point into floats.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        bfp-dequant
// Parameters  mantissa = 4
//             lanes = 32
//             to = bf16
//             round = rne
//             overflow = special
// Latency     none, combinational; a beat may follow every clock
// Computes    y[i] = round(x[i] * scale)
// Source      Microsoft Floating Point (MSFP)
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit bfp-dequant

`default_nettype none

module bfp_dequant (
    input  wire [7:0]   scale, // e8m0: scale of the block
    input  wire [127:0] x,     // 32 lanes of fix4.2: elements
    output wire [511:0] y      // 32 lanes of bf16: x times the scale
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 0; // clock cycles from input to output
    /* verilator lint_on UNUSED */

    genvar i;

    // Scale of the block: E8M0, bias 127, 255 is NaN
    wire scale_result_is_nan = scale == 8'd255;

    // Elements times the scale, in bf16
    wire [7:0] unrounded_exponent = -8'd2 + (scale - 8'd127);
    wire [7:0] room = unrounded_exponent + 8'd129;
    wire above = |room[7:2];
    wire [511:0] y_1;
    generate
        for (i = 0; i < 32; i = i + 1) begin : element_lanes
            wire signed [3:0] x_lane = x[4 * i +: 4];
            wire sign = x_lane[3];
            wire [3:0] significand = ({4{sign}} ^ x_lane) + {3'd0, sign};
            wire [7:0] aligned = {significand, 4'd0};
            wire is_zero = ~|significand;
            wire [1:0] top = significand[3:2];
            wire any = |top;
            wire zeros_2 = ~any;
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire [1:0] zeros_in_2 = any ? top : significand[1:0];
            /* verilator lint_on UNUSED */
            wire top_1 = zeros_in_2[1];
            wire zeros_1 = ~top_1;
            wire [1:0] zeros = {zeros_2, zeros_1};
            wire [7:0] spare = room - {6'd0, zeros};
            wire is_short = (room[1:0] < zeros) & ~above;
            wire is_below_normal = is_short | is_zero;
            wire [7:0] field_below_one = is_below_normal ? 8'd0 : spare;
            wire [1:0] shift = is_short ? room[1:0] : zeros;
            wire [7:0] significand_1 = aligned << shift;
            wire [14:0] code = {field_below_one, 7'd0} + {7'd0, significand_1};
            wire overflow = &field_below_one[7:1];
            wire [14:0] magnitude = overflow ? 15'h7f80 : code;
            assign y_1[16 * i +: 16] = scale_result_is_nan ? 16'h7fc0 : {sign, magnitude};
        end
    endgenerate

    assign y = y_1;
endmodule

`default_nettype wire
