// L-Mul of two bfloat16 codes as one writes it: one integer addition, zero where an operand or the sum is too small, limited above.
module lmul (
    input  wire [15:0] a,
    input  wire [15:0] b,
    output reg  [15:0] y
);
    integer t;

    always @* begin
        t = a[14:0] + b[14:0] - (127 << 7) + (1 << 3);
        if (a[14:7] == 0 || b[14:7] == 0 || t < 128) y = 16'd0;
        else if (t > 15'h7f7f) y = {a[15] ^ b[15], 15'h7f7f};
        else y = {a[15] ^ b[15], t[14:0]};
    end
endmodule
