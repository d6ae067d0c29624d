import { khotTerms, sumOfShifts } from '../blocks/khot.ts';
import { sumOfTerms } from '../blocks/selectSum.ts';
import { exactDot, type Value, type Values } from '../formats/arithmetic.ts';
import { parseFormat } from '../formats/parse.ts';
import {
  checkWeights,
  type KhotParams,
  khotDecoder,
  khotFormat,
  khotRange,
  termsOf,
  wordWidth,
} from './khot.ts';
import { defineUnit } from './unit.ts';

export interface Params extends KhotParams {
  /** Products of a beat. @min 1 @max 1024 @default 16 */
  lanes: number;
}

/** Dot product of numbers and weights that are sums of a few powers of two, as words of `khot-mul` or as constants. */
export const unit = defineUnit<Params, { a: Values; b?: Values }, { y: Value }>({
  id: 'khot-dot',
  family: 'multiplier-free',
  summary: 'Exact dot product with weights that are sums of a few powers of two.',
  equations: ['y = Σ a[i]·w[i], exact, with w[i] = ± Σ present[t]·2^exponent[t] (csd: a sign for each t)'],
  source: 'QFX, K-hot multiplicands',
  state: false,
  check: p => checkWeights(p, p.lanes),
  ports: p => ({
    in: {
      a: { format: p.a, lanes: p.lanes, doc: 'numbers' },
      ...(p.weights.length === 0
        ? { b: { format: `uint${wordWidth(p)}`, lanes: p.lanes, doc: 'weights, as words of khot-mul' } }
        : {}),
    },
    out: { y: { format: khotFormat(p, p.lanes), doc: 'sum of the products' } },
  }),
  golden(p) {
    const decode = khotDecoder(p);
    const dot = exactDot(parseFormat(p.a), parseFormat('int24'), p.lanes);
    const weights = Float64Array.from({ length: p.lanes }, (_, i) => p.weights[i] ?? 0);
    return {
      step({ a, b }) {
        if (b) for (let i = 0; i < p.lanes; i++) weights[i] = decode(b[i] as number);
        return { y: dot(a, weights) };
      },
    };
  },
  datapath(b, x, p) {
    const numbers = x.vector('a');
    const [low, high] = khotRange(p, p.lanes);
    if (p.weights.length > 0) {
      const terms = p.weights.flatMap((w, i) =>
        termsOf(p.encoding, w).map(term => ({ ...term, x: numbers.at(i) })),
      );
      return { y: sumOfShifts(b, terms, numbers.lsb).narrow(low, high) };
    }
    const lanes = b.scope('', 'Shifted numbers', () =>
      b.lanes('lane', [numbers, x.vector('b')] as const, (number, word) =>
        Object.fromEntries(khotTerms(b, p, number, word).map((term, t) => [`term${t}`, term])),
      ),
    );
    return { y: sumOfTerms(b, Object.values(lanes), high) };
  },
});
