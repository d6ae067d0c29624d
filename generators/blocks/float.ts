import type { FloatLayout, Policy } from '../formats/types.ts';
import type { Builder } from '../hdl/builder.ts';
import type { Signal } from '../hdl/signal.ts';
import { clamp, leadingZeros, minimum, shiftRightSticky } from './bits.ts';

/** A floating-point code taken apart. The value of a finite one is `±significand · 2^(exponent − bias − mantissaBits)`. */
export interface Unpacked {
  readonly sign: Signal;
  /** Exponent field, at least 1: subnormals count as exponent 1 without the hidden bit. */
  readonly exponent: Signal;
  /** Mantissa with its hidden bit. */
  readonly significand: Signal;
  readonly isNaN: Signal;
  readonly isInfinite: Signal;
}

/** Takes a code apart. Nothing is built for special values that the format does not have. */
export function unpack(b: Builder, layout: FloatLayout, code: Signal): Unpacked {
  const { exponentBits, mantissaBits } = layout;
  const magnitudeBits = exponentBits + mantissaBits;
  const magnitude = code.bits(magnitudeBits - 1, 0);
  const sign = code.width > magnitudeBits ? code.bit(magnitudeBits) : b.const(0);
  const field = magnitude.bits(magnitudeBits - 1, mantissaBits);
  const isNormal = field.any();
  const exponent = b.mux(isNormal, field, b.const(1)).narrow(1, 2 ** exponentBits - 1);
  const significand = mantissaBits === 0 ? isNormal : b.concat(isNormal, magnitude.bits(mantissaBits - 1, 0));
  return {
    sign,
    exponent,
    significand,
    isNaN: nanOf(b, layout, code, magnitude),
    isInfinite: infinityOf(b, layout, magnitude),
  };
}

function nanOf(b: Builder, layout: FloatLayout, code: Signal, magnitude: Signal): Signal {
  if (layout.nan.kind === 'none') return b.const(0);
  if (layout.nan.kind === 'negative-zero') return code.eq(1n << BigInt(code.width - 1));
  return magnitude.ge(layout.nan.from);
}

function infinityOf(b: Builder, layout: FloatLayout, magnitude: Signal): Signal {
  return layout.infinityCode === undefined ? b.const(0) : magnitude.eq(layout.infinityCode);
}

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
}

/**
 * Rounds once to a format and packs its code without the sign; subnormals come out right. Only the rounding of finite
 * values is here: see `special` for the sign, and for infinities and NaN on the way in.
 */
export function roundToFloat(b: Builder, layout: FloatLayout, policy: Policy, x: Unrounded): Signal {
  const { mantissaBits, exponentBits, bias } = layout;
  const precision = mantissaBits + 1;
  // Exponent field if the highest bit of the magnitude is its leading one.
  const top = x.exponent.add(x.magnitude.width - 1 + bias);
  const mayUnderflow = top.range[0] < 1n;
  const maySink = mayUnderflow && x.exponent.range[0] < BigInt(1 - bias - mantissaBits);
  const mayRound = maySink || x.magnitude.width > precision || x.sticky !== undefined;
  const width = Math.max(x.magnitude.width, precision + (maySink || x.sticky ? 2 : 0));
  const aligned = x.magnitude.shl(width - x.magnitude.width);

  const zeros = x.isNormalized ? b.const(0) : leadingZeros(b, x.magnitude);
  const topOrOne = mayUnderflow ? b.mux(top.lt(1), b.const(1), top).narrow(1, top.range[1]) : top;
  const room = topOrOne.sub(1);
  const left = room.range[0] >= zeros.range[1] ? zeros : minimum(b, zeros, room).narrow(0, zeros.range[1]);
  const normalized = aligned.shlWithin(left, width);
  const fieldBelowOne = room.sub(left).narrow(0, room.range[1]);

  let significand = normalized;
  let sticky = x.sticky ?? b.const(0);
  if (mayUnderflow) {
    const deficit = clamp(b, b.const(1).sub(top), 0, width);
    const denormalized = shiftRightSticky(b, normalized, deficit);
    significand = denormalized.shifted;
    sticky = sticky.or(denormalized.sticky);
  }

  const kept = significand.bits(width - 1, width - precision);
  const hidden = kept.bit(precision - 1);
  const isZero = x.isNormalized ? b.const(0) : x.magnitude.isZero();
  const field = fieldBelowOne.gate(isZero.not()).add(hidden);
  const truncated = mantissaBits === 0 ? field : b.concat(field, kept.bits(mantissaBits - 1, 0));
  let code = truncated;
  let inexact = b.const(0);
  if (mayRound) {
    const rest = width - precision;
    const guard = rest > 0 ? significand.bit(rest - 1) : b.const(0);
    const below =
      rest > 1
        ? significand
            .bits(rest - 2, 0)
            .any()
            .or(sticky)
        : sticky;
    inexact = guard.or(below);
    const increment = roundsUp(b, policy, {
      sign: x.sign,
      last: mantissaBits === 0 ? field.bit(0) : kept.bit(0),
      guard,
      below,
    });
    const rounded = truncated.add(increment);
    code = policy.round === 'odd' ? truncated.or(inexact) : rounded;
  }

  const overflow = code.gt(layout.maxFiniteCode);
  const overflowCode = overflowMagnitude(b, layout, policy, x.sign);
  const bounded = b.mux(overflow, overflowCode, code.wrap(exponentBits + mantissaBits, false));
  const magnitude = policy.subnormals === 'flush' ? bounded.gate(hidden) : bounded;
  const largest = overflowCode.range[1] > layout.maxFiniteCode ? overflowCode.range[1] : layout.maxFiniteCode;
  return magnitude.narrow(0, largest);
}

