// zp_mac: Dot product of integers with zero points, added to an exact running sum that starts from a bias.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        zp-mac
// Parameters  lanes = 16
//             a = uint8
//             b = int8
//             bias = int32
//             mode = sym
//             beats = 256
// Latency     1 clock cycle; a beat may follow every clock
// Computes    y_beat = sum  a[i]*b[i] in mode sym, sum  a[i]*b[i] - zw*sum  a[i] in mode asym, sum  (a[i] - zx)*(b[i] - zw) in mode full
//             sumx_beat = sum  a[i], in mode asym
//             y <- (first ? bias : y) + y_beat, exact
//             sumx <- (first ? 0 : sumx) + sumx_beat, exact
// Source      A White Paper on Neural Network Quantization (arXiv 2106.08295), section 2.3
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit zp-mac

`default_nettype none

module zp_mac (
    input  wire         clk,   // rising edge
    input  wire         rst,   // synchronous, active high
    input  wire         en,    // this beat is accepted
    input  wire         first, // this beat starts a new sum, from bias
    input  wire [127:0] a,     // 16 lanes of uint8: activations
    input  wire [127:0] b,     // 16 lanes of int8: weights
    input  wire [31:0]  bias,  // int32: bias, with the part of the zero points that is known beforehand
    output wire [32:0]  y      // int33: the running sum of the dot products, modulo its width
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 1; // clock cycles from input to output
    /* verilator lint_on UNUSED */

    // State and pipeline registers; _s<n> is the value in stage n
    reg signed [32:0] sum;

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

    // The running sum
    wire signed [32:0] carried = first ? {bias[31], bias} : sum;

    always @(posedge clk) begin
        if (rst) sum <= 33'd0;
        else if (en) sum <= carried + {{13{dot[19]}}, dot};
    end

    assign y = sum;
endmodule

`default_nettype wire
