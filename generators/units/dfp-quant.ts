import { leadingZeros } from '../blocks/bits.ts';
import { roundElement } from '../blocks/dynamicFixed.ts';
import { unpack } from '../blocks/float.ts';
import { exponentOf, powerOfTwo, scaleByPowerOfTwo } from '../formats/double.ts';
import { toNumber } from '../formats/exact.ts';
import { parseFormat } from '../formats/parse.ts';
import type { Format } from '../formats/types.ts';
import { elementProblems } from './dynamicFixed.ts';
import { integersOf } from './formats.ts';
import { defineUnit, type Ports } from './unit.ts';

export interface Params {
  /** Values that share an exponent. @min 1 @max 256 @default 8 */
  lanes: number;
  /** Format of the values. @format float @default fp32 */
  from: string;
  /** Format of the elements: a signed integer. @format integer @default int16 */
  to: string;
  /** Format of the exponent. @format integer @default int10 */
  exponent: string;
  /** What becomes of subnormal values: `flush` reads them as zero, which saves a shifter in each lane. @default keep */
  subnormals: 'keep' | 'flush';
}

interface Answer {
  readonly scale: number;
  readonly y: ArrayLike<number>;
  readonly invalid?: number;
}

const hasSpecials = ({ float }: Format): boolean =>
  float!.nan.kind !== 'none' || float!.infinityCode !== undefined;

function smallestNormal({ float }: Format): number {
  return powerOfTwo(1 - float!.bias);
}

/** The exponents that come of the smallest and of the largest value. */
function exponentRange(p: Params): readonly [number, number] {
  const from = parseFormat(p.from);
  const { width } = parseFormat(p.to);
  return [from.lsbExponent - (width - 2), exponentOf(toNumber(from.max)) - (width - 2)];
}

/**
 * Quantization to dynamic fixed point: integers that share one exponent, chosen so that the largest magnitude uses all of
 * their bits. It may round up to 2^(P−1), and then saturates to ±(2^(P−1) − 1). A block of zeros has scale 0. With a NaN
 * or an infinity in the block, `invalid` is set and the rest is 0.
 */
