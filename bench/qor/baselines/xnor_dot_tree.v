// A dot product of signs by full adders without carry chains: counts of equal signs are added pair by pair.
module xnor_dot_tree #(
    parameter N = 64
) (
    input  wire [N - 1:0] a,
    input  wire [N - 1:0] b,
    output wire signed [$clog2(N) + 1:0] y
);
    localparam W = $clog2(N + 1);
    wire [N - 1:0] equal = a ~^ b;
    wire [W - 2:0] counted;
    wire [W - 1:0] carry;
    genvar i;

    // All but one of them, and the last one by half adders.
    count_ones #(.W(W - 1)) most (.x(equal[N - 2:0]), .count(counted));
    assign carry[0] = equal[N - 1];
    generate
        for (i = 0; i < W - 1; i = i + 1) begin : half_adders
            assign carry[i + 1] = counted[i] & carry[i];
        end
    endgenerate
    assign y = {carry[W - 1], counted ^ carry[W - 2:0], 1'b0} - N;
endmodule

// How many of 2^W - 1 bits are ones.
module count_ones #(
    parameter W = 6
) (
    input  wire [(1 << W) - 2:0] x,
    output wire [W - 1:0] count
);
    localparam HALF = (1 << (W - 1)) - 1;
    genvar i;

    generate
        if (W == 1) begin : bit_alone
            assign count = x;
        end else begin : halves
            wire [W - 2:0] p;
            wire [W - 2:0] q;
            wire [W - 1:0] carry;
            count_ones #(.W(W - 1)) low (.x(x[HALF - 1:0]), .count(p));
            count_ones #(.W(W - 1)) high (.x(x[2 * HALF - 1:HALF]), .count(q));
            assign carry[0] = x[2 * HALF];
            for (i = 0; i < W - 1; i = i + 1) begin : full_adders
                assign count[i] = p[i] ^ q[i] ^ carry[i];
                assign carry[i + 1] = (p[i] & q[i]) | (carry[i] & (p[i] | q[i]));
            end
            assign count[W - 1] = carry[W - 1];
        end
    endgenerate
endmodule
