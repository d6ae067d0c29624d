// fp_to_int: Conversion of a floating-point number to an integer or fixed point, rounded once.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        fp-to-int
// Parameters  from = bf16
//             to = int8
//             round = rne
//             overflow = saturate
//             subnormals = keep
//             random-bits = 8
// Latency     none, combinational; a beat may follow every clock
// Computes    y = limit(round(x))
// Source      IEEE 754-2019 (5.8 convertToInteger); RISC-V F (saturation, NaN)
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit fp-to-int

`default_nettype none

module fp_to_int (
    input  wire [15:0] x, // bf16: number
    output wire [7:0]  y  // int8: the number in fixed point
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 0; // clock cycles from input to output
    /* verilator lint_on UNUSED */

    // Sign, exponent and significand
    wire sign = x[15];
    wire [7:0] field = x[14:7];
    wire is_normal = |field;
    wire all = &field;
    wire any = |x[6:0];
    wire is_nan = all & any;
    wire is_infinite = all & ~any;
    wire [7:0] exponent = is_normal ? field : 8'd1;
    wire [7:0] significand = {is_normal, x[6:0]};

    // The significand at its place, rounded
    wire signed [8:0] difference = {1'b0, exponent} - 9'd125;
    wire [3:0] floored = difference[8] ? 4'd0 : difference[3:0];
    wire [3:0] shift = ($signed(difference) > $signed(9'd10)) ? 4'd10 : floored;
    wire [17:0] magnitude = {10'd0, significand} << shift;
    wire [8:0] floor = magnitude[17:9];
    wire guard = magnitude[8];
    wire below = |magnitude[7:0];
    wire increment = guard & (below | floor[0]);
    wire [9:0] ones = sign ? 10'd1023 : 10'd0;
    wire signed [9:0] complemented = {1'b0, floor} ^ ones;
    wire signed [10:0] rounded = {complemented[9], complemented} + {10'd0, sign ^ increment};

    // Within the range of the result
    wire is_negative = sign & ~is_nan;
    wire [3:0] upper = rounded[10:7];
    wire is_outside = (|upper) & (~(&upper));
    wire signed [7:0] limit = is_negative ? -8'd128 : 8'd127;

    assign y = (is_outside | is_nan | is_infinite) ? limit : rounded[7:0];
endmodule

`default_nettype wire
