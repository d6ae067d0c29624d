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
    /* verilator lint_off UNUSED */ // nothing reads it
    input  wire x0, // random
    /* verilator lint_on UNUSED */
    output wire y0  // random
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 0; // clock cycles from input to output
    /* verilator lint_on UNUSED */
    /* verilator lint_off UNUSED */ // nothing reads it
    wire signed [1:0] part_0_q0;
    /* verilator lint_on UNUSED */
    wire part_0_q1;
    p0_part part_0 (.p0(2'd1), .q1(part_0_q1), .q0(part_0_q0));

    assign y0 = part_0_q1;
endmodule

`default_nettype wire
// A part of a random program.
module p0_part (
    input  wire [1:0] p0,
    output wire [1:0] q0,
    output wire q1
);
    wire value_0 = $signed(p0) >= $signed(2'd1);

    assign q0 = p0;
    assign q1 = value_0;
endmodule
