// xnor_frac_mac: Dot product of two-bit numbers and signs, in thirds, added to an exact running sum.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        xnor-frac-mac
// Parameters  lanes = 64
//             gate = false
//             beats = 256
// Latency     1 clock cycle; a beat may follow every clock
// Computes    high_beat = sum  s(a[i][1])*s(b[i]), low = sum  s(a[i][0])*s(b[i]); s of a bit is +1 where it is 1, -1 where it is 0
//             y_beat = 2*high + low, exact; with gate and high below the threshold: y = 2*high
//             high <- (first ? 0 : high) + high_beat, exact
//             y <- (first ? 0 : y) + y_beat, exact
// Source      FracBNN (fractional activations)
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit xnor-frac-mac

`default_nettype none

module xnor_frac_mac (
    input  wire         clk,   // rising edge
    input  wire         rst,   // synchronous, active high
    input  wire         en,    // this beat is accepted
    input  wire         first, // this beat starts a new sum, from 0
    input  wire [127:0] a,     // 64 lanes of uint2: numbers: code q is 2q/3 - 1
    input  wire [63:0]  b,     // signs: 1 is +1, 0 is -1
    output wire [16:0]  y      // int17: the running sum of the dot products, modulo its width
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 1; // clock cycles from input to output
    /* verilator lint_on UNUSED */

    // State and pipeline registers; _s<n> is the value in stage n
    reg signed [16:0] sum;

    genvar i;

    // High bits
    wire [63:0] high_signs;
    generate
        for (i = 0; i < 64; i = i + 1) begin : signs_high_lanes
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire [1:0] a_lane = a[2 * i +: 2];
            /* verilator lint_on UNUSED */
            assign high_signs[i] = a_lane[1];
        end
    endgenerate
    wire [63:0] high_seen;
    generate
        for (i = 0; i < 64; i = i + 1) begin : compare_lanes
            assign high_seen[i] = ~(high_signs[i] ^ b[i]);
        end
    endgenerate
    wire [63:0] high_padded = high_seen;
    wire [63:0] high_unpack = high_padded;
    wire [47:0] high_fours;
    generate
        for (i = 0; i < 16; i = i + 1) begin : four_lanes
            wire [3:0] high_unpack_lane = high_unpack[4 * i +: 4];
            wire [1:0] high_count = ({1'b0, high_unpack_lane[1]} + {1'b0, high_unpack_lane[2]}) + {1'b0, high_unpack_lane[3]};
            assign high_fours[3 * i +: 3] = {high_count, high_unpack_lane[0]};
        end
    endgenerate

    // Adder tree; the bit below each number is still to be added to it
    wire [31:0] high_sum_8;
    generate
        for (i = 0; i < 8; i = i + 1) begin : sum_8_lanes
            wire [2:0] high_fours_odd = high_fours[6 * i + 3 +: 3];
            wire [2:0] high_addend = {high_fours_odd[2:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire [3:0] high_total = {1'b0, high_fours[6 * i +: 3]} + {1'b0, high_addend};
            /* verilator lint_on UNUSED */
            wire [2:0] high_number = high_total[3:1];
            wire [3:0] high_sum_8_lane = {high_number, high_fours_odd[0]};
            assign high_sum_8[4 * i +: 4] = high_sum_8_lane;
        end
    endgenerate
    wire [19:0] high_sum_4;
    generate
        for (i = 0; i < 4; i = i + 1) begin : sum_4_lanes
            wire [3:0] high_sum_8_odd = high_sum_8[8 * i + 4 +: 4];
            wire [3:0] high_addend_1 = {high_sum_8_odd[3:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire [4:0] high_total_1 = {1'b0, high_sum_8[8 * i +: 4]} + {1'b0, high_addend_1};
            /* verilator lint_on UNUSED */
            wire [3:0] high_number_1 = high_total_1[4:1];
            wire [4:0] high_sum_4_lane = {high_number_1, high_sum_8_odd[0]};
            assign high_sum_4[5 * i +: 5] = high_sum_4_lane;
        end
    endgenerate
    wire [11:0] high_sum_2;
    generate
        for (i = 0; i < 2; i = i + 1) begin : sum_2_lanes
            wire [4:0] high_sum_4_odd = high_sum_4[10 * i + 5 +: 5];
            wire [4:0] high_addend_2 = {high_sum_4_odd[4:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire [5:0] high_total_2 = {1'b0, high_sum_4[10 * i +: 5]} + {1'b0, high_addend_2};
            /* verilator lint_on UNUSED */
            wire [4:0] high_number_2 = high_total_2[5:1];
            wire [5:0] high_sum_2_lane = {high_number_2, high_sum_4_odd[0]};
            assign high_sum_2[6 * i +: 6] = high_sum_2_lane;
        end
    endgenerate
    wire [5:0] high_sum_2_1 = high_sum_2[11:6];
    wire [5:0] high_addend_3 = {high_sum_2_1[5:1], 1'b1};
    /* verilator lint_off UNUSED */ // bit 0 is not needed
    wire [6:0] high_total_3 = {1'b0, high_sum_2[5:0]} + {1'b0, high_addend_3};
    /* verilator lint_on UNUSED */
    wire [5:0] high_number_3 = high_total_3[6:1];
    wire [6:0] high_total_4 = {high_number_3, high_sum_2_1[0]};
    wire high_rest = high_total_4[0];
    wire [6:0] high_counted = {1'b0, high_total_4[6:1]} + {6'd0, high_rest};

    // High bits
    wire signed [7:0] high = {high_counted, 1'b0} - 8'd64;

    // Low bits
    wire [63:0] low_signs;
    generate
        for (i = 0; i < 64; i = i + 1) begin : signs_low_lanes
            /* verilator lint_off UNUSED */ // bit 1 is not needed
            wire [1:0] a_lane_1 = a[2 * i +: 2];
            /* verilator lint_on UNUSED */
            assign low_signs[i] = a_lane_1[0];
        end
    endgenerate
    wire [63:0] low_seen;
    generate
        for (i = 0; i < 64; i = i + 1) begin : compare_lanes_1
            assign low_seen[i] = ~(low_signs[i] ^ b[i]);
        end
    endgenerate
    wire [63:0] low_padded = low_seen;
    wire [63:0] low_unpack = low_padded;
    wire [47:0] low_fours;
    generate
        for (i = 0; i < 16; i = i + 1) begin : four_lanes_1
            wire [3:0] low_unpack_lane = low_unpack[4 * i +: 4];
            wire [1:0] low_count = ({1'b0, low_unpack_lane[1]} + {1'b0, low_unpack_lane[2]}) + {1'b0, low_unpack_lane[3]};
            assign low_fours[3 * i +: 3] = {low_count, low_unpack_lane[0]};
        end
    endgenerate

    // Adder tree; the bit below each number is still to be added to it
    wire [31:0] low_sum_8;
    generate
        for (i = 0; i < 8; i = i + 1) begin : sum_8_lanes_1
            wire [2:0] low_fours_odd = low_fours[6 * i + 3 +: 3];
            wire [2:0] low_addend = {low_fours_odd[2:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire [3:0] low_total = {1'b0, low_fours[6 * i +: 3]} + {1'b0, low_addend};
            /* verilator lint_on UNUSED */
            wire [2:0] low_number = low_total[3:1];
            wire [3:0] low_sum_8_lane = {low_number, low_fours_odd[0]};
            assign low_sum_8[4 * i +: 4] = low_sum_8_lane;
        end
    endgenerate
    wire [19:0] low_sum_4;
    generate
        for (i = 0; i < 4; i = i + 1) begin : sum_4_lanes_1
            wire [3:0] low_sum_8_odd = low_sum_8[8 * i + 4 +: 4];
            wire [3:0] low_addend_1 = {low_sum_8_odd[3:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire [4:0] low_total_1 = {1'b0, low_sum_8[8 * i +: 4]} + {1'b0, low_addend_1};
            /* verilator lint_on UNUSED */
            wire [3:0] low_number_1 = low_total_1[4:1];
            wire [4:0] low_sum_4_lane = {low_number_1, low_sum_8_odd[0]};
            assign low_sum_4[5 * i +: 5] = low_sum_4_lane;
        end
    endgenerate
    wire [11:0] low_sum_2;
    generate
        for (i = 0; i < 2; i = i + 1) begin : sum_2_lanes_1
            wire [4:0] low_sum_4_odd = low_sum_4[10 * i + 5 +: 5];
            wire [4:0] low_addend_2 = {low_sum_4_odd[4:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire [5:0] low_total_2 = {1'b0, low_sum_4[10 * i +: 5]} + {1'b0, low_addend_2};
            /* verilator lint_on UNUSED */
            wire [4:0] low_number_2 = low_total_2[5:1];
            wire [5:0] low_sum_2_lane = {low_number_2, low_sum_4_odd[0]};
            assign low_sum_2[6 * i +: 6] = low_sum_2_lane;
        end
    endgenerate
    wire [5:0] low_sum_2_1 = low_sum_2[11:6];
    wire [5:0] low_addend_3 = {low_sum_2_1[5:1], 1'b1};
    /* verilator lint_off UNUSED */ // bit 0 is not needed
    wire [6:0] low_total_3 = {1'b0, low_sum_2[5:0]} + {1'b0, low_addend_3};
    /* verilator lint_on UNUSED */
    wire [5:0] low_number_3 = low_total_3[6:1];
    wire [6:0] low_total_4 = {low_number_3, low_sum_2_1[0]};
    wire low_rest = low_total_4[0];
    wire [6:0] low_counted = {1'b0, low_total_4[6:1]} + {6'd0, low_rest};

    // Low bits
    wire signed [7:0] low = {low_counted, 1'b0} - 8'd64;

    // Result
    wire signed [8:0] sum_1 = {high, 1'b0} + {low[7], low};

    // The running sum
    wire signed [16:0] carried = first ? 17'd0 : sum;

    always @(posedge clk) begin
        if (rst) sum <= 17'd0;
        else if (en) sum <= carried + {{8{sum_1[8]}}, sum_1};
    end

    assign y = sum;
endmodule

`default_nettype wire
