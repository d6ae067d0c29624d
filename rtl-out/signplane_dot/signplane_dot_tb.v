// signplane_dot_tb: plays 200 beats to signplane_dot and compares each answer with the golden model's.
// SPDX-License-Identifier: CC0-1.0
// Run it with any simulator, in this folder:  iverilog -g2001 -o tb signplane_dot_tb.v signplane_dot.v && vvp tb
// A line of signplane_dot_vectors.hex is {expected outputs, inputs}, the first port in the lowest bits of each.

`default_nettype none

module signplane_dot_tb;
    localparam BEATS = 200;
    localparam INPUTS = 224;
    localparam OUTPUTS = 26;
    localparam LATENCY = 0;

    reg [OUTPUTS+INPUTS-1:0] vectors [0:BEATS-1];
    reg clk;
    reg rst;
    reg [INPUTS-1:0] drive;
    wire [OUTPUTS-1:0] answer;
    integer beat;
    integer errors;

    signplane_dot dut (
        .a(drive[127:0]),
        .b(drive[191:128]),
        .alpha(drive[223:192]),
        .y(answer[25:0])
    );

    initial begin
        $readmemh("signplane_dot_vectors.hex", vectors);
        clk = 1'b0;
        rst = 1'b1;
        errors = 0;
        drive = {INPUTS{1'b0}};
        #5 clk = 1'b1;
        #5 clk = 1'b0;
        rst = 1'b0;
        for (beat = 0; beat < BEATS + LATENCY; beat = beat + 1) begin
            drive = beat < BEATS ? vectors[beat][INPUTS-1:0] : {INPUTS{1'b0}};
            #4;
            if (beat >= LATENCY && answer !== vectors[beat - LATENCY][OUTPUTS+INPUTS-1:INPUTS]) begin
                errors = errors + 1;
                if (errors <= 10)
                    $display("beat %0d: expected %h, got %h", beat - LATENCY,
                             vectors[beat - LATENCY][OUTPUTS+INPUTS-1:INPUTS], answer);
            end
            #1 clk = 1'b1;
            #5 clk = 1'b0;
        end
        if (errors == 0) $display("PASS: %0d beats", BEATS);
        else $display("FAIL: %0d of %0d beats", errors, BEATS);
        $finish;
    end
endmodule

`default_nettype wire
