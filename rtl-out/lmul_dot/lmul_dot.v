// lmul_dot: Dot product of L-Mul products, exact or rounded once.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        lmul-dot
// Parameters  lanes = 32
//             operand = e4m3
//             offset = lmul
//             special = ordinary
//             accumulator = exact
//             aligned-width = 24
//             result = exact
//             round = rne
//             overflow = special
// Latency     none, combinational; a beat may follow every clock
// Computes    sum = sum  lmul(a[i], b[i]), exact
//             y = sum, exact; invalid = a term is NaN or infinite, and then y = 0
//             with a float --result: y = round(sum), once; a sum of zero is +0
//             aligned: each |term| is first cut, toward zero, to a multiple of 2^(K + S - W), where W is the aligned width,
//             2^K the largest weight of a last significand bit among the terms != 0, S the bits of the largest significand
// Source      Luo and Sun, "Addition is All You Need for Energy-efficient Language Models", arXiv:2410.00907, as an integer adder
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit lmul-dot

`default_nettype none

module lmul_dot (
    input  wire [255:0] a, // 32 lanes of e4m3: first operands
    input  wire [255:0] b, // 32 lanes of e4m3: second operands
    output wire [23:0]  y  // fix24.9: the exact sum
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 0; // clock cycles from input to output
    /* verilator lint_on UNUSED */

    genvar i;

    // Exact sum
    wire [31:0] product_sign;
    wire [127:0] product_significand;
    wire [127:0] product_shift;
    generate
        for (i = 0; i < 32; i = i + 1) begin : product_lanes
            wire [7:0] a_lane = a[8 * i +: 8];
            wire [7:0] b_lane = b[8 * i +: 8];
            wire [6:0] a_code = a_lane[6:0];
            wire [6:0] b_code = b_lane[6:0];
            wire is_zero = (~|a_lane[6:3]) | (~|b_lane[6:3]);
            wire [7:0] sum = {1'b0, a_code} + {1'b0, b_code};
            wire [7:0] total = sum - 8'd55;
            wire above = total[7];
            wire [6:0] code = total[6:0];
            wire [3:0] exponent = total[6:3];
            wire is_outside = above | is_zero | (~|exponent) | (&code);
            wire is_large = (a_lane[6] | b_lane[6]) & ~is_zero;
            wire [6:0] limit = is_large ? 7'd126 : 7'd0;
            wire [6:0] magnitude = is_outside ? limit : total[6:0];
            wire is_not_zero = ~is_outside | is_large;
            wire negative = a_lane[7] ^ b_lane[7];
            wire sign = negative & is_not_zero;
            wire [3:0] field = magnitude[6:3];
            wire is_normal = |field;
            wire [3:0] significand = {is_normal, magnitude[2:0]};
            assign product_sign[i] = sign;
            assign product_significand[4 * i +: 4] = significand;
            assign product_shift[4 * i +: 4] = field - {3'd0, is_normal};
        end
    endgenerate
    wire [607:0] values;
    generate
        for (i = 0; i < 32; i = i + 1) begin : value_lanes
            wire product_sign_lane = product_sign[i];
            wire [17:0] shifted = {14'd0, product_significand[4 * i +: 4]} << product_shift[4 * i +: 4];
            assign values[19 * i +: 19] = ({19{product_sign_lane}} ^ {1'b0, shifted}) + {18'd0, product_sign_lane};
        end
    endgenerate
    wire [319:0] sum_16;
    generate
        for (i = 0; i < 16; i = i + 1) begin : sum_16_lanes
            wire signed [18:0] values_even = values[38 * i +: 19];
            wire signed [18:0] values_odd = values[38 * i + 19 +: 19];
            wire signed [19:0] sum_16_lane = {values_even[18], values_even} + {values_odd[18], values_odd};
            assign sum_16[20 * i +: 20] = sum_16_lane;
        end
    endgenerate
    wire [167:0] sum_8;
    generate
        for (i = 0; i < 8; i = i + 1) begin : sum_8_lanes
            wire signed [19:0] sum_16_even = sum_16[40 * i +: 20];
            wire signed [19:0] sum_16_odd = sum_16[40 * i + 20 +: 20];
            wire signed [20:0] sum_8_lane = {sum_16_even[19], sum_16_even} + {sum_16_odd[19], sum_16_odd};
            assign sum_8[21 * i +: 21] = sum_8_lane;
        end
    endgenerate
    wire [87:0] sum_4;
    generate
        for (i = 0; i < 4; i = i + 1) begin : sum_4_lanes
            wire signed [20:0] sum_8_even = sum_8[42 * i +: 21];
            wire signed [20:0] sum_8_odd = sum_8[42 * i + 21 +: 21];
            wire signed [21:0] sum_4_lane = {sum_8_even[20], sum_8_even} + {sum_8_odd[20], sum_8_odd};
            assign sum_4[22 * i +: 22] = sum_4_lane;
        end
    endgenerate
    wire [45:0] sum_2;
    generate
        for (i = 0; i < 2; i = i + 1) begin : sum_2_lanes
            wire signed [21:0] sum_4_even = sum_4[44 * i +: 22];
            wire signed [21:0] sum_4_odd = sum_4[44 * i + 22 +: 22];
            wire signed [22:0] sum_2_lane = {sum_4_even[21], sum_4_even} + {sum_4_odd[21], sum_4_odd};
            assign sum_2[23 * i +: 23] = sum_2_lane;
        end
    endgenerate
    wire signed [22:0] sum_2_0 = sum_2[22:0];
    wire signed [22:0] sum_2_1 = sum_2[45:23];
    wire signed [23:0] sum_1 = {sum_2_0[22], sum_2_0} + {sum_2_1[22], sum_2_1};

    assign y = sum_1;
endmodule

`default_nettype wire
