import { parseFormat } from '../formats/parse.ts';
import type { Policy } from '../formats/types.ts';
import type { Builder } from '../hdl/builder.ts';
import type { Signal, Vector } from '../hdl/signal.ts';
import { clamp, shiftRightSticky } from './bits.ts';
import { multiplyCodes } from './element.ts';
import { addFloat, roundToFloat, special } from './float.ts';

/** An exact sum of products, and what is not a number in it. */
export interface Dot {
  /** The integer; its last bit weighs 2^lsb. Anything where a flag is set. */
  readonly sum: Signal;
  readonly isNaN: Signal;
  readonly isPositiveInfinity: Signal;
  readonly isNegativeInfinity: Signal;
}

/** The exact sum of the products of two vectors of codes. Infinities of both signs make NaN. */
export function sumOfProducts(b: Builder, leftId: string, rightId: string, left: Vector, right: Vector): Dot {
  const lanes = b.lanes('product', [left, right] as const, (x, y) => ({
    ...multiplyCodes(b, leftId, rightId, x, y),
  }));
  const sum = lanes.value.as('products').sum('sum');
  const anyNaN = lanes.isNaN.any();
  const isPositiveInfinity = lanes.isPositiveInfinity.any();
  const isNegativeInfinity = lanes.isNegativeInfinity.any();
  const isNan = anyNaN.or(isPositiveInfinity.and(isNegativeInfinity));
  return { sum, isNaN: isNan, isPositiveInfinity, isNegativeInfinity };
}

/** A sum of products times a power of two that is a signal. */
export interface ScaledDot extends Dot {
  readonly exponent: Signal;
}

/** Two blocks of codes of one format, each with an E8M0 scale. */
export interface ScaledBlocks {
  readonly a: Vector;
  readonly aScale: Signal;
  readonly b: Vector;
  readonly bScale: Signal;
}

/** The exact sum of the products of two blocks, and the exponent of both scales together. */
export function dotOfBlocks(b: Builder, element: string, blocks: ScaledBlocks): ScaledDot {
  const dot = b.scope('', 'Exact sum of the products', () =>
    sumOfProducts(b, element, element, blocks.a, blocks.b),
  );
  return b.scope('scale', 'Scales of the blocks: E8M0, bias 127, 255 is NaN', () => {
    const { aScale, bScale } = blocks;
    const exponent = aScale.add(bScale).sub(254);
    const isNan = dot.isNaN.or(aScale.eq(255)).or(bScale.eq(255));
    return { ...dot, exponent, isNaN: isNan };
  });
}

const NEAREST: Policy = { round: 'rne', overflow: 'special', subnormals: 'keep' };

/** A scaled dot product rounded once to a float format that has NaN; beyond its range it becomes infinite. */
export function roundDot(b: Builder, dot: ScaledDot, id: string): Signal {
  const { float: layout, canonicalNaN } = parseFormat(id);
  const isInfinite = dot.isPositiveInfinity.or(dot.isNegativeInfinity);
  const negative = dot.sum.sign();
  const magnitude = magnitudeOf(dot.sum);
  const exponent = dot.exponent.add(dot.sum.lsb);
  const finite = roundToFloat(b, layout!, NEAREST, { sign: negative, magnitude, exponent });
  const sign = b.mux(isInfinite, dot.isNegativeInfinity, negative);
  return special(b, layout!, canonicalNaN, { sign, magnitude: finite, isNaN: dot.isNaN, isInfinite });
}

/** Adds to an fp32 sum: the dot product rounded to fp32, then the sum, each to nearest even. */
export function accumulateFloat(b: Builder, dot: ScaledDot, first: Signal): Record<'y', Signal> {
  const { float: layout, canonicalNaN } = parseFormat('fp32');
  const rounded = b.scope('block', 'The sum of this beat, rounded to fp32', () =>
    roundDot(b, dot, 'fp32').as('code'),
  );
  const sum = b.register('sum_fp32', { min: 0n, max: 2n ** 32n - 1n });
  b.scope('add', 'The running sum', () => {
    const before = b.mux(first, b.const(0), sum.value);
    const after = addFloat(b, layout!, canonicalNaN!, NEAREST, before, rounded);
    sum.next(after);
  });
  return { y: sum.after };
}

