import { parseFormat } from '../formats/parse.ts';
import type { Format } from '../formats/types.ts';
import type { Builder } from '../hdl/builder.ts';
import type { Signal } from '../hdl/signal.ts';
import { unpack } from './float.ts';

/** The exact product of two codes as a signed integer times a power of two, and what is not a number in it. */
export interface Product {
  /** Its `lsb` is the sum of the formats' last-bit weights. Zero or anything where a flag is set. */
  readonly value: Signal;
  readonly isNaN: Signal;
  readonly isPositiveInfinity: Signal;
  readonly isNegativeInfinity: Signal;
}

/**
 * Multiplies two codes exactly. Minifloats stay in sign and magnitude up to the end: significands are multiplied, then
 * shifted by the sum of the exponents.
 */
export function multiplyCodes(
  b: Builder,
  leftId: string,
  rightId: string,
  left: Signal,
  right: Signal,
): Product {
  const [f, g] = [parseFormat(leftId), parseFormat(rightId)];
  const x = magnitudeOf(b, f, left, 'a');
  const y = magnitudeOf(b, g, right, 'b');
  const none = b.const(0);
  const lsb = f.lsbExponent + g.lsbExponent;
  if (!x.shift && !y.shift) {
    return {
      value: x.integer.mul(y.integer).withLsb(lsb),
      isNaN: none,
      isPositiveInfinity: none,
      isNegativeInfinity: none,
    };
  }
  const significandProduct = x.integer.mul(y.integer);
  const shift = (x.shift ?? none).add(y.shift ?? none);
  const magnitude = significandProduct.shl(shift).narrow(0, largest(f) * largest(g));
  const negative = x.sign.xor(y.sign);
  const value = magnitude.negateIf(negative).withLsb(lsb);
  const zeroTimesInfinity = x.isInfinite.and(y.isZero).or(y.isInfinite.and(x.isZero));
  const isNaN = x.isNaN.or(y.isNaN).or(zeroTimesInfinity);
  const isInfinite = x.isInfinite.or(y.isInfinite);
  return {
    value,
    isNaN,
    isPositiveInfinity: isInfinite.and(negative.not()),
    isNegativeInfinity: isInfinite.and(negative),
  };
}

interface Parts {
  readonly sign: Signal;
  readonly integer: Signal;
  /** Absent for integers and fixed point. */
  readonly shift?: Signal;
  readonly isNaN: Signal;
  readonly isInfinite: Signal;
  readonly isZero: Signal;
}

function magnitudeOf(b: Builder, format: Format, code: Signal, prefix: string): Parts {
  const none = b.const(0);
  if (!format.float)
    return { sign: none, integer: code.withLsb(0), isNaN: none, isInfinite: none, isZero: none };
  const parts = b.scope(prefix, '', () => unpack(b, format.float!, code));
  const isZero = format.float.infinityCode === undefined ? none : parts.significand.isZero();
  const { sign, isNaN, isInfinite } = parts;
  return { sign, integer: parts.significand, shift: parts.exponent.sub(1), isNaN, isInfinite, isZero };
}

/** Largest finite magnitude, in units of the last bit. */
function largest(format: Format): bigint {
  const { max } = format;
  if (max.kind !== 'finite') throw new Error(`${format.id} has no largest value`);
  return max.mag << BigInt(max.exp - format.lsbExponent);
}
