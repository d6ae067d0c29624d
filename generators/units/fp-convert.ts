import { packFloat, unpack } from '../blocks/float.ts';
import type { Value } from '../formats/arithmetic.ts';
import { parseFormat } from '../formats/parse.ts';
import {
  flushing,
  portPolicy,
  type RoundingParams,
  randomPort,
  randomSignal,
  stochastic,
  widthProblems,
} from './rounding.ts';
import { defineUnit } from './unit.ts';

export interface Params extends RoundingParams {
  /** Format of the number. @format float @default bf16 */
  from: string;
  /** Format of the result. @format float @default e4m3 */
  to: string;
}

/**
 * Conversion between two floating-point formats, rounded once. NaN becomes the canonical NaN of the result's format, and
 * its largest value where it has none.
 */
export const unit = defineUnit<Params, { x: Value; rnd?: number }, { y: Value }>({
  id: 'fp-convert',
  family: 'minifloat',
  summary: 'Conversion between two floating-point formats, rounded once.',
  equations: ['y = round(x)'],
  source:
    'IEEE 754-2019 (formatOf-convertFormat), OCP OFP8 and MX for saturation, with the special codes of each format',
  state: false,
  check: p => widthProblems({ from: p.from, to: p.to }),
  ports: p => ({
    in: { x: { format: p.from, doc: 'number' }, ...randomPort(p) },
    out: { y: { format: p.to, doc: 'the number in the other format', policy: portPolicy(p) } },
  }),
  golden(p) {
    const [operand, rounded] = [flushing(p.from, p.subnormals), stochastic(p.to, p)];
    return { step: ({ x, rnd }) => ({ y: rounded(operand(x), rnd) }) };
  },
  datapath(b, x, p) {
    const layout = parseFormat(p.from).float!;
    const number = b.scope('', 'Sign, exponent and significand', () =>
      unpack(b, layout, x.signal('x'), p.subnormals),
    );
    const exponent = number.exponent.sub(layout.bias + layout.mantissaBits);
    const random = randomSignal(x, p);
    const result = b.scope('', 'Rounded once', () =>
      packFloat(b, parseFormat(p.to), p, {
        ...number,
        magnitude: number.significand,
        exponent,
        isUnpacked: true,
        ...(p.subnormals === 'flush' ? { mostZeros: 0 } : {}),
        ...(random ? { random } : {}),
      }),
    );
    return { y: result };
  },
});
