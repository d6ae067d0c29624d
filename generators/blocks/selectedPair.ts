import type { Builder } from '../hdl/builder.ts';
import type { CarryCell } from '../hdl/fabric.ts';
import { defineSubmodule } from '../hdl/module.ts';
import type { Cells, Submodule } from '../hdl/node.ts';
import type { Signal } from '../hdl/signal.ts';
import { carryChain } from './carryChain.ts';
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
  const { sum } = b.instance('pair', adder(bits, b.fabric.threeOperands!), {
    x: wide(x, bits),
    y: wide(y, bits),
    x_use: left.use,
    x_negative: left.negative,
    y_use: right.use,
    y_negative: right.negative,
    carry,
  });
  return sum!.wrap(bits + 1, true).withLsb(x.lsb);
}

/**
 * Of two numbers one and the other, the other and one where they are exchanged; each complemented where its sign says so. Both are functions of the
 * same five inputs, and take one LUT6_2 for a bit of each.
 */
export function takeBoth(
  b: Builder,
  [x, y]: readonly [Signal, Signal],
  exchanged: Signal,
  [first, second]: readonly [Signal, Signal],
): [Signal, Signal] {
  const bits = Math.max(...[x, y].map(n => (n.signed ? n.width : n.width + 1)));
  const taken = b.instance('both', exchanger(bits), {
    x: wide(x, bits),
    y: wide(y, bits),
    exchanged,
    first_negative: first,
    second_negative: second,
  });
  return [taken.first!, taken.second!].map(n => n.wrap(bits, true).withLsb(x.lsb)) as [Signal, Signal];
}

/** The bits of a number in two's complement. */
function wide(x: Signal, bits: number): Signal {
  return x.withLsb(0).wrap(bits, true).wrap(bits, false);
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
  const table = hex(i => {
    const [y, use, negative, x, xNegative] = digits(i);
    const right = (y & use) ^ negative;
    return [right ^ x ^ xNegative, right];
  });
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
            LUT6_2 #(.INIT(64'h${table})) lut ( // O5 has no I5, as if it were zero
                .I0(ys[i]), .I1(y_use), .I2(y_negative), .I3(xs[i]), .I4(x_negative), .I5(x_use),
                .O6(differs[i]), .O5(right[i])
            );
        end
${chain.cells}    endgenerate
    assign sum = o[${bits}:0];
`;
  return { verilog, luts: 1, chain: true };
}

const exchangers = new Map<number, Submodule>();

function exchanger(bits: number): Submodule {
  const known = exchangers.get(bits);
  if (known) return known;
  const made = defineSubmodule(
    `take_both_${bits}`,
    'One number and the other, or exchanged, each complemented where its sign says so; one LUT for a bit of both',
    b => {
      const [x, y] = [b.input('x', bits), b.input('y', bits)];
      const [exchanged, ...signs] = ['exchanged', 'first_negative', 'second_negative'].map(name =>
        b.input(name, 1),
      );
      const taken = [b.mux(exchanged!, y, x).as('one'), b.mux(exchanged!, x, y).as('other')];
      const [first, second] = taken.map((n, i) => b.mux(signs[i]!, n.not(), n));
      return { first: first!, second: second! };
    },
    {
      verilog: `    genvar i;
    generate
        for (i = 0; i < ${bits}; i = i + 1) begin : lut_lanes
            LUT6_2 #(.INIT(64'h${exchangeTable()})) lut ( // O6: (I2 ? I1 : I0) ^ I3; O5: (I2 ? I0 : I1) ^ I4
                .I0(x[i]), .I1(y[i]), .I2(exchanged), .I3(first_negative), .I4(second_negative), .I5(1'b1),
                .O6(first[i]), .O5(second[i])
            );
        end
    endgenerate
`,
      luts: 1,
      chain: false,
    },
  );
  exchangers.set(bits, made);
  return made;
}

function exchangeTable(): string {
  return hex(i => {
    const [x, y, exchanged, first, second] = digits(i);
    return [exchanged ? y : x, exchanged ? x : y].map((bit, n) => bit ^ (n === 0 ? first : second)) as [
      number,
      number,
    ];
  });
}

type Five = [number, number, number, number, number];

/** The lower five inputs of a LUT6_2. */
const digits = (index: number): Five => [0, 1, 2, 3, 4].map(n => (index >> n) & 1) as Five;

/** The contents of a LUT6_2, by what O6 is with I5 and what O5 is. */
function hex(outputs: (index: number) => [number, number]): string {
  let table = 0n;
  for (let i = 0; i < 32; i++) {
    const [upper, lower] = outputs(i);
    table |= (BigInt(upper) << BigInt(i + 32)) | (BigInt(lower) << BigInt(i));
  }
  return table.toString(16).toUpperCase().padStart(16, '0');
}
