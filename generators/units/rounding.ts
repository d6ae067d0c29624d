import { exactOf, plus, plusToOdd, times, type Value } from '../formats/arithmetic.ts';
import { bitLength } from '../formats/exact.ts';
import { parseFormat } from '../formats/parse.ts';
import type { Policy } from '../formats/types.ts';
import type { Signal } from '../hdl/signal.ts';
import type { InputSignals, Port } from './unit.ts';

/** What each unit has that rounds to a floating-point format. */
export interface RoundingParams {
  /** Rounding of the result. @default rne */
  round: 'rne' | 'rna' | 'rtz' | 'rup' | 'rdn' | 'odd' | 'stochastic';
  /** What becomes of a result beyond the largest value, and of infinity: that value; or infinity, NaN where there is none. @default saturate */
  overflow: 'saturate' | 'special';
  /** Subnormal numbers: as the formats have them; or flushed, for a smaller circuit: operands below the smallest normal number count as zero of their sign, and so do results, before they are rounded. @default keep */
  subnormals: 'keep' | 'flush';
  /** For stochastic rounding: bits of `rnd`, a uniform fraction of the result's last bit. @min 1 @max 32 @default 8 */
  randomBits: number;
}

/** The port of random bits, where there is one. */
export function randomPort(p: Pick<RoundingParams, 'round' | 'randomBits'>): Record<string, Port> {
  if (p.round !== 'stochastic') return {};
  return {
    rnd: {
      format: `uint${p.randomBits}`,
      doc: 'random bits, uniform: a fraction of the last bit of the result',
    },
  };
}

/** Random bits of a corner beat, where there are any: another code for each `k`. */
export function randomCorner(
  { round, randomBits }: Pick<RoundingParams, 'round' | 'randomBits'>,
  k: number,
): { rnd?: bigint } {
  return round === 'stochastic' ? { rnd: BigInt.asUintN(randomBits, BigInt(k)) } : {};
}

/** The signal of the random bits, where there is one. */
export function randomSignal(x: InputSignals, { round }: Pick<RoundingParams, 'round'>): Signal | undefined {
  return round === 'stochastic' ? x.signal('rnd') : undefined;
}

/** The policy of an output port. Stochastic rounding has taken place in the golden: there is nothing left to round or to flush. */
export function portPolicy({ round, overflow, subnormals }: RoundingParams): Partial<Policy> {
  if (round === 'stochastic') return { round: 'rtz', overflow, subnormals: 'keep' };
  return { round, overflow, subnormals };
}

/** A function of values of a format: subnormal ones become the zero of their sign, where they are to be flushed. */
export function flushing(format: string, subnormals: Policy['subnormals']): (x: Value) => Value {
  const { float } = parseFormat(format);
  if (subnormals === 'keep' || float === undefined) return x => x;
  const least = 1 - float.bias;
  const smallest = 2 ** least;
  return x => {
    if (typeof x === 'number') return Math.abs(x) < smallest ? 0 * x : x;
    return x.kind === 'finite' && bitLength(x.mag) + x.exp <= least ? { ...x, mag: 0n } : x;
  };
}

/** A function that rounds by the random bits of a beat; for other roundings the output port does all. */
export function stochastic(
  format: string,
  { round, overflow, subnormals, randomBits }: RoundingParams,
): (x: Value, rnd: number | undefined) => Value {
  if (round !== 'stochastic') return x => x;
  const f = parseFormat(format);
  return (x, rnd) => {
    const policy = {
      round,
      overflow,
      subnormals,
      random: { bits: BigInt(rnd ?? 0), count: randomBits },
    } as const;
    if (typeof x === 'number' && f.exactInDouble) return f.decodeNumber(f.encodeNumber(x, policy));
    return f.decode(f.encode(exactOf(x), policy));
  };
}

/** Significant bits up to which a sum may be rounded to odd before it is rounded to a format. */
const FEW_BITS = 51;

/**
 * The sum, good for one rounding to the result format; a zero from operands that are not both +0 is −0 where sums are rounded
 * toward −∞ (IEEE 754, 6.3).
 */
export function sumBy(round: Policy['round'], result: string): (x: Value, y: Value) => Value {
  const bits = (parseFormat(result).float?.mantissaBits ?? Number.POSITIVE_INFINITY) + 1;
  const sumOf = bits <= FEW_BITS && round !== 'stochastic' ? plusToOdd : plus;
  if (round !== 'rdn') return sumOf;
  return (x, y) => {
    const sum = sumOf(x, y);
    return isZero(sum) && (isNegative(x) || isNegative(y)) ? -0 : sum;
  };
}

/** `x·y + z`, good for one rounding to the result format. */
export function multiplyAddBy(
  { round }: RoundingParams,
  result: string,
): (x: Value, y: Value, z: Value) => Value {
  const sum = sumBy(round, result);
  return (x, y, z) => sum(times(x, y), z);
}

const isZero = (x: Value): boolean => (typeof x === 'number' ? x === 0 : x.kind === 'finite' && x.mag === 0n);

/** Below zero, or −0; never NaN. */
export const isNegative = (x: Value): boolean =>
  typeof x === 'number' ? x < 0 || Object.is(x, -0) : x.kind !== 'nan' && x.neg;

/** Infinity or NaN. */
export function isSpecial(x: Value): boolean {
  return typeof x === 'number' ? !Number.isFinite(x) : x.kind !== 'finite';
}

export function isNaNValue(x: Value): boolean {
  return typeof x === 'number' ? Number.isNaN(x) : x.kind === 'nan';
}

/** Whether a format has infinities. */
export function hasInfinity(format: string): boolean {
  return parseFormat(format).float?.infinityCode !== undefined;
}

/** Whether a format has NaN. */
export function hasNaN(format: string): boolean {
  return (parseFormat(format).float?.nan.kind ?? 'none') !== 'none';
}

/** Whether a format has infinities or NaN. */
export function hasSpecial(format: string): boolean {
  return hasInfinity(format) || hasNaN(format);
}

const WIDEST = 64;

/** A complaint for each floating-point parameter that is too wide. */
export function widthProblems(formats: Readonly<Record<string, string>>): string[] {
  return Object.entries(formats).flatMap(([name, id]) => {
    if (id === 'exact') return [];
    const { width, kind } = parseFormat(id);
    return kind !== 'float' || width <= WIDEST
      ? []
      : [`--${name} ${id} has ${width} bits; expected a format of at most ${WIDEST} bits`];
  });
}

const WIDEST_EXACT = 256;

/** A complaint where an exact result would be too wide. */
export function exactProblems(what: string, [min, max]: readonly [bigint, bigint]): string[] {
  const bits = 1 + Math.max(bitLength(max), bitLength(min < 0n ? -min - 1n : min));
  return bits <= WIDEST_EXACT
    ? []
    : [
        `the exact ${what} has ${bits} bits; expected at most ${WIDEST_EXACT}, or give a floating-point format as --result`,
      ];
}
