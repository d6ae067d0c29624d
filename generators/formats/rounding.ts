import { FormatError, type Policy, type Round } from './types.ts';

/** Uniform random bits for stochastic rounding: `count` bits, as an unsigned integer. */
export type RandomBits = NonNullable<Policy['random']>;

/** The mode that rounds −x to −y where `round` rounds x to y. */
export function mirrored(round: Round): Round {
  switch (round) {
    case 'rup':
      return 'rdn';
    case 'rdn':
    case 'trn':
      return 'rup';
    case 'rhu':
      return 'rhd';
    case 'rhd':
      return 'rhu';
    default:
      return round;
  }
}

/**
 * Rounds `x / 2^shift` to an integer: the one rounding of this project. `x` is signed; a shift of zero or less is an
 * exact left shift. With `q` the floor and `r` the remainder, `stochastic` gives `q + (r + U ≥ 2^shift)` for `U` of
 * `shift` bits; when U has fewer bits, only as many top bits of `r` take part. No bits of U: FormatError.
 */
export function roundShift(x: bigint, shift: number, round: Round, random?: RandomBits): bigint {
  if (shift <= 0) return x << BigInt(-shift);
  const distance = BigInt(shift);
  const floor = x >> distance;
  const remainder = x - (floor << distance);
  if (remainder === 0n) return floor;
  return goesUp(x, floor, remainder, shift, round, random) ? floor + 1n : floor;
}

function goesUp(
  x: bigint,
  floor: bigint,
  remainder: bigint,
  shift: number,
  round: Round,
  random: RandomBits | undefined,
): boolean {
  const odd = (floor & 1n) === 1n;
  switch (round) {
    case 'rtz':
      return x < 0n;
    case 'rup':
      return true;
    case 'rdn':
    case 'trn':
      return false;
    case 'odd':
      return !odd;
    case 'stochastic': {
      const { bits, count } = requireRandom(random);
      const top = shift >= count ? remainder >> BigInt(shift - count) : remainder << BigInt(count - shift);
      return (top + bits) >> BigInt(count) === 1n;
    }
    default: {
      const half = 1n << BigInt(shift - 1);
      if (remainder !== half) return remainder > half;
      switch (round) {
        case 'rne':
          return odd;
        case 'rna':
          return x >= 0n;
        case 'rhz':
          return x < 0n;
        default:
          return round === 'rhu';
      }
    }
  }
}

/**
 * As `roundShift`, on doubles: rounds `base + magnitude` to an integer, where `base` is an integer, `magnitude` is not
 * negative and the sum of its floor and `base` is below 2^53. `round` applies to the magnitude: mirror it for a
 * negative value. Only the parity of `base` matters to the rounding. At most 32 random bits.
 */
export function roundMagnitude(base: number, magnitude: number, round: Round, random?: RandomBits): number {
  const whole = Math.floor(magnitude);
  const fraction = magnitude - whole;
  const floor = base + whole;
  if (fraction === 0) return floor;
  switch (round) {
    case 'rne':
      return fraction > 0.5 || (fraction === 0.5 && isOdd(floor)) ? floor + 1 : floor;
    case 'rna':
    case 'rhu':
      return fraction >= 0.5 ? floor + 1 : floor;
    case 'rhz':
    case 'rhd':
      return fraction > 0.5 ? floor + 1 : floor;
    case 'rup':
      return floor + 1;
    case 'odd':
      return isOdd(floor) ? floor : floor + 1;
    case 'stochastic': {
      const { bits, count } = requireRandom(random);
      const scale = 2 ** count;
      return Math.floor(fraction * scale) + Number(bits) >= scale ? floor + 1 : floor;
    }
    default:
      return floor;
  }
}

function isOdd(integer: number): boolean {
  // ToInt32 takes the value modulo 2^32, so that the last bit is right up to 2^53.
  return (integer & 1) === 1;
}

/** The random bits of a policy, checked. */
export function requireRandom(random: RandomBits | undefined): RandomBits {
  if (random === undefined) {
    throw new FormatError(
      'stochastic rounding needs random bits',
      'give policy.random: { bits, count }, where bits is uniform in 0 … 2^count − 1',
    );
  }
  const { bits, count } = random;
  if (!Number.isInteger(count) || count < 1 || bits < 0n || bits >> BigInt(count) !== 0n) {
    throw new FormatError(
      `random bits ${bits} do not fit a count of ${count}`,
      'count is at least 1, and bits is in 0 … 2^count − 1',
    );
  }
  return random;
}
