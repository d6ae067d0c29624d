import { multiplyAddFloat } from '../blocks/floatMultiply.ts';
import type { Value } from '../formats/arithmetic.ts';
import { parseFormat } from '../formats/parse.ts';
import { fallingProducts, tiesWithTail } from './floatCorners.ts';
import {
  flushing,
  multiplyAddBy,
  portPolicy,
  type RoundingParams,
  randomCorner,
  randomPort,
  randomSignal,
  stochastic,
  widthProblems,
} from './rounding.ts';
import { defineUnit } from './unit.ts';

export interface Params extends RoundingParams {
  /** Format of the first factor. @format float @default bf16 */
  a: string;
  /** Format of the second factor. @format float @default bf16 */
  b: string;
  /** Format of the addend. @format float @default bf16 */
  c: string;
  /** Format of the result. @format float @default bf16 */
  result: string;
}

interface Beat {
  readonly a: Value;
  readonly b: Value;
  readonly c: Value;
  readonly rnd?: number;
}

/**
 * Fused multiply-add: a product and an addend of any three formats, rounded once to a fourth. Zero times infinity is NaN
 * whatever the addend; zeros follow IEEE 754, 6.3.
 */
export const unit = defineUnit<Params, Beat, { y: Value }>({
  id: 'fp-fma',
  family: 'minifloat',
  summary: 'Fused multiply-add of floating-point numbers, rounded once.',
  equations: ['y = round(a·b + c)'],
  source: 'IEEE 754-2019 (fusedMultiplyAdd, 6.3 for zeros), with the special codes of each format',
  state: false,
  check: p => widthProblems({ a: p.a, b: p.b, c: p.c, result: p.result }),
  ports: p => ({
    in: {
      a: { format: p.a, doc: 'first factor' },
      b: { format: p.b, doc: 'second factor' },
      c: { format: p.c, doc: 'addend' },
      ...randomPort(p),
    },
    out: { y: { format: p.result, doc: 'product and addend, rounded once', policy: portPolicy(p) } },
  }),
  golden(p) {
    const [first, second] = [flushing(p.a, p.subnormals), flushing(p.b, p.subnormals)];
    const third = flushing(p.c, p.subnormals);
    const [multiplyAdd, rounded] = [multiplyAddBy(p, p.result), stochastic(p.result, p)];
    return { step: ({ a, b, c, rnd }) => ({ y: rounded(multiplyAdd(first(a), second(b), third(c)), rnd) }) };
  },
  datapath(b, x, p) {
    const formats = {
      left: parseFormat(p.a),
      right: parseFormat(p.b),
      addend: parseFormat(p.c),
      result: parseFormat(p.result),
    };
    const [left, right, addend] = [x.signal('a'), x.signal('b'), x.signal('c')];
    return { y: multiplyAddFloat(b, formats, p, left, right, addend, randomSignal(x, p)) };
  },
  *corners(p) {
    // The product against an addend of either sign at each distance, near and beyond the ends of the window.
    const [f, g, h] = [parseFormat(p.a), parseFormat(p.b), parseFormat(p.c)];
    for (let k = -72; k <= 72; k++) {
      for (const [neg, mag] of [
        [false, 3n],
        [true, 3n],
        [true, 9n],
      ] as const) {
        yield {
          a: f.encode({ kind: 'finite', neg: false, mag: 3n, exp: 0 }),
          b: g.encode({ kind: 'finite', neg: false, mag: 3n, exp: 0 }),
          c: h.encode({ kind: 'finite', neg, mag, exp: k }),
          ...randomCorner(p, k),
        };
      }
    }
    for (const [a, b, c] of fallingProducts(f, g, h)) yield { a, b, c, ...randomCorner(p, 1) };
    for (const [b, a, c] of fallingProducts(g, f, h)) yield { a, b, c, ...randomCorner(p, 1) };
    for (const [a, b, c] of tiesWithTail(f, g, h, parseFormat(p.result)))
      yield { a, b, c, ...randomCorner(p, 1) };
  },
});
