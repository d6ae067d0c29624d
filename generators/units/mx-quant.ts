import { quantizeToBlock } from '../blocks/quantize.ts';
import {
  type FloatBlock,
  goldenQuantizer,
  type QuantizedBlock,
  type QuantizerParams,
  quantizerCorners,
  quantizerPorts,
} from './blockQuantizer.ts';
import { elementOf } from './mxFormats.ts';
import { defineUnit } from './unit.ts';

export interface Params extends QuantizerParams {
  /** Element format. @default e2m1 */
  element: 'e2m1' | 'e2m3' | 'e3m2' | 'e4m3' | 'e5m2' | 'int8';
}

/**
 * Quantizes a block of floats to OCP MX: a scale from the largest magnitude, then each element over the scale, rounded once
 * and saturated. A block of zeros gives scale 0 (2^−127) and codes 0; a NaN or an infinity anywhere makes the scale NaN.
 * −128 of MXINT8 is never made. A negative number that rounds to zero stays negative where the element has −0.
 */
export const unit = defineUnit<Params, FloatBlock, QuantizedBlock>({
  id: 'mx-quant',
  family: 'block-floating-point',
  summary: 'Quantizes a block of floats to OCP MX.',
  equations: [
    'e = ⌊log2 max|x[i]|⌋ − emax, raised by one as the rule says, within −127 … 127',
    'scale = 2^e',
    'y[i] = round(x[i] / scale), saturated',
  ],
  source:
    'OCP Microscaling Formats (MX) v1.0, section 6.3; microxcaling; torchao for the rules ceil, even and up',
  state: false,
  presets: {
    'mxfp4-quant': { summary: 'MXFP4 (E2M1 elements) quantizer.', params: { element: 'e2m1' } },
    'mxfp6-e2m3-quant': { summary: 'MXFP6 (E2M3 elements) quantizer.', params: { element: 'e2m3' } },
    'mxfp6-e3m2-quant': { summary: 'MXFP6 (E3M2 elements) quantizer.', params: { element: 'e3m2' } },
    'mxfp8-e4m3-quant': { summary: 'MXFP8 (E4M3 elements) quantizer.', params: { element: 'e4m3' } },
    'mxfp8-e5m2-quant': { summary: 'MXFP8 (E5M2 elements) quantizer.', params: { element: 'e5m2' } },
    'mxint8-quant': { summary: 'MXINT8 (8-bit integer elements) quantizer.', params: { element: 'int8' } },
  },
  ports: p => quantizerPorts(p, elementOf(p)),
  golden: p => goldenQuantizer(p, elementOf(p)),
  datapath(b, x, p) {
    const format = { from: p.from, element: elementOf(p), rule: p.scaleRule, round: p.round };
    const { scale, elements } = quantizeToBlock(b, x.vector('x'), format);
    return { scale, y: elements };
  },
  corners: quantizerCorners,
});
