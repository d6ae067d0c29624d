import { type Params as DotParams, unit as dot } from './khot-dot.ts';
import { type BeatsParams, defineMac } from './mac.ts';

export interface Params extends DotParams, BeatsParams {}

/** The running sum of `khot-dot`: exact, as wide as the longest sum needs. */
export const unit = defineMac<Params>({
  dot,
  id: 'khot-mac',
  summary: 'Dot product with weights that are sums of a few powers of two, added to an exact running sum.',
});
