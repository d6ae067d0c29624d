import { quantizeToBlock } from '../blocks/quantize.ts';
import { mantissaFormat } from './bfpFormats.ts';
import {
  type FloatBlock,
  goldenQuantizer,
  type QuantizedBlock,
  type QuantizerParams,
  quantizerCorners,
  quantizerPorts,
} from './blockQuantizer.ts';
import { defineUnit } from './unit.ts';

export interface Params extends QuantizerParams {
  /** Bits of a mantissa, its sign among them. @min 2 @max 24 @default 4 */
  mantissa: number;
}

/**
 * Quantizes a block of floats to block floating point: one exponent, that of the largest magnitude, and signed mantissas
 * without a hidden bit. The range of mantissas is symmetric. The exponent is stored as E8M0, so that the block is one of MX
 * with integers of any width; 8 bits are MXINT8.
 */
export const unit = defineUnit<Params, FloatBlock, QuantizedBlock>({
  id: 'bfp-quant',
  family: 'block-floating-point',
  summary: 'Quantizes a block of floats to block floating point.',
  equations: [
    'e = ⌊log2 max|x[i]|⌋, raised by one as the rule says, within −127 … 127',
    'scale = 2^e',
    'y[i] = round(x[i] / scale) in steps of 2^(2 − mantissa), saturated',
  ],
  source:
    'Microsoft Floating Point (MSFP); "Accurate Block Quantization in LLMs with Outliers" (arXiv 2403.20137)',
  state: false,
  presets: {
    'msfp12-quant': { summary: 'MSFP12: 4-bit mantissas, blocks of 16.', params: { mantissa: 4, lanes: 16 } },
    'msfp16-quant': { summary: 'MSFP16: 8-bit mantissas, blocks of 16.', params: { mantissa: 8, lanes: 16 } },
    'bfp8-quant': { summary: 'BFP8: 8-bit mantissas, blocks of 32.', params: { mantissa: 8, lanes: 32 } },
  },
  ports: p => quantizerPorts(p, mantissaFormat(p.mantissa)),
  golden: p => goldenQuantizer(p, mantissaFormat(p.mantissa)),
  datapath(b, x, p) {
    const format = { from: p.from, element: mantissaFormat(p.mantissa), rule: p.scaleRule, round: p.round };
    const { scale, elements } = quantizeToBlock(b, x.vector('x'), format);
    return { scale, y: elements };
  },
  corners: quantizerCorners,
});
