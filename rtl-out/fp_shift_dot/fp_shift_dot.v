// fp_shift_dot: Dot product of minifloats with a power-of-two scale for each lane or group of lanes.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        fp-shift-dot
// Parameters  lanes = 32
//             a = e2m1
//             b = e2m1
//             group = 1
//             shift = uint2
//             result = exact
//             round = rne
//             overflow = special
// Latency     none, combinational; a beat may follow every clock
// Computes    sum = sum  a[i]*b[i] * 2^shift[floor(i / group)], exact
//             y = sum, exact; invalid = a term is NaN or infinite, and then y = 0
//             with a float --result: y = round(sum), once; a sum of zero is +0
// Source      LLM-FP4 (Liu et al., arXiv:2310.16836), the exponent biases of channels as an explicit shift; ZeroQuant-FP (Wu et al., arXiv:2307.09782), power-of-two scales of groups; numerics as integers
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit fp-shift-dot

`default_nettype none

module fp_shift_dot (
    input  wire [127:0] a,     // 32 lanes of e2m1: first operands
    input  wire [127:0] b,     // 32 lanes of e2m1: second operands
    input  wire [63:0]  shift, // 32 lanes of uint2: exponents of the scales, one of a group
    output wire [16:0]  y      // fix17.2: the exact sum
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 0; // clock cycles from input to output
    /* verilator lint_on UNUSED */

    genvar i;

    // Exact sum
    wire [383:0] products;
    generate
        for (i = 0; i < 32; i = i + 1) begin : product_lanes
            wire [3:0] a_lane = a[4 * i +: 4];
            wire [3:0] b_lane = b[4 * i +: 4];
            wire [2:0] a_magnitude = a_lane[2:0];
            wire a_sign = a_lane[3];
            wire [2:0] b_magnitude = b_lane[2:0];
            wire b_sign = b_lane[3];
            wire [5:0] index = {a_magnitude, b_magnitude};
            wire [7:0] magnitude;
            fp_shift_dot_product_e2m1_e2m1 magnitude_table (.code(index), .value(magnitude));
            wire negative = a_sign ^ b_sign;
            wire signed [8:0] signed_value = ({9{negative}} ^ {1'b0, magnitude}) + {8'd0, negative};
            wire signed [11:0] shifted = {{3{signed_value[8]}}, signed_value} << shift[2 * i +: 2];
            assign products[12 * i +: 12] = shifted;
        end
    endgenerate
    wire [207:0] sum_16;
    generate
        for (i = 0; i < 16; i = i + 1) begin : sum_16_lanes
            wire signed [11:0] products_even = products[24 * i +: 12];
            wire signed [11:0] products_odd = products[24 * i + 12 +: 12];
            wire signed [12:0] sum_16_lane = {products_even[11], products_even} + {products_odd[11], products_odd};
            assign sum_16[13 * i +: 13] = sum_16_lane;
        end
    endgenerate
    wire [111:0] sum_8;
    generate
        for (i = 0; i < 8; i = i + 1) begin : sum_8_lanes
            wire signed [12:0] sum_16_even = sum_16[26 * i +: 13];
            wire signed [12:0] sum_16_odd = sum_16[26 * i + 13 +: 13];
            wire signed [13:0] sum_8_lane = {sum_16_even[12], sum_16_even} + {sum_16_odd[12], sum_16_odd};
            assign sum_8[14 * i +: 14] = sum_8_lane;
        end
    endgenerate
    wire [59:0] sum_4;
    generate
        for (i = 0; i < 4; i = i + 1) begin : sum_4_lanes
            wire signed [13:0] sum_8_even = sum_8[28 * i +: 14];
            wire signed [13:0] sum_8_odd = sum_8[28 * i + 14 +: 14];
            wire signed [14:0] sum_4_lane = {sum_8_even[13], sum_8_even} + {sum_8_odd[13], sum_8_odd};
            assign sum_4[15 * i +: 15] = sum_4_lane;
        end
    endgenerate
    wire [31:0] sum_2;
    generate
        for (i = 0; i < 2; i = i + 1) begin : sum_2_lanes
            wire signed [14:0] sum_4_even = sum_4[30 * i +: 15];
            wire signed [14:0] sum_4_odd = sum_4[30 * i + 15 +: 15];
            wire signed [15:0] sum_2_lane = {sum_4_even[14], sum_4_even} + {sum_4_odd[14], sum_4_odd};
            assign sum_2[16 * i +: 16] = sum_2_lane;
        end
    endgenerate
    wire signed [15:0] sum_2_0 = sum_2[15:0];
    wire signed [15:0] sum_2_1 = sum_2[31:16];
    wire signed [16:0] sum = {sum_2_0[15], sum_2_0} + {sum_2_1[15], sum_2_1};

    assign y = sum;
endmodule

/* verilator lint_off DECLFILENAME */ // parts of fp_shift_dot, kept in its file

// Magnitude of a product: e2m1 (high bits) times e2m1, without signs, in units of 2^-2
module fp_shift_dot_product_e2m1_e2m1 (
    input  wire [5:0] code,
    output reg  [7:0] value
);
    always @* begin
        case (code)
            6'd0: value = 8'd0;
            6'd1: value = 8'd0;
            6'd2: value = 8'd0;
            6'd3: value = 8'd0;
            6'd4: value = 8'd0;
            6'd5: value = 8'd0;
            6'd6: value = 8'd0;
            6'd7: value = 8'd0;
            6'd8: value = 8'd0;
            6'd9: value = 8'd1;
            6'd10: value = 8'd2;
            6'd11: value = 8'd3;
            6'd12: value = 8'd4;
            6'd13: value = 8'd6;
            6'd14: value = 8'd8;
            6'd15: value = 8'd12;
            6'd16: value = 8'd0;
            6'd17: value = 8'd2;
            6'd18: value = 8'd4;
            6'd19: value = 8'd6;
            6'd20: value = 8'd8;
            6'd21: value = 8'd12;
            6'd22: value = 8'd16;
            6'd23: value = 8'd24;
            6'd24: value = 8'd0;
            6'd25: value = 8'd3;
            6'd26: value = 8'd6;
            6'd27: value = 8'd9;
            6'd28: value = 8'd12;
            6'd29: value = 8'd18;
            6'd30: value = 8'd24;
            6'd31: value = 8'd36;
            6'd32: value = 8'd0;
            6'd33: value = 8'd4;
            6'd34: value = 8'd8;
            6'd35: value = 8'd12;
            6'd36: value = 8'd16;
            6'd37: value = 8'd24;
            6'd38: value = 8'd32;
            6'd39: value = 8'd48;
            6'd40: value = 8'd0;
            6'd41: value = 8'd6;
            6'd42: value = 8'd12;
            6'd43: value = 8'd18;
            6'd44: value = 8'd24;
            6'd45: value = 8'd36;
            6'd46: value = 8'd48;
            6'd47: value = 8'd72;
            6'd48: value = 8'd0;
            6'd49: value = 8'd8;
            6'd50: value = 8'd16;
            6'd51: value = 8'd24;
            6'd52: value = 8'd32;
            6'd53: value = 8'd48;
            6'd54: value = 8'd64;
            6'd55: value = 8'd96;
            6'd56: value = 8'd0;
            6'd57: value = 8'd12;
            6'd58: value = 8'd24;
            6'd59: value = 8'd36;
            6'd60: value = 8'd48;
            6'd61: value = 8'd72;
            6'd62: value = 8'd96;
            default: value = 8'd144;
        endcase
    end
endmodule

/* verilator lint_on DECLFILENAME */

`default_nettype wire
