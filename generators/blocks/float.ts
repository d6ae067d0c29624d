import type { FloatLayout, Format, Policy } from '../formats/types.ts';
import type { Builder } from '../hdl/builder.ts';
import type { Signal } from '../hdl/signal.ts';
import { isAtLeast, leadingZeros, shiftRightSticky } from './bits.ts';

/** A floating-point code taken apart. The value of a finite one is `±significand · 2^(exponent − bias − mantissaBits)`. */
export interface Unpacked {
  readonly sign: Signal;
  /**
   * Exponent field, at least 1: subnormals count as exponent 1 without the hidden bit. Where subnormals are flushed, the
   * field as it is.
   */
  readonly exponent: Signal;
  /** Mantissa with its hidden bit. */
  readonly significand: Signal;
  /** The significand is zero. */
  readonly isZero: Signal;
  readonly isNaN: Signal;
  readonly isInfinite: Signal;
}

/**
 * Takes a code apart. Nothing is built for special values that the format does not have. Flushed, subnormals count as
 * zeros of their sign.
 */
export function unpack(
  b: Builder,
  layout: FloatLayout,
  code: Signal,
  subnormals: Policy['subnormals'] = 'keep',
): Unpacked {
  const { exponentBits, mantissaBits } = layout;
  const magnitudeBits = exponentBits + mantissaBits;
  const magnitude = code.bits(magnitudeBits - 1, 0);
  const sign = code.width > magnitudeBits ? code.bit(magnitudeBits) : b.const(0);
  const field = magnitude.bits(magnitudeBits - 1, mantissaBits);
  const isNormal = field.any();
  const isNan = nanOf(b, layout, code, magnitude);
  const isInfinite = infinityOf(b, layout, magnitude);
  const special = { isNaN: isNan, isInfinite };
  const withHidden = (gate: (mantissa: Signal) => Signal): Signal =>
    mantissaBits === 0 ? isNormal : b.concat(isNormal, gate(magnitude.bits(mantissaBits - 1, 0)));
  if (subnormals === 'flush') {
    const significand = withHidden(mantissa => mantissa.gate(isNormal));
    const isZero = isNormal.not();
    return { sign, exponent: field, significand, isZero, ...special };
  }
  const exponent = b.mux(isNormal, field, b.const(1)).narrow(1, 2 ** exponentBits - 1);
  const significand = withHidden(mantissa => mantissa);
  const isZero = significand.isZero();
  return { sign, exponent, significand, isZero, ...special };
}

/**
 * NaN and infinity. At the top exponent they are told by gates on the two fields, which share what they have in common: mappers make
 * less of comparisons of whole codes.
 */
function nanOf(b: Builder, layout: FloatLayout, code: Signal, magnitude: Signal): Signal {
  const { nan, mantissaBits } = layout;
  if (nan.kind === 'none') return b.const(0);
  if (nan.kind === 'negative-zero') return code.eq(1n << BigInt(code.width - 1));
  const fields = topFields(layout, magnitude, nan.from);
  if (fields?.least === 1n) return fields.isTop.and(fields.mantissa.any());
  if (fields?.least === (1n << BigInt(mantissaBits)) - 1n) return fields.isTop.and(fields.mantissa.all());
  return isAtLeast(b, magnitude, nan.from);
}

function infinityOf(b: Builder, layout: FloatLayout, magnitude: Signal): Signal {
  const { infinityCode } = layout;
  if (infinityCode === undefined) return b.const(0);
  const fields = topFields(layout, magnitude, infinityCode);
  return fields?.least === 0n ? fields.isTop.and(fields.mantissa.isZero()) : magnitude.eq(infinityCode);
}

