// xnor_threshold: The next sign: a dot product of signs against a threshold.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        xnor-threshold
// Parameters  lanes = 1
//             from = int10
// Latency     none, combinational; a beat may follow every clock
// Computes    y[i] = (x[i] >= threshold[i]) xor invert[i]
// Source      BiBench: batch normalization and sign as one integer comparison
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit xnor-threshold

`default_nettype none

module xnor_threshold (
    input  wire [9:0] x,         // int10: dot products
    input  wire [9:0] threshold, // int10: least value that gives 1
    input  wire       invert,    // 1 where the sign is turned round
    output wire       y          // signs: 1 is +1, 0 is -1
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 0; // clock cycles from input to output
    /* verilator lint_on UNUSED */

    genvar i;
    wire lanes;
    generate
        for (i = 0; i < 1; i = i + 1) begin : sign_lanes
            assign lanes = ($signed(x) >= $signed(threshold)) ^ invert;
        end
    endgenerate

    assign y = lanes;
endmodule

`default_nettype wire
