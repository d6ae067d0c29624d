import { type BeatsParams, defineMac } from './mac.ts';
import { type Params as DotParams, unit as dot } from './signplane-dot.ts';

export interface Params extends DotParams, BeatsParams {}

/** The running sum of `signplane-dot`: exact, as wide as the longest sum needs. */
export const unit = defineMac<Params>({
  dot,
  id: 'signplane-mac',
  summary: 'Dot product with scaled planes of signs, added to an exact running sum.',
});
