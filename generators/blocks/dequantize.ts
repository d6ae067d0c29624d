import { parseFormat } from '../formats/parse.ts';
import type { Format, Policy } from '../formats/types.ts';
import type { Builder } from '../hdl/builder.ts';
import type { Signal, Vector } from '../hdl/signal.ts';
import { roundToFloat, special, type Unpacked, unpack } from './float.ts';

/** What all elements of a block are multiplied by: a positive number, `significand · 2^exponent`. */
export interface Factor {
  readonly significand: Signal;
  readonly exponent: Signal;
  readonly isNaN: Signal;
}

/** An E8M0 scale as a factor. */
export function factorOfE8M0(b: Builder, code: Signal): Factor {
  return { significand: b.const(1), exponent: code.sub(127), isNaN: code.eq(255) };
}

/** Elements times a factor, each rounded once to a float format that has infinity and NaN. */
export function dequantize(
  b: Builder,
  codes: Vector,
  element: string,
  factor: Factor,
  to: string,
  policy: Policy,
): Vector {
  const source = parseFormat(element);
  const { float: layout, canonicalNaN } = parseFormat(to);
  return b.lanes('element', [codes] as const, code => {
    const { sign, significand, exponent, isNaN: isNan, isInfinite } = partsOf(b, source, code);
    const unrounded = {
      sign,
      magnitude: significand.mul(factor.significand),
      exponent: exponent.add(factor.exponent),
    };
    const magnitude = roundToFloat(b, layout!, policy, unrounded);
    const result = { sign, magnitude, isNaN: isNan.or(factor.isNaN), isInfinite };
    return special(b, layout!, canonicalNaN, result, policy.overflow);
  });
}

/** A code as sign, integer and power of two. */
function partsOf(b: Builder, format: Format, code: Signal): Omit<Unpacked, 'isZero'> {
  const { float, lsbExponent } = format;
  if (float) {
    const parts = unpack(b, float, code);
    return { ...parts, exponent: parts.exponent.sub(float.bias + float.mantissaBits) };
  }
  const none = b.const(0);
  const sign = code.sign();
  const most = -code.range[0];
  const significand = code.withLsb(0).negateIf(sign).narrow(0, most);
  return { sign, significand, exponent: b.const(lsbExponent), isNaN: none, isInfinite: none };
}