/** The fields, for a code that has the top exponent; and its mantissa. Undefined for other codes. */
function topFields(
  { exponentBits, mantissaBits }: FloatLayout,
  magnitude: Signal,
  code: bigint,
): { readonly isTop: Signal; readonly mantissa: Signal; readonly least: bigint } | undefined {
  const top = (1n << BigInt(exponentBits)) - 1n;
  if (mantissaBits === 0 || code >> BigInt(mantissaBits) !== top) return undefined;
  return {
    isTop: magnitude.bits(exponentBits + mantissaBits - 1, mantissaBits).all(),
    mantissa: magnitude.bits(mantissaBits - 1, 0),
    least: code - (top << BigInt(mantissaBits)),
  };
}

/** What rounding must know of a policy. */
export type FloatPolicy = Pick<Policy, 'round' | 'overflow' | 'subnormals'>;

/** A value to be rounded: `±magnitude · 2^exponent`, and a bit that says that it is a little more than that. */
export interface Unrounded {
  readonly sign: Signal;
  /** Unsigned. */
  readonly magnitude: Signal;
  /** Weight of the magnitude's last bit, as a power of two; may be negative. */
  readonly exponent: Signal;
  readonly sticky?: Signal;
  /** Whether the highest bit of the magnitude is known to be set: then none is looked for. */
  readonly isNormalized?: boolean;
  /** The value is zero, whatever the magnitude says. */
  readonly countsAsZero?: Signal;
  /** Most zeros that can stand above the leading one, where fewer than the width allows; of a zero, nothing is said. */
  readonly mostZeros?: number;
  /** The top bit is set wherever the exponent is above its least value, as it is for a code just taken apart. */
  readonly isUnpacked?: boolean;
  /** For `stochastic`: random bits, a fraction below one of the result's last bit. */
  readonly random?: Signal;
}

/**
 * Rounds once to a format and packs its code without the sign; subnormals come out right. Only the rounding of finite
 * values is here: see `packFloat` for the sign, and for infinities and NaN on the way in.
 */
export function roundToFloat(b: Builder, layout: FloatLayout, policy: FloatPolicy, x: Unrounded): Signal {
  const { mantissaBits, exponentBits } = layout;
  const precision = mantissaBits + 1;
  const { significand, length, sticky, fieldBelowOne, isBelowNormal } = normalized(b, layout, policy, x);
  const rest = length - precision;
  const kept = bitsOf(significand, length - 1, rest);
  const hidden = bitsOf(significand, length - 1, length - 1);

  let increment = b.const(0);
  let isInexact = b.const(0);
  if (policy.round === 'stochastic') {
    if (rest > 0) increment = carryOf(significand, rest, x.random);
  } else if (rest > 0 || sticky.range[1] > 0n) {
    const guard = bitsOf(significand, rest - 1, rest - 1);
    const belowGuard = bitsOf(significand, rest - 2, 0).any();
    const below = belowGuard.or(sticky);
    const last = mantissaBits === 0 ? fieldBelowOne.bit(0).xor(hidden) : bitsOf(kept, 0, 0);
    if (policy.round === 'odd') isInexact = guard.or(below);
    else increment = roundsUp(b, policy, { sign: x.sign, last, guard, below });
  }

  const bits = exponentBits + mantissaBits;
  // Where infinity follows the largest value, and has the top exponent to itself, rounding leads there without more: what is
  // beyond was so before, and its code is not used.
  const atTop = ((1n << BigInt(exponentBits)) - 1n) << BigInt(mantissaBits);
  const infinityFollows =
    policy.overflow === 'special' &&
    layout.infinityCode === atTop &&
    layout.maxFiniteCode + 1n === atTop &&
    exponentBits > 1;
  const field = infinityFollows ? fieldBelowOne.wrap(exponentBits, false) : fieldBelowOne;
  const most = (field.range[1] << BigInt(mantissaBits)) + (1n << BigInt(precision)) - 1n + increment.range[1];
  // The hidden bit and the increment carry into the exponent field, so that one adder packs and rounds.
  const packed =
    mantissaBits === 0 ? field.add(hidden).add(increment) : field.shl(mantissaBits).or(increment).add(kept);
  const code = infinityFollows ? packed.wrap(bits, false) : packed.narrow(0, most);
  const rounded = isInexact.range[1] > 0n ? code.or(isInexact) : code;

  const overflow = infinityFollows
    ? isAtLeast(b, fieldBelowOne, (1n << BigInt(exponentBits)) - 2n)
    : isAtLeast(b, rounded, layout.maxFiniteCode + 1n);
  const overflowCode = overflowMagnitude(b, layout, policy, x.sign);
  const bounded = b.mux(overflow, overflowCode, rounded.wrap(bits, false));
  const isNothing = x.countsAsZero ?? b.const(0);
  const isFlushed = policy.subnormals === 'flush' ? isNothing.or(isBelowNormal) : isNothing;
  const magnitude = bounded.gate(isFlushed.not());
  const largest = overflowCode.range[1] > layout.maxFiniteCode ? overflowCode.range[1] : layout.maxFiniteCode;
  return magnitude.narrow(0, largest);
}

