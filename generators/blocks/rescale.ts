import type { Round } from '../formats/types.ts';
import type { Builder } from '../hdl/builder.ts';
import type { Signal } from '../hdl/signal.ts';
import { roundShiftRight, roundToWeight } from './fixed.ts';

/** An integer times `multiplier / 2^exponent`, rounded once to an integer. With a constant exponent, nothing is shifted. */
export function rescaleInteger(
  b: Builder,
  x: Signal,
  multiplier: Signal | bigint,
  exponent: Signal | number,
  round: Round,
): Signal {
  const product = x.mul(multiplier);
  return typeof exponent === 'number'
    ? roundToWeight(b, product.withLsb(-exponent), 0, { round })
    : roundShiftRight(b, product, exponent, round);
}
