import { khotTerms, sumOfShifts } from '../blocks/khot.ts';
import { sumOfTerms } from '../blocks/selectSum.ts';
import { times, type Value } from '../formats/arithmetic.ts';
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

export interface Params extends KhotParams {}

/**
 * A number times a weight that is a sum of a few powers of two: shifts and additions.
 *
 * A weight is a word. From its lowest bits up it has a field for each power, `{present, exponent}`, and above them one sign
 * (`binary`); or fields `{sign, present, exponent}` (`csd`). Each word has a meaning, also one that names a power twice. With
 * `--weights` the one weight is a constant, and only the additions are left.
 */
export const unit = defineUnit<Params, { a: Value; b?: number }, { y: Value }>({
  id: 'khot-mul',
  family: 'multiplier-free',
  summary: 'A number times a sum of a few powers of two.',
  equations: ['y = a·w, exact, with w = ± Σ present[t]·2^exponent[t] (csd: a sign for each t)'],
  source: 'QFX, K-hot multiplicands',
  state: false,
  check: p => checkWeights(p, 1),
  ports: p => ({
    in: {
      a: { format: p.a, doc: 'number' },
      ...(p.weights.length === 0
        ? { b: { format: `uint${wordWidth(p)}`, doc: 'the weight, as a word' } }
        : {}),
    },
    out: { y: { format: khotFormat(p, 1), doc: 'product' } },
  }),
  golden(p) {
    const decode = khotDecoder(p);
    return { step: ({ a, b }) => ({ y: times(a, b === undefined ? p.weights[0]! : decode(b)) }) };
  },
  datapath(b, x, p) {
    const [low, high] = khotRange(p, 1);
    const number = x.signal('a');
    const [constant] = p.weights;
    if (constant !== undefined) {
      const terms = termsOf(p.encoding, constant).map(term => ({ ...term, x: number }));
      return { y: sumOfShifts(b, terms, number.lsb).narrow(low, high) };
    }
    const terms = b.scope('', 'Shifted numbers', () => khotTerms(b, p, number, x.signal('b')));
    return { y: sumOfTerms(b, terms, high) };
  },
});
