import { leadingZeros } from '../blocks/bits.ts';
import { roundElement } from '../blocks/dynamicFixed.ts';
import { exactOf, plus, times, type Value, type Values } from '../formats/arithmetic.ts';
import { exponentOf, powerOfTwo } from '../formats/double.ts';
import { bitLength } from '../formats/exact.ts';
import { parseFormat } from '../formats/parse.ts';
import type { Builder } from '../hdl/builder.ts';
import type { Signal, Vector } from '../hdl/signal.ts';
import { elementProblems } from './dynamicFixed.ts';
import { fixedFormat, integersOf } from './formats.ts';
import { defineUnit, type Ports } from './unit.ts';

export interface Params {
  /** Elements that share an exponent. @min 1 @max 256 @default 8 */
  lanes: number;
  /** Format of the elements to convert: accumulators. @format integer @default int32 */
  from: string;
  /** Format of the elements of the result: a signed integer. @format integer @default int16 */
  to: string;
  /** Format of the exponent. @format integer @default int10 */
  exponent: string;
}

interface Beat {
  readonly x: Values;
  readonly x_scale: Value;
}

/** Magnitude bits of an operand, and of an element of the result. */
function magnitudeBits({ from, to }: Params): readonly [number, number] {
  const [min, max] = integersOf(parseFormat(from));
  return [bitLength(-min > max ? -min : max), parseFormat(to).width - 1];
}

function longestShift(p: Params): number {
  const [wide, narrow] = magnitudeBits(p);
  return Math.max(0, wide - narrow);
}

/**
 * Conversion of a tensor of accumulators back to elements of dynamic fixed point: all are shifted right by as many bits as
 * the largest magnitude is too long, rounded to nearest even, and saturated to ±(2^(P−1) − 1). The published formula,
 * P − LZC(max |x|), read literally leaves P magnitude bits, one too many for a signed element of P bits; here it is P − 1.
 */
export const unit = defineUnit<Params, Beat, { scale: Value; y: readonly Value[] }>({
  id: 'dfp-downconvert',
  family: 'fixed-point',
  summary: 'Converts accumulators that share an exponent to shorter elements, and adapts the exponent.',
  equations: [
    'shift = max(0, bit length of max |x[i]| − (P − 1)), where P are the bits of an element of the result',
    'y[i] = saturate(round(x[i] / 2^shift)), to nearest even, symmetric',
    'scale = x_scale + shift',
  ],
  source:
    'Mixed Precision Training of Convolutional Neural Networks using Integer Operations (arXiv 1802.00930)',
  state: false,
  check: p => [
    ...elementProblems(p.to),
    ...(parseFormat(p.from).width > 64 ? [`${p.from} has more than 64 bits; choose a shorter format`] : []),
    ...(parseFormat(p.exponent).width > 32
      ? [`${p.exponent} has more than 32 bits; choose a shorter exponent`]
      : []),
  ],
  ports(p): Ports {
    const [min, max] = integersOf(parseFormat(p.exponent));
    const scale = fixedFormat(min, max + BigInt(longestShift(p)), 0);
    return {
      in: {
        x: { format: p.from, lanes: p.lanes, doc: 'accumulators' },
        x_scale: { format: p.exponent, doc: 'their exponent' },
      },
      out: {
        scale: { format: scale, doc: 'exponent of the result' },
        y: {
          format: p.to,
          lanes: p.lanes,
          doc: 'elements, in units of 2^scale',
          policy: { round: 'rne', overflow: 'satsym' },
        },
      },
    };
  },
  golden(p) {
    const [, kept] = magnitudeBits(p);
    const y: Value[] = new Array(p.lanes);
    return {
      step({ x, x_scale }) {
        let longest = 0;
        for (let i = 0; i < x.length; i++) longest = Math.max(longest, lengthOf(x[i]!));
        const shift = Math.max(0, longest - kept);
        const factor = powerOfTwo(-shift);
        for (let i = 0; i < x.length; i++) {
          const value = x[i]!;
          y[i] = typeof value === 'number' ? value * factor : times(value, factor);
        }
        return { scale: plus(x_scale, shift), y };
      },
    };
  },
  datapath(b, x, p) {
    const { width } = parseFormat(p.to);
    const values = x.vector('x');
    if (longestShift(p) === 0) return { scale: x.signal('x_scale'), y: values };
    const { shift, magnitudes } = shiftOf(b, values, p);
    const y = b.scope('', 'The elements, shifted by that', () =>
      b.lanes('element', [values, magnitudes] as const, (v, magnitude) =>
        roundElement(b, v.sign(), magnitude, shift, width),
      ),
    );
    return { scale: x.signal('x_scale').add(shift), y };
  },
  *corners(p) {
    // Each length of the largest magnitude: a power of two, one less, and its negative; beside it ties, zero and one.
    const { width } = parseFormat(p.from);
    const all = (1n << BigInt(width)) - 1n;
    for (let bit = 0; bit < width; bit++) {
      for (const peak of [1n << BigInt(bit), (1n << BigInt(bit)) - 1n, all - (1n << BigInt(bit)) + 1n]) {
        const other = (i: number): bigint => [0n, 1n, all, 3n << BigInt(Math.max(0, bit - 4))][i % 4]! & all;
        yield {
          x: Array.from({ length: p.lanes }, (_, i) => (i === p.lanes - 1 ? peak & all : other(i))),
          x_scale: 0n,
        };
      }
    }
  },
});

/** Bit length of the magnitude of an integer. */
function lengthOf(x: Value): number {
  if (typeof x === 'number') return x === 0 ? 0 : exponentOf(x) + 1;
  const exact = exactOf(x);
  return exact.kind === 'finite' && exact.mag > 0n ? bitLength(exact.mag) + exact.exp : 0;
}

/** How far the elements are to be shifted: by the highest bit set in any magnitude, seen in all of them together. */
function shiftOf(b: Builder, values: Vector, p: Params): { shift: Signal; magnitudes: Vector } {
  return b.scope('', 'How many bits the largest magnitude is too long', () => {
    const [wide, narrow] = magnitudeBits(p);
    const magnitudes = b.lanes('magnitude', [values] as const, v =>
      v.negateIf(v.sign()).narrow(0, (1n << BigInt(wide)) - 1n),
    );
    const together = magnitudes.reduce('together', (l, r) => l.or(r));
    // Below the bits that are too many, a one marks the end.
    const excess = b.concat(together.bits(together.width - 1, narrow), b.const(1));
    const shift = b
      .const(excess.width - 1)
      .sub(leadingZeros(b, excess))
      .narrow(0, wide - narrow);
    return { shift, magnitudes };
  });
}
