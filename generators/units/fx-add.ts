import { minus, plus, type Value } from '../formats/arithmetic.ts';
import { parseFormat } from '../formats/parse.ts';
import type { Builder } from '../hdl/builder.ts';
import type { Signal } from '../hdl/signal.ts';
import { type CastParams, cast, castPort, castProblems, goldenCast, randomPort } from './cast.ts';
import { fixedFormat, integersAt, tooWide } from './formats.ts';
import { defineUnit, type Ports } from './unit.ts';

export interface Params extends CastParams {
  /** Format of the first operand. @format integer fixed @default fix16.8 */
  a: string;
  /** Format of the second operand. @format integer fixed @default fix16.8 */
  b: string;
  /** What is computed: the sum, the difference a − b, or as the port `sub` says with each beat. @default add */
  operation: 'add' | 'sub' | 'addsub';
  /** Format of the result; `exact`: the one that just holds it. @format exact integer fixed @default exact */
  result: string;
}

interface Beat {
  readonly a: Value;
  readonly b: Value;
  readonly sub?: Value;
  readonly rnd?: Value;
}

/** The exact result, and its format. */
function exactFormat({ a, b, operation }: Params): string {
  const [f, g] = [parseFormat(a), parseFormat(b)];
  const lsb = Math.min(f.lsbExponent, g.lsbExponent);
  const [[aMin, aMax], [bMin, bMax]] = [integersAt(f, lsb), integersAt(g, lsb)];
  const sums = [aMin + bMin, aMax + bMax];
  const differences = [aMin - bMax, aMax - bMin];
  const ends = operation === 'add' ? sums : operation === 'sub' ? differences : [...sums, ...differences];
  return fixedFormat(
    ends.reduce((m, x) => (x < m ? x : m)),
    ends.reduce((m, x) => (x > m ? x : m)),
    lsb,
  );
}

const isExact = (p: Params): boolean => p.result === 'exact';

/**
 * Sum or difference of two fixed-point numbers of any formats. The operands are aligned without loss, so that the sum is
 * exact; a result format rounds it once. The exact format is as narrow as the ranges permit: the ap_fixed rule, which
 * makes each difference signed and grows mixed signs by one bit more, gives the same values.
 */
export const unit = defineUnit<Params, Beat, { y: Value }>({
  id: 'fx-add',
  family: 'fixed-point',
  summary: 'Sum or difference of two fixed-point numbers, exact or cast to a format.',
  equations: ['y = cast(a + b)', 'sub: y = cast(a − b)', 'addsub: y = cast(sub ? a − b : a + b)'],
  source: 'plain arithmetic; modes as IEEE Std 1666',
  state: false,
  check: p => (isExact(p) ? tooWide(exactFormat(p)) : castProblems(p.result, p)),
  ports(p): Ports {
    const sub = { format: 'uint1', doc: '1 subtracts b' };
    return {
      in: {
        a: { format: p.a, doc: 'first operand' },
        b: { format: p.b, doc: 'second operand' },
        ...(p.operation === 'addsub' ? { sub } : {}),
        ...(isExact(p) ? {} : randomPort(p)),
      },
      out: {
        y: isExact(p) ? { format: exactFormat(p), doc: 'result, exact' } : castPort(p.result, p, 'result'),
      },
    };
  },
  golden(p) {
    const round = isExact(p) ? (y: Value) => y : goldenCast(p.result, p);
    return {
      step({ a, b, sub, rnd }) {
        const subtracts = p.operation === 'sub' || sub === 1;
        return { y: round(subtracts ? minus(a, b) : plus(a, b), rnd) };
      },
    };
  },
  datapath(b, x, p) {
    const [left, right] = [x.signal('a'), x.signal('b')];
    const total = (): Signal => {
      if (p.operation === 'add') return left.add(right);
      if (p.operation === 'sub') return left.sub(right);
      const [min, max] = integersAt(parseFormat(exactFormat(p)), Math.min(left.lsb, right.lsb));
      return addOrSubtract(b, left, right, x.signal('sub')).narrow(min, max);
    };
    const sum = total();
    return { y: isExact(p) ? sum : cast(b, x, sum, p.result, p) };
  },
});

/** One adder for both: −x is the complement of x, and one more by the carry. */
function addOrSubtract(b: Builder, left: Signal, right: Signal, subtract: Signal): Signal {
  const lsb = Math.min(left.lsb, right.lsb);
  const aligned = right.shl(right.lsb - lsb).withLsb(lsb);
  const complemented = b.mux(subtract, aligned.not(), aligned);
  const addend = aligned.signed
    ? complemented
    : b
        .concat(subtract, complemented)
        .wrap(aligned.width + 1, true)
        .withLsb(lsb);
  return left.add(addend).add(subtract.withLsb(lsb));
}
