module fuzz_top (
/* verilator lint_off UNUSED */
    input wire clk,
    input wire rst,
/* verilator lint_on UNUSED */
    input wire p0_x0,
    output wire [28:0] p0_y0,
    output wire [57:0] p0_v0
);
    p0 p0_dut (.x0(p0_x0), .y0(p0_y0), .v0(p0_v0));
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
    input  wire        x0, // random
    /* verilator lint_on UNUSED */
    output wire [28:0] y0, // uint29: random
    output wire [57:0] v0  // 2 lanes of uint29: random
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 0; // clock cycles from input to output
    /* verilator lint_on UNUSED */
    wire [57:0] value_0 = 58'h3ffffffffffffff;
    wire [28:0] value_1 = (value_0[28:0] < value_0[57:29]) ? value_0[57:29] : value_0[28:0];

    assign y0 = value_1;
    assign v0 = value_0;
endmodule

`default_nettype wire
