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

/** Codes of two bits of which something holds, in ascending order. */
export type CodeSet = readonly number[];

/** Whether a code of two bits is one of some. */
export function isOneOf(b: Builder, code: Signal, codes: CodeSet): Signal {
  const has = [0, 1, 2, 3].map(n => codes.includes(n)) as [boolean, boolean, boolean, boolean];
  const [low, high] = [() => code.bit(0), () => code.bit(1)];
  const half = (zero: boolean, one: boolean): Signal =>
    zero === one ? b.const(one ? 1 : 0) : one ? low() : low().not();
  if (has[0] === has[2] && has[1] === has[3]) return half(has[0], has[1]);
  if (has[0] === has[1] && has[2] === has[3]) return has[2] ? high() : high().not();
  if (has[0] === has[3] && has[1] === has[2]) return has[1] ? low().xor(high()) : low().xor(high()).not();
  return b.mux(high(), half(has[2], has[3]), half(has[0], has[1]));
}

/**
 * Of two numbers one and the other, or the other and one by their code; each complemented by it. Both are functions of the same four inputs, and
 * take one LUT6_2 for a bit of each.
 */
export function takeBoth(
  b: Builder,
  [x, y]: readonly [Signal, Signal],
  code: Signal,
  exchanged: CodeSet,
  negative: readonly [CodeSet, CodeSet],
): [Signal, Signal] {
  const bits = Math.max(...[x, y].map(n => (n.signed ? n.width : n.width + 1)));
  const taken = b.instance('both', exchanger(bits, exchanged, negative), {
    x: wide(x, bits),
    y: wide(y, bits),
    code,
  });
  return [taken.first!, taken.second!].map(n => n.wrap(bits, true).withLsb(x.lsb)) as [Signal, Signal];
}

/** Whether two codes are of a set, each; in one LUT6_2, unless a bit of the code tells it. */
export function areOf(b: Builder, codes: readonly [Signal, Signal], set: CodeSet): [Signal, Signal] {
  const isBit = ['1,3', '2,3'].includes(set.join());
  const [first, second] = codes;
  if (isBit) return [isOneOf(b, first, set), isOneOf(b, second, set)];
  const found = b.instance('signs', signs(set), { first, second });
  return [found.of_first!, found.of_second!];
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

const tables = new Map<string, Submodule>();

/** The submodule for some parameters, made once. */
function once(parameters: readonly unknown[], make: () => Submodule): Submodule {
  const key = JSON.stringify(parameters);
  const made = tables.get(key) ?? make();
  tables.set(key, made);
  return made;
}

function exchanger(bits: number, exchanged: CodeSet, negative: readonly [CodeSet, CodeSet]): Submodule {
  return once([bits, exchanged, negative], () =>
    defineSubmodule(
      `take_both_${bits}`,
      `One number and the other, exchanged by codes ${exchanged.join(', ')}, the first complemented by ${negative[0].join(', ')}, the second by ${negative[1].join(', ')}; one LUT for a bit of both`,
      b => {
        const [x, y, code] = [b.input('x', bits), b.input('y', bits), b.input('code', 2)];
        const isExchanged = isOneOf(b, code, exchanged).as('is_exchanged');
        const [first, second] = [
          b.mux(isExchanged, y, x).as('one'),
          b.mux(isExchanged, x, y).as('other'),
        ].map((n, i) => b.mux(isOneOf(b, code, negative[i]!), n.not(), n));
        return { first: first!, second: second! };
      },
      {
        verilog: `    genvar i;
    generate
        for (i = 0; i < ${bits}; i = i + 1) begin : lut_lanes
            LUT6_2 #(.INIT(64'h${exchangeTable(exchanged, negative)})) lut ( // O6: of first; O5: of second
                .I0(x[i]), .I1(y[i]), .I2(code[0]), .I3(code[1]), .I4(1'b0), .I5(1'b1),
                .O6(first[i]), .O5(second[i])
            );
        end
    endgenerate
`,
        luts: 1,
        chain: false,
      },
    ),
  );
}

function exchangeTable(exchanged: CodeSet, negative: readonly [CodeSet, CodeSet]): string {
  return hex(i => {
    const [x, y, low, high] = digits(i);
    const code = 2 * high + low;
    const taken = exchanged.includes(code) ? [y, x] : [x, y];
    return taken.map((bit, n) => bit ^ Number(negative[n]!.includes(code))) as [number, number];
  });
}

function signs(set: CodeSet): Submodule {
  const table = hex(i => {
    const [low, high, otherLow, otherHigh] = digits(i);
    return [Number(set.includes(2 * high + low)), Number(set.includes(2 * otherHigh + otherLow))];
  });
  return once([set], () =>
    defineSubmodule(
      `are_${set.join('_or_')}`,
      `Whether each of two codes is one of ${set.join(', ')}; one LUT`,
      b => {
        const [first, second] = [b.input('first', 2), b.input('second', 2)];
        return { of_first: isOneOf(b, first, set), of_second: isOneOf(b, second, set) };
      },
      {
        verilog: `    LUT6_2 #(.INIT(64'h${table})) lut (
        .I0(first[0]), .I1(first[1]), .I2(second[0]), .I3(second[1]), .I4(1'b0), .I5(1'b1),
        .O6(of_first), .O5(of_second)
    );
`,
        luts: 1,
        chain: false,
      },
    ),
  );
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
