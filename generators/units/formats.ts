import { bitLength } from '../formats/exact.ts';
import { parseFormat } from '../formats/parse.ts';
import { type Exact, type Format, FormatError } from '../formats/types.ts';

/** The fixed-point format, with a last bit of weight 2^lsb, that just holds the integers from `min` to `max`. */
export function fixedFormat(min: bigint, max: bigint, lsb: number): string {
  const signed = min < 0n;
  const width = signed ? 1 + Math.max(bitLength(max), bitLength(-min - 1n)) : Math.max(1, bitLength(max));
  const prefix = signed ? '' : 'u';
  return lsb === 0 ? `${prefix}int${width}` : `${prefix}fix${width}.${-lsb}`;
}

/** Least and greatest finite value of a format, in units of its last bit. */
export function integersOf(format: Format): readonly [bigint, bigint] {
  return integersAt(format, format.lsbExponent);
}

/** The same in units of 2^lsb, which is at most the last bit. */
export function integersAt(format: Format, lsb: number): readonly [bigint, bigint] {
  const at = (x: Exact): bigint => {
    if (x.kind !== 'finite') throw new Error(`${format.id} is not bounded`);
    const magnitude = x.mag << BigInt(x.exp - lsb);
    return x.neg ? -magnitude : magnitude;
  };
  return [at(format.min), at(format.max)];
}

/** What is wrong with a format that an exact result would need. */
export function tooWide(id: string): string[] {
  try {
    parseFormat(id);
    return [];
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return [`the exact result does not fit a format: ${error.message}; choose narrower operands`];
  }
}

/** Least and greatest product of two formats, in units of the product of their last bits. */
export function productRange(a: string, b: string): readonly [bigint, bigint] {
  const [least, most] = [integersOf(parseFormat(a)), integersOf(parseFormat(b))];
  const corners = least.flatMap(x => most.map(y => x * y));
  return [corners.reduce((m, x) => (x < m ? x : m)), corners.reduce((m, x) => (x > m ? x : m))];
}

/** The fixed-point format that just holds any sum of so many products of two formats, without rounding. */
export function dotFormat(a: string, b: string, lanes: number): string {
  const { min, max, lsb } = dotRange(a, b, lanes);
  return fixedFormat(min, max, lsb);
}

/** The ends of such sums, in units of their last bit, and the weight of that as a power of two. */
export function dotRange(a: string, b: string, lanes: number): { min: bigint; max: bigint; lsb: number } {
  const [min, max] = productRange(a, b);
  const lsb = parseFormat(a).lsbExponent + parseFormat(b).lsbExponent;
  return { min: min * BigInt(lanes), max: max * BigInt(lanes), lsb };
}
