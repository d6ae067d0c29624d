// signplane_dot: Exact dot product with weights of scaled sign planes.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        signplane-dot
// Parameters  lanes = 32
//             a = int4
//             planes = 2
//             alpha = fix16.8
// Latency     none, combinational; a beat may follow every clock
// Computes    y = sum  alpha[p] * sum  a[i]*s[p*lanes + i], exact, s = +1 where b is 1, -1 where it is 0
// Source      BinaryDM (multi-basis binary weights)
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit signplane-dot

`default_nettype none

module signplane_dot (
    input  wire [127:0] a,     // 32 lanes of int4: numbers
    input  wire [63:0]  b,     // signs, plane after plane: 1 is +1, 0 is -1
    input  wire [31:0]  alpha, // 2 lanes of fix16.8: scales of the planes
    output wire [25:0]  y      // fix26.8: sum of the scaled planes
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 0; // clock cycles from input to output
    /* verilator lint_on UNUSED */

    genvar i;

    // Plane 0
    wire [31:0] plane0_signs = b[31:0];
    wire [159:0] plane0_terms;
    generate
        for (i = 0; i < 32; i = i + 1) begin : term_lanes
            wire signed [3:0] a_lane = a[4 * i +: 4];
            wire plane0_signs_lane = plane0_signs[i];
            wire signed [3:0] plane0_complemented = plane0_signs_lane ? a_lane : ~a_lane;
            assign plane0_terms[5 * i +: 5] = {plane0_complemented, ~plane0_signs_lane};
        end
    endgenerate

    // Adder tree; the bit below each number is still to be added to it
    wire [95:0] plane0_sum_16;
    generate
        for (i = 0; i < 16; i = i + 1) begin : sum_16_lanes
            wire signed [4:0] plane0_terms_even = plane0_terms[10 * i +: 5];
            wire signed [4:0] plane0_terms_odd = plane0_terms[10 * i + 5 +: 5];
            wire signed [4:0] plane0_addend = {plane0_terms_odd[4:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire signed [5:0] plane0_total = {plane0_terms_even[4], plane0_terms_even} + {plane0_addend[4], plane0_addend};
            /* verilator lint_on UNUSED */
            wire signed [4:0] plane0_number = plane0_total[5:1];
            wire signed [5:0] plane0_sum_16_lane = {plane0_number, plane0_terms_odd[0]};
            assign plane0_sum_16[6 * i +: 6] = plane0_sum_16_lane;
        end
    endgenerate
    wire [55:0] plane0_sum_8;
    generate
        for (i = 0; i < 8; i = i + 1) begin : sum_8_lanes
            wire signed [5:0] plane0_sum_16_even = plane0_sum_16[12 * i +: 6];
            wire signed [5:0] plane0_sum_16_odd = plane0_sum_16[12 * i + 6 +: 6];
            wire signed [5:0] plane0_addend_1 = {plane0_sum_16_odd[5:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire signed [6:0] plane0_total_1 = {plane0_sum_16_even[5], plane0_sum_16_even} + {plane0_addend_1[5], plane0_addend_1};
            /* verilator lint_on UNUSED */
            wire signed [5:0] plane0_number_1 = plane0_total_1[6:1];
            wire signed [6:0] plane0_sum_8_lane = {plane0_number_1, plane0_sum_16_odd[0]};
            assign plane0_sum_8[7 * i +: 7] = plane0_sum_8_lane;
        end
    endgenerate
    wire [31:0] plane0_sum_4;
    generate
        for (i = 0; i < 4; i = i + 1) begin : sum_4_lanes
            wire signed [6:0] plane0_sum_8_even = plane0_sum_8[14 * i +: 7];
            wire signed [6:0] plane0_sum_8_odd = plane0_sum_8[14 * i + 7 +: 7];
            wire signed [6:0] plane0_addend_2 = {plane0_sum_8_odd[6:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire signed [7:0] plane0_total_2 = {plane0_sum_8_even[6], plane0_sum_8_even} + {plane0_addend_2[6], plane0_addend_2};
            /* verilator lint_on UNUSED */
            wire signed [6:0] plane0_number_2 = plane0_total_2[7:1];
            wire signed [7:0] plane0_sum_4_lane = {plane0_number_2, plane0_sum_8_odd[0]};
            assign plane0_sum_4[8 * i +: 8] = plane0_sum_4_lane;
        end
    endgenerate
    wire [17:0] plane0_sum_2;
    generate
        for (i = 0; i < 2; i = i + 1) begin : sum_2_lanes
            wire signed [7:0] plane0_sum_4_even = plane0_sum_4[16 * i +: 8];
            wire signed [7:0] plane0_sum_4_odd = plane0_sum_4[16 * i + 8 +: 8];
            wire signed [7:0] plane0_addend_3 = {plane0_sum_4_odd[7:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire signed [8:0] plane0_total_3 = {plane0_sum_4_even[7], plane0_sum_4_even} + {plane0_addend_3[7], plane0_addend_3};
            /* verilator lint_on UNUSED */
            wire signed [7:0] plane0_number_3 = plane0_total_3[8:1];
            wire signed [8:0] plane0_sum_2_lane = {plane0_number_3, plane0_sum_4_odd[0]};
            assign plane0_sum_2[9 * i +: 9] = plane0_sum_2_lane;
        end
    endgenerate
    wire signed [8:0] plane0_sum_2_0 = plane0_sum_2[8:0];
    wire signed [8:0] plane0_sum_2_1 = plane0_sum_2[17:9];
    wire signed [8:0] plane0_addend_4 = {plane0_sum_2_1[8:1], 1'b1};
    /* verilator lint_off UNUSED */ // bit 0 is not needed
    wire signed [9:0] plane0_total_4 = {plane0_sum_2_0[8], plane0_sum_2_0} + {plane0_addend_4[8], plane0_addend_4};
    /* verilator lint_on UNUSED */
    wire signed [8:0] plane0_number_4 = plane0_total_4[9:1];
    wire signed [9:0] plane0_total_5 = {plane0_number_4, plane0_sum_2_1[0]};
    wire plane0_rest = plane0_total_5[0];
    wire signed [8:0] plane0_shifted = plane0_total_5[9:1];
    wire signed [9:0] plane0_sum = $signed({plane0_shifted[8], plane0_shifted}) + $signed({9'd0, plane0_rest});

    // Plane 1
    wire [31:0] plane1_signs = b[63:32];
    wire [159:0] plane1_terms;
    generate
        for (i = 0; i < 32; i = i + 1) begin : term_lanes_1
            wire signed [3:0] a_lane_1 = a[4 * i +: 4];
            wire plane1_signs_lane = plane1_signs[i];
            wire signed [3:0] plane1_complemented = plane1_signs_lane ? a_lane_1 : ~a_lane_1;
            assign plane1_terms[5 * i +: 5] = {plane1_complemented, ~plane1_signs_lane};
        end
    endgenerate

    // Adder tree; the bit below each number is still to be added to it
    wire [95:0] plane1_sum_16;
    generate
        for (i = 0; i < 16; i = i + 1) begin : sum_16_lanes_1
            wire signed [4:0] plane1_terms_even = plane1_terms[10 * i +: 5];
            wire signed [4:0] plane1_terms_odd = plane1_terms[10 * i + 5 +: 5];
            wire signed [4:0] plane1_addend = {plane1_terms_odd[4:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire signed [5:0] plane1_total = {plane1_terms_even[4], plane1_terms_even} + {plane1_addend[4], plane1_addend};
            /* verilator lint_on UNUSED */
            wire signed [4:0] plane1_number = plane1_total[5:1];
            wire signed [5:0] plane1_sum_16_lane = {plane1_number, plane1_terms_odd[0]};
            assign plane1_sum_16[6 * i +: 6] = plane1_sum_16_lane;
        end
    endgenerate
    wire [55:0] plane1_sum_8;
    generate
        for (i = 0; i < 8; i = i + 1) begin : sum_8_lanes_1
            wire signed [5:0] plane1_sum_16_even = plane1_sum_16[12 * i +: 6];
            wire signed [5:0] plane1_sum_16_odd = plane1_sum_16[12 * i + 6 +: 6];
            wire signed [5:0] plane1_addend_1 = {plane1_sum_16_odd[5:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire signed [6:0] plane1_total_1 = {plane1_sum_16_even[5], plane1_sum_16_even} + {plane1_addend_1[5], plane1_addend_1};
            /* verilator lint_on UNUSED */
            wire signed [5:0] plane1_number_1 = plane1_total_1[6:1];
            wire signed [6:0] plane1_sum_8_lane = {plane1_number_1, plane1_sum_16_odd[0]};
            assign plane1_sum_8[7 * i +: 7] = plane1_sum_8_lane;
        end
    endgenerate
    wire [31:0] plane1_sum_4;
    generate
        for (i = 0; i < 4; i = i + 1) begin : sum_4_lanes_1
            wire signed [6:0] plane1_sum_8_even = plane1_sum_8[14 * i +: 7];
            wire signed [6:0] plane1_sum_8_odd = plane1_sum_8[14 * i + 7 +: 7];
            wire signed [6:0] plane1_addend_2 = {plane1_sum_8_odd[6:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire signed [7:0] plane1_total_2 = {plane1_sum_8_even[6], plane1_sum_8_even} + {plane1_addend_2[6], plane1_addend_2};
            /* verilator lint_on UNUSED */
            wire signed [6:0] plane1_number_2 = plane1_total_2[7:1];
            wire signed [7:0] plane1_sum_4_lane = {plane1_number_2, plane1_sum_8_odd[0]};
            assign plane1_sum_4[8 * i +: 8] = plane1_sum_4_lane;
        end
    endgenerate
    wire [17:0] plane1_sum_2;
    generate
        for (i = 0; i < 2; i = i + 1) begin : sum_2_lanes_1
            wire signed [7:0] plane1_sum_4_even = plane1_sum_4[16 * i +: 8];
            wire signed [7:0] plane1_sum_4_odd = plane1_sum_4[16 * i + 8 +: 8];
            wire signed [7:0] plane1_addend_3 = {plane1_sum_4_odd[7:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire signed [8:0] plane1_total_3 = {plane1_sum_4_even[7], plane1_sum_4_even} + {plane1_addend_3[7], plane1_addend_3};
            /* verilator lint_on UNUSED */
            wire signed [7:0] plane1_number_3 = plane1_total_3[8:1];
            wire signed [8:0] plane1_sum_2_lane = {plane1_number_3, plane1_sum_4_odd[0]};
            assign plane1_sum_2[9 * i +: 9] = plane1_sum_2_lane;
        end
    endgenerate
    wire signed [8:0] plane1_sum_2_0 = plane1_sum_2[8:0];
    wire signed [8:0] plane1_sum_2_1 = plane1_sum_2[17:9];
    wire signed [8:0] plane1_addend_4 = {plane1_sum_2_1[8:1], 1'b1};
    /* verilator lint_off UNUSED */ // bit 0 is not needed
    wire signed [9:0] plane1_total_4 = {plane1_sum_2_0[8], plane1_sum_2_0} + {plane1_addend_4[8], plane1_addend_4};
    /* verilator lint_on UNUSED */
    wire signed [8:0] plane1_number_4 = plane1_total_4[9:1];
    wire signed [9:0] plane1_total_5 = {plane1_number_4, plane1_sum_2_1[0]};
    wire plane1_rest = plane1_total_5[0];
    wire signed [8:0] plane1_shifted = plane1_total_5[9:1];
    wire signed [9:0] plane1_sum = $signed({plane1_shifted[8], plane1_shifted}) + $signed({9'd0, plane1_rest});

    // Each plane times its scale
    wire signed [24:0] product = $signed(alpha[15:0]) * $signed(plane0_sum);
    wire signed [24:0] product_1 = $signed(alpha[31:16]) * $signed(plane1_sum);

    assign y = {product[24], product} + {product_1[24], product_1};
endmodule

`default_nettype wire
