import type { Builder } from '../hdl/builder.ts';
import { defineSubmodule } from '../hdl/module.ts';
import { bitLength, type Cells, type Submodule } from '../hdl/node.ts';
import type { Signal, Vector } from '../hdl/signal.ts';
import { lutLiteral, twoTables } from './lutTable.ts';

/**
 * A bit heap: bits of the same weight are counted in tables, which give the bits of their counts back to the heap, until one bit of each
 * weight is left. For LUTs with two outputs of the same five inputs (`Fabric.twoOutputs`): then nearly all tables take one LUT for each
 * bit by which they make the heap smaller, and there is no carry to wait for.
 */

/** What one table takes in: exclusive ors of two bits, bits of a weight, and bits of twice that weight. */
interface Counter {
  readonly name: string;
  readonly pairs: number;
  readonly ones: number;
  readonly twos: number;
}

const counter = (name: string, pairs: number, ones: number, twos = 0): Counter => ({
  name,
  pairs,
  ones,
  twos,
});

const inputsOf = ({ pairs, ones, twos }: Counter): number => 2 * pairs + ones + twos;
const mostOf = ({ pairs, ones, twos }: Counter): number => pairs + ones + 2 * twos;
/** Tables of up to five inputs have two outputs in one LUT. */
const lutsOf = (c: Counter): number => {
  const outputs = bitLength(BigInt(mostOf(c)));
  return inputsOf(c) > 5 || c === TWO ? outputs : Math.ceil(outputs / 2);
};

const THREE_PAIRS = counter('three_pairs', 3, 0);
/** For pairs, with bits that are there already. */
const WITH_BITS = [
  counter('two_pairs_and_bit', 2, 1),
  counter('pair_and_three', 1, 3),
  counter('pair_and_two', 1, 2),
  counter('pair_and_bit', 1, 1),
];
const SIX = counter('six', 0, 6);
const FIVE = counter('five', 0, 5);
const THREE_AND_TWO = counter('three_and_two', 0, 3, 2);
const THREE = counter('three', 0, 3);
/** These make nothing smaller; the last carries go through them. */
const TWO_AND_TWO = counter('two_and_two', 0, 2, 2);
/** Gates, which synthesis may join with what follows. */
const TWO = counter('two', 0, 2);

/** Some equal tables of a level, for bits of weight 2^weight. */
interface Step {
  readonly level: number;
  readonly weight: number;
  readonly counter: Counter;
  readonly times: number;
}

interface Plan {
  readonly steps: readonly Step[];
  readonly luts: number;
  readonly levels: number;
}

/**
 * The plan for so many pairs with `first` tables that take three of them each: all other pairs wait for bits, with which they fit into
 * tables of two outputs.
 */
function planWith(pairs: number, first: number): Plan {
  const steps: Step[] = [];
  /** How many bits of each weight there are at a level. */
  let there: number[] = [0];
  let open = pairs;
  let [luts, level] = [0, 0];
  for (;;) {
    const left = [...there];
    const next: number[] = [];
    const take = (c: Counter, weight: number, times = 1): void => {
      const last = steps.at(-1);
      if (last?.level === level && last.weight === weight && last.counter === c)
        steps.splice(-1, 1, { ...last, times: last.times + times });
      else steps.push({ level, weight, counter: c, times });
      luts += times * lutsOf(c);
      open -= times * c.pairs;
      left[weight] = (left[weight] ?? 0) - times * c.ones;
      if (c.twos > 0) left[weight + 1] = left[weight + 1]! - times * c.twos;
      for (let i = 0; i < bitLength(BigInt(mostOf(c))); i++)
        next[weight + i] = (next[weight + i] ?? 0) + times;
    };
    const has = (weight: number): number => left[weight] ?? 0;
    if (level === 0) take(THREE_PAIRS, 0, first);
    for (;;) {
      const fitting = WITH_BITS.find(c => c.pairs <= open && c.ones <= has(0));
      if (fitting === undefined) break;
      take(fitting, 0);
    }
    for (let weight = 0; weight < left.length; weight++) {
      if (has(weight) >= 6) take(SIX, weight, Math.floor(has(weight) / 6));
      if (has(weight) === 5) take(FIVE, weight);
      // Two bits above that would be left over fit in as well.
      if (has(weight) >= 3) take(has(weight + 1) % 6 === 2 ? THREE_AND_TWO : THREE, weight);
      const isBelowDone = open === 0 && next.slice(0, weight + 1).every(n => !n);
      if (has(weight) === 2 && isBelowDone && left.slice(0, weight).every(n => n <= 1))
        take(has(weight + 1) % 6 === 2 ? TWO_AND_TWO : TWO, weight);
    }
    const length = Math.max(left.length, next.length);
    there = Array.from({ length }, (_, i) => (left[i] ?? 0) + (next[i] ?? 0));
    level++;
    if (open === 0 && there.every(n => n <= 1)) return { steps, luts, levels: level };
  }
}

