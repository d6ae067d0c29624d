import { type BeatsParams, defineMac } from './mac.ts';
import { type Params as DotParams, unit as dot } from './tritplane-dot.ts';

export interface Params extends DotParams, BeatsParams {}

/** The running sum of `tritplane-dot`: exact, as wide as the longest sum needs. */
export const unit = defineMac<Params>({
  dot,
  id: 'tritplane-mac',
  summary: 'Dot product with scaled planes of ternary weights, added to an exact running sum.',
});
