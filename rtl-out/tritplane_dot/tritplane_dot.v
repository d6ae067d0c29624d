// tritplane_dot: Exact dot product with weights of scaled ternary planes.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        tritplane-dot
// Parameters  lanes = 32
//             a = int8
//             planes = 2
//             alpha = fix16.8
// Latency     none, combinational; a beat may follow every clock
// Computes    y = sum  alpha[p] * sum  a[i]*b[p*lanes + i], exact, each b one of -1, 0, +1
// Source      PTQTP (trit planes)
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit tritplane-dot

`default_nettype none

module tritplane_dot (
    input  wire [255:0] a,     // 32 lanes of int8: numbers
    input  wire [127:0] b,     // 64 lanes of int2: weights -1, 0, +1, plane after plane; -2 counts as 0
    input  wire [31:0]  alpha, // 2 lanes of fix16.8: scales of the planes
    output wire [29:0]  y      // fix30.8: sum of the scaled planes
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 0; // clock cycles from input to output
    /* verilator lint_on UNUSED */

    genvar i;

    // Plane 0
    wire [63:0] b_first_32 = b[63:0];
    wire [287:0] plane0_terms;
    generate
        for (i = 0; i < 32; i = i + 1) begin : term_lanes
            wire signed [1:0] b_first_32_lane = b_first_32[2 * i +: 2];
            wire signed [7:0] plane0_choice = b_first_32_lane[0] ? a[8 * i +: 8] : 8'd0;
            wire signed [7:0] plane0_complemented = b_first_32_lane[1] ? ~plane0_choice : plane0_choice;
            assign plane0_terms[9 * i +: 9] = {plane0_complemented, b_first_32_lane[1]};
        end
    endgenerate

    // Adder tree; the bit below each number is still to be added to it
    wire [159:0] plane0_sum_16;
    generate
        for (i = 0; i < 16; i = i + 1) begin : sum_16_lanes
            wire signed [8:0] plane0_terms_even = plane0_terms[18 * i +: 9];
            wire signed [8:0] plane0_terms_odd = plane0_terms[18 * i + 9 +: 9];
            wire signed [8:0] plane0_addend = {plane0_terms_odd[8:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire signed [9:0] plane0_total = {plane0_terms_even[8], plane0_terms_even} + {plane0_addend[8], plane0_addend};
            /* verilator lint_on UNUSED */
            wire signed [8:0] plane0_number = plane0_total[9:1];
            wire signed [9:0] plane0_sum_16_lane = {plane0_number, plane0_terms_odd[0]};
            assign plane0_sum_16[10 * i +: 10] = plane0_sum_16_lane;
        end
    endgenerate
    wire [87:0] plane0_sum_8;
    generate
        for (i = 0; i < 8; i = i + 1) begin : sum_8_lanes
            wire signed [9:0] plane0_sum_16_even = plane0_sum_16[20 * i +: 10];
            wire signed [9:0] plane0_sum_16_odd = plane0_sum_16[20 * i + 10 +: 10];
            wire signed [9:0] plane0_addend_1 = {plane0_sum_16_odd[9:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire signed [10:0] plane0_total_1 = {plane0_sum_16_even[9], plane0_sum_16_even} + {plane0_addend_1[9], plane0_addend_1};
            /* verilator lint_on UNUSED */
            wire signed [9:0] plane0_number_1 = plane0_total_1[10:1];
            wire signed [10:0] plane0_sum_8_lane = {plane0_number_1, plane0_sum_16_odd[0]};
            assign plane0_sum_8[11 * i +: 11] = plane0_sum_8_lane;
        end
    endgenerate
    wire [47:0] plane0_sum_4;
    generate
        for (i = 0; i < 4; i = i + 1) begin : sum_4_lanes
            wire signed [10:0] plane0_sum_8_even = plane0_sum_8[22 * i +: 11];
            wire signed [10:0] plane0_sum_8_odd = plane0_sum_8[22 * i + 11 +: 11];
            wire signed [10:0] plane0_addend_2 = {plane0_sum_8_odd[10:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire signed [11:0] plane0_total_2 = {plane0_sum_8_even[10], plane0_sum_8_even} + {plane0_addend_2[10], plane0_addend_2};
            /* verilator lint_on UNUSED */
            wire signed [10:0] plane0_number_2 = plane0_total_2[11:1];
            wire signed [11:0] plane0_sum_4_lane = {plane0_number_2, plane0_sum_8_odd[0]};
            assign plane0_sum_4[12 * i +: 12] = plane0_sum_4_lane;
        end
    endgenerate
    wire [25:0] plane0_sum_2;
    generate
        for (i = 0; i < 2; i = i + 1) begin : sum_2_lanes
            wire signed [11:0] plane0_sum_4_even = plane0_sum_4[24 * i +: 12];
            wire signed [11:0] plane0_sum_4_odd = plane0_sum_4[24 * i + 12 +: 12];
            wire signed [11:0] plane0_addend_3 = {plane0_sum_4_odd[11:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire signed [12:0] plane0_total_3 = {plane0_sum_4_even[11], plane0_sum_4_even} + {plane0_addend_3[11], plane0_addend_3};
            /* verilator lint_on UNUSED */
            wire signed [11:0] plane0_number_3 = plane0_total_3[12:1];
            wire signed [12:0] plane0_sum_2_lane = {plane0_number_3, plane0_sum_4_odd[0]};
            assign plane0_sum_2[13 * i +: 13] = plane0_sum_2_lane;
        end
    endgenerate
    wire signed [12:0] plane0_sum_2_0 = plane0_sum_2[12:0];
    wire signed [12:0] plane0_sum_2_1 = plane0_sum_2[25:13];
    wire signed [12:0] plane0_addend_4 = {plane0_sum_2_1[12:1], 1'b1};
    /* verilator lint_off UNUSED */ // bit 0 is not needed
    wire signed [13:0] plane0_total_4 = {plane0_sum_2_0[12], plane0_sum_2_0} + {plane0_addend_4[12], plane0_addend_4};
    /* verilator lint_on UNUSED */
    wire signed [12:0] plane0_number_4 = plane0_total_4[13:1];
    wire signed [13:0] plane0_total_5 = {plane0_number_4, plane0_sum_2_1[0]};
    wire plane0_rest = plane0_total_5[0];
    wire signed [12:0] plane0_shifted = plane0_total_5[13:1];
    wire signed [13:0] plane0_sum = $signed({plane0_shifted[12], plane0_shifted}) + $signed({13'd0, plane0_rest});

    // Plane 1
    wire [63:0] b_from_32 = b[127:64];
    wire [287:0] plane1_terms;
    generate
        for (i = 0; i < 32; i = i + 1) begin : term_lanes_1
            wire signed [1:0] b_from_32_lane = b_from_32[2 * i +: 2];
            wire signed [7:0] plane1_choice = b_from_32_lane[0] ? a[8 * i +: 8] : 8'd0;
            wire signed [7:0] plane1_complemented = b_from_32_lane[1] ? ~plane1_choice : plane1_choice;
            assign plane1_terms[9 * i +: 9] = {plane1_complemented, b_from_32_lane[1]};
        end
    endgenerate

    // Adder tree; the bit below each number is still to be added to it
    wire [159:0] plane1_sum_16;
    generate
        for (i = 0; i < 16; i = i + 1) begin : sum_16_lanes_1
            wire signed [8:0] plane1_terms_even = plane1_terms[18 * i +: 9];
            wire signed [8:0] plane1_terms_odd = plane1_terms[18 * i + 9 +: 9];
            wire signed [8:0] plane1_addend = {plane1_terms_odd[8:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire signed [9:0] plane1_total = {plane1_terms_even[8], plane1_terms_even} + {plane1_addend[8], plane1_addend};
            /* verilator lint_on UNUSED */
            wire signed [8:0] plane1_number = plane1_total[9:1];
            wire signed [9:0] plane1_sum_16_lane = {plane1_number, plane1_terms_odd[0]};
            assign plane1_sum_16[10 * i +: 10] = plane1_sum_16_lane;
        end
    endgenerate
    wire [87:0] plane1_sum_8;
    generate
        for (i = 0; i < 8; i = i + 1) begin : sum_8_lanes_1
            wire signed [9:0] plane1_sum_16_even = plane1_sum_16[20 * i +: 10];
            wire signed [9:0] plane1_sum_16_odd = plane1_sum_16[20 * i + 10 +: 10];
            wire signed [9:0] plane1_addend_1 = {plane1_sum_16_odd[9:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire signed [10:0] plane1_total_1 = {plane1_sum_16_even[9], plane1_sum_16_even} + {plane1_addend_1[9], plane1_addend_1};
            /* verilator lint_on UNUSED */
            wire signed [9:0] plane1_number_1 = plane1_total_1[10:1];
            wire signed [10:0] plane1_sum_8_lane = {plane1_number_1, plane1_sum_16_odd[0]};
            assign plane1_sum_8[11 * i +: 11] = plane1_sum_8_lane;
        end
    endgenerate
    wire [47:0] plane1_sum_4;
    generate
        for (i = 0; i < 4; i = i + 1) begin : sum_4_lanes_1
            wire signed [10:0] plane1_sum_8_even = plane1_sum_8[22 * i +: 11];
            wire signed [10:0] plane1_sum_8_odd = plane1_sum_8[22 * i + 11 +: 11];
            wire signed [10:0] plane1_addend_2 = {plane1_sum_8_odd[10:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire signed [11:0] plane1_total_2 = {plane1_sum_8_even[10], plane1_sum_8_even} + {plane1_addend_2[10], plane1_addend_2};
            /* verilator lint_on UNUSED */
            wire signed [10:0] plane1_number_2 = plane1_total_2[11:1];
            wire signed [11:0] plane1_sum_4_lane = {plane1_number_2, plane1_sum_8_odd[0]};
            assign plane1_sum_4[12 * i +: 12] = plane1_sum_4_lane;
        end
    endgenerate
    wire [25:0] plane1_sum_2;
    generate
        for (i = 0; i < 2; i = i + 1) begin : sum_2_lanes_1
            wire signed [11:0] plane1_sum_4_even = plane1_sum_4[24 * i +: 12];
            wire signed [11:0] plane1_sum_4_odd = plane1_sum_4[24 * i + 12 +: 12];
            wire signed [11:0] plane1_addend_3 = {plane1_sum_4_odd[11:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire signed [12:0] plane1_total_3 = {plane1_sum_4_even[11], plane1_sum_4_even} + {plane1_addend_3[11], plane1_addend_3};
            /* verilator lint_on UNUSED */
            wire signed [11:0] plane1_number_3 = plane1_total_3[12:1];
            wire signed [12:0] plane1_sum_2_lane = {plane1_number_3, plane1_sum_4_odd[0]};
            assign plane1_sum_2[13 * i +: 13] = plane1_sum_2_lane;
        end
    endgenerate
    wire signed [12:0] plane1_sum_2_0 = plane1_sum_2[12:0];
    wire signed [12:0] plane1_sum_2_1 = plane1_sum_2[25:13];
    wire signed [12:0] plane1_addend_4 = {plane1_sum_2_1[12:1], 1'b1};
    /* verilator lint_off UNUSED */ // bit 0 is not needed
    wire signed [13:0] plane1_total_4 = {plane1_sum_2_0[12], plane1_sum_2_0} + {plane1_addend_4[12], plane1_addend_4};
    /* verilator lint_on UNUSED */
    wire signed [12:0] plane1_number_4 = plane1_total_4[13:1];
    wire signed [13:0] plane1_total_5 = {plane1_number_4, plane1_sum_2_1[0]};
    wire plane1_rest = plane1_total_5[0];
    wire signed [12:0] plane1_shifted = plane1_total_5[13:1];
    wire signed [13:0] plane1_sum = $signed({plane1_shifted[12], plane1_shifted}) + $signed({13'd0, plane1_rest});

    // Each plane times its scale
    wire signed [28:0] product = $signed(alpha[15:0]) * $signed(plane0_sum);
    wire signed [28:0] product_1 = $signed(alpha[31:16]) * $signed(plane1_sum);

    assign y = {product[28], product} + {product_1[28], product_1};
endmodule

`default_nettype wire
