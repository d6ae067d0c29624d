import { sumToOdd } from './sum.ts';

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

/** The same sum as an exact integer, in units of 2^lsb. The products must be finite multiples of that unit. */
export function dotExact(a: ArrayLike<number>, b: ArrayLike<number>, lsb: number): bigint {
  const unit = 2 ** -lsb;
  let sum = 0n;
  for (let i = 0; i < a.length; i++) sum += BigInt(a[i]! * b[i]! * unit);
  return sum;
}
