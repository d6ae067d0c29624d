import { exponentOf } from '../formats/double.ts';
import { toNumber } from '../formats/exact.ts';
import { parseFormat } from '../formats/parse.ts';
import { elementPolicy, type ScaleRule } from '../formats/quantize.ts';
import type { FloatLayout, Format, Policy, Round } from '../formats/types.ts';
import type { Builder } from '../hdl/builder.ts';
import type { Signal, Vector } from '../hdl/signal.ts';
import { clamp, leadingZeros, maximum, saturateBits, shiftRightSticky } from './bits.ts';
import { roundsUp, roundToFloat, unpack } from './float.ts';

/** Bias of E8M0, and its code of NaN. */
const BIAS = 127;
const NAN_SCALE = 255;

/** The largest magnitude among some codes, without sign: codes of floats are in the order of their values, with NaN on top. */
export function largestMagnitude(
  b: Builder,
  { exponentBits, mantissaBits }: FloatLayout,
  codes: Vector,
): Signal {
  const magnitudes = b.lanes('magnitude', [codes] as const, code =>
    code.bits(exponentBits + mantissaBits - 1, 0).as('magnitude_lane'),
  );
  return magnitudes.as('magnitudes').reduce('largest', (x, y) => maximum(b, x, y));
}

/** What a block of floats becomes. */
export interface BlockFormat {
  /** Format id of what comes in; it has infinity and NaN on top, as IEEE 754. */
  readonly from: string;
  /** Format id of the elements: a float, an integer or fixed point. */
  readonly element: string;
  readonly rule: ScaleRule;
  readonly round: Round;
}

/** Quantizes a block: an E8M0 scale from the largest magnitude, and elements rounded once and saturated. */
export function quantizeToBlock(
  b: Builder,
  codes: Vector,
  { from, element, rule, round }: BlockFormat,
): { scale: Signal; elements: Vector } {
  const source = parseFormat(from).float!;
  const target = parseFormat(element);
  const largest = b.scope('', 'The largest magnitude', () => largestMagnitude(b, source, codes));
  const block = b.scope('scale', `Exponent of the scale, by the rule '${rule}'`, () =>
    blockScale(b, source, target, rule, largest),
  );
  const elements = b.scope('', `Elements: aligned to the scale, rounded to ${target.id}`, () =>
    b.lanes('element', [codes] as const, code => quantizeElement(b, source, target, round, block, code)),
  );
  return { scale: block.scale, elements };
}

/** The scale of a block, and what its elements need of it. */
interface BlockScale {
  /** E8M0. */
  readonly scale: Signal;
  /** Exponent field of the source for which a significand, moved up by `zeros`, has its first bit at the element's highest. */
  readonly top: Signal;
  /** How far all significands move up, in a block that has subnormal numbers only. */
  readonly zeros: Signal;
  /** Neither a block of zeros, nor one with NaN or infinity. */
  readonly isNumber: Signal;
}

/** Exponent of the largest element: the highest weight in it. */
const highestExponent = (target: Format): number => exponentOf(toNumber(target.max));

function blockScale(
  b: Builder,
  source: FloatLayout,
  target: Format,
  rule: ScaleRule,
  largest: Signal,
): BlockScale {
  const { exponent, significand } = unpack(b, source, largest);
  const isSpecial = largest.bits(largest.width - 1, source.mantissaBits).all();
  const isZero = largest.isZero();

  // Leading zeros count as far as the exponent can still go down; E8M0 ends at −127.
  const highest = highestExponent(target);
  const lowest = 1 - source.bias - highest + BIAS;
  const depth = Math.min(Math.max(lowest, 0), source.mantissaBits);
  const high = significand.width - 1;
  const zeros = depth === 0 ? b.const(0) : leadingZeros(b, significand.bits(high, high - depth));
  const floor = exponent.sub(zeros).add(BIAS - source.bias - highest);
  const normalized = significand.shlWithin(zeros, significand.width);
  // The exponent ends at 127, too.
  const mayRise = floor.lt(2 * BIAS);
  const raised = raisedBy(b, rule, source, target, normalized).and(mayRise);
  const raisedExponent = floor.add(raised);
  const clamped = clamp(b, raisedExponent, 0, NAN_SCALE);
  const staysAbove = lowest > source.mantissaBits;
  const finite = staysAbove ? clamped.gate(isZero.not()) : clamped;
  const isVoid = isSpecial.or(isZero);
  const code = b.mux(isSpecial, b.const(NAN_SCALE), finite).as('code');
  return {
    scale: code,
    top: clamped.add(zeros).add(highest + source.bias - BIAS),
    zeros,
    isNumber: isVoid.not(),
  };
}

