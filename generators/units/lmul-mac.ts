import { type AlignedRunningParams, defineFloatMac } from './floatDot.ts';
import { unit as dot, type Operands } from './lmul-dot.ts';

export interface Params extends Operands, AlignedRunningParams {}

/** The running sum of `lmul-dot`, as that of `fp-mac`. */
export const unit = defineFloatMac<Operands, Params, { a: Float64Array; b: Float64Array }>({
  dot,
  id: 'lmul-mac',
  summary: 'Dot product of L-Mul products, added to a running sum.',
});
