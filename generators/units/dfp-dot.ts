import { sumOfProducts } from '../blocks/accumulate.ts';
import { exactDot, plus, type Value, type Values } from '../formats/arithmetic.ts';
import { parseFormat } from '../formats/parse.ts';
import { elementProblems } from './dynamicFixed.ts';
import { dotFormat, fixedFormat, integersOf } from './formats.ts';
import { defineUnit } from './unit.ts';

export interface Params {
  /** Products of a beat. @min 1 @max 1024 @default 8 */
  lanes: number;
  /** Format of the elements of the first operand. @format integer @default int16 */
  a: string;
  /** Format of the elements of the second operand. @format integer @default int16 */
  b: string;
  /** Format of both exponents. @format integer @default int10 */
  exponent: string;
}

type Beat = { readonly [name in 'a' | 'b']: Values } & { readonly [name in 'a_scale' | 'b_scale']: Value };

/** Exponents are added without loss. */
function sumOfExponents(exponent: string): string {
  const [min, max] = integersOf(parseFormat(exponent));
  return fixedFormat(2n * min, 2n * max, 0);
}

/**
 * Dot product of two vectors in dynamic fixed point: integers that share an exponent each. The sum of the products is
 * exact, and stands for y·2^scale; no chain of additions overflows, and none is cut.
 */
export const unit = defineUnit<Params, Beat, { y: Value; scale: Value }>({
  id: 'dfp-dot',
  family: 'fixed-point',
  summary: 'Exact dot product in dynamic fixed point: integers with shared exponents.',
  equations: ['y = Σ a[i]·b[i], exact, in units of 2^scale', 'scale = a_scale + b_scale'],
  source:
    'Mixed Precision Training of Convolutional Neural Networks using Integer Operations (arXiv 1802.00930)',
  state: false,
  check: p => [
    ...elementProblems(p.a),
    ...elementProblems(p.b),
    ...(parseFormat(p.exponent).width > 32
      ? [`${p.exponent} has more than 32 bits; choose a shorter exponent`]
      : []),
  ],
  ports: p => ({
    in: {
      a: { format: p.a, lanes: p.lanes, doc: 'elements of the first operand' },
      a_scale: { format: p.exponent, doc: 'their exponent' },
      b: { format: p.b, lanes: p.lanes, doc: 'elements of the second operand' },
      b_scale: { format: p.exponent, doc: 'their exponent' },
    },
    out: {
      y: { format: dotFormat(p.a, p.b, p.lanes), doc: 'sum of the products, in units of 2^scale' },
      scale: { format: sumOfExponents(p.exponent), doc: 'exponent of the sum' },
    },
  }),
  golden(p) {
    const dot = exactDot(parseFormat(p.a), parseFormat(p.b), p.lanes);
    return { step: ({ a, b, a_scale, b_scale }) => ({ y: dot(a, b), scale: plus(a_scale, b_scale) }) };
  },
  datapath: (b, x, p) => ({
    y: sumOfProducts(b, p.a, p.b, x.vector('a'), x.vector('b')).sum,
    scale: x.signal('a_scale').add(x.signal('b_scale')),
  }),
});
