import { exactDot, type Value } from '../formats/arithmetic.ts';
import { dotExact, dotOf } from '../formats/dot.ts';
import { exponentOf, powerOfTwo, scaleByPowerOfTwo } from '../formats/double.ts';
import { parseFormat } from '../formats/parse.ts';
import type { Exact } from '../formats/types.ts';
import { dotFormat } from './formats.ts';
import { FloatSum, type WindowAnswer, WindowSum } from './runningSum.ts';
import { type BeatOf, floatSumCorners, lanesFor, lastBitOf, simpleNumbers } from './sumCorners.ts';
import type { Golden, Ports } from './unit.ts';

/** Two blocks with E8M0 scales, as values. */
export interface BlockBeat {
  readonly a: Float64Array;
  readonly a_scale: number;
  readonly b: Float64Array;
  readonly b_scale: number;
}

export interface BlockSumBeat extends BlockBeat {
  readonly first: number;
}

/** What a dot product of blocks has beside the format and the number of its elements. */
export interface ResultParams {
  /** What comes out: the exact sum and its exponent apart; or a float format that has NaN, rounded once to nearest even. @format float exact @default exact */
  result: string;
}

/** What a running sum of blocks has beside the format and the number of its elements. */
export interface AccumulatorParams {
  /** What the sum is kept in: fp32, rounded with each beat; or a fixed-point window, which no order of beats can change. @default fp32 */
  accumulator: 'fp32' | 'fixed';
  /** For the window: weight of its last bit, as a power of two. @min -300 @max 300 @default -24 */
  windowLsb: number;
  /** For the window: its bits. @min 8 @max 128 @default 48 */
  windowWidth: number;
}

/** The input ports; blocks of `lanes` elements of a format, each with a scale. */
export function blockPorts(element: string, lanes: number, scale = 'e8m0'): Ports['in'] {
  return {
    a: { format: element, lanes, doc: 'elements of the first block' },
    a_scale: { format: scale, doc: 'scale of the first block' },
    b: { format: element, lanes, doc: 'elements of the second block' },
    b_scale: { format: scale, doc: 'scale of the second block' },
  };
}

export function blockDotPorts(p: ResultParams, element: string, lanes: number): Ports {
  const inputs = blockPorts(element, lanes);
  if (p.result !== 'exact')
    return {
      in: inputs,
      out: { y: { format: p.result, doc: 'the dot product, rounded once; a zero sum is +0' } },
    };
  const y = {
    format: dotFormat(element, element, lanes),
    doc: 'sum of the products of the elements; 0 where invalid',
  };
  const exponent = { format: 'int10', doc: 'exponents of both scales together; 0 where invalid' };
  const invalid = { format: 'uint1', doc: 'a scale is NaN, or the sum is infinite or NaN' };
  return { in: inputs, out: { y, exponent, invalid } };
}

export function checkBlockDot({ result }: ResultParams): string[] {
  if (result === 'exact') return [];
  const { canonicalNaN, width } = parseFormat(result);
  if (canonicalNaN === undefined)
    return [`result ${result} has no NaN, which a scale can be: expected a float format that has it`];
  return width <= 32 ? [] : [`result ${result} has ${width} bits: expected a format of at most 32`];
}

export function blockSumPorts(p: AccumulatorParams, blocks: Ports['in']): Ports {
  const first = { format: 'uint1', doc: 'this beat starts a new sum, from +0' };
  const inputs: Ports['in'] = { first, ...blocks };
  if (p.accumulator === 'fp32')
    return { in: inputs, out: { y: { format: 'fp32', doc: 'the running sum after this beat' } } };
  const y = {
    format: `fix${p.windowWidth}.${-p.windowLsb}`,
    doc: 'the running sum after this beat, modulo the window',
    policy: { overflow: 'wrap' },
  } as const;
  const overflow = { format: 'uint1', doc: 'since first, the sum left the window or an infinity came in' };
  const nan = { format: 'uint1', doc: 'since first, a NaN came in or came out of infinities' };
  return { in: inputs, out: { y, overflow, nan } };
}

export const BLOCK_SUM_EQUATIONS = [
  'block = Σ a[i]·b[i] · a_scale·b_scale, exact',
  'fp32:  y ← fp32((first ? +0 : y) + fp32(block)), each rounding to nearest even',
  'fixed: y ← (first ? 0 : y) + round(block / 2^windowLsb), modulo 2^windowWidth; overflow and nan stay set until first',
];

/** The dot product of two blocks: exact, or before the rounding of the output port. */
export function goldenBlockDot(
  p: ResultParams,
  element: string,
  lanes: number,
): Golden<BlockBeat, Record<string, Value>> {
  const format = parseFormat(element);
  // Exact, or where it exceeds a double, rounded to odd: rounding that again is rounding once.
  const dot = dotOf(format, format, lanes);
  if (p.result !== 'exact')
    // The exact sum is an integer: its zero has no sign, even where all products are −0.
    return { step: ({ a, a_scale, b, b_scale }) => ({ y: (dot(a, b) + 0) * a_scale * b_scale }) };
  const exact = exactDot(format, format, lanes);
  return {
    step({ a, a_scale, b, b_scale }) {
      const isValid = Number.isFinite(dot(a, b) * a_scale * b_scale);
      if (!isValid) return { y: 0, exponent: 0, invalid: 1 };
      return { y: exact(a, b), exponent: exponentOf(a_scale) + exponentOf(b_scale), invalid: 0 };
    },
  };
}

