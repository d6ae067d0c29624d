// bfp_dot: Dot product of two blocks of block floating point.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        bfp-dot
// Parameters  lanes = 32
//             mantissa = 4
//             result = exact
// Latency     none, combinational; a beat may follow every clock
// Computes    exact: y = sum  a[i]*b[i]; 2^exponent = a_scale*b_scale; the dot product is y * 2^exponent
//             float: y = round(sum  a[i]*b[i] * a_scale*b_scale)
// Source      Microsoft Floating Point (MSFP); "Accurate Block Quantization in LLMs with Outliers" (arXiv 2403.20137)
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit bfp-dot

`default_nettype none

module bfp_dot (
    input  wire [127:0] a,        // 32 lanes of fix4.2: elements of the first block
    input  wire [7:0]   a_scale,  // e8m0: scale of the first block
    input  wire [127:0] b,        // 32 lanes of fix4.2: elements of the second block
    input  wire [7:0]   b_scale,  // e8m0: scale of the second block
    output wire [12:0]  y,        // fix13.4: sum of the products of the elements; 0 where invalid
    output wire [9:0]   exponent, // int10: exponents of both scales together; 0 where invalid
    output wire         invalid   // a scale is NaN, or the sum is infinite or NaN
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 0; // clock cycles from input to output
    /* verilator lint_on UNUSED */

    genvar i;

    // Exact sum of the products
    wire [255:0] products;
    generate
        for (i = 0; i < 32; i = i + 1) begin : product_lanes
            wire signed [7:0] product = $signed(a[4 * i +: 4]) * $signed(b[4 * i +: 4]);
            assign products[8 * i +: 8] = product;
        end
    endgenerate
    wire [143:0] sum_16;
    generate
        for (i = 0; i < 16; i = i + 1) begin : sum_16_lanes
            wire signed [7:0] products_even = products[16 * i +: 8];
            wire signed [7:0] products_odd = products[16 * i + 8 +: 8];
            wire signed [8:0] sum_16_lane = {products_even[7], products_even} + {products_odd[7], products_odd};
            assign sum_16[9 * i +: 9] = sum_16_lane;
        end
    endgenerate
    wire [79:0] sum_8;
    generate
        for (i = 0; i < 8; i = i + 1) begin : sum_8_lanes
            wire signed [8:0] sum_16_even = sum_16[18 * i +: 9];
            wire signed [8:0] sum_16_odd = sum_16[18 * i + 9 +: 9];
            wire signed [9:0] sum_8_lane = {sum_16_even[8], sum_16_even} + {sum_16_odd[8], sum_16_odd};
            assign sum_8[10 * i +: 10] = sum_8_lane;
        end
    endgenerate
    wire [43:0] sum_4;
    generate
        for (i = 0; i < 4; i = i + 1) begin : sum_4_lanes
            wire signed [9:0] sum_8_even = sum_8[20 * i +: 10];
            wire signed [9:0] sum_8_odd = sum_8[20 * i + 10 +: 10];
            wire signed [10:0] sum_4_lane = {sum_8_even[9], sum_8_even} + {sum_8_odd[9], sum_8_odd};
            assign sum_4[11 * i +: 11] = sum_4_lane;
        end
    endgenerate
    wire [23:0] sum_2;
    generate
        for (i = 0; i < 2; i = i + 1) begin : sum_2_lanes
            wire signed [10:0] sum_4_even = sum_4[22 * i +: 11];
            wire signed [10:0] sum_4_odd = sum_4[22 * i + 11 +: 11];
            wire signed [11:0] sum_2_lane = {sum_4_even[10], sum_4_even} + {sum_4_odd[10], sum_4_odd};
            assign sum_2[12 * i +: 12] = sum_2_lane;
        end
    endgenerate
    wire signed [11:0] sum_2_0 = sum_2[11:0];
    wire signed [11:0] sum_2_1 = sum_2[23:12];
    wire signed [12:0] sum = {sum_2_0[11], sum_2_0} + {sum_2_1[11], sum_2_1};

    // Scales of the blocks: E8M0, bias 127, 255 is NaN
    wire signed [9:0] scale_exponent = {1'b0, {1'b0, a_scale} + {1'b0, b_scale}} - 10'd254;
    wire scale_is_nan = (a_scale == 8'd255) | (b_scale == 8'd255);

    assign y = scale_is_nan ? 13'd0 : sum;
    assign exponent = scale_is_nan ? 10'd0 : scale_exponent;
    assign invalid = scale_is_nan;
endmodule

`default_nettype wire
