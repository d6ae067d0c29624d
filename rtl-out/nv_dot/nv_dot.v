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
    wire [143:0] products;
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
            wire signed [8:0] value = ({9{negative}} ^ {1'b0, table_1}) + {8'd0, negative};
            assign products[9 * i +: 9] = value;
        end
    endgenerate
    wire [79:0] sum_8;
    generate
        for (i = 0; i < 8; i = i + 1) begin : sum_8_lanes
            wire signed [8:0] products_even = products[18 * i +: 9];
            wire signed [8:0] products_odd = products[18 * i + 9 +: 9];
            wire signed [9:0] sum_8_lane = {products_even[8], products_even} + {products_odd[8], products_odd};
            assign sum_8[10 * i +: 10] = sum_8_lane;
        end
    endgenerate
    wire [43:0] sum_4;
    generate
        for (i = 0; i < 4; i = i + 1) begin : sum_4_lanes
            wire signed [9:0] sum_8_even = sum_8[20 * i +: 10];
            wire signed [9:0] sum_8_odd = sum_8[20 * i + 10 +: 10];
            wire signed [10:0] sum_4_lane = {sum_8_even[9], sum_8_even} + {sum_8_odd[9], sum_8_odd};
            assign sum_4[11 * i +: 11] = sum_4_lane;
        end
    endgenerate
    wire [23:0] sum_2;
    generate
        for (i = 0; i < 2; i = i + 1) begin : sum_2_lanes
            wire signed [10:0] sum_4_even = sum_4[22 * i +: 11];
            wire signed [10:0] sum_4_odd = sum_4[22 * i + 11 +: 11];
            wire signed [11:0] sum_2_lane = {sum_4_even[10], sum_4_even} + {sum_4_odd[10], sum_4_odd};
            assign sum_2[12 * i +: 12] = sum_2_lane;
        end
    endgenerate
    wire signed [11:0] sum_2_0 = sum_2[11:0];
    wire signed [11:0] sum_2_1 = sum_2[23:12];
    wire signed [12:0] sum = $signed({sum_2_0[11], sum_2_0}) + $signed({sum_2_1[11], sum_2_1});

    // Scales of the blocks: E4M3 without a sign
    wire [6:0] a_scale_magnitude = a_scale[6:0];
    wire a_scale_sign = a_scale[7];
    wire [3:0] a_scale_field = a_scale[6:3];
    wire a_scale_is_normal = |a_scale_field;
    wire a_scale_is_nan = a_scale_magnitude >= 7'd127;
    wire [3:0] a_scale_exponent = a_scale_is_normal ? a_scale_field : 4'd1;
    wire [3:0] a_scale_significand = {a_scale_is_normal, a_scale[2:0]};
    wire [6:0] b_scale_magnitude = b_scale[6:0];
    wire b_scale_sign = b_scale[7];
    wire [3:0] b_scale_field = b_scale[6:3];
    wire b_scale_is_normal = |b_scale_field;
    wire b_scale_is_nan = b_scale_magnitude >= 7'd127;
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
