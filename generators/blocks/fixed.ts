import type { Format, Policy, Round } from '../formats/types.ts';
import type { Builder } from '../hdl/builder.ts';
import type { Signal } from '../hdl/signal.ts';
import { shiftRightSticky } from './bits.ts';

/** How a fixed-point result is rounded and what becomes of one that does not fit. */
export interface FixedPolicy {
  readonly round: Round;
  readonly overflow: Policy['overflow'];
  /** For `round: 'stochastic'`: random bits, a fraction below one of the result's last bit. */
  readonly random?: Signal;
}

/** Rounds once to a fixed-point or integer format, then keeps the result within it: the range decides what is built. */
export function roundToFixed(b: Builder, x: Signal, format: Format, policy: FixedPolicy): Signal {
  const rounded = roundToWeight(b, x, format.lsbExponent, policy);
  return limitToFixed(b, rounded, format, policy.overflow);
}

/** Rounds to a last bit of weight 2^lsb. Nothing is built where `x` has no bits below it. */
export function roundToWeight(
  b: Builder,
  x: Signal,
  lsb: number,
  { round, random }: Pick<FixedPolicy, 'round' | 'random'>,
): Signal {
  const shift = lsb - x.lsb;
  if (shift <= 0) return x.shl(-shift).withLsb(lsb);
  const kept = x.shr(shift).withLsb(lsb);
  const bitAt = (index: number): Signal => (index < x.width ? x.bit(index) : x.sign());
  if (round === 'stochastic') return kept.add(carryOf(x, shift, random).withLsb(lsb));
  const guard = bitAt(shift - 1);
  const below = shift > 1 ? x.bits(Math.min(shift - 2, x.width - 1), 0).any() : b.const(0);
  return rounded(b, round, { kept, guard, below });
}

/** The carry out of the fraction below `shift` and the random bits; of a longer fraction, the top bits take part. */
function carryOf(x: Signal, shift: number, random: Signal | undefined): Signal {
  if (!random) throw new Error('stochastic rounding needs random bits');
  const count = random.width;
  const fraction = x.withLsb(0).wrap(shift, false);
  const top = shift >= count ? fraction.shr(shift - count) : fraction.shl(count - shift);
  return top.wrap(count, false).add(random.withLsb(0)).shr(count);
}

/**
 * `x / 2^amount` for an amount that is a signal, rounded once. The amount may exceed the width. Of an unsigned `x` the
 * caller may know how many bits are left at most, before it is rounded: the simulation checks that.
 */
export function roundShiftRight(
  b: Builder,
  x: Signal,
  amount: Signal,
  round: Round,
  bitsLeft: number = x.width,
): Signal {
  const { shifted: wide, sticky } = shiftRightSticky(b, x.withLsb(0).shl(1), amount);
  const shifted = x.signed ? wide : wide.narrow(0, 2n ** BigInt(bitsLeft + 1) - 1n);
  const kept = shifted.shr(1).withLsb(x.lsb);
  return rounded(b, round, { kept, guard: shifted.bit(0), below: sticky });
}

interface Parts {
  /** What is kept: the floor. */
  readonly kept: Signal;
  /** The first bit below it. */
  readonly guard: Signal;
  /** Whether any bit below that is set. */
  readonly below: Signal;
}

function rounded(b: Builder, round: Round, { kept, guard, below }: Parts): Signal {
  const inexact = guard.or(below);
  if (round === 'odd') {
    // The floor of what is inexact and even is one below an odd number, whatever its sign.
    return kept.add(inexact.and(kept.bit(0).not()).withLsb(kept.lsb));
  }
  const increment = (): Signal => {
    switch (round) {
      case 'rne':
        return guard.and(below.or(kept.bit(0)));
      case 'rna':
        return guard.and(below.or(kept.sign().not()));
      case 'rhz':
        return guard.and(below.or(kept.sign()));
      case 'rhu':
        return guard;
      case 'rhd':
        return guard.and(below);
      case 'rtz':
        return inexact.and(kept.sign());
      case 'rup':
        return inexact;
      case 'rdn':
      case 'trn':
        return b.const(0);
      default:
        throw new Error(`no hardware rounds a fixed-point number by ${round}`);
    }
  };
  return kept.add(increment().withLsb(kept.lsb));
}

/**
 * Keeps a number within a format of the same last bit, by one of the overflow modes. The bits above the format's tell
 * whether it fits: where its range fits, nothing is built.
 */
export function limitToFixed(
  b: Builder,
  x: Signal,
  { width, signed }: Pick<Format, 'width' | 'signed'>,
  overflow: Policy['overflow'],
): Signal {
  const { lsb } = x;
  const total = x.withLsb(0);
  const max = 2n ** BigInt(signed ? width - 1 : width) - 1n;
  const min = signed ? (overflow === 'satsym' ? -max : -max - 1n) : 0n;
  const [least, most] = total.range;
  if (least >= min && most <= max) return x;
  const fitting = total.wrap(width, signed);
  if (overflow === 'wrap') return fitting.withLsb(lsb);
  if (overflow === 'wrapsm') {
    if (!signed) throw new Error('an unsigned number has no sign to wrap by');
    const lowestDeleted = total.width > width ? total.bit(width) : total.sign();
    const signChanges = lowestDeleted.xor(total.bit(width - 1));
    return b.mux(signChanges, fitting.not(), fitting).withLsb(lsb);
  }
  const { tooLow, tooHigh } = rangeErrors(b, total, min, max, width, signed);
  const limited =
    overflow === 'satzero'
      ? fitting.gate(tooLow.or(tooHigh).not())
      : b.mux(tooHigh, max, b.mux(tooLow, min, fitting)).narrow(min, max);
  return limited.withLsb(lsb);
}

/** Whether an integer is below `min` or above `max`, the ends of so many bits; `min` may be one more than the least. */
function rangeErrors(
  b: Builder,
  x: Signal,
  min: bigint,
  max: bigint,
  width: number,
  signed: boolean,
): { tooLow: Signal; tooHigh: Signal } {
  const [least, most] = x.range;
  const none = b.const(0);
  const negative = x.sign();
  const above = x.width > width - 1 && signed ? x.bits(x.width - 1, width - 1) : undefined;
  const tooHigh = (): Signal => {
    const high = above ?? x.bits(x.width - 1, width);
    return high.any().and(negative.not());
  };
  const tooLow = (): Signal => {
    if (!above) return negative;
    const isSymmetric = min === -max;
    const belowSign = width > 1 ? x.bits(width - 2, 0).any() : none;
    const fits = isSymmetric ? above.all().and(belowSign) : above.all();
    return negative.and(fits.not());
  };
  return { tooLow: least < min ? tooLow() : none, tooHigh: most > max ? tooHigh() : none };
}
