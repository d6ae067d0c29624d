module submodules (
    input  wire clk,
    input  wire [3:0] x,
    input  wire [3:0] y,
    output wire [3:0] most,
    output wire [1:0] least
);

    // State and pipeline registers; _s<n> is the value in stage n
    reg [1:0] instance_1_s1;
    reg [1:0] instance_2_s1;
    reg [1:0] instance_3_s1;

    // Stage 0
    wire [1:0] instance_1;
    wire [1:0] instance_2;
    sorted_pair low (.p(x[1:0]), .q(y[1:0]), .least(instance_1), .most(instance_2));
    /* verilator lint_off UNUSED */ // nothing reads it
    wire [1:0] high_least;
    /* verilator lint_on UNUSED */
    wire [1:0] instance_3;
    sorted_pair high (.p(x[3:2]), .q(y[3:2]), .most(instance_3), .least(high_least));

    always @(posedge clk) begin
        instance_1_s1 <= instance_1;
        instance_2_s1 <= instance_2;
        instance_3_s1 <= instance_3;
    end

    // Stage 1

    assign most = {instance_3_s1, instance_2_s1};
    assign least = instance_1_s1;
endmodule

// Two values in order.
module sorted_pair (
    input  wire [1:0] p,
    input  wire [1:0] q,
    output wire [1:0] least,
    output wire [1:0] most
);
    wire instance_1;
    compare order (.p(p), .q(q), .less(instance_1));

    assign least = (instance_1 ? p : q);
    assign most = (instance_1 ? q : p);
endmodule

// Whether p is less than q.
module compare (
    input  wire [1:0] p,
    input  wire [1:0] q,
    output wire less
);

    assign less = (p < q);
endmodule
