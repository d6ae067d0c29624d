// An exact product of two E2M1 numbers as one writes it from the definition, in units of a quarter, as sign and magnitude.
module fp_mul_exact (
    input  wire [3:0] a,
    input  wire [3:0] b,
    output wire [7:0] y,
    output wire       negative
);
    // In units of a half.
    function [3:0] magnitude(input [2:0] code);
        magnitude = code[2:1] == 0 ? {3'b0, code[0]} : {2'b01, code[0]} << (code[2:1] - 1);
    endfunction

    assign y = magnitude(a[2:0]) * magnitude(b[2:0]);
    assign negative = a[3] ^ b[3];
endmodule
