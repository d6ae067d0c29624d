module fuzz_top (
/* verilator lint_off UNUSED */
    input wire clk,
    input wire rst,
/* verilator lint_on UNUSED */
    input wire p0_in_valid,
    input wire [16:0] p0_x0,
    input wire [255:0] p0_x1,
    input wire p0_out_ready,
    output wire p0_in_ready,
    output wire [16:0] p0_y0,
    output wire [22:0] p0_y1,
    output wire [255:0] p0_v0,
    output wire [35:0] p0_v1,
    output wire p0_out_valid
);
    p0 p0_dut (.clk(clk), .rst(rst), .in_valid(p0_in_valid), .in_ready(p0_in_ready), .x0(p0_x0), .x1(p0_x1), .y0(p0_y0), .y1(p0_y1), .v0(p0_v0), .v1(p0_v1), .out_valid(p0_out_valid), .out_ready(p0_out_ready));
endmodule
// p0: A random program
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        p0
// Latency     none, combinational; a beat may follow every clock
// Source      the fuzzer
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit p0 --shell stream --name p0

`default_nettype none

module p0 (
    /* verilator lint_off UNUSED */ // no register needs it; it is here as at every latency
    input  wire         clk,       // rising edge
    /* verilator lint_on UNUSED */
    /* verilator lint_off UNUSED */ // no register needs it; it is here as at every latency
    input  wire         rst,       // synchronous, active high
    /* verilator lint_on UNUSED */
    input  wire         in_valid,  // a beat is offered
    output wire         in_ready,  // it is taken with this clock
    input  wire [16:0]  x0,        // int17: random
    input  wire [255:0] x1,        // 4 lanes of uint64: random
    output wire [16:0]  y0,        // int17: random
    output wire [22:0]  y1,        // uint23: random
    output wire [255:0] v0,        // 4 lanes of uint64: random
    output wire [35:0]  v1,        // 4 lanes of int9: random
    output wire         out_valid, // a result is offered
    input  wire         out_ready  // it is taken with this clock
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 0; // clock cycles from input to output
    /* verilator lint_on UNUSED */

    // All registers move when the result at the output is taken or there is none
    wire advance = out_ready | ~out_valid;
    assign in_ready = advance;

    genvar i;
    wire [35:0] value_0;
    generate
        for (i = 0; i < 4; i = i + 1) begin : loop_0_lanes
            /* verilator lint_off UNUSED */ // bits 63:6 are not needed
            wire [63:0] x1_lane = x1[64 * i +: 64];
            /* verilator lint_on UNUSED */
            wire signed [8:0] scaler_value;
            /* verilator lint_off UNUSED */ // nothing reads it
            wire scaler_negative;
            /* verilator lint_on UNUSED */
            scaler scaler (.x(x1_lane[5:0]), .value(scaler_value), .negative(scaler_negative));
            assign value_0[9 * i +: 9] = scaler_value;
        end
    endgenerate

    assign y0 = x0;
    assign y1 = 23'h7fffff;
    assign v0 = x1;
    assign v1 = value_0;
    assign out_valid = in_valid;
endmodule

`default_nettype wire
// Five times a signed value, and its sign.
module scaler (
    input  wire [5:0] x,
    output wire [8:0] value,
    output wire negative
);
    wire signed [8:0] product = $signed(x) * $signed(4'd5);

    assign value = product;
    assign negative = x[5];
endmodule
