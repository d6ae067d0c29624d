module fuzz_top (
/* verilator lint_off UNUSED */
    input wire clk,
    input wire rst,
/* verilator lint_on UNUSED */
    input wire p0_x0,
    output wire p0_y0
);
    p0 p0_dut (.x0(p0_x0), .y0(p0_y0));
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
    input  wire x0, // random
    output wire y0  // random
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 0; // clock cycles from input to output
    /* verilator lint_on UNUSED */
    wire value_0;
    /* verilator lint_off UNUSED */ // nothing reads it
    wire part_0_q1;
    /* verilator lint_on UNUSED */
    p0_part part_0 (.p0(x0), .q0(value_0), .q1(part_0_q1));

    assign y0 = value_0;
endmodule

`default_nettype wire
// A part of a random program.
module p0_part (
    input  wire p0,
    output wire q0,
    output wire q1
);
    wire value_0 = p0 & 1'b0;
    wire value_1 = p0 < value_0;

    assign q0 = value_0;
    assign q1 = value_1;
endmodule
