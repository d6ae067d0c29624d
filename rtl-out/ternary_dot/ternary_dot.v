// ternary_dot: Exact dot product with ternary weights.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        ternary-dot
// Parameters  lanes = 32
//             a = int8
//             weights = int2
// Latency     none, combinational; a beat may follow every clock
// Computes    y = sum  a[i]*b[i], exact, each b[i] one of -1, 0, +1
// Source      Spectra (TriLM) and BitNet b1.58; ggml TQ1_0 for five weights in a byte
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit ternary-dot

`default_nettype none

module ternary_dot (
    input  wire [255:0] a, // 32 lanes of int8: numbers
    input  wire [63:0]  b, // 32 lanes of int2: weights -1, 0, +1; -2 counts as 0
    output wire [13:0]  y  // int14: sum of the products
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 0; // clock cycles from input to output
    /* verilator lint_on UNUSED */

    genvar i;

    // Each number as it is, complemented or left out
    wire [287:0] terms;
    generate
        for (i = 0; i < 32; i = i + 1) begin : term_lanes
            wire signed [1:0] b_lane = b[2 * i +: 2];
            wire signed [7:0] choice = b_lane[0] ? a[8 * i +: 8] : 8'd0;
            wire signed [7:0] complemented = b_lane[1] ? ~choice : choice;
            assign terms[9 * i +: 9] = {complemented, b_lane[1]};
        end
    endgenerate

    // Adder tree; the bit below each number is still to be added to it
    wire [159:0] sum_16;
    generate
        for (i = 0; i < 16; i = i + 1) begin : sum_16_lanes
            wire signed [8:0] terms_even = terms[18 * i +: 9];
            wire signed [8:0] terms_odd = terms[18 * i + 9 +: 9];
            wire signed [8:0] addend = {terms_odd[8:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire signed [9:0] total = {terms_even[8], terms_even} + {addend[8], addend};
            /* verilator lint_on UNUSED */
            wire signed [8:0] number = total[9:1];
            wire signed [9:0] sum_16_lane = {number, terms_odd[0]};
            assign sum_16[10 * i +: 10] = sum_16_lane;
        end
    endgenerate
    wire [87:0] sum_8;
    generate
        for (i = 0; i < 8; i = i + 1) begin : sum_8_lanes
            wire signed [9:0] sum_16_even = sum_16[20 * i +: 10];
            wire signed [9:0] sum_16_odd = sum_16[20 * i + 10 +: 10];
            wire signed [9:0] addend_1 = {sum_16_odd[9:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire signed [10:0] total_1 = {sum_16_even[9], sum_16_even} + {addend_1[9], addend_1};
            /* verilator lint_on UNUSED */
            wire signed [9:0] number_1 = total_1[10:1];
            wire signed [10:0] sum_8_lane = {number_1, sum_16_odd[0]};
            assign sum_8[11 * i +: 11] = sum_8_lane;
        end
    endgenerate
    wire [47:0] sum_4;
    generate
        for (i = 0; i < 4; i = i + 1) begin : sum_4_lanes
            wire signed [10:0] sum_8_even = sum_8[22 * i +: 11];
            wire signed [10:0] sum_8_odd = sum_8[22 * i + 11 +: 11];
            wire signed [10:0] addend_2 = {sum_8_odd[10:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire signed [11:0] total_2 = {sum_8_even[10], sum_8_even} + {addend_2[10], addend_2};
            /* verilator lint_on UNUSED */
            wire signed [10:0] number_2 = total_2[11:1];
            wire signed [11:0] sum_4_lane = {number_2, sum_8_odd[0]};
            assign sum_4[12 * i +: 12] = sum_4_lane;
        end
    endgenerate
    wire [25:0] sum_2;
    generate
        for (i = 0; i < 2; i = i + 1) begin : sum_2_lanes
            wire signed [11:0] sum_4_even = sum_4[24 * i +: 12];
            wire signed [11:0] sum_4_odd = sum_4[24 * i + 12 +: 12];
            wire signed [11:0] addend_3 = {sum_4_odd[11:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire signed [12:0] total_3 = {sum_4_even[11], sum_4_even} + {addend_3[11], addend_3};
            /* verilator lint_on UNUSED */
            wire signed [11:0] number_3 = total_3[12:1];
            wire signed [12:0] sum_2_lane = {number_3, sum_4_odd[0]};
            assign sum_2[13 * i +: 13] = sum_2_lane;
        end
    endgenerate
    wire signed [12:0] sum_2_0 = sum_2[12:0];
    wire signed [12:0] sum_2_1 = sum_2[25:13];
    wire signed [12:0] addend_4 = {sum_2_1[12:1], 1'b1};
    /* verilator lint_off UNUSED */ // bit 0 is not needed
    wire signed [13:0] total_4 = {sum_2_0[12], sum_2_0} + {addend_4[12], addend_4};
    /* verilator lint_on UNUSED */
    wire signed [12:0] number_4 = total_4[13:1];
    wire signed [13:0] total_5 = {number_4, sum_2_1[0]};
    wire rest = total_5[0];
    wire signed [12:0] shifted = total_5[13:1];

    assign y = {shifted[12], shifted} + {13'd0, rest};
endmodule

`default_nettype wire
