import type { FloatLayout } from '../formats/types.ts';
import type { Builder } from '../hdl/builder.ts';
import type { Signal } from '../hdl/signal.ts';
import { leadingZeros, minimum, shiftRightSticky } from './bits.ts';
import { type FloatFormat, type FloatPolicy, packFloat, type Unpacked, unpack } from './float.ts';

/** The formats of two operands and of a result. */
export interface SumFormats {
  readonly left: FloatFormat;
  readonly right: FloatFormat;
  readonly result: FloatFormat;
}

export interface SumOptions {
  /** Where set, the right operand is subtracted. */
  readonly isDifference?: Signal;
  /** Random bits, for `stochastic`. */
  readonly random?: Signal;
}

/**
 * The sum of two codes of one IEEE-style format, rounded once; NaN is the canonical one, and an exact zero is positive
 * unless both operands are negative zeros (or the sum is rounded toward −∞).
 */
export function addFloat(
  b: Builder,
  layout: FloatLayout,
  canonicalNaN: bigint,
  policy: FloatPolicy,
  left: Signal,
  right: Signal,
): Signal {
  const format = { float: layout, canonicalNaN, signed: true };
  return addCodes(b, { left: format, right: format, result: format }, policy, left, right);
}

/**
 * The sum, or difference, of two codes, rounded once to a format. One shifter aligns the smaller operand, and one brings
 * the sum to its place.
 */
export function addCodes(
  b: Builder,
  formats: SumFormats,
  policy: FloatPolicy,
  left: Signal,
  right: Signal,
  { isDifference = b.const(0), random }: SumOptions = {},
): Signal {
  const [f, g] = [formats.left.float!, formats.right.float!];
  const x = b.scope('a', '', () => unpack(b, f, left, policy.subnormals));
  const y = b.scope('b', '', () => unpack(b, g, right, policy.subnormals));
  const otherSign = y.sign.xor(isDifference);
  const subtract = x.sign.xor(otherSign);
  const isSame = isSameLayout(f, g);
  const pair = isSame ? orderedCodes(b, f, [left, right], [x, y]) : orderedValues(b, f, g, policy, x, y);
  const sign = b.mux(pair.isSwapped, otherSign, x.sign);

  const sum = b.scope('', 'The smaller operand at its place beside the larger, and their sum', () =>
    addAligned(b, formats, pair, subtract, random),
  );
  const bothNegative = x.sign.and(otherSign);
  const zeroSign = policy.round === 'rdn' ? x.sign.or(otherSign) : bothNegative;
  const finiteSign = b.mux(sum.magnitude.isZero(), zeroSign, sign);
  const isNan = x.isNaN.or(y.isNaN).or(x.isInfinite.and(y.isInfinite).and(subtract));
  const isInfinite = x.isInfinite.or(y.isInfinite);
  // Of one format, an infinity is the larger operand.
  const resultSign =
    isSame && f.maxFiniteCode === g.maxFiniteCode
      ? finiteSign
      : b.mux(isInfinite, b.mux(x.isInfinite, x.sign, otherSign), finiteSign);
  return b.scope('', 'Rounded once', () =>
    packFloat(b, formats.result, policy, {
      ...sum,
      sign: resultSign,
      isNaN: isNan,
      isInfinite,
      ...(random ? { random } : {}),
    }),
  );
}

function isSameLayout(f: FloatLayout, g: FloatLayout): boolean {
  return f.exponentBits === g.exponentBits && f.mantissaBits === g.mantissaBits && f.bias === g.bias;
}

/** Two operands by magnitude, their exponents and significands on one scale. */
interface Pair {
  readonly isSwapped: Signal;
  readonly largeExponent: Signal;
  readonly largeSignificand: Signal;
  readonly smallSignificand: Signal;
  /** By how much the exponents differ. */
  readonly distance: Signal;
  /** Weight of a significand's last bit at exponent 0, as a power of two. */
  readonly scale: number;
}

/** Of one format: exponent field and significand order as the values do. */
function orderedCodes(
  b: Builder,
  layout: FloatLayout,
  codes: readonly [Signal, Signal],
  [x, y]: readonly [Unpacked, Unpacked],
): Pair {
  const top = layout.exponentBits + layout.mantissaBits - 1;
  // The fields as they are: the exponents that they stand for come later.
  const [leftField, rightField] = codes.map(code => code.bits(top, layout.mantissaBits)) as [Signal, Signal];
  const isSwapped = isBefore([leftField, x.significand], [rightField, y.significand]);
  // Taken apart before they change places: that goes on while the codes are compared.
  const scale = -layout.bias - layout.mantissaBits;
  return inOrder(b, isSwapped, [x.exponent, x.significand], [y.exponent, y.significand], scale);
}

