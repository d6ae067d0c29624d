import { fixedFormat } from './formats.ts';
import { type BeatsParams, defineMac } from './mac.ts';
import type { Golden, InputSignals, Ports, PortValue, Unit } from './unit.ts';
import { type Params as DotParams, unit as dot, sumRange } from './zp-dot.ts';

export interface Params extends DotParams, BeatsParams {}

type Values = Record<string, PortValue>;

/** `zp-dot` without its bias, from which the sum starts. */
const term: Unit<Params> = {
  ...(dot as unknown as Unit<Params>),
  equations: dot.equations.map(e => e.replaceAll(' + bias', '')),
  ports(p): Ports {
    const { in: inputs, out } = dot.ports(p);
    const [min, max] = sumRange(p);
    return { in: inputs, out: { ...out, y: { ...out.y!, format: fixedFormat(min, max, 0) } } };
  },
  golden(p) {
    const golden = dot.golden(p) as unknown as Golden<Values, Values>;
    return { step: beat => golden.step({ ...beat, bias: 0 }) };
  },
  datapath(b, x, p) {
    const unbiased: InputSignals = {
      vector: port => x.vector(port),
      signal: port => (port === 'bias' ? b.const(0) : x.signal(port)),
    };
    return dot.datapath(b, unbiased, p);
  },
};

/** The running sum of `zp-dot`. It starts from the bias of the first beat, which holds the corrections of all of them. */
export const unit = defineMac<Params>({
  dot: term,
  start: 'bias',
  id: 'zp-mac',
  summary: 'Dot product of integers with zero points, added to an exact running sum that starts from a bias.',
});
