import { type BeatsParams, defineMac } from './mac.ts';
import { type Params as DotParams, unit as dot } from './xnor-dot.ts';

export interface Params extends DotParams, BeatsParams {}

/** The running sum of `xnor-dot`: exact, as wide as the longest sum needs. */
export const unit = defineMac<Params>({
  dot,
  id: 'xnor-mac',
  summary: 'Dot product of vectors of signs, added to an exact running sum.',
});