/** Of two formats: both are brought to a range that holds either, so that exponent and significand order as the values do. */
function orderedValues(
  b: Builder,
  f: FloatLayout,
  g: FloatLayout,
  policy: FloatPolicy,
  x: Unpacked,
  y: Unpacked,
): Pair {
  const bias = Math.max(f.bias, g.bias);
  const mantissaBits = Math.max(f.mantissaBits, g.mantissaBits);
  const widened = (layout: FloatLayout, operand: Unpacked): Parts =>
    inRange(b, layout, operand, policy, bias - layout.bias, mantissaBits - layout.mantissaBits);
  const left = b.scope('a', 'Both operands in one range', () => widened(f, x));
  const right = b.scope('b', '', () => widened(g, y));
  return inOrder(b, isBefore(left, right), left, right, -bias - mantissaBits);
}

/** Exponent and significand. */
type Parts = readonly [Signal, Signal];

/** Whether one value is less than another. Both parts are compared at once, and no subtraction goes through all bits. */
function isBefore([exponent, significand]: Parts, [otherExponent, otherSignificand]: Parts): Signal {
  const isLess = significand.lt(otherSignificand);
  return exponent.lt(otherExponent).or(exponent.eq(otherExponent).and(isLess));
}

function inOrder(b: Builder, swaps: Signal, left: Parts, right: Parts, scale: number): Pair {
  const isSwapped = swaps.as('is_swapped');
  const [leftExponent, leftSignificand] = left;
  const [rightExponent, rightSignificand] = right;
  const largeExponent = b.mux(isSwapped, rightExponent, leftExponent);
  const largeSignificand = b.mux(isSwapped, rightSignificand, leftSignificand);
  const smallSignificand = b.mux(isSwapped, leftSignificand, rightSignificand);
  // Both differences, while the operands are compared: only the choice waits for that.
  const bits = largeExponent.width;
  const down = leftExponent.sub(rightExponent).wrap(bits, false);
  const up = rightExponent.sub(leftExponent).wrap(bits, false);
  const least =
    leftExponent.range[0] < rightExponent.range[0] ? leftExponent.range[0] : rightExponent.range[0];
  const distance = b.mux(isSwapped, up, down).narrow(0, largeExponent.range[1] - least);
  return { isSwapped, largeExponent, largeSignificand, smallSignificand, distance, scale };
}

/** Exponent and significand with so much more range below, and so many more bits. A zero has the least exponent. */
function inRange(
  b: Builder,
  layout: FloatLayout,
  x: Unpacked,
  { subnormals }: FloatPolicy,
  rangeBelow: number,
  moreBits: number,
): Parts {
  if (rangeBelow === 0) return [x.exponent, x.significand.shl(moreBits)];
  const raised = x.exponent.add(rangeBelow);
  const isNormalized = subnormals === 'flush' || layout.mantissaBits === 0;
  if (isNormalized) return [raised.gate(x.isZero.not()), x.significand.shl(moreBits)];
  // A subnormal becomes a normal number as far as the range reaches.
  const zeros = leadingZeros(b, x.significand);
  const shift = minimum(b, zeros, b.const(rangeBelow)).narrow(0, zeros.range[1]);
  const exponent = raised.sub(shift).narrow(1, raised.range[1]).gate(x.isZero.not());
  const significand = x.significand.shlWithin(shift, layout.mantissaBits + 1).shl(moreBits);
  return [exponent, significand];
}

/** The magnitude of the sum, with as many bits below the larger operand as a single rounding needs. */
function addAligned(
  b: Builder,
  formats: SumFormats,
  pair: Pair,
  subtract: Signal,
  random: Signal | undefined,
): { magnitude: Signal; exponent: Signal } {
  const { largeExponent, largeSignificand, smallSignificand, distance } = pair;
  const most = Number(distance.range[1]);
  const { width } = smallSignificand;
  // Where bits are lost, the sum has at most one zero at its top: so many bits then are below the result's last one.
  const needed = formats.result.float!.mantissaBits + 1 + (random?.width ?? 1) - (width - 1);
  const guard = Math.min(Math.max(needed, 0), most);
  const isExact = guard === most;
  const shifted = shiftRightSticky(b, smallSignificand.shl(guard), distance, { clearsLast: true });
  const addend = isExact ? shifted.shifted : b.concat(shifted.shifted, shifted.sticky);
  const room = guard + (isExact ? 0 : 1);
  const augend = largeSignificand.shl(room);
  // Minus is the complement and one more, which has a place among the zeros of the larger operand.
  const complemented = addend.xor(b.mux(subtract, 2n ** BigInt(width + room) - 1n, 0n));
  const augendAndOne = room > 0 ? augend.or(subtract) : augend.add(subtract);
  const total = augendAndOne.add(complemented);
  const top = width + room;
  const carry = total.bit(top).and(subtract.not());
  const magnitude = b.concat(carry, total.bits(top - 1, 0));
  const exponent = largeExponent.add(pair.scale - room);
  return { magnitude, exponent };
}
