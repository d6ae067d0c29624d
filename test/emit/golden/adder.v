module adder (
    input  wire clk,
    input  wire [5:0] x,
    input  wire [5:0] y,
    output wire [5:0] sum
);

    // State and pipeline registers; _s<n> is the value in stage n
    reg large_sign_s1;
    reg large_equal_s1;
    reg [6:0] widened_s1;
    reg both_negative_s1;
    reg any_s1;
    reg any_1_s1;
    reg [3:0] zeros_in_4_s1;
    reg [2:0] room_s1;
    reg is_nan_s1;

    // Stage 0
    wire swapped = x[4:0] < y[4:0];
    wire [5:0] larger = swapped ? y : x;
    wire [5:0] smaller = swapped ? x : y;
    wire [4:0] large_magnitude = larger[4:0];
    wire large_sign = larger[5];
    wire [2:0] large_field = larger[4:2];
    wire large_is_normal = |large_field;
    wire [2:0] large_exponent = large_is_normal ? large_field : 3'd1;
    wire [2:0] large_significand = {large_is_normal, larger[1:0]};
    wire large_equal = large_magnitude == 5'd28;
    wire [4:0] small_magnitude = smaller[4:0];
    wire small_sign = smaller[5];
    wire [2:0] small_field = smaller[4:2];
    wire small_is_normal = |small_field;
    wire [2:0] small_exponent = small_is_normal ? small_field : 3'd1;
    wire [2:0] small_significand = {small_is_normal, smaller[1:0]};
    wire subtract = large_sign ^ small_sign;
    wire [2:0] distance = large_exponent - small_exponent;
    wire [4:0] shifted = {small_significand, 2'd0};
    wire lost = |shifted[3:0];
    wire [4:0] right_4 = distance[2] ? {4'd0, shifted[4]} : shifted;
    wire lost_1 = |right_4[1:0];
    wire [4:0] right_2 = distance[1] ? {2'd0, right_4[4:2]} : right_4;
    wire lost_2 = right_2[0];
    wire [4:0] right_1 = distance[0] ? {1'b0, right_2[4:1]} : right_2;
    wire [5:0] addend = {right_1, (distance[2] & lost) | (distance[1] & lost_1) | (distance[0] & lost_2)};
    wire [5:0] augend = {large_significand, 3'd0};
    wire [6:0] widened = {1'b0, augend} + (({7{subtract}} ^ {1'b0, addend}) + {6'd0, subtract});
    wire both_negative = large_sign & small_sign;
    wire any = |widened;
    wire [2:0] exponent = large_exponent;
    wire [2:0] top = exponent + 3'd1;
    wire [7:0] joined = {widened, 1'b1};
    wire [3:0] top_1 = joined[7:4];
    wire any_1 = |top_1;
    wire [3:0] zeros_in_4 = any_1 ? top_1 : joined[3:0];
    wire [2:0] room = top - 3'd1;
    wire is_nan = (large_magnitude >= 5'd29) | (small_magnitude >= 5'd29) | (large_equal & (small_magnitude == 5'd28) & subtract);

    always @(posedge clk) begin
        large_sign_s1 <= large_sign;
        large_equal_s1 <= large_equal;
        widened_s1 <= widened;
        both_negative_s1 <= both_negative;
        any_s1 <= any;
        any_1_s1 <= any_1;
        zeros_in_4_s1 <= zeros_in_4;
        room_s1 <= room;
        is_nan_s1 <= is_nan;
    end

    // Stage 1
    wire sign = any_s1 ? large_sign_s1 : both_negative_s1;
    wire [1:0] top_2 = zeros_in_4_s1[3:2];
    wire any_2 = |top_2;
    wire zeros_2 = ~any_2;
    /* verilator lint_off UNUSED */ // bit 0 is not needed
    wire [1:0] zeros_in_2 = any_2 ? top_2 : zeros_in_4_s1[1:0];
    /* verilator lint_on UNUSED */
    wire top_3 = zeros_in_2[1];
    wire zeros_1 = ~top_3;
    wire zeros_4 = ~any_1_s1;
    wire [2:0] zeros = {zeros_4, zeros_2, zeros_1};
    wire [2:0] left = (zeros < room_s1) ? zeros : room_s1;
    wire [6:0] normalized = widened_s1 << left;
    wire [2:0] field_below_one = room_s1 - left;
    wire hidden = normalized[6];
    wire [3:0] field = {1'b0, any_s1 ? field_below_one : 3'd0} + {3'd0, hidden};
    wire [5:0] truncated = {field, normalized[5:4]};
    wire guard = normalized[3];
    wire below = |normalized[2:0];
    wire increment = guard & (below | normalized[4]);
    wire [5:0] rounded = truncated + {5'd0, increment};
    wire overflow = rounded > 6'd27;
    wire [4:0] rounded_1 = overflow ? 5'd28 : rounded[4:0];
    wire [4:0] bounded = large_equal_s1 ? 5'd28 : rounded_1;
    wire [5:0] code = {sign, bounded};

    assign sum = is_nan_s1 ? 6'd30 : code;
endmodule
