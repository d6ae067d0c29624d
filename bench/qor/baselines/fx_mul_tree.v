// A product of two int8 by full adders: its rows, with the signs turned into constants, are brought down to two, three by three.
module fx_mul_tree (
    input  wire signed [7:0] a,
    input  wire signed [7:0] b,
    output wire signed [15:0] y
);
    wire [15:0] row [0:8];
    wire [15:0] sum [0:6];
    wire [15:0] carry [0:6];
    genvar i;

    // A product with one sign bit counts as negative: its complement, and -1 in all higher places, which sum up to the last row.
    generate
        for (i = 0; i < 8; i = i + 1) begin : rows
            wire [7:0] products = a & {8{b[i]}};
            assign row[i] = {8'd0, products ^ (i == 7 ? 8'h7f : 8'h80)} << i;
        end
    endgenerate
    assign row[8] = 16'h8100;

    full_adders by_3_0 (.x(row[0]), .y(row[1]), .z(row[2]), .sum(sum[0]), .carry(carry[0]));
    full_adders by_3_1 (.x(row[3]), .y(row[4]), .z(row[5]), .sum(sum[1]), .carry(carry[1]));
    full_adders by_3_2 (.x(row[6]), .y(row[7]), .z(row[8]), .sum(sum[2]), .carry(carry[2]));
    full_adders by_3_3 (.x(sum[0]), .y(carry[0]), .z(sum[1]), .sum(sum[3]), .carry(carry[3]));
    full_adders by_3_4 (.x(carry[1]), .y(sum[2]), .z(carry[2]), .sum(sum[4]), .carry(carry[4]));
    full_adders by_3_5 (.x(sum[3]), .y(carry[3]), .z(sum[4]), .sum(sum[5]), .carry(carry[5]));
    full_adders by_3_6 (.x(sum[5]), .y(carry[5]), .z(carry[4]), .sum(sum[6]), .carry(carry[6]));
    assign y = sum[6] + carry[6];
endmodule

module full_adders (
    input  wire [15:0] x,
    input  wire [15:0] y,
    input  wire [15:0] z,
    output wire [15:0] sum,
    output wire [15:0] carry
);
    assign sum = x ^ y ^ z;
    assign carry = {(x[14:0] & y[14:0]) | (z[14:0] & (x[14:0] | y[14:0])), 1'b0};
endmodule
