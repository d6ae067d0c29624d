// mxfp6_e3m2_dot: MXFP6 (E3M2 elements) dot product.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        mx-dot as mxfp6-e3m2-dot
// Parameters  lanes = 32
//             element = e3m2
//             result = exact
// Latency     none, combinational; a beat may follow every clock
// Computes    exact: y = sum  a[i]*b[i]; 2^exponent = a_scale*b_scale; the dot product is y * 2^exponent
//             float: y = round(sum  a[i]*b[i] * a_scale*b_scale)
// Source      OCP Microscaling Formats (MX) v1.0, sections 5 and 6
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit mxfp6-e3m2-dot

`default_nettype none

module mxfp6_e3m2_dot (
    input  wire [191:0] a,        // 32 lanes of e3m2: elements of the first block
    input  wire [7:0]   a_scale,  // e8m0: scale of the first block
    input  wire [191:0] b,        // 32 lanes of e3m2: elements of the second block
    input  wire [7:0]   b_scale,  // e8m0: scale of the second block
    output wire [23:0]  y,        // fix24.8: sum of the products of the elements; 0 where invalid
    output wire [9:0]   exponent, // int10: exponents of both scales together; 0 where invalid
    output wire         invalid   // a scale is NaN, or the sum is infinite or NaN
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 0; // clock cycles from input to output
    /* verilator lint_on UNUSED */

    genvar i;

    // Exact sum of the products
    wire [607:0] products;
    generate
        for (i = 0; i < 32; i = i + 1) begin : product_lanes
            wire [5:0] a_lane = a[6 * i +: 6];
            wire [5:0] b_lane = b[6 * i +: 6];
            wire a_sign = a_lane[5];
            wire [2:0] a_field = a_lane[4:2];
            wire a_is_normal = |a_field;
            wire [2:0] a_exponent = a_is_normal ? a_field : 3'd1;
            wire [2:0] a_significand = {a_is_normal, a_lane[1:0]};
            wire b_sign = b_lane[5];
            wire [2:0] b_field = b_lane[4:2];
            wire b_is_normal = |b_field;
            wire [2:0] b_exponent = b_is_normal ? b_field : 3'd1;
            wire [2:0] b_significand = {b_is_normal, b_lane[1:0]};
            wire [5:0] significand_product = a_significand * b_significand;
            wire [3:0] shift = {1'b0, a_exponent - 3'd1} + {1'b0, b_exponent - 3'd1};
            wire [17:0] magnitude = {12'd0, significand_product} << shift;
            wire negative = a_sign ^ b_sign;
            wire signed [18:0] value = ({19{negative}} ^ {1'b0, magnitude}) + {18'd0, negative};
            assign products[19 * i +: 19] = value;
        end
    endgenerate
    wire [319:0] sum_16;
    generate
        for (i = 0; i < 16; i = i + 1) begin : sum_16_lanes
            wire signed [18:0] products_even = products[38 * i +: 19];
            wire signed [18:0] products_odd = products[38 * i + 19 +: 19];
            wire signed [19:0] sum_16_lane = {products_even[18], products_even} + {products_odd[18], products_odd};
            assign sum_16[20 * i +: 20] = sum_16_lane;
        end
    endgenerate
    wire [167:0] sum_8;
    generate
        for (i = 0; i < 8; i = i + 1) begin : sum_8_lanes
            wire signed [19:0] sum_16_even = sum_16[40 * i +: 20];
            wire signed [19:0] sum_16_odd = sum_16[40 * i + 20 +: 20];
            wire signed [20:0] sum_8_lane = {sum_16_even[19], sum_16_even} + {sum_16_odd[19], sum_16_odd};
            assign sum_8[21 * i +: 21] = sum_8_lane;
        end
    endgenerate
    wire [87:0] sum_4;
    generate
        for (i = 0; i < 4; i = i + 1) begin : sum_4_lanes
            wire signed [20:0] sum_8_even = sum_8[42 * i +: 21];
            wire signed [20:0] sum_8_odd = sum_8[42 * i + 21 +: 21];
            wire signed [21:0] sum_4_lane = {sum_8_even[20], sum_8_even} + {sum_8_odd[20], sum_8_odd};
            assign sum_4[22 * i +: 22] = sum_4_lane;
        end
    endgenerate
    wire [45:0] sum_2;
    generate
        for (i = 0; i < 2; i = i + 1) begin : sum_2_lanes
            wire signed [21:0] sum_4_even = sum_4[44 * i +: 22];
            wire signed [21:0] sum_4_odd = sum_4[44 * i + 22 +: 22];
            wire signed [22:0] sum_2_lane = {sum_4_even[21], sum_4_even} + {sum_4_odd[21], sum_4_odd};
            assign sum_2[23 * i +: 23] = sum_2_lane;
        end
    endgenerate
    wire signed [22:0] sum_2_0 = sum_2[22:0];
    wire signed [22:0] sum_2_1 = sum_2[45:23];
    wire signed [23:0] sum = {sum_2_0[22], sum_2_0} + {sum_2_1[22], sum_2_1};

    // Scales of the blocks: E8M0, bias 127, 255 is NaN
    wire signed [9:0] scale_exponent = {1'b0, {1'b0, a_scale} + {1'b0, b_scale}} - 10'd254;
    wire scale_is_nan = (a_scale == 8'd255) | (b_scale == 8'd255);

    assign y = scale_is_nan ? 24'd0 : sum;
    assign exponent = scale_is_nan ? 10'd0 : scale_exponent;
    assign invalid = scale_is_nan;
endmodule

`default_nettype wire