interface Normalized {
  /** The leading one at the top of so many bits, or further down for a subnormal result. */
  readonly significand: Signal;
  readonly length: number;
  /** Something was set below the significand. */
  readonly sticky: Signal;
  /** Exponent field of the result, without what its hidden bit adds. */
  readonly fieldBelowOne: Signal;
  /** Below the smallest normal value. Only where subnormals are flushed. */
  readonly isBelowNormal: Signal;
}

/** Brings the leading one to the top, as far as the least exponent allows. */
function normalized(b: Builder, layout: FloatLayout, policy: FloatPolicy, x: Unrounded): Normalized {
  const { magnitude } = x;
  const { width } = magnitude;
  const precision = layout.mantissaBits + 1;
  const flush = policy.subnormals === 'flush';
  // Exponent field, less one, if the top bit of the magnitude is its leading one.
  const room = x.exponent.add(width - 2 + layout.bias);
  const [leastRoom, mostRoom] = room.range;
  const mayUnderflow = leastRoom < 0n && !flush;
  // Where a zero at the top goes with the least exponent only, and that has no room, nothing is ever shifted up.
  const isInPlace = mostRoom <= 0n || (x.isUnpacked === true && leastRoom <= 0n);
  const mostZeros = isInPlace || x.isNormalized ? 0 : Math.min(x.mostZeros ?? width - 1, width - 1);
  // Bits below the precision that rounding looks at one by one.
  const extra = policy.round === 'stochastic' ? (x.random?.width ?? 0) : 1;
  // A shift down loses nothing where the last bit of the magnitude never weighs less than the format's.
  const losesBits = mayUnderflow && x.exponent.range[0] < BigInt(1 - layout.bias - layout.mantissaBits);
  const isRounded = losesBits || width > precision || x.sticky !== undefined;
  const length = isRounded ? Math.max(width, precision + extra) : precision;
  const aligned = magnitude.shl(length - width);

  const top = magnitude.bits(width - 1, width - 1 - mostZeros);
  const isZero = (isInPlace && !flush) || x.isNormalized ? b.const(0) : top.isZero();
  const zeros = leadingZeros(b, top);
  const spare = room.sub(zeros);
  const isShort = isNegative(spare, room, zeros);
  const isBelowNormal = isShort.or(isZero);
  const spareMost = spare.range[1] < 0n ? 0n : spare.range[1];
  const fieldBelowOne = spare.gate(isBelowNormal.not()).narrow(0, spareMost);
  const shift = flush ? zeros : b.mux(isShort, notNegative(room), zeros).narrow(0, zeros.range[1]);
  const significand = aligned.shlWithin(shift, length);

  const sticky = x.sticky ?? b.const(0);
  if (!mayUnderflow) return { significand, length, sticky, fieldBelowOne, isBelowNormal };
  // A shift down comes without any shift up, and shows only the bits that rounding looks at.
  const shown = isRounded ? precision + extra : precision;
  const lowered = shiftDown(b, bitsOf(significand, length - 1, length - shown), room, shown);
  const hidden = bitsOf(significand, length - shown - 1, 0).any();
  return {
    significand: lowered.shifted,
    length: shown,
    sticky: isRounded ? hidden.or(lowered.sticky).or(sticky) : sticky,
    fieldBelowOne,
    isBelowNormal,
  };
}

