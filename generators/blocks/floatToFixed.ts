import type { Format, Policy } from '../formats/types.ts';
import type { Builder } from '../hdl/builder.ts';
import type { Signal } from '../hdl/signal.ts';
import { clamp } from './bits.ts';
import { type FixedPolicy, roundToWeight } from './fixed.ts';
import { unpack } from './float.ts';

/** Converts a code to fixed point, rounded once. NaN counts as +∞. */
export function floatToFixed(
  b: Builder,
  from: Format,
  to: Format,
  policy: FixedPolicy,
  code: Signal,
  subnormals: Policy['subnormals'],
): Signal {
  const number = b.scope('', 'Sign, exponent and significand', () =>
    unpack(b, from.float!, code, subnormals),
  );
  const { sign } = number;
  const rounded = b.scope('', 'The significand at its place, rounded', () => {
    const placed = placedSignificand(b, from, to, policy, number.exponent, number.significand);
    return roundSigned(b, placed.magnitude, sign, placed.lsb, to.lsbExponent, policy);
  });
  return b.scope('', 'Within the range of the result', () => {
    const isNegative = sign.and(number.isNaN.not());
    return limited(b, to, policy, rounded, number.isNaN.or(number.isInfinite), isNegative).withLsb(
      to.lsbExponent,
    );
  });
}

/** The significand, shifted to where its bits weigh as those of the result do, with the fraction below them. */
function placedSignificand(
  b: Builder,
  from: Format,
  to: Format,
  { round, overflow, random }: FixedPolicy,
  exponent: Signal,
  significand: Signal,
): { magnitude: Signal; lsb: number } {
  const { mantissaBits, bias } = from.float!;
  const place = exponent.sub(bias + mantissaBits + to.lsbExponent);
  const least = Number(place.range[0]);
  // From so low a place on, nothing but stickiness is left; from so high a place on, nothing but overflow.
  const lowest = -(mantissaBits + 1 + (round === 'stochastic' ? random!.width : 1));
  const outOfRange = Math.max(to.width - mantissaBits, Math.min(least, to.width));
  const highest = overflow === 'wrap' ? to.width : outOfRange;
  const [low, high] = [Math.max(least, lowest), Math.max(least, lowest, highest)];
  const bounded = clamp(b, place, low, high);
  const fraction = Math.max(0, -low);
  const magnitude = significand.shl(bounded.add(fraction));
  return { magnitude, lsb: to.lsbExponent - fraction };
}

/** Rounds ±magnitude to a last bit of weight 2^lsb. */
function roundSigned(
  b: Builder,
  magnitude: Signal,
  sign: Signal,
  from: number,
  lsb: number,
  policy: FixedPolicy,
): Signal {
  return roundToWeight(b, magnitude.withLsb(from).negateIf(sign), lsb, policy).withLsb(0);
}

/** Keeps an integer within the result's format. */
function limited(
  b: Builder,
  { width, signed }: Format,
  { overflow }: FixedPolicy,
  integer: Signal,
  isSpecial: Signal,
  isNegative: Signal,
): Signal {
  const max = 2n ** BigInt(signed ? width - 1 : width) - 1n;
  const min = signed ? (overflow === 'satsym' ? -max : -max - 1n) : 0n;
  if (overflow === 'wrap') return integer.gate(isSpecial.not()).wrap(width, signed);
  const [low, high] = integer.range;
  const tooLow = low < min ? integer.lt(min) : b.const(0);
  const tooHigh = high > max ? integer.gt(max) : b.const(0);
  const isOutside = tooLow.or(tooHigh).or(isSpecial);
  const limit = overflow === 'satzero' ? b.const(0) : b.mux(isNegative, b.const(min), b.const(max));
  return b.mux(isOutside, limit, integer).narrow(min, max);
}
