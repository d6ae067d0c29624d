// A product of two floats as one writes it from the definition: decode, multiply, normalize with a loop, round to nearest even.
// IEEE: the top field holds infinities and NaN, and overflow gives infinity; else only all ones is NaN, and overflow saturates.
module fp_mul #(
    parameter E = 4,
    parameter M = 3,
    parameter IEEE = 0,
    parameter FLUSH = 0
) (
    input  wire [E + M:0] a,
    input  wire [E + M:0] b,
    output reg  [E + M:0] y
);
    localparam BIAS = (1 << (E - 1)) - 1;
    localparam [E + M - 1:0] INFINITY = {{E{1'b1}}, {M{1'b0}}};
    localparam [E + M - 1:0] MOST = IEEE ? INFINITY - 1 : {(E + M){1'b1}} - 1;
    localparam [E + M - 1:0] QUIET = IEEE ? INFINITY | (1 << (M - 1)) : {(E + M){1'b1}};

    wire sign = a[E + M] ^ b[E + M];
    wire [E + M - 1:0] am = a[E + M - 1:0];
    wire [E + M - 1:0] bm = b[E + M - 1:0];
    wire a_nan = IEEE ? am > INFINITY : &am;
    wire b_nan = IEEE ? bm > INFINITY : &bm;
    wire a_inf = IEEE && am == INFINITY;
    wire b_inf = IEEE && bm == INFINITY;
    wire a_small = am[E + M - 1:M] == 0;
    wire b_small = bm[E + M - 1:M] == 0;
    wire [M:0] a_sig = a_small ? (FLUSH ? 0 : {1'b0, am[M - 1:0]}) : {1'b1, am[M - 1:0]};
    wire [M:0] b_sig = b_small ? (FLUSH ? 0 : {1'b0, bm[M - 1:0]}) : {1'b1, bm[M - 1:0]};

    integer i, top, field, shift, exponent;
    reg [2 * M + 1:0] product;
    reg [4 * M + 8:0] placed;
    reg [M + 1:0] rounded;
    reg [E + M + 1:0] code;
    reg guard, sticky, tiny;

    always @* begin
        product = a_sig * b_sig;
        // The product is product * 2^(exponent - 2 * M).
        exponent = (a_small ? 1 : am[E + M - 1:M]) + (b_small ? 1 : bm[E + M - 1:M]) - 2 * BIAS;
        top = 0;
        for (i = 0; i < 2 * M + 2; i = i + 1) if (product[i]) top = i;
        field = exponent + top - 2 * M + BIAS;
        tiny = field < 1 || product == 0;
        if (tiny) field = 1;
        // Bits below the last one of the result.
        shift = field - BIAS + M - exponent;
        if (shift > 2 * M + 3) shift = 2 * M + 3;
        placed = {product, {(2 * M + 4){1'b0}}} << M;
        placed = placed >> (shift + M);
        guard = placed[2 * M + 3];
        sticky = |placed[2 * M + 2:0];
        rounded = placed[3 * M + 5:2 * M + 4] + (guard & (sticky | placed[2 * M + 4]));
        code = ((field - 1) << M) + rounded;
        if (FLUSH && tiny) code = 0;
        if (code > MOST) code = IEEE ? INFINITY : MOST;
        y = {sign, code[E + M - 1:0]};
        if (a_inf | b_inf) y = {sign, INFINITY};
        if (a_nan | b_nan | (a_inf & b_sig == 0) | (b_inf & a_sig == 0)) y = {1'b0, QUIET};
    end
endmodule
