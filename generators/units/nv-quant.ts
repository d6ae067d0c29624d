import { quantizeWithScales } from '../blocks/nvQuantize.ts';
import { powerOfTwo } from '../formats/double.ts';
import { parseFormat } from '../formats/parse.ts';
import { elementPolicy, largestMagnitude } from '../formats/quantize.ts';
import { type QuantizedBlock, quantizerCorners } from './blockQuantizer.ts';
import { SCALE } from './nvFormats.ts';
import { defineUnit, type Ports } from './unit.ts';

export interface Params {
  /** Elements of a block. @min 1 @max 256 @default 16 */
  lanes: number;
  /** Format of what comes in. @default bf16 */
  from: 'bf16' | 'fp16' | 'fp32';
  /** Element format. Of int4, −8 is not made. @default e2m1 */
  element: 'e2m1' | 'int4';
  /** Scale of the tensor: from a port, fp32; or always one, and no port. @default port */
  tensorScale: 'port' | 'one';
}

interface Beat {
  readonly x: Float64Array;
  readonly tensor_scale?: number;
}

/**
 * Quantizes a block of floats to NVFP4 or NVINT4. Both quotients are those of real numbers, each rounded once: there is no
 * reciprocal and no intermediate rounding, where software that works in fp32 may round twice. As the block's scale is rounded,
 * an element may come out above the largest one; it saturates. The scale is at least 2^−6, also for a block of zeros, and NaN
 * where a NaN or an infinity came in, or where the scale of the tensor is not positive and finite; the elements are 0 then.
 */
export const unit = defineUnit<Params, Beat, QuantizedBlock>({
  id: 'nv-quant',
  family: 'block-floating-point',
  summary: 'Quantizes a block of floats to NVFP4 or NVINT4.',
  equations: [
    'scale = e4m3(max|x[i]| / (Q · tensor_scale)), within 2^−6 … 448; Q is the largest element, 6 or 7',
    'y[i] = round(x[i] / (tensor_scale · scale)), to nearest even, saturated',
  ],
  source: 'NVIDIA NVFP4, as in torchao (nvfp4_quantize); NVINT4: "INT v.s. FP" (arXiv 2510.25602)',
  state: false,
  presets: {
    'nvfp4-quant': { summary: 'NVFP4 (E2M1 elements, E4M3 scales) quantizer.', params: { element: 'e2m1' } },
    'nvint4-quant': {
      summary: 'NVINT4 (4-bit integer elements, E4M3 scales) quantizer.',
      params: { element: 'int4' },
    },
  },
  ports(p): Ports {
    const policy = elementPolicy(parseFormat(p.element));
    const x = { format: p.from, lanes: p.lanes, doc: 'a block of numbers' };
    const tensorScale = { format: 'fp32', doc: 'scale of the tensor' };
    return {
      in: p.tensorScale === 'port' ? { x, tensor_scale: tensorScale } : { x },
      out: {
        scale: { format: SCALE, doc: 'scale of the block' },
        y: { format: p.element, lanes: p.lanes, doc: 'elements: x over both scales', policy },
      },
    };
  },
  golden(p) {
    const format = parseFormat(SCALE);
    const largest = largestOf(p.element);
    const y = new Float64Array(p.lanes);
    return {
      step({ x, tensor_scale: tensor = 1 }) {
        const amax = largestMagnitude(x);
        if (!(Number.isFinite(amax) && tensor > 0 && tensor < Number.POSITIVE_INFINITY)) {
          y.fill(0);
          return { scale: Number.NaN, y };
        }
        // The divisors have at most 28 bits and the dividends 24. So a quotient that is not half-way between two codes is away
        // from there by more than 2^−33 of itself: to round it to a double first changes no code.
        const bounded = Math.min(Math.max(amax / (largest * tensor), 2 ** -6), 448);
        const scale = format.decodeNumber(format.encodeNumber(bounded));
        const both = tensor * scale;
        for (let i = 0; i < y.length; i++) y[i] = x[i]! / both;
        return { scale, y };
      },
    };
  },
  datapath(b, x, p) {
    const tensorScale = p.tensorScale === 'port' ? x.signal('tensor_scale') : undefined;
    const format = { from: p.from, element: p.element };
    const { scale, elements } = quantizeWithScales(b, x.vector('x'), format, tensorScale);
    return { scale, y: elements };
  },
  *corners(p) {
    const fp32 = parseFormat('fp32');
    const isOne = p.tensorScale === 'one';
    const port = (value: number): Record<string, bigint> =>
      isOne ? {} : { tensor_scale: BigInt(fp32.encodeNumber(value, { overflow: 'special' })) };
    // One, the ends of the normal and of the subnormal numbers, and what is no scale.
    const scales = [1, 1 / 2688, 2 ** -126, 2 ** -149, 2 ** 127, 3.4e38, 0, -0, -1, Infinity, Number.NaN];
    for (const value of isOne ? [1] : scales)
      for (const beat of quantizerCorners(p)) yield { ...beat, ...port(value) };
    for (const value of isOne ? [1] : [1, 1.5 * 2 ** -9, 1 / 2688])
      for (const x of ties(p, value)) yield { x, ...port(value) };
  },
  *laterCorners(p) {
    const fp32 = parseFormat('fp32');
    const isOne = p.tensorScale === 'one';
    const port = (value: number): Record<string, bigint> =>
      isOne ? {} : { tensor_scale: BigInt(fp32.encodeNumber(value)) };
    for (const value of isOne ? [1] : tensorScales())
      for (const most of besideScales(p, value))
        yield { x: besideThresholds(p, value, most), ...port(value) };
    if (!isOne)
      for (const { value, most } of scalesBeside(p))
        yield { x: besideThresholds(p, value, most), ...port(value) };
  },
});

