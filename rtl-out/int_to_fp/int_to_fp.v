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
    wire sign = x[15];
    wire [15:0] magnitude = ({16{sign}} ^ x) + {15'd0, sign};

    // Rounded once
    wire [7:0] top = magnitude[15:8];
    wire any = |top;
    wire zeros_8 = ~any;
    wire [7:0] zeros_in_8 = any ? top : magnitude[7:0];
    wire [3:0] top_1 = zeros_in_8[7:4];
    wire any_1 = |top_1;
    wire zeros_4 = ~any_1;
    wire [3:0] zeros_in_4 = any_1 ? top_1 : zeros_in_8[3:0];
    wire [1:0] top_2 = zeros_in_4[3:2];
    wire any_2 = |top_2;
    wire zeros_2 = ~any_2;
    /* verilator lint_off UNUSED */ // bit 0 is not needed
    wire [1:0] zeros_in_2 = any_2 ? top_2 : zeros_in_4[1:0];
    /* verilator lint_on UNUSED */
    wire top_3 = zeros_in_2[1];
    wire zeros_1 = ~top_3;
    wire [3:0] zeros = {zeros_8, zeros_4, zeros_2, zeros_1};
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
