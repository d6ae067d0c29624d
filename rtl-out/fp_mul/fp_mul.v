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

    // Operands as 1.mantissa times a power of two
    wire a_sign = a[7];
    wire [3:0] a_field = a[6:3];
    wire a_is_normal = |a_field;
    wire [2:0] a_mantissa_bits = a[2:0];
    wire a_is_nan = (&a_field) & (&a_mantissa_bits);
    wire [3:0] a_significand = {a_is_normal, a_mantissa_bits};
    wire a_is_zero = ~|a_significand;
    wire [2:0] a_below = {a[0], 2'd0};
    wire [2:0] a_below_1 = {a[1:0], 1'b0};
    wire signed [1:0] a_choice = a[2] ? 2'd0 : (a[1] ? -2'd1 : -2'd2);
    wire [2:0] a_mantissa = a_is_normal ? a_mantissa_bits : (a[2] ? a_below_1 : (a[1] ? a_below : 3'd0));
    wire signed [4:0] a_exponent = a_is_normal ? {1'b0, a_field} : {{3{a_choice[1]}}, a_choice};
    wire b_sign = b[7];
    wire [3:0] b_field = b[6:3];
    wire b_is_normal = |b_field;
    wire [2:0] b_mantissa_bits = b[2:0];
    wire b_is_nan = (&b_field) & (&b_mantissa_bits);
    wire [3:0] b_significand = {b_is_normal, b_mantissa_bits};
    wire b_is_zero = ~|b_significand;
    wire [2:0] b_below = {b[0], 2'd0};
    wire [2:0] b_below_1 = {b[1:0], 1'b0};
    wire signed [1:0] b_choice = b[2] ? 2'd0 : (b[1] ? -2'd1 : -2'd2);
    wire [2:0] b_mantissa = b_is_normal ? b_mantissa_bits : (b[2] ? b_below_1 : (b[1] ? b_below : 3'd0));
    wire signed [4:0] b_exponent = b_is_normal ? {1'b0, b_field} : {{3{b_choice[1]}}, b_choice};

    // What does not depend on the significands
    wire is_zero = a_is_zero | b_is_zero;
    wire becomes_nan = a_is_nan | b_is_nan;

    // Result
    wire [5:0] index = {a_mantissa, b_mantissa};

    // The product of the significands
    wire [5:0] product_value;
    fp_mul_product_m3_m3 product_value_table (.code(index), .value(product_value));
    wire product_up = product_value[5];
    wire [3:0] product_fraction = product_value[4:1];
    wire product_sticky = product_value[0];

    // Rounded once
    wire [4:0] aligned = {1'b1, product_fraction};
    wire signed [5:0] joined = {a_exponent, 1'b1};
    wire signed [5:0] joined_1 = {b_exponent, product_up};
    /* verilator lint_off UNUSED */ // bit 0 is not needed
    wire signed [6:0] sum = {joined[5], joined} + {joined_1[5], joined_1};
    /* verilator lint_on UNUSED */
    wire signed [5:0] room = sum[6:1] - 6'd8;
    wire is_below_normal = room[5];
    wire [4:0] field_below_one = is_below_normal ? 5'd0 : room[4:0];
    wire [4:0] complement = ~room[4:0];
    wire [2:0] low = complement[2:0];
    wire is_far = |complement[4:3];
    wire [3:0] distance = is_below_normal ? (is_far ? 4'd8 : ({1'b0, low} + 4'd1)) : 4'd0;
    wire is_beyond = distance[3];
    wire [4:0] choice = is_beyond ? 5'd0 : aligned;
    wire lost = |choice[3:0];
    wire [4:0] right_4 = distance[2] ? {4'd0, choice[4]} : choice;
    wire lost_1 = |right_4[1:0];
    wire [4:0] right_2 = distance[1] ? {2'd0, right_4[4:2]} : right_4;
    wire lost_2 = right_2[0];
    wire either = is_beyond | (distance[2] & lost) | (distance[1] & lost_1) | (distance[0] & lost_2);
    wire [4:0] right_1 = distance[0] ? {1'b0, right_2[4:1]} : right_2;
    wire sticky = either | product_sticky;
    wire [3:0] kept = right_1[4:1];
    wire guard = right_1[0];
    wire last = right_1[1];
    wire [7:0] code = ({field_below_one, 3'd0} | {7'd0, guard & (sticky | last)}) + {4'd0, kept};
    wire above = code[7];
    wire overflow = above | (&code[6:0]);
    wire [6:0] bounded = overflow ? 7'd126 : code[6:0];
    wire [6:0] magnitude = is_zero ? 7'd0 : bounded;

    assign y = becomes_nan ? 8'd127 : {a_sign ^ b_sign, magnitude};
endmodule

/* verilator lint_off DECLFILENAME */ // parts of fp_mul, kept in its file

// 1.a * 1.b, mantissas of 3 and 3 bits: 1.fraction, of 4 bits, times 2 where up; sticky for what is below; up, fraction, sticky from the top
module fp_mul_product_m3_m3 (
    input  wire [5:0] code,
    output reg  [5:0] value
);
    always @* begin
        case (code)
            6'd0: value = 6'd0;
            6'd1: value = 6'd4;
            6'd2: value = 6'd8;
            6'd3: value = 6'd12;
            6'd4: value = 6'd16;
            6'd5: value = 6'd20;
            6'd6: value = 6'd24;
            6'd7: value = 6'd28;
            6'd8: value = 6'd4;
            6'd9: value = 6'd9;
            6'd10: value = 6'd13;
            6'd11: value = 6'd17;
            6'd12: value = 6'd22;
            6'd13: value = 6'd27;
            6'd14: value = 6'd31;
            6'd15: value = 6'd33;
            6'd16: value = 6'd8;
            6'd17: value = 6'd13;
            6'd18: value = 6'd18;
            6'd19: value = 6'd23;
            6'd20: value = 6'd28;
            6'd21: value = 6'd33;
            6'd22: value = 6'd35;
            6'd23: value = 6'd37;
            6'd24: value = 6'd12;
            6'd25: value = 6'd17;
            6'd26: value = 6'd23;
            6'd27: value = 6'd29;
            6'd28: value = 6'd33;
            6'd29: value = 6'd35;
            6'd30: value = 6'd39;
            6'd31: value = 6'd41;
            6'd32: value = 6'd16;
            6'd33: value = 6'd22;
            6'd34: value = 6'd28;
            6'd35: value = 6'd33;
            6'd36: value = 6'd36;
            6'd37: value = 6'd39;
            6'd38: value = 6'd42;
            6'd39: value = 6'd45;
            6'd40: value = 6'd20;
            6'd41: value = 6'd27;
            6'd42: value = 6'd33;
            6'd43: value = 6'd35;
            6'd44: value = 6'd39;
            6'd45: value = 6'd43;
            6'd46: value = 6'd45;
            6'd47: value = 6'd49;
            6'd48: value = 6'd24;
            6'd49: value = 6'd31;
            6'd50: value = 6'd35;
            6'd51: value = 6'd39;
            6'd52: value = 6'd42;
            6'd53: value = 6'd45;
            6'd54: value = 6'd49;
            6'd55: value = 6'd53;
            6'd56: value = 6'd28;
            6'd57: value = 6'd33;
            6'd58: value = 6'd37;
            6'd59: value = 6'd41;
            6'd60: value = 6'd45;
            6'd61: value = 6'd49;
            6'd62: value = 6'd53;
            default: value = 6'd57;
        endcase
    end
endmodule

/* verilator lint_on DECLFILENAME */

`default_nettype wire
