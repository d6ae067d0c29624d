import type { Value } from '../formats/arithmetic.ts';
import { exponentOf, powerOfTwo } from '../formats/double.ts';
import { bitLength, fromBigInt } from '../formats/exact.ts';
import { sumToOdd } from '../formats/sum.ts';
import type { Format } from '../formats/types.ts';
import { integersOf } from './formats.ts';

/**
 * The meaning of sums of terms, for goldens. Terms are doubles, each exact, between 2^−500 and 2^500 where they are not
 * zero, so that neither products nor sums leave the doubles.
 */

/** Whether the sum of the terms is a number: no term is NaN or infinite. */
export function isFiniteSum(terms: Float64Array): boolean {
  return Number.isFinite(plainSum(terms));
}

/** The exact sum of finite terms, for which a fixed-point format of `width` bits and last bit 2^lsb is wide enough. */
export function exactSum(terms: Float64Array, width: number, lsb: number): Value {
  if (width <= 53) return plainSum(terms);
  const unit = powerOfTwo(-lsb);
  let sum = 0n;
  for (const term of terms) sum += BigInt(term * unit);
  return fromBigInt(sum, lsb);
}

/** The same sum, or rounded to odd where it is no double: rounding it again is rounding once. NaN and infinities by IEEE 754; a sum of zero is +0. */
export function oddSum(terms: Float64Array, width: number): number {
  return (width <= 53 ? plainSum(terms) : sumToOdd(terms)) + 0;
}

/**
 * The sum of terms aligned to the largest. A term is `±significand · 2^weight` with a significand below 2^bits; K is the
 * largest weight of a term other than zero. Each magnitude is cut to a multiple of 2^(K + bits − width), toward zero; what
 * is left is added exactly.
 */
export function alignedSum(terms: Float64Array, weights: Float64Array, bits: number, width: number): number {
  if (!isFiniteSum(terms)) return plainSum(terms);
  let largest = Number.NEGATIVE_INFINITY;
  terms.forEach((term, i) => {
    if (term !== 0 && weights[i]! > largest) largest = weights[i]!;
  });
  if (largest === Number.NEGATIVE_INFINITY) return 0;
  const last = powerOfTwo(largest + bits - width);
  let sum = 0;
  for (const term of terms) sum += Math.trunc(term / last);
  return sum * last;
}

function plainSum(terms: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < terms.length; i++) sum += terms[i]!;
  return sum;
}

/** Weight of the last bit of a value's significand: of a float it depends on the value, and all subnormals have the same. */
export function weightIn(format: Format): (x: number) => number {
  const { float, lsbExponent } = format;
  if (!float) return () => lsbExponent;
  const smallest = lsbExponent + float.mantissaBits;
  return x => Math.max(exponentOf(x), smallest) - float.mantissaBits;
}

/** The largest significand of a format's values: all ones for a float, the largest magnitude of a fixed-point number. */
export function largestSignificand(format: Format): bigint {
  if (format.float) return (1n << BigInt(format.float.mantissaBits + 1)) - 1n;
  const [min, max] = integersOf(format);
  return -min > max ? -min : max;
}

/** Bits of the largest significand that a product of two formats can have. */
export function productBits(f: Format, g: Format): number {
  return bitLength(largestSignificand(f) * largestSignificand(g));
}
