import type { Values } from '../formats/arithmetic.ts';

/** For goldens: signs as numbers, of bits that are 1 for +1 and 0 for −1, as many as `into` holds. It is given back. */
export function signsOf(bits: Values, into: Float64Array, start = 0): Float64Array {
  for (let i = 0; i < into.length; i++) into[i] = 2 * (bits[start + i] as number) - 1;
  return into;
}
