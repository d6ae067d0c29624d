import { bitLength } from './exact.ts';
import { sumToOdd } from './sum.ts';
import type { Exact, Format } from './types.ts';

const products = new Float64Array(4096);

/**
 * The sum of the products of two vectors of doubles, exact or rounded once to odd (see `sumToOdd`). Each product must be
 * a double, as it is for two formats of at most 26 significant bits.
 */
export function dotToOdd(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const { length } = a;
  const terms = length <= products.length ? products : new Float64Array(length);
  for (let i = 0; i < length; i++) terms[i] = a[i]! * b[i]!;
  return sumToOdd(terms, length);
}

export type Dot = (a: ArrayLike<number>, b: ArrayLike<number>) => number;

/**
 * `dotToOdd` for vectors of `lanes` values of two formats. Where no order of additions can need more than the 53 bits
 * of a double, by the span of the formats, plain additions give the same exact sum several times as fast.
 */
export function dotOf(a: Format, b: Format, lanes: number): Dot {
  return isPlain(a, b, lanes) ? plainDot : dotToOdd;
}

/** Whether plain additions of such products, in any order, stay exact. */
export function isPlain(a: Format, b: Format, lanes: number): boolean {
  const lsb = a.lsbExponent + b.lsbExponent;
  // No partial sum reaches 2^top, and each is a multiple of 2^lsb.
  const top = topOf(a) + topOf(b) + bitLength(BigInt(lanes));
  return top - lsb <= 53 && lsb >= -1074 && top <= 1023;
}

/** Magnitudes of a format are below 2^top. */
function topOf({ max, min }: Format): number {
  const top = (x: Exact): number =>
    x.kind === 'finite' ? bitLength(x.mag) + x.exp : Number.POSITIVE_INFINITY;
  return Math.max(top(max), top(min));
}

export function plainDot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const { length } = a;
  // Only a sum of −0s is −0.
  let sum = length > 0 ? -0 : 0;
  for (let i = 0; i < length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** The same sum as an exact integer, in units of 2^lsb. The products must be finite multiples of that unit. */
export function dotExact(a: ArrayLike<number>, b: ArrayLike<number>, lsb: number): bigint {
  const unit = 2 ** -lsb;
  let sum = 0n;
  for (let i = 0; i < a.length; i++) sum += BigInt(a[i]! * b[i]! * unit);
  return sum;
}
