module fuzz_top (
/* verilator lint_off UNUSED */
    input wire clk,
    input wire rst,
/* verilator lint_on UNUSED */
    input wire p0_en,
    input wire p0_x0,
    output wire p0_y0,
    output wire p0_v0
);
    p0 p0_dut (.clk(clk), .rst(rst), .en(p0_en), .x0(p0_x0), .y0(p0_y0), .v0(p0_v0));
endmodule
// p0: A random program
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        p0
// Latency     1 clock cycle; a beat may follow every clock
// Source      the fuzzer
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit p0 --name p0

`default_nettype none

module p0 (
    input  wire clk, // rising edge
    input  wire rst, // synchronous, active high
    input  wire en,  // this beat is accepted
    input  wire x0,  // random
    output wire y0,  // random
    output wire v0   // random
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 1; // clock cycles from input to output
    /* verilator lint_on UNUSED */

    // State and pipeline registers; _s<n> is the value in stage n
    reg state_0;
    reg x0_s1;
    reg value_3_s1;
    wire value_1 = ~|{state_0, 1'b1, 1'b0};
    wire value_3 = state_0 < value_1;

    always @(posedge clk) begin
        if (rst) state_0 <= 1'b0;
        else if (en) state_0 <= state_0;
    end

    always @(posedge clk) begin
        x0_s1 <= x0;
        value_3_s1 <= value_3;
    end

    assign y0 = value_3_s1;
    assign v0 = x0_s1;
endmodule

`default_nettype wire
