import { packFloat } from '../blocks/float.ts';
import type { Value } from '../formats/arithmetic.ts';
import { parseFormat } from '../formats/parse.ts';
import {
  portPolicy,
  type RoundingParams,
  randomPort,
  randomSignal,
  stochastic,
  widthProblems,
} from './rounding.ts';
import { defineUnit } from './unit.ts';

export interface Params extends RoundingParams {
  /** Format of the number. @format integer fixed @default int16 */
  from: string;
  /** Format of the result. @format float @default bf16 */
  to: string;
}

/** Conversion of an integer or fixed-point number to floating point, rounded once. Zero becomes +0. */
export const unit = defineUnit<Params, { x: Value; rnd?: number }, { y: Value }>({
  id: 'int-to-fp',
  family: 'minifloat',
  summary: 'Conversion of an integer or fixed-point number to floating point, rounded once.',
  equations: ['y = round(x)'],
  source: 'IEEE 754-2019 (convertFromInt), with the special codes of each format',
  state: false,
  check: p => widthProblems({ to: p.to }),
  ports: p => ({
    in: { x: { format: p.from, doc: 'integer or fixed-point number' }, ...randomPort(p) },
    out: { y: { format: p.to, doc: 'the number in floating point', policy: portPolicy(p) } },
  }),
  golden(p) {
    const rounded = stochastic(p.to, p);
    return { step: ({ x, rnd }) => ({ y: rounded(x, rnd) }) };
  },
  datapath(b, x, p) {
    const number = x.signal('x');
    const integer = number.withLsb(0);
    const sign = integer.sign();
    const [min, max] = integer.range;
    const magnitude = integer.negateIf(sign).narrow(0, -min > max ? -min : max);
    const random = randomSignal(x, p);
    const none = b.const(0);
    const result = b.scope('', 'Rounded once', () =>
      packFloat(b, parseFormat(p.to), p, {
        sign,
        magnitude,
        exponent: b.const(number.lsb),
        isNaN: none,
        isInfinite: none,
        ...(random ? { random } : {}),
      }),
    );
    return { y: result };
  },
});
