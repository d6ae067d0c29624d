// trit5_unpack: Five ternary weights out of each byte.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        trit5-unpack
// Parameters  bytes = 1
//             format = tq1
// Latency     none, combinational; a beat may follow every clock
// Computes    tq1:   y[n] = floor(3*(3^n*x mod 256) / 256) - 1, n = 0 .. 4
//             base3: y[n] = floor(x / 3^n) mod 3 - 1 for x below 243, else 0
// Source      ggml, block format TQ1_0; plain base 3
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit trit5-unpack

`default_nettype none

module trit5_unpack (
    input  wire [7:0] x, // uint8: bytes
    output wire [9:0] y  // 5 lanes of int2: weights -1, 0, +1, in order
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 0; // clock cycles from input to output
    /* verilator lint_on UNUSED */

    genvar i;
    wire [9:0] trits;
    generate
        for (i = 0; i < 1; i = i + 1) begin : unpack_lanes
            wire [7:0] x_lane = x;
            wire [9:0] tripled_0 = {2'd0, x_lane} + {1'b0, {x_lane, 1'b0}};
            wire signed [1:0] trit_0 = tripled_0[9:8] - 2'd1;
            wire [7:0] fraction_0 = tripled_0[7:0];
            wire [9:0] tripled_1 = {2'd0, fraction_0} + {1'b0, {fraction_0, 1'b0}};
            wire signed [1:0] trit_1 = tripled_1[9:8] - 2'd1;
            wire [7:0] fraction_1 = tripled_1[7:0];
            wire [9:0] tripled_2 = {2'd0, fraction_1} + {1'b0, {fraction_1, 1'b0}};
            wire signed [1:0] trit_2 = tripled_2[9:8] - 2'd1;
            wire [7:0] fraction_2 = tripled_2[7:0];
            wire [9:0] tripled_3 = {2'd0, fraction_2} + {1'b0, {fraction_2, 1'b0}};
            wire signed [1:0] trit_3 = tripled_3[9:8] - 2'd1;
            wire [7:0] fraction_3 = tripled_3[7:0];
            /* verilator lint_off UNUSED */ // bits 7:0 are not needed
            wire [9:0] tripled_4 = {2'd0, fraction_3} + {1'b0, {fraction_3, 1'b0}};
            /* verilator lint_on UNUSED */
            wire signed [1:0] trit_4 = tripled_4[9:8] - 2'd1;
            assign trits = {trit_4, trit_3, trit_2, trit_1, trit_0};
        end
    endgenerate
    wire [9:0] unpack = trits;

    assign y = unpack;
endmodule

`default_nettype wire
