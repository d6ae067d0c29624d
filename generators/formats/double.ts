/** The bits of IEEE 754 binary64, as far as exact scaling and rounding need them. */

const doubles = new Float64Array(1);
const words = new Uint32Array(doubles.buffer);
doubles[0] = 1;
const HIGH = words[1] === 0x3ff00000 ? 1 : 0;
const LOW = 1 - HIGH;

const MIN_EXPONENT = -1074;
const MAX_EXPONENT = 1023;
const powers = new Float64Array(MAX_EXPONENT - MIN_EXPONENT + 1);
for (let index = 0, power = Number.MIN_VALUE; index < powers.length; index++, power *= 2)
  powers[index] = power;

/** 2^exponent for −1074 … 1023, exact by construction (`**` need not be). */
export function powerOfTwo(exponent: number): number {
  return powers[exponent - MIN_EXPONENT];
}

/** `x · 2^exponent`, exact where neither the result nor `x · 2^⌊exponent/2⌋` leaves the doubles. */
export function scaleByPowerOfTwo(x: number, exponent: number): number {
  if (exponent >= MIN_EXPONENT && exponent <= MAX_EXPONENT) return x * powers[exponent - MIN_EXPONENT];
  const half = exponent >> 1;
  return x * powers[half - MIN_EXPONENT] * powers[exponent - half - MIN_EXPONENT];
}

/** `⌊log2 |x|⌋` of a finite x other than zero. */
export function exponentOf(x: number): number {
  doubles[0] = x;
  const field = (words[HIGH] >>> 20) & 0x7ff;
  if (field !== 0) return field - 1023;
  const high = words[HIGH] & 0xfffff;
  return high !== 0 ? MIN_EXPONENT + 63 - Math.clz32(high) : MIN_EXPONENT + 31 - Math.clz32(words[LOW]);
}

/** Sign, integer significand and exponent of a finite double: `(−1)^negative · significand · 2^exponent`. */
export function splitDouble(x: number): { negative: boolean; significand: bigint; exponent: number } {
  doubles[0] = x;
  const high = words[HIGH];
  const field = (high >>> 20) & 0x7ff;
  const fraction = (BigInt(high & 0xfffff) << 32n) | BigInt(words[LOW]);
  return {
    negative: high >>> 31 === 1,
    significand: field === 0 ? fraction : fraction | (1n << 52n),
    exponent: Math.max(field, 1) - 1075,
  };
}

/** True when the last bit of the significand of a finite double is set. */
export function hasOddSignificand(x: number): boolean {
  doubles[0] = x;
  return (words[LOW] & 1) === 1;
}

/** The double next to a finite `x` other than zero, away from zero or toward it. */
export function neighbour(x: number, awayFromZero: boolean): number {
  doubles[0] = x;
  if (awayFromZero) {
    words[LOW] += 1;
    if (words[LOW] === 0) words[HIGH] += 1;
  } else {
    if (words[LOW] === 0) words[HIGH] -= 1;
    words[LOW] -= 1;
  }
  return doubles[0];
}
