import type { FloatLayout } from '../formats/types.ts';
import type { Builder } from '../hdl/builder.ts';
import type { Signal } from '../hdl/signal.ts';
import { leadingZeros } from './bits.ts';
import { unpack } from './float.ts';

/** A positive number `significand · 2^exponent` whose significand has its highest bit set. */
export interface Normalized {
  readonly significand: Signal;
  readonly exponent: Signal;
}

/** The magnitude of a finite code, subnormal or not. A zero counts as some number: ask for it apart. */
export function normalize(b: Builder, layout: FloatLayout, code: Signal): Normalized {
  const { exponent: field, significand } = unpack(b, layout, code);
  const { width } = significand;
  const zeros = leadingZeros(b, significand);
  const moved = significand.shlWithin(zeros, width);
  const exponent = field.sub(zeros).sub(layout.bias + layout.mantissaBits);
  return { significand: withTopBit(b, moved), exponent };
}

/** The same number with its highest bit at the top, for a significand whose range tells where that can be. */
export function normalizeWithin(b: Builder, { significand, exponent }: Normalized): Normalized {
  const { width } = significand;
  const places = width - significand.range[0].toString(2).length;
  if (places === 0) return { significand, exponent };
  const zeros = leadingZeros(b, significand.bits(width - 1, width - 1 - places));
  const moved = significand.withLsb(0).shlWithin(zeros, width);
  return { significand: withTopBit(b, moved), exponent: exponent.sub(zeros) };
}

/** The highest bit of a normalized number as the constant that it is. */
function withTopBit(b: Builder, x: Signal): Signal {
  const { width } = x;
  return width === 1 ? b.const(1) : b.concat(b.const(1), x.bits(width - 2, 0));
}

/** The quotient `1.digits · 2^exponent` of two normalized numbers, cut off; `sticky` says that it is a little more than that. */
export interface Quotient {
  readonly digits: Signal;
  readonly exponent: Signal;
  readonly sticky: Signal;
}

/** Divides bit by bit: one comparison and one subtraction for each of the digits behind the leading one. */
export function divide(b: Builder, dividend: Normalized, divisor: Normalized, digits: number): Quotient {
  const [x, y] = [dividend.significand, divisor.significand];
  const width = Math.max(x.width, y.width);
  const numerator = x.shl(width - x.width);
  const denominator = y.shl(width - y.width);
  const isLess = numerator.lt(denominator);
  const bound = 2n ** BigInt(width) - 1n;
  let remainder = b.mux(isLess, numerator.shl(1), numerator).sub(denominator).narrow(0, bound);
  const quotient: Signal[] = [];
  for (let i = 1; i <= digits; i++) {
    const doubled = remainder.shl(1);
    const digit = doubled.ge(denominator).as(`digit_${i}`);
    quotient.push(digit);
    remainder = doubled.sub(denominator.gate(digit)).narrow(0, bound).as(`remainder_${i}`);
  }
  const shift = dividend.exponent.sub(divisor.exponent).add(x.width - y.width);
  const exponent = shift.sub(isLess);
  return { digits: b.concat(...quotient), exponent, sticky: remainder.any() };
}
