// fx_mac: Dot product of integers or fixed-point numbers, added to an exact running sum.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        fx-mac
// Parameters  lanes = 32
//             a = int8
//             b = int8
//             beats = 256
// Latency     1 clock cycle; a beat may follow every clock
// Computes    y_beat = sum  a[i]*b[i], exact
//             y <- (first ? 0 : y) + y_beat, exact
// Source      plain arithmetic
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit fx-mac

`default_nettype none

module fx_mac (
    input  wire         clk,   // rising edge
    input  wire         rst,   // synchronous, active high
    input  wire         en,    // this beat is accepted
    input  wire         first, // this beat starts a new sum, from 0
    input  wire [255:0] a,     // 32 lanes of int8: first operands
    input  wire [255:0] b,     // 32 lanes of int8: second operands
    output wire [28:0]  y      // int29: the running sum of the dot products, modulo its width
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 1; // clock cycles from input to output
    /* verilator lint_on UNUSED */

    // State and pipeline registers; _s<n> is the value in stage n
    reg signed [28:0] sum;

    genvar i;
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
    wire signed [20:0] sum_1 = {sum_2_0[19], sum_2_0} + {sum_2_1[19], sum_2_1};

    // The running sum
    wire signed [28:0] carried = first ? 29'd0 : sum;

    always @(posedge clk) begin
        if (rst) sum <= 29'd0;
        else if (en) sum <= carried + {{8{sum_1[20]}}, sum_1};
    end

    assign y = sum;
endmodule

`default_nettype wire
