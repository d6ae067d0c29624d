import { sumsOfProducts } from '../blocks/accumulate.ts';
import { exactDot, type Value, type Values } from '../formats/arithmetic.ts';
import { parseFormat } from '../formats/parse.ts';
import type { Signal } from '../hdl/signal.ts';
import { dotFormat, tooWide } from './formats.ts';
import { defineUnit } from './unit.ts';

export interface Params {
  /** Rows of the matrix, each with a sum of its own. @min 1 @max 64 @default 2 */
  rows: number;
  /** Products of a row. @min 1 @max 256 @default 32 */
  lanes: number;
  /** Format of the elements of the vector, which all rows share. @format integer fixed @default int8 */
  a: string;
  /** Format of the elements of the matrix. @format integer fixed @default int8 */
  b: string;
}

/** Product of a matrix and a vector of integers or fixed-point numbers: dot products that share one operand. Nothing is rounded. */
export const unit = defineUnit<Params, { a: Values; b: Values }, { y: Value[] }>({
  id: 'fx-matvec',
  family: 'fixed-point',
  summary: 'Exact product of a matrix and a vector of integers or fixed-point numbers.',
  equations: ['y[r] = Σ a[i]·b[r,i], exact; b[r,i] is lane r·lanes + i'],
  source: 'plain arithmetic',
  state: false,
  check: p => tooWide(dotFormat(p.a, p.b, p.lanes)),
  ports: p => ({
    in: {
      a: { format: p.a, lanes: p.lanes, doc: 'the vector: activations' },
      b: { format: p.b, lanes: p.rows * p.lanes, doc: 'the matrix, row after row: weights' },
    },
    out: { y: { format: dotFormat(p.a, p.b, p.lanes), lanes: p.rows, doc: 'sums of the rows' } },
  }),
  golden({ rows, lanes, ...p }) {
    const dot = exactDot(parseFormat(p.a), parseFormat(p.b), lanes);
    return {
      step: ({ a, b }) => ({
        y: Array.from({ length: rows }, (_, r) => dot(a, b.slice(r * lanes, (r + 1) * lanes))),
      }),
    };
  },
  datapath(b, x, p) {
    const rows = Array.from({ length: p.rows }, (_, r) => x.vector('b').slice(r * p.lanes, p.lanes));
    const { width, signed, lsbExponent } = parseFormat(dotFormat(p.a, p.b, p.lanes));
    const sums = sumsOfProducts(b, p.b, p.a, rows, x.vector('a'));
    const codes = sums.map(({ sum }) => {
      const signs = new Array<Signal>(width - sum.width).fill(sum.sign());
      return b.concat(...signs, sum);
    });
    return {
      y: b
        .concat(...codes.reverse())
        .unpack(p.rows, signed)
        .withLsb(lsbExponent),
    };
  },
});
