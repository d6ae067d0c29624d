import { checkCode, NUMBER_WIDTH, noNumbers, numberDecoder } from './codes.ts';
import { exponentOf, powerOfTwo, scaleByPowerOfTwo } from './double.ts';
import { fromBigInt, fromNumber } from './exact.ts';
import { FIXED_POLICIES, policyResolver, resolvePolicy, UNSIGNED_POLICIES } from './policy.ts';
import { mirrored, roundMagnitude, roundShift } from './rounding.ts';
import type { Exact, Format, Overflow, Policy } from './types.ts';

interface FixedShape {
  readonly id: string;
  readonly kind: 'integer' | 'fixed';
  readonly width: number;
  readonly signed: boolean;
  readonly lsbExponent: number;
}

/** Makes an integer or fixed-point format: two's complement or unsigned, value = integer · 2^lsbExponent. */
export function makeFixed(shape: FixedShape): Format {
  const { id, width, signed, lsbExponent } = shape;
  const family = signed ? FIXED_POLICIES : UNSIGNED_POLICIES;
  const modulus = 1n << BigInt(width);
  const max = (signed ? modulus >> 1n : modulus) - 1n;
  const min = signed ? -max - 1n : 0n;
  const decode = (code: bigint): Exact => {
    checkCode(id, width, code);
    return fromBigInt(code > max ? code - modulus : code, lsbExponent);
  };
  const encode = (value: Exact, policy?: Partial<Policy>): bigint => {
    const { round, overflow, random } = resolvePolicy(id, family, policy);
    if (value.kind !== 'finite') return beyond(value.kind === 'inf' && value.neg);
    const magnitude = roundShift(value.neg ? -value.mag : value.mag, lsbExponent - value.exp, round, random);
    return wrapped(limit(magnitude));

    function beyond(negative: boolean): bigint {
      return overflow === 'wrap' || overflow === 'wrapsm'
        ? 0n
        : wrapped(limit(negative ? min - 1n : max + 1n));
    }
    function limit(integer: bigint): bigint {
      const lowest = overflow === 'satsym' && signed ? -max : min;
      if (overflow === 'wrap' || (integer >= lowest && integer <= max)) return integer;
      if (overflow === 'satzero') return 0n;
      if (overflow === 'wrapsm') {
        // Bit `width` is the lowest deleted one; the bit below it would be the sign.
        const signChanges = (((integer >> BigInt(width)) ^ (integer >> BigInt(width - 1))) & 1n) === 1n;
        return signChanges ? ~integer : integer;
      }
      return integer > max ? max : lowest;
    }
  };
  const wrapped = (integer: bigint): bigint => BigInt.asUintN(width, integer);
  const refuse = noNumbers(id);
  const exactInDouble = width <= NUMBER_WIDTH && lsbExponent >= -1074 && lsbExponent + width - 1 <= 1023;
  return {
    ...shape,
    max: fromBigInt(max, lsbExponent),
    min: fromBigInt(min, lsbExponent),
    exactInDouble,
    decode,
    encode,
    ...(exactInDouble ? fixedNumbers(shape, encode) : { decodeNumber: refuse, encodeNumber: refuse }),
  };
}

/** Nearer than this to an integer, all distances round alike. */
const NEGLIGIBLE = powerOfTwo(-40);

function fixedNumbers(
  shape: FixedShape,
  encode: Format['encode'],
): Pick<Format, 'decodeNumber' | 'encodeNumber'> {
  const { id, width, signed, lsbExponent } = shape;
  const family = signed ? FIXED_POLICIES : UNSIGNED_POLICIES;
  const modulus = 2 ** width;
  const max = (signed ? modulus / 2 : modulus) - 1;
  const min = signed ? -max - 1 : 0;
  const resolve = policyResolver(id, family);
  // 0 where the power is no double: nothing but 0 is on the grid then, as far as the short way below sees.
  const scale = lsbExponent <= 1023 && lsbExponent >= -1023 ? powerOfTwo(-lsbExponent) : 0;
  return {
    decodeNumber: numberDecoder(id, width, code =>
      scaleByPowerOfTwo(code > max ? code - modulus : code, lsbExponent),
    ),
    encodeNumber(value, policy) {
      const { round, overflow } = resolve(policy);
      // Most values are on the grid, and nothing is to be rounded. A product that has left the doubles is no such integer.
      const exact = value * scale;
      if (Number.isSafeInteger(exact) && (exact !== 0 || value === 0)) {
        const kept = limit(exact, overflow);
        return kept < 0 ? kept + modulus : kept + 0;
      }
      const exponent = Number.isFinite(value) && value !== 0 ? exponentOf(value) : lsbExponent;
      // Random bits act on the two's complement remainder, which a double need not hold; and what is far out of
      // range is rare and would leave the doubles when scaled.
      if (!Number.isFinite(value) || round === 'stochastic' || exponent > lsbExponent + 51) {
        return Number(encode(fromNumber(value), policy));
      }
      if (value === 0) return 0;
      const direction = value < 0 ? mirrored(round) : round;
      const steps =
        exponent < lsbExponent - 40 ? NEGLIGIBLE : scaleByPowerOfTwo(Math.abs(value), -lsbExponent);
      const magnitude = roundMagnitude(0, steps, direction);
      const integer = limit(value < 0 ? -magnitude : magnitude, overflow);
      return integer < 0 ? integer + modulus : integer + 0;
    },
  };

  function limit(integer: number, overflow: Overflow): number {
    const lowest = overflow === 'satsym' && signed ? -max : min;
    if (integer >= lowest && integer <= max) return integer;
    if (overflow === 'wrap') return integer - Math.floor(integer / modulus) * modulus;
    if (overflow === 'satzero') return 0;
    if (overflow === 'wrapsm') {
      // Up and down again, between min and max, over a period of two moduli.
      const phase = integer - min - Math.floor((integer - min) / (2 * modulus)) * 2 * modulus;
      return phase < modulus ? phase + min : 2 * modulus - 1 - phase + min;
    }
    return integer > max ? max : lowest;
  }
}
