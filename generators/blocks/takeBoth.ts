import type { Builder } from '../hdl/builder.ts';
import { defineSubmodule } from '../hdl/module.ts';
import type { Submodule } from '../hdl/node.ts';
import type { Signal } from '../hdl/signal.ts';
import { lutTable, twoTables } from './lutTable.ts';

/**
 * What a code of two bits takes of two numbers, for two sums: one number for the one sum and the other for the other, as they are or complemented. Both are functions
 * of the same four inputs, so that a LUT6_2 gives a bit of each, where synthesis would take two tables.
 */

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

/** Of two numbers one and the other, or exchanged; each complemented by the code as well. */
export function takeBoth(
  b: Builder,
  numbers: readonly [Signal, Signal],
  code: Signal,
  exchanged: CodeSet,
  negative: readonly [CodeSet, CodeSet],
): [Signal, Signal] {
  const bits = Math.max(...numbers.map(n => (n.signed ? n.width : n.width + 1)));
  const wide = (n: Signal): Signal => n.withLsb(0).wrap(bits, true).wrap(bits, false);
  const taken = b.instance('both', exchanger(bits, exchanged, negative), {
    x: wide(numbers[0]),
    y: wide(numbers[1]),
    code,
  });
  const signed = (n: Signal): Signal => n.wrap(bits, true).withLsb(numbers[0].lsb);
  return [signed(taken.first!), signed(taken.second!)];
}

/** Whether two codes are of a set, each; in one LUT6_2, unless a bit of the code tells it. */
export function areOf(b: Builder, codes: readonly [Signal, Signal], set: CodeSet): [Signal, Signal] {
  const isBit = ['1,3', '2,3'].includes(set.join());
  const [first, second] = codes;
  if (isBit) return [isOneOf(b, first, set), isOneOf(b, second, set)];
  const found = b.instance('signs', signs(set), { first, second });
  return [found.of_first!, found.of_second!];
}

const submodules = new Map<string, Submodule>();

/** The submodule for some parameters: one of each, so that it is written once. */
function once(parameters: readonly unknown[], make: () => Submodule): Submodule {
  const key = JSON.stringify(parameters);
  const made = submodules.get(key) ?? make();
  submodules.set(key, made);
  return made;
}

function exchanger(bits: number, exchanged: CodeSet, negative: readonly [CodeSet, CodeSet]): Submodule {
  const [first, second] = [0, 1].map(sum =>
    lutTable(5, ([x, y, low, high]) => {
      const code = 2 * high! + low!;
      const bit = exchanged.includes(code) === (sum === 0) ? y : x;
      return negative[sum]!.includes(code) ? !bit : bit!;
    }),
  ) as [bigint, bigint];
  const doc =
    `One number and the other, exchanged by codes ${exchanged.join(', ')}, the first complemented by ` +
    `${negative[0].join(', ')}, the second by ${negative[1].join(', ')}; one LUT for a bit of both`;
  return once([bits, exchanged, negative], () =>
    defineSubmodule(
      `take_both_${bits}`,
      doc,
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
            LUT6_2 #(.INIT(${twoTables(first, second)})) lut ( // O6: of first; O5: of second
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

function signs(set: CodeSet): Submodule {
  const ofFirst = lutTable(5, ([low, high]) => set.includes(2 * high! + low!));
  const ofSecond = lutTable(5, ([, , low, high]) => set.includes(2 * high! + low!));
  return once([set], () =>
    defineSubmodule(
      `are_${set.join('_or_')}`,
      `Whether each of two codes is one of ${set.join(', ')}; one LUT`,
      b => {
        const [first, second] = [b.input('first', 2), b.input('second', 2)];
        return { of_first: isOneOf(b, first, set), of_second: isOneOf(b, second, set) };
      },
      {
        verilog: `    LUT6_2 #(.INIT(${twoTables(ofFirst, ofSecond)})) lut (
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
