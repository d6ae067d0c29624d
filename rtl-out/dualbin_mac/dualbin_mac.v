// dualbin_mac: Dot product with two scaled planes of binary weights, added to an exact running sum.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        dualbin-mac
// Parameters  lanes = 32
//             a = int8
//             alpha = fix16.8
//             beats = 256
// Latency     1 clock cycle; a beat may follow every clock
// Computes    y_beat = alpha[0] * sum  a[i]*b[i][0] + alpha[1] * sum  a[i]*b[i][1], exact; b[i][p] is bit p of the code
//             y <- (first ? 0 : y) + y_beat, exact
// Source      DB-LLM (dual binarization)
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit dualbin-mac

`default_nettype none

module dualbin_mac (
    input  wire         clk,   // rising edge
    input  wire         rst,   // synchronous, active high
    input  wire         en,    // this beat is accepted
    input  wire         first, // this beat starts a new sum, from 0
    input  wire [255:0] a,     // 32 lanes of int8: numbers
    input  wire [63:0]  b,     // 32 lanes of uint2: weights: a bit of each plane
    input  wire [31:0]  alpha, // 2 lanes of fix16.8: scales of the planes
    output wire [37:0]  y      // fix38.8: the running sum of the dot products, modulo its width
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 1; // clock cycles from input to output
    /* verilator lint_on UNUSED */

    // State and pipeline registers; _s<n> is the value in stage n
    reg signed [37:0] sum;

    genvar i;

    // Plane 0
    wire [255:0] plane0_chosen;
    generate
        for (i = 0; i < 32; i = i + 1) begin : chosen_lanes
            /* verilator lint_off UNUSED */ // bit 1 is not needed
            wire [1:0] b_lane = b[2 * i +: 2];
            /* verilator lint_on UNUSED */
            assign plane0_chosen[8 * i +: 8] = b_lane[0] ? a[8 * i +: 8] : 8'd0;
        end
    endgenerate
    wire [143:0] plane0_sum_16;
    generate
        for (i = 0; i < 16; i = i + 1) begin : sum_16_lanes
            wire signed [7:0] plane0_chosen_even = plane0_chosen[16 * i +: 8];
            wire signed [7:0] plane0_chosen_odd = plane0_chosen[16 * i + 8 +: 8];
            wire signed [8:0] plane0_sum_16_lane = {plane0_chosen_even[7], plane0_chosen_even} + {plane0_chosen_odd[7], plane0_chosen_odd};
            assign plane0_sum_16[9 * i +: 9] = plane0_sum_16_lane;
        end
    endgenerate
    wire [79:0] plane0_sum_8;
    generate
        for (i = 0; i < 8; i = i + 1) begin : sum_8_lanes
            wire signed [8:0] plane0_sum_16_even = plane0_sum_16[18 * i +: 9];
            wire signed [8:0] plane0_sum_16_odd = plane0_sum_16[18 * i + 9 +: 9];
            wire signed [9:0] plane0_sum_8_lane = {plane0_sum_16_even[8], plane0_sum_16_even} + {plane0_sum_16_odd[8], plane0_sum_16_odd};
            assign plane0_sum_8[10 * i +: 10] = plane0_sum_8_lane;
        end
    endgenerate
    wire [43:0] plane0_sum_4;
    generate
        for (i = 0; i < 4; i = i + 1) begin : sum_4_lanes
            wire signed [9:0] plane0_sum_8_even = plane0_sum_8[20 * i +: 10];
            wire signed [9:0] plane0_sum_8_odd = plane0_sum_8[20 * i + 10 +: 10];
            wire signed [10:0] plane0_sum_4_lane = {plane0_sum_8_even[9], plane0_sum_8_even} + {plane0_sum_8_odd[9], plane0_sum_8_odd};
            assign plane0_sum_4[11 * i +: 11] = plane0_sum_4_lane;
        end
    endgenerate
    wire [23:0] plane0_sum_2;
    generate
        for (i = 0; i < 2; i = i + 1) begin : sum_2_lanes
            wire signed [10:0] plane0_sum_4_even = plane0_sum_4[22 * i +: 11];
            wire signed [10:0] plane0_sum_4_odd = plane0_sum_4[22 * i + 11 +: 11];
            wire signed [11:0] plane0_sum_2_lane = {plane0_sum_4_even[10], plane0_sum_4_even} + {plane0_sum_4_odd[10], plane0_sum_4_odd};
            assign plane0_sum_2[12 * i +: 12] = plane0_sum_2_lane;
        end
    endgenerate
    wire signed [11:0] plane0_sum_2_0 = plane0_sum_2[11:0];
    wire signed [11:0] plane0_sum_2_1 = plane0_sum_2[23:12];
    wire signed [12:0] plane0_sum = $signed({plane0_sum_2_0[11], plane0_sum_2_0}) + $signed({plane0_sum_2_1[11], plane0_sum_2_1});

    // Plane 1
    wire [255:0] plane1_chosen;
    generate
        for (i = 0; i < 32; i = i + 1) begin : chosen_lanes_1
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire [1:0] b_lane_1 = b[2 * i +: 2];
            /* verilator lint_on UNUSED */
            assign plane1_chosen[8 * i +: 8] = b_lane_1[1] ? a[8 * i +: 8] : 8'd0;
        end
    endgenerate
    wire [143:0] plane1_sum_16;
    generate
        for (i = 0; i < 16; i = i + 1) begin : sum_16_lanes_1
            wire signed [7:0] plane1_chosen_even = plane1_chosen[16 * i +: 8];
            wire signed [7:0] plane1_chosen_odd = plane1_chosen[16 * i + 8 +: 8];
            wire signed [8:0] plane1_sum_16_lane = {plane1_chosen_even[7], plane1_chosen_even} + {plane1_chosen_odd[7], plane1_chosen_odd};
            assign plane1_sum_16[9 * i +: 9] = plane1_sum_16_lane;
        end
    endgenerate
    wire [79:0] plane1_sum_8;
    generate
        for (i = 0; i < 8; i = i + 1) begin : sum_8_lanes_1
            wire signed [8:0] plane1_sum_16_even = plane1_sum_16[18 * i +: 9];
            wire signed [8:0] plane1_sum_16_odd = plane1_sum_16[18 * i + 9 +: 9];
            wire signed [9:0] plane1_sum_8_lane = {plane1_sum_16_even[8], plane1_sum_16_even} + {plane1_sum_16_odd[8], plane1_sum_16_odd};
            assign plane1_sum_8[10 * i +: 10] = plane1_sum_8_lane;
        end
    endgenerate
    wire [43:0] plane1_sum_4;
    generate
        for (i = 0; i < 4; i = i + 1) begin : sum_4_lanes_1
            wire signed [9:0] plane1_sum_8_even = plane1_sum_8[20 * i +: 10];
            wire signed [9:0] plane1_sum_8_odd = plane1_sum_8[20 * i + 10 +: 10];
            wire signed [10:0] plane1_sum_4_lane = {plane1_sum_8_even[9], plane1_sum_8_even} + {plane1_sum_8_odd[9], plane1_sum_8_odd};
            assign plane1_sum_4[11 * i +: 11] = plane1_sum_4_lane;
        end
    endgenerate
    wire [23:0] plane1_sum_2;
    generate
        for (i = 0; i < 2; i = i + 1) begin : sum_2_lanes_1
            wire signed [10:0] plane1_sum_4_even = plane1_sum_4[22 * i +: 11];
            wire signed [10:0] plane1_sum_4_odd = plane1_sum_4[22 * i + 11 +: 11];
            wire signed [11:0] plane1_sum_2_lane = {plane1_sum_4_even[10], plane1_sum_4_even} + {plane1_sum_4_odd[10], plane1_sum_4_odd};
            assign plane1_sum_2[12 * i +: 12] = plane1_sum_2_lane;
        end
    endgenerate
    wire signed [11:0] plane1_sum_2_0 = plane1_sum_2[11:0];
    wire signed [11:0] plane1_sum_2_1 = plane1_sum_2[23:12];
    wire signed [12:0] plane1_sum = $signed({plane1_sum_2_0[11], plane1_sum_2_0}) + $signed({plane1_sum_2_1[11], plane1_sum_2_1});

    // Each plane times its scale
    wire signed [28:0] product = $signed(alpha[15:0]) * $signed(plane0_sum);
    wire signed [28:0] product_1 = $signed(alpha[31:16]) * $signed(plane1_sum);
    wire signed [29:0] sum_1 = {product[28], product} + {product_1[28], product_1};

    // The running sum
    wire signed [37:0] carried = first ? 38'd0 : sum;

    always @(posedge clk) begin
        if (rst) sum <= 38'd0;
        else if (en) sum <= carried + {{8{sum_1[29]}}, sum_1};
    end

    assign y = sum;
endmodule

`default_nettype wire