/** What a beat adds to a running sum. */
export interface Terms {
  /** Its value; where it exceeds a double, rounded to odd, so that rounding it again is rounding once. */
  value(beat: BlockBeat): number;
  /** The same, where that is finite, as `integer · 2^exponent`. */
  exact(beat: BlockBeat): { readonly integer: bigint; readonly exponent: number };
}

/** The dot products of blocks with E8M0 scales. */
export function dotTerms(element: string, lanes: number): Terms {
  const format = parseFormat(element);
  const dot = dotOf(format, format, lanes);
  const lsb = 2 * format.lsbExponent;
  return {
    value: ({ a, a_scale, b, b_scale }) => dot(a, b) * a_scale * b_scale,
    exact: ({ a, a_scale, b, b_scale }) => ({
      integer: dotExact(a, b, lsb),
      exponent: lsb + exponentOf(a_scale) + exponentOf(b_scale),
    }),
  };
}

/** The running sum of such terms. */
export function goldenBlockSum(
  p: AccumulatorParams,
  terms: Terms,
): Golden<BlockSumBeat, Record<string, number | Exact>> {
  return p.accumulator === 'fp32' ? goldenFloat(terms) : goldenWindow(p, terms);
}

function goldenFloat({ value }: Terms): Golden<BlockSumBeat, { y: number }> {
  const sum = new FloatSum(parseFormat('fp32'));
  return {
    reset: () => sum.reset(),
    step(beat) {
      if (beat.first) sum.reset();
      return { y: sum.add(value(beat)) };
    },
  };
}

function goldenWindow(
  p: AccumulatorParams,
  { value, exact }: Terms,
): Golden<BlockSumBeat, Readonly<Record<keyof WindowAnswer, number | Exact>>> {
  const window = new WindowSum(p.windowLsb, p.windowWidth);
  return {
    reset: () => window.reset(),
    step(beat) {
      if (beat.first) window.reset();
      const block = value(beat);
      if (Number.isNaN(block)) window.addNaN();
      else if (!Number.isFinite(block)) window.addInfinity();
      else {
        const { integer, exponent } = exact(beat);
        window.add(integer, exponent);
      }
      return window.answer;
    },
  };
}

type Codes = Record<'a' | 'b', bigint[]> & Record<'a_scale' | 'b_scale', bigint>;

/** The two ends of the exponent range, where a block is subnormal or overflows; exact cancellation; ties. */
export function* blockDotCorners(element: string, lanes: number): Generator<Codes> {
  const format = parseFormat(element);
  const [one, minusOne] = [1, -1].map(x => BigInt(format.encodeNumber(x))) as [bigint, bigint];
  const block = (f: (i: number) => bigint): bigint[] => Array.from({ length: lanes }, (_, i) => f(i));
  for (const [x, y] of [
    [0n, 0n],
    [0n, 128n],
    [53n, 53n],
    [64n, 64n],
    [127n, 127n],
    [254n, 127n],
    [254n, 254n],
    [255n, 127n],
    [127n, 255n],
    [1n, 104n],
    [104n, 128n],
  ] as const) {
    const b = block(() => one);
    yield { a: b, a_scale: x, b, b_scale: y };
    yield { a: block(i => (i === 0 ? minusOne : 0n)), a_scale: x, b, b_scale: y };
    yield { a: block(i => (i % 2 === 0 ? one : minusOne)), a_scale: x, b, b_scale: y };
  }
}

/** Finds blocks whose dot product with its scales is a given number: its last bit is made of the smallest elements. */
export function blocksOf(element: string, lanes: number, scale = 'e8m0'): BeatOf {
  const [format, scales] = [parseFormat(element), parseFormat(scale)];
  const code = (x: number): bigint => BigInt(format.encodeNumber(x));
  const numbers = simpleNumbers(format);
  const terms = numbers.flatMap(x => numbers.map(y => ({ value: x * y, codes: { a: code(x), b: code(y) } })));
  const find = lanesFor(terms, lanes, { a: 0n, b: 0n });
  const powers = simpleNumbers(scales)
    .filter(x => x > 0)
    .map(exponentOf);
  const [least, most] = [Math.min(...powers), Math.max(...powers)];
  return (amount, placesUp = 0) => {
    const wanted = lastBitOf(amount) - 2 * format.lsbExponent - placesUp;
    const power = Math.min(2 * most, Math.max(2 * least, wanted));
    const blocks = find(scaleByPowerOfTwo(amount, -power));
    if (!blocks) return undefined;
    const [a, b] = [Math.floor(power / 2), Math.ceil(power / 2)].map(x =>
      BigInt(scales.encodeNumber(powerOfTwo(x))),
    );
    return { ...blocks, a_scale: a!, b_scale: b! };
  };
}

/** Sums that are led to where rounding and limits decide. */
export function runningSumCorners(beatOf: BeatOf): ReturnType<typeof floatSumCorners> {
  return floatSumCorners(parseFormat('fp32'), beatOf);
}

/** Beats that start a sum, and the same that go on. */
export function* withFirst<C extends object>(beats: () => Iterable<C>): Generator<C & { first: bigint }> {
  for (const first of [1n, 0n]) for (const beat of beats()) yield { first, ...beat };
}
