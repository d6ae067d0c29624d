import type { Value } from '../formats/arithmetic.ts';
import { compare, fromNumber, ZERO } from '../formats/exact.ts';
import { parseFormat } from '../formats/parse.ts';
import { type CastParams, cast, castPort, castProblems, goldenCast, randomPort } from './cast.ts';
import { defineUnit, type Ports } from './unit.ts';

export interface Params extends CastParams {
  /** Format of the operand. @format integer fixed @default fix16.8 */
  from: string;
  /** Format of the result. @format integer fixed @default ufix8.4 */
  to: string;
  /** Largest value that passes, before the cast; 0: no limit but that of the result. @type number @min 0 @default 0 */
  clip: number;
}

/** The rectifier of an activation, with the cast to the format of the next layer: max(x, 0), at most `clip`, rounded once. */
export const unit = defineUnit<Params, { x: Value; rnd?: Value }, { y: Value }>({
  id: 'fx-relu',
  family: 'fixed-point',
  summary: 'Rectified linear unit with a clip, cast to a format.',
  equations: ['y = cast(max(x, 0))', 'with a clip: y = cast(min(max(x, 0), clip))'],
  source: 'plain arithmetic; modes as IEEE Std 1666; clipping as PACT (arXiv 1805.06085) and ReLU6',
  state: false,
  presets: {
    'fx-relu6': { summary: 'Rectified linear unit that ends at 6.', params: { clip: 6, to: 'ufix8.5' } },
  },
  check(p) {
    const step = 2 ** parseFormat(p.from).lsbExponent;
    const words = `clip ${p.clip} is no multiple of ${step}, the last bit of ${p.from}; choose one that is`;
    return [...castProblems(p.to, p), ...(p.clip % step === 0 ? [] : [words])];
  },
  ports: (p): Ports => ({
    in: { x: { format: p.from, doc: 'operand' }, ...randomPort(p) },
    out: { y: castPort(p.to, p, 'result') },
  }),
  golden(p) {
    const round = goldenCast(p.to, p);
    const limit = p.clip === 0 ? Number.POSITIVE_INFINITY : p.clip;
    const bounded = (x: Value): Value => {
      if (typeof x === 'number') return Math.min(Math.max(x, 0), limit);
      if (compare(x, ZERO) < 0) return 0;
      return compare(x, fromNumber(limit)) > 0 ? limit : x;
    };
    return { step: ({ x, rnd }) => ({ y: round(bounded(x), rnd) }) };
  },
  datapath(b, x, p) {
    const operand = x.signal('x');
    const [, most] = operand.range;
    const rectified = operand.gate(operand.sign().not()).narrow(0, most);
    if (p.clip === 0) return { y: cast(b, x, rectified, p.to, p) };
    const clip = BigInt(p.clip * 2 ** -operand.lsb);
    const clipped = b.mux(rectified.withLsb(0).gt(clip), clip, rectified.withLsb(0)).narrow(0, clip);
    return { y: cast(b, x, clipped.withLsb(operand.lsb), p.to, p) };
  },
});
