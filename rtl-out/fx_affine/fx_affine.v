// fx_affine: Gain and bias on a fixed-point number (batch normalization), rounded once.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        fx-affine
// Parameters  x = fix16.7
//             g = fix12.8
//             b = fix12.8
//             result = fix16.7
//             cast-product = false
//             round = rhu
//             overflow = saturate
//             random-bits = 8
// Latency     none, combinational; a beat may follow every clock
// Computes    y = cast(x*g + b)
//             with cast-product: y = cast(cast(x*g) + b)
// Source      arXiv 2401.17544 (QFX); bn1 of FracBNN (cornell-zhang/FracBNN)
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit fx-affine

`default_nettype none

module fx_affine (
    input  wire [15:0] x, // fix16.7: operand
    input  wire [11:0] g, // fix12.8: gain
    input  wire [11:0] b, // fix12.8: bias
    output wire [15:0] y  // fix16.7: result
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 0; // clock cycles from input to output
    /* verilator lint_on UNUSED */
    wire signed [27:0] product = $signed(x) * $signed(g);
    wire signed [18:0] shifted = {b, 7'd0};
    /* verilator lint_off UNUSED */ // bits 6:0 are not needed
    wire signed [27:0] sum = product + {{9{shifted[18]}}, shifted};
    /* verilator lint_on UNUSED */

    // Cast to fix16.7: rhu, saturate
    wire signed [19:0] kept = sum[27:8];
    wire guard = sum[7];
    wire signed [19:0] rounded = kept + {19'd0, guard};
    wire signed [15:0] fitting = rounded[15:0];
    wire negative = rounded[19];
    wire [4:0] above = rounded[19:15];
    wire fits = &above;
    wire too_low = negative & ~fits;
    wire too_high = (|above) & ~negative;
    wire signed [15:0] limited = too_high ? 16'h7fff : (too_low ? 16'h8000 : fitting);

    assign y = limited;
endmodule

`default_nettype wire
