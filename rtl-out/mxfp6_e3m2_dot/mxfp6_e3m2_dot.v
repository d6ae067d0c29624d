// mxfp6_e3m2_dot: MXFP6 (E3M2 elements) dot product.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        mx-dot as mxfp6-e3m2-dot
// Parameters  lanes = 32
//             element = e3m2
//             result = exact
// Latency     none, combinational; a beat may follow every clock
// Computes    exact: y = sum  a[i]*b[i]; 2^exponent = a_scale*b_scale; the dot product is y * 2^exponent
//             float: y = round(sum  a[i]*b[i] * a_scale*b_scale)
// Source      OCP Microscaling Formats (MX) v1.0, sections 5 and 6
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit mxfp6-e3m2-dot

`default_nettype none

module mxfp6_e3m2_dot (
    input  wire [191:0] a,        // 32 lanes of e3m2: elements of the first block
    input  wire [7:0]   a_scale,  // e8m0: scale of the first block
    input  wire [191:0] b,        // 32 lanes of e3m2: elements of the second block
    input  wire [7:0]   b_scale,  // e8m0: scale of the second block
    output wire [23:0]  y,        // fix24.8: sum of the products of the elements; 0 where invalid
    output wire [9:0]   exponent, // int10: exponents of both scales together; 0 where invalid
    output wire         invalid   // a scale is NaN, or the sum is infinite or NaN
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 0; // clock cycles from input to output
    /* verilator lint_on UNUSED */

    genvar i;

    // Exact sum of the products
    wire [575:0] magnitudes;
    wire [31:0] signs;
    generate
        for (i = 0; i < 32; i = i + 1) begin : product_lanes
            wire [5:0] a_lane = a[6 * i +: 6];
            wire [5:0] b_lane = b[6 * i +: 6];
            wire a_sign = a_lane[5];
            wire [2:0] a_field = a_lane[4:2];
            wire a_is_normal = |a_field;
            wire [2:0] a_exponent = a_is_normal ? a_field : 3'd1;
            wire [2:0] a_significand = {a_is_normal, a_lane[1:0]};
            wire b_sign = b_lane[5];
            wire [2:0] b_field = b_lane[4:2];
            wire b_is_normal = |b_field;
            wire [2:0] b_exponent = b_is_normal ? b_field : 3'd1;
            wire [2:0] b_significand = {b_is_normal, b_lane[1:0]};
            wire [5:0] significand_product = a_significand * b_significand;
            wire [3:0] shift = {1'b0, a_exponent} + {1'b0, b_exponent};
            /* verilator lint_off UNUSED */ // bits 1:0 are not needed
            wire [19:0] shifted = {14'd0, significand_product} << shift;
            /* verilator lint_on UNUSED */
            wire [17:0] magnitude = shifted[19:2];
            wire negative = a_sign ^ b_sign;
            assign magnitudes[18 * i +: 18] = magnitude;
            assign signs[i] = negative;
        end
    endgenerate
    wire [639:0] terms;
    generate
        for (i = 0; i < 32; i = i + 1) begin : term_lanes
            wire [17:0] magnitudes_lane = magnitudes[18 * i +: 18];
            wire signs_lane = signs[i];
            wire [17:0] complemented = signs_lane ? ~magnitudes_lane : magnitudes_lane;
            wire signed [19:0] term = {{signs_lane, complemented}, signs_lane};
            assign terms[20 * i +: 20] = term;
        end
    endgenerate

    // Adder tree; the bit below each number is still to be added to it
    wire [335:0] sum_16;
    generate
        for (i = 0; i < 16; i = i + 1) begin : sum_16_lanes
            wire signed [19:0] terms_even = terms[40 * i +: 20];
            wire signed [19:0] terms_odd = terms[40 * i + 20 +: 20];
            wire signed [19:0] addend = {terms_odd[19:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire signed [20:0] total = {terms_even[19], terms_even} + {addend[19], addend};
            /* verilator lint_on UNUSED */
            wire signed [19:0] number = total[20:1];
            wire signed [20:0] sum_16_lane = {number, terms_odd[0]};
            assign sum_16[21 * i +: 21] = sum_16_lane;
        end
    endgenerate
    wire [175:0] sum_8;
    generate
        for (i = 0; i < 8; i = i + 1) begin : sum_8_lanes
            wire signed [20:0] sum_16_even = sum_16[42 * i +: 21];
            wire signed [20:0] sum_16_odd = sum_16[42 * i + 21 +: 21];
            wire signed [20:0] addend_1 = {sum_16_odd[20:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire signed [21:0] total_1 = {sum_16_even[20], sum_16_even} + {addend_1[20], addend_1};
            /* verilator lint_on UNUSED */
            wire signed [20:0] number_1 = total_1[21:1];
            wire signed [21:0] sum_8_lane = {number_1, sum_16_odd[0]};
            assign sum_8[22 * i +: 22] = sum_8_lane;
        end
    endgenerate
    wire [91:0] sum_4;
    generate
        for (i = 0; i < 4; i = i + 1) begin : sum_4_lanes
            wire signed [21:0] sum_8_even = sum_8[44 * i +: 22];
            wire signed [21:0] sum_8_odd = sum_8[44 * i + 22 +: 22];
            wire signed [21:0] addend_2 = {sum_8_odd[21:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire signed [22:0] total_2 = {sum_8_even[21], sum_8_even} + {addend_2[21], addend_2};
            /* verilator lint_on UNUSED */
            wire signed [21:0] number_2 = total_2[22:1];
            wire signed [22:0] sum_4_lane = {number_2, sum_8_odd[0]};
            assign sum_4[23 * i +: 23] = sum_4_lane;
        end
    endgenerate
    wire [47:0] sum_2;
    generate
        for (i = 0; i < 2; i = i + 1) begin : sum_2_lanes
            wire signed [22:0] sum_4_even = sum_4[46 * i +: 23];
            wire signed [22:0] sum_4_odd = sum_4[46 * i + 23 +: 23];
            wire signed [22:0] addend_3 = {sum_4_odd[22:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire signed [23:0] total_3 = {sum_4_even[22], sum_4_even} + {addend_3[22], addend_3};
            /* verilator lint_on UNUSED */
            wire signed [22:0] number_3 = total_3[23:1];
            wire signed [23:0] sum_2_lane = {number_3, sum_4_odd[0]};
            assign sum_2[24 * i +: 24] = sum_2_lane;
        end
    endgenerate
    wire signed [23:0] sum_2_0 = sum_2[23:0];
    wire signed [23:0] sum_2_1 = sum_2[47:24];
    wire signed [23:0] addend_4 = {sum_2_1[23:1], 1'b1};
    /* verilator lint_off UNUSED */ // bit 0 is not needed
    wire signed [24:0] total_4 = {sum_2_0[23], sum_2_0} + {addend_4[23], addend_4};
    /* verilator lint_on UNUSED */
    wire signed [23:0] number_4 = total_4[24:1];
    wire signed [24:0] total_5 = {number_4, sum_2_1[0]};
    wire rest = total_5[0];
    wire signed [23:0] sum = total_5[24:1] + {23'd0, rest};

    // Scales of the blocks: E8M0, bias 127, 255 is NaN
    wire signed [9:0] scale_exponent = {1'b0, {1'b0, a_scale} + {1'b0, b_scale}} - 10'd254;
    wire scale_is_nan = (a_scale == 8'd255) | (b_scale == 8'd255);

    assign y = scale_is_nan ? 24'd0 : sum;
    assign exponent = scale_is_nan ? 10'd0 : scale_exponent;
    assign invalid = scale_is_nan;
endmodule

`default_nettype wire
