import { limitToFixed } from '../blocks/fixed.ts';
import { rescaleInteger } from '../blocks/rescale.ts';
import { plus, type Value } from '../formats/arithmetic.ts';
import { parseFormat } from '../formats/parse.ts';
import { besideTies, type DyadicParams, rescale, scalePorts, zeroPointProblems } from './dyadic.ts';
import { defineUnit, type Ports } from './unit.ts';

export interface Params extends DyadicParams {
  /** Format of the operand, an accumulator. @format integer @default int32 */
  from: string;
  /** Format of the result. @format integer @default int8 */
  to: string;
  /** For a constant scale: the multiplier M. @min 0 @max 4294967295 @default 1696777188 */
  multiplier: number;
  /** For a constant scale: the exponent E. @min 0 @max 63 @default 37 */
  exponent: number;
  /** Added after the rounding, before the result is saturated. @min -2147483648 @max 4294967295 @default 0 */
  zeroPoint: number;
}

interface Beat {
  readonly x: Value;
  readonly m?: Value;
  readonly e?: Value;
}

/**
 * Rescaling of an integer accumulator by a dyadic number, as in integer-only inference: one multiplication and one shift
 * stand for the factor S = S_x·S_w / S_y. For S = m0·2^e0 with m0 in [0.5, 1), M = ⌊m0·2^31 + 1/2⌋ and E = 31 − e0; where
 * that M is 2^31, it is halved and E is one less. The defaults are S = 0.0123456789.
 */
export const unit = defineUnit<Params, Beat, { y: Value }>({
  id: 'dyadic-requant',
  family: 'fixed-point',
  summary: 'Rescales an integer by M / 2^E and saturates it: requantization in integers only.',
  equations: ['y = saturate(round(x · M / 2^E) + zero-point)'],
  source: 'HAWQ-V3 (arXiv 2011.10680), fixedpoint_fn of Zhen-Dong/HAWQ',
  state: false,
  check(p) {
    const unusable =
      parseFormat(p.to).width > 32 ? [`${p.to} has more than 32 bits; choose a narrower result`] : [];
    return unusable.length > 0 ? unusable : zeroPointProblems(p.zeroPoint, p.to);
  },
  ports: (p): Ports => ({
    in: { x: { format: p.from, doc: 'operand' }, ...scalePorts(p, '', 'the operand') },
    out: { y: { format: p.to, doc: 'result', policy: { overflow: 'saturate' } } },
  }),
  golden: p => ({
    step({ x, m = p.multiplier, e = p.exponent }) {
      return { y: plus(rescale(x, m, e, p.round), p.zeroPoint) };
    },
  }),
  datapath(b, x, p) {
    const isConstant = p.scale === 'constant';
    const multiplier = isConstant ? BigInt(p.multiplier) : x.signal('m');
    const exponent = isConstant ? p.exponent : x.signal('e');
    const scaled = b.scope('', 'Times M / 2^E', () =>
      rescaleInteger(b, x.signal('x'), multiplier, exponent, p.round),
    );
    const result = scaled.add(p.zeroPoint);
    return {
      y: b.scope('', `Saturated to ${p.to}`, () => limitToFixed(b, result, parseFormat(p.to), 'saturate')),
    };
  },
  *corners(p): Generator<Record<string, bigint>> {
    const { width } = parseFormat(p.from);
    if (p.scale === 'constant') {
      for (const x of besideTies(p.multiplier, p.exponent, width)) yield { x };
      return;
    }
    // Ties: a multiplier of one bit, and operands around odd multiples of half a step.
    const m = 1n << BigInt(p.multiplierBits - 1);
    const e = BigInt(Math.min(63, p.multiplierBits));
    for (const x of [-7n, -5n, -3n, -2n, -1n, 0n, 1n, 2n, 3n, 5n, 7n]) {
      for (const shift of [e - 1n, e, e + 1n, 0n, 63n])
        if (shift >= 0n && shift < 64n) yield { x: BigInt.asUintN(width, x), m, e: shift };
    }
  },
});
