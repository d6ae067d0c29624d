// trit5_pack: Five ternary weights into each byte.
//
// SPDX-License-Identifier: CC0-1.0
//
// Unit        trit5-pack
// Parameters  bytes = 1
//             format = tq1
// Latency     none, combinational; a beat may follow every clock
// Computes    tq1:   y = ?256/243 * sum  (x[n] + 1)*3^(4-n)?
//             base3: y = sum  (x[n] + 1)*3^n
// Source      ggml, block format TQ1_0; plain base 3
// Generator   subbyte 0.1.0; to make this file again:
//             gen --unit trit5-pack

`default_nettype none

module trit5_pack (
    input  wire [9:0] x, // 5 lanes of int2: weights -1, 0, +1; -2 counts as 0
    output wire [7:0] y  // uint8: bytes
);
    /* verilator lint_off UNUSED */ // for testbenches and for whoever instantiates this
    localparam LATENCY = 0; // clock cycles from input to output
    /* verilator lint_on UNUSED */

    genvar i;
    wire [9:0] fives = x;
    wire [7:0] bytes;
    generate
        for (i = 0; i < 1; i = i + 1) begin : pack_lanes
            wire [9:0] fives_lane = fives;
            wire [1:0] number_0 = {fives_lane[0] & ~fives_lane[1], ~fives_lane[0]};
            wire [1:0] digit_1 = {fives_lane[2] & ~fives_lane[3], ~fives_lane[2]};
            wire [3:0] number_1 = {1'b0, {number_0, 1'b0} + {1'b0, number_0}} + {2'd0, digit_1};
            wire [1:0] digit_2 = {fives_lane[4] & ~fives_lane[5], ~fives_lane[4]};
            wire [4:0] number_2 = ({number_1, 1'b0} + {1'b0, number_1}) + {3'd0, digit_2};
            wire [1:0] digit_3 = {fives_lane[6] & ~fives_lane[7], ~fives_lane[6]};
            wire [6:0] number_3 = ({1'b0, {number_2, 1'b0}} + {2'd0, number_2}) + {5'd0, digit_3};
            wire [1:0] digit_4 = {fives_lane[8] & ~fives_lane[9], ~fives_lane[8]};
            wire [7:0] number_4 = ({number_3, 1'b0} + {1'b0, number_3}) + {6'd0, digit_4};
            wire [3:0] raise;
            trit5_pack_raise raise_table (.code(number_4), .value(raise));
            assign bytes = number_4 + {4'd0, raise};
        end
    endgenerate

    assign y = bytes;
endmodule

/* verilator lint_off DECLFILENAME */ // parts of trit5_pack, kept in its file

// What ceil(256 v / 243) is above v
module trit5_pack_raise (
    input  wire [7:0] code,
    output reg  [3:0] value
);
    always @* begin
        case (code)
            8'd0: value = 4'd0;
            8'd1: value = 4'd1;
            8'd2: value = 4'd1;
            8'd3: value = 4'd1;
            8'd4: value = 4'd1;
            8'd5: value = 4'd1;
            8'd6: value = 4'd1;
            8'd7: value = 4'd1;
            8'd8: value = 4'd1;
            8'd9: value = 4'd1;
            8'd10: value = 4'd1;
            8'd11: value = 4'd1;
            8'd12: value = 4'd1;
            8'd13: value = 4'd1;
            8'd14: value = 4'd1;
            8'd15: value = 4'd1;
            8'd16: value = 4'd1;
            8'd17: value = 4'd1;
            8'd18: value = 4'd1;
            8'd19: value = 4'd2;
            8'd20: value = 4'd2;
            8'd21: value = 4'd2;
            8'd22: value = 4'd2;
            8'd23: value = 4'd2;
            8'd24: value = 4'd2;
            8'd25: value = 4'd2;
            8'd26: value = 4'd2;
            8'd27: value = 4'd2;
            8'd28: value = 4'd2;
            8'd29: value = 4'd2;
            8'd30: value = 4'd2;
            8'd31: value = 4'd2;
            8'd32: value = 4'd2;
            8'd33: value = 4'd2;
            8'd34: value = 4'd2;
            8'd35: value = 4'd2;
            8'd36: value = 4'd2;
            8'd37: value = 4'd2;
            8'd38: value = 4'd3;
            8'd39: value = 4'd3;
            8'd40: value = 4'd3;
            8'd41: value = 4'd3;
            8'd42: value = 4'd3;
            8'd43: value = 4'd3;
            8'd44: value = 4'd3;
            8'd45: value = 4'd3;
            8'd46: value = 4'd3;
            8'd47: value = 4'd3;
            8'd48: value = 4'd3;
            8'd49: value = 4'd3;
            8'd50: value = 4'd3;
            8'd51: value = 4'd3;
            8'd52: value = 4'd3;
            8'd53: value = 4'd3;
            8'd54: value = 4'd3;
            8'd55: value = 4'd3;
            8'd56: value = 4'd3;
            8'd57: value = 4'd4;
            8'd58: value = 4'd4;
            8'd59: value = 4'd4;
            8'd60: value = 4'd4;
            8'd61: value = 4'd4;
            8'd62: value = 4'd4;
            8'd63: value = 4'd4;
            8'd64: value = 4'd4;
            8'd65: value = 4'd4;
            8'd66: value = 4'd4;
            8'd67: value = 4'd4;
            8'd68: value = 4'd4;
            8'd69: value = 4'd4;
            8'd70: value = 4'd4;
            8'd71: value = 4'd4;
            8'd72: value = 4'd4;
            8'd73: value = 4'd4;
            8'd74: value = 4'd4;
            8'd75: value = 4'd5;
            8'd76: value = 4'd5;
            8'd77: value = 4'd5;
            8'd78: value = 4'd5;
            8'd79: value = 4'd5;
            8'd80: value = 4'd5;
            8'd81: value = 4'd5;
            8'd82: value = 4'd5;
            8'd83: value = 4'd5;
            8'd84: value = 4'd5;
            8'd85: value = 4'd5;
            8'd86: value = 4'd5;
            8'd87: value = 4'd5;
            8'd88: value = 4'd5;
            8'd89: value = 4'd5;
            8'd90: value = 4'd5;
            8'd91: value = 4'd5;
            8'd92: value = 4'd5;
            8'd93: value = 4'd5;
            8'd94: value = 4'd6;
            8'd95: value = 4'd6;
            8'd96: value = 4'd6;
            8'd97: value = 4'd6;
            8'd98: value = 4'd6;
            8'd99: value = 4'd6;
            8'd100: value = 4'd6;
            8'd101: value = 4'd6;
            8'd102: value = 4'd6;
            8'd103: value = 4'd6;
            8'd104: value = 4'd6;
            8'd105: value = 4'd6;
            8'd106: value = 4'd6;
            8'd107: value = 4'd6;
            8'd108: value = 4'd6;
            8'd109: value = 4'd6;
            8'd110: value = 4'd6;
            8'd111: value = 4'd6;
            8'd112: value = 4'd6;
            8'd113: value = 4'd7;
            8'd114: value = 4'd7;
            8'd115: value = 4'd7;
            8'd116: value = 4'd7;
            8'd117: value = 4'd7;
            8'd118: value = 4'd7;
            8'd119: value = 4'd7;
            8'd120: value = 4'd7;
            8'd121: value = 4'd7;
            8'd122: value = 4'd7;
            8'd123: value = 4'd7;
            8'd124: value = 4'd7;
            8'd125: value = 4'd7;
            8'd126: value = 4'd7;
            8'd127: value = 4'd7;
            8'd128: value = 4'd7;
            8'd129: value = 4'd7;
            8'd130: value = 4'd7;
            8'd131: value = 4'd8;
            8'd132: value = 4'd8;
            8'd133: value = 4'd8;
            8'd134: value = 4'd8;
            8'd135: value = 4'd8;
            8'd136: value = 4'd8;
            8'd137: value = 4'd8;
            8'd138: value = 4'd8;
            8'd139: value = 4'd8;
            8'd140: value = 4'd8;
            8'd141: value = 4'd8;
            8'd142: value = 4'd8;
            8'd143: value = 4'd8;
            8'd144: value = 4'd8;
            8'd145: value = 4'd8;
            8'd146: value = 4'd8;
            8'd147: value = 4'd8;
            8'd148: value = 4'd8;
            8'd149: value = 4'd8;
            8'd150: value = 4'd9;
            8'd151: value = 4'd9;
            8'd152: value = 4'd9;
            8'd153: value = 4'd9;
            8'd154: value = 4'd9;
            8'd155: value = 4'd9;
            8'd156: value = 4'd9;
            8'd157: value = 4'd9;
            8'd158: value = 4'd9;
            8'd159: value = 4'd9;
            8'd160: value = 4'd9;
            8'd161: value = 4'd9;
            8'd162: value = 4'd9;
            8'd163: value = 4'd9;
            8'd164: value = 4'd9;
            8'd165: value = 4'd9;
            8'd166: value = 4'd9;
            8'd167: value = 4'd9;
            8'd168: value = 4'd9;
            8'd169: value = 4'd10;
            8'd170: value = 4'd10;
            8'd171: value = 4'd10;
            8'd172: value = 4'd10;
            8'd173: value = 4'd10;
            8'd174: value = 4'd10;
            8'd175: value = 4'd10;
            8'd176: value = 4'd10;
            8'd177: value = 4'd10;
            8'd178: value = 4'd10;
            8'd179: value = 4'd10;
            8'd180: value = 4'd10;
            8'd181: value = 4'd10;
            8'd182: value = 4'd10;
            8'd183: value = 4'd10;
            8'd184: value = 4'd10;
            8'd185: value = 4'd10;
            8'd186: value = 4'd10;
            8'd187: value = 4'd11;
            8'd188: value = 4'd11;
            8'd189: value = 4'd11;
            8'd190: value = 4'd11;
            8'd191: value = 4'd11;
            8'd192: value = 4'd11;
            8'd193: value = 4'd11;
            8'd194: value = 4'd11;
            8'd195: value = 4'd11;
            8'd196: value = 4'd11;
            8'd197: value = 4'd11;
            8'd198: value = 4'd11;
            8'd199: value = 4'd11;
            8'd200: value = 4'd11;
            8'd201: value = 4'd11;
            8'd202: value = 4'd11;
            8'd203: value = 4'd11;
            8'd204: value = 4'd11;
            8'd205: value = 4'd11;
            8'd206: value = 4'd12;
            8'd207: value = 4'd12;
            8'd208: value = 4'd12;
            8'd209: value = 4'd12;
            8'd210: value = 4'd12;
            8'd211: value = 4'd12;
            8'd212: value = 4'd12;
            8'd213: value = 4'd12;
            8'd214: value = 4'd12;
            8'd215: value = 4'd12;
            8'd216: value = 4'd12;
            8'd217: value = 4'd12;
            8'd218: value = 4'd12;
            8'd219: value = 4'd12;
            8'd220: value = 4'd12;
            8'd221: value = 4'd12;
            8'd222: value = 4'd12;
            8'd223: value = 4'd12;
            8'd224: value = 4'd12;
            8'd225: value = 4'd13;
            8'd226: value = 4'd13;
            8'd227: value = 4'd13;
            8'd228: value = 4'd13;
            8'd229: value = 4'd13;
            8'd230: value = 4'd13;
            8'd231: value = 4'd13;
            8'd232: value = 4'd13;
            8'd233: value = 4'd13;
            8'd234: value = 4'd13;
            8'd235: value = 4'd13;
            8'd236: value = 4'd13;
            8'd237: value = 4'd13;
            8'd238: value = 4'd13;
            8'd239: value = 4'd13;
            8'd240: value = 4'd13;
            8'd241: value = 4'd13;
            default: value = 4'd13;
        endcase
    end
endmodule

/* verilator lint_on DECLFILENAME */

`default_nettype wire