/** The smallest plan of those that are hardly deeper than a tree: beyond it, to save a LUT costs more and more levels. */
function planFor(pairs: number): Plan {
  const plans = Array.from({ length: Math.floor(pairs / 3) }, (_, i) => planWith(pairs, i + 1));
  const deepest = Math.max(2 + Math.ceil(Math.log2(pairs)), Math.min(...plans.map(p => p.levels)));
  return plans.filter(p => p.levels <= deepest).reduce((best, p) => (p.luts < best.luts ? p : best));
}

/** In how many lanes two vectors of bits, three at least, are equal, or differ. */
export function compareInHeap(b: Builder, x: Vector, y: Vector, equal: boolean): Signal {
  const title =
    'Bit heap: level by level, tables count bits of a weight; `by` is what a bit of their counts weighs';
  return b.scope('', title, () => compareAsPlanned(b, x, y, equal));
}

function compareAsPlanned(b: Builder, x: Vector, y: Vector, equal: boolean): Signal {
  const plan = planFor(x.lanes);
  const [left, right] = [x.pack().as('left'), y.pack().as('right')];
  /** Bits of each weight in the order in which they came, some side by side. */
  const heap: Signal[][] = [];
  const fresh: [weight: number, bits: Signal][] = [];
  let [level, compared] = [0, 0];
  const take = (weight: number, count: number): Signal => {
    const taken: Signal[] = [];
    for (let missing = count; missing > 0; ) {
      const [first, ...rest] = heap[weight]!;
      const some = Math.min(missing, first!.width);
      taken.unshift(first!.bits(some - 1, 0));
      heap[weight] = some < first!.width ? [first!.bits(first!.width - 1, some), ...rest] : rest;
      missing -= some;
    }
    return b.concat(...taken);
  };
  const raise = (): void => {
    for (const [weight, bits] of fresh.splice(0)) heap[weight] = [...(heap[weight] ?? []), bits];
  };
  for (const { level: at, weight, counter: c, times } of plan.steps) {
    if (at > level) raise();
    level = at;
    const operands: Operands = {};
    if (c.pairs > 0) {
      const [low, high] = [compared, compared + c.pairs * times - 1];
      operands.x = left.bits(high, low);
      operands.y = right.bits(high, low);
      compared = high + 1;
    }
    if (c.ones > 0) operands.ones = take(weight, c.ones * times);
    if (c.twos > 0) operands.twos = take(weight + 1, c.twos * times);
    const label = `level_${level + 1}_${c.name}_of_${2 ** weight}`;
    counted(b, c, equal, label, operands, times).forEach((bits, i) => {
      fresh.push([weight + i, bits.as(`${label}_by_${2 ** (weight + i)}`)]);
    });
  }
  raise();
  return b.concat(...heap.map(([bit]) => bit!).reverse()).narrow(0, x.lanes);
}

type Operands = Partial<Record<(typeof OPERANDS)[number], Signal>>;

/** Inputs of a table, in the order of their bits in its index. What comes last gets the fastest inputs of a LUT. */
const OPERANDS = ['x', 'y', 'twos', 'ones'] as const;

/** So many equal tables, as one loop; each bit of their counts side by side. */
function counted(
  b: Builder,
  c: Counter,
  equal: boolean,
  label: string,
  operands: Operands,
  times: number,
): readonly Signal[] {
  const names = OPERANDS.filter(name => operands[name]);
  const count = (parts: readonly Signal[]): readonly Signal[] => {
    const inputs = Object.fromEntries(names.map((name, i) => [name, parts[i]!]));
    const { count: word } = b.instance(c.name, tableOf(c, equal), inputs);
    return Array.from({ length: word!.width }, (_, i) => word!.bit(i));
  };
  if (c === TWO) {
    const [low, high] = [operands.ones!.bit(0), operands.ones!.bit(1)];
    return [low.xor(high), low.and(high)];
  }
  if (times === 1) return count(names.map(name => operands[name]!));
  const words = names.map(name => operands[name]!.unpack(times).as(`${label}_${name}`));
  const bits = b.lanes(label, words, (...parts) =>
    Object.fromEntries(count(parts).map((bit, i) => [`bit_${i}`, bit])),
  );
  return Object.values(bits).map(v => v.pack());
}

