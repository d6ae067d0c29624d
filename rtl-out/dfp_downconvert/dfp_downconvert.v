// dfp_downconvert: Converts accumulators that share an exponent to shorter elements, and adapts the exponent.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        dfp-downconvert
// Parameters  lanes = 8
//             from = int32
//             to = int16
//             exponent = int10
// Latency     none, combinational; a beat may follow every clock
// Computes    shift = max(0, bit length of max |x[i]| - (P - 1)), where P are the bits of an element of the result
//             y[i] = saturate(round(x[i] / 2^shift)), to nearest even, symmetric
//             scale = x_scale + shift
// Source      Mixed Precision Training of Convolutional Neural Networks using Integer Operations (arXiv 1802.00930)
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit dfp-downconvert

`default_nettype none

module dfp_downconvert (
    input  wire [255:0] x,       // 8 lanes of int32: accumulators
    input  wire [9:0]   x_scale, // int10: their exponent
    output wire [10:0]  scale,   // int11: exponent of the result
    output wire [127:0] y        // 8 lanes of int16: elements, in units of 2^scale
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 0; // clock cycles from input to output
    /* verilator lint_on UNUSED */

    genvar i;

    // How many bits the largest magnitude is too long
    wire [255:0] magnitudes;
    generate
        for (i = 0; i < 8; i = i + 1) begin : magnitude_lanes
            wire signed [31:0] x_lane = x[32 * i +: 32];
            assign magnitudes[32 * i +: 32] = ({32{x_lane[31]}} ^ x_lane) + {31'd0, x_lane[31]};
        end
    endgenerate
    wire [127:0] together_4;
    generate
        for (i = 0; i < 4; i = i + 1) begin : together_4_lanes
            wire [31:0] together_4_lane = magnitudes[64 * i +: 32] | magnitudes[64 * i + 32 +: 32];
            assign together_4[32 * i +: 32] = together_4_lane;
        end
    endgenerate
    wire [63:0] together_2;
    generate
        for (i = 0; i < 2; i = i + 1) begin : together_2_lanes
            wire [31:0] together_2_lane = together_4[64 * i +: 32] | together_4[64 * i + 32 +: 32];
            assign together_2[32 * i +: 32] = together_2_lane;
        end
    endgenerate
    /* verilator lint_off UNUSED */ // bits 14:0 are not needed
    wire [31:0] together = together_2[31:0] | together_2[63:32];
    /* verilator lint_on UNUSED */
    wire [17:0] excess = {together[31:15], 1'b1};
    wire [31:0] field = {excess, 14'd0};
    wire [31:0] zeros_16;
    generate
        for (i = 0; i < 16; i = i + 1) begin : zeros_16_lanes
            wire is_zero = ~field[2 * i + 1];
            wire [1:0] zeros_16_lane = {is_zero & ~field[2 * i], is_zero};
            assign zeros_16[2 * i +: 2] = zeros_16_lane;
        end
    endgenerate
    wire [23:0] zeros_8;
    generate
        for (i = 0; i < 8; i = i + 1) begin : zeros_8_lanes
            wire [1:0] zeros_16_even = zeros_16[4 * i +: 2];
            wire [1:0] zeros_16_odd = zeros_16[4 * i + 2 +: 2];
            wire none_above = zeros_16_odd[1];
            wire none = none_above & zeros_16_even[1];
            wire [2:0] zeros_8_lane = {none, none_above, none_above ? zeros_16_even[0] : zeros_16_odd[0]};
            assign zeros_8[3 * i +: 3] = zeros_8_lane;
        end
    endgenerate
    wire [15:0] zeros_4;
    generate
        for (i = 0; i < 4; i = i + 1) begin : zeros_4_lanes
            wire [2:0] zeros_8_even = zeros_8[6 * i +: 3];
            wire [2:0] zeros_8_odd = zeros_8[6 * i + 3 +: 3];
            wire none_above_1 = zeros_8_odd[2];
            wire none_1 = none_above_1 & zeros_8_even[2];
            wire [3:0] zeros_4_lane = {none_1, none_above_1, none_above_1 ? zeros_8_even[1:0] : zeros_8_odd[1:0]};
            assign zeros_4[4 * i +: 4] = zeros_4_lane;
        end
    endgenerate
    wire [9:0] zeros_2;
    generate
        for (i = 0; i < 2; i = i + 1) begin : zeros_2_lanes
            wire [3:0] zeros_4_even = zeros_4[8 * i +: 4];
            wire [3:0] zeros_4_odd = zeros_4[8 * i + 4 +: 4];
            wire none_above_2 = zeros_4_odd[3];
            wire none_2 = none_above_2 & zeros_4_even[3];
            wire [4:0] zeros_2_lane = {none_2, none_above_2, none_above_2 ? zeros_4_even[2:0] : zeros_4_odd[2:0]};
            assign zeros_2[5 * i +: 5] = zeros_2_lane;
        end
    endgenerate
    wire [4:0] zeros_2_0 = zeros_2[4:0];
    wire [4:0] zeros_2_1 = zeros_2[9:5];
    wire none_above_3 = zeros_2_1[4];
    wire none_3 = none_above_3 & zeros_2_0[4];
    /* verilator lint_off UNUSED */ // bit 5 is not needed
    wire [5:0] parts = {none_3, none_above_3, none_above_3 ? zeros_2_0[3:0] : zeros_2_1[3:0]};
    /* verilator lint_on UNUSED */
    wire [4:0] shift = 5'd17 - parts[4:0];

    // The elements, shifted by that
    wire [127:0] y_1;
    generate
        for (i = 0; i < 8; i = i + 1) begin : element_lanes
            /* verilator lint_off UNUSED */ // bits 30:0 are not needed
            wire signed [31:0] x_lane_1 = x[32 * i +: 32];
            /* verilator lint_on UNUSED */
            wire [32:0] shifted = {magnitudes[32 * i +: 32], 1'b0};
            wire lost = |shifted[15:0];
            wire [32:0] right_16 = shift[4] ? {16'd0, shifted[32:16]} : shifted;
            wire lost_1 = |right_16[7:0];
            wire [32:0] right_8 = shift[3] ? {8'd0, right_16[32:8]} : right_16;
            wire lost_2 = |right_8[3:0];
            wire [32:0] right_4 = shift[2] ? {4'd0, right_8[32:4]} : right_8;
            wire lost_3 = |right_4[1:0];
            wire either = (shift[4] & lost) | (shift[3] & lost_1) | (shift[2] & lost_2) | (shift[1] & lost_3);
            wire [32:0] right_2 = shift[1] ? {2'd0, right_4[32:2]} : right_4;
            wire lost_4 = right_2[0];
            wire sticky = either | (shift[0] & lost_4);
            /* verilator lint_off UNUSED */ // bits 31:16 are not needed
            wire [31:0] shifted_1 = right_2[32:1];
            /* verilator lint_on UNUSED */
            wire [15:0] shifted_2 = shift[0] ? shifted_1[15:0] : right_2[15:0];
            wire [14:0] kept = shifted_2[15:1];
            wire [15:0] rounded = {1'b0, kept} + {15'd0, shifted_2[0] & (sticky | kept[0])};
            wire [14:0] fitting = rounded[14:0];
            wire too_high = rounded[15];
            wire [14:0] limited = too_high ? 15'h7fff : fitting;
            assign y_1[16 * i +: 16] = ({16{x_lane_1[31]}} ^ {1'b0, limited}) + {15'd0, x_lane_1[31]};
        end
    endgenerate

    assign scale = {x_scale[9], x_scale} + {6'd0, shift};
    assign y = y_1;
endmodule

`default_nettype wire
