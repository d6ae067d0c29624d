import { floatToFixed } from '../blocks/floatToFixed.ts';
import { exactOf, type Value } from '../formats/arithmetic.ts';
import { parseFormat } from '../formats/parse.ts';
import type { Policy } from '../formats/types.ts';
import { flushing, widthProblems } from './rounding.ts';
import { defineUnit } from './unit.ts';

export interface Params {
  /** Format of the number. @format float @default bf16 */
  from: string;
  /** Format of the result. @format integer fixed @default int8 */
  to: string;
  /** Rounding. Stochastic rounding adds the random bits to the two's complement number. @default rne */
  round: 'rne' | 'rna' | 'rtz' | 'rup' | 'rdn' | 'odd' | 'stochastic' | 'rhu' | 'rhd' | 'rhz' | 'trn';
  /** What becomes of a result out of range. @default saturate */
  overflow: 'saturate' | 'wrap' | 'satsym' | 'satzero';
  /** Subnormal numbers: as the format has them; or flushed: they count as zero. @default keep */
  subnormals: 'keep' | 'flush';
  /** For stochastic rounding: bits of `rnd`, a uniform fraction of the result's last bit. @min 1 @max 32 @default 8 */
  randomBits: number;
}

/**
 * Conversion of a floating-point number to an integer or to fixed point, rounded once.
 *
 * NaN counts as +∞, as in RISC-V: it gives the largest value. Modulo the width (`wrap`), infinities and NaN give 0, as they
 * do for `satzero`.
 */
export const unit = defineUnit<Params, { x: Value; rnd?: number }, { y: Value }>({
  id: 'fp-to-int',
  family: 'minifloat',
  summary: 'Conversion of a floating-point number to an integer or fixed point, rounded once.',
  equations: ['y = limit(round(x))'],
  source: 'IEEE 754-2019 (5.8 convertToInteger); RISC-V F (saturation, NaN)',
  state: false,
  check: p => widthProblems({ from: p.from }),
  ports(p) {
    const { randomBits, round } = p;
    const rnd = {
      format: `uint${randomBits}`,
      doc: 'random bits, uniform: a fraction of the last bit of the result',
    };
    return {
      in: { x: { format: p.from, doc: 'number' }, ...(round === 'stochastic' ? { rnd } : {}) },
      out: { y: { format: p.to, doc: 'the number in fixed point', policy: portPolicy(p) } },
    };
  },
  golden(p) {
    const operand = flushing(p.from, p.subnormals);
    if (p.round !== 'stochastic') return { step: ({ x }) => ({ y: operand(x) }) };
    const { round, overflow, randomBits: count } = p;
    const to = parseFormat(p.to);
    return {
      step({ x, rnd }) {
        const random = { bits: BigInt(rnd ?? 0), count };
        return { y: to.decode(to.encode(exactOf(operand(x)), { round, overflow, random })) };
      },
    };
  },
  datapath(b, x, p) {
    const random = p.round === 'stochastic' ? { random: x.signal('rnd') } : {};
    const policy = { round: p.round, overflow: p.overflow, ...random };
    return {
      y: floatToFixed(b, parseFormat(p.from), parseFormat(p.to), policy, x.signal('x'), p.subnormals),
    };
  },
});

/** What the output port does; stochastic rounding has taken place in the golden. */
function portPolicy({ round, overflow }: Params): Partial<Policy> {
  return { round: round === 'stochastic' ? 'rtz' : round, overflow };
}
