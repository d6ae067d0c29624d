// mx_quant: Quantizes a block of floats to OCP MX.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        mx-quant
// Parameters  element = e2m1
//             lanes = 32
//             from = bf16
//             scale-rule = floor
//             round = rne
// Latency     none, combinational; a beat may follow every clock
// Computes    e = floor(log2 max|x[i]|) - emax, raised by one as the rule says, within -127 .. 127
//             scale = 2^e
//             y[i] = round(x[i] / scale), saturated
// Source      OCP Microscaling Formats (MX) v1.0, section 6.3; microxcaling; torchao for the rules ceil, even and up
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit mx-quant

`default_nettype none

module mx_quant (
    input  wire [511:0] x,     // 32 lanes of bf16: a block of numbers
    output wire [7:0]   scale, // e8m0: scale of the block; NaN where a NaN or an infinity came in
    output wire [127:0] y      // 32 lanes of e2m1: elements: x over the scale; zeros where that is NaN
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 0; // clock cycles from input to output
    /* verilator lint_on UNUSED */

    genvar i;

    // The largest magnitude
    wire [479:0] magnitudes;
    generate
        for (i = 0; i < 32; i = i + 1) begin : magnitude_lanes
            /* verilator lint_off UNUSED */ // bit 15 is not needed
            wire [15:0] x_lane = x[16 * i +: 16];
            /* verilator lint_on UNUSED */
            wire [14:0] magnitude_lane = x_lane[14:0];
            assign magnitudes[15 * i +: 15] = magnitude_lane;
        end
    endgenerate
    wire [239:0] largest_16;
    generate
        for (i = 0; i < 16; i = i + 1) begin : largest_16_lanes
            wire [14:0] magnitudes_even = magnitudes[30 * i +: 15];
            wire [14:0] magnitudes_odd = magnitudes[30 * i + 15 +: 15];
            wire [14:0] largest_16_lane = (magnitudes_even < magnitudes_odd) ? magnitudes_odd : magnitudes_even;
            assign largest_16[15 * i +: 15] = largest_16_lane;
        end
    endgenerate
    wire [119:0] largest_8;
    generate
        for (i = 0; i < 8; i = i + 1) begin : largest_8_lanes
            wire [14:0] largest_16_even = largest_16[30 * i +: 15];
            wire [14:0] largest_16_odd = largest_16[30 * i + 15 +: 15];
            wire [14:0] largest_8_lane = (largest_16_even < largest_16_odd) ? largest_16_odd : largest_16_even;
            assign largest_8[15 * i +: 15] = largest_8_lane;
        end
    endgenerate
    wire [59:0] largest_4;
    generate
        for (i = 0; i < 4; i = i + 1) begin : largest_4_lanes
            wire [14:0] largest_8_even = largest_8[30 * i +: 15];
            wire [14:0] largest_8_odd = largest_8[30 * i + 15 +: 15];
            wire [14:0] largest_4_lane = (largest_8_even < largest_8_odd) ? largest_8_odd : largest_8_even;
            assign largest_4[15 * i +: 15] = largest_4_lane;
        end
    endgenerate
    wire [29:0] largest_2;
    generate
        for (i = 0; i < 2; i = i + 1) begin : largest_2_lanes
            wire [14:0] largest_4_even = largest_4[30 * i +: 15];
            wire [14:0] largest_4_odd = largest_4[30 * i + 15 +: 15];
            wire [14:0] largest_2_lane = (largest_4_even < largest_4_odd) ? largest_4_odd : largest_4_even;
            assign largest_2[15 * i +: 15] = largest_2_lane;
        end
    endgenerate
    wire [14:0] largest = (largest_2[14:0] < largest_2[29:15]) ? largest_2[29:15] : largest_2[14:0];

    // Exponent of the scale, by the rule 'floor'
    wire [7:0] scale_field = largest[14:7];
    wire scale_is_normal = |scale_field;
    wire scale_is_special = &scale_field;
    wire [7:0] scale_exponent = scale_is_normal ? scale_field : 8'd1;
    wire scale_is_zero = ~|largest;
    wire signed [8:0] scale_floor = {1'b0, scale_exponent} - 9'd2;
    wire [7:0] scale_clamped = scale_floor[8] ? 8'd0 : scale_floor[7:0];
    wire scale_is_void = scale_is_special | scale_is_zero;
    wire [7:0] scale_code = scale_is_special ? 8'd255 : scale_clamped;

    // Elements: aligned to the scale, rounded to e2m1
    wire [127:0] elements;
    generate
        for (i = 0; i < 32; i = i + 1) begin : element_lanes
            wire [15:0] x_lane_1 = x[16 * i +: 16];
            wire sign = x_lane_1[15];
            wire [7:0] field = x_lane_1[14:7];
            wire is_normal = |field;
            wire [7:0] exponent = is_normal ? field : 8'd1;
            wire [7:0] significand = {is_normal, x_lane_1[6:0]};
            wire [7:0] distance = (scale_clamped + 8'd2) - exponent;
            wire is_beyond = |distance[7:3];
            wire [2:0] down = is_beyond ? 3'd7 : distance[2:0];
            wire [4:0] field_1 = significand[7:3];
            wire lost = |significand[6:3];
            wire [4:0] right_4 = down[2] ? {4'd0, field_1[4]} : field_1;
            wire lost_1 = |right_4[1:0];
            wire [4:0] right_2 = down[1] ? {2'd0, right_4[4:2]} : right_4;
            wire lost_2 = right_2[0];
            wire sticky = (down[2] & lost) | (down[1] & lost_1) | (down[0] & lost_2);
            wire [4:0] right_1 = down[0] ? {1'b0, right_2[4:1]} : right_2;
            wire sticky_1 = sticky | (|significand[2:0]);
            wire [2:0] rounded;
            mx_quant_rounded_e2m1 rounded_table (.code({right_1, sticky_1}), .value(rounded));
            assign elements[4 * i +: 4] = scale_is_void ? 4'd0 : {sign, rounded};
        end
    endgenerate

    assign scale = scale_code;
    assign y = elements;
endmodule

/* verilator lint_off DECLFILENAME */ // parts of mx_quant, kept in its file

// Magnitude of e2m1 for a number in units of 2^-3, the last bit of which is sticky, by rne
module mx_quant_rounded_e2m1 (
    input  wire [5:0] code,
    output reg  [2:0] value
);
    always @* begin
        case (code)
            6'd0: value = 3'd0;
            6'd1: value = 3'd0;
            6'd2: value = 3'd0;
            6'd3: value = 3'd1;
            6'd4: value = 3'd1;
            6'd5: value = 3'd1;
            6'd6: value = 3'd2;
            6'd7: value = 3'd2;
            6'd8: value = 3'd2;
            6'd9: value = 3'd2;
            6'd10: value = 3'd2;
            6'd11: value = 3'd3;
            6'd12: value = 3'd3;
            6'd13: value = 3'd3;
            6'd14: value = 3'd4;
            6'd15: value = 3'd4;
            6'd16: value = 3'd4;
            6'd17: value = 3'd4;
            6'd18: value = 3'd4;
            6'd19: value = 3'd4;
            6'd20: value = 3'd4;
            6'd21: value = 3'd5;
            6'd22: value = 3'd5;
            6'd23: value = 3'd5;
            6'd24: value = 3'd5;
            6'd25: value = 3'd5;
            6'd26: value = 3'd5;
            6'd27: value = 3'd5;
            6'd28: value = 3'd6;
            6'd29: value = 3'd6;
            6'd30: value = 3'd6;
            6'd31: value = 3'd6;
            6'd32: value = 3'd6;
            6'd33: value = 3'd6;
            6'd34: value = 3'd6;
            6'd35: value = 3'd6;
            6'd36: value = 3'd6;
            6'd37: value = 3'd6;
            6'd38: value = 3'd6;
            6'd39: value = 3'd6;
            6'd40: value = 3'd6;
            6'd41: value = 3'd7;
            6'd42: value = 3'd7;
            6'd43: value = 3'd7;
            6'd44: value = 3'd7;
            6'd45: value = 3'd7;
            6'd46: value = 3'd7;
            6'd47: value = 3'd7;
            6'd48: value = 3'd7;
            6'd49: value = 3'd7;
            6'd50: value = 3'd7;
            6'd51: value = 3'd7;
            6'd52: value = 3'd7;
            6'd53: value = 3'd7;
            6'd54: value = 3'd7;
            6'd55: value = 3'd7;
            6'd56: value = 3'd7;
            6'd57: value = 3'd7;
            6'd58: value = 3'd7;
            6'd59: value = 3'd7;
            6'd60: value = 3'd7;
            6'd61: value = 3'd7;
            6'd62: value = 3'd7;
            default: value = 3'd7;
        endcase
    end
endmodule

/* verilator lint_on DECLFILENAME */

`default_nettype wire
