import { dequantize, factorOfE8M0 } from '../blocks/dequantize.ts';
import {
  type DequantizerParams,
  dequantizerPorts,
  goldenDequantizer,
  policyOf,
  type ScaledBlock,
} from './blockDequantizer.ts';
import { elementOf } from './mxFormats.ts';
import { defineUnit } from './unit.ts';

export interface Params extends DequantizerParams {
  /** Element format. @default e2m1 */
  element: 'e2m1' | 'e2m3' | 'e3m2' | 'e4m3' | 'e5m2' | 'int8';
}

/**
 * The numbers that a block of OCP MX stands for, as floats. Only the ends of the range of bf16 and fp32 need a rounding, in
 * fp16 also numbers that are small or large. A scale that is NaN makes all of them NaN.
 */
export const unit = defineUnit<Params, ScaledBlock, { y: Float64Array }>({
  id: 'mx-dequant',
  family: 'block-floating-point',
  summary: 'Turns a block of OCP MX into floats.',
  equations: ['y[i] = round(x[i] · scale)'],
  source: 'OCP Microscaling Formats (MX) v1.0, section 5.1',
  state: false,
  presets: {
    'mxfp4-dequant': { summary: 'MXFP4 (E2M1 elements) into floats.', params: { element: 'e2m1' } },
    'mxfp6-e2m3-dequant': { summary: 'MXFP6 (E2M3 elements) into floats.', params: { element: 'e2m3' } },
    'mxfp6-e3m2-dequant': { summary: 'MXFP6 (E3M2 elements) into floats.', params: { element: 'e3m2' } },
    'mxfp8-e4m3-dequant': { summary: 'MXFP8 (E4M3 elements) into floats.', params: { element: 'e4m3' } },
    'mxfp8-e5m2-dequant': { summary: 'MXFP8 (E5M2 elements) into floats.', params: { element: 'e5m2' } },
    'mxint8-dequant': {
      summary: 'MXINT8 (8-bit integer elements) into floats.',
      params: { element: 'int8' },
    },
  },
  ports: p => dequantizerPorts(p, elementOf(p)),
  golden: p => goldenDequantizer(p),
  datapath(b, x, p) {
    const factor = b.scope('scale', 'Scale of the block: E8M0, bias 127, 255 is NaN', () =>
      factorOfE8M0(b, x.signal('scale')),
    );
    const y = b.scope('', `Elements times the scale, in ${p.to}`, () =>
      dequantize(b, x.vector('x'), elementOf(p), factor, p.to, policyOf(p)),
    );
    return { y };
  },
});
