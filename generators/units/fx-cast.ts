import type { Value } from '../formats/arithmetic.ts';
import { parseFormat } from '../formats/parse.ts';
import { type CastParams, cast, castPort, castProblems, goldenCast, randomPort } from './cast.ts';
import { integersOf } from './formats.ts';
import { defineUnit } from './unit.ts';

export interface Params extends CastParams {
  /** Format of the operand. @format integer fixed @default fix16.12 */
  from: string;
  /** Format of the result. @format integer fixed @default fix8.4 */
  to: string;
}

/**
 * Conversion between any two integer or fixed-point formats: rounds first, then decides about overflow. It has all modes
 * of ap_fixed and of IEEE 1666; where those two differ (see the formats), it does as IEEE 1666.
 */
export const unit = defineUnit<Params, { x: Value; rnd?: Value }, { y: Value }>({
  id: 'fx-cast',
  family: 'fixed-point',
  summary: 'Conversion between fixed-point formats, with each rounding and overflow mode.',
  equations: ['y = overflow(round(x · 2^F)) / 2^F, where F are the fraction bits of the result'],
  source: 'IEEE Std 1666 (sc_fixed), AMD ap_fixed; arXiv 2401.17544 (QFX)',
  state: false,
  check: p => castProblems(p.to, p),
  ports: p => ({
    in: { x: { format: p.from, doc: 'operand' }, ...randomPort(p) },
    out: { y: castPort(p.to, p, 'result') },
  }),
  golden(p) {
    const round = goldenCast(p.to, p);
    return { step: ({ x, rnd }) => ({ y: round(x, rnd) }) };
  },
  datapath: (b, x, p) => ({ y: cast(b, x, x.signal('x'), p.to, p) }),
  *corners(p) {
    // Around zero, and around the ends of the result: each last bit of it, and what lies half a bit and one bit of the operand beside.
    const [from, to] = [parseFormat(p.from), parseFormat(p.to)];
    const [least, most] = integersOf(from);
    const shift = to.lsbExponent - from.lsbExponent;
    const half = shift > 0 ? 1n << BigInt(shift - 1) : 1n;
    const inSource = (x: bigint): bigint => (shift >= 0 ? x << BigInt(shift) : x >> BigInt(-shift));
    const random = p.round === 'stochastic' ? [0n, (1n << BigInt(p.randomBits)) - 1n] : [undefined];
    for (const center of [0n, ...integersOf(to)]) {
      for (const step of [-3n, -2n, -1n, 0n, 1n, 2n, 3n]) {
        for (const beside of [-1n, 0n, 1n]) {
          const x = inSource(center) + step * half + beside;
          if (x < least || x > most) continue;
          for (const rnd of random)
            yield { x: BigInt.asUintN(from.width, x), ...(rnd === undefined ? {} : { rnd }) };
        }
      }
    }
  },
});
