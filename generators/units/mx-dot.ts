import type { Value } from '../formats/arithmetic.ts';
import { dotBlocks } from './blockDatapath.ts';
import {
  type BlockBeat,
  blockDotCorners,
  blockDotPorts,
  checkBlockDot,
  goldenBlockDot,
  type ResultParams,
} from './blockDot.ts';
import { elementOf, type MxOperands } from './mxFormats.ts';
import { defineUnit } from './unit.ts';

export interface Params extends MxOperands, ResultParams {}

/**
 * Dot product of two OCP MX blocks. The products and their sum are exact: it comes out as an integer and an exponent, or
 * rounded once to a float format. What is made of several blocks is left to others; `mx-mac` adds them up.
 */
export const unit = defineUnit<Params, BlockBeat, Record<string, Value>>({
  id: 'mx-dot',
  family: 'block-floating-point',
  summary: 'Dot product of two OCP MX blocks.',
  equations: [
    'exact: y = Σ a[i]·b[i]; 2^exponent = a_scale·b_scale; the dot product is y · 2^exponent',
    'float: y = round(Σ a[i]·b[i] · a_scale·b_scale)',
  ],
  source: 'OCP Microscaling Formats (MX) v1.0, sections 5 and 6',
  state: false,
  presets: {
    'mxfp4-dot': { summary: 'MXFP4 (E2M1 elements) dot product.', params: { element: 'e2m1' } },
    'mxfp6-e2m3-dot': { summary: 'MXFP6 (E2M3 elements) dot product.', params: { element: 'e2m3' } },
    'mxfp6-e3m2-dot': { summary: 'MXFP6 (E3M2 elements) dot product.', params: { element: 'e3m2' } },
    'mxfp8-e4m3-dot': { summary: 'MXFP8 (E4M3 elements) dot product.', params: { element: 'e4m3' } },
    'mxfp8-e5m2-dot': { summary: 'MXFP8 (E5M2 elements) dot product.', params: { element: 'e5m2' } },
    'mxint8-dot': {
      summary: 'MXINT8 (8-bit integer elements) dot product.',
      params: { element: 'int8' },
    },
  },

  check: checkBlockDot,
  ports: p => blockDotPorts(p, elementOf(p), p.lanes),
  golden: p => goldenBlockDot(p, elementOf(p), p.lanes),
  datapath: (b, x, p) => dotBlocks(b, x, elementOf(p), p),
  corners: p => blockDotCorners(elementOf(p), p.lanes),
});