export interface Tail {
  readonly sign: Signal;
  readonly last: Signal;
  readonly guard: Signal;
  readonly below: Signal;
}

/** Whether the magnitude is rounded up, from the last bit kept, the first bit dropped and the rest. */
export function roundsUp(b: Builder, policy: Policy, { sign, last, guard, below }: Tail): Signal {
  switch (policy.round) {
    case 'rne':
      return guard.and(below.or(last));
    case 'rna':
      return guard;
    case 'rtz':
    case 'odd':
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
function overflowMagnitude(b: Builder, layout: FloatLayout, policy: Policy, sign: Signal): Signal {
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

/**
 * Puts sign and magnitude together, or the special code that stands for the result. An infinity on the way in becomes
 * what the policy gives beyond the largest value.
 */
export function special(
  b: Builder,
  layout: FloatLayout,
  canonicalNaN: bigint | undefined,
  result: {
    readonly sign: Signal;
    readonly magnitude: Signal;
    readonly isNaN: Signal;
    readonly isInfinite: Signal;
  },
  overflow: Policy['overflow'] = 'special',
): Signal {
  const { magnitude, sign, isInfinite } = result;
  const { infinityCode, maxFiniteCode } = layout;
  const nan = nanMagnitude(layout);
  const infinite = overflow === 'special' ? (infinityCode ?? nan ?? maxFiniteCode) : maxFiniteCode;
  const bounded = b.mux(isInfinite, b.const(infinite), magnitude);
  const low = bounded.wrap(layout.exponentBits + layout.mantissaBits, false);
  const signBit = layout.negativeZero ? sign : sign.and(low.any());
  const code = b.concat(signBit, low);
  if (canonicalNaN === undefined || nan === undefined) return code;
  // Without infinity, overflow is NaN, which has one code and no sign.
  const becomesNaN = infinityCode === undefined ? result.isNaN.or(bounded.ge(nan)) : result.isNaN;
  return b.mux(becomesNaN, b.const(canonicalNaN), code);
}

/**
 * The sum of two codes of one IEEE-style format, rounded once; NaN is the canonical one, and an exact zero is positive
 * unless both operands are negative zeros (or the sum is rounded toward −∞).
 */
export function addFloat(
  b: Builder,
  layout: FloatLayout,
  canonicalNaN: bigint,
  policy: Policy,
  left: Signal,
  right: Signal,
): Signal {
  const bits = layout.exponentBits + layout.mantissaBits;
  const swapped = left.bits(bits - 1, 0).lt(right.bits(bits - 1, 0));
  const larger = b.mux(swapped, right, left);
  const smaller = b.mux(swapped, left, right);
  const large = b.scope('large', '', () => unpack(b, layout, larger));
  const small = b.scope('small', '', () => unpack(b, layout, smaller));

  const subtract = large.sign.xor(small.sign);
  const distance = large.exponent.sub(small.exponent).narrow(0, large.exponent.range[1]);
  // Two guard bits and a sticky one are all that a single rounding needs.
  const aligned = shiftRightSticky(b, small.significand.shl(2), distance);
  const addend = b.concat(aligned.shifted, aligned.sticky);
  const augend = large.significand.shl(3);
  const widened = augend.add(addend.negateIf(subtract)).narrow(0, 2n ** BigInt(layout.mantissaBits + 5) - 1n);
  const magnitude = widened;

  const bothNegative = large.sign.and(small.sign);
  const cancels = magnitude.isZero();
  const zeroSign = policy.round === 'rdn' ? large.sign.or(small.sign) : bothNegative;
  const sign = b.mux(cancels, zeroSign, large.sign);
  const exponent = large.exponent.sub(layout.bias + layout.mantissaBits + 3);
  const rounded = roundToFloat(b, layout, policy, { sign, magnitude, exponent });
  const isNan = large.isNaN.or(small.isNaN).or(large.isInfinite.and(small.isInfinite).and(subtract));
  return special(
    b,
    layout,
    canonicalNaN,
    { sign, magnitude: rounded, isNaN: isNan, isInfinite: large.isInfinite },
    policy.overflow,
  );
}
