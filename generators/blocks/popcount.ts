import type { Builder } from '../hdl/builder.ts';
import type { Signal, Vector } from '../hdl/signal.ts';
import { addWithCarry, sumOfTerms } from './selectSum.ts';

/** How many of some bits are set, in lanes of one bit. */
export function popcount(b: Builder, bits: Vector): Signal {
  return b.fabric.adderAbsorbs ? plannedCount(b, bits) : regularCount(b, bits);
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

/** How to count so many bits: in tables, or by an adder of two counts, whose carry may take one bit more. */
interface Plan {
  readonly bits: number;
  /** LUTs of six inputs, with a gate of two inputs before each bit. */
  readonly luts: number;
  /** Adders one after the other. */
  readonly depth: number;
  readonly parts?: readonly [Plan, Plan];
  readonly carry: 0 | 1;
}

/** Beyond so many bits the parts are halves: a search finds little more there. */
const SEARCHED = 64;

/** The cheapest plan of those that are no deeper than a tree of pairs, for adders that take in the logic of one operand. */
function cheapest(bits: number): Plan {
  const known = new Map<number, Plan>();
  const plan = (n: number): Plan => {
    const found = known.get(n);
    if (found) return found;
    // Three bits: a gate, and two tables of it and two more gates.
    let best: Plan = { bits: n, luts: n <= 3 ? n : Infinity, depth: 0, carry: 0 };
    for (const carry of [1, 0] as const) {
      const half = (n - carry) >> 1;
      for (let count = half; count >= (n > SEARCHED ? half : 1); count--) {
        const [left, right] = [plan(n - carry - count), plan(count)];
        const depth = 1 + Math.max(left.depth, right.depth);
        // The tables of an adder have room for two bits and their gates on the right. Above the right operand there is only a
        // carry, which has an exclusive or of its own.
        const before = left.luts + (count <= 2 ? 0 : right.luts);
        const luts = before + carry + count.toString(2).length;
        if (luts < best.luts && 2 ** (depth - 1) < n)
          best = { bits: n, luts, depth, parts: [left, right], carry };
      }
    }
    known.set(n, best);
    return best;
  };
  return plan(bits);
}

/** By the cheapest plan. Equal counts, wherever the plan has them, are one loop. */
function plannedCount(b: Builder, bits: Vector): Signal {
  const root = cheapest(bits.lanes);
  const times = new Map<Plan, number>();
  const need = (plan: Plan): void => {
    times.set(plan, (times.get(plan) ?? 0) + 1);
    plan.parts?.forEach(need);
  };
  need(root);
  const unused = new Map<Plan, Vector>();
  const take = (plan: Plan, lanes: number): Vector => {
    const all = unused.get(plan)!;
    if (all.lanes > lanes) unused.set(plan, all.slice(lanes, all.lanes - lanes));
    return all.slice(0, lanes);
  };
  let used = 0;
  const takeBits = (lanes: number): Vector => {
    used += lanes;
    return bits.slice(used - lanes, lanes);
  };
  // Small counts first: they are parts of others.
  for (const [plan, lanes] of [...times].sort(([x], [y]) => x.bits - y.bits)) {
    const { bits: n, parts, carry } = plan;
    const label = `count_${n}`;
    let counts: Vector;
    if (parts) {
      const vectors = [...parts.map(part => take(part, lanes)), ...(carry ? [takeBits(lanes)] : [])];
      counts = b.lanes(label, vectors, (left, right, last = b.const(0)) =>
        addWithCarry(b, left!, right!, last).narrow(0, n),
      );
    } else {
      const words = takeBits(n * lanes)
        .pack()
        .unpack(lanes);
      counts = b.lanes(label, [words], word =>
        Array.from({ length: n }, (_, i) => word!.bit(i)).reduce((x, y) => x.add(y)),
      );
    }
    unused.set(plan, counts.as(`counts_of_${n}`));
  }
  return unused.get(root)!.at(0);
}
