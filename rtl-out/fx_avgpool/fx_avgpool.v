// fx_avgpool: Mean of several fixed-point numbers, rounded once.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        fx-avgpool
// Parameters  lanes = 9
//             from = int8
//             to = int8
//             round = rhu
//             overflow = saturate
// Latency     none, combinational; a beat may follow every clock
// Computes    y = cast(sum  x[i] / lanes)
// Source      plain arithmetic; division by constants after Granlund and Montgomery, PLDI 1994
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit fx-avgpool

`default_nettype none

module fx_avgpool (
    input  wire [71:0] x, // 9 lanes of int8: values
    output wire [7:0]  y  // int8: their mean
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 0; // clock cycles from input to output
    /* verilator lint_on UNUSED */

    genvar i;

    // Sum
    wire [63:0] x_first_8 = x[63:0];
    wire [35:0] sum_4;
    generate
        for (i = 0; i < 4; i = i + 1) begin : sum_4_lanes
            wire signed [7:0] x_first_8_even = x_first_8[16 * i +: 8];
            wire signed [7:0] x_first_8_odd = x_first_8[16 * i + 8 +: 8];
            wire signed [8:0] sum_4_lane = {x_first_8_even[7], x_first_8_even} + {x_first_8_odd[7], x_first_8_odd};
            assign sum_4[9 * i +: 9] = sum_4_lane;
        end
    endgenerate
    wire [19:0] sum_2;
    generate
        for (i = 0; i < 2; i = i + 1) begin : sum_2_lanes
            wire signed [8:0] sum_4_even = sum_4[18 * i +: 9];
            wire signed [8:0] sum_4_odd = sum_4[18 * i + 9 +: 9];
            wire signed [9:0] sum_2_lane = {sum_4_even[8], sum_4_even} + {sum_4_odd[8], sum_4_odd};
            assign sum_2[10 * i +: 10] = sum_2_lane;
        end
    endgenerate
    wire signed [9:0] sum_2_0 = sum_2[9:0];
    wire signed [9:0] sum_2_1 = sum_2[19:10];
    wire signed [10:0] sum = {sum_2_0[9], sum_2_0} + {sum_2_1[9], sum_2_1};
    wire signed [7:0] x_8 = x[71:64];
    wire signed [11:0] sum_1 = {sum[10], sum} + {{4{x_8[7]}}, x_8};

    // Divided by 9: rhu
    wire signed [11:0] biased = $signed(sum_1) + $signed(12'd4);
    wire signed [21:0] product = $signed(biased) * $signed(12'd1821);
    /* verilator lint_off UNUSED */ // bits 13:0 are not needed
    wire signed [21:0] corrected = product + 22'd640;
    /* verilator lint_on UNUSED */
    wire signed [7:0] mean = corrected[21:14];

    assign y = mean;
endmodule

`default_nettype wire
