import { signedBound, signedTerm, sumOfTerms } from '../blocks/selectSum.ts';
import { exactDot, type Value, type Values } from '../formats/arithmetic.ts';
import { parseFormat } from '../formats/parse.ts';
import { type Planes, scale, scaledFormat, scaledSum } from './planes.ts';
import { signsOf } from './signs.ts';
import { signedSumBound, TRIT } from './trits.ts';
import { defineUnit } from './unit.ts';

export interface Params {
  /** Numbers of a beat. @min 1 @max 1024 @default 32 */
  lanes: number;
  /** Format of the numbers. @format integer fixed @default int4 */
  a: string;
  /** Planes of signs that make up a weight. @min 1 @max 4 @default 2 */
  planes: number;
  /** Format of the scales, one for each plane. @format integer fixed @default fix16.8 */
  alpha: string;
}

const shape = (p: Params): Planes => {
  const bound = signedSumBound(p.a, p.lanes);
  return { ...p, min: -bound, max: bound, lsb: parseFormat(p.a).lsbExponent };
};

/**
 * Dot product of numbers and weights that are sums of scaled signs (multi-basis binary weights): for each plane the
 * numbers are added or subtracted; then it is scaled, with one multiplication a plane. Nothing is rounded.
 *
 * The sum over a plane is 2·Σ(a where the sign is +) − Σa as well, and Σa is the same for all planes and rows. Here the one's
 * complement goes into the adders with a carry, which takes no more than the gates of that form and spares Σa.
 */
export const unit = defineUnit<Params, Record<'a' | 'b' | 'alpha', Values>, { y: Value }>({
  id: 'signplane-dot',
  family: 'multiplier-free',
  summary: 'Exact dot product with weights of scaled sign planes.',
  equations: ['y = Σ alpha[p] · Σ a[i]·s[p·lanes + i], exact, s = +1 where b is 1, −1 where it is 0'],
  source: 'BinaryDM (multi-basis binary weights)',
  state: false,
  ports: p => ({
    in: {
      a: { format: p.a, lanes: p.lanes, doc: 'numbers' },
      b: { format: 'uint1', lanes: p.planes * p.lanes, doc: 'signs, plane after plane: 1 is +1, 0 is −1' },
      alpha: { format: p.alpha, lanes: p.planes, doc: 'scales of the planes' },
    },
    out: { y: { format: scaledFormat(shape(p)), doc: 'sum of the scaled planes' } },
  }),
  golden(p) {
    const dot = exactDot(parseFormat(p.a), parseFormat(TRIT), p.lanes);
    const scaled = scaledSum(shape(p));
    const weights = new Float64Array(p.lanes);
    const sums: Value[] = Array.from({ length: p.planes }, () => 0);
    return {
      step({ a, b, alpha }) {
        for (let i = 0; i < p.planes; i++) sums[i] = dot(a, signsOf(b, weights, i * p.lanes));
        return { y: scaled(alpha, sums) };
      },
    };
  },
  datapath(b, x, p) {
    const numbers = x.vector('a');
    const sums = Array.from({ length: p.planes }, (_, i) =>
      b.scope(`plane${i}`, `Plane ${i}`, () => {
        const signs = x.vector('b').slice(i * p.lanes, p.lanes);
        const terms = b.lanes('term', [numbers, signs] as const, (number, sign) =>
          signedTerm(b, number, sign.not()),
        );
        return sumOfTerms(b, [terms], signedBound(numbers));
      }),
    );
    return { y: scale(b, x.vector('alpha'), sums) };
  },
});
