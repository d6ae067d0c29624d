// mx_outer: Outer product of a column and a row of MX blocks, added to a tile of exact sums.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        mx-outer
// Parameters  rows = 4
//             cols = 4
//             element = e2m1
//             beats = 32
// Latency     1 clock cycle; a beat may follow every clock
// Computes    y[i,j] <- (first ? 0 : y[i,j]) + a[i]*b[j], exact; lane i*cols + j
//             2^exponent[i,j] = a_scale[i]*b_scale[j]; the element of the product is y * 2^exponent
// Source      OCP Microscaling Formats (MX) v1.0, sections 5 and 6
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit mx-outer

`default_nettype none

module mx_outer (
    input  wire         clk,      // rising edge
    input  wire         rst,      // synchronous, active high
    input  wire         en,       // this beat is accepted
    input  wire         first,    // this beat starts new sums, from 0
    input  wire [15:0]  a,        // 4 lanes of e2m1: a column of the left matrix
    input  wire [31:0]  a_scale,  // 4 lanes of e8m0: scales of its rows, the same throughout a block
    input  wire [15:0]  b,        // 4 lanes of e2m1: a row of the right matrix
    input  wire [31:0]  b_scale,  // 4 lanes of e8m0: scales of its columns, the same throughout a block
    output wire [223:0] y,        // 16 lanes of fix14.2: the sums after this beat, modulo their width; 0 where invalid
    output wire [159:0] exponent, // 16 lanes of int10: exponents of both scales together; 0 where invalid
    output wire [15:0]  invalid   // since first, something was no finite number
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 1; // clock cycles from input to output
    /* verilator lint_on UNUSED */

    // State and pipeline registers; _s<n> is the value in stage n
    reg [223:0] sums;
    reg [15:0] invalid_seen;
    reg [31:0] a_scale_held;
    reg [31:0] b_scale_held;

    genvar i, j;

    // Products of each element of the column with each of the row
    wire [143:0] product_value;
    generate
        for (i = 0; i < 4; i = i + 1) begin : product_lanes
            wire [3:0] a_lane = a[4 * i +: 4];
            wire [2:0] a_magnitude = a_lane[2:0];
            wire a_sign = a_lane[3];
            wire [35:0] product_column_value;
            for (j = 0; j < 4; j = j + 1) begin : product_column_lanes
                wire [3:0] b_lane = b[4 * j +: 4];
                wire [2:0] b_magnitude = b_lane[2:0];
                wire b_sign = b_lane[3];
                wire [5:0] index = {a_magnitude, b_magnitude};
                wire [7:0] magnitude;
                mx_outer_product_e2m1_e2m1 magnitude_table (.code(index), .value(magnitude));
                wire negative = a_sign ^ b_sign;
                wire signed [8:0] value = ({9{negative}} ^ {1'b0, magnitude}) + {8'd0, negative};
                assign product_column_value[9 * j +: 9] = value;
            end
            assign product_value[36 * i +: 36] = product_column_value;
        end
    endgenerate

    // The running sums
    wire [15:0] scale_is_nan;
    generate
        for (i = 0; i < 4; i = i + 1) begin : scale_lanes
            wire [3:0] scale_column_is_nan;
            for (j = 0; j < 4; j = j + 1) begin : scale_column_lanes
                assign scale_column_is_nan[j] = (a_scale[8 * i +: 8] == 8'd255) | (b_scale[8 * j +: 8] == 8'd255);
            end
            assign scale_is_nan[4 * i +: 4] = scale_column_is_nan;
        end
    endgenerate
    wire [223:0] sums_before = sums;
    wire [15:0] invalid_before = invalid_seen;
    wire [223:0] cell_sum;
    wire [15:0] cell_bad;
    generate
        for (i = 0; i < 16; i = i + 1) begin : cell_lanes
            wire signed [8:0] product_value_lane = product_value[9 * i +: 9];
            assign cell_sum[14 * i +: 14] = (first ? 14'd0 : sums_before[14 * i +: 14]) + {{5{product_value_lane[8]}}, product_value_lane};
            assign cell_bad[i] = (invalid_before[i] & ~first) | scale_is_nan[i];
        end
    endgenerate

    always @(posedge clk) begin
        if (rst) sums <= 224'd0;
        else if (en) sums <= cell_sum;
    end

    always @(posedge clk) begin
        if (rst) invalid_seen <= 16'd0;
        else if (en) invalid_seen <= cell_bad;
    end

    always @(posedge clk) begin
        if (rst) a_scale_held <= 32'h7f7f7f7f;
        else if (en) a_scale_held <= a_scale;
    end

    always @(posedge clk) begin
        if (rst) b_scale_held <= 32'h7f7f7f7f;
        else if (en) b_scale_held <= b_scale;
    end

    // The answer: sums, and the exponents of the scales
    wire [31:0] a_scale_after = a_scale_held;
    wire [31:0] b_scale_after = b_scale_held;
    wire [159:0] scales_exponent;
    generate
        for (i = 0; i < 4; i = i + 1) begin : scales_lanes
            wire [39:0] scales_column_exponent;
            for (j = 0; j < 4; j = j + 1) begin : scales_column_lanes
                assign scales_column_exponent[10 * j +: 10] = {1'b0, {1'b0, a_scale_after[8 * i +: 8]} + {1'b0, b_scale_after[8 * j +: 8]}} - 10'd254;
            end
            assign scales_exponent[40 * i +: 40] = scales_column_exponent;
        end
    endgenerate
    wire [223:0] sums_after = sums;
    wire [15:0] invalid_after = invalid_seen;
    wire [223:0] answer_sum;
    wire [159:0] answer_exponent;
    generate
        for (i = 0; i < 16; i = i + 1) begin : answer_lanes
            wire invalid_after_lane = invalid_after[i];
            assign answer_sum[14 * i +: 14] = invalid_after_lane ? 14'd0 : sums_after[14 * i +: 14];
            assign answer_exponent[10 * i +: 10] = invalid_after_lane ? 10'd0 : scales_exponent[10 * i +: 10];
        end
    endgenerate

    assign y = answer_sum;
    assign exponent = answer_exponent;
    assign invalid = invalid_after;
endmodule

/* verilator lint_off DECLFILENAME */ // parts of mx_outer, kept in its file

// Magnitude of a product: e2m1 (high bits) times e2m1, without signs, in units of 2^-2
module mx_outer_product_e2m1_e2m1 (
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
