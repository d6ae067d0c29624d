import { exactOf, plus, times, type Value } from '../formats/arithmetic.ts';
import { compare } from '../formats/exact.ts';
import { parseFormat } from '../formats/parse.ts';
import { defineUnit } from './unit.ts';

export interface Params {
  /** Format of the number. @format integer fixed @default fix16.12 */
  from: string;
}

/**
 * Rounds a number to the nearest of −1, −1/3, 1/3, 1 and saturates. Ties are at −2/3, 0 and 2/3; the one at 0 goes up, and
 * no binary number lies on the others, so that all ways to break them are the same here.
 */
export const unit = defineUnit<Params, { x: Value }, { y: number }>({
  id: 'frac-quant',
  family: 'multiplier-free',
  summary: 'A number rounded to two bits: −1, −1/3, 1/3 or 1.',
  equations: ['y = clamp(⌊(x + 1)·3/2 + 1/2⌋, 0, 3); code q is 2q/3 − 1'],
  source: 'FracBNN (fractional activations)',
  state: false,
  ports: p => ({
    in: { x: { format: p.from, doc: 'number' } },
    out: { y: { format: 'uint2', doc: 'code: q is 2q/3 − 1' } },
  }),
  golden: () => ({
    step({ x }) {
      // ⌊(3x + 4) / 2⌋ is at least q where 3x + 4 is at least 2q.
      const steps = plus(times(x, 3), 4);
      return { y: [2, 4, 6].filter(step => isAtLeast(steps, step)).length };
    },
  }),
  datapath(b, x, p) {
    const { lsbExponent: lsb } = parseFormat(p.from);
    const number = x.signal('x').withLsb(0);
    // The border 2/3 between two multiples of the last bit: what is above it is at least the higher one.
    const scaled = lsb <= 0 ? 2n << BigInt(-lsb) : 2n;
    const unit = lsb <= 0 ? 3n : 3n << BigInt(lsb);
    const twoThirds = (scaled + unit - 1n) / unit;
    const minusTwoThirds = -(scaled / unit);
    const atLeast = (least: bigint) => number.ge(least);
    const [one, two, three] = [atLeast(minusTwoThirds), atLeast(0n), atLeast(twoThirds)];
    return { y: b.concat(two, b.mux(two, three, one)) };
  },
});

function isAtLeast(x: Value, y: number): boolean {
  return typeof x === 'number' ? x >= y : compare(x, exactOf(y)) >= 0;
}
