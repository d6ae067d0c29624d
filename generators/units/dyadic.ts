import { exactOf, plusToOdd, type Value } from '../formats/arithmetic.ts';
import { powerOfTwo } from '../formats/double.ts';
import { fromBigInt } from '../formats/exact.ts';
import { parseFormat } from '../formats/parse.ts';
import { mirrored, roundMagnitude, roundShift } from '../formats/rounding.ts';
import type { Round } from '../formats/types.ts';
import type { Port } from './unit.ts';

/** What units that rescale integers by M / 2^E share. */
export interface DyadicParams {
  /** Where the scales come from: parameters, or ports for each beat (a scale per channel). @default constant */
  scale: 'constant' | 'ports';
  /** Bits of a multiplier at its port. @min 1 @max 32 @default 31 */
  multiplierBits: number;
  /** Rounding of the scaled number. @default rhu */
  round: 'rne' | 'rna' | 'rtz' | 'rup' | 'rdn' | 'odd' | 'rhu' | 'rhd' | 'rhz' | 'trn';
}

/** Bits of an exponent at its port: shifts from 0 to 63. */
export const EXPONENT_BITS = 6;

/** The ports of a scale that comes with each beat. */
export function scalePorts(p: DyadicParams, suffix: string, of: string): Record<string, Port> {
  if (p.scale === 'constant') return {};
  return {
    [`m${suffix}`]: { format: `uint${p.multiplierBits}`, doc: `multiplier M of ${of}` },
    [`e${suffix}`]: { format: `uint${EXPONENT_BITS}`, doc: `exponent E of ${of}: it is scaled by M / 2^E` },
  };
}

/** The integer that a value of an integer format is. */
export function integerOf(value: Value): bigint {
  if (typeof value === 'number') return BigInt(value);
  const exact = exactOf(value);
  if (exact.kind !== 'finite' || exact.exp < 0) throw new Error('the value is no integer');
  const magnitude = exact.mag << BigInt(exact.exp);
  return exact.neg ? -magnitude : magnitude;
}

/** Values below this are short enough that their halves of 16 bits give products that are doubles. */
const SHORT = 2 ** 32;
/** Below this, a number rounded to odd to 53 bits can be rounded to an integer as if it were exact. */
const FEW = 2 ** 51;

/** `round(value · M / 2^E)`: the product is exact. */
export function rescale(value: Value, multiplier: Value, exponent: Value, round: Round): Value {
  if (typeof value === 'number' && typeof multiplier === 'number' && typeof exponent === 'number') {
    if (Math.abs(value) <= SHORT && multiplier <= SHORT) {
      const high = Math.floor(value / 65536) * 65536;
      const product = plusToOdd(high * multiplier, (value - high) * multiplier) as number;
      const scaled = product * powerOfTwo(-exponent);
      if (Math.abs(scaled) < FEW) {
        const isNegative = scaled < 0;
        const magnitude = roundMagnitude(0, Math.abs(scaled), isNegative ? mirrored(round) : round);
        return isNegative ? -magnitude : magnitude;
      }
    }
  }
  return fromBigInt(roundShift(integerOf(value) * integerOf(multiplier), Number(integerOf(exponent)), round));
}

/** Results around which operands are tried: all of a narrow format, and some of wider ones. */
const NARROW = 160;

/**
 * The codes of the integers of so many bits on both sides of where `x · M / 2^E` lies halfway between two integers: a multiplier
 * that is off by one shows nowhere else.
 */
export function* besideTies(multiplier: number, exponent: number, width: number): Generator<bigint> {
  const [m, e] = [BigInt(multiplier), BigInt(exponent)];
  if (m === 0n || e === 0n) return;
  const limit = 1n << BigInt(width - 1);
  const results = Array.from({ length: 2 * NARROW + 1 }, (_, i) => BigInt(i - NARROW));
  // And those of which all high bits but one are the sign, where a limit may miss that one.
  for (let power = 7n; power < 32n; power++)
    results.push(1n << power, (1n << power) + 1n, -1n << power, (-1n << power) - 1n);
  for (const result of results) {
    const below = ((2n * result + 1n) << (e - 1n)) / m;
    for (const x of [below - 1n, below, below + 1n])
      if (x >= -limit && x < limit) yield BigInt.asUintN(width, x);
  }
}

/** What is wrong with a zero point that is added to a result of some format. */
export function zeroPointProblems(zeroPoint: number, to: string): string[] {
  const format = parseFormat(to);
  const code = format.encodeNumber(zeroPoint);
  return format.decodeNumber(code) === zeroPoint
    ? []
    : [`zero-point ${zeroPoint} is no value of ${to}; choose one from its range`];
}
