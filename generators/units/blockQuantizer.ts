import { powerOfTwo } from '../formats/double.ts';
import { parseFormat } from '../formats/parse.ts';
import { blockExponent, elementPolicy, type ScaleRule } from '../formats/quantize.ts';
import type { Round } from '../formats/types.ts';
import type { Golden, Ports } from './unit.ts';

/** What the quantizers of blocks with an E8M0 scale have in common. */
export interface QuantizerParams {
  /** Elements of a block. @min 1 @max 1024 @default 32 */
  lanes: number;
  /** Format of what comes in. @default bf16 */
  from: 'bf16' | 'fp16' | 'fp32';
  /** Exponent of the scale, from the largest magnitude: floor (OCP), ceil (nothing saturates), even (floor, after rounding to the element), up (the next power of two). @default floor */
  scaleRule: 'floor' | 'ceil' | 'even' | 'up';
  /** How elements are rounded: to nearest, ties to even or away from zero, or toward zero. @default rne */
  round: 'rne' | 'rna' | 'rtz';
}

export interface FloatBlock {
  readonly x: Float64Array;
}

export interface QuantizedBlock {
  readonly scale: number;
  readonly y: Float64Array;
}

export function quantizerPorts(p: QuantizerParams, element: string): Ports {
  const policy = elementPolicy(parseFormat(element), p.round);
  return {
    in: { x: { format: p.from, lanes: p.lanes, doc: 'a block of numbers' } },
    out: {
      scale: { format: 'e8m0', doc: 'scale of the block; NaN where a NaN or an infinity came in' },
      y: {
        format: element,
        lanes: p.lanes,
        doc: 'elements: x over the scale; zeros where that is NaN',
        policy,
      },
    },
  };
}

/** The scale by the rule, and the elements before the rounding of the output port. */
export function goldenQuantizer(
  p: { lanes: number; scaleRule: ScaleRule; round: Round },
  element: string,
): Golden<FloatBlock, QuantizedBlock> {
  const format = parseFormat(element);
  const y = new Float64Array(p.lanes);
  return {
    step({ x }) {
      const exponent = blockExponent(x, format, p.scaleRule);
      if (!Number.isFinite(exponent)) {
        y.fill(0);
        return { scale: Number.isNaN(exponent) ? Number.NaN : powerOfTwo(-127), y };
      }
      const inverse = powerOfTwo(-exponent);
      for (let i = 0; i < y.length; i++) y[i] = x[i]! * inverse;
      return { scale: powerOfTwo(exponent), y };
    },
  };
}

/** Blocks at the ends of the exponent range, and where the rules part. */
export function* quantizerCorners(p: Pick<QuantizerParams, 'from' | 'lanes'>): Generator<{ x: bigint[] }> {
  const { width, float } = parseFormat(p.from);
  const [sign, one] = [1n << BigInt(width - 1), 1n << BigInt(float!.mantissaBits)];
  const infinity = float!.infinityCode!;
  const largest = [0n, 1n, one - 1n, one, one + 1n, infinity - 1n, infinity - one, infinity, infinity + 1n];
  // Significands near the powers of two and the largest elements, in the middle of the range.
  const middle = BigInt(float!.bias) * one;
  for (let k = 0n; k < 16n; k++) largest.push(middle + (k * one) / 16n, middle + ((k + 1n) * one) / 16n - 1n);
  for (const top of largest) {
    const below = (i: number): bigint => (top > BigInt(i) * (one / 8n) ? top - BigInt(i) * (one / 8n) : 0n);
    yield { x: Array.from({ length: p.lanes }, (_, i) => below(i) + (i % 3 === 1 ? sign : 0n)) };
    yield { x: Array.from({ length: p.lanes }, (_, i) => (i === p.lanes - 1 ? top : sign)) };
  }
}
