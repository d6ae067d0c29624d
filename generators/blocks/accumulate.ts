import { parseFormat } from '../formats/parse.ts';
import type { Format, Policy } from '../formats/types.ts';
import type { Builder } from '../hdl/builder.ts';
import { bitLength } from '../hdl/node.ts';
import type { Signal, Vector } from '../hdl/signal.ts';
import { clamp, maximum, shiftRightSticky } from './bits.ts';
import { sumInBlocks, sumsOfTwoRows } from './dsp.ts';
import { type Flags, largestProduct, multiplyApart } from './element.ts';
import { roundToWeight } from './fixed.ts';
import { roundToFloat, special } from './float.ts';
import { addFloat } from './floatAdd.ts';
import { addWithCarry, complementIf, pending, sumOfSigned, sumOfTerms } from './selectSum.ts';

/** An exact sum of products, and what is not a number in it. */
export interface Dot extends Flags {
  /** The integer; its last bit weighs 2^lsb. Anything where a flag is set. */
  readonly sum: Signal;
  /** Given where the sum is known in sign and magnitude: then nothing is built to find them. A zero may have either sign. */
  readonly parts?: SignAndMagnitude;
  /** The sum where a condition holds, else zero. Given where that costs nothing. */
  readonly gated?: (condition: Signal) => Signal;
}

/** The magnitude as an integer: what its last bit weighs is that of the sum. */
interface SignAndMagnitude {
  readonly negative: Signal;
  readonly magnitude: Signal;
}

/** The exact sum of the products of two vectors of codes. Infinities of both signs make NaN. */
export function sumOfProducts(b: Builder, leftId: string, rightId: string, left: Vector, right: Vector): Dot {
  const [f, g] = [parseFormat(leftId), parseFormat(rightId)];
  const inBlocks = f.float || g.float ? undefined : sumInBlocks(b, left, right);
  if (inBlocks) return exactDot(b, f, g, inBlocks);
  const lanes = b.lanes('product', [left, right] as const, (x, y) => {
    const { negative, bit, ...product } = multiplyApart(b, leftId, rightId, x, y);
    if (!bit) return { ...product, ...(negative ? { negative } : {}) };
    const { magnitude, ...flags } = product;
    return { term: pending(b, magnitude, bit), ...flags };
  });
  // Codes that are no numbers could give more than the largest sum, but do not count.
  const most = BigInt(left.lanes) * largestProduct(leftId, rightId);
  const isUnsigned = !f.signed && !g.signed;
  const { term, magnitude, negative, ...flags } = lanes as Record<keyof Flags, Vector> &
    Partial<Record<'term' | 'magnitude' | 'negative', Vector>>;
  const bits = bitLength(most);
  if (negative) {
    const signed = sumOfSigned(b, { value: magnitude!.as('magnitudes'), negative: negative.as('signs') });
    const parts = { negative: signed.negative, magnitude: signed.magnitude.withLsb(0).wrap(bits, false) };
    const { gated } = signed;
    return {
      sum: signed.sum.wrap(bits + 1, true),
      parts,
      ...(gated ? { gated: condition => gated(condition).wrap(bits + 1, true) } : {}),
      ...anyOf(flags),
    };
  }
  const sum = term
    ? sumOfTerms(b, [term.as('terms')], most, isUnsigned ? 0n : -most)
    : magnitude!.as('products').sum('sum');
  return { sum: sum.wrap(bits + 1, true), ...anyOf(flags) };
}

/** The same of several rows of codes with one vector that they share. */
export function sumsOfProducts(
  b: Builder,
  rowId: string,
  sharedId: string,
  rows: readonly Vector[],
  shared: Vector,
): Dot[] {
  const [f, g] = [parseFormat(rowId), parseFormat(sharedId)];
  const isExact = f.float === undefined && g.float === undefined;
  const dots: Dot[] = [];
  while (dots.length < rows.length) {
    const [low, high] = rows.slice(dots.length, dots.length + 2);
    const two = isExact && high !== undefined ? sumsOfTwoRows(b, low!, high, shared) : undefined;
    if (two) dots.push(...two.map(sum => exactDot(b, f, g, sum)));
    else dots.push(sumOfProducts(b, rowId, sharedId, low!, shared));
  }
  return dots;
}

