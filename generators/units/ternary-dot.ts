import { ternaryDot, unpackTq1 } from '../blocks/ternary.ts';
import { exactDot, type Value, type Values } from '../formats/arithmetic.ts';
import { parseFormat } from '../formats/parse.ts';
import { bytesOf, unpacker } from './trit5.ts';
import { signedSumFormat, TRIT, tritsOf } from './trits.ts';
import { defineUnit } from './unit.ts';

export interface Params {
  /** Products of a beat. @min 1 @max 1024 @default 32 */
  lanes: number;
  /** Format of the numbers that are added, subtracted or left out. @format integer fixed @default int8 */
  a: string;
  /** How weights come: two bits each, or five in a byte as in ggml TQ1_0, of which the last may be left over. @default int2 */
  weights: 'int2' | 'trit5';
}

/** Dot product of numbers and ternary weights: each number is added, subtracted or left out. Nothing is rounded. */
export const unit = defineUnit<Params, { a: Values; b: Values }, { y: Value }>({
  id: 'ternary-dot',
  family: 'multiplier-free',
  summary: 'Exact dot product with ternary weights.',
  equations: ['y = Σ a[i]·b[i], exact, each b[i] one of −1, 0, +1'],
  source: 'Spectra (TriLM) and BitNet b1.58; ggml TQ1_0 for five weights in a byte',
  state: false,
  ports: p => ({
    in: {
      a: { format: p.a, lanes: p.lanes, doc: 'numbers' },
      b:
        p.weights === 'int2'
          ? { format: TRIT, lanes: p.lanes, doc: 'weights −1, 0, +1; −2 counts as 0' }
          : { format: 'uint8', lanes: bytesOf(p.lanes), doc: 'weights, five in a byte' },
    },
    out: { y: { format: signedSumFormat(p.a, p.lanes), doc: 'sum of the products' } },
  }),
  golden(p) {
    const dot = exactDot(parseFormat(p.a), parseFormat(TRIT), p.lanes);
    const weightsOf = p.weights === 'int2' ? tritsOf : unpacker('tq1');
    const weights = new Float64Array(p.lanes);
    return { step: ({ a, b }) => ({ y: dot(a, weightsOf(b, weights)) }) };
  },
  datapath(b, x, p) {
    const weights = x.vector('b');
    const trits =
      p.weights === 'int2'
        ? weights
        : b.scope('', 'Five weights of each byte', () => unpackTq1(b, weights).slice(0, p.lanes));
    return {
      y: b.scope('', 'Each number as it is, complemented or left out', () =>
        ternaryDot(b, x.vector('a'), trits),
      ),
    };
  },
});
