// mxfp8_e5m2_dot: MXFP8 (E5M2 elements) dot product.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        mx-dot as mxfp8-e5m2-dot
// Parameters  lanes = 32
//             element = e5m2
//             result = exact
// Latency     none, combinational; a beat may follow every clock
// Computes    exact: y = sum  a[i]*b[i]; 2^exponent = a_scale*b_scale; the dot product is y * 2^exponent
//             float: y = round(sum  a[i]*b[i] * a_scale*b_scale)
// Source      OCP Microscaling Formats (MX) v1.0, sections 5 and 6
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit mxfp8-e5m2-dot

`default_nettype none

module mxfp8_e5m2_dot (
    input  wire [255:0] a,        // 32 lanes of e5m2: elements of the first block
    input  wire [7:0]   a_scale,  // e8m0: scale of the first block
    input  wire [255:0] b,        // 32 lanes of e5m2: elements of the second block
    input  wire [7:0]   b_scale,  // e8m0: scale of the second block
    output wire [69:0]  y,        // fix70.32: sum of the products of the elements; 0 where invalid
    output wire [9:0]   exponent, // int10: exponents of both scales together; 0 where invalid
    output wire         invalid   // a scale is NaN, or the sum is infinite or NaN
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 0; // clock cycles from input to output
    /* verilator lint_on UNUSED */

    genvar i;

    // Exact sum of the products
    wire [2047:0] magnitudes;
    wire [31:0] product_is_nan;
    wire [31:0] product_is_positive_infinity;
    wire [31:0] product_is_negative_infinity;
    wire [31:0] signs;
    generate
        for (i = 0; i < 32; i = i + 1) begin : product_lanes
            wire [7:0] a_lane = a[8 * i +: 8];
            wire [7:0] b_lane = b[8 * i +: 8];
            wire a_sign = a_lane[7];
            wire [4:0] a_field = a_lane[6:2];
            wire a_is_normal = |a_field;
            wire a_all = &a_field;
            wire a_any = |a_lane[1:0];
            wire a_is_nan = a_all & a_any;
            wire a_is_infinite = a_all & ~a_any;
            wire [4:0] a_exponent = a_is_normal ? a_field : 5'd1;
            wire [2:0] a_significand = {a_is_normal, a_lane[1:0]};
            wire a_is_zero = ~|a_significand;
            wire b_sign = b_lane[7];
            wire [4:0] b_field = b_lane[6:2];
            wire b_is_normal = |b_field;
            wire b_all = &b_field;
            wire b_any = |b_lane[1:0];
            wire b_is_nan = b_all & b_any;
            wire b_is_infinite = b_all & ~b_any;
            wire [4:0] b_exponent = b_is_normal ? b_field : 5'd1;
            wire [2:0] b_significand = {b_is_normal, b_lane[1:0]};
            wire b_is_zero = ~|b_significand;
            wire [5:0] significand_product = a_significand * b_significand;
            wire [5:0] shift = {1'b0, a_exponent} + {1'b0, b_exponent};
            /* verilator lint_off UNUSED */ // bits 1:0 are not needed
            wire [65:0] raised = {60'd0, significand_product} << shift;
            /* verilator lint_on UNUSED */
            wire [63:0] magnitude = raised[65:2];
            wire negative = a_sign ^ b_sign;
            wire zero_times_infinity = (a_is_infinite & b_is_zero) | (b_is_infinite & a_is_zero);
            wire is_nan = a_is_nan | b_is_nan | zero_times_infinity;
            wire is_infinite = a_is_infinite | b_is_infinite;
            assign magnitudes[64 * i +: 64] = magnitude;
            assign product_is_nan[i] = is_nan;
            assign product_is_positive_infinity[i] = is_infinite & ~negative;
            assign product_is_negative_infinity[i] = is_infinite & negative;
            assign signs[i] = negative;
        end
    endgenerate
    wire [2111:0] terms;
    generate
        for (i = 0; i < 32; i = i + 1) begin : term_lanes
            wire [63:0] magnitudes_lane = magnitudes[64 * i +: 64];
            wire signs_lane = signs[i];
            wire [63:0] complemented = signs_lane ? ~magnitudes_lane : magnitudes_lane;
            wire signed [65:0] term = {{signs_lane, complemented}, signs_lane};
            assign terms[66 * i +: 66] = term;
        end
    endgenerate

    // Adder tree; the bit below each number is still to be added to it
    wire [1071:0] sum_16;
    generate
        for (i = 0; i < 16; i = i + 1) begin : sum_16_lanes
            wire signed [65:0] terms_even = terms[132 * i +: 66];
            wire signed [65:0] terms_odd = terms[132 * i + 66 +: 66];
            wire signed [65:0] addend = {terms_odd[65:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire signed [66:0] total = {terms_even[65], terms_even} + {addend[65], addend};
            /* verilator lint_on UNUSED */
            wire signed [65:0] number = total[66:1];
            wire signed [66:0] sum_16_lane = {number, terms_odd[0]};
            assign sum_16[67 * i +: 67] = sum_16_lane;
        end
    endgenerate
    wire [543:0] sum_8;
    generate
        for (i = 0; i < 8; i = i + 1) begin : sum_8_lanes
            wire signed [66:0] sum_16_even = sum_16[134 * i +: 67];
            wire signed [66:0] sum_16_odd = sum_16[134 * i + 67 +: 67];
            wire signed [66:0] addend_1 = {sum_16_odd[66:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire signed [67:0] total_1 = {sum_16_even[66], sum_16_even} + {addend_1[66], addend_1};
            /* verilator lint_on UNUSED */
            wire signed [66:0] number_1 = total_1[67:1];
            wire signed [67:0] sum_8_lane = {number_1, sum_16_odd[0]};
            assign sum_8[68 * i +: 68] = sum_8_lane;
        end
    endgenerate
    wire [275:0] sum_4;
    generate
        for (i = 0; i < 4; i = i + 1) begin : sum_4_lanes
            wire signed [67:0] sum_8_even = sum_8[136 * i +: 68];
            wire signed [67:0] sum_8_odd = sum_8[136 * i + 68 +: 68];
            wire signed [67:0] addend_2 = {sum_8_odd[67:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire signed [68:0] total_2 = {sum_8_even[67], sum_8_even} + {addend_2[67], addend_2};
            /* verilator lint_on UNUSED */
            wire signed [67:0] number_2 = total_2[68:1];
            wire signed [68:0] sum_4_lane = {number_2, sum_8_odd[0]};
            assign sum_4[69 * i +: 69] = sum_4_lane;
        end
    endgenerate
    wire [139:0] sum_2;
    generate
        for (i = 0; i < 2; i = i + 1) begin : sum_2_lanes
            wire signed [68:0] sum_4_even = sum_4[138 * i +: 69];
            wire signed [68:0] sum_4_odd = sum_4[138 * i + 69 +: 69];
            wire signed [68:0] addend_3 = {sum_4_odd[68:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire signed [69:0] total_3 = {sum_4_even[68], sum_4_even} + {addend_3[68], addend_3};
            /* verilator lint_on UNUSED */
            wire signed [68:0] number_3 = total_3[69:1];
            wire signed [69:0] sum_2_lane = {number_3, sum_4_odd[0]};
            assign sum_2[70 * i +: 70] = sum_2_lane;
        end
    endgenerate
    wire signed [69:0] sum_2_0 = sum_2[69:0];
    wire signed [69:0] sum_2_1 = sum_2[139:70];
    wire signed [69:0] addend_4 = {sum_2_1[69:1], 1'b1};
    /* verilator lint_off UNUSED */ // bit 0 is not needed
    wire signed [70:0] total_4 = {sum_2_0[69], sum_2_0} + {addend_4[69], addend_4};
    /* verilator lint_on UNUSED */
    wire signed [69:0] number_4 = total_4[70:1];
    wire signed [70:0] total_5 = {number_4, sum_2_1[0]};
    wire rest = total_5[0];
    wire signed [69:0] sum = total_5[70:1] + {69'd0, rest};

    // Exact sum of the products
    wire any_nan = |product_is_nan;
    wire is_positive_infinity = |product_is_positive_infinity;
    wire is_negative_infinity = |product_is_negative_infinity;
    wire is_nan_1 = any_nan | (is_positive_infinity & is_negative_infinity);

    // Scales of the blocks: E8M0, bias 127, 255 is NaN
    wire signed [9:0] scale_exponent = {1'b0, {1'b0, a_scale} + {1'b0, b_scale}} - 10'd254;
    wire scale_is_nan = is_nan_1 | (a_scale == 8'd255) | (b_scale == 8'd255);

    // Result
    wire is_invalid = scale_is_nan | is_positive_infinity | is_negative_infinity;

    assign y = is_invalid ? 70'd0 : sum;
    assign exponent = is_invalid ? 10'd0 : scale_exponent;
    assign invalid = is_invalid;
endmodule

`default_nettype wire
