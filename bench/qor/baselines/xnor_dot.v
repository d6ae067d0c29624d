// A dot product of signs as one writes it: +1 or -1 in a loop.
module xnor_dot #(
    parameter N = 64,
    parameter W = 8
) (
    input  wire [N - 1:0] a,
    input  wire [N - 1:0] b,
    output reg  signed [W - 1:0] y
);
    integer i;

    always @* begin
        y = 0;
        for (i = 0; i < N; i = i + 1) y = y + (a[i] == b[i] ? 1 : -1);
    end
endmodule
