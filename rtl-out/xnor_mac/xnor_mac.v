// xnor_mac: Dot product of vectors of signs, added to an exact running sum.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        xnor-mac
// Parameters  lanes = 64
//             mask = false
//             measure = dot
//             beats = 256
// Latency     1 clock cycle; a beat may follow every clock
// Computes    dot:      y = sum  over lanes that count of +1 where a[i] = b[i], -1 elsewhere
//             distance: y = sum  over lanes that count of 0 where a[i] = b[i], 1 elsewhere
// Source      BiBench, XNOR-Net: lanes - 2*popcount(a xor b)
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit xnor-mac

`default_nettype none

module xnor_mac (
    input  wire        clk,   // rising edge
    input  wire        rst,   // synchronous, active high
    input  wire        en,    // this beat is accepted
    input  wire        first, // this beat starts a new sum, from 0
    input  wire [63:0] a,     // signs: 1 is +1, 0 is -1
    input  wire [63:0] b,     // signs
    output wire [15:0] y      // int16: the running sum of the dot products, modulo its width
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 1; // clock cycles from input to output
    /* verilator lint_on UNUSED */

    // State and pipeline registers; _s<n> is the value in stage n
    reg signed [15:0] sum;

    genvar i;

    // Lanes of equal signs
    wire [63:0] seen;
    generate
        for (i = 0; i < 64; i = i + 1) begin : compare_lanes
            assign seen[i] = ~(a[i] ^ b[i]);
        end
    endgenerate
    wire [63:0] padded = seen;
    wire [63:0] unpack = padded;
    wire [47:0] fours;
    generate
        for (i = 0; i < 16; i = i + 1) begin : four_lanes
            wire [3:0] unpack_lane = unpack[4 * i +: 4];
            wire [1:0] count = ({1'b0, unpack_lane[1]} + {1'b0, unpack_lane[2]}) + {1'b0, unpack_lane[3]};
            assign fours[3 * i +: 3] = {count, unpack_lane[0]};
        end
    endgenerate

    // Adder tree; the bit below each number is still to be added to it
    wire [31:0] sum_8;
    generate
        for (i = 0; i < 8; i = i + 1) begin : sum_8_lanes
            wire [2:0] fours_odd = fours[6 * i + 3 +: 3];
            wire [2:0] addend = {fours_odd[2:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire [3:0] total = {1'b0, fours[6 * i +: 3]} + {1'b0, addend};
            /* verilator lint_on UNUSED */
            wire [2:0] number = total[3:1];
            wire [3:0] sum_8_lane = {number, fours_odd[0]};
            assign sum_8[4 * i +: 4] = sum_8_lane;
        end
    endgenerate
    wire [19:0] sum_4;
    generate
        for (i = 0; i < 4; i = i + 1) begin : sum_4_lanes
            wire [3:0] sum_8_odd = sum_8[8 * i + 4 +: 4];
            wire [3:0] addend_1 = {sum_8_odd[3:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire [4:0] total_1 = {1'b0, sum_8[8 * i +: 4]} + {1'b0, addend_1};
            /* verilator lint_on UNUSED */
            wire [3:0] number_1 = total_1[4:1];
            wire [4:0] sum_4_lane = {number_1, sum_8_odd[0]};
            assign sum_4[5 * i +: 5] = sum_4_lane;
        end
    endgenerate
    wire [11:0] sum_2;
    generate
        for (i = 0; i < 2; i = i + 1) begin : sum_2_lanes
            wire [4:0] sum_4_odd = sum_4[10 * i + 5 +: 5];
            wire [4:0] addend_2 = {sum_4_odd[4:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire [5:0] total_2 = {1'b0, sum_4[10 * i +: 5]} + {1'b0, addend_2};
            /* verilator lint_on UNUSED */
            wire [4:0] number_2 = total_2[5:1];
            wire [5:0] sum_2_lane = {number_2, sum_4_odd[0]};
            assign sum_2[6 * i +: 6] = sum_2_lane;
        end
    endgenerate
    wire [5:0] sum_2_1 = sum_2[11:6];
    wire [5:0] addend_3 = {sum_2_1[5:1], 1'b1};
    /* verilator lint_off UNUSED */ // bit 0 is not needed
    wire [6:0] total_3 = {1'b0, sum_2[5:0]} + {1'b0, addend_3};
    /* verilator lint_on UNUSED */
    wire [5:0] number_3 = total_3[6:1];
    wire [6:0] total_4 = {number_3, sum_2_1[0]};
    wire rest = total_4[0];
    wire [6:0] counted = {1'b0, total_4[6:1]} + {6'd0, rest};

    // Lanes of equal signs
    wire signed [7:0] difference = {counted, 1'b0} - 8'd64;

    // The running sum
    wire signed [15:0] carried = first ? 16'd0 : sum;

    always @(posedge clk) begin
        if (rst) sum <= 16'd0;
        else if (en) sum <= carried + {{8{difference[7]}}, difference};
    end

    assign y = sum;
endmodule

`default_nettype wire