/** Numbers of fp32 whose products with small numbers end in one bit, or in two: among the subnormal ones, the least normal ones, and around one. */
function* tensorScales(): Generator<number> {
  for (let power = -149; power < -118; power++)
    for (const significand of [1, 3, 1.75]) yield significand * powerOfTwo(power);
  for (let place = 1; place <= 23; place++)
    for (const power of [-124, 0]) yield (1 + powerOfTwo(-place)) * powerOfTwo(power);
  for (const power of [-126, -124, -120, 0]) yield 2 * powerOfTwo(power) - powerOfTwo(power - 23);
}

/** Codes of E4M3 and what lies half-way between them, where the code of a block's scale changes: all of three powers of two, or some. */
function* scaleLimits(step = 1): Generator<number> {
  for (const power of [-6, 0, 7]) for (let i = 16; i < 32; i += step) yield (i / 16) * powerOfTwo(power);
}

const largestOf = (element: Params['element']): number => (element === 'int4' ? 7 : 6);

/** For a scale of the tensor: codes of numbers next to which the code of the block's scale changes. */
function* besideScales({ from, element }: Params, tensorScale: number): Generator<number> {
  for (const limit of scaleLimits(3)) {
    const below = codeBelow(from, limit * largestOf(element) * tensorScale);
    yield below;
    yield below + 1;
  }
}

/** The same the other way round, and closer: numbers of few bits, and scales of the tensor at which the code of the block's changes. */
function* scalesBeside({ from, element }: Params): Generator<{ value: number; most: number }> {
  const [format, fp32] = [parseFormat(from), parseFormat('fp32')];
  const last = powerOfTwo(-format.float!.mantissaBits);
  const smallest = powerOfTwo(format.lsbExponent);
  for (const x of [1, 1 + last, 1.5, 1.5 + last, 2 - last, 5 * smallest, 8 * smallest])
    for (const limit of scaleLimits()) {
      const most = format.encodeNumber(x);
      const near = codeBelow('fp32', x / (limit * largestOf(element)));
      for (const code of [near, near + 1]) yield { value: fp32.decodeNumber(code), most };
    }
}

/** The code of the number next to this one toward zero. */
const codeBelow = (format: string, x: number): number =>
  parseFormat(format).encodeNumber(x, { round: 'rtz', overflow: 'saturate' });

/**
 * A block with a largest number, by its code, whose other numbers are next to where the code of an element changes: a threshold that
 * is off by its last bit shows nowhere else.
 */
function besideThresholds({ lanes, from, element }: Params, tensorScale: number, most: number): bigint[] {
  const [format, scales] = [parseFormat(from), parseFormat(SCALE)];
  const quotient = format.decodeNumber(most) / (largestOf(element) * tensorScale);
  const scale = scales.decodeNumber(scales.encodeNumber(Math.min(448, Math.max(2 ** -6, quotient))));
  const codes = halvesOf(element).map(half => codeBelow(from, half * scale * tensorScale));
  const beside = [...codes, ...codes.map(code => code + 1)];
  const sign = 1n << BigInt(format.width - 1);
  return Array.from({ length: lanes }, (_, k) =>
    k === 0 ? BigInt(most) : BigInt(beside[(k - 1) % beside.length]!) | (k % 3 === 0 ? sign : 0n),
  );
}

/** Half-way between neighbouring elements. */
const halvesOf = (element: Params['element']): readonly number[] =>
  element === 'int4' ? [0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5] : [0.25, 0.75, 1.25, 1.75, 2.5, 3.5, 5];

/** Blocks whose scales are half-way between two codes, and those whose elements are. */
function* ties({ lanes, from, element }: Params, tensorScale: number): Generator<bigint[]> {
  const format = parseFormat(from);
  const code = (x: number): bigint => BigInt(format.encodeNumber(x));
  const largest = largestOf(element);
  const halves = halvesOf(element);
  for (let i = 16; i < 32; i++) {
    const scale = i / 16;
    for (const power of [2 ** -6, 1, 2 ** 8]) {
      const unit = scale * power * tensorScale;
      yield Array.from({ length: lanes }, (_, k) =>
        code(k === 0 ? largest * unit : unit * halves[k % 7]! * (k % 2 ? -1 : 1)),
      );
    }
  }
}
