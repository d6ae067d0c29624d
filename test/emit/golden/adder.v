module adder (
    input  wire clk,
    input  wire [5:0] x,
    input  wire [5:0] y,
    output wire [5:0] sum
);

    // State and pipeline registers; _s<n> is the value in stage n
    reg [2:0] large_exponent_s1;
    reg sign_s1;
    reg [6:0] magnitude_s1;
    reg both_negative_s1;
    reg is_nan_s1;
    reg is_infinite_s1;
    reg [7:0] joined_s1;
    reg any_1_s1;

    // Stage 0
    wire a_sign = x[5];
    wire [2:0] a_field = x[4:2];
    wire a_is_normal = |a_field;
    wire a_all = &a_field;
    wire a_any = |x[1:0];
    wire a_is_nan = a_all & a_any;
    wire a_is_infinite = a_all & ~a_any;
    wire [2:0] a_exponent = a_is_normal ? a_field : 3'd1;
    wire [2:0] a_significand = {a_is_normal, x[1:0]};
    wire b_sign = y[5];
    wire [2:0] b_field = y[4:2];
    wire b_is_normal = |b_field;
    wire b_all = &b_field;
    wire b_any = |y[1:0];
    wire b_is_nan = b_all & b_any;
    wire b_is_infinite = b_all & ~b_any;
    wire [2:0] b_exponent = b_is_normal ? b_field : 3'd1;
    wire [2:0] b_significand = {b_is_normal, y[1:0]};
    wire subtract = a_sign ^ b_sign;
    wire is_less = a_significand < b_significand;
    wire is_swapped = (a_field < b_field) | ((a_field == b_field) & is_less);
    wire [2:0] large_exponent = is_swapped ? b_exponent : a_exponent;
    wire [2:0] large_significand = is_swapped ? b_significand : a_significand;
    wire [2:0] small_significand = is_swapped ? a_significand : b_significand;
    wire [2:0] down = a_exponent - b_exponent;
    wire [2:0] up = b_exponent - a_exponent;
    wire [2:0] distance = is_swapped ? up : down;
    wire sign = is_swapped ? b_sign : a_sign;

    // The smaller operand at its place beside the larger, and their sum
    wire [4:0] shifted = {small_significand, 2'd0};
    wire lost = |shifted[3:0];
    wire [4:0] right_4 = distance[2] ? {4'd0, shifted[4]} : shifted;
    wire lost_1 = |right_4[1:0];
    wire [4:0] right_2 = distance[1] ? {2'd0, right_4[4:2]} : right_4;
    wire lost_2 = right_2[0];
    wire [4:0] right_1 = distance[0] ? {1'b0, right_2[4:1]} : right_2;
    wire [5:0] addend = {right_1, (distance[2] & lost) | (distance[1] & lost_1) | (distance[0] & lost_2)};
    wire [5:0] augend = {large_significand, 3'd0};
    wire [5:0] complemented = addend ^ (subtract ? 6'd63 : 6'd0);
    wire [5:0] augend_and_one = augend | {5'd0, subtract};
    wire [6:0] total = {1'b0, augend_and_one} + {1'b0, complemented};
    wire carry = total[6] & ~subtract;
    wire [6:0] magnitude = {carry, total[5:0]};

    // Result
    wire both_negative = a_sign & b_sign;
    wire is_nan = a_is_nan | b_is_nan | (a_is_infinite & b_is_infinite & subtract);
    wire is_infinite = a_is_infinite | b_is_infinite;

    // Rounded once
    wire [7:0] joined = {magnitude, 1'b1};
    wire [3:0] top = joined[7:4];
    wire any_1 = |top;

    always @(posedge clk) begin
        large_exponent_s1 <= large_exponent;
        sign_s1 <= sign;
        magnitude_s1 <= magnitude;
        both_negative_s1 <= both_negative;
        is_nan_s1 <= is_nan;
        is_infinite_s1 <= is_infinite;
        joined_s1 <= joined;
        any_1_s1 <= any_1;
    end

    // Stage 1

    // Result
    wire any = |magnitude_s1;
    wire is_zero = ~any;
    wire finite_sign = any ? sign_s1 : both_negative_s1;

    // Rounded once
    wire zeros_4 = ~any_1_s1;
    wire [3:0] top_1 = joined_s1[7:4];
    wire [3:0] zeros_in_4 = any_1_s1 ? top_1 : joined_s1[3:0];
    wire [1:0] top_2 = zeros_in_4[3:2];
    wire any_2 = |top_2;
    wire zeros_2 = ~any_2;
    /* verilator lint_off UNUSED */ // bit 0 is not needed
    wire [1:0] zeros_in_2 = any_2 ? top_2 : zeros_in_4[1:0];
    /* verilator lint_on UNUSED */
    wire top_3 = zeros_in_2[1];
    wire zeros_1 = ~top_3;
    wire [2:0] zeros = {zeros_4, zeros_2, zeros_1};
    wire signed [3:0] spare = {1'b0, large_exponent_s1} - {1'b0, zeros};
    wire is_short = spare[3];
    wire is_below_normal = is_short | is_zero;
    wire [2:0] field_below_one = is_below_normal ? 3'd0 : spare[2:0];
    wire [2:0] shift = is_short ? large_exponent_s1 : zeros;
    wire [6:0] significand_by_4 = magnitude_s1 << {shift[2], 2'd0};
    wire [6:0] significand = significand_by_4 << shift[1:0];
    wire [2:0] kept = significand[6:4];
    wire guard = significand[3];
    wire below_guard = |significand[2:0];
    wire last = significand[4];
    wire [4:0] code = ({field_below_one, 2'd0} | {4'd0, guard & (below_guard | last)}) + {2'd0, kept};
    wire overflow = &field_below_one[2:1];
    wire [4:0] magnitude_1 = overflow ? 5'd28 : code;
    wire [4:0] bounded = is_infinite_s1 ? 5'd28 : magnitude_1;

    assign sum = is_nan_s1 ? 6'd30 : {finite_sign, bounded};
endmodule
