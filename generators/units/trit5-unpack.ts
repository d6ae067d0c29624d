import { unpackByTable, unpackTq1 } from '../blocks/ternary.ts';
import type { Values } from '../formats/arithmetic.ts';
import { TRITS_PER_BYTE, unpacker, unpackTrits } from './trit5.ts';
import { TRIT } from './trits.ts';
import { defineUnit } from './unit.ts';

export interface Params {
  /** Bytes of a beat. @min 1 @max 64 @default 1 */
  bytes: number;
  /** How five trits make a byte: as a fraction of 1 in base 3 (ggml TQ1_0), or as an integer in base 3. @default tq1 */
  format: 'tq1' | 'base3';
}

/**
 * Takes bytes apart into five trits each. The bytes that no five trits give have a meaning too: of `tq1` the digits of the
 * same arithmetic, of `base3` five zeros.
 */
export const unit = defineUnit<Params, { x: Values }, { y: Float64Array }>({
  id: 'trit5-unpack',
  family: 'multiplier-free',
  summary: 'Five ternary weights out of each byte.',
  equations: [
    'tq1:   y[n] = ⌊3·(3^n·x mod 256) / 256⌋ − 1, n = 0 … 4',
    'base3: y[n] = ⌊x / 3^n⌋ mod 3 − 1 for x below 243, else 0',
  ],
  source: 'ggml, block format TQ1_0; plain base 3',
  state: false,
  ports: p => ({
    in: { x: { format: 'uint8', lanes: p.bytes, doc: 'bytes' } },
    out: { y: { format: TRIT, lanes: TRITS_PER_BYTE * p.bytes, doc: 'weights −1, 0, +1, in order' } },
  }),
  golden(p) {
    const unpack = unpacker(p.format);
    const y = new Float64Array(TRITS_PER_BYTE * p.bytes);
    return { step: ({ x }) => ({ y: unpack(x, y) }) };
  },
  datapath(b, x, p) {
    const bytes = x.vector('x');
    return {
      y:
        p.format === 'tq1'
          ? unpackTq1(b, bytes)
          : unpackByTable(b, bytes, 'base3', byte => unpackTrits('base3', byte)),
    };
  },
});
