module submodules (
    input  wire clk,
    input  wire [3:0] x,
    input  wire [3:0] y,
    output wire [3:0] most,
    output wire [1:0] least
);

    // State and pipeline registers; _s<n> is the value in stage n
    reg [1:0] low_least_s1;
    reg [1:0] low_most_s1;
    reg [1:0] high_most_s1;

    // Stage 0
    wire [1:0] low_least;
    wire [1:0] low_most;
    sorted_pair low (.p(x[1:0]), .q(y[1:0]), .least(low_least), .most(low_most));
    /* verilator lint_off UNUSED */ // nothing reads it
    wire [1:0] high_least;
    /* verilator lint_on UNUSED */
    wire [1:0] high_most;
    sorted_pair high (.p(x[3:2]), .q(y[3:2]), .most(high_most), .least(high_least));

    always @(posedge clk) begin
        low_least_s1 <= low_least;
        low_most_s1 <= low_most;
        high_most_s1 <= high_most;
    end

    // Stage 1

    assign most = {high_most_s1, low_most_s1};
    assign least = low_least_s1;
endmodule

// Two values in order.
module sorted_pair (
    input  wire [1:0] p,
    input  wire [1:0] q,
    output wire [1:0] least,
    output wire [1:0] most
);
    wire order_less;
    compare order (.p(p), .q(q), .less(order_less));

    assign least = order_less ? p : q;
    assign most = order_less ? q : p;
endmodule

// Whether p is less than q.
module compare (
    input  wire [1:0] p,
    input  wire [1:0] q,
    output wire less
);

    assign less = p < q;
endmodule
