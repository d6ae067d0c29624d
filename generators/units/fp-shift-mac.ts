import { defineFloatMac, type RunningParams } from './floatDot.ts';
import { unit as dot, type Operands } from './fp-shift-dot.ts';

export interface Params extends Operands, RunningParams {}

/** The running sum of `fp-shift-dot`, as that of `fp-mac`: exact by preset, as the scales of FP4 layers are applied outside. */
export const unit = defineFloatMac<
  Operands,
  Params,
  { a: Float64Array; b: Float64Array; shift: Float64Array }
>({
  dot,
  id: 'fp-shift-mac',
  summary: 'Dot product of minifloats with power-of-two scales of groups, added to a running sum.',
  // FP4 products are small: it takes 116,509 beats of the largest for a sum of which 2^-2 is 32 places below the first bit.
  beats: 2 ** 18,
  presets: {
    'fp4-chanbias-mac': {
      summary: 'FP4 multiply-accumulate with an exponent bias for each channel, exact.',
      params: { a: 'e2m1', b: 'e2m1', group: 1, shift: 'uint2', accumulator: 'exact' },
    },
    'fp4w-fp8a-mac': {
      summary:
        'FP8 activations times FP4 weights with a power-of-two scale for the group, accumulated exactly.',
      params: { a: 'e4m3', b: 'e2m1', lanes: 32, group: 32, shift: 'int5', accumulator: 'exact' },
    },
  },
});
