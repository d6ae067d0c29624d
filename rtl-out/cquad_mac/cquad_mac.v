// cquad_mac: Complex dot product with weights +-1 and +-i, added to exact running sums.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        cquad-mac
// Parameters  lanes = 16
//             a = int8
//             scales = shared
//             conjugate = true
//             beats = 256
// Latency     1 clock cycle; a beat may follow every clock
// Computes    w[i] = i^b[i]
//             shared, conjugated: y_re + i*y_im = sum  conj(a[i])*w[i], exact
//             shared: y_re + i*y_im = sum  a[i]*w[i], exact
//             split: y_rr = sum  a_re[i]*w_re[i], y_ii = sum  a_im[i]*w_im[i], y_ri = sum  a_re[i]*w_im[i], y_ir = sum  a_im[i]*w_re[i]
// Source      Fairy+-i (iFairy)
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit cquad-mac

`default_nettype none

module cquad_mac (
    input  wire         clk,   // rising edge
    input  wire         rst,   // synchronous, active high
    input  wire         en,    // this beat is accepted
    input  wire         first, // this beat starts a new sum, from 0
    input  wire [127:0] a_re,  // 16 lanes of int8: real parts
    input  wire [127:0] a_im,  // 16 lanes of int8: imaginary parts
    input  wire [31:0]  b,     // 16 lanes of uint2: weights, as powers of i
    output wire [20:0]  y_re,  // int21: the running sum of real part of the sum, modulo its width
    output wire [20:0]  y_im   // int21: the running sum of imaginary part of the sum, modulo its width
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 1; // clock cycles from input to output
    /* verilator lint_on UNUSED */

    // State and pipeline registers; _s<n> is the value in stage n
    reg signed [20:0] y_re_sum;
    reg signed [20:0] y_im_sum;

    genvar i;

    // Real part
    wire [143:0] re_terms;
    generate
        for (i = 0; i < 16; i = i + 1) begin : re_term_lanes
            wire [1:0] b_lane = b[2 * i +: 2];
            wire signed [7:0] re_choice = b_lane[0] ? a_im[8 * i +: 8] : a_re[8 * i +: 8];
            wire signed [7:0] re_complemented = b_lane[1] ? ~re_choice : re_choice;
            assign re_terms[9 * i +: 9] = {re_complemented, b_lane[1]};
        end
    endgenerate

    // Adder tree; the bit below each number is still to be added to it
    wire [79:0] re_sum_8;
    generate
        for (i = 0; i < 8; i = i + 1) begin : sum_8_lanes
            wire signed [8:0] re_terms_even = re_terms[18 * i +: 9];
            wire signed [8:0] re_terms_odd = re_terms[18 * i + 9 +: 9];
            wire signed [8:0] re_addend = {re_terms_odd[8:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire signed [9:0] re_total = {re_terms_even[8], re_terms_even} + {re_addend[8], re_addend};
            /* verilator lint_on UNUSED */
            wire signed [8:0] re_number = re_total[9:1];
            wire signed [9:0] re_sum_8_lane = {re_number, re_terms_odd[0]};
            assign re_sum_8[10 * i +: 10] = re_sum_8_lane;
        end
    endgenerate
    wire [43:0] re_sum_4;
    generate
        for (i = 0; i < 4; i = i + 1) begin : sum_4_lanes
            wire signed [9:0] re_sum_8_even = re_sum_8[20 * i +: 10];
            wire signed [9:0] re_sum_8_odd = re_sum_8[20 * i + 10 +: 10];
            wire signed [9:0] re_addend_1 = {re_sum_8_odd[9:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire signed [10:0] re_total_1 = {re_sum_8_even[9], re_sum_8_even} + {re_addend_1[9], re_addend_1};
            /* verilator lint_on UNUSED */
            wire signed [9:0] re_number_1 = re_total_1[10:1];
            wire signed [10:0] re_sum_4_lane = {re_number_1, re_sum_8_odd[0]};
            assign re_sum_4[11 * i +: 11] = re_sum_4_lane;
        end
    endgenerate
    wire [23:0] re_sum_2;
    generate
        for (i = 0; i < 2; i = i + 1) begin : sum_2_lanes
            wire signed [10:0] re_sum_4_even = re_sum_4[22 * i +: 11];
            wire signed [10:0] re_sum_4_odd = re_sum_4[22 * i + 11 +: 11];
            wire signed [10:0] re_addend_2 = {re_sum_4_odd[10:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire signed [11:0] re_total_2 = {re_sum_4_even[10], re_sum_4_even} + {re_addend_2[10], re_addend_2};
            /* verilator lint_on UNUSED */
            wire signed [10:0] re_number_2 = re_total_2[11:1];
            wire signed [11:0] re_sum_2_lane = {re_number_2, re_sum_4_odd[0]};
            assign re_sum_2[12 * i +: 12] = re_sum_2_lane;
        end
    endgenerate
    wire signed [11:0] re_sum_2_0 = re_sum_2[11:0];
    wire signed [11:0] re_sum_2_1 = re_sum_2[23:12];
    wire signed [11:0] re_addend_3 = {re_sum_2_1[11:1], 1'b1};
    /* verilator lint_off UNUSED */ // bit 0 is not needed
    wire signed [12:0] re_total_3 = {re_sum_2_0[11], re_sum_2_0} + {re_addend_3[11], re_addend_3};
    /* verilator lint_on UNUSED */
    wire signed [11:0] re_number_3 = re_total_3[12:1];
    wire signed [12:0] re_total_4 = {re_number_3, re_sum_2_1[0]};
    wire re_rest = re_total_4[0];
    wire signed [11:0] re_shifted = re_total_4[12:1];
    wire signed [12:0] re_sum = {re_shifted[11], re_shifted} + {12'd0, re_rest};

    // Imaginary part
    wire [143:0] im_terms;
    generate
        for (i = 0; i < 16; i = i + 1) begin : im_term_lanes
            wire [1:0] b_lane_1 = b[2 * i +: 2];
            wire signed [7:0] im_choice = b_lane_1[0] ? a_re[8 * i +: 8] : a_im[8 * i +: 8];
            wire im_toggled = b_lane_1[0] ^ b_lane_1[1];
            wire signed [7:0] im_complemented = im_toggled ? im_choice : ~im_choice;
            assign im_terms[9 * i +: 9] = {im_complemented, ~im_toggled};
        end
    endgenerate

    // Adder tree; the bit below each number is still to be added to it
    wire [79:0] im_sum_8;
    generate
        for (i = 0; i < 8; i = i + 1) begin : sum_8_lanes_1
            wire signed [8:0] im_terms_even = im_terms[18 * i +: 9];
            wire signed [8:0] im_terms_odd = im_terms[18 * i + 9 +: 9];
            wire signed [8:0] im_addend = {im_terms_odd[8:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire signed [9:0] im_total = {im_terms_even[8], im_terms_even} + {im_addend[8], im_addend};
            /* verilator lint_on UNUSED */
            wire signed [8:0] im_number = im_total[9:1];
            wire signed [9:0] im_sum_8_lane = {im_number, im_terms_odd[0]};
            assign im_sum_8[10 * i +: 10] = im_sum_8_lane;
        end
    endgenerate
    wire [43:0] im_sum_4;
    generate
        for (i = 0; i < 4; i = i + 1) begin : sum_4_lanes_1
            wire signed [9:0] im_sum_8_even = im_sum_8[20 * i +: 10];
            wire signed [9:0] im_sum_8_odd = im_sum_8[20 * i + 10 +: 10];
            wire signed [9:0] im_addend_1 = {im_sum_8_odd[9:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire signed [10:0] im_total_1 = {im_sum_8_even[9], im_sum_8_even} + {im_addend_1[9], im_addend_1};
            /* verilator lint_on UNUSED */
            wire signed [9:0] im_number_1 = im_total_1[10:1];
            wire signed [10:0] im_sum_4_lane = {im_number_1, im_sum_8_odd[0]};
            assign im_sum_4[11 * i +: 11] = im_sum_4_lane;
        end
    endgenerate
    wire [23:0] im_sum_2;
    generate
        for (i = 0; i < 2; i = i + 1) begin : sum_2_lanes_1
            wire signed [10:0] im_sum_4_even = im_sum_4[22 * i +: 11];
            wire signed [10:0] im_sum_4_odd = im_sum_4[22 * i + 11 +: 11];
            wire signed [10:0] im_addend_2 = {im_sum_4_odd[10:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire signed [11:0] im_total_2 = {im_sum_4_even[10], im_sum_4_even} + {im_addend_2[10], im_addend_2};
            /* verilator lint_on UNUSED */
            wire signed [10:0] im_number_2 = im_total_2[11:1];
            wire signed [11:0] im_sum_2_lane = {im_number_2, im_sum_4_odd[0]};
            assign im_sum_2[12 * i +: 12] = im_sum_2_lane;
        end
    endgenerate
    wire signed [11:0] im_sum_2_0 = im_sum_2[11:0];
    wire signed [11:0] im_sum_2_1 = im_sum_2[23:12];
    wire signed [11:0] im_addend_3 = {im_sum_2_1[11:1], 1'b1};
    /* verilator lint_off UNUSED */ // bit 0 is not needed
    wire signed [12:0] im_total_3 = {im_sum_2_0[11], im_sum_2_0} + {im_addend_3[11], im_addend_3};
    /* verilator lint_on UNUSED */
    wire signed [11:0] im_number_3 = im_total_3[12:1];
    wire signed [12:0] im_total_4 = {im_number_3, im_sum_2_1[0]};
    wire im_rest = im_total_4[0];
    wire signed [11:0] im_shifted = im_total_4[12:1];
    wire signed [12:0] im_sum = {im_shifted[11], im_shifted} + {12'd0, im_rest};

    // The running sum
    wire signed [20:0] carried = first ? 21'd0 : y_re_sum;
    wire signed [20:0] carried_1 = first ? 21'd0 : y_im_sum;

    always @(posedge clk) begin
        if (rst) y_re_sum <= 21'd0;
        else if (en) y_re_sum <= carried + {{8{re_sum[12]}}, re_sum};
    end

    always @(posedge clk) begin
        if (rst) y_im_sum <= 21'd0;
        else if (en) y_im_sum <= carried_1 + {{8{im_sum[12]}}, im_sum};
    end

    assign y_re = y_re_sum;
    assign y_im = y_im_sum;
endmodule

`default_nettype wire
