import { parseFormat } from '../formats/parse.ts';
import { defineUnit } from './unit.ts';

export interface Params {
  /** Codes of a beat. @min 1 @max 1024 @default 16 */
  lanes: number;
  /** Where a code is cut: `se` sign and highest exponent bit into the 2-bit stream, as the code of FP6-LLM has it; `sem` the mantissa into it. @default se */
  split: 'se' | 'sem';
}

/**
 * FP6 codes from the two streams in which they are stored, of four and two bits each, so that memories keep widths of powers of
 * two. Wires only. Where `se` is cut, checkpoints packed for FP6-LLM have the same pieces, behind an interleaving for
 * GPUs that has to be undone before.
 */
export const unit = defineUnit<Params, { seg2: Float64Array; seg4: Float64Array }, { y: Float64Array }>({
  id: 'fp6-unpack-4p2',
  family: 'minifloat',
  summary: 'FP6 codes joined from a 4-bit and a 2-bit stream.',
  equations: [
    'se:  y[i] = {seg2[i], seg4[i]}: {sign, e2} and {e1, e0, m1, m0}',
    'sem: y[i] = {seg4[i], seg2[i]}: {sign, e2, e1, e0} and {m1, m0}',
  ],
  source: 'FP6-LLM (Xia et al., arXiv:2401.14112) and its code; ZeroQuant(4+2) (Wu et al., arXiv:2312.08583)',
  state: false,
  ports: p => ({
    in: {
      seg2: { format: 'uint2', lanes: p.lanes, doc: 'the 2-bit stream' },
      seg4: { format: 'uint4', lanes: p.lanes, doc: 'the 4-bit stream' },
    },
    out: { y: { format: 'e3m2', lanes: p.lanes, doc: 'the codes' } },
  }),
  golden(p) {
    const y = new Float64Array(p.lanes);
    const { decodeNumber } = parseFormat('e3m2');
    const [weight2, weight4] = p.split === 'se' ? [16, 1] : [1, 4];
    return {
      step({ seg2, seg4 }) {
        for (let i = 0; i < p.lanes; i++) y[i] = decodeNumber(seg2[i]! * weight2 + seg4[i]! * weight4);
        return { y };
      },
    };
  },
  datapath: (b, x, p) => ({
    y: b.lanes('code', [x.vector('seg2'), x.vector('seg4')] as const, (seg2, seg4) =>
      p.split === 'se' ? b.concat(seg2, seg4) : b.concat(seg4, seg2),
    ),
  }),
});
