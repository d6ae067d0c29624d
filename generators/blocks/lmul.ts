import { parseFormat } from '../formats/parse.ts';
import type { FloatLayout } from '../formats/types.ts';
import type { Builder } from '../hdl/builder.ts';
import type { Signal } from '../hdl/signal.ts';
import { isAtLeast } from './bits.ts';
import { addWithConstant } from './constantAdder.ts';
import { unpack } from './float.ts';
import { limitedSum } from './limitedSum.ts';

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
  const { exponentBits, mantissaBits, bias } = layout;
  const bits = exponentBits + mantissaBits;
  const aCode = left.bits(bits - 1, 0);
  const bCode = right.bits(bits - 1, 0);
  const isZero = b.or(...[aCode, bCode].map(code => code.bits(bits - 1, mantissaBits).isZero()));
  const constant = BigInt(rule.offset) - (BigInt(bias) << BigInt(mantissaBits));
  const { magnitude, isNotZero } = limited(b, layout, [aCode, bCode], isZero, constant);
  const negative = left.bit(bits).xor(right.bit(bits));
  const none = b.const(0);
  if (!rule.propagates) return { sign: negative.and(isNotZero), magnitude, isNaN: none, isInfinite: none };
  const x = b.scope('a', '', () => unpack(b, layout, left));
  const y = b.scope('b', '', () => unpack(b, layout, right));
  const isInfinite = x.isInfinite.or(y.isInfinite);
  return {
    sign: negative.and(isNotZero.or(isInfinite)),
    magnitude,
    isNaN: x.isNaN.or(y.isNaN).or(isInfinite.and(isZero)),
    isInfinite,
  };
}

/** The sum of two codes and a constant, kept within what a code can be. */
function limited(
  b: Builder,
  layout: FloatLayout,
  codes: readonly [Signal, Signal],
  isZero: Signal,
  constant: bigint,
): { magnitude: Signal; isNotZero: Signal } {
  const { mantissaBits, maxFiniteCode: most } = layout;
  if (b.fabric.lutCell) {
    const made = limitedSum(b, codes, isZero, { constant, least: 1n << BigInt(mantissaBits), most });
    if (made) return { magnitude: made.value, isNotZero: made.isZero.not() };
  }
  const total = addWithConstant(b, ...codes, constant);
  const { isOutside, isLarge } = beyond(b, layout, codes, total, isZero);
  const limit = b.const(most).gate(isLarge);
  const magnitude = b.mux(isOutside, limit, total.wrap(codes[0].width, false)).narrow(0, most);
  return { magnitude, isNotZero: isOutside.not().or(isLarge) };
}

/**
 * Whether a sum of codes is none of a normal number, or a factor is zero; and if so, whether the product is the largest number, not zero. Where the
 * leading bits of the codes leave one of both possible, they tell it, long before the sum is there.
 */
function beyond(
  b: Builder,
  { exponentBits, mantissaBits, maxFiniteCode }: FloatLayout,
  codes: readonly [Signal, Signal],
  total: Signal,
  isZero: Signal,
): { isOutside: Signal; isLarge: Signal } {
  const bits = exponentBits + mantissaBits;
  const least = 1n << BigInt(mantissaBits);
  const half = 1n << BigInt(bits - 1);
  const constant = total.range[0];
  // Below `half` both, no sum is too large; with one code above, and both normal, none is too small.
  const isToldByLeadingBits = 2n * (half - 1n) + constant <= maxFiniteCode && half + constant >= 0n;
  if (!isToldByLeadingBits) {
    const [tooSmall, tooLarge] = [total.lt(least).or(isZero), total.gt(maxFiniteCode)];
    return { isOutside: tooSmall.or(tooLarge), isLarge: tooSmall.not().and(tooLarge) };
  }
  // The bit above those of a code is set in a sum beyond them, and in a negative one.
  const above = total.bit(bits);
  const code = total.bits(bits - 1, 0);
  const exponent = code.bits(bits - 1, mantissaBits);
  // As in IEEE 754: an exponent field of ones is no number.
  const isOnesSpecial = maxFiniteCode + 1n === 2n * half - least;
  const [left, right] = codes;
  return {
    isOutside: isOnesSpecial
      ? b.or(above, isZero, isAllEqual(exponent))
      : b.or(above, isZero, exponent.isZero(), isAtLeast(b, code, maxFiniteCode + 1n)),
    isLarge: left
      .bit(bits - 1)
      .or(right.bit(bits - 1))
      .and(isZero.not()),
  };
}

/** Whether all bits are zeros, or all are ones. */
function isAllEqual(x: Signal): Signal {
  return x
    .bits(x.width - 1, 1)
    .xor(x.bits(x.width - 2, 0))
    .isZero();
}
