import { checkCode, numberDecoder } from './codes.ts';
import { exponentOf, powerOfTwo, scaleByPowerOfTwo } from './double.ts';
import { bitLength, NAN } from './exact.ts';
import { becomesSpecial, resolvePolicy, SCALE_POLICIES } from './policy.ts';
import { roundMagnitude, roundShift } from './rounding.ts';
import type { Exact, Format } from './types.ts';

const BIAS = 127;
const LARGEST = 254;
const NOT_A_NUMBER = 255;

/**
 * E8M0, the scale of OCP Microscaling v1.0: 2^(code − 127), and NaN at 255; no sign, no zero, no infinity. Rounding is
 * in the value, not in its logarithm, so that the midpoint of 1 and 2 is 1.5; `rne` takes the even code there. A
 * positive value below 2^−127 gives code 0 in each mode. Zero and negative values are out of range: code 0 under
 * `saturate`, NaN under `special`.
 */
export function makeE8M0(): Format {
  const id = 'e8m0';
  const width = 8;
  const power = (exp: number): Exact => ({ kind: 'finite', neg: false, mag: 1n, exp });
  return {
    id,
    kind: 'scale',
    width,
    signed: false,
    lsbExponent: -BIAS,
    canonicalNaN: BigInt(NOT_A_NUMBER),
    max: power(LARGEST - BIAS),
    min: power(-BIAS),
    exactInDouble: true,
    decode(code) {
      checkCode(id, width, code);
      return code === BigInt(NOT_A_NUMBER) ? NAN : power(Number(code) - BIAS);
    },
    encode(value, policy) {
      const { round, overflow, random } = resolvePolicy(id, SCALE_POLICIES, policy);
      const special = overflow === 'special';
      if (value.kind === 'nan') return BigInt(NOT_A_NUMBER);
      if (value.neg || (value.kind === 'finite' && value.mag === 0n))
        return special ? BigInt(NOT_A_NUMBER) : 0n;
      if (value.kind === 'inf') return BigInt(special ? NOT_A_NUMBER : LARGEST);
      const fractionBits = bitLength(value.mag) - 1;
      const floor = fractionBits + value.exp + BIAS;
      if (floor < 0) return 0n;
      // Code and fraction in one integer, so that the parity is that of the code.
      const code = roundShift(
        (BigInt(floor - 1) << BigInt(fractionBits)) + value.mag,
        fractionBits,
        round,
        random,
      );
      if (code <= LARGEST) return code;
      return BigInt(becomesSpecial(round, overflow) ? NOT_A_NUMBER : LARGEST);
    },
    decodeNumber: numberDecoder(id, width, code =>
      code === NOT_A_NUMBER ? Number.NaN : powerOfTwo(code - BIAS),
    ),
    encodeNumber(value, policy) {
      const { round, overflow, random } = resolvePolicy(id, SCALE_POLICIES, policy);
      const special = overflow === 'special';
      if (Number.isNaN(value)) return NOT_A_NUMBER;
      if (value <= 0) return special ? NOT_A_NUMBER : 0;
      if (value === Number.POSITIVE_INFINITY) return special ? NOT_A_NUMBER : LARGEST;
      const exponent = exponentOf(value);
      if (exponent < -BIAS) return 0;
      const code = roundMagnitude(exponent + BIAS - 1, scaleByPowerOfTwo(value, -exponent), round, random);
      if (code <= LARGEST) return code;
      return becomesSpecial(round, overflow) ? NOT_A_NUMBER : LARGEST;
    },
  };
}
