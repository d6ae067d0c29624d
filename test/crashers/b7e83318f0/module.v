module fuzz_top (
/* verilator lint_off UNUSED */
    input wire clk,
    input wire rst,
/* verilator lint_on UNUSED */
    input wire p0_x0,
    output wire [1:0] p0_y0,
    output wire [7:0] p0_v0
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
    input  wire       x0, // random
    /* verilator lint_on UNUSED */
    output wire [1:0] y0, // uint2: random
    output wire [7:0] v0  // 4 lanes of uint2: random
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 0; // clock cycles from input to output
    /* verilator lint_on UNUSED */

    genvar i;
    wire [7:0] value_0 = -8'd69;
    wire [3:0] most_2;
    generate
        for (i = 0; i < 2; i = i + 1) begin : most_2_lanes
            wire [1:0] value_0_even = value_0[4 * i +: 2];
            wire [1:0] value_0_odd = value_0[4 * i + 2 +: 2];
            wire [1:0] most_2_lane = (value_0_even < value_0_odd) ? value_0_odd : value_0_even;
            assign most_2[2 * i +: 2] = most_2_lane;
        end
    endgenerate
    wire [1:0] value_1 = (most_2[1:0] < most_2[3:2]) ? most_2[3:2] : most_2[1:0];

    assign y0 = value_1;
    assign v0 = value_0;
endmodule

`default_nettype wire
