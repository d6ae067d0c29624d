import { limitToFixed } from '../blocks/fixed.ts';
import { rescaleInteger } from '../blocks/rescale.ts';
import { plus, type Value } from '../formats/arithmetic.ts';
import { parseFormat } from '../formats/parse.ts';
import { besideTies, type DyadicParams, rescale, scalePorts } from './dyadic.ts';
import { defineUnit, type Ports } from './unit.ts';

export interface Params extends DyadicParams {
  /** Format of the first branch. @format integer @default int32 */
  a: string;
  /** Format of the second branch. @format integer @default int32 */
  b: string;
  /** Format of the result. @format integer @default int8 */
  result: string;
  /** For constant scales: the multiplier of a. @min 0 @max 4294967295 @default 1610612736 */
  multiplierA: number;
  /** For constant scales: the exponent of a. @min 0 @max 63 @default 31 */
  exponentA: number;
  /** For constant scales: the multiplier of b. @min 0 @max 4294967295 @default 1288490189 */
  multiplierB: number;
  /** For constant scales: the exponent of b. @min 0 @max 63 @default 32 */
  exponentB: number;
}

type Beat = Readonly<Record<'a' | 'b', Value> & Partial<Record<'ma' | 'ea' | 'mb' | 'eb', Value>>>;

/**
 * The sum of a residual connection in integers: each branch has a scale of its own and is rounded by itself, as in the
 * reference code, which however leaves the sum unclamped. The defaults are the factors 0.75 and 0.3.
 */
export const unit = defineUnit<Params, Beat, { y: Value }>({
  id: 'dyadic-residual-add',
  family: 'fixed-point',
  summary: 'Sum of two integers, each rescaled by a dyadic number of its own.',
  equations: ['y = saturate(round(a · Ma / 2^Ea) + round(b · Mb / 2^Eb))'],
  source: 'HAWQ-V3 (arXiv 2011.10680), fixedpoint_fn of Zhen-Dong/HAWQ, case 1',
  state: false,
  ports: (p): Ports => ({
    in: {
      a: { format: p.a, doc: 'first branch' },
      ...scalePorts(p, 'a', 'the first branch'),
      b: { format: p.b, doc: 'second branch' },
      ...scalePorts(p, 'b', 'the second branch'),
    },
    out: { y: { format: p.result, doc: 'sum', policy: { overflow: 'saturate' } } },
  }),
  golden: p => ({
    step({ a, ma = p.multiplierA, ea = p.exponentA, b, mb = p.multiplierB, eb = p.exponentB }) {
      return { y: plus(rescale(a, ma, ea, p.round), rescale(b, mb, eb, p.round)) };
    },
  }),
  datapath(b, x, p) {
    const branch = (name: 'a' | 'b', multiplier: number, exponent: number) =>
      b.scope(name, `Branch ${name}, times M / 2^E`, () => {
        const operand = x.signal(name);
        return p.scale === 'constant'
          ? rescaleInteger(b, operand, BigInt(multiplier), exponent, p.round)
          : rescaleInteger(b, operand, x.signal(`m${name}`), x.signal(`e${name}`), p.round);
      });
    const terms = [branch('a', p.multiplierA, p.exponentA), branch('b', p.multiplierB, p.exponentB)] as const;
    return b.scope('', `Their sum, saturated to ${p.result}`, () => {
      const sum = terms[0].add(terms[1]);
      return { y: limitToFixed(b, sum, parseFormat(p.result), 'saturate') };
    });
  },
  *corners(p) {
    if (p.scale !== 'constant') return;
    // A tie of one branch, while the other adds nothing, little, or goes the other way.
    const [a, b] = [parseFormat(p.a), parseFormat(p.b)];
    const others = [0n, 1n, -1n, 1000n, -1000n];
    let k = 0;
    for (const x of besideTies(p.multiplierA, p.exponentA, a.width))
      yield { a: x, b: BigInt.asUintN(b.width, others[k++ % others.length]!) };
    for (const x of besideTies(p.multiplierB, p.exponentB, b.width))
      yield { a: BigInt.asUintN(a.width, others[k++ % others.length]!), b: x };
  },
});
