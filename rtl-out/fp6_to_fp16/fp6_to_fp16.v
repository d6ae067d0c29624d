// fp6_to_fp16: FP6 to FP16 by placing the fields: the value times a constant power of two.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        fp6-to-fp16
// Parameters  lanes = 16
//             from = e3m2
//             to = fp16
// Latency     none, combinational; a beat may follow every clock
// Computes    y[i] = x[i] * 2^(bias of from - bias of to); for e3m2 and fp16 2^-12
// Source      FP6-LLM (Xia et al., arXiv:2401.14112) and its code
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit fp6-to-fp16

`default_nettype none

module fp6_to_fp16 (
    input  wire [95:0]  x, // 16 lanes of e3m2: codes
    output wire [255:0] y  // 16 lanes of fp16: the same fields in the larger format
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 0; // clock cycles from input to output
    /* verilator lint_on UNUSED */

    genvar i;
    wire [255:0] lanes;
    generate
        for (i = 0; i < 16; i = i + 1) begin : code_lanes
            wire [5:0] x_lane = x[6 * i +: 6];
            wire [12:0] magnitude = {x_lane[4:0], 8'd0};
            wire [2:0] sign = {x_lane[5], 2'd0};
            assign lanes[16 * i +: 16] = {sign, magnitude};
        end
    endgenerate

    assign y = lanes;
endmodule

`default_nettype wire
