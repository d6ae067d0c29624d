import { parseFormat } from '../formats/parse.ts';
import type { FloatLayout } from '../formats/types.ts';
import type { Builder } from '../hdl/builder.ts';
import type { Signal } from '../hdl/signal.ts';
import { isAtLeast } from './bits.ts';
import { addWithConstant } from './constantAdder.ts';
import { unpack } from './float.ts';

/** An L-Mul product in sign and magnitude. */
export interface LMulProduct {
  /** Never set for a zero. */
  readonly sign: Signal;
  /** Code without sign, never that of a subnormal. Anything where a flag is set. */
  readonly magnitude: Signal;
  readonly isNaN: Signal;
  readonly isInfinite: Signal;
}

/** How codes are multiplied by L-Mul. */
export interface LMulRule {
  readonly formatId: string;
  /** In units of the last mantissa bit. */
  readonly offset: number;
  /** Whether codes of NaN and infinity are what they are, and not numbers like others. */
  readonly propagates: boolean;
}

/**
 * L-Mul: the codes without sign are added as integers, one bias is taken away, and an offset stands in for the product of
 * the mantissas. A code of exponent zero, as operand or as result, is zero; a sum beyond the largest finite code becomes
 * that one.
 */
export function lmulCodes(b: Builder, rule: LMulRule, left: Signal, right: Signal): LMulProduct {
  const layout = parseFormat(rule.formatId).float!;
  const { exponentBits, mantissaBits, bias, maxFiniteCode } = layout;
  const bits = exponentBits + mantissaBits;
  const aCode = left.bits(bits - 1, 0);
  const bCode = right.bits(bits - 1, 0);
  const isZero = b.or(...[aCode, bCode].map(code => code.bits(bits - 1, mantissaBits).isZero()));

  const total = addWithConstant(
    b,
    aCode,
    bCode,
    BigInt(rule.offset) - (BigInt(bias) << BigInt(mantissaBits)),
  );
  const tooSmall = isBelowNormal(total, layout).or(isZero);
  const tooLarge = isAboveFinite(b, total, layout);
  const bounded = b.mux(tooLarge, b.const(maxFiniteCode), total.wrap(bits, false));
  const magnitude = bounded.gate(tooSmall.not()).narrow(0, maxFiniteCode);
  const negative = left.bit(bits).xor(right.bit(bits));
  const none = b.const(0);
  if (!rule.propagates)
    return { sign: negative.and(tooSmall.not()), magnitude, isNaN: none, isInfinite: none };
  const x = b.scope('a', '', () => unpack(b, layout, left));
  const y = b.scope('b', '', () => unpack(b, layout, right));
  const isInfinite = x.isInfinite.or(y.isInfinite);
  return {
    sign: negative.and(tooSmall.not().or(isInfinite)),
    magnitude,
    isNaN: x.isNaN.or(y.isNaN).or(isInfinite.and(isZero)),
    isInfinite,
  };
}

/** Whether a sum of codes is below the first normal code: negative, or with an exponent field of zero. */
function isBelowNormal(total: Signal, { exponentBits, mantissaBits }: FloatLayout): Signal {
  const bits = exponentBits + mantissaBits;
  const least = 1n << BigInt(mantissaBits);
  if (!fitsWithCarry(total, bits)) return total.lt(least);
  return total.sign().or(
    total
      .wrap(bits + 1, false)
      .bits(bits, mantissaBits)
      .isZero(),
  );
}

/** Whether a sum of codes that is not negative is beyond the largest finite one. */
function isAboveFinite(
  b: Builder,
  total: Signal,
  { exponentBits, mantissaBits, maxFiniteCode }: FloatLayout,
): Signal {
  const bits = exponentBits + mantissaBits;
  if (!fitsWithCarry(total, bits)) return total.gt(maxFiniteCode);
  return isAtLeast(b, total.bits(bits, 0), maxFiniteCode + 1n);
}

/** Whether a sum has one bit more than a code, and a sign: as with any usual bias. */
function fitsWithCarry(total: Signal, bits: number): boolean {
  return total.signed && total.width === bits + 2;
}
