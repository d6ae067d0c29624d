import type { Format, Policy, Round } from '../formats/types.ts';
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
    return roundSigned(b, placed.magnitude, sign, placed.fraction, policy);
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
): { magnitude: Signal; fraction: number } {
  const { mantissaBits, bias } = from.float!;
  const place = exponent.sub(bias + mantissaBits + to.lsbExponent);
  const least = Number(place.range[0]);
  // From so low a place on, nothing but stickiness is left; from so high a place on, nothing but overflow.
  const lowest = -(mantissaBits + 1 + (round === 'stochastic' ? random!.width : 1));
  const outOfRange = Math.max(to.width - mantissaBits, Math.min(least, to.width));
  const highest = overflow === 'wrap' ? to.width : outOfRange;
  const [low, high] = [Math.max(least, lowest), Math.max(least, lowest, highest)];
  const fraction = Math.max(0, -low);
  const shift = clamp(b, place.add(fraction), low + fraction, high + fraction);
  const magnitude = significand.shl(shift);
  return { magnitude, fraction };
}

/** Rounds ±magnitude, with so many fraction bits, to an integer. */
function roundSigned(
  b: Builder,
  magnitude: Signal,
  sign: Signal,
  fraction: number,
  policy: FixedPolicy,
): Signal {
  // Random bits meet the fraction of the two's complement number.
  if (policy.round === 'stochastic')
    return roundToWeight(b, magnitude.withLsb(-fraction).negateIf(sign), 0, policy).withLsb(0);
  if (fraction === 0) return magnitude.negateIf(sign);
  const floor = magnitude.shr(fraction);
  const guard = magnitude.width >= fraction ? magnitude.bit(fraction - 1) : b.const(0);
  const rest = Math.min(fraction - 1, magnitude.width);
  const below = rest > 0 ? magnitude.bits(rest - 1, 0).any() : b.const(0);
  const isInexact = guard.or(below);
  const kept = policy.round === 'odd' ? floor.or(isInexact) : floor;
  const increment = awayFromZero(b, policy.round, { sign, last: kept.bit(0), guard, below });
  // Minus is the complement and one more; the complement of a number that is one more is that of the number, less one.
  const { width } = kept;
  const ones = b.mux(sign, 2n ** BigInt(width + 1) - 1n, 0n);
  const complemented = b
    .concat(b.const(0), kept)
    .xor(ones)
    .wrap(width + 1, true);
  return complemented.add(sign.xor(increment));
}

interface Tail {
  readonly sign: Signal;
  readonly last: Signal;
  readonly guard: Signal;
  readonly below: Signal;
}

/** Whether the magnitude is rounded up. */
function awayFromZero(b: Builder, round: Round, { sign, last, guard, below }: Tail): Signal {
  switch (round) {
    case 'rne':
      return guard.and(below.or(last));
    case 'rna':
      return guard;
    case 'rhu':
      return guard.and(below.or(sign.not()));
    case 'rhd':
      return guard.and(below.or(sign));
    case 'rhz':
      return guard.and(below);
    case 'rup':
      return guard.or(below).and(sign.not());
    case 'rdn':
    case 'trn':
      return guard.or(below).and(sign);
    default:
      return b.const(0);
  }
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
  if (overflow === 'wrap') return integer.gate(isSpecial.not()).wrap(width, signed);
  const max = 2n ** BigInt(signed ? width - 1 : width) - 1n;
  const least = signed ? -max - 1n : 0n;
  const min = signed && overflow === 'satsym' ? -max : least;
  const [low, high] = integer.range;
  const tooLow = low < min && min !== least ? integer.eq(least) : b.const(0);
  const isOutside = low < least || high > max ? leaves(b, integer, width, signed) : b.const(0);
  const limit = overflow === 'satzero' ? b.const(0) : b.mux(isNegative, b.const(min), b.const(max));
  return b.mux(isOutside.or(tooLow).or(isSpecial), limit, integer).narrow(min, max);
}

/** Whether an integer has no place in so many bits: the bits from the sign up are not all alike. */
function leaves(b: Builder, integer: Signal, width: number, signed: boolean): Signal {
  const from = signed ? width - 1 : width;
  if (integer.width <= from) return integer.sign();
  const upper = integer.bits(integer.width - 1, from);
  if (!integer.signed || !signed) return upper.any();
  return b.and(upper.any(), upper.all().not());
}
