// fx_matvec: Exact product of a matrix and a vector of integers or fixed-point numbers.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        fx-matvec
// Parameters  rows = 2
//             lanes = 32
//             a = int8
//             b = int8
// Latency     none, combinational; a beat may follow every clock
// Computes    y[r] = sum  a[i]*b[r,i], exact; b[r,i] is lane r*lanes + i
// Source      plain arithmetic
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit fx-matvec

`default_nettype none

module fx_matvec (
    input  wire [255:0] a, // 32 lanes of int8: the vector: activations
    input  wire [511:0] b, // 64 lanes of int8: the matrix, row after row: weights
    output wire [41:0]  y  // 2 lanes of int21: sums of the rows
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 0; // clock cycles from input to output
    /* verilator lint_on UNUSED */

    genvar i;
    wire [255:0] low = b[255:0];
    wire [255:0] high = b[511:256];
    wire [511:0] products;
    generate
        for (i = 0; i < 32; i = i + 1) begin : product_lanes
            wire signed [15:0] product = $signed(low[8 * i +: 8]) * $signed(a[8 * i +: 8]);
            assign products[16 * i +: 16] = product;
        end
    endgenerate
    wire [271:0] sum_16;
    generate
        for (i = 0; i < 16; i = i + 1) begin : sum_16_lanes
            wire signed [15:0] products_even = products[32 * i +: 16];
            wire signed [15:0] products_odd = products[32 * i + 16 +: 16];
            wire signed [16:0] sum_16_lane = {products_even[15], products_even} + {products_odd[15], products_odd};
            assign sum_16[17 * i +: 17] = sum_16_lane;
        end
    endgenerate
    wire [143:0] sum_8;
    generate
        for (i = 0; i < 8; i = i + 1) begin : sum_8_lanes
            wire signed [16:0] sum_16_even = sum_16[34 * i +: 17];
            wire signed [16:0] sum_16_odd = sum_16[34 * i + 17 +: 17];
            wire signed [17:0] sum_8_lane = {sum_16_even[16], sum_16_even} + {sum_16_odd[16], sum_16_odd};
            assign sum_8[18 * i +: 18] = sum_8_lane;
        end
    endgenerate
    wire [75:0] sum_4;
    generate
        for (i = 0; i < 4; i = i + 1) begin : sum_4_lanes
            wire signed [17:0] sum_8_even = sum_8[36 * i +: 18];
            wire signed [17:0] sum_8_odd = sum_8[36 * i + 18 +: 18];
            wire signed [18:0] sum_4_lane = {sum_8_even[17], sum_8_even} + {sum_8_odd[17], sum_8_odd};
            assign sum_4[19 * i +: 19] = sum_4_lane;
        end
    endgenerate
    wire [39:0] sum_2;
    generate
        for (i = 0; i < 2; i = i + 1) begin : sum_2_lanes
            wire signed [18:0] sum_4_even = sum_4[38 * i +: 19];
            wire signed [18:0] sum_4_odd = sum_4[38 * i + 19 +: 19];
            wire signed [19:0] sum_2_lane = {sum_4_even[18], sum_4_even} + {sum_4_odd[18], sum_4_odd};
            assign sum_2[20 * i +: 20] = sum_2_lane;
        end
    endgenerate
    wire signed [19:0] sum_2_0 = sum_2[19:0];
    wire signed [19:0] sum_2_1 = sum_2[39:20];
    wire signed [20:0] sum = {sum_2_0[19], sum_2_0} + {sum_2_1[19], sum_2_1};
    wire [511:0] products_1;
    generate
        for (i = 0; i < 32; i = i + 1) begin : product_lanes_1
            wire signed [15:0] product_1 = $signed(high[8 * i +: 8]) * $signed(a[8 * i +: 8]);
            assign products_1[16 * i +: 16] = product_1;
        end
    endgenerate
    wire [271:0] sum_16_1;
    generate
        for (i = 0; i < 16; i = i + 1) begin : sum_16_lanes_1
            wire signed [15:0] products_even_1 = products_1[32 * i +: 16];
            wire signed [15:0] products_odd_1 = products_1[32 * i + 16 +: 16];
            wire signed [16:0] sum_16_lane_1 = {products_even_1[15], products_even_1} + {products_odd_1[15], products_odd_1};
            assign sum_16_1[17 * i +: 17] = sum_16_lane_1;
        end
    endgenerate
    wire [143:0] sum_8_1;
    generate
        for (i = 0; i < 8; i = i + 1) begin : sum_8_lanes_1
            wire signed [16:0] sum_16_even_1 = sum_16_1[34 * i +: 17];
            wire signed [16:0] sum_16_odd_1 = sum_16_1[34 * i + 17 +: 17];
            wire signed [17:0] sum_8_lane_1 = {sum_16_even_1[16], sum_16_even_1} + {sum_16_odd_1[16], sum_16_odd_1};
            assign sum_8_1[18 * i +: 18] = sum_8_lane_1;
        end
    endgenerate
    wire [75:0] sum_4_1;
    generate
        for (i = 0; i < 4; i = i + 1) begin : sum_4_lanes_1
            wire signed [17:0] sum_8_even_1 = sum_8_1[36 * i +: 18];
            wire signed [17:0] sum_8_odd_1 = sum_8_1[36 * i + 18 +: 18];
            wire signed [18:0] sum_4_lane_1 = {sum_8_even_1[17], sum_8_even_1} + {sum_8_odd_1[17], sum_8_odd_1};
            assign sum_4_1[19 * i +: 19] = sum_4_lane_1;
        end
    endgenerate
    wire [39:0] sum_2_2;
    generate
        for (i = 0; i < 2; i = i + 1) begin : sum_2_lanes_1
            wire signed [18:0] sum_4_even_1 = sum_4_1[38 * i +: 19];
            wire signed [18:0] sum_4_odd_1 = sum_4_1[38 * i + 19 +: 19];
            wire signed [19:0] sum_2_lane_1 = {sum_4_even_1[18], sum_4_even_1} + {sum_4_odd_1[18], sum_4_odd_1};
            assign sum_2_2[20 * i +: 20] = sum_2_lane_1;
        end
    endgenerate
    wire signed [19:0] sum_2_0_1 = sum_2_2[19:0];
    wire signed [19:0] sum_2_1_1 = sum_2_2[39:20];
    wire signed [20:0] sum_1 = {sum_2_0_1[19], sum_2_0_1} + {sum_2_1_1[19], sum_2_1_1};
    wire [41:0] unpack = {sum_1, sum};

    assign y = unpack;
endmodule

`default_nettype wire
