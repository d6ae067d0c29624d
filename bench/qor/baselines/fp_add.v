// A sum of two IEEE floats as one writes it: the larger first, the smaller aligned with guard, round and sticky bits, one
// subtraction or addition, leading zeros counted with a loop, one rounding to nearest even.
module fp_add #(
    parameter E = 8,
    parameter M = 7
) (
    input  wire [E + M:0] a,
    input  wire [E + M:0] b,
    output reg  [E + M:0] y
);
    localparam [E + M - 1:0] INFINITY = {{E{1'b1}}, {M{1'b0}}};
    localparam [E + M - 1:0] QUIET = INFINITY | (1 << (M - 1));

    reg [E + M:0] x, z;
    reg [E - 1:0] x_field, z_field, distance;
    reg [M + 3:0] x_sig, z_sig, aligned;
    reg [M + 4:0] sum;
    reg sticky, subtract;
    reg [E + M:0] code;
    integer i, zeros, most;

    always @* begin
        {x, z} = a[E + M - 1:0] >= b[E + M - 1:0] ? {a, b} : {b, a};
        x_field = x[E + M - 1:M] == 0 ? 1 : x[E + M - 1:M];
        z_field = z[E + M - 1:M] == 0 ? 1 : z[E + M - 1:M];
        x_sig = {x[E + M - 1:M] != 0, x[M - 1:0], 3'b0};
        z_sig = {z[E + M - 1:M] != 0, z[M - 1:0], 3'b0};
        distance = x_field - z_field;
        aligned = z_sig >> distance;
        sticky = (aligned << distance) != z_sig || (distance > M + 3 && z_sig != 0);
        aligned[0] = aligned[0] | sticky;
        subtract = x[E + M] ^ z[E + M];
        sum = subtract ? x_sig - aligned : x_sig + aligned;
        if (sum[M + 4]) begin
            code = {x_field, {M{1'b0}}} + ({sum[M + 4:4]} - (1 << M));
            code = code + (1 << M) + (sum[3] & (sum[4] | (|sum[2:0])));
        end else begin
            zeros = M + 3;
            for (i = 0; i < M + 4; i = i + 1) if (sum[i]) zeros = M + 3 - i;
            most = x_field - 1;
            if (zeros > most) zeros = most;
            sum = sum << zeros;
            code = ((x_field - zeros - 1) << M) + sum[M + 3:3];
            code = code + (sum[2] & (sum[3] | (|sum[1:0])));
        end
        if (code > INFINITY) code = INFINITY;
        y = {x[E + M], code[E + M - 1:0]};
        if (sum == 0) y = {a[E + M] & b[E + M], {(E + M){1'b0}}};
        if (x[E + M - 1:0] == INFINITY) y = x;
        if (x[E + M - 1:0] > INFINITY || (subtract && z[E + M - 1:0] == INFINITY)) y = {1'b0, QUIET};
    end
endmodule
