// fp4_to_fp8_shift: FP4 to FP8 with a power-of-two scale, by adding to the exponent.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        fp4-to-fp8-shift
// Parameters  from = e2m1
//             to = e4m3
//             shift = int5
// Latency     none, combinational; a beat may follow every clock
// Computes    y = x * 2^shift, rounded to nearest even, saturated; a zero keeps its sign
//             inexact = y != x * 2^shift; saturated = |x * 2^shift| is beyond the largest value
// Source      ZeroQuant-FP (Wu et al., arXiv:2307.09782): casting FP4 weights to FP8 with power-of-two scales
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit fp4-to-fp8-shift

`default_nettype none

module fp4_to_fp8_shift (
    input  wire [3:0] x,         // e2m1: value
    input  wire [4:0] shift,     // int5: exponent of the scale
    output wire [7:0] y,         // e4m3: the value times 2^shift
    output wire       inexact,   // y was rounded or saturated
    output wire       saturated  // y was saturated
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 0; // clock cycles from input to output
    /* verilator lint_on UNUSED */
    wire sign = x[3];
    wire [1:0] field = x[2:1];
    wire is_normal = |field;
    wire [1:0] exponent = is_normal ? field : 2'd1;
    wire [1:0] significand = {is_normal, x[0]};
    wire top = significand[1];
    wire zeros_1 = ~top;
    wire [3:0] normalized = {(significand << zeros_1), 2'd0};
    wire signed [5:0] biased = ({4'd0, exponent - {1'b0, zeros_1}} + {shift[4], shift}) + 6'd6;
    wire signed [5:0] difference = 6'd1 - biased;
    wire [2:0] floored = difference[5] ? 3'd0 : difference[2:0];
    wire [2:0] deficit = ($signed(difference) > $signed(6'd5)) ? 3'd5 : floored;
    wire [4:0] shifted = {normalized, 1'b0};
    wire lost = |shifted[3:0];
    wire [4:0] right_4 = deficit[2] ? {4'd0, shifted[4]} : shifted;
    wire lost_1 = |right_4[1:0];
    wire [4:0] right_2 = deficit[1] ? {2'd0, right_4[4:2]} : right_4;
    wire lost_2 = right_2[0];
    wire sticky = (deficit[2] & lost) | (deficit[1] & lost_1) | (deficit[0] & lost_2);
    wire [4:0] right_1 = deficit[0] ? {1'b0, right_2[4:1]} : right_2;
    wire guard = right_1[0];
    wire [3:0] kept = right_1[4:1];
    wire increment = guard & (sticky | kept[0]);
    wire [7:0] base = {((($signed(biased) < $signed(6'd1)) ? 5'd1 : biased[4:0]) - 5'd1), 3'd0};
    wire [7:0] code = (|significand) ? ((base + {4'd0, kept}) + {7'd0, increment}) : 8'd0;
    wire above = code[7];
    wire beyond = above | (&code[6:0]);
    wire [6:0] magnitude = beyond ? 7'd126 : code[6:0];

    assign y = {sign, magnitude};
    assign inexact = guard | sticky | beyond;
    assign saturated = beyond;
endmodule

`default_nettype wire
