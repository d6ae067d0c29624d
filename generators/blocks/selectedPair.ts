import type { Builder } from '../hdl/builder.ts';
import type { CarryCell } from '../hdl/fabric.ts';
import { defineSubmodule } from '../hdl/module.ts';
import type { Cells, Submodule } from '../hdl/node.ts';
import type { Signal } from '../hdl/signal.ts';
import { carryChain } from './carryChain.ts';
import { lutTable, twoTables } from './lutTable.ts';
import type { Choice } from './selectingAdder.ts';

/**
 * Sums of two numbers, each of which is added, subtracted or left out, in one LUT6_2 a bit (7 series, UltraScale). The two numbers and what is to be done with
 * them are six inputs, and a carry needs one of both terms beside their exclusive or. A LUT6_2 has it as the same table without its last
 * input: if that is whether the left number counts, the table is the right term alone without it.
 */

/**
 * `x` and `y` with what their codes do to them, and a bit. A term that is subtracted is complemented: the 1 that this wants is for the caller to add, on the left
 * side where the number counts, on the right side also where it does not.
 */
export function addSelectedPair(
  b: Builder,
  [x, left]: readonly [Signal, Choice],
  [y, right]: readonly [Signal, Choice],
  carry: Signal,
): Signal {
  const bits = Math.max(...[x, y].map(n => (n.signed ? n.width : n.width + 1)));
  const wide = (n: Signal): Signal => n.withLsb(0).wrap(bits, true).wrap(bits, false);
  const { sum } = b.instance('pair', adder(bits, b.fabric.threeOperands!), {
    x: wide(x),
    y: wide(y),
    x_use: left.use,
    x_negative: left.negative,
    y_use: right.use,
    y_negative: right.negative,
    carry,
  });
  return sum!.wrap(bits + 1, true).withLsb(x.lsb);
}

/** Submodules by their width and cell: one of each, so that it is written once. */
const adders = new Map<string, Submodule>();

function adder(bits: number, cell: CarryCell): Submodule {
  const known = adders.get(`${bits} ${cell}`);
  if (known) return known;
  const made = defineSubmodule(
    `add_selected_pair_${bits}`,
    `Sum of two numbers of ${bits} bits, each as it is, complemented or left out, and a bit; one LUT for each bit of it`,
    b => {
      const [x, y] = ['x', 'y'].map(name => b.input(name, bits).wrap(bits, true)) as [Signal, Signal];
      const [xUse, xNegative, yUse, yNegative, carry] = [
        'x_use',
        'x_negative',
        'y_use',
        'y_negative',
        'carry',
      ].map(name => b.input(name, 1)) as [Signal, Signal, Signal, Signal, Signal];
      const left = b.mux(xNegative, x.not(), x).gate(xUse).as('left');
      const chosen = y.gate(yUse).as('chosen');
      const right = b.mux(yNegative, chosen.not(), chosen).as('right');
      return {
        sum: left
          .add(right)
          .add(carry)
          .wrap(bits + 1, false),
      };
    },
    cellsOf(bits, cell),
  );
  adders.set(`${bits} ${cell}`, made);
  return made;
}

function cellsOf(bits: number, cell: CarryCell): Cells {
  const width = bits + 1;
  const chain = carryChain(cell, width, 'carry');
  const spare = chain.bits - width;
  const whole = (name: string): string => (spare > 0 ? `{${spare}'d0, ${name}}` : name);
  const right = lutTable(5, ([y, use, negative]) => (y! & use!) ^ negative!);
  const differs = lutTable(
    5,
    ([y, use, negative, x, xNegative]) => (y! & use!) ^ negative! ^ x! ^ xNegative!,
  );
  const verilog = `    wire [${bits}:0] xs = {x[${bits - 1}], x};
    wire [${bits}:0] ys = {y[${bits - 1}], y};
    wire [${bits}:0] right; // (ys & y_use) ^ y_negative
    wire [${bits}:0] differs; // from (xs ^ x_negative) & x_use
    wire [${chain.bits - 1}:0] di = ${whole('right')};
    wire [${chain.bits - 1}:0] s = ${whole('differs')};
    wire [${chain.bits - 1}:0] o;
    wire [${chain.bits - 1}:0] co;
    genvar i;
    generate
        for (i = 0; i < ${width}; i = i + 1) begin : lut_lanes
            LUT6_2 #(.INIT(${twoTables(differs, right)})) lut ( // O5 has no I5, as if it were zero
                .I0(ys[i]), .I1(y_use), .I2(y_negative), .I3(xs[i]), .I4(x_negative), .I5(x_use),
                .O6(differs[i]), .O5(right[i])
            );
        end
${chain.cells}    endgenerate
    assign sum = o[${bits}:0];
`;
  return { verilog, luts: 1, chain: true };
}
