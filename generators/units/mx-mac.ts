import { accumulateFloat, accumulateWindow, sumOfProducts } from '../blocks/accumulate.ts';
import { dotExact, dotOf } from '../formats/dot.ts';
import { parseFormat } from '../formats/parse.ts';
import type { Exact } from '../formats/types.ts';
import { type WindowAnswer, WindowSum } from './runningSum.ts';
import { defineUnit, type Golden, type Ports } from './unit.ts';

export interface Params {
  /** Elements of a block, and so products of a beat. @min 1 @max 1024 @default 32 */
  lanes: number;
  /** Element format of both blocks. @default e2m1 */
  element: 'e2m1' | 'e2m3' | 'e3m2' | 'e4m3' | 'e5m2' | 'int8';
  /** What the sum is kept in: fp32, rounded with each beat; or a fixed-point window, which no order of beats can change. @default fp32 */
  accumulator: 'fp32' | 'fixed';
  /** For the window: weight of its last bit, as a power of two. @min -300 @max 300 @default -24 */
  windowLsb: number;
  /** For the window: its bits. @min 8 @max 128 @default 48 */
  windowWidth: number;
}

interface Beat {
  readonly first: number;
  readonly a: Float64Array;
  readonly a_scale: number;
  readonly b: Float64Array;
  readonly b_scale: number;
}

/** MXINT8 elements are integers with six fraction bits. */
const elementFormat = (p: Params): string => (p.element === 'int8' ? 'fix8.6' : p.element);
const windowFormat = (p: Params): string => `fix${p.windowWidth}.${-p.windowLsb}`;

/**
 * Dot product of two OCP MX blocks, accumulated: the core of a quantized matrix multiplication. Every product and the
 * sum over a block are exact; the result is rounded once per block, then added to the running sum.
 */
