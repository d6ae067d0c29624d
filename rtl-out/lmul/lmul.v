// lmul: L-Mul: approximate floating-point product by one addition.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        lmul
// Parameters  operand = e4m3
//             offset = lmul
//             special = ordinary
// Latency     none, combinational; a beat may follow every clock
// Computes    |a|, |b|: codes without sign, E exponent and M mantissa bits; offset = 2^(M - l), l = M up to 3, 3 for 4, 4 above
//             t = |a| + |b| - (bias << M) + offset
//             y = 0 if a or b has exponent field 0, or t < 2^M; else +-min(t, largest finite code), the sign that of a*b
//             special ordinary: codes of NaN and infinity are numbers like others; propagate: they act as in a product of IEEE 754
// Source      Luo and Sun, "Addition is All You Need for Energy-efficient Language Models", arXiv:2410.00907, as an integer adder
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit lmul

`default_nettype none

module lmul (
    input  wire [7:0] a, // e4m3: first operand
    input  wire [7:0] b, // e4m3: second operand
    output wire [7:0] y  // e4m3: approximate product
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 0; // clock cycles from input to output
    /* verilator lint_on UNUSED */
    wire [6:0] a_code = a[6:0];
    wire [6:0] b_code = b[6:0];
    wire is_zero = (~|a[6:3]) | (~|b[6:3]);
    wire [7:0] sum = {1'b0, a_code} + {1'b0, b_code};
    wire [7:0] total = sum - 8'd55;
    wire above = total[7];
    wire [6:0] code = total[6:0];
    wire [3:0] exponent = total[6:3];
    wire is_outside = above | is_zero | (~|exponent) | (&code);
    wire is_large = (a[6] | b[6]) & ~is_zero;
    wire [6:0] limit = is_large ? 7'd126 : 7'd0;
    wire [6:0] magnitude = is_outside ? limit : total[6:0];
    wire is_not_zero = ~is_outside | is_large;
    wire negative = a[7] ^ b[7];
    wire sign = negative & is_not_zero;
    wire [7:0] product = {sign, magnitude};

    assign y = product;
endmodule

`default_nettype wire
