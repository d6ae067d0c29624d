import { clamp, shiftRightSticky } from '../blocks/bits.ts';
import { multiplyCodes } from '../blocks/element.ts';
import { addFloat, roundToFloat, special } from '../blocks/float.ts';
import { dotExact, dotToOdd } from '../formats/dot.ts';
import { parseFormat } from '../formats/parse.ts';
import { roundShift } from '../formats/rounding.ts';
import type { Policy } from '../formats/types.ts';
import type { Builder } from '../hdl/builder.ts';
import type { Signal } from '../hdl/signal.ts';
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

const ROUND: Policy = { round: 'rne', overflow: 'special', subnormals: 'keep' };
const fp32 = parseFormat('fp32');

/** MXINT8 elements are integers with six fraction bits. */
const elementFormat = (p: Params): string => (p.element === 'int8' ? 'fix8.6' : p.element);
const windowFormat = (p: Params): string => `fix${p.windowWidth}.${-p.windowLsb}`;

/**
 * Dot product of two OCP MX blocks, accumulated: the core of a quantized matrix multiplication. Every product and the
 * sum over a block are exact; the result is rounded once per block, then added to the running sum.
 */
export const unit = defineUnit<
  Params,
  Beat,
  Record<string, number | { kind: 'finite'; neg: boolean; mag: bigint; exp: number }>