/**
 * Whether the difference of `x` and `y` is negative. Where `y` has few bits, those of a positive `x` above them need no
 * subtraction, and are known before `y`.
 */
function isNegative(difference: Signal, x: Signal, y: Signal): Signal {
  const { width } = y;
  if (x.range[0] < 0n || x.width < width + 3) return difference.sign();
  const above = x.bits(x.width - 1, width).any();
  return x
    .bits(width - 1, 0)
    .lt(y)
    .and(above.not());
}

function notNegative(x: Signal): Signal {
  const [min, max] = x.range;
  return min >= 0n ? x : x.gate(x.sign().not()).narrow(0, max < 0n ? 0n : max);
}

/** Bits of a signal, which may be narrower than their places: above it, all are zero. */
function bitsOf(x: Signal, high: number, low: number): Signal {
  const top = Math.min(high, x.width - 1);
  return top < low ? x.builder.const(0) : x.bits(top, low);
}

/** `x`, of so many bits, shifted right by `-room` where `room` is negative. */
function shiftDown(b: Builder, x: Signal, room: Signal, length: number): ReturnType<typeof shiftRightSticky> {
  const bits = Math.min(Math.ceil(Math.log2(length)), room.width - 1);
  const isNegative = room.sign();
  // One less than the distance is the complement.
  const complement = room.not();
  const low = bits === 0 ? b.const(0) : complement.bits(bits - 1, 0);
  const isFar = room.width - 1 > bits ? complement.bits(room.width - 2, bits).any() : b.const(0);
  const distance = b.mux(isFar, 2 ** bits, low.add(1)).gate(isNegative);
  return shiftRightSticky(b, x, distance);
}

/** The carry out of the fraction that is dropped, of so many bits, and the random bits, which meet its top bits. */
function carryOf(significand: Signal, rest: number, random: Signal | undefined): Signal {
  if (!random) throw new Error('stochastic rounding needs random bits');
  const count = random.width;
  return bitsOf(significand, rest - 1, rest - count)
    .add(random)
    .shr(count);
}

export interface Tail {
  readonly sign: Signal;
  readonly last: Signal;
  readonly guard: Signal;
  readonly below: Signal;
}

/** Whether the magnitude is rounded up, from the last bit kept, the first bit dropped and the rest. */
export function roundsUp(b: Builder, policy: FloatPolicy, { sign, last, guard, below }: Tail): Signal {
  switch (policy.round) {
    case 'rne':
      return guard.and(below.or(last));
    case 'rna':
      return guard;
    case 'rtz':
      return b.const(0);
    case 'rup':
      return guard.or(below).and(sign.not());
    case 'rdn':
    case 'trn':
      return guard.or(below).and(sign);
    default:
      throw new Error(`no hardware rounds a float by ${policy.round}`);
  }
}

/** The magnitude that stands for NaN; above all others where NaN is the code of −0. Undefined where there is none. */
function nanMagnitude({ nan, exponentBits, mantissaBits }: FloatLayout): bigint | undefined {
  if (nan.kind === 'none') return undefined;
  return nan.kind === 'above' ? nan.from : 1n << BigInt(exponentBits + mantissaBits);
}

