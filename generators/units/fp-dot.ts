import { sumOfProducts } from '../blocks/accumulate.ts';
import { multiplyFloating } from '../blocks/element.ts';
import { parseFormat } from '../formats/parse.ts';
import { defineFloatDot, hasSpecialCodes, operandMistakes, type SumParams } from './floatDot.ts';
import { dotFormat } from './formats.ts';
import { productBits, weightIn } from './goldenSum.ts';

export interface Operands {
  /** Products of a beat. @min 1 @max 1024 @default 32 */
  lanes: number;
  /** Format of the first operand: up to 16 bits; integers and fixed point too. @format float integer fixed @default e4m3 */
  a: string;
  /** Format of the second operand: up to 16 bits; integers and fixed point too. @format float integer fixed @default e4m3 */
  b: string;
}

export interface Params extends Operands, SumParams {}

/**
 * Dot product of two vectors of minifloats, of any two formats; either may be integers or fixed point, as in products of
 * floating-point activations and integer weights. The sum is exact, whatever the order of the lanes. For formats whose exact sum
 * would be too wide, as bf16, `--accumulator aligned` cuts each product to some bits below the largest one, as matrix units
 * of processors do: cheaper, and still without regard to the order of the lanes.
 */
export const unit = defineFloatDot<Operands, Params, { a: Float64Array; b: Float64Array }>({
  id: 'fp-dot',
  summary: 'Dot product of minifloats, exact or rounded once.',
  equations: ['sum = Σ a[i]·b[i], exact; 0·∞ and ∞ − ∞ are NaN'],
  source: 'IEEE 754-2019 for products, NaN and infinities; Kulisch, exact accumulation in fixed point',
  check: p => [...operandMistakes('a', p.a), ...operandMistakes('b', p.b)],
  lanes: p => p.lanes,
  inputs: p => ({
    a: { format: p.a, lanes: p.lanes, doc: 'first operands' },
    b: { format: p.b, lanes: p.lanes, doc: 'second operands' },
  }),
  sumFormat: p => dotFormat(p.a, p.b, p.lanes),
  hasSpecial: p => hasSpecialCodes(p.a) || hasSpecialCodes(p.b),
  significandBits: p => productBits(parseFormat(p.a), parseFormat(p.b)),
  golden(p) {
    const products = new Float64Array(p.lanes);
    const weights = new Float64Array(p.lanes);
    const [weightOfA, weightOfB] = [weightIn(parseFormat(p.a)), weightIn(parseFormat(p.b))];
    return {
      values({ a, b }) {
        for (let i = 0; i < products.length; i++) products[i] = a[i]! * b[i]!;
        return products;
      },
      weights: ({ a, b }) => weights.map((_, i) => weightOfA(a[i]!) + weightOfB(b[i]!)),
    };
  },
  datapath: (b, x, p) => sumOfProducts(b, p.a, p.b, x.vector('a'), x.vector('b')),
  floatingTerms: (b, x, p) =>
    b.lanes('product', [x.vector('a'), x.vector('b')] as const, (x, y) => ({
      ...multiplyFloating(b, p.a, p.b, x, y),
    })),
});