export const unit = defineUnit<Params, { x: Float64Array }, Answer>({
  id: 'dfp-quant',
  family: 'fixed-point',
  summary: 'Quantizes floating-point values to integers that share one exponent.',
  equations: [
    'scale = ⌊log2 max |x[i]|⌋ − (P − 2), where P are the bits of an element',
    'y[i] = saturate(round(x[i] / 2^scale)), to nearest even, symmetric',
  ],
  source:
    'Mixed Precision Training of Convolutional Neural Networks using Integer Operations (arXiv 1802.00930)',
  state: false,
  check(p) {
    const [min, max] = integersOf(parseFormat(p.exponent));
    const [least, most] = exponentRange(p);
    const narrow = BigInt(least) < min || BigInt(most) > max;
    const problems = elementProblems(p.to);
    if (!parseFormat(p.from).exactInDouble)
      problems.push(
        `${p.from} has more than 32 bits, or values that are no doubles; choose a smaller format`,
      );
    if (narrow)
      problems.push(
        `exponents go from ${least} to ${most}, which ${p.exponent} does not hold; choose a wider one`,
      );
    return problems;
  },
  ports(p): Ports {
    const invalid = { format: 'uint1', doc: 'a NaN or an infinity is among the values' };
    return {
      in: { x: { format: p.from, lanes: p.lanes, doc: 'values' } },
      out: {
        scale: { format: p.exponent, doc: 'the exponent of all elements' },
        y: {
          format: p.to,
          lanes: p.lanes,
          doc: 'elements, in units of 2^scale',
          policy: { round: 'rne', overflow: 'satsym' },
        },
        ...(hasSpecials(parseFormat(p.from)) ? { invalid } : {}),
      },
    };
  },
  golden(p) {
    const { width } = parseFormat(p.to);
    const zeros = new Float64Array(p.lanes);
    const y = new Float64Array(p.lanes);
    const smallest = p.subnormals === 'flush' ? smallestNormal(parseFormat(p.from)) : 0;
    const read = (value: number): number => (Math.abs(value) < smallest ? 0 : value);
    return {
      step({ x }) {
        let largest = 0;
        let finite = true;
        for (let i = 0; i < x.length; i++) {
          const magnitude = Math.abs(read(x[i]!));
          if (!(magnitude < Number.POSITIVE_INFINITY)) finite = false;
          else if (magnitude > largest) largest = magnitude;
        }
        if (!finite || largest === 0) return { scale: 0, y: zeros, invalid: finite ? 0 : 1 };
        const scale = exponentOf(largest) - (width - 2);
        for (let i = 0; i < x.length; i++) y[i] = scaleByPowerOfTwo(read(x[i]!), -scale);
        return { scale, y, invalid: 0 };
      },
    };
  },
  datapath(b, x, p) {
    const from = parseFormat(p.from);
    const layout = from.float!;
    const { mantissaBits } = layout;
    const { width } = parseFormat(p.to);
    const parts = b.scope('', 'The values, taken apart', () =>
      b.lanes('value', [x.vector('x')] as const, code => {
        const { sign, exponent, significand, isNaN: isNan, isInfinite } = unpack(b, layout, code);
        const isNormal = significand.bit(mantissaBits);
        const kept = p.subnormals === 'flush' ? significand.gate(isNormal) : significand;
        return { sign, exponent, significand: kept, special: isNan.or(isInfinite) };
      }),
    );
    const isSpecial = parts.special.any();
    const { topExponent, zeros, scale } = b.scope('scale', 'The exponent of the largest magnitude', () => {
      const topExponent = parts.exponent.reduce('largest', (l, r) => b.mux(l.lt(r), r, l));
      // With a normal value, the leading bit is set in its significand; else all values have one exponent.
      const together = parts.significand.reduce('together', (l, r) => l.or(r));
      const isNonzero = together.any();
      const flushed = p.subnormals === 'flush';
      const zeros = flushed ? b.const(0) : leadingZeros(b, together).gate(isNonzero).narrow(0, mantissaBits);
      const exponent = topExponent.sub(zeros).sub(layout.bias + width - 2);
      const [least, most] = exponentRange(p);
      const value = exponent
        .gate(isNonzero.and(isSpecial.not()))
        .narrow(Math.min(least, 0), Math.max(most, 0));
      return { topExponent, zeros, scale: value };
    });
    const y = b.scope('', 'The elements, shifted to it', () =>
      b.lanes(
        'element',
        [parts.sign, parts.exponent, parts.significand] as const,
        (sign, exponent, significand) => {
          const normalized = significand.shlWithin(zeros, mantissaBits + 1);
          const room = width - 2 - mantissaBits;
          const distance = topExponent.sub(exponent).narrow(0, topExponent.range[1]);
          const amount = distance.add(Math.max(0, -room));
          const element = roundElement(b, sign, normalized.shl(Math.max(0, room)), amount, width);
          return element.gate(isSpecial.not());
        },
      ),
    );
    return { scale, y, ...(hasSpecials(from) ? { invalid: isSpecial } : {}) };
  },
  *corners(p) {
    // The largest just below a power of two, which rounds up; only subnormals; values far below and half a step beside the last bit.
    const { float: layout, width } = parseFormat(p.from);
    const { mantissaBits, maxFiniteCode } = layout!;
    const one = 1n << BigInt(mantissaBits);
    const sign = 1n << BigInt(width - 1);
    const peaks = [
      maxFiniteCode,
      one,
      one - 1n,
      1n,
      2n * one - 1n,
      maxFiniteCode / 2n,
      maxFiniteCode / 2n - 1n,
    ];
    for (const peak of peaks) {
      for (const other of [
        0n,
        1n,
        sign | 1n,
        one,
        sign | one,
        peak,
        peak > 0n ? peak - 1n : 0n,
        maxFiniteCode / 4n + 1n,
      ])
        yield {
          x: Array.from({ length: p.lanes }, (_, i) => (i === p.lanes - 1 || other > peak ? peak : other)),
        };
    }
  },
});
