import { scaleByPowerOfTwo, splitDouble } from './double.ts';
import { mirrored, roundShift } from './rounding.ts';
import { type Exact, FormatError, type Round } from './types.ts';

export const NAN: Exact = { kind: 'nan' };
export const POSITIVE_INFINITY: Exact = { kind: 'inf', neg: false };
export const NEGATIVE_INFINITY: Exact = { kind: 'inf', neg: true };
export const ZERO: Exact = { kind: 'finite', neg: false, mag: 0n, exp: 0 };
export const NEGATIVE_ZERO: Exact = { kind: 'finite', neg: true, mag: 0n, exp: 0 };

/** Number of bits of a non-negative integer; 0 for 0. */
export function bitLength(x: bigint): number {
  if (x === 0n) return 0;
  const hex = x.toString(16);
  return hex.length * 4 + 28 - Math.clz32(Number.parseInt(hex[0], 16));
}

/** The signed integer `integer · 2^exp`. */
export function fromBigInt(integer: bigint, exp = 0): Exact {
  return { kind: 'finite', neg: integer < 0n, mag: integer < 0n ? -integer : integer, exp };
}

/** The value of a double, with the sign of zero. */
export function fromNumber(x: number): Exact {
  if (Number.isNaN(x)) return NAN;
  if (!Number.isFinite(x)) return x < 0 ? NEGATIVE_INFINITY : POSITIVE_INFINITY;
  const { negative, significand, exponent } = splitDouble(x);
  return { kind: 'finite', neg: negative, mag: significand, exp: significand === 0n ? 0 : exponent };
}

/** The double that is `x`; FormatError where none is. */
export function toNumber(x: Exact): number {
  const nearest = nearestNumber(x);
  if (compare(fromNumber(nearest), x) !== 0 && x.kind !== 'nan') {
    throw new FormatError(`${formatExact(x)} is not a double`, 'use nearestNumber for the nearest one');
  }
  return nearest;
}

/** `x` rounded once to a double: ties to even, infinity on overflow. */
export function nearestNumber(x: Exact): number {
  return roundToDouble(x, 'rne');
}

/** `x` rounded once to a double, to odd when inexact; the largest finite double on overflow. */
export function oddNumber(x: Exact): number {
  const rounded = roundToDouble(x, 'odd');
  if (x.kind !== 'finite' || Number.isFinite(rounded)) return rounded;
  return x.neg ? -Number.MAX_VALUE : Number.MAX_VALUE;
}

function roundToDouble(x: Exact, round: Round): number {
  if (x.kind === 'nan') return Number.NaN;
  const sign = x.neg ? -1 : 1;
  if (x.kind === 'inf') return sign * Number.POSITIVE_INFINITY;
  if (x.mag === 0n) return sign * 0;
  const exponent = Math.max(bitLength(x.mag) - 1 + x.exp, -1022);
  if (exponent > 1023) return sign * Number.POSITIVE_INFINITY;
  const lsb = exponent - 52;
  const significand = roundShift(x.mag, lsb - x.exp, x.neg ? mirrored(round) : round);
  return sign * scaleByPowerOfTwo(Number(significand), lsb);
}

export function isZero(x: Exact): boolean {
  return x.kind === 'finite' && x.mag === 0n;
}

export function neg(x: Exact): Exact {
  return x.kind === 'nan' ? x : { ...x, neg: !x.neg };
}

/** The same value with an odd magnitude, or with exponent 0 for zero: equal values become deeply equal. */
export function normalize(x: Exact): Exact {
  if (x.kind !== 'finite') return x;
  if (x.mag === 0n) return x.neg ? NEGATIVE_ZERO : ZERO;
  const trailing = bitLength(x.mag & -x.mag) - 1;
  return trailing === 0 ? x : { ...x, mag: x.mag >> BigInt(trailing), exp: x.exp + trailing };
}

