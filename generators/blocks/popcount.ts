import type { Builder } from '../hdl/builder.ts';
import { type Signal, Vector } from '../hdl/signal.ts';
import { addWithCarry, pending, sumAbove, sumOfTerms } from './selectSum.ts';

/** How many of some bits are set, in lanes of one bit. */
export function popcount(b: Builder, bits: Vector): Signal {
  if (!b.fabric.adderAbsorbs) return regularCount(b, bits);
  return plannedCount(b, [bits], { lane: ([bit]) => bit!, few: ([word]) => sumOfBits(word!) });
}

/** How many bits of a word are set: for words of a few bits. */
export function sumOfBits(word: Signal): Signal {
  return Array.from({ length: word.width }, (_, i) => word.bit(i)).reduce((x, y) => x.add(y));
}

/** Equal groups in one loop. */
function regularCount(b: Builder, bits: Vector): Signal {
  // Four bits to a lane: three are counted, which with a gate before each bit is two functions of six inputs; the fourth
  // waits below their number for the carry of an adder.
  const groups = Math.ceil(bits.lanes / 4);
  const padding = Array.from({ length: 4 * groups - bits.lanes }, () => b.const(0));
  const padded = b.concat(...padding, bits.pack());
  const fours = b.lanes('four', [padded.unpack(groups)] as const, four => {
    const count = four.bit(1).add(four.bit(2)).add(four.bit(3));
    return b.concat(count, four.bit(0));
  });
  return sumOfTerms(b, [fours], BigInt(bits.lanes));
}

/** How to count so many lanes: in tables, or by an adder of two counts, whose carry may take one lane more. */
interface Plan {
  readonly lanes: number;
  /** LUTs, with a gate of two inputs before each lane. */
  readonly luts: number;
  /** Adders one after the other. */
  readonly depth: number;
  readonly parts?: readonly [Plan, Plan];
  readonly carry: 0 | 1;
}

/** Beyond so many lanes the parts are halves: a search finds little more there. */
const SEARCHED = 64;

/** The cheapest plan of those that are no deeper than a tree of pairs. */
function cheapest(lanes: number, adderAbsorbs: boolean): Plan {
  const known = new Map<number, Plan>();
  const plan = (n: number): Plan => {
    const found = known.get(n);
    if (found) return found;
    // Three lanes: a gate, and two tables of it and two more gates. Where a table has four inputs, the carry is made of the sum.
    let best: Plan = { lanes: n, luts: n <= FEW ? n : Infinity, depth: 0, carry: 0 };
    for (const carry of [1, 0] as const) {
      const half = (n - carry) >> 1;
      for (let count = half; count >= (n > SEARCHED ? half : 1); count--) {
        const [left, right] = [plan(n - carry - count), plan(count)];
        const depth = 1 + Math.max(left.depth, right.depth);
        const luts = carry + (adderAbsorbs ? absorbingAdder(left, right) : plainAdder(left, right));
        if (luts < best.luts && 2 ** (depth - 1) < n)
          best = { lanes: n, luts, depth, parts: [left, right], carry };
      }
    }
    known.set(n, best);
    return best;
  };
  return plan(lanes);
}

/** Lanes that are counted without an adder. */
const FEW = 3;

const bitsFor = ({ lanes }: Plan): number => lanes.toString(2).length;

/** The LUTs of two counts and of their adder, whose carry out takes none. */
function plainAdder(left: Plan, right: Plan): number {
  return left.luts + right.luts + bitsFor(left);
}

/**
 * The same where the tables of an adder have room for two lanes and their gates on the right. Above the right operand there is only a carry, which
 * has an exclusive or of its own.
 */
function absorbingAdder(left: Plan, right: Plan): number {
  return left.luts + (right.lanes <= 2 ? 0 : right.luts) + bitsFor(right);
}

/** How lanes are counted, each given by its bit of every vector: one, and a few as words. */
export interface Counter {
  readonly lane: (bits: readonly Signal[]) => Signal;
  readonly few: (words: readonly Signal[]) => Signal;
}

/**
 * How many lanes of some vectors count, and a number that is known beforehand, by the cheapest plan. Equal counts, wherever the plan has them,
 * are one loop.
 */
export function plannedCount(b: Builder, vectors: readonly Vector[], counter: Counter, more = 0): Signal {
  const root = cheapest(vectors[0]!.lanes, b.fabric.adderAbsorbs);
  const times = new Map<Plan, number>();
  const need = (plan: Plan): void => {
    times.set(plan, (times.get(plan) ?? 0) + 1);
    plan.parts?.forEach(need);
  };
  need(root);
  const unused = new Map<Plan, Signal | Vector>();
  const take = (plan: Plan, lanes: number): Signal | Vector => {
    const all = unused.get(plan)!;
    if (!(all instanceof Vector)) return all;
    if (all.lanes > lanes) unused.set(plan, all.slice(lanes, all.lanes - lanes));
    return lanes === 1 ? all.at(0) : all.slice(0, lanes);
  };
  let used = 0;
  /** The next lanes of each vector, in words of so many. */
  const takeLanes = (lanes: number, words: number): (Signal | Vector)[] => {
    used += lanes * words;
    const next = vectors.map(v => v.slice(used - lanes * words, lanes * words));
    if (words === 1) return next.map(v => v.pack());
    return lanes === 1 ? next : next.map(v => v.pack().unpack(words).as(`words_of_${lanes}`));
  };
  // Small counts first: they are parts of others.
  for (const [plan, count] of [...times].sort(([x], [y]) => x.lanes - y.lanes)) {
    const { lanes, parts, carry } = plan;
    const operands = parts
      ? [...parts.map(part => take(part, count)), ...(carry ? takeLanes(1, count) : [])]
      : takeLanes(lanes, count);
    const before = plan === root ? more : 0;
    const counted = (...each: Signal[]): Signal => {
      if (!parts) return counter.few(each);
      const [left, right, ...last] = each;
      const bit = carry ? counter.lane(last) : b.const(0);
      const other = constantAbove(b, before, right!);
      const total = b.fabric.adderAbsorbs
        ? addWithCarry(b, left!, other, bit)
        : sumAbove(b, pending(b, left!, bit), other);
      return total.narrow(before, before + lanes);
    };
    unused.set(
      plan,
      count === 1
        ? counted(...(operands as Signal[])).as(`count_of_${lanes}`)
        : b.lanes(`count_${lanes}`, operands as Vector[], counted).as(`counts_of_${lanes}`),
    );
  }
  return take(root, 1) as Signal;
}

/** A number and a constant, which needs no adder where all its bits are above the number. */
function constantAbove(b: Builder, constant: number, x: Signal): Signal {
  if (constant === 0) return x;
  const unit = 2 ** x.width;
  return constant % unit === 0 ? b.concat(b.const(constant / unit), x) : x.add(b.const(constant));
}
