// A dot product of integers as one writes it: a loop of products and sums.
module fx_dot #(
    parameter N = 32,
    parameter B = 8,
    parameter W = 21
) (
    input  wire [N * B - 1:0] a,
    input  wire [N * B - 1:0] b,
    output reg  signed [W - 1:0] y
);
    integer i;

    always @* begin
        y = 0;
        for (i = 0; i < N; i = i + 1) y = y + $signed(a[B * i +: B]) * $signed(b[B * i +: B]);
    end
endmodule
