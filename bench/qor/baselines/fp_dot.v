// An exact dot product of minifloats as one writes it: each lane decoded, multiplied as integers, placed, negated and added in a loop.
// NAN: the code of all ones is NaN.
module fp_dot #(
    parameter E = 2,
    parameter M = 1,
    parameter N = 32,
    parameter W = 14,
    parameter NAN = 0
) (
    input  wire [N * (1 + E + M) - 1:0] a,
    input  wire [N * (1 + E + M) - 1:0] b,
    output reg  signed [W - 1:0] y,
    output reg  invalid
);
    localparam B = 1 + E + M;
    integer i;
    reg [B - 1:0] p, q;
    reg [M:0] p_sig, q_sig;
    reg [E:0] shift;
    reg signed [W - 1:0] product;

    always @* begin
        y = 0;
        invalid = 0;
        for (i = 0; i < N; i = i + 1) begin
            p = a[B * i +: B];
            q = b[B * i +: B];
            p_sig = {p[B - 2:M] != 0, p[M - 1:0]};
            q_sig = {q[B - 2:M] != 0, q[M - 1:0]};
            shift = (p[B - 2:M] == 0 ? 0 : p[B - 2:M] - 1) + (q[B - 2:M] == 0 ? 0 : q[B - 2:M] - 1);
            product = p_sig * q_sig;
            product = product << shift;
            y = (p[B - 1] ^ q[B - 1]) ? y - product : y + product;
            if (NAN && (&p[B - 2:0] || &q[B - 2:0])) invalid = 1;
        end
        if (invalid) y = 0;
    end
endmodule
