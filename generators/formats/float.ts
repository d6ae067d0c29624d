import { checkCode, NUMBER_WIDTH, noNumbers } from './codes.ts';
import { bitLength, NAN, neg, ZERO } from './exact.ts';
import { canonicalNaNOf, floatCodes } from './floatCodes.ts';
import { floatNumbers } from './floatNumbers.ts';
import { becomesSpecial, FLOAT_POLICIES, resolvePolicy } from './policy.ts';
import { mirrored, roundShift } from './rounding.ts';
import type { Exact, FloatLayout, Format, Policy } from './types.ts';

/** Makes the format of a layout. `id` is its canonical id. */
export function makeFloat(id: string, layout: FloatLayout, signed: boolean): Format {
  const { exponentBits, mantissaBits, bias } = layout;
  const magnitudeBits = exponentBits + mantissaBits;
  const width = magnitudeBits + (signed ? 1 : 0);
  const lsbExponent = 1 - bias - mantissaBits;
  const smallestNormal = 1 - bias;
  const canonicalNaN = canonicalNaNOf(layout, signed);
  const codes = floatCodes(layout, signed, canonicalNaN);
  const decode = (code: bigint): Exact => {
    checkCode(id, width, code);
    return decodeFloat(layout, code);
  };
  const max = decode(layout.maxFiniteCode);
  const topExponent = max.kind === 'finite' ? bitLength(max.mag) - 1 + max.exp : 0;
  const exactInDouble = width <= NUMBER_WIDTH && lsbExponent >= -1074 && topExponent <= 1023;
  const encode = (value: Exact, policy?: Partial<Policy>): bigint => {
    const { round, overflow, subnormals, random } = resolvePolicy(id, FLOAT_POLICIES, policy);
    if (value.kind === 'nan') return codes.nan ?? codes.finite[0];
    const sign = value.neg ? 1 : 0;
    if (value.kind === 'inf') return codes[overflow === 'special' ? 'special' : 'finite'][sign];
    if (value.mag === 0n) return codes.zero[sign];
    const exponent = bitLength(value.mag) - 1 + value.exp;
    if (subnormals === 'flush' && exponent < smallestNormal) return codes.zero[sign];
    const direction = value.neg ? mirrored(round) : round;
    const binade = Math.max(exponent, smallestNormal) - smallestNormal;
    const shift = lsbExponent + binade - value.exp;
    // The exponent field rides along, so that a carry moves into it and the parity is that of the code.
    const field = BigInt(binade) << BigInt(mantissaBits);
    const magnitude =
      shift <= 0
        ? field + roundShift(value.mag, shift, direction)
        : roundShift((field << BigInt(shift)) + value.mag, shift, direction, random);
    if (magnitude === 0n) return codes.zero[sign];
    if (magnitude > layout.maxFiniteCode || (value.neg && !signed)) {
      return codes[becomesSpecial(direction, overflow) ? 'special' : 'finite'][sign];
    }
    return value.neg ? magnitude | (1n << BigInt(magnitudeBits)) : magnitude;
  };
  const refuse = noNumbers(id);
  return {
    id,
    kind: 'float',
    width,
    signed,
    lsbExponent,
    float: layout,
    canonicalNaN,
    max,
    min: signed ? neg(max) : ZERO,
    exactInDouble,
    decode,
    encode,
    ...(exactInDouble
      ? floatNumbers(id, layout, signed, codes, encode)
      : { decodeNumber: refuse, encodeNumber: refuse }),
  };
}

function decodeFloat(layout: FloatLayout, code: bigint): Exact {
  const { exponentBits, mantissaBits, bias, nan } = layout;
  const signBit = 1n << BigInt(exponentBits + mantissaBits);
  const negative = (code & signBit) !== 0n;
  const magnitude = code & (signBit - 1n);
  if (nan.kind === 'above' && magnitude >= nan.from) return NAN;
  if (nan.kind === 'negative-zero' && negative && magnitude === 0n) return NAN;
  if (magnitude === layout.infinityCode) return { kind: 'inf', neg: negative };
  if (magnitude === 0n) return { kind: 'finite', neg: negative, mag: 0n, exp: 0 };
  const field = Number(magnitude >> BigInt(mantissaBits));
  const hidden = 1n << BigInt(mantissaBits);
  const fraction = magnitude & (hidden - 1n);
  return {
    kind: 'finite',
    neg: negative,
    mag: field === 0 ? fraction : fraction | hidden,
    exp: Math.max(field, 1) - bias - mantissaBits,
  };
}
