// mxfp8_e4m3_dot: MXFP8 (E4M3 elements) dot product.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        mx-dot as mxfp8-e4m3-dot
// Parameters  lanes = 32
//             element = e4m3
//             result = exact
// Latency     none, combinational; a beat may follow every clock
// Computes    exact: y = sum  a[i]*b[i]; 2^exponent = a_scale*b_scale; the dot product is y * 2^exponent
//             float: y = round(sum  a[i]*b[i] * a_scale*b_scale)
// Source      OCP Microscaling Formats (MX) v1.0, sections 5 and 6
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit mxfp8-e4m3-dot

`default_nettype none

module mxfp8_e4m3_dot (
    input  wire [255:0] a,        // 32 lanes of e4m3: elements of the first block
    input  wire [7:0]   a_scale,  // e8m0: scale of the first block
    input  wire [255:0] b,        // 32 lanes of e4m3: elements of the second block
    input  wire [7:0]   b_scale,  // e8m0: scale of the second block
    output wire [41:0]  y,        // fix42.18: sum of the products of the elements; 0 where invalid
    output wire [9:0]   exponent, // int10: exponents of both scales together; 0 where invalid
    output wire         invalid   // a scale is NaN, or the sum is infinite or NaN
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 0; // clock cycles from input to output
    /* verilator lint_on UNUSED */

    genvar i;

    // Exact sum of the products
    wire [1151:0] magnitudes;
    wire [31:0] product_is_nan;
    wire [31:0] signs;
    generate
        for (i = 0; i < 32; i = i + 1) begin : product_lanes
            wire [7:0] a_lane = a[8 * i +: 8];
            wire [7:0] b_lane = b[8 * i +: 8];
            wire a_sign = a_lane[7];
            wire [3:0] a_field = a_lane[6:3];
            wire a_is_normal = |a_field;
            wire a_is_nan = (&a_field) & (&a_lane[2:0]);
            wire [3:0] a_exponent = a_is_normal ? a_field : 4'd1;
            wire [3:0] a_significand = {a_is_normal, a_lane[2:0]};
            wire b_sign = b_lane[7];
            wire [3:0] b_field = b_lane[6:3];
            wire b_is_normal = |b_field;
            wire b_is_nan = (&b_field) & (&b_lane[2:0]);
            wire [3:0] b_exponent = b_is_normal ? b_field : 4'd1;
            wire [3:0] b_significand = {b_is_normal, b_lane[2:0]};
            wire [7:0] significand_product = a_significand * b_significand;
            wire [4:0] shift = {1'b0, a_exponent} + {1'b0, b_exponent};
            /* verilator lint_off UNUSED */ // bits 1:0 are not needed
            wire [37:0] raised = {30'd0, significand_product} << shift;
            /* verilator lint_on UNUSED */
            wire [35:0] magnitude = raised[37:2];
            wire negative = a_sign ^ b_sign;
            wire is_nan = a_is_nan | b_is_nan;
            assign magnitudes[36 * i +: 36] = magnitude;
            assign product_is_nan[i] = is_nan;
            assign signs[i] = negative;
        end
    endgenerate
    wire [1215:0] terms;
    generate
        for (i = 0; i < 32; i = i + 1) begin : term_lanes
            wire [35:0] magnitudes_lane = magnitudes[36 * i +: 36];
            wire signs_lane = signs[i];
            wire [35:0] complemented = signs_lane ? ~magnitudes_lane : magnitudes_lane;
            wire signed [37:0] term = {{signs_lane, complemented}, signs_lane};
            assign terms[38 * i +: 38] = term;
        end
    endgenerate

    // Adder tree; the bit below each number is still to be added to it
    wire [623:0] sum_16;
    generate
        for (i = 0; i < 16; i = i + 1) begin : sum_16_lanes
            wire signed [37:0] terms_even = terms[76 * i +: 38];
            wire signed [37:0] terms_odd = terms[76 * i + 38 +: 38];
            wire signed [37:0] addend = {terms_odd[37:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire signed [38:0] total = {terms_even[37], terms_even} + {addend[37], addend};
            /* verilator lint_on UNUSED */
            wire signed [37:0] number = total[38:1];
            wire signed [38:0] sum_16_lane = {number, terms_odd[0]};
            assign sum_16[39 * i +: 39] = sum_16_lane;
        end
    endgenerate
    wire [319:0] sum_8;
    generate
        for (i = 0; i < 8; i = i + 1) begin : sum_8_lanes
            wire signed [38:0] sum_16_even = sum_16[78 * i +: 39];
            wire signed [38:0] sum_16_odd = sum_16[78 * i + 39 +: 39];
            wire signed [38:0] addend_1 = {sum_16_odd[38:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire signed [39:0] total_1 = {sum_16_even[38], sum_16_even} + {addend_1[38], addend_1};
            /* verilator lint_on UNUSED */
            wire signed [38:0] number_1 = total_1[39:1];
            wire signed [39:0] sum_8_lane = {number_1, sum_16_odd[0]};
            assign sum_8[40 * i +: 40] = sum_8_lane;
        end
    endgenerate
    wire [163:0] sum_4;
    generate
        for (i = 0; i < 4; i = i + 1) begin : sum_4_lanes
            wire signed [39:0] sum_8_even = sum_8[80 * i +: 40];
            wire signed [39:0] sum_8_odd = sum_8[80 * i + 40 +: 40];
            wire signed [39:0] addend_2 = {sum_8_odd[39:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire signed [40:0] total_2 = {sum_8_even[39], sum_8_even} + {addend_2[39], addend_2};
            /* verilator lint_on UNUSED */
            wire signed [39:0] number_2 = total_2[40:1];
            wire signed [40:0] sum_4_lane = {number_2, sum_8_odd[0]};
            assign sum_4[41 * i +: 41] = sum_4_lane;
        end
    endgenerate
    wire [83:0] sum_2;
    generate
        for (i = 0; i < 2; i = i + 1) begin : sum_2_lanes
            wire signed [40:0] sum_4_even = sum_4[82 * i +: 41];
            wire signed [40:0] sum_4_odd = sum_4[82 * i + 41 +: 41];
            wire signed [40:0] addend_3 = {sum_4_odd[40:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire signed [41:0] total_3 = {sum_4_even[40], sum_4_even} + {addend_3[40], addend_3};
            /* verilator lint_on UNUSED */
            wire signed [40:0] number_3 = total_3[41:1];
            wire signed [41:0] sum_2_lane = {number_3, sum_4_odd[0]};
            assign sum_2[42 * i +: 42] = sum_2_lane;
        end
    endgenerate
    wire signed [41:0] sum_2_0 = sum_2[41:0];
    wire signed [41:0] sum_2_1 = sum_2[83:42];
    wire signed [41:0] addend_4 = {sum_2_1[41:1], 1'b1};
    /* verilator lint_off UNUSED */ // bit 0 is not needed
    wire signed [42:0] total_4 = {sum_2_0[41], sum_2_0} + {addend_4[41], addend_4};
    /* verilator lint_on UNUSED */
    wire signed [41:0] number_4 = total_4[42:1];
    wire signed [42:0] total_5 = {number_4, sum_2_1[0]};
    wire rest = total_5[0];
    wire signed [41:0] sum = total_5[42:1] + {41'd0, rest};

    // Exact sum of the products
    wire any_nan = |product_is_nan;

    // Scales of the blocks: E8M0, bias 127, 255 is NaN
    wire signed [9:0] scale_exponent = {1'b0, {1'b0, a_scale} + {1'b0, b_scale}} - 10'd254;
    wire scale_is_nan = any_nan | (a_scale == 8'd255) | (b_scale == 8'd255);

    assign y = scale_is_nan ? 42'd0 : sum;
    assign exponent = scale_is_nan ? 10'd0 : scale_exponent;
    assign invalid = scale_is_nan;
endmodule

`default_nettype wire
