// frac_quant: A number rounded to two bits: -1, -1/3, 1/3 or 1.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        frac-quant
// Parameters  from = fix16.12
// Latency     none, combinational; a beat may follow every clock
// Computes    y = clamp(floor((x + 1)*3/2 + 1/2), 0, 3); code q is 2q/3 - 1
// Source      FracBNN (fractional activations)
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit frac-quant

`default_nettype none

module frac_quant (
    input  wire [15:0] x, // fix16.12: number
    output wire [1:0]  y  // uint2: code: q is 2q/3 - 1
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 0; // clock cycles from input to output
    /* verilator lint_on UNUSED */
    wire one = $signed(x) >= $signed(-16'd2730);
    wire two = ~x[15];
    wire three = $signed(x) >= $signed(16'd2731);

    assign y = {two, x[15] ? one : three};
endmodule

`default_nettype wire
