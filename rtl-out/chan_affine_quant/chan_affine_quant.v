// chan_affine_quant: Quantizes with a static gain and offset for each channel.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        chan-affine-quant
// Parameters  from = int16
//             to = int4
//             coefficients = table
//             gains = 10923,8192,21845,5461
//             offsets = 0,-1572864,0,524288
//             gain = int16
//             offset = int32
//             shift = 20
//             round = rne
//             zero-point = 0
// Latency     none, combinational; a beat may follow every clock
// Computes    y = saturate(round((x*gain + offset) / 2^shift) + zero-point)
//             table: gain and offset are those of channel ch, and 0 for a channel beyond the last
//             ports: gain is a, offset is b
// Source      MergeQuant (arXiv 2503.07654); Outlier Suppression+ (arXiv 2304.09145)
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit chan-affine-quant

`default_nettype none

module chan_affine_quant (
    input  wire [15:0] x,  // int16: operand
    input  wire [1:0]  ch, // uint2: channel of the operand
    output wire [3:0]  y   // int4: result
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 0; // clock cycles from input to output
    /* verilator lint_on UNUSED */

    // Coefficients of the channel
    wire [14:0] gain;
    chan_affine_quant_gains gain_table (.code(ch), .value(gain));
    wire signed [21:0] offset;
    chan_affine_quant_offsets offset_table (.code(ch), .value(offset));

    // Gain and offset, rounded once
    wire signed [30:0] product = $signed(x) * $signed({1'b0, gain});
    wire signed [30:0] sum = product + {{9{offset[21]}}, offset};
    wire signed [10:0] kept = sum[30:20];
    wire guard = sum[19];
    wire below = |sum[18:0];
    wire signed [10:0] scaled = kept + {10'd0, guard & (below | kept[0])};
    wire signed [3:0] fitting = scaled[3:0];
    wire negative = scaled[10];
    wire [7:0] above = scaled[10:3];
    wire fits = &above;
    wire too_low = negative & ~fits;
    wire too_high = (|above) & ~negative;
    wire signed [3:0] limited = too_high ? 4'd7 : (too_low ? -4'd8 : fitting);

    assign y = limited;
endmodule

/* verilator lint_off DECLFILENAME */ // parts of chan_affine_quant, kept in its file

// Gain by channel
module chan_affine_quant_gains (
    input  wire [1:0]  code,
    output reg  [14:0] value
);
    always @* begin
        case (code)
            2'd0: value = 15'h2aab;
            2'd1: value = 15'd8192;
            2'd2: value = 15'h5555;
            default: value = 15'd5461;
        endcase
    end
endmodule

// Offset by channel, at the weight of the product
module chan_affine_quant_offsets (
    input  wire [1:0]  code,
    output reg  [21:0] value
);
    always @* begin
        case (code)
            2'd0: value = 22'd0;
            2'd1: value = 22'h280000;
            2'd2: value = 22'd0;
            default: value = 22'h080000;
        endcase
    end
endmodule

/* verilator lint_on DECLFILENAME */

`default_nettype wire
