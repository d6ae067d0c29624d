// mxint8_dot: MXINT8 (8-bit integer elements) dot product.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        mx-dot as mxint8-dot
// Parameters  lanes = 32
//             element = int8
//             result = exact
// Latency     none, combinational; a beat may follow every clock
// Computes    exact: y = sum  a[i]*b[i]; 2^exponent = a_scale*b_scale; the dot product is y * 2^exponent
//             float: y = round(sum  a[i]*b[i] * a_scale*b_scale)
// Source      OCP Microscaling Formats (MX) v1.0, sections 5 and 6
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit mxint8-dot

`default_nettype none

module mxint8_dot (
    input  wire [255:0] a,        // 32 lanes of fix8.6: elements of the first block
    input  wire [7:0]   a_scale,  // e8m0: scale of the first block
    input  wire [255:0] b,        // 32 lanes of fix8.6: elements of the second block
    input  wire [7:0]   b_scale,  // e8m0: scale of the second block
    output wire [20:0]  y,        // fix21.12: sum of the products of the elements; 0 where invalid
    output wire [9:0]   exponent, // int10: exponents of both scales together; 0 where invalid
    output wire         invalid   // a scale is NaN, or the sum is infinite or NaN
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 0; // clock cycles from input to output
    /* verilator lint_on UNUSED */

    genvar i;

    // Exact sum of the products
    wire [511:0] products;
    generate
        for (i = 0; i < 32; i = i + 1) begin : product_lanes
            wire signed [15:0] product = $signed(a[8 * i +: 8]) * $signed(b[8 * i +: 8]);
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

    // Scales of the blocks: E8M0, bias 127, 255 is NaN
    wire signed [9:0] scale_exponent = {1'b0, {1'b0, a_scale} + {1'b0, b_scale}} - 10'd254;
    wire scale_is_nan = (a_scale == 8'd255) | (b_scale == 8'd255);

    assign y = scale_is_nan ? 21'd0 : sum;
    assign exponent = scale_is_nan ? 10'd0 : scale_exponent;
    assign invalid = scale_is_nan;
endmodule

`default_nettype wire
