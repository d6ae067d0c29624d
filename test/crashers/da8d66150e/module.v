module fuzz_top (
/* verilator lint_off UNUSED */
    input wire clk,
    input wire rst,
/* verilator lint_on UNUSED */
    input wire [1:0] p0_x0,
    input wire p0_x1,
    output wire [5:0] p0_y0
);
    p0 p0_dut (.x0(p0_x0), .x1(p0_x1), .y0(p0_y0));
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
    input  wire [1:0] x0, // uint2: random
    /* verilator lint_off UNUSED */ // nothing reads it
    input  wire       x1, // random
    /* verilator lint_on UNUSED */
    output wire [5:0] y0  // uint6: random
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 0; // clock cycles from input to output
    /* verilator lint_on UNUSED */
    wire signed [2:0] value_1 = -{1'b0, x0};
    wire [5:0] value_5 = value_1 * value_1;

    assign y0 = value_5;
endmodule

`default_nettype wire
