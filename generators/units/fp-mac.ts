import { type AlignedRunningParams, defineFloatMac } from './floatDot.ts';
import { unit as dot, type Operands } from './fp-dot.ts';

export interface Params extends Operands, AlignedRunningParams {}

/**
 * The running sum of `fp-dot`. In a float format the sum of a beat is rounded to that format, then added with one more
 * rounding. With one lane the first of these is exact wherever a product has no more bits than the format, as FP8 products
 * in fp32: then it is a fused multiply-add. In a fixed-point window or exact, no order of beats changes the sum.
 */
export const unit = defineFloatMac<Operands, Params, { a: Float64Array; b: Float64Array }>({
  dot,
  id: 'fp-mac',
  summary: 'Dot product of minifloats, added to a running sum.',
});