export const unit = defineUnit<Params, Beat, Record<string, number | Exact>>({
  id: 'mx-mac',
  family: 'block-floating-point',
  summary: 'Dot product of two MX blocks, added to a running sum.',
  equations: [
    'block = Σ a[i]·b[i] · a_scale·b_scale, exact',
    'fp32:  y ← fp32((first ? +0 : y) + fp32(block)), each rounding to nearest even',
    'fixed: y ← (first ? 0 : y) + round(block / 2^windowLsb), modulo 2^windowWidth; overflow and nan stay set until first',
  ],
  source: 'OCP Microscaling Formats (MX) v1.0, sections 5 and 6; IEEE 754-2019 for fp32',
  state: true,
  presets: {
    'mxfp4-mac': { summary: 'MXFP4 (E2M1 elements) multiply-accumulate.', params: { element: 'e2m1' } },
    'mxfp6-e2m3-mac': { summary: 'MXFP6 (E2M3 elements) multiply-accumulate.', params: { element: 'e2m3' } },
    'mxfp6-e3m2-mac': { summary: 'MXFP6 (E3M2 elements) multiply-accumulate.', params: { element: 'e3m2' } },
    'mxfp8-e4m3-mac': { summary: 'MXFP8 (E4M3 elements) multiply-accumulate.', params: { element: 'e4m3' } },
    'mxfp8-e5m2-mac': { summary: 'MXFP8 (E5M2 elements) multiply-accumulate.', params: { element: 'e5m2' } },
    'mxint8-mac': {
      summary: 'MXINT8 (8-bit integer elements) multiply-accumulate.',
      params: { element: 'int8' },
    },
  },

  ports(p): Ports {
    const element = { format: elementFormat(p), lanes: p.lanes };
    const inputs: Ports['in'] = {
      first: { format: 'uint1', doc: 'this beat starts a new sum, from +0' },
      a: { ...element, doc: 'elements of the first block' },
      a_scale: { format: 'e8m0', doc: 'scale of the first block' },
      b: { ...element, doc: 'elements of the second block' },
      b_scale: { format: 'e8m0', doc: 'scale of the second block' },
    };
    if (p.accumulator === 'fp32')
      return { in: inputs, out: { y: { format: 'fp32', doc: 'the running sum after this beat' } } };
    const y = {
      format: windowFormat(p),
      doc: 'the running sum after this beat, modulo the window',
      policy: { overflow: 'wrap' },
    } as const;
    const overflow = { format: 'uint1', doc: 'since first, the sum left the window or an infinity came in' };
    const nan = { format: 'uint1', doc: 'since first, a NaN came in or came out of infinities' };
    return { in: inputs, out: { y, overflow, nan } };
  },

  golden(p) {
    return p.accumulator === 'fp32' ? goldenFloat(p) : goldenWindow(p);
  },

  datapath(b, x, p) {
    const format = elementFormat(p);
    const dot = b.scope('', 'Exact sum of the products', () =>
      sumOfProducts(b, format, format, x.vector('a'), x.vector('b')),
    );
    const { exponent, isNan } = b.scope('scale', 'Scales of the blocks: E8M0, bias 127, 255 is NaN', () => {
      const [aScale, bScale] = [x.signal('a_scale'), x.signal('b_scale')];
      const exponent = aScale.add(bScale).sub(254);
      const isNan = dot.isNaN.or(aScale.eq(255)).or(bScale.eq(255));
      return { exponent, isNan };
    });
    const scaled = { ...dot, exponent, isNaN: isNan };
    const first = x.signal('first');
    if (p.accumulator === 'fp32') return accumulateFloat(b, scaled, first);
    return accumulateWindow(b, { lsb: p.windowLsb, width: p.windowWidth }, scaled, first);
  },

  *corners(p) {
    // The two ends of the exponent range, where a block is subnormal or overflows; exact cancellation; ties.
    const one = p.element === 'int8' ? 64n : BigInt(parseFormat(p.element).encodeNumber(1));
    const minusOne = p.element === 'int8' ? 192n : BigInt(parseFormat(p.element).encodeNumber(-1));
    const lanes = (f: (i: number) => bigint): bigint[] => Array.from({ length: p.lanes }, (_, i) => f(i));
    for (const [x, y] of [
      [0n, 0n],
      [0n, 128n],
      [53n, 53n],
      [64n, 64n],
      [127n, 127n],
      [254n, 127n],
      [254n, 254n],
      [255n, 127n],
      [127n, 255n],
      [1n, 104n],
      [104n, 128n],
    ] as const) {
      for (const first of [1n, 0n]) {
        yield { first, a: lanes(() => one), a_scale: x, b: lanes(() => one), b_scale: y };
        yield {
          first,
          a: lanes(i => (i === 0 ? minusOne : 0n)),
          a_scale: x,
          b: lanes(() => one),
          b_scale: y,
        };
        yield {
          first,
          a: lanes(i => (i % 2 === 0 ? one : minusOne)),
          a_scale: x,
          b: lanes(() => one),
          b_scale: y,
        };
      }
    }
  },
});

/** The exact dot product, or where it exceeds a double, rounded to odd: rounding that again is rounding once. */
const dotFor = (p: Params): ((a: Float64Array, b: Float64Array) => number) => {
  const format = parseFormat(elementFormat(p));
  return dotOf(format, format, p.lanes);
};

function goldenFloat(p: Params): Golden<Beat, { y: number }> {
  const dot = dotFor(p);
  let sum = 0;
  return {
    reset() {
      sum = 0;
    },
    step({ first, a, a_scale, b, b_scale }) {
      const block = Math.fround(dot(a, b) * a_scale * b_scale);
      sum = Math.fround((first ? 0 : sum) + block);
      return { y: sum };
    },
  };
}

function goldenWindow(p: Params): Golden<Beat, Readonly<Record<keyof WindowAnswer, number | Exact>>> {
  const dot = dotFor(p);
  const lsb = 2 * parseFormat(elementFormat(p)).lsbExponent;
  const window = new WindowSum(p.windowLsb, p.windowWidth);
  return {
    reset: () => window.reset(),
    step({ first, a, a_scale, b, b_scale }) {
      if (first) window.reset();
      const block = dot(a, b) * a_scale * b_scale;
      if (Number.isNaN(block)) window.addNaN();
      else if (!Number.isFinite(block)) window.addInfinity();
      else window.add(dotExact(a, b, lsb), lsb + Math.log2(a_scale) + Math.log2(b_scale));
      return window.answer;
    },
  };
}
