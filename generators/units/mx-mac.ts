import type { Value } from '../formats/arithmetic.ts';
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
import { elementOf, type MxOperands } from './mxFormats.ts';
import { defineUnit } from './unit.ts';

export interface Params extends MxOperands, AccumulatorParams {}

/**
 * Dot product of two OCP MX blocks, accumulated: the core of a quantized matrix multiplication. Every product and the
 * sum over a block are exact; the result is rounded once per block, then added to the running sum.
 */
export const unit = defineUnit<Params, BlockSumBeat, Record<string, Value>>({
  id: 'mx-mac',
  family: 'block-floating-point',
  summary: 'Dot product of two MX blocks, added to a running sum.',
  equations: BLOCK_SUM_EQUATIONS,
  source: 'OCP Microscaling Formats (MX) v1.0, sections 5 and 6; IEEE 754-2019 for fp32',
  state: true,
  presets: {
    'mxfp4-mac': { summary: 'MXFP4 (E2M1 elements) multiply-accumulate.', params: { element: 'e2m1' } },
    'mxfp6-e2m3-mac': { summary: 'MXFP6 (E2M3 elements) multiply-accumulate.', params: { element: 'e2m3' } },
    'mxfp6-e3m2-mac': { summary: 'MXFP6 (E3M2 elements) multiply-accumulate.', params: { element: 'e3m2' } },
    'mxfp8-e4m3-mac': { summary: 'MXFP8 (E4M3 elements) multiply-accumulate.', params: { element: 'e4m3' } },
    'mxfp8-e5m2-mac': { summary: 'MXFP8 (E5M2 elements) multiply-accumulate.', params: { element: 'e5m2' } },
    'mxint8-mac': {
      summary: 'MXINT8 (8-bit integer elements) multiply-accumulate.',
      params: { element: 'int8' },
    },
  },

  ports: p => blockSumPorts(p, blockPorts(elementOf(p), p.lanes)),
  golden: p => goldenBlockSum(p, dotTerms(elementOf(p), p.lanes)),
  datapath: (b, x, p) => accumulateBlocks(b, x, elementOf(p), p),
  corners: p => withFirst(() => blockDotCorners(elementOf(p), p.lanes)),
  laterCorners: p => runningSumCorners(blocksOf(elementOf(p), p.lanes)),
});