/** Submodules by their name: one of each, so that it is written once. */
const tables = new Map<string, Submodule>();

function tableOf(c: Counter, equal: boolean): Submodule {
  const name = `count_${c.name}${c.pairs === 0 ? '' : equal ? '_equal' : '_different'}`;
  const known = tables.get(name);
  if (known) return known;
  const made = defineSubmodule(
    name,
    docOf(c, equal),
    b => {
      const terms: Signal[] = [];
      if (c.pairs > 0) {
        const differs = b.input('x', c.pairs).xor(b.input('y', c.pairs)).as('differs');
        for (let i = 0; i < c.pairs; i++) terms.push(equal ? differs.bit(i).not() : differs.bit(i));
      }
      if (c.twos > 0) {
        const twos = b.input('twos', c.twos);
        for (let i = 0; i < c.twos; i++) terms.push(twos.bit(i).shl(1));
      }
      if (c.ones > 0) {
        const ones = b.input('ones', c.ones);
        for (let i = 0; i < c.ones; i++) terms.push(ones.bit(i));
      }
      return { count: terms.reduce((sum, term) => sum.add(term)) };
    },
    cellsOf(c, equal),
  );
  tables.set(name, made);
  return made;
}

function docOf({ pairs, ones, twos }: Counter, equal: boolean): string {
  const some = (n: number, what: string): string => `${n === 1 ? 'one' : n} ${what}${n === 1 ? '' : 's'}`;
  const parts = [
    pairs > 0 ? `${some(pairs, 'pair')} of ${equal ? 'equal bits' : 'bits that differ'}` : '',
    twos > 0 ? `${some(twos, 'bit')} of twice the weight` : '',
    ones > 0 ? some(ones, 'bit') : '',
  ];
  return `Counts ${parts.filter(p => p !== '').join(' and ')}`;
}

/**
 * In LUT6_2, which is two tables of five inputs: its upper half for one bit of the count, its lower half for another one. Six inputs
 * take a LUT6 for each bit.
 */
function cellsOf(c: Counter, equal: boolean): Cells {
  const inputs = inputsOf(c);
  const outputs = bitLength(BigInt(mostOf(c)));
  const wiresOf = (name: string, width: number): string[] =>
    width === 1 ? [name] : Array.from({ length: width }, (_, i) => `${name}[${i}]`);
  const wires = [
    ...wiresOf('x', c.pairs),
    ...wiresOf('y', c.pairs),
    ...wiresOf('twos', c.twos),
    ...wiresOf('ones', c.ones),
  ];
  const size = inputs > 5 ? 6 : 5;
  const unused = size - inputs;
  const table = (bit: number): bigint => {
    let bits = 0n;
    for (let i = 0; i < 2 ** size; i++)
      bits |= ((BigInt(countOf(c, equal, i >> unused)) >> BigInt(bit)) & 1n) << BigInt(i);
    return bits;
  };
  const pins = Array.from({ length: size }, (_, i) => `.I${i}(${wires[i - unused] ?? "1'b0"})`).join(', ');
  const luts: string[] = [];
  for (let bit = 0; bit < outputs; bit += size === 6 ? 1 : 2) {
    const [low, high] = [`count[${bit}]`, bit + 1 < outputs ? `count[${bit + 1}]` : ''];
    if (size === 6)
      luts.push(`    LUT6 #(.INIT(${lutLiteral(6, table(bit))})) lut_${bit} (${pins}, .O(${low}));`);
    else {
      const both = twoTables(high === '' ? 0n : table(bit + 1), table(bit));
      const ends = `.I5(1'b1), .O6(${high}), .O5(${low})`;
      luts.push(`    LUT6_2 #(.INIT(${both})) lut_${bit} (${pins}, ${ends});`);
    }
  }
  return { verilog: `${luts.join('\n')}\n`, luts: 1, chain: false };
}

/** What a table counts at an index. */
function countOf({ pairs, ones, twos }: Counter, equal: boolean, index: number): number {
  const bit = (i: number): number => (index >> i) & 1;
  let count = 0;
  for (let i = 0; i < pairs; i++) if ((bit(i) === bit(pairs + i)) === equal) count++;
  for (let i = 0; i < twos; i++) count += 2 * bit(2 * pairs + i);
  for (let i = 0; i < ones; i++) count += bit(2 * pairs + twos + i);
  return count;
}