>({
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
    return p.accumulator === 'fp32' ? goldenFloat() : goldenWindow(p);
  },

  datapath(b, x, p) {
    const block = b.scope('', 'Exact sum of the products', () =>
      sumProducts(b, p, x.vector('a'), x.vector('b')),
    );
    const { exponent, isNaN } = b.scope('scale', 'Scales of the blocks: E8M0, bias 127, 255 is NaN', () => {
      const [aScale, bScale] = [x.signal('a_scale'), x.signal('b_scale')];
      const exponent = aScale.add(bScale).sub(254);
      const isNaN = aScale.eq(255).or(bScale.eq(255));
      return { exponent, isNaN };
    });
    const blockNaN = block.isNaN.or(isNaN);
    const scaled = { ...block, exponent, isNaN: blockNaN };
    const first = x.signal('first');
    return p.accumulator === 'fp32'
      ? accumulateFloat(b, scaled, first)
      : accumulateWindow(b, p, scaled, first);
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

function goldenFloat(): Golden<Beat, { y: number }> {
  let sum = 0;
  return {
    reset() {
      sum = 0;
    },
    step({ first, a, a_scale, b, b_scale }) {
      const block = Math.fround(dotToOdd(a, b) * a_scale * b_scale);
      sum = Math.fround((first ? 0 : sum) + block);
      return { y: sum };
    },
  };
}

function goldenWindow(
  p: Params,
): Golden<
  Beat,
  { y: { kind: 'finite'; neg: boolean; mag: bigint; exp: number }; overflow: number; nan: number }
> {
  const half = 1n << BigInt(p.windowWidth - 1);
  const lsb = 2 * parseFormat(elementFormat(p)).lsbExponent;
  let [sum, overflow, nan] = [0n, 0, 0];
  const reset = (): void => {
    [sum, overflow, nan] = [0n, 0, 0];
  };
  return {
    reset,
    step({ first, a, a_scale, b, b_scale }) {
      if (first) reset();
      const block = dotToOdd(a, b) * a_scale * b_scale;
      if (Number.isNaN(block)) nan = 1;
      else if (!Number.isFinite(block)) overflow = 1;
      else {
        const exponent = Math.log2(a_scale) + Math.log2(b_scale) + lsb;
        const exact = sum + roundShift(dotExact(a, b, lsb), p.windowLsb - exponent, 'rne');
        if (exact < -half || exact >= half) overflow = 1;
        sum = BigInt.asIntN(p.windowWidth, exact);
      }
      return {
        y: { kind: 'finite', neg: sum < 0n, mag: sum < 0n ? -sum : sum, exp: p.windowLsb },
        overflow,
        nan,
      };
    },
  };
}

interface Block {
  /** The exact sum; its last bit weighs 2^lsb. */
  readonly sum: Signal;
  readonly isNaN: Signal;
  readonly isPositiveInfinity: Signal;
  readonly isNegativeInfinity: Signal;
}

function sumProducts(b: Builder, p: Params, a: Parameters<Builder['lanes']>[1][0], c: typeof a): Block {
  const format = elementFormat(p);
  const lanes = b.lanes('product', [a, c] as const, (x, y) => {
    const product = multiplyCodes(b, format, format, x, y);
    return { ...product };
  });
  const sum = lanes.value.as('products').sum('sum');
  const total = sum;
  const isNaN = lanes.isNaN.any();
  const hasPositive = lanes.isPositiveInfinity.any();
  const hasNegative = lanes.isNegativeInfinity.any();
  return {
    sum: total,
    isNaN: isNaN.or(hasPositive.and(hasNegative)),
    isPositiveInfinity: hasPositive,
    isNegativeInfinity: hasNegative,
  };
}

interface ScaledBlock extends Block {
  readonly exponent: Signal;
}

function magnitudeOf(sum: Signal): Signal {
  const [min, max] = sum.range;
  return sum.negateIf(sum.sign()).narrow(0, -min > max ? -min : max);
}

/** The block rounded to fp32, then added to an fp32 sum. */
function accumulateFloat(b: Builder, block: ScaledBlock, first: Signal): Record<string, Signal> {
  const layout = fp32.float!;
  const isInfinite = block.isPositiveInfinity.or(block.isNegativeInfinity);
  const rounded = b.scope('block', 'The block, rounded to fp32', () => {
    const negative = block.sum.sign();
    const magnitude = magnitudeOf(block.sum);
    const exponent = block.exponent.add(block.sum.lsb);
    const finite = roundToFloat(b, layout, ROUND, {
      sign: negative,
      magnitude: magnitude.withLsb(0),
      exponent,
    });
    const sign = b.mux(isInfinite, block.isNegativeInfinity, negative);
    const code = special(b, layout, fp32.canonicalNaN, {
      sign,
      magnitude: finite,
      isNaN: block.isNaN,
      isInfinite,
    });
    return code;
  });
  const state = b.register('sum_fp32', { min: 0n, max: 2n ** 32n - 1n });
  b.scope('add', 'The running sum', () => {
    const before = b.mux(first, b.const(0), state.value);
    const after = addFloat(b, layout, fp32.canonicalNaN!, ROUND, before, rounded);
    state.next(after);
  });
  return { y: state.after };
}

/** The block rounded to the last bit of the window, then added to the window. */
function accumulateWindow(b: Builder, p: Params, block: ScaledBlock, first: Signal): Record<string, Signal> {
  const width = p.windowWidth;
  const { term, lost } = b.scope('term', 'The block, rounded to the last bit of the window', () => {
    const negative = block.sum.sign();
    const magnitude = magnitudeOf(block.sum).withLsb(0);
    const shift = block.exponent.add(block.sum.lsb - p.windowLsb);
    const up = clamp(b, shift, 0, width);
    const down = clamp(b, shift.neg(), 0, magnitude.width + 2);
    const lowered = shiftRightSticky(b, magnitude.shl(2), down);
    const [kept, guard] = [lowered.shifted.bits(magnitude.width + 1, 2), lowered.shifted.bit(1)];
    const below = lowered.shifted.bit(0).or(lowered.sticky);
    const increment = guard.and(below.or(kept.bit(0)));
    const rounded = kept.add(increment);
    const raised = rounded.shl(up);
    const isFinite = block.isNaN.or(block.isPositiveInfinity).or(block.isNegativeInfinity).not();
    const term = raised.wrap(width, false).negateIf(negative).gate(isFinite);
    const lost =
      raised.width > width
        ? raised
            .bits(raised.width - 1, width)
            .any()
            .and(isFinite)
        : b.const(0);
    return { term, lost };
  });
  const half = 2n ** BigInt(width - 1);
  const sum = b.register('window', { min: -half, max: half - 1n });
  const overflow = b.register('overflowed', { min: 0n, max: 1n });
  const nan = b.register('nan_seen', { min: 0n, max: 1n });
  b.scope('', 'The running sum', () => {
    const total = b.mux(first, b.const(0), sum.value).add(term);
    sum.next(total.wrap(width, true));
    const outside = total
      .lt(-half)
      .or(total.gt(half - 1n))
      .or(lost);
    const isInfinite = block.isPositiveInfinity.or(block.isNegativeInfinity).and(block.isNaN.not());
    const keep = first.not();
    overflow.next(overflow.value.and(keep).or(outside).or(isInfinite));
    nan.next(nan.value.and(keep).or(block.isNaN));
  });
  return { y: sum.after.withLsb(p.windowLsb), overflow: overflow.after, nan: nan.after };
}
