// fp4w_fp8a_mac: FP8 activations times FP4 weights with a power-of-two scale for the group, accumulated exactly.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        fp-shift-mac as fp4w-fp8a-mac
// Parameters  lanes = 32
//             a = e4m3
//             b = e2m1
//             group = 32
//             shift = int5
//             accumulator = exact
//             beats = 256
// Latency     1 clock cycle; a beat may follow every clock
// Computes    sum = sum  a[i]*b[i] * 2^shift[floor(i / group)], exact
//             float: y <- round((first ? +0 : y) + round(sum)), each rounding to nearest even
//             fixed: y <- (first ? 0 : y) + sum, rounded to nearest even at the last bit of the window, modulo its width; overflow and nan stay set until first
//             exact: y <- (first ? 0 : y) + sum; invalid stays set until first, and a sum that is invalid adds 0
// Source      LLM-FP4 (Liu et al., arXiv:2310.16836), the exponent biases of channels as an explicit shift; ZeroQuant-FP (Wu et al., arXiv:2307.09782), power-of-two scales of groups; numerics as integers
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit fp4w-fp8a-mac

`default_nettype none

module fp4w_fp8a_mac (
    input  wire         clk,     // rising edge
    input  wire         rst,     // synchronous, active high
    input  wire         en,      // this beat is accepted
    input  wire         first,   // this beat starts a new sum, from 0
    input  wire [255:0] a,       // 32 lanes of e4m3: first operands
    input  wire [127:0] b,       // 32 lanes of e2m1: second operands
    input  wire [4:0]   shift,   // int5: exponents of the scales, one of a group
    output wire [66:0]  y,       // fix67.26: the running sum of the dot products, modulo its width
    output wire         invalid  // a term is NaN or infinite; since first
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 1; // clock cycles from input to output
    /* verilator lint_on UNUSED */

    // State and pipeline registers; _s<n> is the value in stage n
    reg signed [66:0] sum;
    reg invalid_seen;

    genvar i;

    // Exact sum
    wire [703:0] magnitudes;
    wire [31:0] product_is_nan;
    wire [31:0] signs;
    generate
        for (i = 0; i < 32; i = i + 1) begin : product_lanes
            wire [7:0] a_lane = a[8 * i +: 8];
            wire [3:0] b_lane = b[4 * i +: 4];
            wire a_sign = a_lane[7];
            wire [3:0] a_field = a_lane[6:3];
            wire a_is_normal = |a_field;
            wire a_is_nan = (&a_field) & (&a_lane[2:0]);
            wire [3:0] a_exponent = a_is_normal ? a_field : 4'd1;
            wire [3:0] a_significand = {a_is_normal, a_lane[2:0]};
            wire b_sign = b_lane[3];
            wire [1:0] b_field = b_lane[2:1];
            wire b_is_normal = |b_field;
            wire [1:0] b_exponent = b_is_normal ? b_field : 2'd1;
            wire [1:0] b_significand = {b_is_normal, b_lane[0]};
            wire [5:0] significand_product = a_significand * b_significand;
            wire [4:0] shift_1 = {1'b0, a_exponent} + {3'd0, b_exponent};
            /* verilator lint_off UNUSED */ // bits 1:0 are not needed
            wire [23:0] raised = {18'd0, significand_product} << shift_1;
            /* verilator lint_on UNUSED */
            wire [21:0] magnitude = raised[23:2];
            wire negative = a_sign ^ b_sign;
            assign magnitudes[22 * i +: 22] = magnitude;
            assign product_is_nan[i] = a_is_nan;
            assign signs[i] = negative;
        end
    endgenerate
    wire [767:0] terms;
    generate
        for (i = 0; i < 32; i = i + 1) begin : term_lanes
            wire [21:0] magnitudes_lane = magnitudes[22 * i +: 22];
            wire signs_lane = signs[i];
            wire [21:0] complemented = signs_lane ? ~magnitudes_lane : magnitudes_lane;
            wire signed [23:0] term = {{signs_lane, complemented}, signs_lane};
            assign terms[24 * i +: 24] = term;
        end
    endgenerate

    // Adder tree; the bit below each number is still to be added to it
    wire [399:0] sum_16;
    generate
        for (i = 0; i < 16; i = i + 1) begin : sum_16_lanes
            wire signed [23:0] terms_even = terms[48 * i +: 24];
            wire signed [23:0] terms_odd = terms[48 * i + 24 +: 24];
            wire signed [23:0] addend = {terms_odd[23:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire signed [24:0] total = {terms_even[23], terms_even} + {addend[23], addend};
            /* verilator lint_on UNUSED */
            wire signed [23:0] number = total[24:1];
            wire signed [24:0] sum_16_lane = {number, terms_odd[0]};
            assign sum_16[25 * i +: 25] = sum_16_lane;
        end
    endgenerate
    wire [207:0] sum_8;
    generate
        for (i = 0; i < 8; i = i + 1) begin : sum_8_lanes
            wire signed [24:0] sum_16_even = sum_16[50 * i +: 25];
            wire signed [24:0] sum_16_odd = sum_16[50 * i + 25 +: 25];
            wire signed [24:0] addend_1 = {sum_16_odd[24:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire signed [25:0] total_1 = {sum_16_even[24], sum_16_even} + {addend_1[24], addend_1};
            /* verilator lint_on UNUSED */
            wire signed [24:0] number_1 = total_1[25:1];
            wire signed [25:0] sum_8_lane = {number_1, sum_16_odd[0]};
            assign sum_8[26 * i +: 26] = sum_8_lane;
        end
    endgenerate
    wire [107:0] sum_4;
    generate
        for (i = 0; i < 4; i = i + 1) begin : sum_4_lanes
            wire signed [25:0] sum_8_even = sum_8[52 * i +: 26];
            wire signed [25:0] sum_8_odd = sum_8[52 * i + 26 +: 26];
            wire signed [25:0] addend_2 = {sum_8_odd[25:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire signed [26:0] total_2 = {sum_8_even[25], sum_8_even} + {addend_2[25], addend_2};
            /* verilator lint_on UNUSED */
            wire signed [25:0] number_2 = total_2[26:1];
            wire signed [26:0] sum_4_lane = {number_2, sum_8_odd[0]};
            assign sum_4[27 * i +: 27] = sum_4_lane;
        end
    endgenerate
    wire [55:0] sum_2;
    generate
        for (i = 0; i < 2; i = i + 1) begin : sum_2_lanes
            wire signed [26:0] sum_4_even = sum_4[54 * i +: 27];
            wire signed [26:0] sum_4_odd = sum_4[54 * i + 27 +: 27];
            wire signed [26:0] addend_3 = {sum_4_odd[26:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire signed [27:0] total_3 = {sum_4_even[26], sum_4_even} + {addend_3[26], addend_3};
            /* verilator lint_on UNUSED */
            wire signed [26:0] number_3 = total_3[27:1];
            wire signed [27:0] sum_2_lane = {number_3, sum_4_odd[0]};
            assign sum_2[28 * i +: 28] = sum_2_lane;
        end
    endgenerate
    wire signed [27:0] sum_2_0 = sum_2[27:0];
    wire signed [27:0] sum_2_1 = sum_2[55:28];
    wire signed [27:0] addend_4 = {sum_2_1[27:1], 1'b1};
    /* verilator lint_off UNUSED */ // bit 0 is not needed
    wire signed [28:0] total_4 = {sum_2_0[27], sum_2_0} + {addend_4[27], addend_4};
    /* verilator lint_on UNUSED */
    wire signed [27:0] number_4 = total_4[28:1];
    wire signed [28:0] total_5 = {number_4, sum_2_1[0]};
    wire rest = total_5[0];
    wire signed [27:0] sum_1 = total_5[28:1] + {27'd0, rest};

    // Exact sum
    wire is_special = |product_is_nan;
    wire signed [58:0] sum_3 = {{31{sum_1[27]}}, sum_1} << (shift + 5'd16);

    // Result
    wire signed [58:0] choice = is_special ? 59'd0 : sum_3;

    // The running sum
    wire signed [66:0] carried = first ? 67'd0 : sum;

    always @(posedge clk) begin
        if (rst) sum <= 67'd0;
        else if (en) sum <= carried + {{8{choice[58]}}, choice};
    end

    always @(posedge clk) begin
        if (rst) invalid_seen <= 1'b0;
        else if (en) invalid_seen <= (invalid_seen & ~first) | is_special;
    end

    assign y = sum;
    assign invalid = invalid_seen;
endmodule

`default_nettype wire
