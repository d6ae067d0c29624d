module operators (
    input  wire [7:0] a,
    input  wire [4:0] c,
    input  wire [2:0] by,
    input  wire flag,
    output wire [8:0] sum,
    output wire [13:0] product,
    output wire [7:0] clipped,
    output wire parity,
    output wire [8:0] magnitude,
    output wire [15:0] joined,
    output wire [3:0] tests
);
    wire signed [8:0] total = $signed({a[7], a}) + $signed({4'd0, c});
    wire signed [5:0] difference = $signed({1'b0, c}) - $signed(6'd3);
    wire signed [13:0] scaled = $signed(total) * $signed(difference);
    wire signed [13:0] shifted = $signed(scaled) >>> by;
    wire both = a[7] & flag;

    assign sum = total;
    assign product = scaled;
    assign clipped = ($signed(shifted) > $signed(14'd100)) ? 8'd100 : shifted[7:0];
    assign parity = ~(^c);
    assign magnitude = ({9{both}} ^ {a[7], a}) + {8'd0, both};
    assign joined = {{3{flag}}, c, a};
    assign tests = {$signed(a) < $signed({3'd0, c}), a == -8'd3, &c, ~|a};
endmodule