/** The magnitude that stands for a value beyond the largest finite one. */
export function overflowMagnitude(
  b: Builder,
  layout: FloatLayout,
  policy: FloatPolicy,
  sign: Signal,
): Signal {
  const largest = b.const(layout.maxFiniteCode);
  const special = layout.infinityCode ?? nanMagnitude(layout);
  if (policy.overflow !== 'special' || special === undefined) return largest;
  switch (policy.round) {
    case 'rtz':
    case 'odd':
      return largest;
    case 'rup':
      return b.mux(sign, largest, b.const(special));
    case 'rdn':
    case 'trn':
      return b.mux(sign, b.const(special), largest);
    default:
      return b.const(special);
  }
}

/** What a code needs beside its magnitude. */
interface Outcome {
  readonly sign: Signal;
  readonly magnitude: Signal;
  readonly isNaN: Signal;
  readonly isInfinite: Signal;
}

/** What packing must know of a format. */
export type FloatFormat = Pick<Format, 'float' | 'signed' | 'canonicalNaN'>;

/**
 * Puts sign and magnitude together, or the special code that stands for the result. An infinity on the way in becomes
 * what the policy gives beyond the largest value.
 */
export function special(
  b: Builder,
  layout: FloatLayout,
  canonicalNaN: bigint | undefined,
  result: Outcome,
  overflow: Policy['overflow'] = 'special',
): Signal {
  return packMagnitude(b, { float: layout, canonicalNaN, signed: true }, { round: 'rne', overflow }, result);
}

/** Puts sign and magnitude together, as a format and a policy have it. */
export function packMagnitude(
  b: Builder,
  { float, canonicalNaN, signed }: FloatFormat,
  { round, overflow }: Pick<FloatPolicy, 'round' | 'overflow'>,
  { magnitude, sign, isNaN: fromNaN, isInfinite }: Outcome,
): Signal {
  const layout = float!;
  const { infinityCode, maxFiniteCode } = layout;
  const bits = layout.exponentBits + layout.mantissaBits;
  const nan = nanMagnitude(layout);
  const infinite = overflow === 'special' ? (infinityCode ?? nan ?? maxFiniteCode) : maxFiniteCode;
  const bounded = b.mux(isInfinite, b.const(infinite), magnitude);
  const low = bounded.wrap(bits, false);
  // Without infinity, overflow is NaN, which has one code and no sign.
  const overflowed =
    nan !== undefined && infinityCode === undefined ? isAtLeast(b, bounded, nan) : b.const(0);
  const becomesNaN = fromNaN.or(overflowed);
  // The largest value stands for NaN where there is none.
  const nanCode = canonicalNaN ?? maxFiniteCode;
  if (signed) {
    const signBit = layout.negativeZero ? sign : sign.and(low.any());
    return b.mux(becomesNaN, b.const(nanCode), above(b, signBit, low, bits));
  }
  // Below the range of an unsigned format: NaN where the rounding leads away from zero, as for overflow.
  const leavesRange = overflow === 'special' && !['rtz', 'rup', 'odd'].includes(round);
  const isBelow = sign.and(leavesRange ? bounded.any() : overflow === 'special' ? isInfinite : b.const(0));
  return b.mux(becomesNaN.or(isBelow), b.const(nanCode), low.gate(sign.not()));
}

/** A bit on top of so many others, of which `low` may have fewer: they are zero. */
function above(b: Builder, bit: Signal, low: Signal, bits: number): Signal {
  return b.concat(bit, ...new Array<Signal>(bits - low.width).fill(b.const(0)), low);
}

/** A result before it is rounded and packed. */
export interface FloatResult extends Unrounded {
  readonly isNaN: Signal;
  readonly isInfinite: Signal;
}

/** Rounds once to a format and gives the code: sign, infinities and NaN as the format and the policy have them. */
export function packFloat(b: Builder, format: FloatFormat, policy: FloatPolicy, x: FloatResult): Signal {
  const magnitude = roundToFloat(b, format.float!, policy, x);
  return packMagnitude(b, format, policy, { ...x, magnitude });
}
