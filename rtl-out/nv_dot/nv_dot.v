// nv_dot: Dot product of two NVFP4 or NVINT4 blocks.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        nv-dot
// Parameters  lanes = 16
//             element = e2m1
//             result = exact
// Latency     none, combinational; a beat may follow every clock
// Computes    y = sum  a[i]*b[i] * a_scale*b_scale, exact or rounded once
// Source      NVIDIA NVFP4, as in torchao; NVINT4: "INT v.s. FP" (arXiv 2510.25602)
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit nv-dot

`default_nettype none

module nv_dot (
    input  wire [63:0] a,       // 16 lanes of e2m1: elements of the first block
    input  wire [7:0]  a_scale, // e4m3: scale of the first block
    input  wire [63:0] b,       // 16 lanes of e2m1: elements of the second block
    input  wire [7:0]  b_scale, // e4m3: scale of the second block
    output wire [47:0] y,       // fix48.20: the dot product; 0 where invalid
    output wire        invalid  // a scale is NaN or has its sign set
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 0; // clock cycles from input to output
    /* verilator lint_on UNUSED */

    genvar i;

    // Exact sum of the products
    wire [127:0] magnitudes;
    wire [15:0] signs;
    generate
        for (i = 0; i < 16; i = i + 1) begin : product_lanes
            wire [3:0] a_lane = a[4 * i +: 4];
            wire [3:0] b_lane = b[4 * i +: 4];
            wire [2:0] a_magnitude = a_lane[2:0];
            wire a_sign = a_lane[3];
            wire [2:0] b_magnitude = b_lane[2:0];
            wire b_sign = b_lane[3];
            wire [5:0] index = {a_magnitude, b_magnitude};
            wire [7:0] table_1;
            nv_dot_product_e2m1_e2m1 table_1_table (.code(index), .value(table_1));
            wire negative = a_sign ^ b_sign;
            assign magnitudes[8 * i +: 8] = table_1;
            assign signs[i] = negative;
        end
    endgenerate
    wire [159:0] terms;
    generate
        for (i = 0; i < 16; i = i + 1) begin : term_lanes
            wire [7:0] magnitudes_lane = magnitudes[8 * i +: 8];
            wire signs_lane = signs[i];
            wire [7:0] complemented = signs_lane ? ~magnitudes_lane : magnitudes_lane;
            wire signed [9:0] term = {{signs_lane, complemented}, signs_lane};
            assign terms[10 * i +: 10] = term;
        end
    endgenerate

    // Adder tree; the bit below each number is still to be added to it
    wire [87:0] sum_8;
    generate
        for (i = 0; i < 8; i = i + 1) begin : sum_8_lanes
            wire signed [9:0] terms_even = terms[20 * i +: 10];
            wire signed [9:0] terms_odd = terms[20 * i + 10 +: 10];
            wire signed [9:0] addend = {terms_odd[9:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire signed [10:0] total = {terms_even[9], terms_even} + {addend[9], addend};
            /* verilator lint_on UNUSED */
            wire signed [9:0] number = total[10:1];
            wire signed [10:0] sum_8_lane = {number, terms_odd[0]};
            assign sum_8[11 * i +: 11] = sum_8_lane;
        end
    endgenerate
    wire [47:0] sum_4;
    generate
        for (i = 0; i < 4; i = i + 1) begin : sum_4_lanes
            wire signed [10:0] sum_8_even = sum_8[22 * i +: 11];
            wire signed [10:0] sum_8_odd = sum_8[22 * i + 11 +: 11];
            wire signed [10:0] addend_1 = {sum_8_odd[10:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire signed [11:0] total_1 = {sum_8_even[10], sum_8_even} + {addend_1[10], addend_1};
            /* verilator lint_on UNUSED */
            wire signed [10:0] number_1 = total_1[11:1];
            wire signed [11:0] sum_4_lane = {number_1, sum_8_odd[0]};
            assign sum_4[12 * i +: 12] = sum_4_lane;
        end
    endgenerate
    wire [25:0] sum_2;
    generate
        for (i = 0; i < 2; i = i + 1) begin : sum_2_lanes
            wire signed [11:0] sum_4_even = sum_4[24 * i +: 12];
            wire signed [11:0] sum_4_odd = sum_4[24 * i + 12 +: 12];
            wire signed [11:0] addend_2 = {sum_4_odd[11:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire signed [12:0] total_2 = {sum_4_even[11], sum_4_even} + {addend_2[11], addend_2};
            /* verilator lint_on UNUSED */
            wire signed [11:0] number_2 = total_2[12:1];
            wire signed [12:0] sum_2_lane = {number_2, sum_4_odd[0]};
            assign sum_2[13 * i +: 13] = sum_2_lane;
        end
    endgenerate
    wire signed [12:0] sum_2_0 = sum_2[12:0];
    wire signed [12:0] sum_2_1 = sum_2[25:13];
    wire signed [12:0] addend_3 = {sum_2_1[12:1], 1'b1};
    /* verilator lint_off UNUSED */ // bit 0 is not needed
    wire signed [13:0] total_3 = {sum_2_0[12], sum_2_0} + {addend_3[12], addend_3};
    /* verilator lint_on UNUSED */
    wire signed [12:0] number_3 = total_3[13:1];
    wire signed [13:0] total_4 = {number_3, sum_2_1[0]};
    wire rest = total_4[0];
    wire signed [12:0] sum = $signed(total_4[13:1]) + $signed({12'd0, rest});

    // Scales of the blocks: E4M3 without a sign
    wire a_scale_sign = a_scale[7];
    wire [3:0] a_scale_field = a_scale[6:3];
    wire a_scale_is_normal = |a_scale_field;
    wire a_scale_is_nan = (&a_scale_field) & (&a_scale[2:0]);
    wire [3:0] a_scale_exponent = a_scale_is_normal ? a_scale_field : 4'd1;
    wire [3:0] a_scale_significand = {a_scale_is_normal, a_scale[2:0]};
    wire b_scale_sign = b_scale[7];
    wire [3:0] b_scale_field = b_scale[6:3];
    wire b_scale_is_normal = |b_scale_field;
    wire b_scale_is_nan = (&b_scale_field) & (&b_scale[2:0]);
    wire [3:0] b_scale_exponent = b_scale_is_normal ? b_scale_field : 4'd1;
    wire [3:0] b_scale_significand = {b_scale_is_normal, b_scale[2:0]};

    // The sum times both scales
    wire is_invalid = a_scale_is_nan | a_scale_sign | b_scale_is_nan | b_scale_sign;
    wire [7:0] significand = a_scale_significand * b_scale_significand;
    wire signed [19:0] scaled = $signed(sum) * $signed({1'b0, significand});
    wire [4:0] exponent = ({1'b0, a_scale_exponent} + {1'b0, b_scale_exponent}) - 5'd2;

    // Result
    wire signed [19:0] valid = is_invalid ? 20'd0 : scaled;
    wire signed [47:0] product = {{28{valid[19]}}, valid} << exponent;

    assign y = product;
    assign invalid = is_invalid;
endmodule

/* verilator lint_off DECLFILENAME */ // parts of nv_dot, kept in its file

// Magnitude of a product: e2m1 (high bits) times e2m1, without signs, in units of 2^-2
module nv_dot_product_e2m1_e2m1 (
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
