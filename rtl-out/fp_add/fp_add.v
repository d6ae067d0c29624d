// fp_add: Sum or difference of two floating-point numbers, rounded once.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        fp-add
// Parameters  a = bf16
//             b = bf16
//             result = bf16
//             operation = add
//             round = rne
//             overflow = saturate
//             subnormals = keep
//             random-bits = 8
// Latency     none, combinational; a beat may follow every clock
// Computes    add: y = round(a + b)
//             sub: y = round(a - b)
//             addsub: y = round(subtract ? a - b : a + b)
// Source      IEEE 754-2019 (addition, subtraction, 6.3 for zeros), with the special codes of each format
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit fp-add

`default_nettype none

module fp_add (
    input  wire [15:0] a, // bf16: first operand
    input  wire [15:0] b, // bf16: second operand
    output wire [15:0] y  // bf16: sum or difference
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 0; // clock cycles from input to output
    /* verilator lint_on UNUSED */
    wire [14:0] a_magnitude = a[14:0];
    wire a_sign = a[15];
    wire [7:0] a_field = a[14:7];
    wire a_is_normal = |a_field;
    wire a_all = &a_field;
    wire a_any = |a[6:0];
    wire a_is_nan = a_all & a_any;
    wire a_is_infinite = a_all & ~a_any;
    wire [7:0] a_exponent = a_is_normal ? a_field : 8'd1;
    wire [7:0] a_significand = {a_is_normal, a[6:0]};
    wire [14:0] b_magnitude = b[14:0];
    wire b_sign = b[15];
    wire [7:0] b_field = b[14:7];
    wire b_is_normal = |b_field;
    wire b_all = &b_field;
    wire b_any = |b[6:0];
    wire b_is_nan = b_all & b_any;
    wire b_is_infinite = b_all & ~b_any;
    wire [7:0] b_exponent = b_is_normal ? b_field : 8'd1;
    wire [7:0] b_significand = {b_is_normal, b[6:0]};
    wire subtract = a_sign ^ b_sign;
    wire is_swapped = a_magnitude < b_magnitude;
    wire [7:0] large_exponent = is_swapped ? b_exponent : a_exponent;
    wire [7:0] large_significand = is_swapped ? b_significand : a_significand;
    wire [7:0] small_exponent = is_swapped ? a_exponent : b_exponent;
    wire [7:0] small_significand = is_swapped ? a_significand : b_significand;
    wire sign = is_swapped ? b_sign : a_sign;

    // The smaller operand at its place beside the larger, and their sum
    wire [7:0] distance = large_exponent - small_exponent;
    wire [9:0] shifted = {small_significand, 2'd0};
    wire is_beyond = |distance[7:4];
    wire [9:0] choice = is_beyond ? 10'd0 : shifted;
    wire lost = |choice[7:0];
    wire [9:0] right_8 = distance[3] ? {8'd0, choice[9:8]} : choice;
    wire lost_1 = |right_8[3:0];
    wire either = (is_beyond & (|shifted)) | (distance[3] & lost) | (distance[2] & lost_1);
    wire [9:0] right_4 = distance[2] ? {4'd0, right_8[9:4]} : right_8;
    wire lost_2 = |right_4[1:0];
    wire [9:0] right_2 = distance[1] ? {2'd0, right_4[9:2]} : right_4;
    wire lost_3 = right_2[0];
    wire [9:0] right_1 = distance[0] ? {1'b0, right_2[9:1]} : right_2;
    wire [10:0] addend = {right_1, either | (distance[1] & lost_2) | (distance[0] & lost_3)};
    wire [10:0] augend = {large_significand, 3'd0};
    wire [10:0] complemented = addend ^ (subtract ? 11'd2047 : 11'd0);
    wire [10:0] augend_and_one = augend | {10'd0, subtract};
    wire [11:0] total = {1'b0, augend_and_one} + {1'b0, complemented};
    wire carry = total[11] & ~subtract;
    wire [11:0] magnitude = {carry, total[10:0]};

    // Result
    wire both_negative = a_sign & b_sign;
    wire any = |magnitude;
    wire is_zero = ~any;
    wire finite_sign = any ? sign : both_negative;
    wire is_nan = a_is_nan | b_is_nan | (a_is_infinite & b_is_infinite & subtract);
    wire is_infinite = a_is_infinite | b_is_infinite;

    // Rounded once
    wire [15:0] joined = {magnitude, 4'd15};
    wire [7:0] top = joined[15:8];
    wire any_1 = |top;
    wire zeros_8 = ~any_1;
    wire [7:0] zeros_in_8 = any_1 ? top : joined[7:0];
    wire [3:0] top_1 = zeros_in_8[7:4];
    wire any_2 = |top_1;
    wire zeros_4 = ~any_2;
    wire [3:0] zeros_in_4 = any_2 ? top_1 : zeros_in_8[3:0];
    wire [1:0] top_2 = zeros_in_4[3:2];
    wire any_3 = |top_2;
    wire zeros_2 = ~any_3;
    /* verilator lint_off UNUSED */ // bit 0 is not needed
    wire [1:0] zeros_in_2 = any_3 ? top_2 : zeros_in_4[1:0];
    /* verilator lint_on UNUSED */
    wire top_3 = zeros_in_2[1];
    wire zeros_1 = ~top_3;
    wire [3:0] zeros = {zeros_8, zeros_4, zeros_2, zeros_1};
    wire signed [8:0] spare = {1'b0, large_exponent} - {5'd0, zeros};
    wire is_short = spare[8];
    wire is_below_normal = is_short | is_zero;
    wire [7:0] field_below_one = is_below_normal ? 8'd0 : spare[7:0];
    wire [3:0] shift = is_short ? large_exponent[3:0] : zeros;
    wire [11:0] significand = magnitude << shift;
    wire [7:0] kept = significand[11:4];
    wire guard = significand[3];
    wire below_guard = |significand[2:0];
    wire last = significand[4];
    wire [15:0] code = {1'b0, {field_below_one, 7'd0} | {14'd0, guard & (below_guard | last)}} + {8'd0, kept};
    wire overflow = code > 16'h7f7f;
    wire [14:0] magnitude_1 = overflow ? 15'h7f7f : code[14:0];
    wire [14:0] bounded = is_infinite ? 15'h7f7f : magnitude_1;

    assign y = is_nan ? 16'h7fc0 : {finite_sign, bounded};
endmodule

`default_nettype wire
