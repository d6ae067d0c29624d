import { numberDecoder } from './codes.ts';
import { exponentOf, powerOfTwo, scaleByPowerOfTwo } from './double.ts';
import { fromNumber } from './exact.ts';
import type { FloatCodes } from './floatCodes.ts';
import { becomesSpecial, FLOAT_POLICIES, policyResolver } from './policy.ts';
import { mirrored, roundMagnitude } from './rounding.ts';
import type { FloatLayout, Format } from './types.ts';

const MOST_RANDOM_BITS = 32;

/** Distances from a code up to this one all round alike: less than one step of the random bits. */
const NEGLIGIBLE = powerOfTwo(-40);

const single = new Float32Array(1);
const singleBits = new Uint32Array(single.buffer);

/**
 * The same functions as `decode` and `encode`, on doubles and codes of at most 32 bits. Scaling a double by a power of
 * two and taking its floor are exact, so that the only rounding is the intended one.
 */
export function floatNumbers(
  id: string,
  layout: FloatLayout,
  signed: boolean,
  codes: FloatCodes,
  encode: Format['encode'],
): Pick<Format, 'decodeNumber' | 'encodeNumber'> {
  const { exponentBits, mantissaBits, bias } = layout;
  const width = exponentBits + mantissaBits + (signed ? 1 : 0);
  const smallestNormal = 1 - bias;
  const maxFinite = Number(layout.maxFiniteCode);
  const signWeight = 2 ** (exponentBits + mantissaBits);
  const hidden = 2 ** mantissaBits;
  const zero = pair(codes.zero);
  const finite = pair(codes.finite);
  const special = pair(codes.special);
  const nan = codes.nan === undefined ? finite[0] : Number(codes.nan);
  const isBinary32 = id === 'fp32';
  const resolve = policyResolver(id, FLOAT_POLICIES);

  return {
    decodeNumber: numberDecoder(id, width, isBinary32 ? decodeBinary32 : code => decodeFields(layout, code)),
    encodeNumber(value, policy) {
      const { round, overflow, subnormals, random } = resolve(policy);
      if (random !== undefined && random.count > MOST_RANDOM_BITS)
        return Number(encode(fromNumber(value), policy));
      if (Number.isNaN(value)) return nan;
      const sign = value < 0 || (value === 0 && 1 / value < 0) ? 1 : 0;
      const magnitude = Math.abs(value);
      if (magnitude === 0) return zero[sign];
      if (magnitude === Number.POSITIVE_INFINITY)
        return overflow === 'special' ? special[sign] : finite[sign];
      if (isBinary32 && round === 'rne' && subnormals === 'keep') {
        single[0] = value;
        return (singleBits[0] & 0x7fffffff) > maxFinite && overflow === 'saturate'
          ? finite[sign]
          : singleBits[0];
      }
      const exponent = exponentOf(magnitude);
      if (subnormals === 'flush' && exponent < smallestNormal) return zero[sign];
      const direction = sign === 1 ? mirrored(round) : round;
      const top = exponent < smallestNormal ? smallestNormal : exponent;
      const steps =
        exponent < top - mantissaBits - 40 ? NEGLIGIBLE : scaleByPowerOfTwo(magnitude, mantissaBits - top);
      const code = roundMagnitude((top - smallestNormal) * hidden, steps, direction, random);
      if (code === 0) return zero[sign];
      if (code > maxFinite || (sign === 1 && !signed)) {
        return becomesSpecial(direction, overflow) ? special[sign] : finite[sign];
      }
      return sign === 1 ? code + signWeight : code;
    },
  };
}

function decodeBinary32(code: number): number {
  singleBits[0] = code;
  return single[0];
}

function decodeFields(layout: FloatLayout, code: number): number {
  const { exponentBits, mantissaBits, bias, nan, infinityCode } = layout;
  const signWeight = 2 ** (exponentBits + mantissaBits);
  const negative = code >= signWeight;
  const magnitude = negative ? code - signWeight : code;
  if (nan.kind === 'above' && magnitude >= nan.from) return Number.NaN;
  if (nan.kind === 'negative-zero' && negative && magnitude === 0) return Number.NaN;
  const sign = negative ? -1 : 1;
  if (infinityCode !== undefined && magnitude === Number(infinityCode))
    return sign * Number.POSITIVE_INFINITY;
  const hidden = 2 ** mantissaBits;
  const field = Math.floor(magnitude / hidden);
  const significand = field === 0 ? magnitude : magnitude - (field - 1) * hidden;
  return sign * scaleByPowerOfTwo(significand, Math.max(field, 1) - bias - mantissaBits);
}

function pair(codes: readonly [bigint, bigint]): readonly [number, number] {
  return [Number(codes[0]), Number(codes[1])];
}
