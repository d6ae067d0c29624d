import { dequantize } from '../blocks/dequantize.ts';
import { parseFormat } from '../formats/parse.ts';
import { dequantizerPorts, policyOf } from './blockDequantizer.ts';
import { factorOfScales } from './nvDatapath.ts';
import { isScale, SCALE } from './nvFormats.ts';
import { defineUnit, type Ports } from './unit.ts';

export interface Params {
  /** Elements of a block. @min 1 @max 256 @default 16 */
  lanes: number;
  /** Element format. @default e2m1 */
  element: 'e2m1' | 'int4';
  /** Format of what comes out. @default bf16 */
  to: 'bf16' | 'fp16' | 'fp32';
  /** Scale of the tensor: from a port, fp32; or always one, and no port. @default port */
  tensorScale: 'port' | 'one';
  /** How a number that the format does not have is rounded: to nearest, ties to even or away from zero, or toward zero. @default rne */
  round: 'rne' | 'rna' | 'rtz';
  /** What becomes of a number beyond the largest: infinity, or the largest. @default special */
  overflow: 'special' | 'saturate';
}

interface Beat {
  readonly scale: number;
  readonly x: Float64Array;
  readonly tensor_scale?: number;
}

/**
 * The numbers that a block of NVFP4 or NVINT4 stands for, as floats, each rounded once. A scale that is NaN or negative makes
 * all of them NaN; so does a scale of the tensor that is not positive and finite.
 */
export const unit = defineUnit<Params, Beat, { y: Float64Array }>({
  id: 'nv-dequant',
  family: 'block-floating-point',
  summary: 'Turns a block of NVFP4 or NVINT4 into floats.',
  equations: ['y[i] = round(x[i] · scale · tensor_scale)'],
  source: 'NVIDIA NVFP4, as in torchao; NVINT4: "INT v.s. FP" (arXiv 2510.25602)',
  state: false,
  presets: {
    'nvfp4-dequant': {
      summary: 'NVFP4 (E2M1 elements, E4M3 scales) into floats.',
      params: { element: 'e2m1' },
    },
    'nvint4-dequant': {
      summary: 'NVINT4 (4-bit integer elements, E4M3 scales) into floats.',
      params: { element: 'int4' },
    },
  },
  ports(p): Ports {
    const ports = dequantizerPorts(p, p.element, SCALE);
    if (p.tensorScale === 'one') return ports;
    return { ...ports, in: { ...ports.in, tensor_scale: { format: 'fp32', doc: 'scale of the tensor' } } };
  },
  golden({ lanes }) {
    const y = new Float64Array(lanes);
    return {
      step({ scale, x, tensor_scale: tensor = 1 }) {
        const isValid = isScale(scale) && tensor > 0 && tensor < Number.POSITIVE_INFINITY;
        // Elements, scales and fp32 have 3, 4 and 24 significant bits: the product is a double.
        const both = isValid ? scale * tensor : Number.NaN;
        for (let i = 0; i < lanes; i++) y[i] = x[i]! * both;
        return { y };
      },
    };
  },
  datapath(b, x, p) {
    const factor = factorOfScales(b, x, p.tensorScale === 'port');
    const y = b.scope('', `Elements times the scales, in ${p.to}`, () =>
      dequantize(b, x.vector('x'), p.element, factor, p.to, policyOf(p)),
    );
    return { y };
  },
  *corners(p) {
    if (p.tensorScale === 'one') return;
    // Where the product of all three is near the ends of the formats, and what is no scale.
    const [fp32, element] = [parseFormat('fp32'), parseFormat(p.element)];
    const elements = [1, 6, -1, 0, -6, 3].map(x => BigInt(element.encodeNumber(x)));
    for (const exponent of [-149, -140, -133, -127, -126, -24, -14, 0, 8, 15, 119, 126])
      for (const significand of [1, 1.0625, 1.5, 1.9999])
        for (const scale of [0n, 1n, 0x38n, 0x7en, 0x7fn, 0x80n])
          yield {
            scale,
            x: Array.from({ length: p.lanes }, (_, i) => elements[i % elements.length]!),
            tensor_scale: BigInt(fp32.encodeNumber(significand * 2 ** exponent)),
          };
    for (const [scale, factor] of [
      [0x38n, 1],
      [0x39n, 1.125],
      [0x7en, 448],
      [0x01n, 2 ** -9],
    ] as const)
      for (const value of valuesBesideCodes(p.to)) {
        for (const code of elements) {
          const each = Math.abs(element.decodeNumber(Number(code)));
          if (each === 0) continue;
          const near = BigInt(fp32.encodeNumber(value / each / factor, { round: 'rtz' }));
          for (const away of [-3n, -1n, 0n, 1n, 3n])
            if (near + away > 0n)
              yield { scale, x: Array.from({ length: p.lanes }, () => code), tensor_scale: near + away };
        }
      }
    for (const tensor_scale of [
      0n,
      0x80000000n,
      0xbf800000n,
      0x7f800000n,
      0x7f800001n,
      0x7f801000n,
      0x7fc00000n,
    ])
      yield { scale: 0x38n, x: Array.from({ length: p.lanes }, () => elements[0]!), tensor_scale };
  },
});

/** Halfway between neighbours of a format, where rounding decides: above the largest, around 1, and among the smallest. */
function valuesBesideCodes(id: string): number[] {
  const format = parseFormat(id);
  const value = (code: number): number => format.decodeNumber(code);
  const one = format.encodeNumber(1);
  const { maxFiniteCode, mantissaBits } = format.float!;
  const [top, normal] = [Number(maxFiniteCode), 2 ** mantissaBits];
  const lower = [0, 1, 2, normal - 2, normal - 1, normal, one - 1, one, one + 1, one + 6, top - 1];
  // Beyond the largest, the next one would follow at the same distance.
  return [
    ...lower.map(code => (value(code) + value(code + 1)) / 2),
    value(top) + (value(top) - value(top - 1)) / 2,
  ];
}
