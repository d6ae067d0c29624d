import { dotOf } from '../formats/dot.ts';
import { parseFormat } from '../formats/parse.ts';
import type { BlockBeat, Terms } from './blockDot.ts';
import { fixedFormat, integersOf } from './formats.ts';

/** The operands of dot products of NVFP4 and NVINT4 blocks. */
export interface NvOperands {
  /** Elements of a block, and so products of a beat. @min 1 @max 256 @default 16 */
  lanes: number;
  /** Element format of both blocks. @default e2m1 */
  element: 'e2m1' | 'int4';
}

/** Scales of blocks: positive, and so without use for the sign bit. */
export const SCALE = 'e4m3';

/** Weight of the last bit of a product of two elements and two scales. */
const lsbOf = (element: string): number =>
  2 * (parseFormat(element).lsbExponent + parseFormat(SCALE).lsbExponent);

/** The fixed-point format of an exact dot product with its scales. */
export function productFormat({ element, lanes }: NvOperands): string {
  const [least, most] = integersOf(parseFormat(element));
  const magnitude = least < 0n && -least > most ? -least : most;
  const scale = integersOf(parseFormat(SCALE))[1];
  const max = magnitude * magnitude * BigInt(lanes) * scale * scale;
  return fixedFormat(-max, max, lsbOf(element));
}

/** Whether a number is one that a scale may be: neither NaN nor with its sign set. */
export const isScale = (x: number): boolean => x > 0 || Object.is(x, 0);

/** The dot products, exact in a double; NaN where a scale is NaN or has its sign set. */
export function nvTerms({ element, lanes }: NvOperands): Terms {
  const format = parseFormat(element);
  const dot = dotOf(format, format, lanes);
  const exponent = lsbOf(element);
  const value = ({ a, a_scale, b, b_scale }: BlockBeat): number =>
    isScale(a_scale) && isScale(b_scale) ? dot(a, b) * (a_scale * b_scale) : Number.NaN;
  return { value, exact: beat => ({ integer: BigInt(value(beat) * 2 ** -exponent), exponent }) };
}

/** Scales at the ends of their range, zero, NaN and with a sign; the largest sums, cancellation. */
export function* nvCorners({
  element,
  lanes,
}: NvOperands): Generator<Record<'a' | 'b', bigint[]> & Record<'a_scale' | 'b_scale', bigint>> {
  const format = parseFormat(element);
  const [most, least] = [7, -8].map(x => BigInt(format.encodeNumber(x))) as [bigint, bigint];
  const block = (f: (i: number) => bigint): bigint[] => Array.from({ length: lanes }, (_, i) => f(i));
  for (const a_scale of [0n, 1n, 8n, 0x38n, 0x7en, 0x7fn, 0x80n, 0xb8n, 0xffn]) {
    for (const b_scale of [1n, 0x3bn, 0x7en, 0x7fn, 0x80n]) {
      yield { a: block(() => least), a_scale, b: block(() => least), b_scale };
      yield { a: block(() => most), a_scale, b: block(() => least), b_scale };
      yield { a: block(i => (i % 2 === 0 ? most : least)), a_scale, b: block(() => most), b_scale };
    }
  }
}
