import type { Format, Overflow, Round } from '../formats/types.ts';
import {
  and,
  asBit,
  type Bits,
  type Bool,
  binary,
  bitOf,
  choose,
  compare,
  constant,
  equal,
  FALSE,
  isConstant,
  join,
  not,
  or,
  resize,
  type Script,
  slice,
  unary,
} from './smt.ts';

/**
 * Exact arithmetic on integers with a weight of the last bit, in vectors that are always wide enough; and the two steps by which a
 * result comes to a fixed-point format: rounding (section 0.2 of the definitions: floor, remainder, half) and overflow.
 */

/** `bits`, in two's complement, times 2^lsb. */
export interface Integer {
  readonly bits: Bits;
  readonly lsb: number;
}

/** The number that a code of a fixed-point format means. */
export function fromCode(format: Format, code: Bits): Integer {
  return { bits: format.signed ? code : join(constant(0, 1), code), lsb: format.lsbExponent };
}

const extended = ({ bits }: Integer, width: number): Bits => resize(bits, width, true);

/** The same number with a lower last bit. */
function aligned({ bits, lsb }: Integer, to: number): Integer {
  return lsb === to ? { bits, lsb } : { bits: join(bits, constant(0, lsb - to)), lsb: to };
}

function combined(s: Script, operation: string, a: Integer, b: Integer): Integer {
  const lsb = Math.min(a.lsb, b.lsb);
  const [x, y] = [aligned(a, lsb), aligned(b, lsb)];
  const width = Math.max(x.bits.width, y.bits.width) + 1;
  return { bits: s.define('total', binary(operation, extended(x, width), extended(y, width))), lsb };
}

export const plus = (s: Script, a: Integer, b: Integer): Integer => combined(s, 'bvadd', a, b);
export const minus = (s: Script, a: Integer, b: Integer): Integer => combined(s, 'bvsub', a, b);

export function times(s: Script, a: Integer, b: Integer): Integer {
  const width = a.bits.width + b.bits.width;
  const product = binary('bvmul', extended(a, width), extended(b, width));
  return { bits: s.define('product', product), lsb: a.lsb + b.lsb };
}

/** The sum of several, pair by pair. */
export function total(s: Script, terms: readonly Integer[]): Integer {
  if (terms.length === 1) return terms[0]!;
  const half = terms.length >> 1;
  return plus(s, total(s, terms.slice(0, half)), total(s, terms.slice(half)));
}

export function negatedInteger({ bits, lsb }: Integer): Integer {
  return { bits: unary('bvneg', resize(bits, bits.width + 1, true)), lsb };
}

/** One of two. */
export function chosenInteger(condition: Bool, yes: Integer, no: Integer): Integer {
  const lsb = Math.min(yes.lsb, no.lsb);
  const [x, y] = [aligned(yes, lsb), aligned(no, lsb)];
  const width = Math.max(x.bits.width, y.bits.width);
  return { bits: choose(condition, extended(x, width), extended(y, width)), lsb };
}

export const isNegativeInteger = ({ bits }: Integer): Bool => bitOf(bits, bits.width - 1);
export const integerConstant = (value: bigint | number, width: number, lsb = 0): Integer => ({
  bits: constant(value, width),
  lsb,
});

/** Random bits of stochastic rounding: as many top bits of a fraction of the last bit that is kept. */
export type Random = Bits | undefined;

/** The number rounded to a multiple of 2^lsb. With q = ⌊x⌋, r the rest and h half of the unit. */
export function rounded(s: Script, x: Integer, lsb: number, round: Round, random?: Random): Integer {
  const shift = lsb - x.lsb;
  if (shift <= 0) return aligned(x, lsb);
  const wide = s.define('exact', resize(x.bits, Math.max(x.bits.width, shift + 1), true));
  const q = s.define('floor', resize(slice(wide, wide.width - 1, shift), wide.width - shift + 1, true));
  const rest = slice(wide, shift - 1, 0);
  const half = constant(1n << BigInt(shift - 1), shift);
  const isInexact = not(isConstant(rest, 0));
  const isAbove = compare('bvugt', rest, half);
  const isTie = equal(rest, half);
  const isBelowZero = bitOf(wide, wide.width - 1);
  const isOdd = bitOf(q, 0);
  const goesUp = (): Bool => {
    switch (round) {
      case 'rhu':
        return or(isAbove, isTie);
      case 'rhd':
        return isAbove;
      case 'rna':
        return or(isAbove, and(isTie, not(isBelowZero)));
      case 'rhz':
        return or(isAbove, and(isTie, isBelowZero));
      case 'rne':
        return or(isAbove, and(isTie, isOdd));
      case 'rdn':
      case 'trn':
        return FALSE;
      case 'rup':
        return isInexact;
      case 'rtz':
        return and(isBelowZero, isInexact);
      case 'odd':
        return and(isInexact, not(isOdd));
      case 'stochastic': {
        // As many top bits of the rest as there are random bits, and a carry out of their sum.
        const count = random!.width;
        const top =
          shift >= count ? slice(rest, shift - 1, shift - count) : join(rest, constant(0, count - shift));
        return bitOf(binary('bvadd', join(constant(0, 1), top), join(constant(0, 1), random!)), count);
      }
    }
  };
  const up = resize(asBit(goesUp()), q.width, false);
  return { bits: s.define('rounded', binary('bvadd', q, up)), lsb };
}

