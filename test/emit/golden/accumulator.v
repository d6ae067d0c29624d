module accumulator (
    input  wire clk,
    input  wire rst,
    input  wire en,
    input  wire [7:0] x,
    input  wire [7:0] w,
    input  wire clear,
    output wire [19:0] sum_after,
    output wire [19:0] sum_before,
    output wire [3:0] counted
);

    // State and pipeline registers; _s<n> is the value in stage n
    reg signed [19:0] sum;
    reg [3:0] count;
    reg en_s1;
    reg en_s2;
    reg clear_s1;
    reg clear_s2;
    reg signed [19:0] sum_before_s3;
    reg signed [15:0] product_s1;
    reg signed [15:0] product_s2;
    reg any_s2;

    // Stage 0
    wire signed [15:0] product = $signed(x) * $signed(w);

    always @(posedge clk) begin
        if (rst) en_s1 <= 1'b0;
        else en_s1 <= en;
    end

    always @(posedge clk) begin
        clear_s1 <= clear;
        product_s1 <= product;
    end

    // Stage 1
    wire any = |product_s1;

    always @(posedge clk) begin
        if (rst) en_s2 <= 1'b0;
        else en_s2 <= en_s1;
    end

    always @(posedge clk) begin
        clear_s2 <= clear_s1;
        product_s2 <= product_s1;
        any_s2 <= any;
    end

    // Stage 2

    // The running sum, modulo 2^20
    wire signed [19:0] acc_base = clear_s2 ? 20'd0 : sum;

    always @(posedge clk) begin
        if (rst) sum <= 20'd0;
        else if (en_s2) sum <= acc_base + {{4{product_s2[15]}}, product_s2};
    end

    always @(posedge clk) begin
        if (rst) count <= 4'd0;
        else if (en_s2 && (any_s2 | clear_s2)) count <= (clear_s2 ? 4'd0 : count) + 4'd1;
    end

    always @(posedge clk) begin
        sum_before_s3 <= sum;
    end

    assign sum_after = sum;
    assign sum_before = sum_before_s3;
    assign counted = count;
endmodule
