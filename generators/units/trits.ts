import type { Values } from '../formats/arithmetic.ts';
import { parseFormat } from '../formats/parse.ts';
import { fixedFormat, integersOf } from './formats.ts';

/** Two's complement of two bits: 00 is 0, 01 is +1, 11 is −1. The fourth code, 10, counts as 0. */
export const TRIT = 'int2';

/** The trit that a code of two bits, as a number, stands for. */
export function tritOf(code: number): number {
  return code === -2 ? 0 : code;
}

/** For goldens: the trits of some codes, as many as `into` holds. It is given back, and used again: making one takes long. */
export function tritsOf(codes: Values, into: Float64Array, start = 0): Float64Array {
  for (let i = 0; i < into.length; i++) into[i] = tritOf(codes[start + i] as number);
  return into;
}

/** The largest magnitude of a sum of so many numbers of a format, each added, subtracted or left out, in units of the last bit. */
export function signedSumBound(a: string, lanes: number): bigint {
  const [min, max] = integersOf(parseFormat(a));
  return BigInt(lanes) * (-min > max ? -min : max);
}

/** The format that just holds such a sum. */
export function signedSumFormat(a: string, lanes: number): string {
  const bound = signedSumBound(a, lanes);
  return fixedFormat(-bound, bound, parseFormat(a).lsbExponent);
}