/** The code of a number that is a multiple of the last bit of the format, by what the format does with numbers out of range. */
export function limited(s: Script, x: Integer, format: Format, overflow: Overflow): Bits {
  const { width, signed } = format;
  if (x.lsb !== format.lsbExponent) throw new Error(`${x.lsb} is not the last bit of ${format.id}`);
  const room = Math.max(x.bits.width, width + 2);
  const value = s.define('unlimited', resize(x.bits, room, true));
  const max = (1n << BigInt(signed ? width - 1 : width)) - 1n;
  const min = signed ? -max - 1n : 0n;
  const lowest = overflow === 'satsym' && signed ? -max : min;
  const kept = slice(value, width - 1, 0);
  if (overflow === 'wrap') return kept;
  const isAbove = compare('bvsgt', value, constant(max, room));
  const isBelow = compare('bvslt', value, constant(lowest, room));
  switch (overflow) {
    case 'satzero':
      return choose(or(isAbove, isBelow), constant(0, width), kept);
    case 'wrapsm': {
      // The lowest deleted bit becomes the sign; where that changes it, the other bits are inverted.
      const changes = not(equal(slice(value, width, width), slice(value, width - 1, width - 1)));
      return choose(and(or(isAbove, isBelow), changes), unary('bvnot', kept), kept);
    }
    default:
      return choose(isAbove, constant(max, width), choose(isBelow, constant(lowest, width), kept));
  }
}

/** A number of a float as its fields say: a significand, moved left by so many bits. Only for finite codes. */
interface Fields {
  readonly negative: Bool;
  readonly significand: Bits;
  readonly distance: Bits;
  /** The largest distance. */
  readonly farthest: number;
}

function fieldsOf(format: Format, code: Bits): Fields {
  const { exponentBits: e, mantissaBits: m } = format.float!;
  const field = slice(code, e + m - 1, m);
  const isSubnormal = isConstant(field, 0);
  const hidden = choose(isSubnormal, constant(0, 1), constant(1, 1));
  return {
    negative: format.signed ? bitOf(code, e + m) : FALSE,
    significand: m > 0 ? join(hidden, slice(code, m - 1, 0)) : hidden,
    distance: choose(isSubnormal, constant(0, e), binary('bvsub', field, constant(1, e))),
    farthest: 2 ** e - 2,
  };
}

/** A magnitude moved left by a distance, with a sign. */
function placed(
  s: Script,
  magnitude: Bits,
  { negative, distance, farthest }: Omit<Fields, 'significand'>,
  lsb: number,
): Integer {
  const width = Math.max(magnitude.width + farthest, distance.width) + 1;
  const moved = binary('bvshl', resize(magnitude, width, false), resize(distance, width, false));
  const positive = s.define('magnitude', moved);
  return { bits: s.define('fixed', choose(negative, unary('bvneg', positive), positive)), lsb };
}

/** A finite number of a float as an integer. */
export function fixedOf(s: Script, format: Format, code: Bits): Integer {
  const fields = fieldsOf(format, code);
  return placed(s, fields.significand, fields, format.lsbExponent);
}

/** The product of two finite floats: that of the significands, moved left by both distances. */
export function fixedProduct(
  s: Script,
  [f, a]: readonly [Format, Bits],
  [g, b]: readonly [Format, Bits],
): Integer {
  const [x, y] = [fieldsOf(f, a), fieldsOf(g, b)];
  const width = x.significand.width + y.significand.width;
  const product = binary('bvmul', resize(x.significand, width, false), resize(y.significand, width, false));
  const bits = Math.max(x.distance.width, y.distance.width) + 1;
  const distance = binary('bvadd', resize(x.distance, bits, false), resize(y.distance, bits, false));
  const negative: Bool = { truth: `(xor ${x.negative.truth} ${y.negative.truth})` };
  const farthest = x.farthest + y.farthest;
  return placed(
    s,
    s.define('product', product),
    { negative, distance, farthest },
    f.lsbExponent + g.lsbExponent,
  );
}
