// A product of integers as one writes it.
module fx_mul #(
    parameter B = 8
) (
    input  wire signed [B - 1:0] a,
    input  wire signed [B - 1:0] b,
    output wire signed [2 * B - 1:0] y
);
    assign y = a * b;
endmodule
