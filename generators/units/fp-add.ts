import { addCodes } from '../blocks/floatAdd.ts';
import { minus, type Value } from '../formats/arithmetic.ts';
import { parseFormat } from '../formats/parse.ts';
import { fallingBits } from './floatCorners.ts';
import {
  flushing,
  portPolicy,
  type RoundingParams,
  randomCorner,
  randomPort,
  randomSignal,
  stochastic,
  sumBy,
  widthProblems,
} from './rounding.ts';
import { defineUnit, type Ports } from './unit.ts';

export interface Params extends RoundingParams {
  /** Format of the first operand. @format float @default bf16 */
  a: string;
  /** Format of the second operand. @format float @default bf16 */
  b: string;
  /** Format of the sum. @format float @default bf16 */
  result: string;
  /** What is computed: the sum, the difference, or either, as a further input `subtract` says. @default add */
  operation: 'add' | 'sub' | 'addsub';
}

interface Beat {
  readonly a: Value;
  readonly b: Value;
  readonly subtract?: number;
  readonly rnd?: number;
}

/**
 * Sum or difference of two floating-point numbers of any two formats, rounded once to a third. Zeros follow IEEE 754, 6.3:
 * an exact zero from operands that differ is +0, and −0 where sums are rounded toward −∞.
 */
export const unit = defineUnit<Params, Beat, { y: Value }>({
  id: 'fp-add',
  family: 'minifloat',
  summary: 'Sum or difference of two floating-point numbers, rounded once.',
  equations: [
    'add: y = round(a + b)',
    'sub: y = round(a − b)',
    'addsub: y = round(subtract ? a − b : a + b)',
  ],
  source: 'IEEE 754-2019 (addition, subtraction, 6.3 for zeros), with the special codes of each format',
  state: false,
  check: p => widthProblems({ a: p.a, b: p.b, result: p.result }),
  ports(p): Ports {
    const subtract = { format: 'uint1', doc: 'the second operand is subtracted' };
    const inputs = {
      a: { format: p.a, doc: 'first operand' },
      b: { format: p.b, doc: 'second operand' },
      ...(p.operation === 'addsub' ? { subtract } : {}),
      ...randomPort(p),
    };
    return { in: inputs, out: { y: { format: p.result, doc: 'sum or difference', policy: portPolicy(p) } } };
  },
  golden(p) {
    const [first, second] = [flushing(p.a, p.subnormals), flushing(p.b, p.subnormals)];
    const [sum, rounded] = [sumBy(p.round, p.result), stochastic(p.result, p)];
    return {
      step({ a, b, subtract, rnd }) {
        const isDifference = p.operation === 'sub' || subtract === 1;
        const other = second(b);
        return { y: rounded(sum(first(a), isDifference ? minus(-0, other) : other), rnd) };
      },
    };
  },
  datapath(b, x, p) {
    const formats = { left: parseFormat(p.a), right: parseFormat(p.b), result: parseFormat(p.result) };
    const isDifference =
      p.operation === 'addsub' ? x.signal('subtract') : b.const(p.operation === 'sub' ? 1 : 0);
    const random = randomSignal(x, p);
    const options = { isDifference, ...(random ? { random } : {}) };
    return { y: addCodes(b, formats, p, x.signal('a'), x.signal('b'), options) };
  },
  *corners(p) {
    // Cancellation of neighbours, and a small operand at each distance from a large one.
    const [f, g] = [parseFormat(p.a), parseFormat(p.b)];
    for (let k = 0; k < 64; k++) {
      const near = f.encode({ kind: 'finite', neg: false, mag: 1n, exp: 0 }) + BigInt(k % 5);
      for (const neg of [false, true]) {
        const a = near & ((1n << BigInt(f.width)) - 1n);
        yield {
          a,
          b: g.encode({ kind: 'finite', neg, mag: 3n, exp: -k }),
          ...(p.operation === 'addsub' ? { subtract: BigInt(k & 1) } : {}),
          ...randomCorner(p, k),
        };
      }
    }
    const also: { subtract?: bigint } = p.operation === 'addsub' ? { subtract: 0n } : {};
    for (const [a, b] of fallingBits(f, g)) yield { a, b, ...also, ...randomCorner(p, 1) };
    for (const [b, a] of fallingBits(g, f)) yield { a, b, ...also, ...randomCorner(p, 1) };
  },
});
