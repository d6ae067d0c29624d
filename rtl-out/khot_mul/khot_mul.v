// khot_mul: A number times a sum of a few powers of two.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        khot-mul
// Parameters  a = int16
//             terms = 2
//             shift-bits = 3
//             encoding = binary
//             weights = 
// Latency     none, combinational; a beat may follow every clock
// Computes    y = a*w, exact, with w = +- sum  present[t]*2^exponent[t] (csd: a sign for each t)
// Source      QFX, K-hot multiplicands
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit khot-mul

`default_nettype none

module khot_mul (
    input  wire [15:0] a, // int16: number
    input  wire [8:0]  b, // uint9: the weight, as a word
    output wire [24:0] y  // int25: product
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 0; // clock cycles from input to output
    /* verilator lint_on UNUSED */

    // Shifted numbers
    wire [2:0] exponent0 = b[2:0];
    wire present0 = b[3];
    wire negative = b[8];
    wire signed [22:0] shifted0 = {{7{a[15]}}, a} << exponent0;
    wire signed [22:0] choice = present0 ? shifted0 : 23'd0;
    wire signed [22:0] complemented = negative ? ~choice : choice;
    wire signed [23:0] joined = {complemented, negative};
    wire [2:0] exponent1 = b[6:4];
    wire present1 = b[7];
    wire signed [22:0] shifted1 = {{7{a[15]}}, a} << exponent1;
    wire signed [22:0] choice_1 = present1 ? shifted1 : 23'd0;
    wire signed [22:0] complemented_1 = negative ? ~choice_1 : choice_1;
    wire signed [23:0] joined_1 = {complemented_1, negative};

    // Adder tree; the bit below each number is still to be added to it
    wire signed [23:0] addend = {joined_1[23:1], 1'b1};
    /* verilator lint_off UNUSED */ // bit 0 is not needed
    wire signed [24:0] total = {joined[23], joined} + {addend[23], addend};
    /* verilator lint_on UNUSED */
    wire signed [23:0] number = total[24:1];
    wire signed [24:0] total_1 = {number, joined_1[0]};
    wire rest = total_1[0];
    wire signed [23:0] shifted = total_1[24:1];

    assign y = {shifted[23], shifted} + {24'd0, rest};
endmodule

`default_nettype wire
