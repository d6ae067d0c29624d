// fp_cmp: Less, equal, minimum and maximum of two floating-point numbers.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        fp-cmp
// Parameters  a = bf16
//             b = bf16
//             nan = propagate
// Latency     none, combinational; a beat may follow every clock
// Computes    less = a < b
//             equal = a == b
//             min = a < b ? a : b
//             max = a < b ? b : a
// Source      IEEE 754-2019 (5.11 comparison; 9.6 minimum, maximum, minimumNumber, maximumNumber)
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit fp-cmp

`default_nettype none

module fp_cmp (
    input  wire [15:0] a,         // bf16: first operand
    input  wire [15:0] b,         // bf16: second operand
    output wire        less,      // the first operand is less
    output wire        equal,     // both are equal; -0 equals +0
    output wire [15:0] min,       // bf16: the lesser operand
    output wire [15:0] max,       // bf16: the greater operand
    output wire        unordered  // an operand is NaN
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 0; // clock cycles from input to output
    /* verilator lint_on UNUSED */
    wire [14:0] a_magnitude = a[14:0];
    wire a_sign = a[15];
    wire [7:0] a_field = a[14:7];
    wire a_is_normal = |a_field;
    wire a_is_nan = (&a_field) & (|a[6:0]);
    wire [7:0] a_significand = {a_is_normal, a[6:0]};
    wire a_is_zero = ~|a_significand;
    wire [14:0] b_magnitude = b[14:0];
    wire b_sign = b[15];
    wire [7:0] b_field = b[14:7];
    wire b_is_normal = |b_field;
    wire b_is_nan = (&b_field) & (|b[6:0]);
    wire [7:0] b_significand = {b_is_normal, b[6:0]};
    wire b_is_zero = ~|b_significand;
    wire unordered_1 = a_is_nan | b_is_nan;
    wire is_smaller = a_magnitude < b_magnitude;
    wire is_same = a_magnitude == b_magnitude;
    wire differ = a_sign ^ b_sign;
    wire is_first = differ ? a_sign : (a_sign ? (~(is_smaller | is_same)) : is_smaller);
    wire both_zero = a_is_zero & b_is_zero;
    wire inverted = ~unordered_1;
    wire equal_1 = (differ ? both_zero : is_same) & inverted;
    wire less_1 = is_first & (~(differ & both_zero)) & inverted;
    wire [15:0] lesser = is_first ? a : b;
    wire [15:0] greater = is_first ? b : a;

    assign less = less_1;
    assign equal = equal_1;
    assign min = unordered_1 ? 16'h7fc0 : lesser;
    assign max = unordered_1 ? 16'h7fc0 : greater;
    assign unordered = unordered_1;
endmodule

`default_nettype wire
