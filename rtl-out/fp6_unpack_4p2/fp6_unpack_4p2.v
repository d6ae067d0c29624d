// fp6_unpack_4p2: FP6 codes joined from a 4-bit and a 2-bit stream.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        fp6-unpack-4p2
// Parameters  lanes = 16
//             split = se
// Latency     none, combinational; a beat may follow every clock
// Computes    se:  y[i] = {seg2[i], seg4[i]}: {sign, e2} and {e1, e0, m1, m0}
//             sem: y[i] = {seg4[i], seg2[i]}: {sign, e2, e1, e0} and {m1, m0}
// Source      FP6-LLM (Xia et al., arXiv:2401.14112) and its code; ZeroQuant(4+2) (Wu et al., arXiv:2312.08583)
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit fp6-unpack-4p2

`default_nettype none

module fp6_unpack_4p2 (
    input  wire [31:0] seg2, // 16 lanes of uint2: the 2-bit stream
    input  wire [63:0] seg4, // 16 lanes of uint4: the 4-bit stream
    output wire [95:0] y     // 16 lanes of e3m2: the codes
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 0; // clock cycles from input to output
    /* verilator lint_on UNUSED */

    genvar i;
    wire [95:0] lanes;
    generate
        for (i = 0; i < 16; i = i + 1) begin : code_lanes
            assign lanes[6 * i +: 6] = {seg2[2 * i +: 2], seg4[4 * i +: 4]};
        end
    endgenerate

    assign y = lanes;
endmodule

`default_nettype wire
