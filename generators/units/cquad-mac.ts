import { type Params as DotParams, unit as dot } from './cquad-dot.ts';
import { type BeatsParams, defineMac } from './mac.ts';

export interface Params extends DotParams, BeatsParams {}

/** The running sum of `cquad-dot`: exact, as wide as the longest sum needs. */
export const unit = defineMac<Params>({
  dot,
  id: 'cquad-mac',
  summary: 'Complex dot product with weights ±1 and ±i, added to exact running sums.',
});
