// fp_convert: Conversion between two floating-point formats, rounded once.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        fp-convert
// Parameters  from = bf16
//             to = e4m3
//             round = rne
//             overflow = saturate
//             subnormals = keep
//             random-bits = 8
// Latency     none, combinational; a beat may follow every clock
// Computes    y = round(x)
// Source      IEEE 754-2019 (formatOf-convertFormat), OCP OFP8 and MX for saturation, with the special codes of each format
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit fp-convert

`default_nettype none

module fp_convert (
    input  wire [15:0] x, // bf16: number
    output wire [7:0]  y  // e4m3: the number in the other format
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

    // Rounded once
    wire signed [8:0] room = {1'b0, exponent} - 9'd121;
    wire is_below_normal = room[8];
    wire [7:0] field_below_one = is_below_normal ? 8'd0 : room[7:0];
    wire [7:0] complement = ~room[7:0];
    wire [2:0] low = complement[2:0];
    wire is_far = |complement[7:3];
    wire [3:0] distance = is_below_normal ? (is_far ? 4'd8 : ({1'b0, low} + 4'd1)) : 4'd0;
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
    wire [10:0] code = ({field_below_one, 3'd0} | {10'd0, guard & (sticky | last)}) + {7'd0, kept};
    wire above = |code[10:7];
    wire overflow = above | (&code[6:0]);
    wire [6:0] magnitude = overflow ? 7'd126 : code[6:0];
    wire [6:0] bounded = is_infinite ? 7'd126 : magnitude;
    wire [7:0] result = is_nan ? 8'd127 : {sign, bounded};

    assign y = result;
endmodule

`default_nettype wire
