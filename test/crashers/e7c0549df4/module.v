module fuzz_top (
/* verilator lint_off UNUSED */
    input wire clk,
    input wire rst,
/* verilator lint_on UNUSED */
    input wire [1:0] p0_x0,
    output wire [5:0] p0_y0
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
    input  wire [1:0] x0, // uint2: random
    output wire [5:0] y0  // int6: random
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 0; // clock cycles from input to output
    /* verilator lint_on UNUSED */
    wire value_1 = x0[1];
    wire value_4 = value_1 & x0[0];
    wire signed [5:0] product = $signed({1'b0, value_4}) * $signed(-6'd28);

    assign y0 = product;
endmodule

`default_nettype wire
