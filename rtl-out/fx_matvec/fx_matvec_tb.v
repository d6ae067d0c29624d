// fx_matvec_tb: plays 200 beats to fx_matvec and compares each answer with the golden model's.
// SPDX-License-Identifier: CC0-1.0
// Run it with any simulator, in this folder:  iverilog -g2001 -o tb fx_matvec_tb.v fx_matvec.v && vvp tb
// A line of fx_matvec_vectors.hex is {expected outputs, inputs}, the first port in the lowest bits of each.

`default_nettype none

module fx_matvec_tb;
    localparam BEATS = 200;
    localparam INPUTS = 768;
    localparam OUTPUTS = 42;
    localparam LATENCY = 0;

    reg [OUTPUTS+INPUTS-1:0] vectors [0:BEATS-1];
    reg clk;
    reg rst;
    reg [INPUTS-1:0] drive;
    wire [OUTPUTS-1:0] answer;
    integer beat;
    integer errors;

    fx_matvec dut (
        .a(drive[255:0]),
        .b(drive[767:256]),
        .y(answer[41:0])
    );

    initial begin
        $readmemh("fx_matvec_vectors.hex", vectors);
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
