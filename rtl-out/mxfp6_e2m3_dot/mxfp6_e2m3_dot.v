// mxfp6_e2m3_dot: MXFP6 (E2M3 elements) dot product.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        mx-dot as mxfp6-e2m3-dot
// Parameters  lanes = 32
//             element = e2m3
//             result = exact
// Latency     none, combinational; a beat may follow every clock
// Computes    exact: y = sum  a[i]*b[i]; 2^exponent = a_scale*b_scale; the dot product is y * 2^exponent
//             float: y = round(sum  a[i]*b[i] * a_scale*b_scale)
// Source      OCP Microscaling Formats (MX) v1.0, sections 5 and 6
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit mxfp6-e2m3-dot

`default_nettype none

module mxfp6_e2m3_dot (
    input  wire [191:0] a,        // 32 lanes of e2m3: elements of the first block
    input  wire [7:0]   a_scale,  // e8m0: scale of the first block
    input  wire [191:0] b,        // 32 lanes of e2m3: elements of the second block
    input  wire [7:0]   b_scale,  // e8m0: scale of the second block
    output wire [17:0]  y,        // fix18.6: sum of the products of the elements; 0 where invalid
    output wire [9:0]   exponent, // int10: exponents of both scales together; 0 where invalid
    output wire         invalid   // a scale is NaN, or the sum is infinite or NaN
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 0; // clock cycles from input to output
    /* verilator lint_on UNUSED */

    genvar i;

    // Exact sum of the products
    wire [415:0] products;
    generate
        for (i = 0; i < 32; i = i + 1) begin : product_lanes
            wire [5:0] a_lane = a[6 * i +: 6];
            wire [5:0] b_lane = b[6 * i +: 6];
            wire a_sign = a_lane[5];
            wire [1:0] a_field = a_lane[4:3];
            wire a_is_normal = |a_field;
            wire [1:0] a_exponent = a_is_normal ? a_field : 2'd1;
            wire [3:0] a_significand = {a_is_normal, a_lane[2:0]};
            wire b_sign = b_lane[5];
            wire [1:0] b_field = b_lane[4:3];
            wire b_is_normal = |b_field;
            wire [1:0] b_exponent = b_is_normal ? b_field : 2'd1;
            wire [3:0] b_significand = {b_is_normal, b_lane[2:0]};
            wire [7:0] significand_product = a_significand * b_significand;
            wire [2:0] shift = {1'b0, a_exponent - 2'd1} + {1'b0, b_exponent - 2'd1};
            wire [11:0] magnitude = {4'd0, significand_product} << shift;
            wire negative = a_sign ^ b_sign;
            wire signed [12:0] value = ({13{negative}} ^ {1'b0, magnitude}) + {12'd0, negative};
            assign products[13 * i +: 13] = value;
        end
    endgenerate
    wire [223:0] sum_16;
    generate
        for (i = 0; i < 16; i = i + 1) begin : sum_16_lanes
            wire signed [12:0] products_even = products[26 * i +: 13];
            wire signed [12:0] products_odd = products[26 * i + 13 +: 13];
            wire signed [13:0] sum_16_lane = {products_even[12], products_even} + {products_odd[12], products_odd};
            assign sum_16[14 * i +: 14] = sum_16_lane;
        end
    endgenerate
    wire [119:0] sum_8;
    generate
        for (i = 0; i < 8; i = i + 1) begin : sum_8_lanes
            wire signed [13:0] sum_16_even = sum_16[28 * i +: 14];
            wire signed [13:0] sum_16_odd = sum_16[28 * i + 14 +: 14];
            wire signed [14:0] sum_8_lane = {sum_16_even[13], sum_16_even} + {sum_16_odd[13], sum_16_odd};
            assign sum_8[15 * i +: 15] = sum_8_lane;
        end
    endgenerate
    wire [63:0] sum_4;
    generate
        for (i = 0; i < 4; i = i + 1) begin : sum_4_lanes
            wire signed [14:0] sum_8_even = sum_8[30 * i +: 15];
            wire signed [14:0] sum_8_odd = sum_8[30 * i + 15 +: 15];
            wire signed [15:0] sum_4_lane = {sum_8_even[14], sum_8_even} + {sum_8_odd[14], sum_8_odd};
            assign sum_4[16 * i +: 16] = sum_4_lane;
        end
    endgenerate
    wire [33:0] sum_2;
    generate
        for (i = 0; i < 2; i = i + 1) begin : sum_2_lanes
            wire signed [15:0] sum_4_even = sum_4[32 * i +: 16];
            wire signed [15:0] sum_4_odd = sum_4[32 * i + 16 +: 16];
            wire signed [16:0] sum_2_lane = {sum_4_even[15], sum_4_even} + {sum_4_odd[15], sum_4_odd};
            assign sum_2[17 * i +: 17] = sum_2_lane;
        end
    endgenerate
    wire signed [16:0] sum_2_0 = sum_2[16:0];
    wire signed [16:0] sum_2_1 = sum_2[33:17];
    wire signed [17:0] sum = {sum_2_0[16], sum_2_0} + {sum_2_1[16], sum_2_1};

    // Scales of the blocks: E8M0, bias 127, 255 is NaN
    wire signed [9:0] scale_exponent = {1'b0, {1'b0, a_scale} + {1'b0, b_scale}} - 10'd254;
    wire scale_is_nan = (a_scale == 8'd255) | (b_scale == 8'd255);

    assign y = scale_is_nan ? 18'd0 : sum;
    assign exponent = scale_is_nan ? 10'd0 : scale_exponent;
    assign invalid = scale_is_nan;
endmodule

`default_nettype wire
