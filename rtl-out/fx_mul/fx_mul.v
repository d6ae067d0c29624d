// fx_mul: Product of two fixed-point numbers, exact or cast to a format.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        fx-mul
// Parameters  a = fix16.8
//             b = fix16.8
//             result = exact
//             round = rhu
//             overflow = saturate
//             random-bits = 8
// Latency     none, combinational; a beat may follow every clock
// Computes    y = cast(a * b)
// Source      plain arithmetic; modes as IEEE Std 1666
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit fx-mul

`default_nettype none

module fx_mul (
    input  wire [15:0] a, // fix16.8: first operand
    input  wire [15:0] b, // fix16.8: second operand
    output wire [31:0] y  // fix32.16: product, exact
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 0; // clock cycles from input to output
    /* verilator lint_on UNUSED */
    wire signed [31:0] product = $signed(a) * $signed(b);

    assign y = product;
endmodule

`default_nettype wire
