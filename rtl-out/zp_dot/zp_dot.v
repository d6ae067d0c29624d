// zp_dot: Exact dot product of integers with zero points and a bias.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        zp-dot
// Parameters  lanes = 16
//             a = uint8
//             b = int8
//             bias = int32
//             mode = sym
// Latency     none, combinational; a beat may follow every clock
// Computes    y = sum  a[i]*b[i] + bias in mode sym, sum  a[i]*b[i] - zw*sum  a[i] + bias in mode asym, sum  (a[i] - zx)*(b[i] - zw) + bias in mode full
//             sumx = sum  a[i], in mode asym
// Source      A White Paper on Neural Network Quantization (arXiv 2106.08295), section 2.3
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit zp-dot

`default_nettype none

module zp_dot (
    input  wire [127:0] a,    // 16 lanes of uint8: activations
    input  wire [127:0] b,    // 16 lanes of int8: weights
    input  wire [31:0]  bias, // int32: bias, with the part of the zero points that is known beforehand
    output wire [32:0]  y     // int33: sum of the products, corrected
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 0; // clock cycles from input to output
    /* verilator lint_on UNUSED */

    genvar i;

    // sum  a*b
    wire [255:0] products;
    generate
        for (i = 0; i < 16; i = i + 1) begin : product_lanes
            wire signed [15:0] product = $signed({1'b0, a[8 * i +: 8]}) * $signed(b[8 * i +: 8]);
            assign products[16 * i +: 16] = product;
        end
    endgenerate
    wire [135:0] sum_8;
    generate
        for (i = 0; i < 8; i = i + 1) begin : sum_8_lanes
            wire signed [15:0] products_even = products[32 * i +: 16];
            wire signed [15:0] products_odd = products[32 * i + 16 +: 16];
            wire signed [16:0] sum_8_lane = {products_even[15], products_even} + {products_odd[15], products_odd};
            assign sum_8[17 * i +: 17] = sum_8_lane;
        end
    endgenerate
    wire [71:0] sum_4;
    generate
        for (i = 0; i < 4; i = i + 1) begin : sum_4_lanes
            wire signed [16:0] sum_8_even = sum_8[34 * i +: 17];
            wire signed [16:0] sum_8_odd = sum_8[34 * i + 17 +: 17];
            wire signed [17:0] sum_4_lane = {sum_8_even[16], sum_8_even} + {sum_8_odd[16], sum_8_odd};
            assign sum_4[18 * i +: 18] = sum_4_lane;
        end
    endgenerate
    wire [37:0] sum_2;
    generate
        for (i = 0; i < 2; i = i + 1) begin : sum_2_lanes
            wire signed [17:0] sum_4_even = sum_4[36 * i +: 18];
            wire signed [17:0] sum_4_odd = sum_4[36 * i + 18 +: 18];
            wire signed [18:0] sum_2_lane = {sum_4_even[17], sum_4_even} + {sum_4_odd[17], sum_4_odd};
            assign sum_2[19 * i +: 19] = sum_2_lane;
        end
    endgenerate
    wire signed [18:0] sum_2_0 = sum_2[18:0];
    wire signed [18:0] sum_2_1 = sum_2[37:19];
    wire signed [19:0] dot = {sum_2_0[18], sum_2_0} + {sum_2_1[18], sum_2_1};

    assign y = {{13{dot[19]}}, dot} + {bias[31], bias};
endmodule

`default_nettype wire
