// fp_mul: Product of two floating-point numbers, rounded once or exact.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        fp-mul
// Parameters  a = e4m3
//             b = e4m3
//             result = e4m3
//             sign-apart = false
//             round = rne
//             overflow = saturate
//             subnormals = keep
//             random-bits = 8
// Latency     none, combinational; a beat may follow every clock
// Computes    y = round(a*b); exact: y = a*b in fixed point
//             exact, with the sign apart: y = |a*b|, negative = sign of a != sign of b
// Source      IEEE 754-2019 (multiplication), with the special codes of each format
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit fp-mul

`default_nettype none

module fp_mul (
    input  wire [7:0] a, // e4m3: first factor
    input  wire [7:0] b, // e4m3: second factor
    output wire [7:0] y  // e4m3: product
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 0; // clock cycles from input to output
    /* verilator lint_on UNUSED */

    // Signs, exponents and significands, and their product
    wire [6:0] a_magnitude = a[6:0];
    wire a_sign = a[7];
    wire [3:0] a_field = a[6:3];
    wire a_is_normal = |a_field;
    wire a_is_nan = a_magnitude >= 7'd127;
    wire [3:0] a_exponent = a_is_normal ? a_field : 4'd1;
    wire [3:0] a_significand = {a_is_normal, a[2:0]};
    wire [6:0] b_magnitude = b[6:0];
    wire b_sign = b[7];
    wire [3:0] b_field = b[6:3];
    wire b_is_normal = |b_field;
    wire b_is_nan = b_magnitude >= 7'd127;
    wire [3:0] b_exponent = b_is_normal ? b_field : 4'd1;
    wire [3:0] b_significand = {b_is_normal, b[2:0]};
    wire product_sign = a_sign ^ b_sign;
    wire [4:0] product_exponent = {1'b0, a_exponent} + {1'b0, b_exponent};
    wire product_is_nan = a_is_nan | b_is_nan;
    wire [7:0] product_significand = a_significand * b_significand;

    // Rounded once
    wire signed [5:0] room = {1'b0, product_exponent} - 6'd7;
    wire is_zero = ~|product_significand;
    wire [3:0] top = product_significand[7:4];
    wire any = |top;
    wire zeros_4 = ~any;
    wire [3:0] zeros_in_4 = any ? top : product_significand[3:0];
    wire [1:0] top_1 = zeros_in_4[3:2];
    wire any_1 = |top_1;
    wire zeros_2 = ~any_1;
    /* verilator lint_off UNUSED */ // bit 0 is not needed
    wire [1:0] zeros_in_2 = any_1 ? top_1 : zeros_in_4[1:0];
    /* verilator lint_on UNUSED */
    wire top_2 = zeros_in_2[1];
    wire zeros_1 = ~top_2;
    wire [2:0] zeros = {zeros_4, zeros_2, zeros_1};
    wire signed [5:0] spare = room - {3'd0, zeros};
    wire is_short = spare[5];
    wire is_below_normal = is_short | is_zero;
    wire [4:0] field_below_one = is_below_normal ? 5'd0 : spare[4:0];
    wire is_negative = room[5];
    wire [2:0] shift = is_short ? (is_negative ? 3'd0 : room[2:0]) : zeros;
    wire [7:0] significand = product_significand << shift;
    wire [4:0] complement = ~room[4:0];
    wire [2:0] low = complement[2:0];
    wire is_far = |complement[4:3];
    wire [3:0] distance = is_negative ? (is_far ? 4'd8 : ({1'b0, low} + 4'd1)) : 4'd0;
    wire is_beyond = distance[3];
    wire [4:0] choice = is_beyond ? 5'd0 : significand[7:3];
    wire lost = |choice[3:0];
    wire [4:0] right_4 = distance[2] ? {4'd0, choice[4]} : choice;
    wire lost_1 = |right_4[1:0];
    wire either = (is_beyond & (|significand[7:3])) | (distance[2] & lost) | (distance[1] & lost_1);
    wire [4:0] right_2 = distance[1] ? {2'd0, right_4[4:2]} : right_4;
    wire lost_2 = right_2[0];
    wire [4:0] right_1 = distance[0] ? {1'b0, right_2[4:1]} : right_2;
    wire hidden = |significand[2:0];
    wire sticky = hidden | either | (distance[0] & lost_2);
    wire [3:0] kept = right_1[4:1];
    wire guard = right_1[0];
    wire last = right_1[1];
    wire [7:0] code = ({field_below_one, 3'd0} | {7'd0, guard & (sticky | last)}) + {4'd0, kept};
    wire overflow = code > 8'd126;
    wire [6:0] magnitude = overflow ? 7'd126 : code[6:0];

    assign y = product_is_nan ? 8'd127 : {product_sign, magnitude};
endmodule

`default_nettype wire
