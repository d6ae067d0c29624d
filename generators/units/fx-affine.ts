import { exactOf, plus, times, type Value } from '../formats/arithmetic.ts';
import { parseFormat } from '../formats/parse.ts';
import { type CastParams, cast, castPort, castProblems, goldenCast, randomPort } from './cast.ts';
import { defineUnit, type Ports } from './unit.ts';

export interface Params extends CastParams {
  /** Format of the operand. @format integer fixed @default fix16.7 */
  x: string;
  /** Format of the gain. @format integer fixed @default fix12.8 */
  g: string;
  /** Format of the bias. @format integer fixed @default fix12.8 */
  b: string;
  /** Format of the result. @format integer fixed @default fix16.7 */
  result: string;
  /** Casts the product to the result's format before the bias is added: a different function, for comparison. @default false */
  castProduct: boolean;
}

interface Beat {
  readonly x: Value;
  readonly g: Value;
  readonly b: Value;
  readonly rnd?: Value;
}

/**
 * Gain and bias: batch normalization, the slope of a PReLU. The product and the sum are exact and the result is rounded
 * once, which is what `w*x+b` assigned to an ap_fixed does.
 */
export const unit = defineUnit<Params, Beat, { y: Value }>({
  id: 'fx-affine',
  family: 'fixed-point',
  summary: 'Gain and bias on a fixed-point number (batch normalization), rounded once.',
  equations: ['y = cast(x·g + b)', 'with cast-product: y = cast(cast(x·g) + b)'],
  source: 'arXiv 2401.17544 (QFX); bn1 of FracBNN (cornell-zhang/FracBNN)',
  state: false,
  check(p) {
    const twice = p.castProduct && p.round === 'stochastic';
    const words =
      'stochastic rounding has random bits for one cast; with cast-product, choose another rounding';
    return [...castProblems(p.result, p), ...(twice ? [words] : [])];
  },
  ports: (p): Ports => ({
    in: {
      x: { format: p.x, doc: 'operand' },
      g: { format: p.g, doc: 'gain' },
      b: { format: p.b, doc: 'bias' },
      ...randomPort(p),
    },
    out: { y: castPort(p.result, p, 'result') },
  }),
  golden(p) {
    const round = goldenCast(p.result, p);
    const { round: rounding, overflow } = p;
    const format = parseFormat(p.result);
    const first = (product: Value): Value =>
      p.castProduct ? format.decode(format.encode(exactOf(product), { round: rounding, overflow })) : product;
    return { step: ({ x, g, b, rnd }) => ({ y: round(plus(first(times(x, g)), b), rnd) }) };
  },
  datapath(b, x, p) {
    const product = x.signal('x').mul(x.signal('g'));
    const term = p.castProduct
      ? b.scope('product', '', () => cast(b, x, product, p.result, p).as('cast'))
      : product;
    const sum = term.add(x.signal('b'));
    return { y: cast(b, x, sum, p.result, p) };
  },
});
