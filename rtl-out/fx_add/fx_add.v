// fx_add: Sum or difference of two fixed-point numbers, exact or cast to a format.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        fx-add
// Parameters  a = fix16.8
//             b = fix16.8
//             operation = add
//             result = exact
//             round = rhu
//             overflow = saturate
//             random-bits = 8
// Latency     none, combinational; a beat may follow every clock
// Computes    y = cast(a + b)
//             sub: y = cast(a - b)
//             addsub: y = cast(sub ? a - b : a + b)
// Source      plain arithmetic; modes as IEEE Std 1666
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit fx-add

`default_nettype none

module fx_add (
    input  wire [15:0] a, // fix16.8: first operand
    input  wire [15:0] b, // fix16.8: second operand
    output wire [16:0] y  // fix17.8: result, exact
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 0; // clock cycles from input to output
    /* verilator lint_on UNUSED */
    wire signed [16:0] sum = {a[15], a} + {b[15], b};

    assign y = sum;
endmodule

`default_nettype wire
