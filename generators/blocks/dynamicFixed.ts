import type { Builder } from '../hdl/builder.ts';
import type { Signal } from '../hdl/signal.ts';
import { clamp } from './bits.ts';
import { limitToFixed, roundShiftRight } from './fixed.ts';

/**
 * An element of a tensor with one exponent: ±magnitude / 2^amount to nearest even, saturated to ±(2^(width−1) − 1). The
 * amount may be anything from 0 up that leaves no more than width − 1 bits.
 */
export function roundElement(
  b: Builder,
  sign: Signal,
  magnitude: Signal,
  amount: Signal,
  width: number,
): Signal {
  // Beyond one more than its width, a magnitude is below one half.
  const distance = clamp(b, amount, 0, magnitude.width + 1);
  const rounded = roundShiftRight(b, magnitude, distance, 'rne', width - 1);
  const limited = limitToFixed(b, rounded, { width: width - 1, signed: false }, 'saturate');
  return limited.negateIf(sign);
}
