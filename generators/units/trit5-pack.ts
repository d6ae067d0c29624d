import { numberOfTrits } from '../blocks/ternary.ts';
import type { Values } from '../formats/arithmetic.ts';
import type { Signal } from '../hdl/signal.ts';
import { packTrits, TRITS_PER_BYTE } from './trit5.ts';
import { TRIT, tritsOf } from './trits.ts';
import { defineUnit } from './unit.ts';

export interface Params {
  /** Bytes of a beat. @min 1 @max 64 @default 1 */
  bytes: number;
  /** How five trits make a byte: as a fraction of 1 in base 3 (ggml TQ1_0), or as an integer in base 3. @default tq1 */
  format: 'tq1' | 'base3';
}

/** Packs trits into bytes, five in each. */
export const unit = defineUnit<Params, { x: Values }, { y: Float64Array }>({
  id: 'trit5-pack',
  family: 'multiplier-free',
  summary: 'Five ternary weights into each byte.',
  equations: ['tq1:   y = ⌈256/243 · Σ (x[n] + 1)·3^(4−n)⌉', 'base3: y = Σ (x[n] + 1)·3^n'],
  source: 'ggml, block format TQ1_0; plain base 3',
  state: false,
  ports: p => ({
    in: { x: { format: TRIT, lanes: TRITS_PER_BYTE * p.bytes, doc: 'weights −1, 0, +1; −2 counts as 0' } },
    out: { y: { format: 'uint8', lanes: p.bytes, doc: 'bytes' } },
  }),
  golden(p) {
    const [trits, y] = [new Float64Array(TRITS_PER_BYTE), new Float64Array(p.bytes)];
    return {
      step({ x }) {
        for (let i = 0; i < p.bytes; i++) y[i] = packTrits(p.format, tritsOf(x, trits, TRITS_PER_BYTE * i));
        return { y };
      },
    };
  },
  datapath(b, x, p) {
    // The codes of five trits together, as one lane.
    const fives = x.vector('x').pack().unpack(p.bytes);
    const bytes = b.lanes('pack', [fives] as const, codes => {
      const trits = Array.from({ length: TRITS_PER_BYTE }, (_, n): Signal => codes.bits(2 * n + 1, 2 * n));
      if (p.format === 'base3') return numberOfTrits(b, trits.reverse());
      const number = numberOfTrits(b, trits);
      const raises = Array.from({ length: 243 }, (_, v) => BigInt(Math.ceil((v * 13) / 243)));
      const raise = b.table('raise', 'What ceil(256 v / 243) is above v', raises, number);
      return number.add(raise).narrow(0, 255);
    });
    return { y: b.widen(bytes, 8) };
  },
});
