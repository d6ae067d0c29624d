import type { Policy } from '../formats/types.ts';
import type { Golden, Ports } from './unit.ts';

/** What the units that take blocks apart have in common. */
export interface DequantizerParams {
  /** Elements of a block. @min 1 @max 1024 @default 32 */
  lanes: number;
  /** Format of what comes out. @default bf16 */
  to: 'bf16' | 'fp16' | 'fp32';
  /** How a number that the format does not have is rounded: to nearest, ties to even or away from zero, or toward zero. @default rne */
  round: 'rne' | 'rna' | 'rtz';
  /** What becomes of a number beyond the largest: infinity, or the largest. @default special */
  overflow: 'special' | 'saturate';
}

export interface ScaledBlock {
  readonly scale: number;
  readonly x: Float64Array;
}

export const policyOf = ({ round, overflow }: DequantizerParams): Policy => ({
  round,
  overflow,
  subnormals: 'keep',
});

export function dequantizerPorts(p: DequantizerParams, element: string, scale = 'e8m0'): Ports {
  return {
    in: {
      scale: { format: scale, doc: 'scale of the block' },
      x: { format: element, lanes: p.lanes, doc: 'elements' },
    },
    out: { y: { format: p.to, lanes: p.lanes, doc: 'x times the scale', policy: policyOf(p) } },
  };
}

/** Elements times an E8M0 scale, before the rounding of the output port. */
export function goldenDequantizer({ lanes }: DequantizerParams): Golden<ScaledBlock, { y: Float64Array }> {
  const y = new Float64Array(lanes);
  return {
    step({ scale, x }) {
      for (let i = 0; i < lanes; i++) y[i] = x[i]! * scale;
      return { y };
    },
  };
}
