import type { Builder } from '../hdl/builder.ts';
import { defineSubmodule } from '../hdl/module.ts';
import { type Cells, type Submodule, widthOf } from '../hdl/node.ts';
import type { Signal } from '../hdl/signal.ts';

/**
 * Adders whose right operand is chosen in the table before the carry, which has room for that, but synthesis does not put it there. They are
 * set by hand in cells of the family (`Fabric.selectingAdder`).
 */

/** What becomes of a number in a sum: it counts where `use` holds, and as its complement where `negative` does. */
export interface Choice {
  readonly use: Signal;
  readonly negative: Signal;
}

/** `x`, a bit, and what is chosen of `y`: `y`, −1 − y, or 0 or −1 where it is not used. */
export function addSelected(
  b: Builder,
  x: Signal,
  carry: Signal,
  y: Signal,
  { use, negative }: Choice,
): Signal {
  const [y0, y1] = y.range;
  return add(b, SELECTED, x, carry, [y0, y1, -1n - y0, -1n - y1, 0n, -1n], { y }, { used: use, negative });
}

/** `x`, a bit, and one of two numbers: `z` where the condition holds, else `y`. */
export function addEither(
  b: Builder,
  x: Signal,
  carry: Signal,
  condition: Signal,
  z: Signal,
  y: Signal,
): Signal {
  return add(b, EITHER, x, carry, [...y.range, ...z.range], { y, z }, { other: condition });
}

type Named = Readonly<Record<string, Signal>>;

/** An adder of one kind, and what its cells are. */
interface Kind {
  readonly name: string;
  /** What it adds to a number and a bit, in words. */
  readonly doc: string;
  readonly numbers: readonly string[];
  readonly conditions: readonly string[];
  readonly chosen: (b: Builder, inputs: Named) => Signal;
  /** Of a CCU2C: what is at B, C and D beside the number at A, the table, and the same in words. */
  readonly pins: readonly [string, string, string];
  readonly table: string;
  readonly meaning: string;
}

/*
 * The table of a CCU2C says whether a carry passes. Where it does not, the carry is what the table gives when C and D are zero, which must
 * be the number at A.
 */
const SELECTED: Kind = {
  name: 'add_selected',
  doc: 'another one, its complement or nothing',
  numbers: ['y'],
  conditions: ['used', 'negative'],
  chosen: (b, { y, used, negative }) => {
    const right = y!.gate(used!);
    return b.mux(negative!, right.not(), right);
  },
  pins: ['y', 'used', 'negative'],
  table: '956A',
  meaning: 'A ^ ((B & C) ^ D)',
};
const EITHER: Kind = {
  name: 'add_either',
  doc: 'one of two others',
  numbers: ['y', 'z'],
  conditions: ['other'],
  chosen: (b, { y, z, other }) => b.mux(other!, z!, y!),
  pins: ['other', 'y', 'z'],
  table: '569A',
  meaning: 'A ^ (B ? D : C)',
};

function add(
  b: Builder,
  kind: Kind,
  x: Signal,
  carry: Signal,
  ends: readonly bigint[],
  numbers: Named,
  conditions: Named,
): Signal {
  const least = ends.reduce((m, v) => (v < m ? v : m));
  const most = ends.reduce((m, v) => (v > m ? v : m));
  const range = [x.range[0] + carry.range[0] + least, x.range[1] + carry.range[1] + most] as const;
  const width = widthOf(...range);
  const wide = Object.entries({ x, ...numbers }).map(([name, s]) => [name, s.withLsb(0).wrap(width, false)]);
  const inputs = { ...(Object.fromEntries(wide) as Named), carry, ...conditions };
  const { sum } = b.instance('selecting', adder(kind, width), inputs);
  return sum!
    .wrap(width, range[0] < 0n)
    .narrow(...range)
    .withLsb(x.lsb);
}

/** Submodules by their name: one of each, so that it is written once. */
const adders = new Map<string, Submodule>();

function adder(kind: Kind, width: number): Submodule {
  const name = `${kind.name}_${width}`;
  const known = adders.get(name);
  if (known) return known;
  const doc = `Adds to a number of ${width} bits, and a bit, ${kind.doc}; one half of a CCU2C for each bit`;
  const compose = (b: Builder): Record<string, Signal> => {
    const numbers = ['x', ...kind.numbers].map(n => [n, b.input(n, width)]);
    const bits = ['carry', ...kind.conditions].map(n => [n, b.input(n, 1)]);
    const inputs = Object.fromEntries([...numbers, ...bits]) as Named;
    const chosen = kind.chosen(b, inputs).as('chosen');
    return { sum: inputs.x!.add(chosen).add(inputs.carry!).wrap(width, false) };
  };
  const made = defineSubmodule(name, doc, compose, cellsOfEcp5(kind, width));
  adders.set(name, made);
  return made;
}

/** In CCU2C, two bits each. */
function cellsOfEcp5({ numbers, pins, table, meaning }: Kind, width: number): Cells {
  const groups = Math.ceil(width / 2);
  const whole = (name: string): string =>
    `    wire [${2 * groups - 1}:0] whole_${name} = ${width % 2 === 1 ? `{1'b0, ${name}}` : name};\n`;
  const pin = (letter: string, name: string, n: number): string =>
    `.${letter}${n}(${['x', ...numbers].includes(name) ? `whole_${name}[${n === 0 ? '2 * i' : '2 * i + 1'}]` : name})`;
  const bit = (n: number): string =>
    [pin('A', 'x', n), ...['B', 'C', 'D'].map((letter, k) => pin(letter, pins[k]!, n))].join(', ');
  const verilog = `${['x', ...numbers].map(whole).join('')}    wire [${2 * groups - 1}:0] s;
    wire [${groups}:0] carries;
    assign carries[0] = carry;
    genvar i;
    generate
        for (i = 0; i < ${groups}; i = i + 1) begin : carry_lanes
            // Both tables: ${meaning}
            CCU2C #(.INIT0(16'h${table}), .INIT1(16'h${table}), .INJECT1_0("NO"), .INJECT1_1("NO")) cells (
                .CIN(carries[i]), .COUT(carries[i + 1]),
                ${bit(0)}, .S0(s[2 * i]),
                ${bit(1)}, .S1(s[2 * i + 1])
            );
        end
    endgenerate
    assign sum = s[${width - 1}:0];
`;
  return { verilog, luts: 0, chain: true };
}
