import { toNumber } from '../formats/exact.ts';
import { parseFormat } from '../formats/parse.ts';
import type { FloatLayout, Format, Policy } from '../formats/types.ts';
import type { Builder } from '../hdl/builder.ts';
import type { Signal, Vector } from '../hdl/signal.ts';
import { clamp, minimum, timesConstant } from './bits.ts';
import { roundToFloat, unpack } from './float.ts';
import { divide, type Normalized, normalize, normalizeWithin } from './normalize.ts';
import { largestMagnitude } from './quantize.ts';

/** E4M3: its bias, the code of its smallest normal number, that of its largest and that of NaN. */
const SCALE = { bias: 7, mantissaBits: 3, smallestNormal: 0x08, largest: 0x7e, nan: 0x7f };

/** What a block of floats becomes. */
export interface NvFormat {
  /** Format id of what comes in; it has infinity and NaN on top, as IEEE 754. */
  readonly from: string;
  /** Format id of the elements: seven magnitudes above zero are used. */
  readonly element: 'e2m1' | 'int4';
}

/**
 * Quantizes a block: an E4M3 scale from the largest magnitude, then each element over both scales, rounded once to nearest
 * even. No element is divided: the numbers at which its code changes are products of the scales, the same for the whole
 * block, and are rounded to codes of what comes in, so that a lane only compares. `tensorScale` is fp32; absent, it is one.
 */
export function quantizeWithScales(
  b: Builder,
  codes: Vector,
  { from, element }: NvFormat,
  tensorScale: Signal | undefined,
): { scale: Signal; elements: Vector } {
  const source = parseFormat(from).float!;
  const target = parseFormat(element);
  const largest = b.scope('', 'The largest magnitude', () => largestMagnitude(b, source, codes));
  const tensor = b.scope('tensor', 'Scale of the tensor: fp32, positive and finite', () =>
    tensorScaleOf(b, tensorScale),
  );
  const scale = b.scope('scale', 'Scale of the block: the largest magnitude over the largest element', () =>
    blockScale(b, source, target, tensor.value, largest),
  );
  const isSpecial = largest.bits(largest.width - 1, source.mantissaBits).all();
  const isInvalid = isSpecial.or(tensor.isInvalid);
  const isNumber = isInvalid.not();
  const thresholds = b.scope('threshold', 'Where the code of an element changes, as codes of x', () =>
    thresholdsOf(b, source, target, tensor.value, scale),
  );
  const elements = b.scope('', 'Elements: how many thresholds a magnitude reaches', () =>
    b.lanes('element', [codes] as const, code => {
      const magnitude = code.bits(largest.width - 1, 0);
      const count = countReached(b, magnitude, thresholds);
      const sign = code.bit(code.width - 1);
      return target.float ? b.concat(sign, count).gate(isNumber) : count.gate(isNumber).negateIf(sign);
    }),
  );
  const scaleOrNaN = b.mux(isInvalid, b.const(SCALE.nan), scale);
  return { scale: scaleOrNaN, elements };
}

/** The scale of a tensor, fp32: normalized, and whether it is none. Absent, it is one. */
export function tensorScaleOf(
  b: Builder,
  code: Signal | undefined,
): { value: Normalized; isInvalid: Signal } {
  if (!code) return { value: { significand: b.const(1), exponent: b.const(0) }, isInvalid: b.const(0) };
  const layout = parseFormat('fp32').float!;
  const { sign, significand, isNaN: isNan, isInfinite } = unpack(b, layout, code);
  const isInvalid = b.or(sign, isNan, isInfinite, significand.isZero());
  return { value: normalize(b, layout, code), isInvalid };
}

/** The largest element of a format, or of a symmetric range of integers: an odd number and a power of two. */
function largestOf({ float, max, width }: Format): { odd: number; exponent: number } {
  let [odd, exponent] = [float ? toNumber(max) : 2 ** (width - 1) - 1, 0];
  for (; odd % 2 === 0; odd /= 2) exponent++;
  return { odd, exponent };
}

