import { type Params as DotParams, unit as dot } from './fx-dot.ts';
import { type BeatsParams, defineMac } from './mac.ts';

export interface Params extends DotParams, BeatsParams {}

/** The running sum of `fx-dot`: exact, as wide as the longest sum needs. */
export const unit = defineMac<Params>({
  dot,
  id: 'fx-mac',
  summary: 'Dot product of integers or fixed-point numbers, added to an exact running sum.',
});
