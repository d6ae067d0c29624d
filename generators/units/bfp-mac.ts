import type { Value } from '../formats/arithmetic.ts';
import { type BfpOperands, mantissaFormat } from './bfpFormats.ts';
import { accumulateBlocks } from './blockDatapath.ts';
import {
  type AccumulatorParams,
  BLOCK_SUM_EQUATIONS,
  type BlockSumBeat,
  blockDotCorners,
  blockPorts,
  blockSumPorts,
  blocksOf,
  dotTerms,
  goldenBlockSum,
  runningSumCorners,
  withFirst,
} from './blockDot.ts';
import { defineUnit } from './unit.ts';

export interface Params extends BfpOperands, AccumulatorParams {}

/** Dot product of two blocks of block floating point, accumulated as by `mx-mac`: exact over a block, then rounded once. */
export const unit = defineUnit<Params, BlockSumBeat, Record<string, Value>>({
  id: 'bfp-mac',
  family: 'block-floating-point',
  summary: 'Dot product of two blocks of block floating point, added to a running sum.',
  equations: BLOCK_SUM_EQUATIONS,
  source: 'Microsoft Floating Point (MSFP); IEEE 754-2019 for fp32',
  state: true,
  presets: {
    'msfp12-mac': { summary: 'MSFP12: 4-bit mantissas, blocks of 16.', params: { mantissa: 4, lanes: 16 } },
    'msfp16-mac': { summary: 'MSFP16: 8-bit mantissas, blocks of 16.', params: { mantissa: 8, lanes: 16 } },
    'bfp8-mac': { summary: 'BFP8: 8-bit mantissas, blocks of 32.', params: { mantissa: 8, lanes: 32 } },
  },
  ports: p => blockSumPorts(p, blockPorts(mantissaFormat(p.mantissa), p.lanes)),
  golden: p => goldenBlockSum(p, dotTerms(mantissaFormat(p.mantissa), p.lanes)),
  datapath: (b, x, p) => accumulateBlocks(b, x, mantissaFormat(p.mantissa), p),
  corners: p => withFirst(() => blockDotCorners(mantissaFormat(p.mantissa), p.lanes)),
  laterCorners: p => runningSumCorners(blocksOf(mantissaFormat(p.mantissa), p.lanes)),
});
