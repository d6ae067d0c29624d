// mxint8_dequant: MXINT8 (8-bit integer elements) into floats.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        mx-dequant as mxint8-dequant
// Parameters  element = int8
//             lanes = 32
//             to = bf16
//             round = rne
//             overflow = special
// Latency     none, combinational; a beat may follow every clock
// Computes    y[i] = round(x[i] * scale)
// Source      OCP Microscaling Formats (MX) v1.0, section 5.1
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit mxint8-dequant

`default_nettype none

module mxint8_dequant (
    input  wire [7:0]   scale, // e8m0: scale of the block
    input  wire [255:0] x,     // 32 lanes of fix8.6: elements
    output wire [511:0] y      // 32 lanes of bf16: x times the scale
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 0; // clock cycles from input to output
    /* verilator lint_on UNUSED */

    genvar i;

    // Scale of the block: E8M0, bias 127, 255 is NaN
    wire scale_result_is_nan = scale == 8'd255;

    // Elements times the scale, in bf16
    wire [7:0] unrounded_exponent = -8'd6 + (scale - 8'd127);
    wire [7:0] room = unrounded_exponent + 8'd133;
    wire above = |room[7:3];
    wire [511:0] y_1;
    generate
        for (i = 0; i < 32; i = i + 1) begin : element_lanes
            wire signed [7:0] x_lane = x[8 * i +: 8];
            wire sign = x_lane[7];
            wire [7:0] significand = ({8{sign}} ^ x_lane) + {7'd0, sign};
            wire is_zero = ~|significand;
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
            wire [7:0] spare = room - {5'd0, zeros};
            wire is_short = (room[2:0] < zeros) & ~above;
            wire is_below_normal = is_short | is_zero;
            wire [7:0] field_below_one = is_below_normal ? 8'd0 : spare;
            wire [2:0] shift = is_short ? room[2:0] : zeros;
            wire [7:0] significand_1 = significand << shift;
            wire [14:0] code = {field_below_one, 7'd0} + {7'd0, significand_1};
            wire overflow = &field_below_one[7:1];
            wire [14:0] magnitude = overflow ? 15'h7f80 : code;
            assign y_1[16 * i +: 16] = scale_result_is_nan ? 16'h7fc0 : {sign, magnitude};
        end
    endgenerate

    assign y = y_1;
endmodule

`default_nettype wire
