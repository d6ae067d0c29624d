import { product as productOf } from '../blocks/multiply.ts';
import { times, type Value } from '../formats/arithmetic.ts';
import { type CastParams, cast, castPort, castProblems, goldenCast, randomPort } from './cast.ts';
import { dotFormat, tooWide } from './formats.ts';
import { defineUnit, type Ports } from './unit.ts';

export interface Params extends CastParams {
  /** Format of the first operand. @format integer fixed @default fix16.8 */
  a: string;
  /** Format of the second operand. @format integer fixed @default fix16.8 */
  b: string;
  /** Format of the result; `exact`: the one that just holds it. @format exact integer fixed @default exact */
  result: string;
}

interface Beat {
  readonly a: Value;
  readonly b: Value;
  readonly rnd?: Value;
}

const isExact = (p: Params): boolean => p.result === 'exact';
const exactFormat = (p: Params): string => dotFormat(p.a, p.b, 1);

/** Product of two fixed-point numbers of any formats, signed or not: exact, or rounded once to a result format. */
export const unit = defineUnit<Params, Beat, { y: Value }>({
  id: 'fx-mul',
  family: 'fixed-point',
  summary: 'Product of two fixed-point numbers, exact or cast to a format.',
  equations: ['y = cast(a · b)'],
  source: 'plain arithmetic; modes as IEEE Std 1666',
  state: false,
  check: p => (isExact(p) ? tooWide(exactFormat(p)) : castProblems(p.result, p)),
  ports: (p): Ports => ({
    in: {
      a: { format: p.a, doc: 'first operand' },
      b: { format: p.b, doc: 'second operand' },
      ...(isExact(p) ? {} : randomPort(p)),
    },
    out: {
      y: isExact(p) ? { format: exactFormat(p), doc: 'product, exact' } : castPort(p.result, p, 'product'),
    },
  }),
  golden(p) {
    const round = isExact(p) ? (y: Value) => y : goldenCast(p.result, p);
    return { step: ({ a, b, rnd }) => ({ y: round(times(a, b), rnd) }) };
  },
  datapath(b, x, p) {
    const product = productOf(b, x.signal('a'), x.signal('b'));
    return { y: isExact(p) ? product : cast(b, x, product, p.result, p) };
  },
});