/** Code of the block's scale, E4M3: normal, and at most the largest. */
function blockScale(
  b: Builder,
  source: FloatLayout,
  target: Format,
  tensor: Normalized,
  largest: Signal,
): Signal {
  const { odd, exponent } = largestOf(target);
  const product = {
    significand: timesConstant(tensor.significand, odd),
    exponent: tensor.exponent.add(exponent),
  };
  const divisor = b.scope('divisor', '', () => normalizeWithin(b, product));
  const dividend = b.scope('dividend', '', () => normalize(b, source, largest));
  const quotient = divide(b, dividend, divisor, SCALE.mantissaBits + 1);
  const mantissa = quotient.digits.bits(SCALE.mantissaBits, 1);
  const guard = quotient.digits.bit(0);
  const increment = guard.and(quotient.sticky.or(mantissa.bit(0)));
  const field = quotient.exponent.add(SCALE.bias);
  const isSmall = field.lt(1).or(largest.isZero());
  const bounded = clamp(b, field, 1, 16);
  const rounded = b.concat(bounded, mantissa).add(increment);
  const limited = minimum(b, rounded, b.const(SCALE.largest));
  return b
    .mux(isSmall, b.const(SCALE.smallestNormal), limited)
    .narrow(SCALE.smallestNormal, SCALE.largest)
    .as('code');
}

/** The codes of the source from which on the magnitude of an element is 1, 2, … 7. */
function thresholdsOf(
  b: Builder,
  source: FloatLayout,
  target: Format,
  tensor: Normalized,
  scale: Signal,
): Signal[] {
  const { mantissaBits, bias } = SCALE;
  const significand = b.concat(b.const(1), scale.bits(mantissaBits - 1, 0));
  const step = tensor.significand.mul(significand);
  const exponent = tensor.exponent.add(scale.bits(scale.width - 1, mantissaBits)).sub(bias + mantissaBits);
  const magnitudeOf = (code: number): number => (target.float ? target.decodeNumber(code) : code);
  return Array.from({ length: 7 }, (_, i) => {
    const code = i + 1;
    // Half-way between two magnitudes; times four it is an integer.
    let [odd, twos] = [2 * (magnitudeOf(code - 1) + magnitudeOf(code)), -2];
    for (; odd % 2 === 0; odd /= 2) twos++;
    const multiple = b.scope(`times_${odd}`, '', () =>
      normalizeWithin(b, { significand: timesConstant(step, odd), exponent }),
    );
    const half = { ...multiple, exponent: multiple.exponent.add(twos) };
    // On a tie, the even code.
    return b.scope(`of_${code}`, '', () => codeFrom(b, source, half, code % 2 === 0).as('code'));
  });
}

const UP: Policy = { round: 'rup', overflow: 'special', subnormals: 'keep' };
const DOWN: Policy = { round: 'rdn', overflow: 'special', subnormals: 'keep' };

/** The least code of a number that is at least `x`, or that is above it. */
function codeFrom(b: Builder, layout: FloatLayout, x: Normalized, isInclusive: boolean): Signal {
  const { width } = x.significand;
  // A few bits below the last one, and the rest as a sticky bit.
  const dropped = Math.max(0, width - layout.mantissaBits - 1);
  const magnitude = x.significand.bits(width - 1, dropped);
  const sticky = dropped === 0 ? b.const(0) : x.significand.bits(dropped - 1, 0).any();
  const exponent = x.exponent.add(dropped);
  const unrounded = { sign: b.const(0), magnitude, exponent, sticky, isNormalized: true };
  if (isInclusive) return roundToFloat(b, layout, UP, unrounded);
  return roundToFloat(b, layout, DOWN, unrounded).add(1);
}

/** How many of seven rising thresholds a magnitude reaches. The comparisons are a thermometer, so that a bit is a parity. */
function countReached(b: Builder, magnitude: Signal, thresholds: readonly Signal[]): Signal {
  const reached = thresholds.map((threshold, i) => magnitude.ge(threshold).as(`reaches_${i + 1}`));
  const parity = (every: number): Signal =>
    reached.filter((_, i) => (i + 1) % every === 0).reduce((x, y) => x.xor(y));
  return b.concat(parity(4), parity(2), parity(1));
}
