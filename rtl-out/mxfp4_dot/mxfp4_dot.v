// mxfp4_dot: MXFP4 (E2M1 elements) dot product.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        mx-dot as mxfp4-dot
// Parameters  lanes = 32
//             element = e2m1
//             result = exact
// Latency     none, combinational; a beat may follow every clock
// Computes    exact: y = sum  a[i]*b[i]; 2^exponent = a_scale*b_scale; the dot product is y * 2^exponent
//             float: y = round(sum  a[i]*b[i] * a_scale*b_scale)
// Source      OCP Microscaling Formats (MX) v1.0, sections 5 and 6
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit mxfp4-dot

`default_nettype none

module mxfp4_dot (
    input  wire [127:0] a,        // 32 lanes of e2m1: elements of the first block
    input  wire [7:0]   a_scale,  // e8m0: scale of the first block
    input  wire [127:0] b,        // 32 lanes of e2m1: elements of the second block
    input  wire [7:0]   b_scale,  // e8m0: scale of the second block
    output wire [13:0]  y,        // fix14.2: sum of the products of the elements; 0 where invalid
    output wire [9:0]   exponent, // int10: exponents of both scales together; 0 where invalid
    output wire         invalid   // a scale is NaN, or the sum is infinite or NaN
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 0; // clock cycles from input to output
    /* verilator lint_on UNUSED */

    genvar i;

    // Exact sum of the products
    wire [255:0] magnitudes;
    wire [31:0] signs;
    generate
        for (i = 0; i < 32; i = i + 1) begin : product_lanes
            wire [3:0] a_lane = a[4 * i +: 4];
            wire [3:0] b_lane = b[4 * i +: 4];
            wire [2:0] a_magnitude = a_lane[2:0];
            wire a_sign = a_lane[3];
            wire [2:0] b_magnitude = b_lane[2:0];
            wire b_sign = b_lane[3];
            wire [5:0] index = {a_magnitude, b_magnitude};
            wire [7:0] table_1;
            mxfp4_dot_product_e2m1_e2m1 table_1_table (.code(index), .value(table_1));
            wire negative = a_sign ^ b_sign;
            assign magnitudes[8 * i +: 8] = table_1;
            assign signs[i] = negative;
        end
    endgenerate
    wire [319:0] terms;
    generate
        for (i = 0; i < 32; i = i + 1) begin : term_lanes
            wire [7:0] magnitudes_lane = magnitudes[8 * i +: 8];
            wire signs_lane = signs[i];
            wire [7:0] complemented = signs_lane ? ~magnitudes_lane : magnitudes_lane;
            wire signed [9:0] term = {{signs_lane, complemented}, signs_lane};
            assign terms[10 * i +: 10] = term;
        end
    endgenerate

    // Adder tree; the bit below each number is still to be added to it
    wire [175:0] sum_16;
    generate
        for (i = 0; i < 16; i = i + 1) begin : sum_16_lanes
            wire signed [9:0] terms_even = terms[20 * i +: 10];
            wire signed [9:0] terms_odd = terms[20 * i + 10 +: 10];
            wire signed [9:0] addend = {terms_odd[9:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire signed [10:0] total = {terms_even[9], terms_even} + {addend[9], addend};
            /* verilator lint_on UNUSED */
            wire signed [9:0] number = total[10:1];
            wire signed [10:0] sum_16_lane = {number, terms_odd[0]};
            assign sum_16[11 * i +: 11] = sum_16_lane;
        end
    endgenerate
    wire [95:0] sum_8;
    generate
        for (i = 0; i < 8; i = i + 1) begin : sum_8_lanes
            wire signed [10:0] sum_16_even = sum_16[22 * i +: 11];
            wire signed [10:0] sum_16_odd = sum_16[22 * i + 11 +: 11];
            wire signed [10:0] addend_1 = {sum_16_odd[10:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire signed [11:0] total_1 = {sum_16_even[10], sum_16_even} + {addend_1[10], addend_1};
            /* verilator lint_on UNUSED */
            wire signed [10:0] number_1 = total_1[11:1];
            wire signed [11:0] sum_8_lane = {number_1, sum_16_odd[0]};
            assign sum_8[12 * i +: 12] = sum_8_lane;
        end
    endgenerate
    wire [51:0] sum_4;
    generate
        for (i = 0; i < 4; i = i + 1) begin : sum_4_lanes
            wire signed [11:0] sum_8_even = sum_8[24 * i +: 12];
            wire signed [11:0] sum_8_odd = sum_8[24 * i + 12 +: 12];
            wire signed [11:0] addend_2 = {sum_8_odd[11:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire signed [12:0] total_2 = {sum_8_even[11], sum_8_even} + {addend_2[11], addend_2};
            /* verilator lint_on UNUSED */
            wire signed [11:0] number_2 = total_2[12:1];
            wire signed [12:0] sum_4_lane = {number_2, sum_8_odd[0]};
            assign sum_4[13 * i +: 13] = sum_4_lane;
        end
    endgenerate
    wire [27:0] sum_2;
    generate
        for (i = 0; i < 2; i = i + 1) begin : sum_2_lanes
            wire signed [12:0] sum_4_even = sum_4[26 * i +: 13];
            wire signed [12:0] sum_4_odd = sum_4[26 * i + 13 +: 13];
            wire signed [12:0] addend_3 = {sum_4_odd[12:1], 1'b1};
            /* verilator lint_off UNUSED */ // bit 0 is not needed
            wire signed [13:0] total_3 = {sum_4_even[12], sum_4_even} + {addend_3[12], addend_3};
            /* verilator lint_on UNUSED */
            wire signed [12:0] number_3 = total_3[13:1];
            wire signed [13:0] sum_2_lane = {number_3, sum_4_odd[0]};
            assign sum_2[14 * i +: 14] = sum_2_lane;
        end
    endgenerate
    wire signed [13:0] sum_2_0 = sum_2[13:0];
    wire signed [13:0] sum_2_1 = sum_2[27:14];
    wire signed [13:0] addend_4 = {sum_2_1[13:1], 1'b1};
    /* verilator lint_off UNUSED */ // bit 0 is not needed
    wire signed [14:0] total_4 = {sum_2_0[13], sum_2_0} + {addend_4[13], addend_4};
    /* verilator lint_on UNUSED */
    wire signed [13:0] number_4 = total_4[14:1];
    wire signed [14:0] total_5 = {number_4, sum_2_1[0]};
    wire rest = total_5[0];
    wire signed [13:0] sum = total_5[14:1] + {13'd0, rest};

    // Scales of the blocks: E8M0, bias 127, 255 is NaN
    wire signed [9:0] scale_exponent = {1'b0, {1'b0, a_scale} + {1'b0, b_scale}} - 10'd254;
    wire scale_is_nan = (a_scale == 8'd255) | (b_scale == 8'd255);

    assign y = scale_is_nan ? 14'd0 : sum;
    assign exponent = scale_is_nan ? 10'd0 : scale_exponent;
    assign invalid = scale_is_nan;
endmodule

/* verilator lint_off DECLFILENAME */ // parts of mxfp4_dot, kept in its file

// Magnitude of a product: e2m1 (high bits) times e2m1, without signs, in units of 2^-2
module mxfp4_dot_product_e2m1_e2m1 (
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
