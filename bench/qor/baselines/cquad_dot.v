// A complex dot product of conjugated numbers with the weights 1, i, -1 and -i as one writes it: a case in a loop.
module cquad_dot #(
    parameter N = 16,
    parameter W = 13
) (
    input  wire [8 * N - 1:0] a_re,
    input  wire [8 * N - 1:0] a_im,
    input  wire [2 * N - 1:0] b,
    output reg  signed [W - 1:0] y_re,
    output reg  signed [W - 1:0] y_im
);
    integer i;
    reg signed [W - 1:0] re, im;

    always @* begin
        y_re = 0;
        y_im = 0;
        for (i = 0; i < N; i = i + 1) begin
            re = $signed(a_re[8 * i +: 8]);
            im = -$signed(a_im[8 * i +: 8]);
            case (b[2 * i +: 2])
                2'd0: begin y_re = y_re + re; y_im = y_im + im; end
                2'd1: begin y_re = y_re - im; y_im = y_im + re; end
                2'd2: begin y_re = y_re - re; y_im = y_im - im; end
                2'd3: begin y_re = y_re + im; y_im = y_im - re; end
            endcase
        end
    end
endmodule