/** A sum of products of integers or fixed-point numbers, in units of the product of their last bits. */
function exactDot(b: Builder, f: Format, g: Format, sum: Signal): Dot {
  const none = b.const(0);
  const flags = { isNaN: none, isPositiveInfinity: none, isNegativeInfinity: none, isSpecial: none };
  return { sum: sum.withLsb(f.lsbExponent + g.lsbExponent), ...flags };
}

/** The sum where a condition holds, else zero. */
export function gatedSum({ sum, gated }: Pick<Dot, 'sum' | 'gated'>, condition: Signal): Signal {
  return gated ? gated(condition) : sum.gate(condition);
}

/** What is not a number in a sum, from its terms: infinities of both signs make NaN. */
export function anyOf(lanes: Readonly<Record<keyof Flags, Vector>>): Flags {
  const anyNaN = lanes.isNaN.any();
  const isPositiveInfinity = lanes.isPositiveInfinity.any();
  const isNegativeInfinity = lanes.isNegativeInfinity.any();
  const isNan = anyNaN.or(isPositiveInfinity.and(isNegativeInfinity));
  return { isNaN: isNan, isPositiveInfinity, isNegativeInfinity, isSpecial: lanes.isSpecial.any() };
}

/** A sum of products times a power of two that is a signal. */
export interface ScaledDot extends Dot {
  readonly exponent: Signal;
}

/** Terms to be added up, one in each lane: `±significand · 2^shift`. */
export interface FloatingTerms extends Readonly<Record<keyof Flags, Vector>> {
  readonly sign: Vector;
  /** Unsigned. */
  readonly significand: Vector;
  readonly shift: Vector;
}

/**
 * The sum of terms that are aligned to the one with the largest shift: each magnitude is cut to `width` bits, of which the
 * first is that of the largest significand there can be, and what falls off is lost. Terms of zero align nothing.
 */
