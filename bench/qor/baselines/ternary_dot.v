// A dot product with ternary weights as one writes it: add, subtract or leave out, in a loop.
module ternary_dot #(
    parameter N = 32,
    parameter W = 14
) (
    input  wire [8 * N - 1:0] a,
    input  wire [2 * N - 1:0] b,
    output reg  signed [W - 1:0] y
);
    integer i;

    always @* begin
        y = 0;
        for (i = 0; i < N; i = i + 1)
            case (b[2 * i +: 2])
                2'b01: y = y + $signed(a[8 * i +: 8]);
                2'b11: y = y - $signed(a[8 * i +: 8]);
                default: y = y;
            endcase
    end
endmodule
