import type { Value } from '../formats/arithmetic.ts';
import { type BfpOperands, mantissaFormat } from './bfpFormats.ts';
import { dotBlocks } from './blockDatapath.ts';
import {
  type BlockBeat,
  blockDotCorners,
  blockDotPorts,
  checkBlockDot,
  goldenBlockDot,
  type ResultParams,
} from './blockDot.ts';
import { defineUnit } from './unit.ts';

export interface Params extends BfpOperands, ResultParams {}

/**
 * Dot product of two blocks of signed mantissas, each block with one exponent, stored as E8M0. The products and their sum
 * are exact: it comes out as an integer and an exponent, or rounded once to a float format.
 */
export const unit = defineUnit<Params, BlockBeat, Record<string, Value>>({
  id: 'bfp-dot',
  family: 'block-floating-point',
  summary: 'Dot product of two blocks of block floating point.',
  equations: [
    'exact: y = Σ a[i]·b[i]; 2^exponent = a_scale·b_scale; the dot product is y · 2^exponent',
    'float: y = round(Σ a[i]·b[i] · a_scale·b_scale)',
  ],
  source:
    'Microsoft Floating Point (MSFP); "Accurate Block Quantization in LLMs with Outliers" (arXiv 2403.20137)',
  state: false,
  presets: {
    'msfp12-dot': { summary: 'MSFP12: 4-bit mantissas, blocks of 16.', params: { mantissa: 4, lanes: 16 } },
    'msfp16-dot': { summary: 'MSFP16: 8-bit mantissas, blocks of 16.', params: { mantissa: 8, lanes: 16 } },
    'bfp8-dot': { summary: 'BFP8: 8-bit mantissas, blocks of 32.', params: { mantissa: 8, lanes: 32 } },
  },
  check: checkBlockDot,
  ports: p => blockDotPorts(p, mantissaFormat(p.mantissa), p.lanes),
  golden: p => goldenBlockDot(p, mantissaFormat(p.mantissa), p.lanes),
  datapath: (b, x, p) => dotBlocks(b, x, mantissaFormat(p.mantissa), p),
  corners: p => blockDotCorners(mantissaFormat(p.mantissa), p.lanes),
});