export function alignedSum(b: Builder, terms: FloatingTerms, width: number): ScaledDot {
  const { significand, shift, sign, ...flags } = terms;
  const bits = significand.node.width;
  if (significand.lanes === 1) {
    const dropped = Math.max(0, bits - width);
    const lsb = significand.lsb + dropped;
    const magnitude = significand.at(0).withLsb(0).shr(dropped);
    const negative = sign.at(0);
    const sum = magnitude.negateIf(negative).as('sum').withLsb(lsb);
    return { sum, exponent: shift.at(0), parts: { negative, magnitude }, ...anyOf(flags) };
  }
  const places = b.lanes('place', [significand, shift] as const, (s, p) => p.gate(s.any()).as('place'));
  const largest = places.as('places').reduce('largest', (p, q) => maximum(b, p, q));
  const aligned = b.lanes('term', [significand, places, sign] as const, (s, place, negative) => {
    const distance = largest.sub(place).narrow(0, largest.range[1]);
    const [up, down] = [Math.max(0, width - bits), Math.max(0, bits - width)];
    const kept = s.withLsb(0).shl(up).shr(distance).shr(down);
    return kept.negateIf(negative).as('term');
  });
  const sum = aligned
    .as('terms')
    .sum('sum')
    .withLsb(significand.lsb + bits - width);
  return { sum, exponent: largest, ...anyOf(flags) };
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

/** A sum of products rounded once to a float, to nearest even unless said otherwise. An exact zero is +0. */
export function roundDot(b: Builder, dot: ScaledDot, format: Format, policy: Policy = NEAREST): Signal {
  const layout = format.float!;
  const isInfinite = dot.isPositiveInfinity.or(dot.isNegativeInfinity);
  const { negative, magnitude } = dot.parts ? withPositiveZero(dot.parts) : partsOf(dot.sum);
  const exponent = dot.exponent.add(dot.sum.lsb);
  const finite = roundToFloat(b, layout, policy, { sign: negative, magnitude, exponent });
  const sign = b.mux(isInfinite, dot.isNegativeInfinity, negative);
  const result = { sign, magnitude: finite, isNaN: dot.isNaN, isInfinite };
  return special(b, layout, format.canonicalNaN, result, policy.overflow).as('sum');
}

/** Adds to a sum in a float format: the dot product rounded to it, then the sum, each to nearest even. */
export function accumulateFloat(
  b: Builder,
  dot: ScaledDot,
  first: Signal,
  formatId = 'fp32',
): Record<'y', Signal> {
  const format = parseFormat(formatId);
  const rounded = b.scope('block', `The sum of this beat, rounded to ${format.id}`, () =>
    roundDot(b, dot, format),
  );
  const sum = b.register(`sum_${format.id}`, { min: 0n, max: (1n << BigInt(format.width)) - 1n });
  b.scope('add', 'The running sum', () => {
    const before = b.mux(first, b.const(0), sum.value);
    const after = addFloat(b, format.float!, format.canonicalNaN!, NEAREST, before, rounded);
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
  const isInfinite = dot.isPositiveInfinity.or(dot.isNegativeInfinity).and(dot.isNaN.not());
  const isNumber = dot.isNaN.or(isInfinite).not();
  const [least, most] = dot.exponent.range;
  const title = 'The sum of this beat, rounded to the last bit of the window';
  const { term, carry, lost } = b.scope('term', title, () =>
    least === most
      ? atFixedPlace(b, window, dot, Number(least), isNumber)
      : atMovingPlace(b, window, dot, isNumber),
  );
  const half = 2n ** BigInt(width - 1);
  const sum = b.register('window', { min: -half, max: half - 1n });
  const overflow = b.register('overflowed', { min: 0n, max: 1n });
  const nan = b.register('nan_seen', { min: 0n, max: 1n });
  b.scope('', 'The running sum', () => {
    const before = b.mux(first, b.const(0), sum.value);
    const total = carry ? addWithCarry(b, term, before, carry) : before.add(term);
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

/** What is added to a window, in units of its last bit. */
interface WindowTerm {
  readonly term: Signal;
  /** A bit that is still to be added to it. */
  readonly carry?: Signal;
  /** Whether it is beyond the window. */
  readonly lost: Signal;
}

/** The sum where its exponent is a constant. */
function atFixedPlace(
  b: Builder,
  window: Window,
  { sum }: Dot,
  exponent: number,
  isNumber: Signal,
): WindowTerm {
  const rounded = roundToWeight(b, sum.withLsb(sum.lsb + exponent), window.lsb, { round: 'rne' });
  return { term: rounded.withLsb(0).gate(isNumber), lost: b.const(0) };
}

/** The sum where its exponent is a signal, modulo the window. */
function atMovingPlace(b: Builder, { lsb, width }: Window, dot: ScaledDot, isNumber: Signal): WindowTerm {
  const { negative, magnitude } = dot.parts ?? partsOf(dot.sum);
  const shift = dot.exponent.add(dot.sum.lsb - lsb);
  const up = clamp(b, shift, 0, width);
  const down = clamp(b, shift.neg(), 0, magnitude.width + 2);
  const lowered = shiftRightSticky(b, magnitude.shl(2), down);
  const kept = lowered.shifted.bits(magnitude.width + 1, 2);
  const guard = lowered.shifted.bit(1);
  const below = lowered.shifted.bit(0).or(lowered.sticky);
  const increment = guard.and(below.or(kept.bit(0)));
  const rounded = kept.add(increment).gate(isNumber);
  const raised = rounded.shl(up);
  // The 1 of the complement goes into the running sum as its carry.
  const term = complementIf(b, raised.wrap(width, false), negative);
  // A term of 2^width and more leaves the window whatever the sum was.
  const lost = raised.width > width ? raised.bits(raised.width - 1, width).any() : b.const(0);
  return { term, carry: negative, lost };
}

function withPositiveZero({ negative, magnitude }: SignAndMagnitude): SignAndMagnitude {
  return { negative: negative.and(magnitude.any()), magnitude };
}

/** Sign and magnitude of a sum. */
function partsOf(sum: Signal): SignAndMagnitude {
  const [min, max] = sum.range;
  const negative = sum.sign();
  const magnitude = sum
    .withLsb(0)
    .negateIf(negative)
    .narrow(0, -min > max ? -min : max);
  return { negative, magnitude };
}

/** The dot product of two blocks as it is, `y · 2^exponent`, or rounded once to a float format. */
export function answerDot(b: Builder, dot: ScaledDot, result: string): Record<string, Signal> {
  if (result !== 'exact')
    return {
      y: b.scope('', `The result, rounded to ${result}`, () => roundDot(b, dot, parseFormat(result))),
    };
  const isInvalid = dot.isNaN.or(dot.isPositiveInfinity).or(dot.isNegativeInfinity);
  const isValid = isInvalid.not();
  return { y: gatedSum(dot, isValid), exponent: dot.exponent.gate(isValid), invalid: isInvalid };
}
