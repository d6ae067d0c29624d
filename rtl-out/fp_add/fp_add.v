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

    genvar i;
    wire a_sign = a[15];
    wire [7:0] a_field = a[14:7];
    wire a_is_normal = |a_field;
    wire a_all = &a_field;
    wire a_any = |a[6:0];
    wire a_is_nan = a_all & a_any;
    wire a_is_infinite = a_all & ~a_any;
    wire [7:0] a_exponent = a_is_normal ? a_field : 8'd1;
    wire [7:0] a_significand = {a_is_normal, a[6:0]};
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
    wire is_less = a_significand < b_significand;
    wire is_swapped = (a_field < b_field) | ((a_field == b_field) & is_less);
    wire [7:0] large_exponent = is_swapped ? b_exponent : a_exponent;
    wire [7:0] large_significand = is_swapped ? b_significand : a_significand;
    wire [7:0] small_significand = is_swapped ? a_significand : b_significand;
    wire [7:0] down = a_exponent - b_exponent;
    wire [7:0] up = b_exponent - a_exponent;
    wire [7:0] distance = is_swapped ? up : down;
    wire sign = is_swapped ? b_sign : a_sign;

    // The smaller operand at its place beside the larger, and their sum
    wire [9:0] shifted = {small_significand, 2'd0};
    wire is_beyond = |distance[7:4];
    wire lost = |shifted[7:0];
    wire [9:0] right_8 = distance[3] ? {8'd0, shifted[9:8]} : shifted;
    wire lost_1 = |right_8[3:0];
    wire either = (is_beyond & (|shifted)) | (distance[3] & lost) | (distance[2] & lost_1);
    wire [9:0] right_4 = distance[2] ? {4'd0, right_8[9:4]} : right_8;
    wire lost_2 = |right_4[1:0];
    wire [9:0] right_2 = distance[1] ? {2'd0, right_4[9:2]} : right_4;
    wire lost_3 = right_2[0];
    wire [9:0] right_1 = distance[0] ? {1'b0, right_2[9:1]} : right_2;
    wire [10:0] addend = {is_beyond ? 10'd0 : right_1, either | (distance[1] & lost_2) | (distance[0] & lost_3)};
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
    wire [15:0] field = {magnitude, 4'd0};
    wire [15:0] zeros_8;
    generate
        for (i = 0; i < 8; i = i + 1) begin : zeros_8_lanes
            wire is_zero_1 = ~field[2 * i + 1];
            wire [1:0] zeros_8_lane = {is_zero_1 & ~field[2 * i], is_zero_1};
            assign zeros_8[2 * i +: 2] = zeros_8_lane;
        end
    endgenerate
    wire [11:0] zeros_4;
    generate
        for (i = 0; i < 4; i = i + 1) begin : zeros_4_lanes
            wire [1:0] zeros_8_even = zeros_8[4 * i +: 2];
            wire [1:0] zeros_8_odd = zeros_8[4 * i + 2 +: 2];
            wire none_above = zeros_8_odd[1];
            wire none = none_above & zeros_8_even[1];
            wire [2:0] zeros_4_lane = {none, none_above, none_above ? zeros_8_even[0] : zeros_8_odd[0]};
            assign zeros_4[3 * i +: 3] = zeros_4_lane;
        end
    endgenerate
    wire [7:0] zeros_2;
    generate
        for (i = 0; i < 2; i = i + 1) begin : zeros_2_lanes
            wire [2:0] zeros_4_even = zeros_4[6 * i +: 3];
            wire [2:0] zeros_4_odd = zeros_4[6 * i + 3 +: 3];
            wire none_above_1 = zeros_4_odd[2];
            wire none_1 = none_above_1 & zeros_4_even[2];
            wire [3:0] zeros_2_lane = {none_1, none_above_1, none_above_1 ? zeros_4_even[1:0] : zeros_4_odd[1:0]};
            assign zeros_2[4 * i +: 4] = zeros_2_lane;
        end
    endgenerate
    wire [3:0] zeros_2_0 = zeros_2[3:0];
    wire [3:0] zeros_2_1 = zeros_2[7:4];
    wire none_above_2 = zeros_2_1[3];
    wire none_2 = none_above_2 & zeros_2_0[3];
    /* verilator lint_off UNUSED */ // bit 4 is not needed
    wire [4:0] parts = {none_2, none_above_2, none_above_2 ? zeros_2_0[2:0] : zeros_2_1[2:0]};
    /* verilator lint_on UNUSED */
    wire [3:0] zeros = parts[3:0];
    wire [7:0] spare = large_exponent - {4'd0, zeros};
    wire above = |large_exponent[7:4];
    wire is_short = (large_exponent[3:0] < zeros) & ~above;
    wire is_below_normal = is_short | is_zero;
    wire [7:0] field_below_one = is_below_normal ? 8'd0 : spare;
    wire [3:0] shift = is_short ? large_exponent[3:0] : zeros;
    wire [11:0] significand = magnitude << shift;
    wire [7:0] kept = significand[11:4];
    wire guard = significand[3];
    wire below_guard = |significand[2:0];
    wire last = significand[4];
    wire [15:0] code = {1'b0, {field_below_one, 7'd0} | {14'd0, guard & (below_guard | last)}} + {8'd0, kept};
    wire above_1 = code[15];
    wire overflow = above_1 | (&code[14:7]);
    wire [14:0] magnitude_1 = overflow ? 15'h7f7f : code[14:0];
    wire [14:0] bounded = is_infinite ? 15'h7f7f : magnitude_1;

    assign y = is_nan ? 16'h7fc0 : {finite_sign, bounded};
endmodule

`default_nettype wire
