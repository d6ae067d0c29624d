import { type BeatsParams, defineMac } from './mac.ts';
import { type Params as DotParams, unit as dot } from './xnor-frac-dot.ts';

export interface Params extends DotParams, BeatsParams {}

/** The running sum of `xnor-frac-dot`, without its gate: that asks for the whole sum over the high bits, which no single beat has. */
export const unit = defineMac<Params>({
  dot: {
    ...dot,
    check: p =>
      p.gate
        ? ['the gate looks at the sum over all beats: --gate works in xnor-frac-dot alone, leave it out']
        : [],
  },
  id: 'xnor-frac-mac',
  summary: 'Dot product of two-bit numbers and signs, in thirds, added to an exact running sum.',
});