/** A window of fixed-point bits: weight of the last one as a power of two, and how many. */
export interface Window {
  readonly lsb: number;
  readonly width: number;
}

/**
 * Adds to a fixed-point window: the dot product is rounded once, to nearest even, to the window's last bit; the sum wraps
 * and says so. Integers may be added in any order, so the sum does not depend on the order of the beats.
 */
export function accumulateWindow(
  b: Builder,
  window: Window,
  dot: ScaledDot,
  first: Signal,
): Record<'y' | 'overflow' | 'nan', Signal> {
  const { width } = window;
  const { term, lost, isInfinite } = b.scope(
    'term',
    'The sum of this beat, rounded to the last bit of the window',
    () => {
      const isInfinite = dot.isPositiveInfinity.or(dot.isNegativeInfinity).and(dot.isNaN.not());
      const isNumber = dot.isNaN.or(isInfinite).not();
      const negative = dot.sum.sign();
      const magnitude = magnitudeOf(dot.sum);
      const shift = dot.exponent.add(dot.sum.lsb - window.lsb);
      const up = clamp(b, shift, 0, width);
      const down = clamp(b, shift.neg(), 0, magnitude.width + 2);
      const lowered = shiftRightSticky(b, magnitude.shl(2), down);
      const kept = lowered.shifted.bits(magnitude.width + 1, 2);
      const guard = lowered.shifted.bit(1);
      const below = lowered.shifted.bit(0).or(lowered.sticky);
      const increment = guard.and(below.or(kept.bit(0)));
      const rounded = kept.add(increment);
      const raised = rounded.shl(up);
      const value = raised.wrap(width, false).negateIf(negative).gate(isNumber);
      // A term of 2^width and more leaves the window whatever the sum was.
      const beyond = raised.width > width ? raised.bits(raised.width - 1, width).any() : b.const(0);
      const lost = beyond.and(isNumber);
      return { term: value, lost, isInfinite };
    },
  );
  const half = 2n ** BigInt(width - 1);
  const sum = b.register('window', { min: -half, max: half - 1n });
  const overflow = b.register('overflowed', { min: 0n, max: 1n });
  const nan = b.register('nan_seen', { min: 0n, max: 1n });
  b.scope('', 'The running sum', () => {
    const before = b.mux(first, b.const(0), sum.value);
    const total = before.add(term);
    // The total fits where its bits from the window's sign up are all alike.
    const signs = total.bits(total.width - 1, width - 1);
    const outside = signs.any().and(signs.all().not());
    const keep = first.not();
    sum.next(total.wrap(width, true));
    overflow.next(overflow.value.and(keep).or(outside).or(lost).or(isInfinite));
    nan.next(nan.value.and(keep).or(dot.isNaN));
  });
  return { y: sum.after.withLsb(window.lsb), overflow: overflow.after, nan: nan.after };
}

/** The absolute value of a sum, as an integer. */
function magnitudeOf(sum: Signal): Signal {
  const [min, max] = sum.range;
  return sum
    .withLsb(0)
    .negateIf(sum.sign())
    .narrow(0, -min > max ? -min : max);
}

/** The dot product of two blocks as it is, `y · 2^exponent`, or rounded once to a float format. */
export function answerDot(b: Builder, dot: ScaledDot, result: string): Record<string, Signal> {
  if (result !== 'exact')
    return { y: b.scope('', `The result, rounded to ${result}`, () => roundDot(b, dot, result)) };
  const isInvalid = dot.isNaN.or(dot.isPositiveInfinity).or(dot.isNegativeInfinity);
  const isValid = isInvalid.not();
  return { y: dot.sum.gate(isValid), exponent: dot.exponent.gate(isValid), invalid: isInvalid };
}
