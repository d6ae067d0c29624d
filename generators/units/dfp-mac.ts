import { type Params as DotParams, unit as dot } from './dfp-dot.ts';
import { type BeatsParams, defineMac } from './mac.ts';

export interface Params extends DotParams, BeatsParams {}

/**
 * The running sum of `dfp-dot`: exact. All beats of a sum belong to the same two tensors, and so have the same exponents;
 * `scale` is that of the last beat.
 */
export const unit = defineMac<Params>({
  dot,
  shown: ['scale'],
  id: 'dfp-mac',
  summary: 'Dot product in dynamic fixed point, added to an exact running sum.',
});
