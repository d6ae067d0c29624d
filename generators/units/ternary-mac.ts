import { type BeatsParams, defineMac } from './mac.ts';
import { type Params as DotParams, unit as dot } from './ternary-dot.ts';

export interface Params extends DotParams, BeatsParams {}

/** The running sum of `ternary-dot`: exact, as wide as the longest sum needs. */
export const unit = defineMac<Params>({
  dot,
  id: 'ternary-mac',
  summary: 'Dot product with ternary weights, added to an exact running sum.',
});
