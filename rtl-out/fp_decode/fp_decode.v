// fp_decode: Sign, exponent, significand and class of a floating-point number.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        fp-decode
// Parameters  from = e4m3
//             subnormals = keep
// Latency     none, combinational; a beat may follow every clock
// Computes    x = (sign ? -1 : 1) * significand * 2^exponent, where x is finite
// Source      IEEE 754-2019 (3.3, classes of 5.7.2), with the special codes of each format
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit fp-decode

`default_nettype none

module fp_decode (
    input  wire [7:0] x,            // e4m3: number
    output wire       sign,         // the number is negative, or -0
    output wire [4:0] exponent,     // int5: exponent of the last digit before the point; the least one for subnormals and what is no number
    output wire [3:0] significand,  // ufix4.3: significand, one bit before the point; 0 for what is no number
    output wire       is_zero,      // a zero
    output wire       is_subnormal, // below the smallest normal number, and no zero
    output wire       is_nan        // NaN
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 0; // clock cycles from input to output
    /* verilator lint_on UNUSED */
    wire sign_1 = x[7];
    wire [3:0] field = x[6:3];
    wire is_normal = |field;
    wire is_nan_1 = (&field) & (&x[2:0]);
    wire [3:0] exponent_1 = is_normal ? field : 4'd1;
    wire [3:0] significand_1 = {is_normal, x[2:0]};
    wire is_zero_1 = ~|significand_1;
    wire is_number = ~is_nan_1;
    wire [3:0] field_1 = is_nan_1 ? 4'd1 : exponent_1;
    wire signed [4:0] exponent_2 = {1'b0, field_1} - 5'd7;
    wire [3:0] significand_2 = is_nan_1 ? 4'd0 : significand_1;
    wire is_normal_1 = significand_1[3];

    assign sign = sign_1 & is_number;
    assign exponent = exponent_2;
    assign significand = significand_2;
    assign is_zero = is_zero_1 & is_number;
    assign is_subnormal = (~(is_normal_1 | is_zero_1)) & is_number;
    assign is_nan = is_nan_1;
endmodule

`default_nettype wire
