import { ternaryDot } from '../blocks/ternary.ts';
import { exactDot, type Value, type Values } from '../formats/arithmetic.ts';
import { parseFormat } from '../formats/parse.ts';
import { type Planes, scale, scaledFormat, scaledSum } from './planes.ts';
import { signedSumBound, TRIT, tritsOf } from './trits.ts';
import { defineUnit } from './unit.ts';

export interface Params {
  /** Numbers of a beat. @min 1 @max 1024 @default 32 */
  lanes: number;
  /** Format of the numbers. @format integer fixed @default int8 */
  a: string;
  /** Planes of trits that make up a weight. @min 1 @max 4 @default 2 */
  planes: number;
  /** Format of the scales, one for each plane. @format integer fixed @default fix16.8 */
  alpha: string;
}

const shape = (p: Params): Planes => {
  const bound = signedSumBound(p.a, p.lanes);
  return { ...p, min: -bound, max: bound, lsb: parseFormat(p.a).lsbExponent };
};

/**
 * Dot product of numbers and weights that are sums of scaled planes of trits: for each plane the numbers are added,
 * subtracted or left out; then it is scaled, with one multiplication a plane. Nothing is rounded. A group of weights
 * with scales of its own is as many beats of `tritplane-mac` as it needs, each with these scales.
 */
export const unit = defineUnit<Params, Record<'a' | 'b' | 'alpha', Values>, { y: Value }>({
  id: 'tritplane-dot',
  family: 'multiplier-free',
  summary: 'Exact dot product with weights of scaled ternary planes.',
  equations: ['y = Σ alpha[p] · Σ a[i]·b[p·lanes + i], exact, each b one of −1, 0, +1'],
  source: 'PTQTP (trit planes)',
  state: false,
  ports: p => ({
    in: {
      a: { format: p.a, lanes: p.lanes, doc: 'numbers' },
      b: {
        format: TRIT,
        lanes: p.planes * p.lanes,
        doc: 'weights −1, 0, +1, plane after plane; −2 counts as 0',
      },
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
        for (let i = 0; i < p.planes; i++) sums[i] = dot(a, tritsOf(b, weights, i * p.lanes));
        return { y: scaled(alpha, sums) };
      },
    };
  },
  datapath(b, x, p) {
    const sums = Array.from({ length: p.planes }, (_, i) =>
      b.scope(`plane${i}`, `Plane ${i}`, () =>
        ternaryDot(b, x.vector('a'), x.vector('b').slice(i * p.lanes, p.lanes)),
      ),
    );
    return { y: scale(b, x.vector('alpha'), sums) };
  },
});