/** Exact sum, with the zeros, infinities and NaN of IEEE 754 (x − x is +0, ∞ − ∞ is NaN). */
export function add(a: Exact, b: Exact): Exact {
  if (a.kind === 'nan' || b.kind === 'nan') return NAN;
  if (a.kind === 'inf' || b.kind === 'inf') {
    if (a.kind === 'inf' && b.kind === 'inf') return a.neg === b.neg ? a : NAN;
    return a.kind === 'inf' ? a : b;
  }
  if (a.mag === 0n && b.mag === 0n) return a.neg && b.neg ? NEGATIVE_ZERO : ZERO;
  const exp = Math.min(a.exp, b.exp);
  return fromBigInt(signedAt(a, exp) + signedAt(b, exp), exp);
}

/** Exact product, with the zeros, infinities and NaN of IEEE 754 (0 · ∞ is NaN). */
export function mul(a: Exact, b: Exact): Exact {
  if (a.kind === 'nan' || b.kind === 'nan') return NAN;
  const negative = a.neg !== b.neg;
  if (a.kind === 'inf' || b.kind === 'inf') {
    return isZero(a) || isZero(b) ? NAN : { kind: 'inf', neg: negative };
  }
  return { kind: 'finite', neg: negative, mag: a.mag * b.mag, exp: a.exp + b.exp };
}

/** −1, 0 or 1 as `a` is below, equal to or above `b` (−0 equals +0); NaN where either is NaN. */
export function compare(a: Exact, b: Exact): number {
  if (a.kind === 'nan' || b.kind === 'nan') return Number.NaN;
  if (a.kind === 'inf' || b.kind === 'inf') return Math.sign(rank(a) - rank(b));
  const exp = Math.min(a.exp, b.exp);
  const left = signedAt(a, exp);
  const right = signedAt(b, exp);
  return left < right ? -1 : left > right ? 1 : 0;
}

function rank(x: Exact): number {
  if (x.kind !== 'inf') return 0;
  return x.neg ? -1 : 1;
}

/** The signed integer that, times 2^exp, is `x`; `exp` is at most that of `x`. */
function signedAt(x: Exact & { kind: 'finite' }, exp: number): bigint {
  if (x.mag === 0n) return 0n;
  const magnitude = x.mag << BigInt(x.exp - exp);
  return x.neg ? -magnitude : magnitude;
}

const LONGEST_DECIMAL = 16;

/** The exact value for people: its decimal expansion where that is short (`0.3125`), else hexadecimal (`0x1.8p-40`). */
export function formatExact(x: Exact): string {
  if (x.kind === 'nan') return 'NaN';
  const sign = x.neg ? '-' : '';
  if (x.kind === 'inf') return `${sign}Infinity`;
  const normal = normalize(x) as Exact & { kind: 'finite' };
  if (normal.mag === 0n) return `${sign}0`;
  const top = bitLength(normal.mag) - 1 + normal.exp;
  if (Math.abs(top) < 4 * LONGEST_DECIMAL && normal.exp > -4 * LONGEST_DECIMAL) {
    const decimal = decimalExpansion(normal.mag, normal.exp);
    if (decimal.length <= LONGEST_DECIMAL) return sign + decimal;
  }
  return sign + hexadecimal(normal.mag, top);
}

function decimalExpansion(mag: bigint, exp: number): string {
  if (exp >= 0) return (mag << BigInt(exp)).toString();
  const digits = (mag * 5n ** BigInt(-exp)).toString().padStart(1 - exp, '0');
  return `${digits.slice(0, exp)}.${digits.slice(exp)}`;
}

function hexadecimal(mag: bigint, top: number): string {
  const fractionBits = bitLength(mag) - 1;
  const padding = (4 - (fractionBits % 4)) % 4;
  const fraction = (mag ^ (1n << BigInt(fractionBits))) << BigInt(padding);
  const digits = (fractionBits + padding) / 4;
  const point = digits === 0 ? '' : `.${fraction.toString(16).padStart(digits, '0')}`;
  return `0x1${point}p${top < 0 ? '' : '+'}${top}`;
}
