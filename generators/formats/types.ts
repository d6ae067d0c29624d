/**
 * What a number format is. The formats are pure mathematics: nothing here, or beside this file, imports anything
 * of the project, touches a file or knows about hardware.
 */

/** An exact value: a dyadic rational `(-1)^neg · mag · 2^exp`, an infinity, or NaN. Zero is signed: `mag` is 0n. */
export type Exact =
  | { readonly kind: 'finite'; readonly neg: boolean; readonly mag: bigint; readonly exp: number }
  | { readonly kind: 'inf'; readonly neg: boolean }
  | { readonly kind: 'nan' };

/**
 * Rounding modes. `rne` nearest, ties to even · `rna` nearest, ties away from zero · `rtz` toward zero ·
 * `rup` toward +∞ · `rdn` toward −∞ · `odd` to odd when inexact · `stochastic` by given random bits.
 * Fixed point also has `rhu` nearest, ties up · `rhd` ties down · `rhz` ties toward zero · `trn` floor (as `rdn`).
 */
export const ROUNDINGS = [
  'rne',
  'rna',
  'rtz',
  'rup',
  'rdn',
  'odd',
  'stochastic',
  'rhu',
  'rhd',
  'rhz',
  'trn',
] as const;
export type Round = (typeof ROUNDINGS)[number];

/**
 * What happens above the largest finite value. `saturate` clamps to it · `special` gives infinity, or NaN where
 * there is no infinity, or saturates where there is neither. Integers and fixed point also have `wrap`, which keeps the
 * low bits · `satsym` clamps to ±(2^(W−1)−1) · `satzero` gives zero · `wrapsm`, signed only, wraps as sign and magnitude:
 * the lowest deleted bit becomes the sign, and where that changes it, all other bits are inverted (WRAP_SM of ap_fixed).
 */
export const OVERFLOWS = ['saturate', 'special', 'wrap', 'satsym', 'satzero', 'wrapsm'] as const;
export type Overflow = (typeof OVERFLOWS)[number];

export interface Policy {
  readonly round: Round;
  readonly overflow: Overflow;
  /** `flush` gives a zero of the same sign wherever the value, before rounding, is below the smallest normal one. */
  readonly subnormals: 'keep' | 'flush';
  /** For `stochastic`: `count` uniform random bits, as an unsigned integer. */
  readonly random?: { readonly bits: bigint; readonly count: number };
}

export interface Format {
  /** Canonical id, as in the command line: `e4m3`, `fix16.8`, `int8`, `fp32`, `e8m0`, … */
  readonly id: string;
  readonly kind: 'integer' | 'fixed' | 'float' | 'scale';
  /** Bits of a code. */
  readonly width: number;
  readonly signed: boolean;
  /** Weight of the last bit, as a power of two: of the subnormals for floats, 0 for integers, −F for fixed point. */
  readonly lsbExponent: number;
  /** Present for `float` only. */
  readonly float?: FloatLayout;
  /** The NaN code that is written, where the format has one. */
  readonly canonicalNaN?: bigint;
  /** Largest and smallest finite values. */
  readonly max: Exact;
  readonly min: Exact;
  /**
   * True when each value is a double and a code has at most 32 bits: then `decodeNumber` and `encodeNumber` may be
   * used. Elsewhere they throw FormatError.
   */
  readonly exactInDouble: boolean;

  decode(code: bigint): Exact;
  /** Rounds once. Throws FormatError for a policy that the format does not have. */
  encode(value: Exact, policy?: Partial<Policy>): bigint;
  /** The same two on plain numbers (widths up to 32): fast. `-0`, `Infinity` and `NaN` mean what they mean in IEEE 754. */
  decodeNumber(code: number): number;
  encodeNumber(value: number, policy?: Partial<Policy>): number;
}

/** The fields of a sign-magnitude floating-point code `{sign, exponent, mantissa}`; everything a datapath must know. */
export interface FloatLayout {
  readonly exponentBits: number;
  readonly mantissaBits: number;
  readonly bias: number;
  /** Code, without sign, of the largest finite value. */
  readonly maxFiniteCode: bigint;
  /** Code, without sign, of infinity. */
  readonly infinityCode?: bigint;
  /** Which codes are NaN: all magnitudes from `from` up (`ieee`, `fn`), or the one code of −0 (`fnuz`, P3109), or none. */
  readonly nan:
    | { readonly kind: 'above'; readonly from: bigint }
    | { readonly kind: 'negative-zero' }
    | { readonly kind: 'none' };
  /** False where the code of −0 means something else. */
  readonly negativeZero: boolean;
}

/** A user's mistake about formats: what was wrong, what was expected. */
export class FormatError extends Error {
  override readonly name = 'FormatError';
  constructor(
    message: string,
    readonly hint = '',
  ) {
    super(message);
  }
}
