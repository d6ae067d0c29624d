// dfp_mac: Dot product in dynamic fixed point, added to an exact running sum.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        dfp-mac
// Parameters  lanes = 8
//             a = int16
//             b = int16
//             exponent = int10
//             beats = 256
// Latency     1 clock cycle; a beat may follow every clock
// Computes    y_beat = sum  a[i]*b[i], exact, in units of 2^scale
//             scale = a_scale + b_scale
//             y <- (first ? 0 : y) + y_beat, exact
// Source      Mixed Precision Training of Convolutional Neural Networks using Integer Operations (arXiv 1802.00930)
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit dfp-mac

`default_nettype none

module dfp_mac (
    input  wire         clk,     // rising edge
    input  wire         rst,     // synchronous, active high
    input  wire         en,      // this beat is accepted
    input  wire         first,   // this beat starts a new sum, from 0
    input  wire [127:0] a,       // 8 lanes of int16: elements of the first operand
    input  wire [9:0]   a_scale, // int10: their exponent
    input  wire [127:0] b,       // 8 lanes of int16: elements of the second operand
    input  wire [9:0]   b_scale, // int10: their exponent
    output wire [42:0]  y,       // int43: the running sum of the dot products, modulo its width
    output wire [10:0]  scale    // int11: exponent of the sum, as of the last beat
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 1; // clock cycles from input to output
    /* verilator lint_on UNUSED */

    // State and pipeline registers; _s<n> is the value in stage n
    reg signed [42:0] sum;
    reg signed [10:0] scale_last;

    genvar i;
    wire [255:0] products;
    generate
        for (i = 0; i < 8; i = i + 1) begin : product_lanes
            wire signed [31:0] product = $signed(a[16 * i +: 16]) * $signed(b[16 * i +: 16]);
            assign products[32 * i +: 32] = product;
        end
    endgenerate
    wire [131:0] sum_4;
    generate
        for (i = 0; i < 4; i = i + 1) begin : sum_4_lanes
            wire signed [31:0] products_even = products[64 * i +: 32];
            wire signed [31:0] products_odd = products[64 * i + 32 +: 32];
            wire signed [32:0] sum_4_lane = {products_even[31], products_even} + {products_odd[31], products_odd};
            assign sum_4[33 * i +: 33] = sum_4_lane;
        end
    endgenerate
    wire [67:0] sum_2;
    generate
        for (i = 0; i < 2; i = i + 1) begin : sum_2_lanes
            wire signed [32:0] sum_4_even = sum_4[66 * i +: 33];
            wire signed [32:0] sum_4_odd = sum_4[66 * i + 33 +: 33];
            wire signed [33:0] sum_2_lane = {sum_4_even[32], sum_4_even} + {sum_4_odd[32], sum_4_odd};
            assign sum_2[34 * i +: 34] = sum_2_lane;
        end
    endgenerate
    wire signed [33:0] sum_2_0 = sum_2[33:0];
    wire signed [33:0] sum_2_1 = sum_2[67:34];
    wire signed [34:0] sum_1 = {sum_2_0[33], sum_2_0} + {sum_2_1[33], sum_2_1};

    // The running sum
    wire signed [42:0] carried = first ? 43'd0 : sum;

    always @(posedge clk) begin
        if (rst) sum <= 43'd0;
        else if (en) sum <= carried + {{8{sum_1[34]}}, sum_1};
    end

    always @(posedge clk) begin
        if (rst) scale_last <= 11'd0;
        else if (en) scale_last <= {a_scale[9], a_scale} + {b_scale[9], b_scale};
    end

    assign y = sum;
    assign scale = scale_last;
endmodule

`default_nettype wire
