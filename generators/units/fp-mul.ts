import { multiplyApart, multiplyCodes } from '../blocks/element.ts';
import { multiplyFloat } from '../blocks/floatMultiply.ts';
import { minus, times, type Value } from '../formats/arithmetic.ts';
import { parseFormat } from '../formats/parse.ts';
import type { Signal } from '../hdl/signal.ts';
import { dotFormat, dotRange, fixedFormat, productRange } from './formats.ts';
import {
  exactProblems,
  flushing,
  hasSpecial,
  isNegative,
  isSpecial,
  portPolicy,
  type RoundingParams,
  randomPort,
  randomSignal,
  stochastic,
  widthProblems,
} from './rounding.ts';
import { defineUnit, type Ports } from './unit.ts';

export interface Params extends RoundingParams {
  /** Format of the first factor. @format float @default e4m3 */
  a: string;
  /** Format of the second factor. @format float @default e4m3 */
  b: string;
  /** Format of the product; or exact, for fixed point that holds each product without rounding. @format float exact @default e4m3 */
  result: string;
  /** With an exact product: its magnitude, and its sign beside it, in place of a signed number. @default false */
  signApart: boolean;
}

interface Beat {
  readonly a: Value;
  readonly b: Value;
  readonly rnd?: number;
}

/**
 * Product of two floating-point numbers of any two formats, rounded once to a third, or exact in fixed point.
 *
 * An exact product of formats with infinities or NaN has a flag: `invalid` is set where the product is none of the numbers,
 * and `y` is 0 then. With its sign apart, a product of zero keeps its sign, and what is none of the numbers has none.
 */
export const unit = defineUnit<Params, Beat, Record<string, Value>>({
  id: 'fp-mul',
  family: 'minifloat',
  summary: 'Product of two floating-point numbers, rounded once or exact.',
  equations: [
    'y = round(a·b); exact: y = a·b in fixed point',
    'exact, with the sign apart: y = |a·b|, negative = sign of a ≠ sign of b',
  ],
  source: 'IEEE 754-2019 (multiplication), with the special codes of each format',
  state: false,
  check(p) {
    const wide = widthProblems({ a: p.a, b: p.b, result: p.result });
    if (p.result !== 'exact' && p.signApart)
      wide.push(`a result of ${p.result} has its sign inside: --sign-apart goes with --result exact`);
    if (wide.length > 0 || p.result !== 'exact') return wide;
    const wrong = p.round === 'rne' ? [] : ['an exact product is not rounded: leave --round away'];
    return [...exactProblems('product', productRange(p.a, p.b)), ...wrong];
  },
  ports(p): Ports {
    const inputs = {
      a: { format: p.a, doc: 'first factor' },
      b: { format: p.b, doc: 'second factor' },
      ...randomPort(p),
    };
    if (p.result !== 'exact')
      return { in: inputs, out: { y: { format: p.result, doc: 'product', policy: portPolicy(p) } } };
    const invalid = { format: 'uint1', doc: 'the product is infinite or NaN; y is 0' };
    const out = {
      ...(p.signApart
        ? {
            y: { format: magnitudeFormat(p), doc: 'magnitude of the product' },
            negative: { format: 'uint1', doc: 'sign of the product, which may be −0' },
          }
        : { y: { format: dotFormat(p.a, p.b, 1), doc: 'product' } }),
      ...(hasSpecial(p.a) || hasSpecial(p.b) ? { invalid } : {}),
    };
    return { in: inputs, out };
  },
  golden(p) {
    const [first, second] = [flushing(p.a, p.subnormals), flushing(p.b, p.subnormals)];
    if (p.result === 'exact') {
      return {
        step({ a, b }) {
          const product = times(first(a), second(b));
          if (isSpecial(product)) return { y: 0, negative: 0, invalid: 1 };
          if (!p.signApart) return { y: product, invalid: 0 };
          const negative = isNegative(product);
          return { y: negative ? minus(0, product) : product, negative: negative ? 1 : 0, invalid: 0 };
        },
      };
    }
    const rounded = stochastic(p.result, p);
    return { step: ({ a, b, rnd }) => ({ y: rounded(times(first(a), second(b)), rnd) }) };
  },
  datapath(b, x, p): Record<string, Signal> {
    const [left, right] = [x.signal('a'), x.signal('b')];
    if (p.result !== 'exact') {
      const formats = { left: parseFormat(p.a), right: parseFormat(p.b), result: parseFormat(p.result) };
      return { y: multiplyFloat(b, formats, p, left, right, randomSignal(x, p)) };
    }
    const multiplied = p.signApart ? multiplyApart : multiplyCodes;
    const product = multiplied(b, p.a, p.b, left, right, p.subnormals);
    const invalid = product.isNaN.or(product.isPositiveInfinity).or(product.isNegativeInfinity);
    const isNumber = invalid.not();
    if ('value' in product) return { y: product.value.gate(isNumber), invalid };
    return { y: product.magnitude.gate(isNumber), negative: product.negative!.and(isNumber), invalid };
  },
});

/** The unsigned fixed-point format that just holds the magnitude of each product. */
function magnitudeFormat({ a, b }: Params): string {
  const { min, max, lsb } = dotRange(a, b, 1);
  return fixedFormat(0n, max > -min ? max : -min, lsb);
}
