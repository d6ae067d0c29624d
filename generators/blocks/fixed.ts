import type { Format, Policy, Round } from '../formats/types.ts';
import type { Builder } from '../hdl/builder.ts';
import type { Signal } from '../hdl/signal.ts';
import { clamp, shiftRightSticky } from './bits.ts';

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
  if (round === 'stochastic') return kept.add(carryOf(b, x, shift, random).withLsb(lsb));
  const guard = bitAt(shift - 1);
  const below = shift > 1 ? x.bits(Math.min(shift - 2, x.width - 1), 0).any() : b.const(0);
  return rounded(b, round, { kept, guard, below });
}

/** The carry out of the fraction below `shift` and the random bits; of a longer fraction, the top bits take part. */
function carryOf(b: Builder, x: Signal, shift: number, random: Signal | undefined): Signal {
  if (!random) throw new Error('stochastic rounding needs random bits');
  const count = random.width;
  const wide = x.width > shift ? x : x.add(b.const(0, x.lsb)).withLsb(0);
  const fraction = wide.withLsb(0).wrap(shift, false);
  const top = shift >= count ? fraction.shr(shift - count) : fraction.shl(count - shift);
  return top.wrap(count, false).add(random.withLsb(0)).shr(count);
}

/** `x / 2^amount` for an amount that is a signal, rounded once. The amount may exceed the width. */
export function roundShiftRight(b: Builder, x: Signal, amount: Signal, round: Round): Signal {
  const { shifted, sticky } = shiftRightSticky(b, x.withLsb(0).shl(1), amount);
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

/** Keeps a number within a format of the same last bit, by one of the overflow modes. */
export function limitToFixed(
  b: Builder,
  x: Signal,
  { width, signed }: Pick<Format, 'width' | 'signed'>,
  overflow: Policy['overflow'],
): Signal {
  const max = 2n ** BigInt(signed ? width - 1 : width) - 1n;
  const min = signed ? -max - 1n : 0n;
  const { lsb } = x;
  const integer = x.withLsb(0);
  switch (overflow) {
    case 'wrap':
      return x.wrap(width, signed);
    case 'satsym':
      return clamp(b, integer, signed ? -max : 0n, max).withLsb(lsb);
    case 'satzero': {
      const [low, high] = x.range;
      const tooLow = low < min ? integer.lt(min) : b.const(0);
      const tooHigh = high > max ? integer.gt(max) : b.const(0);
      return integer.gate(tooLow.or(tooHigh).not()).narrow(min, max).withLsb(lsb);
    }
    default:
      return clamp(b, integer, min, max).withLsb(lsb);
  }
}
