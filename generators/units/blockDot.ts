import { exactDot, type Value } from '../formats/arithmetic.ts';
import { dotExact, dotOf } from '../formats/dot.ts';
import { exponentOf } from '../formats/double.ts';
import { parseFormat } from '../formats/parse.ts';
import type { Exact } from '../formats/types.ts';
import { dotFormat } from './formats.ts';
import { FloatSum, type WindowAnswer, WindowSum } from './runningSum.ts';
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

/** The input ports; blocks of `lanes` elements of a format. */
function blockPorts(element: string, lanes: number): Ports['in'] {
  return {
    a: { format: element, lanes, doc: 'elements of the first block' },
    a_scale: { format: 'e8m0', doc: 'scale of the first block' },
    b: { format: element, lanes, doc: 'elements of the second block' },
    b_scale: { format: 'e8m0', doc: 'scale of the second block' },
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

export function blockSumPorts(p: AccumulatorParams, element: string, lanes: number): Ports {
  const first = { format: 'uint1', doc: 'this beat starts a new sum, from +0' };
  const inputs: Ports['in'] = { first, ...blockPorts(element, lanes) };
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

/** The running sum of dot products of blocks. */
export function goldenBlockSum(
  p: AccumulatorParams,
  element: string,
  lanes: number,
): Golden<BlockSumBeat, Record<string, number | Exact>> {
  return p.accumulator === 'fp32' ? goldenFloat(element, lanes) : goldenWindow(p, element, lanes);
}

function goldenFloat(element: string, lanes: number): Golden<BlockSumBeat, { y: number }> {
  const format = parseFormat(element);
  const dot = dotOf(format, format, lanes);
  const sum = new FloatSum(parseFormat('fp32'));
  return {
    reset: () => sum.reset(),
    step({ first, a, a_scale, b, b_scale }) {
      if (first) sum.reset();
      return { y: sum.add(dot(a, b) * a_scale * b_scale) };
    },
  };
}

function goldenWindow(
  p: AccumulatorParams,
  element: string,
  lanes: number,
): Golden<BlockSumBeat, Readonly<Record<keyof WindowAnswer, number | Exact>>> {
  const format = parseFormat(element);
  const dot = dotOf(format, format, lanes);
  const lsb = 2 * format.lsbExponent;
  const window = new WindowSum(p.windowLsb, p.windowWidth);
  return {
    reset: () => window.reset(),
    step({ first, a, a_scale, b, b_scale }) {
      if (first) window.reset();
      const block = dot(a, b) * a_scale * b_scale;
      if (Number.isNaN(block)) window.addNaN();
      else if (!Number.isFinite(block)) window.addInfinity();
      else window.add(dotExact(a, b, lsb), lsb + exponentOf(a_scale) + exponentOf(b_scale));
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

/** The same for a running sum. */
export function* blockSumCorners(element: string, lanes: number): Generator<Codes & { first: bigint }> {
  for (const first of [1n, 0n]) for (const beat of blockDotCorners(element, lanes)) yield { first, ...beat };
}
