// khot_mac: Dot product with weights that are sums of a few powers of two, added to an exact running sum.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        khot-mac
// Parameters  lanes = 16
//             a = int16
//             terms = 2
//             shift-bits = 3
//             encoding = binary
//             weights = 
//             beats = 256
// Latency     1 clock cycle; a beat may follow every clock
// Computes    y_beat = sum  a[i]*w[i], exact, with w[i] = +- sum  present[t]*2^exponent[t] (csd: a sign for each t)
//             y <- (first ? 0 : y) + y_beat, exact
// Source      QFX, K-hot multiplicands
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit khot-mac

`default_nettype none

module khot_mac (
    input  wire         clk,   // rising edge
    input  wire         rst,   // synchronous, active high
    input  wire         en,    // this beat is accepted
    input  wire         first, // this beat starts a new sum, from 0
    input  wire [255:0] a,     // 16 lanes of int16: numbers
    input  wire [143:0] b,     // 16 lanes of uint9: weights, as words of khot-mul
    output wire [36:0]  y      // int37: the running sum of the dot products, modulo its width
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 1; // clock cycles from input to output
    /* verilator lint_on UNUSED */

    // State and pipeline registers; _s<n> is the value in stage n
    reg signed [36:0] sum;

    genvar i;

    // Shifted numbers
    wire [383:0] lane_term0;
    wire [383:0] lane_term1;
    generate
        for (i = 0; i < 16; i = i + 1) begin : lane_lanes
            wire signed [15:0] a_lane = a[16 * i +: 16];
            wire [8:0] b_lane = b[9 * i +: 9];
            wire [2:0] exponent0 = b_lane[2:0];
            wire present0 = b_lane[3];
            wire negative = b_lane[8];
            wire signed [22:0] shifted0 = {{7{a_lane[15]}}, a_lane} << exponent0;
            wire signed [22:0] choice = present0 ? shifted0 : 23'd0;
            wire signed [22:0] complemented = negative ? ~choice : choice;
            wire [2:0] exponent1 = b_lane[6:4];
            wire present1 = b_lane[7];
            wire signed [22:0] shifted1 = {{7{a_lane[15]}}, a_lane} << exponent1;
            wire signed [22:0] choice_1 = present1 ? shifted1 : 23'd0;
            wire signed [22:0] complemented_1 = negative ? ~choice_1 : choice_1;
            assign lane_term0[24 * i +: 24] = {complemented, negative};
            assign lane_term1[24 * i +: 24] = {complemented_1, negative};
        end
    endgenerate

    // Adder tree; the bit below each number is still to be added to it
    wire [199:0] sum0_8;
    generate
        for (i = 0; i < 8; i = i + 1) begin : sum0_8_lanes
            wire signed [23:0] lane_term0_even = lane_term0[48 * i +: 24];
            wire signed [23:0] lane_term0_odd = lane_term0[48 * i + 24 +: 24];
            wire signed [23:0] addend = {lane_term0_odd[23:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire signed [24:0] total = {lane_term0_even[23], lane_term0_even} + {addend[23], addend};
            /* verilator lint_on UNUSED */
            wire signed [23:0] number = total[24:1];
            wire signed [24:0] sum0_8_lane = {number, lane_term0_odd[0]};
            assign sum0_8[25 * i +: 25] = sum0_8_lane;
        end
    endgenerate
    wire [103:0] sum0_4;
    generate
        for (i = 0; i < 4; i = i + 1) begin : sum0_4_lanes
            wire signed [24:0] sum0_8_even = sum0_8[50 * i +: 25];
            wire signed [24:0] sum0_8_odd = sum0_8[50 * i + 25 +: 25];
            wire signed [24:0] addend_1 = {sum0_8_odd[24:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire signed [25:0] total_1 = {sum0_8_even[24], sum0_8_even} + {addend_1[24], addend_1};
            /* verilator lint_on UNUSED */
            wire signed [24:0] number_1 = total_1[25:1];
            wire signed [25:0] sum0_4_lane = {number_1, sum0_8_odd[0]};
            assign sum0_4[26 * i +: 26] = sum0_4_lane;
        end
    endgenerate
    wire [53:0] sum0_2;
    generate
        for (i = 0; i < 2; i = i + 1) begin : sum0_2_lanes
            wire signed [25:0] sum0_4_even = sum0_4[52 * i +: 26];
            wire signed [25:0] sum0_4_odd = sum0_4[52 * i + 26 +: 26];
            wire signed [25:0] addend_2 = {sum0_4_odd[25:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire signed [26:0] total_2 = {sum0_4_even[25], sum0_4_even} + {addend_2[25], addend_2};
            /* verilator lint_on UNUSED */
            wire signed [25:0] number_2 = total_2[26:1];
            wire signed [26:0] sum0_2_lane = {number_2, sum0_4_odd[0]};
            assign sum0_2[27 * i +: 27] = sum0_2_lane;
        end
    endgenerate
    wire signed [26:0] sum0_2_0 = sum0_2[26:0];
    wire signed [26:0] sum0_2_1 = sum0_2[53:27];
    wire signed [26:0] addend_3 = {sum0_2_1[26:1], 1'b1};
    /* verilator lint_off UNUSED */ // bit 0 is not needed
    wire signed [27:0] total_3 = {sum0_2_0[26], sum0_2_0} + {addend_3[26], addend_3};
    /* verilator lint_on UNUSED */
    wire signed [26:0] number_3 = total_3[27:1];
    wire signed [27:0] joined = {number_3, sum0_2_1[0]};
    wire [199:0] sum1_8;
    generate
        for (i = 0; i < 8; i = i + 1) begin : sum1_8_lanes
            wire signed [23:0] lane_term1_even = lane_term1[48 * i +: 24];
            wire signed [23:0] lane_term1_odd = lane_term1[48 * i + 24 +: 24];
            wire signed [23:0] addend_4 = {lane_term1_odd[23:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire signed [24:0] total_4 = {lane_term1_even[23], lane_term1_even} + {addend_4[23], addend_4};
            /* verilator lint_on UNUSED */
            wire signed [23:0] number_4 = total_4[24:1];
            wire signed [24:0] sum1_8_lane = {number_4, lane_term1_odd[0]};
            assign sum1_8[25 * i +: 25] = sum1_8_lane;
        end
    endgenerate
    wire [103:0] sum1_4;
    generate
        for (i = 0; i < 4; i = i + 1) begin : sum1_4_lanes
            wire signed [24:0] sum1_8_even = sum1_8[50 * i +: 25];
            wire signed [24:0] sum1_8_odd = sum1_8[50 * i + 25 +: 25];
            wire signed [24:0] addend_5 = {sum1_8_odd[24:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire signed [25:0] total_5 = {sum1_8_even[24], sum1_8_even} + {addend_5[24], addend_5};
            /* verilator lint_on UNUSED */
            wire signed [24:0] number_5 = total_5[25:1];
            wire signed [25:0] sum1_4_lane = {number_5, sum1_8_odd[0]};
            assign sum1_4[26 * i +: 26] = sum1_4_lane;
        end
    endgenerate
    wire [53:0] sum1_2;
    generate
        for (i = 0; i < 2; i = i + 1) begin : sum1_2_lanes
            wire signed [25:0] sum1_4_even = sum1_4[52 * i +: 26];
            wire signed [25:0] sum1_4_odd = sum1_4[52 * i + 26 +: 26];
            wire signed [25:0] addend_6 = {sum1_4_odd[25:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire signed [26:0] total_6 = {sum1_4_even[25], sum1_4_even} + {addend_6[25], addend_6};
            /* verilator lint_on UNUSED */
            wire signed [25:0] number_6 = total_6[26:1];
            wire signed [26:0] sum1_2_lane = {number_6, sum1_4_odd[0]};
            assign sum1_2[27 * i +: 27] = sum1_2_lane;
        end
    endgenerate
    wire signed [26:0] sum1_2_0 = sum1_2[26:0];
    wire signed [26:0] sum1_2_1 = sum1_2[53:27];
    wire signed [26:0] addend_7 = {sum1_2_1[26:1], 1'b1};
    /* verilator lint_off UNUSED */ // bit 0 is not needed
    wire signed [27:0] total_7 = {sum1_2_0[26], sum1_2_0} + {addend_7[26], addend_7};
    /* verilator lint_on UNUSED */
    wire signed [26:0] number_7 = total_7[27:1];
    wire signed [27:0] joined_1 = {number_7, sum1_2_1[0]};
    wire signed [27:0] addend_8 = {joined_1[27:1], 1'b1};
    /* verilator lint_off UNUSED */ // bit 0 is not needed
    wire signed [28:0] total_8 = {joined[27], joined} + {addend_8[27], addend_8};
    /* verilator lint_on UNUSED */
    wire signed [27:0] number_8 = total_8[28:1];
    wire signed [28:0] total_9 = {number_8, joined_1[0]};
    wire rest = total_9[0];
    wire signed [27:0] shifted = total_9[28:1];
    wire signed [28:0] sum_1 = {shifted[27], shifted} + {28'd0, rest};

    // The running sum
    wire signed [36:0] carried = first ? 37'd0 : sum;

    always @(posedge clk) begin
        if (rst) sum <= 37'd0;
        else if (en) sum <= carried + {{8{sum_1[28]}}, sum_1};
    end

    assign y = sum;
endmodule

`default_nettype wire
