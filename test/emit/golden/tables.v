module tables (
    input  wire [2:0] x,
    input  wire [2:0] y,
    output wire [3:0] value,
    output wire [4:0] sum
);
    wire [3:0] value_1;
    tables_e2m1_times_2 value_1_table (.code(x), .value(value_1));
    wire [3:0] entry;
    tables_e2m1_times_2 entry_table (.code(y), .value(entry));

    assign value = value_1;
    assign sum = {1'b0, value_1} + {1'b0, entry};
endmodule

// Twice the magnitude of an E2M1 code.
module tables_e2m1_times_2 (
    input  wire [2:0] code,
    output reg  [3:0] value
);
    always @* begin
        case (code)
            3'd0: value = 4'd0;
            3'd1: value = 4'd1;
            3'd2: value = 4'd2;
            3'd3: value = 4'd3;
            3'd4: value = 4'd4;
            3'd5: value = 4'd6;
            3'd6: value = 4'd8;
            default: value = 4'd12;
        endcase
    end
endmodule
