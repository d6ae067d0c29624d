import { exactDot, type Value, type Values } from '../formats/arithmetic.ts';
import { parseFormat } from '../formats/parse.ts';
import { integersOf } from './formats.ts';
import { type Planes, scale, scaledFormat, scaledSum } from './planes.ts';
import { defineUnit } from './unit.ts';

export interface Params {
  /** Numbers of a beat. @min 1 @max 1024 @default 32 */
  lanes: number;
  /** Format of the numbers. @format integer fixed @default int8 */
  a: string;
  /** Format of the two scales. @format integer fixed @default fix16.8 */
  alpha: string;
}

const shape = (p: Params): Planes => {
  const format = parseFormat(p.a);
  const [min, max] = integersOf(format).map(x => BigInt(p.lanes) * x) as [bigint, bigint];
  return { planes: 2, alpha: p.alpha, min, max, lsb: format.lsbExponent };
};

/**
 * Dot product of numbers and weights that are one of four levels, 0, alpha[0], alpha[1] and their sum: two planes of bits, for
 * each of which the numbers with a 1 are added up; then it is scaled, with one multiplication a plane. Nothing is rounded.
 */
export const unit = defineUnit<Params, Record<'a' | 'b' | 'alpha', Values>, { y: Value }>({
  id: 'dualbin-dot',
  family: 'multiplier-free',
  summary: 'Exact dot product with weights of two scaled binary planes.',
  equations: [
    'y = alpha[0] · Σ a[i]·b[i][0] + alpha[1] · Σ a[i]·b[i][1], exact; b[i][p] is bit p of the code',
  ],
  source: 'DB-LLM (dual binarization)',
  state: false,
  ports: p => ({
    in: {
      a: { format: p.a, lanes: p.lanes, doc: 'numbers' },
      b: { format: 'uint2', lanes: p.lanes, doc: 'weights: a bit of each plane' },
      alpha: { format: p.alpha, lanes: 2, doc: 'scales of the planes' },
    },
    out: { y: { format: scaledFormat(shape(p)), doc: 'sum of the scaled planes' } },
  }),
  golden(p) {
    const dot = exactDot(parseFormat(p.a), parseFormat('uint1'), p.lanes);
    const scaled = scaledSum(shape(p));
    const [low, high] = [new Float64Array(p.lanes), new Float64Array(p.lanes)];
    return {
      step({ a, b, alpha }) {
        for (let i = 0; i < p.lanes; i++) {
          low[i] = (b[i] as number) % 2;
          high[i] = Math.floor((b[i] as number) / 2);
        }
        return { y: scaled(alpha, [dot(a, low), dot(a, high)]) };
      },
    };
  },
  datapath(b, x) {
    const sums = [0, 1].map(plane =>
      b.scope(`plane${plane}`, `Plane ${plane}`, () => {
        const chosen = b.lanes('chosen', [x.vector('a'), x.vector('b')] as const, (number, code) =>
          number.gate(code.bit(plane)),
        );
        return chosen.sum('sum');
      }),
    );
    return { y: scale(b, x.vector('alpha'), sums) };
  },
});
