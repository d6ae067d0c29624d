// nvint4_dot: NVINT4 (4-bit integer elements, E4M3 scales) dot product.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        nv-dot as nvint4-dot
// Parameters  lanes = 16
//             element = int4
//             result = exact
// Latency     none, combinational; a beat may follow every clock
// Computes    y = sum  a[i]*b[i] * a_scale*b_scale, exact or rounded once
// Source      NVIDIA NVFP4, as in torchao; NVINT4: "INT v.s. FP" (arXiv 2510.25602)
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit nvint4-dot

`default_nettype none

module nvint4_dot (
    input  wire [63:0] a,       // 16 lanes of int4: elements of the first block
    input  wire [7:0]  a_scale, // e4m3: scale of the first block
    input  wire [63:0] b,       // 16 lanes of int4: elements of the second block
    input  wire [7:0]  b_scale, // e4m3: scale of the second block
    output wire [46:0] y,       // fix47.18: the dot product; 0 where invalid
    output wire        invalid  // a scale is NaN or has its sign set
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 0; // clock cycles from input to output
    /* verilator lint_on UNUSED */

    genvar i;

    // Exact sum of the products
    wire [127:0] products;
    generate
        for (i = 0; i < 16; i = i + 1) begin : product_lanes
            wire signed [7:0] product = $signed(a[4 * i +: 4]) * $signed(b[4 * i +: 4]);
            assign products[8 * i +: 8] = product;
        end
    endgenerate
    wire [71:0] sum_8;
    generate
        for (i = 0; i < 8; i = i + 1) begin : sum_8_lanes
            wire signed [7:0] products_even = products[16 * i +: 8];
            wire signed [7:0] products_odd = products[16 * i + 8 +: 8];
            wire signed [8:0] sum_8_lane = {products_even[7], products_even} + {products_odd[7], products_odd};
            assign sum_8[9 * i +: 9] = sum_8_lane;
        end
    endgenerate
    wire [39:0] sum_4;
    generate
        for (i = 0; i < 4; i = i + 1) begin : sum_4_lanes
            wire signed [8:0] sum_8_even = sum_8[18 * i +: 9];
            wire signed [8:0] sum_8_odd = sum_8[18 * i + 9 +: 9];
            wire signed [9:0] sum_4_lane = {sum_8_even[8], sum_8_even} + {sum_8_odd[8], sum_8_odd};
            assign sum_4[10 * i +: 10] = sum_4_lane;
        end
    endgenerate
    wire [21:0] sum_2;
    generate
        for (i = 0; i < 2; i = i + 1) begin : sum_2_lanes
            wire signed [9:0] sum_4_even = sum_4[20 * i +: 10];
            wire signed [9:0] sum_4_odd = sum_4[20 * i + 10 +: 10];
            wire signed [10:0] sum_2_lane = {sum_4_even[9], sum_4_even} + {sum_4_odd[9], sum_4_odd};
            assign sum_2[11 * i +: 11] = sum_2_lane;
        end
    endgenerate
    wire signed [10:0] sum_2_0 = sum_2[10:0];
    wire signed [10:0] sum_2_1 = sum_2[21:11];
    wire signed [11:0] sum = $signed({sum_2_0[10], sum_2_0}) + $signed({sum_2_1[10], sum_2_1});

    // Scales of the blocks: E4M3 without a sign
    wire a_scale_sign = a_scale[7];
    wire [3:0] a_scale_field = a_scale[6:3];
    wire a_scale_is_normal = |a_scale_field;
    wire a_scale_is_nan = (&a_scale_field) & (&a_scale[2:0]);
    wire [3:0] a_scale_exponent = a_scale_is_normal ? a_scale_field : 4'd1;
    wire [3:0] a_scale_significand = {a_scale_is_normal, a_scale[2:0]};
    wire b_scale_sign = b_scale[7];
    wire [3:0] b_scale_field = b_scale[6:3];
    wire b_scale_is_normal = |b_scale_field;
    wire b_scale_is_nan = (&b_scale_field) & (&b_scale[2:0]);
    wire [3:0] b_scale_exponent = b_scale_is_normal ? b_scale_field : 4'd1;
    wire [3:0] b_scale_significand = {b_scale_is_normal, b_scale[2:0]};

    // The sum times both scales
    wire is_invalid = a_scale_is_nan | a_scale_sign | b_scale_is_nan | b_scale_sign;
    wire [7:0] significand = a_scale_significand * b_scale_significand;
    wire signed [18:0] scaled = $signed(sum) * $signed({1'b0, significand});
    wire [4:0] exponent = ({1'b0, a_scale_exponent} + {1'b0, b_scale_exponent}) - 5'd2;

    // Result
    wire signed [18:0] valid = is_invalid ? 19'd0 : scaled;
    wire signed [46:0] product_1 = {{28{valid[18]}}, valid} << exponent;

    assign y = product_1;
    assign invalid = is_invalid;
endmodule

`default_nettype wire
