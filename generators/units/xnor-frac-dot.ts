import { equalLessDifferent } from '../blocks/differences.ts';
import type { Values } from '../formats/arithmetic.ts';
import { fixedFormat } from './formats.ts';
import { defineUnit, type Ports } from './unit.ts';

export interface Params {
  /** Products of a beat. @min 1 @max 8192 @default 64 */
  lanes: number;
  /** Whether the low bits of the numbers count only where the sum over the high bits reaches a threshold. @default false */
  gate: boolean;
}

/**
 * Dot product of numbers −1, −1/3, 1/3, 1 and signs, in thirds. With a gate, a result that the high bits of the numbers already
 * put below the threshold goes without the low ones, as in a network that spends the second bit where it matters.
 */
export const unit = defineUnit<Params, { a: Values; b: Values; threshold?: number }, { y: number }>({
  id: 'xnor-frac-dot',
  family: 'multiplier-free',
  summary: 'Dot product of two-bit numbers −1, −1/3, 1/3, 1 and signs, in thirds.',
  equations: [
    'high = Σ s(a[i][1])·s(b[i]), low = Σ s(a[i][0])·s(b[i]); s of a bit is +1 where it is 1, −1 where it is 0',
    'y = 2·high + low, exact; with gate and high below the threshold: y = 2·high',
  ],
  source: 'FracBNN (fractional activations)',
  state: false,
  ports(p): Ports {
    const most = BigInt(p.lanes);
    return {
      in: {
        a: { format: 'uint2', lanes: p.lanes, doc: 'numbers: code q is 2q/3 − 1' },
        b: { format: 'uint1', lanes: p.lanes, doc: 'signs: 1 is +1, 0 is −1' },
        ...(p.gate
          ? {
              threshold: {
                format: fixedFormat(-most, most, 0),
                doc: 'least sum over the high bits for which the low ones count',
              },
            }
          : {}),
      },
      out: { y: { format: fixedFormat(-3n * most, 3n * most, 0), doc: 'sum of the products, in thirds' } },
    };
  },
  golden: p => ({
    step({ a, b, threshold }) {
      let [high, low] = [0, 0];
      for (let i = 0; i < p.lanes; i++) {
        const [code, sign] = [a[i] as number, 2 * (b[i] as number) - 1];
        high += code >= 2 ? sign : -sign;
        low += code % 2 === 1 ? sign : -sign;
      }
      return { y: threshold === undefined || high >= threshold ? 2 * high + low : 2 * high };
    },
  }),
  datapath(b, x, p) {
    const dot = (bit: number, name: string, title: string) =>
      b.scope(name, title, () => {
        const signs = b.lanes(`signs_${name}`, [x.vector('a')] as const, code => code.bit(bit));
        return equalLessDifferent(b, signs.as('signs'), x.vector('b'));
      });
    const high = dot(1, 'high', 'High bits');
    const low = dot(0, 'low', 'Low bits');
    const counted = p.gate ? low.gate(high.ge(x.signal('threshold'))) : low;
    return { y: high.shl(1).add(counted) };
  },
});
