module tables (
    input  wire [2:0] x,
    input  wire [2:0] y,
    output wire [3:0] value,
    output wire [4:0] sum
);

    // Twice the magnitude of an E2M1 code.
    function [3:0] e2m1_times_2;
        input [2:0] code;
        case (code)
            3'd0: e2m1_times_2 = 4'd0;
            3'd1: e2m1_times_2 = 4'd1;
            3'd2: e2m1_times_2 = 4'd2;
            3'd3: e2m1_times_2 = 4'd3;
            3'd4: e2m1_times_2 = 4'd4;
            3'd5: e2m1_times_2 = 4'd6;
            3'd6: e2m1_times_2 = 4'd8;
            default: e2m1_times_2 = 4'd12;
        endcase
    endfunction

    wire [3:0] value_1 = e2m1_times_2(x);

    assign value = value_1;
    assign sum = {1'b0, value_1} + {1'b0, e2m1_times_2(y)};
endmodule