/** Whether the rule takes the exponent above that of the largest magnitude, whose normalized significand this is. */
function raisedBy(
  b: Builder,
  rule: ScaleRule,
  { mantissaBits }: FloatLayout,
  target: Format,
  significand: Signal,
): Signal {
  const one = 2 ** mantissaBits;
  switch (rule) {
    case 'floor':
      return b.const(0);
    case 'up':
      return significand.gt(one);
    case 'ceil': {
      const largest = toNumber(target.max) / 2 ** highestExponent(target);
      return significand.gt(Math.floor(largest * one));
    }
    default: {
      const fractionBits = target.float?.mantissaBits ?? -target.lsbExponent;
      return significand.ge(Math.ceil((2 - 2 ** -(fractionBits + 1)) * one));
    }
  }
}

/** One element: `code` over the scale, rounded once and saturated. */
function quantizeElement(
  b: Builder,
  source: FloatLayout,
  target: Format,
  round: Round,
  { top, zeros, isNumber }: BlockScale,
  code: Signal,
): Signal {
  const { sign, exponent, significand } = unpack(b, source, code);
  const raised = significand.shlWithin(zeros, significand.width);
  const highest = highestExponent(target);
  // Bits of an element as a fixed-point number, and one more to round by.
  const width = highest - target.lsbExponent + 2;
  const distance = top.sub(exponent).narrow(0, top.range[1]);
  // So far down, nothing but a sticky bit is left.
  const down = saturateBits(b, distance, Math.ceil(Math.log2(width + 1)));
  const policy = elementPolicy(target, round);

  if (target.float && width > significand.width + 5) {
    // A float with a wide range: cheaper on the significand's own bits.
    const last = b.const(highest - source.mantissaBits).sub(down);
    const magnitude = roundToFloat(b, target.float, policy, { sign, magnitude: raised, exponent: last });
    return b.concat(sign, magnitude).gate(isNumber);
  }
  const { shifted, sticky } = alignTop(b, raised, width, down);
  if (target.float && width + 1 <= TABLE_BITS) {
    const rounded = roundByTable(b, target, policy, b.concat(shifted, sticky));
    return b.concat(sign, rounded).gate(isNumber);
  }
  if (target.float) {
    const exponentOfLast = b.const(target.lsbExponent - 1);
    const unrounded = { sign, magnitude: shifted, exponent: exponentOfLast, sticky };
    return b.concat(sign, roundToFloat(b, target.float, policy, unrounded)).gate(isNumber);
  }
  const kept = shifted.bits(width - 1, 1);
  const up = roundsUp(b, policy, { sign, last: kept.bit(0), guard: shifted.bit(0), below: sticky });
  const rounded = kept.add(up);
  const magnitude = clamp(b, rounded, 0, 2n ** BigInt(target.width - 1) - 1n);
  return magnitude.gate(isNumber).negateIf(sign).withLsb(target.lsbExponent);
}

/** Up to so many bits, rounding is one function of as many inputs: a single look-up a bit on a 6-input LUT. */
const TABLE_BITS = 6;

/** A magnitude in quarters of the element's last bit, the lower of which is sticky: rounded and saturated. */
function roundByTable(b: Builder, target: Format, policy: Policy, quarters: Signal): Signal {
  const exp = target.lsbExponent - 2;
  const codes = Array.from({ length: 2 ** quarters.width }, (_, i) =>
    target.encode({ kind: 'finite', neg: false, mag: BigInt(i), exp }, policy),
  );
  const doc = `Magnitude of ${target.id} for a number in units of 2^${exp}, the last bit of which is sticky, by ${policy.round}`;
  return b.table(`rounded_${target.id}`, doc, codes, quarters);
}

/** The top `width` bits of a significand, then shifted down; what falls off is gathered in the sticky bit. */
function alignTop(
  b: Builder,
  significand: Signal,
  width: number,
  down: Signal,
): { shifted: Signal; sticky: Signal } {
  const excess = significand.width - width;
  if (excess <= 0) return shiftRightSticky(b, significand.shl(-excess), down);
  const { shifted, sticky } = shiftRightSticky(b, significand.bits(significand.width - 1, excess), down);
  return { shifted, sticky: sticky.or(significand.bits(excess - 1, 0).any()) };
}
