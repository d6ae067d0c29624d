import { countDifferent, equalLessDifferent } from '../blocks/differences.ts';
import { popcount } from '../blocks/popcount.ts';
import type { Values } from '../formats/arithmetic.ts';
import { fixedFormat } from './formats.ts';
import { defineUnit, type Ports } from './unit.ts';

export interface Params {
  /** Signs of a beat. @min 1 @max 8192 @default 64 */
  lanes: number;
  /** Whether a bit for each lane says if it counts. @default false */
  mask: boolean;
  /** The dot product, or the Hamming distance: in how many lanes the signs differ. @default dot */
  measure: 'dot' | 'distance';
}

/** Dot product of two vectors of signs, or how far they are apart. A scale or threshold comes behind: it acts on the final sum. */
export const unit = defineUnit<Params, { a: Values; b: Values; mask?: Values }, { y: number }>({
  id: 'xnor-dot',
  family: 'multiplier-free',
  summary: 'Dot product or Hamming distance of two vectors of signs.',
  equations: [
    'dot:      y = Σ over lanes that count of +1 where a[i] = b[i], −1 elsewhere',
    'distance: y = Σ over lanes that count of 0 where a[i] = b[i], 1 elsewhere',
  ],
  source: 'BiBench, XNOR-Net: lanes − 2·popcount(a xor b)',
  state: false,
  presets: {
    'hamming-distance': {
      summary: 'In how many bits two vectors differ.',
      params: { measure: 'distance' },
    },
  },
  ports(p): Ports {
    const bits = { format: 'uint1', lanes: p.lanes };
    const most = BigInt(p.lanes);
    return {
      in: {
        a: { ...bits, doc: 'signs: 1 is +1, 0 is −1' },
        b: { ...bits, doc: 'signs' },
        ...(p.mask ? { mask: { ...bits, doc: '1 where a lane counts' } } : {}),
      },
      out: {
        y:
          p.measure === 'dot'
            ? { format: fixedFormat(-most, most, 0), doc: 'dot product' }
            : { format: fixedFormat(0n, most, 0), doc: 'Hamming distance' },
      },
    };
  },
  golden: p => ({
    step({ a, b, mask }) {
      let [same, different] = [0, 0];
      for (let i = 0; i < p.lanes; i++) {
        if (mask && mask[i] === 0) continue;
        if (a[i] === b[i]) same++;
        else different++;
      }
      return { y: p.measure === 'dot' ? same - different : different };
    },
  }),
  datapath(b, x, p) {
    const isDot = p.measure === 'dot';
    const title = isDot ? 'Lanes of equal signs' : 'Lanes of different signs';
    const pair = [x.vector('a'), x.vector('b')] as const;
    if (isDot && !p.mask) return { y: b.scope('', title, () => equalLessDifferent(b, ...pair)) };
    const counted = b.scope('', title, () => {
      if (!p.mask) return countDifferent(b, ...pair);
      const seen = b.lanes('compare', pair, (left, right) =>
        isDot ? left.xor(right).not() : left.xor(right),
      );
      const hits = b.lanes('valid', [seen, x.vector('mask')] as const, (hit, use) => hit.and(use));
      return popcount(b, hits);
    });
    if (!isDot) return { y: counted };
    const lanes = b.scope('mask', 'Lanes that count', () => popcount(b, x.vector('mask')));
    return { y: counted.shl(1).sub(lanes).narrow(-p.lanes, p.lanes) };
  },
});
