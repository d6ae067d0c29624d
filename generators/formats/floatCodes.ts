import type { FloatLayout } from './types.ts';

/** The codes of both signs that an encoder writes without rounding; index 1 is the negative one. */
export interface FloatCodes {
  readonly zero: readonly [bigint, bigint];
  /** The largest finite value of the sign; 0 for the negative sign of an unsigned format. */
  readonly finite: readonly [bigint, bigint];
  /** What overflow gives under `special`: infinity, else NaN, else the largest finite value. */
  readonly special: readonly [bigint, bigint];
  /** What NaN gives; undefined where the format has none. */
  readonly nan: bigint | undefined;
}

/** The positive quiet NaN where there are many, else the only one. */
export function canonicalNaNOf(layout: FloatLayout, signed: boolean): bigint | undefined {
  const { exponentBits, mantissaBits, nan, infinityCode } = layout;
  if (nan.kind === 'none') return undefined;
  if (nan.kind === 'negative-zero') return 1n << BigInt(exponentBits + mantissaBits);
  return signed && infinityCode !== undefined ? infinityCode | (1n << BigInt(mantissaBits - 1)) : nan.from;
}

/** The codes of a layout that are written without rounding. */
export function floatCodes(layout: FloatLayout, signed: boolean, nan: bigint | undefined): FloatCodes {
  const signBit = 1n << BigInt(layout.exponentBits + layout.mantissaBits);
  const finite = [layout.maxFiniteCode, signed ? layout.maxFiniteCode | signBit : 0n] as const;
  const { infinityCode } = layout;
  return {
    zero: [0n, signed && layout.negativeZero ? signBit : 0n],
    finite,
    special: [
      infinityCode ?? nan ?? finite[0],
      infinityCode !== undefined && signed ? infinityCode | signBit : (nan ?? finite[1]),
    ],
    nan,
  };
}
