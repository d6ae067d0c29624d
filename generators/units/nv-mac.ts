import type { Value } from '../formats/arithmetic.ts';
import { accumulateDot } from './blockDatapath.ts';
import {
  type BlockSumBeat,
  blockPorts,
  blockSumPorts,
  blocksOf,
  goldenBlockSum,
  runningSumCorners,
  withFirst,
} from './blockDot.ts';
import { dotWithScales } from './nvDatapath.ts';
import { type NvOperands, nvCorners, nvTerms, SCALE } from './nvFormats.ts';
import { defineUnit } from './unit.ts';

export interface Params extends NvOperands {
  /** What the sum is kept in: fp32, rounded with each beat; or a fixed-point window, exact with the default one. @default fp32 */
  accumulator: 'fp32' | 'fixed';
  /** For the window: weight of its last bit, as a power of two. @min -300 @max 300 @default -20 */
  windowLsb: number;
  /** For the window: its bits. @min 8 @max 128 @default 56 */
  windowWidth: number;
}

/**
 * Dot product of two NVFP4 or NVINT4 blocks, accumulated. The dot product with its scales is exact; fp32 rounds it once
 * and then the sum. The default window holds 256 of the largest dot products of 16 lanes, and rounds none.
 */
export const unit = defineUnit<Params, BlockSumBeat, Record<string, Value>>({
  id: 'nv-mac',
  family: 'block-floating-point',
  summary: 'Dot product of two NVFP4 or NVINT4 blocks, added to a running sum.',
  equations: [
    'block = Σ a[i]·b[i] · a_scale·b_scale, exact; NaN where a scale is NaN or has its sign set',
    'fp32:  y ← fp32((first ? +0 : y) + fp32(block)), each rounding to nearest even',
    'fixed: y ← (first ? 0 : y) + round(block / 2^windowLsb), modulo 2^windowWidth; overflow and nan stay set until first',
  ],
  source: 'NVIDIA NVFP4, as in torchao; NVINT4: "INT v.s. FP" (arXiv 2510.25602); IEEE 754-2019 for fp32',
  state: true,
  presets: {
    'nvfp4-mac': {
      summary: 'NVFP4 (E2M1 elements, E4M3 scales) multiply-accumulate.',
      params: { element: 'e2m1' },
    },
    'nvint4-mac': {
      summary: 'NVINT4 (4-bit integer elements, E4M3 scales) multiply-accumulate.',
      params: { element: 'int4' },
    },
  },
  ports: p => blockSumPorts(p, blockPorts(p.element, p.lanes, SCALE)),
  golden: p => goldenBlockSum(p, nvTerms(p)),
  datapath: (b, x, p) => accumulateDot(b, x, dotWithScales(b, x, p.element), p),
  corners: p => withFirst(() => nvCorners(p)),
  laterCorners: p => runningSumCorners(blocksOf(p.element, p.lanes, SCALE)),
});
