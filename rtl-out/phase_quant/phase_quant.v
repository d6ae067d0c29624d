// phase_quant: A complex number rounded by its phase to +-1 or +-i.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        phase-quant
// Parameters  from = int8
// Latency     none, combinational; a beat may follow every clock
// Computes    y = 0 where x_re > 0 and -x_re <= x_im < x_re, or x = 0
//             y = 1 where x_im > 0 and -x_im < x_re <= x_im
//             y = 2 where x_re < 0 and x_re < x_im <= -x_re
//             y = 3 where x_im < 0 and x_im <= x_re < -x_im
// Source      Fairy+-i (iFairy)
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit phase-quant

`default_nettype none

module phase_quant (
    input  wire [7:0] x_re, // int8: real part
    input  wire [7:0] x_im, // int8: imaginary part
    output wire [1:0] y     // uint2: the weight, as a power of i
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 0; // clock cycles from input to output
    /* verilator lint_on UNUSED */
    wire signed [8:0] sum = {x_re[7], x_re} + {x_im[7], x_im};
    wire below = $signed(x_im) < $signed(x_re);
    wire on_diagonal = x_im == x_re;
    wire is_negative = sum[8];
    wire [1:0] on_diagonal_or_below = is_negative ? 2'd3 : 2'd0;
    wire [1:0] above = (is_negative | (~|sum)) ? (on_diagonal ? on_diagonal_or_below : 2'd2) : 2'd1;

    assign y = below ? on_diagonal_or_below : above;
endmodule

`default_nettype wire
