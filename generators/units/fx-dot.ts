import { sumOfProducts } from '../blocks/accumulate.ts';
import { exactDot, type Value, type Values } from '../formats/arithmetic.ts';
import { parseFormat } from '../formats/parse.ts';
import { dotFormat, tooWide } from './formats.ts';
import { defineUnit } from './unit.ts';

export interface Params {
  /** Products of a beat. @min 1 @max 1024 @default 32 */
  lanes: number;
  /** Format of the first operand. @format integer fixed @default int8 */
  a: string;
  /** Format of the second operand. @format integer fixed @default int8 */
  b: string;
}

/** Dot product of two vectors of integers or fixed-point numbers, of any two formats, signed or not. Nothing is rounded. */
export const unit = defineUnit<Params, { a: Values; b: Values }, { y: Value }>({
  id: 'fx-dot',
  family: 'fixed-point',
  summary: 'Exact dot product of integers or fixed-point numbers.',
  equations: ['y = Σ a[i]·b[i], exact'],
  source: 'plain arithmetic',
  state: false,
  check: p => tooWide(dotFormat(p.a, p.b, p.lanes)),
  ports: p => ({
    in: {
      a: { format: p.a, lanes: p.lanes, doc: 'first operands' },
      b: { format: p.b, lanes: p.lanes, doc: 'second operands' },
    },
    out: { y: { format: dotFormat(p.a, p.b, p.lanes), doc: 'sum of the products' } },
  }),
  golden(p) {
    const dot = exactDot(parseFormat(p.a), parseFormat(p.b), p.lanes);
    return { step: ({ a, b }) => ({ y: dot(a, b) }) };
  },
  datapath: (b, x, p) => ({ y: sumOfProducts(b, p.a, p.b, x.vector('a'), x.vector('b')).sum }),
});
