import type { Values } from '../formats/arithmetic.ts';

/**
 * Five trits in a byte. `tq1`: the five digits as a fraction, first digit first, rounded up to 1/256, so that repeated
 * multiplication by 3 gives them back (ggml TQ1_0). `base3`: the number with these digits, first digit last.
 */
export type Trit5Format = 'tq1' | 'base3';

export const TRITS_PER_BYTE = 5;

/** The byte of five trits. */
export function packTrits(format: Trit5Format, trits: ArrayLike<number>): number {
  let [first, last] = [0, 0];
  for (let i = 0; i < TRITS_PER_BYTE; i++) {
    first = 3 * first + trits[i]! + 1;
    last = 3 * last + trits[TRITS_PER_BYTE - 1 - i]! + 1;
  }
  return format === 'tq1' ? Math.ceil((first * 256) / 243) : last;
}

/** The five trits of a byte. Bytes from 243 up have no digits in `base3`: all five are 0. */
export function unpackTrits(format: Trit5Format, byte: number): number[] {
  return Array.from({ length: TRITS_PER_BYTE }, (_, n) => {
    if (format === 'tq1') return Math.floor((((byte * 3 ** n) % 256) * 3) / 256) - 1;
    return byte < 243 ? (Math.floor(byte / 3 ** n) % 3) - 1 : 0;
  });
}

/** Bytes that hold so many trits. */
export const bytesOf = (trits: number): number => Math.ceil(trits / TRITS_PER_BYTE);

/** For goldens: the first trits of some bytes, as many as `into` holds. It is given back. */
export function unpacker(format: Trit5Format): (bytes: Values, into: Float64Array) => Float64Array {
  const table = Array.from({ length: 256 }, (_, byte) => unpackTrits(format, byte));
  return (bytes, into) => {
    for (let i = 0; i < into.length; i++)
      into[i] = table[bytes[Math.floor(i / TRITS_PER_BYTE)] as number]![i % TRITS_PER_BYTE]!;
    return into;
  };
}
