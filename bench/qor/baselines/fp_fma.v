// a * b + c with one rounding to nearest even, as one writes it: the exact product, the addend and the product each placed in one
// wide word by the larger of their exponents, what falls off kept as a sticky bit, leading zeros counted with a loop.
module fp_fma #(
    parameter E = 8,
    parameter M = 7
) (
    input  wire [E + M:0] a,
    input  wire [E + M:0] b,
    input  wire [E + M:0] c,
    output reg  [E + M:0] y
);
    localparam BIAS = (1 << (E - 1)) - 1;
    localparam W = 4 * M + 8; // of a word that holds either, and what is left of the other
    localparam [E + M - 1:0] INFINITY = {{E{1'b1}}, {M{1'b0}}};
    localparam [E + M - 1:0] QUIET = INFINITY | (1 << (M - 1));

    wire [E + M - 1:0] am = a[E + M - 1:0];
    wire [E + M - 1:0] bm = b[E + M - 1:0];
    wire [E + M - 1:0] cm = c[E + M - 1:0];
    wire p_sign = a[E + M] ^ b[E + M];
    wire [M:0] a_sig = {am[E + M - 1:M] != 0, am[M - 1:0]};
    wire [M:0] b_sig = {bm[E + M - 1:M] != 0, bm[M - 1:0]};
    wire [M:0] c_sig = {cm[E + M - 1:M] != 0, cm[M - 1:0]};
    wire p_inf = am == INFINITY || bm == INFINITY;
    wire invalid = (am == INFINITY && b_sig == 0) || (bm == INFINITY && a_sig == 0);
    wire is_nan = am > INFINITY || bm > INFINITY || cm > INFINITY || invalid
        || (p_inf && cm == INFINITY && p_sign != c[E + M]);

    integer i, p_exponent, c_exponent, exponent, distance, top, field, shift;
    reg [W - 1:0] p, z, big, small, kept;
    reg [W:0] sum, placed;
    reg swap, sign, sticky, guard, below;
    reg [E + M + 1:0] code;

    always @* begin
        // Exponents of the last bits: the product is p * 2^p_exponent, the addend z * 2^c_exponent.
        p_exponent = (am[E + M - 1:M] == 0 ? 1 : am[E + M - 1:M]) + (bm[E + M - 1:M] == 0 ? 1 : bm[E + M - 1:M])
            - 2 * BIAS - 2 * M - (2 * M + 5);
        c_exponent = (cm[E + M - 1:M] == 0 ? 1 : cm[E + M - 1:M]) - BIAS - M - (3 * M + 6);
        p = a_sig * b_sig;
        p = p << (2 * M + 5);
        z = c_sig;
        z = z << (3 * M + 6);
        swap = c_sig != 0 && (p == 0 || c_exponent > p_exponent);
        {big, small} = swap ? {z, p} : {p, z};
        exponent = swap ? c_exponent : p_exponent;
        distance = swap ? c_exponent - p_exponent : p_exponent - c_exponent;
        if (small == 0 || distance < 0) distance = small == 0 ? 0 : W;
        if (distance > W) distance = W;
        kept = small >> distance;
        sticky = (kept << distance) != small;
        sign = swap ? c[E + M] : p_sign;
        if (p_sign == c[E + M]) sum = {1'b0, big} + kept;
        else begin
            sum = {1'b0, big} - kept - sticky;
            if (sum[W]) begin
                sum = {1'b0, kept} - big;
                sign = ~sign;
            end
        end
        top = 0;
        for (i = 0; i <= W; i = i + 1) if (sum[i]) top = i;
        field = exponent + top + BIAS;
        if (field < 1) field = 1;
        shift = field - BIAS - M - exponent;
        if (shift > W) shift = W;
        if (shift < 1) shift = 1;
        placed = sum >> shift;
        guard = sum >> (shift - 1);
        below = (((sum >> (shift - 1)) << (shift - 1)) != sum) | sticky;
        code = ((field - 1) << M) + placed + (guard & (below | placed[0]));
        if (code > INFINITY) code = INFINITY;
        y = {sign, code[E + M - 1:0]};
        if (sum == 0 && !sticky) y = {p_sign & c[E + M], {(E + M){1'b0}}};
        if (cm == INFINITY) y = c;
        if (p_inf) y = {p_sign, INFINITY};
        if (is_nan) y = {1'b0, QUIET};
    end
endmodule
