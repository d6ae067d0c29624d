module fuzz_top (
/* verilator lint_off UNUSED */
    input wire clk,
    input wire rst,
/* verilator lint_on UNUSED */
    input wire p0_in_valid,
    input wire [3:0] p0_x0,
    input wire p0_out_ready,
    output wire p0_in_ready,
    output wire p0_y0,
    output wire p0_y1,
    output wire [3:0] p0_v0,
    output wire p0_out_valid
);
    p0 p0_dut (.clk(clk), .rst(rst), .in_valid(p0_in_valid), .in_ready(p0_in_ready), .x0(p0_x0), .y0(p0_y0), .y1(p0_y1), .v0(p0_v0), .out_valid(p0_out_valid), .out_ready(p0_out_ready));
endmodule
// p0: A random program
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        p0
// Latency     3 clock cycles; a beat may follow every clock
// Source      the fuzzer
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit p0 --stages 3 --shell stream --name p0

`default_nettype none

module p0 (
    input  wire       clk,       // rising edge
    input  wire       rst,       // synchronous, active high
    input  wire       in_valid,  // a beat is offered
    output wire       in_ready,  // it is taken with this clock
    input  wire [3:0] x0,        // 2 lanes of int2: random
    output wire       y0,        // random
    output wire       y1,        // random
    output wire [3:0] v0,        // 2 lanes of int2: random
    output wire       out_valid, // a result is offered
    input  wire       out_ready  // it is taken with this clock
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 3; // clock cycles from input to output
    /* verilator lint_on UNUSED */

    // All registers move when the result at the output is taken or there is none
    wire advance = out_ready | ~out_valid;
    assign in_ready = advance;

    // State and pipeline registers; _s<n> is the value in stage n
    reg in_valid_s1;
    reg in_valid_s2;
    reg in_valid_s3;
    reg [3:0] x0_s1;
    reg [3:0] x0_s2;
    reg [3:0] x0_s3;
    reg value_0_s3;

    always @(posedge clk) begin
        if (rst) in_valid_s1 <= 1'b0;
        else if (advance) in_valid_s1 <= in_valid;
    end

    always @(posedge clk) if (advance) begin
        x0_s1 <= x0;
    end

    always @(posedge clk) begin
        if (rst) in_valid_s2 <= 1'b0;
        else if (advance) in_valid_s2 <= in_valid_s1;
    end

    always @(posedge clk) if (advance) begin
        x0_s2 <= x0_s1;
    end

    // Stage 2
    wire value_0 = |x0_s2;

    always @(posedge clk) begin
        if (rst) in_valid_s3 <= 1'b0;
        else if (advance) in_valid_s3 <= in_valid_s2;
    end

    always @(posedge clk) if (advance) begin
        x0_s3 <= x0_s2;
        value_0_s3 <= value_0;
    end

    // Stage 3
    /* verilator lint_off UNUSED */ // nothing reads it
    wire signed [1:0] part_0_q0;
    /* verilator lint_on UNUSED */
    wire value_1;
    p0_part part_0 (.p0({64'd0, value_0_s3}), .p1(value_0_s3), .q1(value_1), .q0(part_0_q0));

    assign y0 = value_0_s3;
    assign y1 = value_1;
    assign v0 = x0_s3;
    assign out_valid = in_valid_s3;
endmodule

`default_nettype wire
// A part of a random program.
module p0_part (
    input  wire [64:0] p0,
    input  wire p1,
    output wire [1:0] q0,
    output wire q1
);
    wire signed [1:0] value_0 = ({2{p0[0]}} ^ {1'b0, p1}) + {1'b0, p0[0]};

    assign q0 = value_0;
    assign q1 = ^(~p0);
endmodule
