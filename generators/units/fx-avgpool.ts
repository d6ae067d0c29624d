import { divideByConstant } from '../blocks/divide.ts';
import { limitToFixed } from '../blocks/fixed.ts';
import { exactOf, sumOf, type Value, type Values } from '../formats/arithmetic.ts';
import { fromBigInt } from '../formats/exact.ts';
import { parseFormat } from '../formats/parse.ts';
import type { Exact } from '../formats/types.ts';
import { tooWide } from './formats.ts';
import { sumFormat } from './runningSum.ts';
import { defineUnit, type Ports } from './unit.ts';

export interface Params {
  /** Values of which the mean is taken: 9 for a window of 3 by 3. @min 1 @max 1024 @default 9 */
  lanes: number;
  /** Format of the values. @format integer fixed @default int8 */
  from: string;
  /** Format of the mean. @format integer fixed @default int8 */
  to: string;
  /** Rounding of the mean. @default rhu */
  round: 'rne' | 'rna' | 'rtz' | 'rup' | 'rdn' | 'odd' | 'rhu' | 'rhd' | 'rhz' | 'trn';
  /** What becomes of a rounded mean that does not fit; `special` saturates, as there is no infinity. @default saturate */
  overflow: 'saturate' | 'special' | 'wrap' | 'satsym' | 'satzero' | 'wrapsm';
}

/**
 * Average pooling: the mean of any number of values, of which the exact quotient is rounded once. The division is one
 * multiplication by a reciprocal, of which the width follows from the range of the sum so that it is never wrong.
 */
export const unit = defineUnit<Params, { x: Values }, { y: Exact }>({
  id: 'fx-avgpool',
  family: 'fixed-point',
  summary: 'Mean of several fixed-point numbers, rounded once.',
  equations: ['y = cast(Σ x[i] / lanes)'],
  source: 'plain arithmetic; division by constants after Granlund and Montgomery, PLDI 1994',
  state: false,
  check(p) {
    const isUnsigned = !parseFormat(p.to).signed;
    const words = `overflow wrapsm wraps sign and magnitude, but ${p.to} is unsigned; choose a signed format, or wrap`;
    return [
      ...tooWide(sumFormat(p.from, p.lanes)),
      ...(isUnsigned && p.overflow === 'wrapsm' ? [words] : []),
    ];
  },
  ports: (p): Ports => ({
    in: { x: { format: p.from, lanes: p.lanes, doc: 'values' } },
    out: { y: { format: p.to, doc: 'their mean', policy: { round: p.round, overflow: p.overflow } } },
  }),
  golden(p) {
    const { lsbExponent } = parseFormat(p.to);
    return { step: ({ x }) => ({ y: quotientToOdd(sumOf(x), BigInt(p.lanes), lsbExponent - 2) }) };
  },
  datapath(b, x, p) {
    const [from, to] = [parseFormat(p.from), parseFormat(p.to)];
    const sum = b.scope('', 'Sum', () => x.vector('x').sum('sum'));
    return b.scope('', `Divided by ${p.lanes}: ${p.round}`, () => {
      // The quotient of the integers is in units of the result's last bit; what the divisor has too many factors of 2 is shifted.
      const shift = from.lsbExponent - to.lsbExponent;
      const dividend = sum.withLsb(0).shl(Math.max(0, shift));
      const divisor = BigInt(p.lanes) << BigInt(Math.max(0, -shift));
      const mean = divideByConstant(b, dividend, divisor, p.round);
      return { y: limitToFixed(b, mean, to, p.overflow).withLsb(to.lsbExponent) };
    });
  },
  *corners(p) {
    // All alike; and just one beside zero, so that the mean is near a tie for one of the counts.
    const { width } = parseFormat(p.from);
    const ends = [
      0n,
      1n,
      (1n << BigInt(width)) - 1n,
      1n << BigInt(width - 1),
      (1n << BigInt(width - 1)) - 1n,
    ];
    for (const value of ends) {
      for (let count = 0; count <= p.lanes; count += Math.max(1, Math.floor(p.lanes / 16))) {
        yield {
          x: Array.from({ length: p.lanes }, (_, i) =>
            i < count ? value & ((1n << BigInt(width)) - 1n) : 0n,
          ),
        };
      }
    }
  },
});

/** A quotient to a last bit of weight 2^lsb, odd when inexact. Rounded again to a grid that is four times as coarse, it is as if exact. */
function quotientToOdd(dividend: Value, divisor: bigint, lsb: number): Exact {
  const x = exactOf(dividend);
  if (x.kind !== 'finite') throw new Error('the sum is not finite');
  const shift = x.exp - lsb;
  const numerator = (x.neg ? -x.mag : x.mag) << BigInt(Math.max(0, shift));
  const denominator = divisor << BigInt(Math.max(0, -shift));
  const quotient = numerator / denominator;
  if (quotient * denominator === numerator || (quotient & 1n) === 1n) return fromBigInt(quotient, lsb);
  return fromBigInt(quotient + (numerator < 0n ? -1n : 1n), lsb);
}
