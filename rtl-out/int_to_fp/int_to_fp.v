// int_to_fp: Conversion of an integer or fixed-point number to floating point, rounded once.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        int-to-fp
// Parameters  from = int16
//             to = bf16
//             round = rne
//             overflow = saturate
//             subnormals = keep
//             random-bits = 8
// Latency     none, combinational; a beat may follow every clock
// Computes    y = round(x)
// Source      IEEE 754-2019 (convertFromInt), with the special codes of each format
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit int-to-fp

`default_nettype none

module int_to_fp (
    input  wire [15:0] x, // int16: integer or fixed-point number
    output wire [15:0] y  // bf16: the number in floating point
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 0; // clock cycles from input to output
    /* verilator lint_on UNUSED */

    genvar i;
    wire sign = x[15];
    wire [15:0] magnitude = ({16{sign}} ^ x) + {15'd0, sign};

    // Rounded once
    wire [15:0] field = magnitude;
    wire [15:0] zeros_8;
    generate
        for (i = 0; i < 8; i = i + 1) begin : zeros_8_lanes
            wire is_zero = ~field[2 * i + 1];
            wire [1:0] zeros_8_lane = {is_zero & ~field[2 * i], is_zero};
            assign zeros_8[2 * i +: 2] = zeros_8_lane;
        end
    endgenerate
    wire [11:0] zeros_4;
    generate
        for (i = 0; i < 4; i = i + 1) begin : zeros_4_lanes
            wire [1:0] zeros_8_even = zeros_8[4 * i +: 2];
            wire [1:0] zeros_8_odd = zeros_8[4 * i + 2 +: 2];
            wire none_above = zeros_8_odd[1];
            wire none = none_above & zeros_8_even[1];
            wire [2:0] zeros_4_lane = {none, none_above, none_above ? zeros_8_even[0] : zeros_8_odd[0]};
            assign zeros_4[3 * i +: 3] = zeros_4_lane;
        end
    endgenerate
    wire [7:0] zeros_2;
    generate
        for (i = 0; i < 2; i = i + 1) begin : zeros_2_lanes
            wire [2:0] zeros_4_even = zeros_4[6 * i +: 3];
            wire [2:0] zeros_4_odd = zeros_4[6 * i + 3 +: 3];
            wire none_above_1 = zeros_4_odd[2];
            wire none_1 = none_above_1 & zeros_4_even[2];
            wire [3:0] zeros_2_lane = {none_1, none_above_1, none_above_1 ? zeros_4_even[1:0] : zeros_4_odd[1:0]};
            assign zeros_2[4 * i +: 4] = zeros_2_lane;
        end
    endgenerate
    wire [3:0] zeros_2_0 = zeros_2[3:0];
    wire [3:0] zeros_2_1 = zeros_2[7:4];
    wire none_above_2 = zeros_2_1[3];
    wire none_2 = none_above_2 & zeros_2_0[3];
    /* verilator lint_off UNUSED */ // bit 4 is not needed
    wire [4:0] parts = {none_2, none_above_2, none_above_2 ? zeros_2_0[2:0] : zeros_2_1[2:0]};
    /* verilator lint_on UNUSED */
    wire [3:0] zeros = parts[3:0];
    wire [7:0] spare = 8'd141 - {4'd0, zeros};
    wire [7:0] field_below_one = (|magnitude) ? spare : 8'd0;
    wire [15:0] significand = magnitude << zeros;
    wire [7:0] kept = significand[15:8];
    wire guard = significand[7];
    wire below_guard = |significand[6:0];
    wire last = significand[8];
    wire [14:0] magnitude_1 = ({field_below_one, 7'd0} | {14'd0, guard & (below_guard | last)}) + {7'd0, kept};
    wire [15:0] result = {sign, magnitude_1};

    assign y = result;
endmodule

`default_nettype wire
