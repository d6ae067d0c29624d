module dot (
    input  wire clk,
    input  wire [23:0] x,
    input  wire [23:0] w,
    output wire [9:0] y,
    output wire [5:0] positive
);

    // State and pipeline registers; _s<n> is the value in stage n
    reg [47:0] products_s1;
    reg [5:0] lanes_s2;
    reg signed [9:0] sum_s2;
    reg signed [8:0] sum_1_s2;

    genvar i;

    // Stage 0
    wire [47:0] products;
    generate
        for (i = 0; i < 6; i = i + 1) begin : product_lanes
            wire signed [7:0] product = $signed(x[4 * i +: 4]) * $signed(w[4 * i +: 4]);
            assign products[8 * i +: 8] = product;
        end
    endgenerate

    always @(posedge clk) begin
        products_s1 <= products;
    end

    // Stage 1
    wire [5:0] lanes;
    generate
        for (i = 0; i < 6; i = i + 1) begin : positive_lanes
            assign lanes[i] = $signed(products_s1[8 * i +: 8]) > $signed(8'd0);
        end
    endgenerate
    wire [31:0] products_first_4 = products_s1[31:0];
    wire [17:0] sum_2;
    generate
        for (i = 0; i < 2; i = i + 1) begin : sum_2_lanes
            wire signed [7:0] products_first_4_even = products_first_4[16 * i +: 8];
            wire signed [7:0] products_first_4_odd = products_first_4[16 * i + 8 +: 8];
            wire signed [8:0] sum_2_lane = {products_first_4_even[7], products_first_4_even} + {products_first_4_odd[7], products_first_4_odd};
            assign sum_2[9 * i +: 9] = sum_2_lane;
        end
    endgenerate
    wire signed [8:0] sum_2_0 = sum_2[8:0];
    wire signed [8:0] sum_2_1 = sum_2[17:9];
    wire signed [9:0] sum = {sum_2_0[8], sum_2_0} + {sum_2_1[8], sum_2_1};
    wire signed [7:0] products_4 = products_s1[39:32];
    wire signed [7:0] products_5 = products_s1[47:40];
    wire signed [8:0] sum_1 = {products_4[7], products_4} + {products_5[7], products_5};

    always @(posedge clk) begin
        lanes_s2 <= lanes;
        sum_s2 <= sum;
        sum_1_s2 <= sum_1;
    end

    // Stage 2
    wire signed [9:0] total = sum_s2 + {sum_1_s2[8], sum_1_s2};

    assign y = total;
    assign positive = lanes_s2;
endmodule
