import type { Builder } from '../hdl/builder.ts';
import type { CarryCell } from '../hdl/fabric.ts';
import { defineSubmodule } from '../hdl/module.ts';
import { type Cells, type Submodule, widthOf } from '../hdl/node.ts';
import type { Signal } from '../hdl/signal.ts';
import { carryChain } from './carryChain.ts';

/**
 * Adders of three operands in one table a bit, which synthesis does not make of a `+`. They are set by hand in cells of the
 * family (`Fabric.threeOperands`).
 */

/** Submodules by their name: one of each, so that it is written once. */
const adders = new Map<string, Submodule>();

/** `x + y + z + carry + second`, where the last two are bits. */
export function addThree(
  b: Builder,
  operands: readonly [Signal, Signal, Signal],
  carry: Signal,
  second: Signal,
): Signal {
  const all = [...operands, carry, second];
  const end = (i: 0 | 1): bigint => all.reduce((sum, s) => sum + s.range[i], 0n);
  const [least, most] = [end(0), end(1)];
  const width = widthOf(least, most);
  const isSigned = least < 0n;
  const [x, y, z] = operands.map(s => s.withLsb(0).wrap(width, false));
  const { sum } = b.instance('three', adder(width, b.fabric.threeOperands!), {
    x: x!,
    y: y!,
    z: z!,
    carry,
    second,
  });
  return sum!.wrap(width, isSigned).narrow(least, most).withLsb(operands[0].lsb);
}

function adder(width: number, cell: CarryCell): Submodule {
  const known = adders.get(`${width} ${cell}`);
  if (known) return known;
  const doc = `Sum of three numbers of ${width} bits and of two bits; one LUT for each bit of it`;
  const made = defineSubmodule(
    `add_three_${width}`,
    doc,
    b => {
      const [x, y, z] = ['x', 'y', 'z'].map(name => b.input(name, width));
      const [carry, second] = ['carry', 'second'].map(name => b.input(name, 1));
      return { sum: x!.add(y!).add(z!).add(carry!).add(second!).wrap(width, false) };
    },
    cellsOf(width, cell),
  );
  adders.set(`${width} ${cell}`, made);
  return made;
}

/**
 * In LUT6_2 and carry cells of four bits (7 series) or eight (UltraScale): each LUT adds up three bits and hands their carry over to the
 * LUT above it. The carry chain then adds the sums of three and what was handed over.
 */
function cellsOf(width: number, cell: CarryCell): Cells {
  const chain = carryChain(cell, width, 'carry');
  const spare = chain.bits - width;
  const whole = (name: string): string => (spare > 0 ? `{${spare}'d0, ${name}}` : name);
  const verilog = `    wire [${width - 1}:0] handed_over; // carry of the three bits of a LUT
    wire [${width - 1}:0] from_below = {handed_over[${width - 2}:0], second};
    wire [${width - 1}:0] differs; // sum of the three bits and of what comes from below
    wire [${chain.bits - 1}:0] di = ${whole('from_below')};
    wire [${chain.bits - 1}:0] s = ${whole('differs')};
    wire [${chain.bits - 1}:0] o;
    wire [${chain.bits - 1}:0] co;
    genvar i;
    generate
        for (i = 0; i < ${width}; i = i + 1) begin : lut_lanes
            LUT6_2 #(.INIT(64'h69966996E8E8E8E8)) lut ( // O6: exclusive or of I0 to I3; O5: majority of I0 to I2
                .I0(x[i]), .I1(y[i]), .I2(z[i]), .I3(from_below[i]), .I4(1'b0), .I5(1'b1),
                .O6(differs[i]), .O5(handed_over[i])
            );
        end
${chain.cells}    endgenerate
    assign sum = o[${width - 1}:0];
`;
  return { verilog, luts: 1, chain: true };
}
