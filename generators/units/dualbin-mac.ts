import { type Params as DotParams, unit as dot } from './dualbin-dot.ts';
import { type BeatsParams, defineMac } from './mac.ts';

export interface Params extends DotParams, BeatsParams {}

/** The running sum of `dualbin-dot`: exact, as wide as the longest sum needs. */
export const unit = defineMac<Params>({
  dot,
  id: 'dualbin-mac',
  summary: 'Dot product with two scaled planes of binary weights, added to an exact running sum.',
});
