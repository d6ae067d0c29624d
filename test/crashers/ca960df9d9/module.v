module fuzz_top (
/* verilator lint_off UNUSED */
    input wire clk,
    input wire rst,
/* verilator lint_on UNUSED */
    input wire p0_x0,
    input wire p0_x1,
    output wire p0_y0,
    output wire [2:0] p0_v0
);
    p0 p0_dut (.x0(p0_x0), .x1(p0_x1), .y0(p0_y0), .v0(p0_v0));
endmodule
// p0: A random program
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        p0
// Latency     none, combinational; a beat may follow every clock
// Source      the fuzzer
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit p0 --name p0

`default_nettype none

module p0 (
    /* verilator lint_off UNUSED */ // nothing reads it
    input  wire       x0, // random
    /* verilator lint_on UNUSED */
    input  wire       x1, // random
    output wire       y0, // int1: random
    output wire [2:0] v0  // random
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 0; // clock cycles from input to output
    /* verilator lint_on UNUSED */

    genvar i;
    wire signed value_0 = -x1;
    wire [2:0] value_1 = -3'd4;
    wire [2:0] value_4;
    generate
        for (i = 0; i < 3; i = i + 1) begin : loop_2_lanes
            wire value_3 = x1 < value_1[i];
            assign value_4[i] = value_3;
        end
    endgenerate

    assign y0 = value_0;
    assign v0 = value_4;
endmodule

`default_nettype wire
