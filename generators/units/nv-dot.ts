import { roundDot } from '../blocks/accumulate.ts';
import type { Value } from '../formats/arithmetic.ts';
import { parseFormat } from '../formats/parse.ts';
import { type BlockBeat, blockPorts, checkBlockDot, type ResultParams } from './blockDot.ts';
import { dotWithScales } from './nvDatapath.ts';
import { type NvOperands, nvCorners, nvTerms, productFormat, SCALE } from './nvFormats.ts';
import { defineUnit, type Ports } from './unit.ts';

export interface Params extends NvOperands, ResultParams {}

/**
 * Dot product of two NVFP4 or NVINT4 blocks, with their E4M3 scales. All of it is exact, as one fixed-point number, or
 * rounded once to a float format. The scale of a tensor is left to what comes behind. A scale is NaN or negative by mistake
 * only: the result is then invalid.
 */
export const unit = defineUnit<Params, BlockBeat, Record<string, Value>>({
  id: 'nv-dot',
  family: 'block-floating-point',
  summary: 'Dot product of two NVFP4 or NVINT4 blocks.',
  equations: ['y = Σ a[i]·b[i] · a_scale·b_scale, exact or rounded once'],
  source: 'NVIDIA NVFP4, as in torchao; NVINT4: "INT v.s. FP" (arXiv 2510.25602)',
  state: false,
  presets: {
    'nvfp4-dot': { summary: 'NVFP4 (E2M1 elements, E4M3 scales) dot product.', params: { element: 'e2m1' } },
    'nvint4-dot': {
      summary: 'NVINT4 (4-bit integer elements, E4M3 scales) dot product.',
      params: { element: 'int4' },
    },
  },
  check: checkBlockDot,
  ports(p): Ports {
    const inputs = blockPorts(p.element, p.lanes, SCALE);
    if (p.result !== 'exact')
      return {
        in: inputs,
        out: { y: { format: p.result, doc: 'the dot product, rounded once; a zero sum is +0' } },
      };
    const y = { format: productFormat(p), doc: 'the dot product; 0 where invalid' };
    return {
      in: inputs,
      out: { y, invalid: { format: 'uint1', doc: 'a scale is NaN or has its sign set' } },
    };
  },
  golden(p) {
    const { value } = nvTerms(p);
    // The exact sum is an integer: its zero has no sign, even where all products are −0.
    if (p.result !== 'exact') return { step: beat => ({ y: value(beat) + 0 }) };
    return {
      step(beat) {
        const y = value(beat);
        return Number.isNaN(y) ? { y: 0, invalid: 1 } : { y, invalid: 0 };
      },
    };
  },
  datapath(b, x, p): Record<string, ReturnType<typeof roundDot>> {
    const dot = dotWithScales(b, x, p.element);
    if (p.result !== 'exact')
      return {
        y: b.scope('', `The result, rounded to ${p.result}`, () => roundDot(b, dot, parseFormat(p.result))),
      };
    const { width } = parseFormat(productFormat(p));
    // A NaN scale could give more than the largest product, but does not count.
    const valid = dot.sum.gate(dot.isNaN.not());
    const product = valid.shl(dot.exponent).wrap(width, true);
    return { y: product, invalid: dot.isNaN };
  },
  corners: nvCorners,
});
