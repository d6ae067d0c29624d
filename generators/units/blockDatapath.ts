import {
  accumulateFloat,
  accumulateWindow,
  answerDot,
  dotOfBlocks,
  type ScaledDot,
} from '../blocks/accumulate.ts';
import type { Builder } from '../hdl/builder.ts';
import type { Signal } from '../hdl/signal.ts';
import type { AccumulatorParams, ResultParams } from './blockDot.ts';
import type { InputSignals } from './unit.ts';

function dotOfInputs(b: Builder, x: InputSignals, element: string): ScaledDot {
  const [a, aScale] = [x.vector('a'), x.signal('a_scale')];
  return dotOfBlocks(b, element, { a, aScale, b: x.vector('b'), bScale: x.signal('b_scale') });
}

/** The dot product of two blocks of elements of a format. */
export function dotBlocks(
  b: Builder,
  x: InputSignals,
  element: string,
  { result }: ResultParams,
): Record<string, Signal> {
  return answerDot(b, dotOfInputs(b, x, element), result);
}

/** The running sum of such dot products. */
export function accumulateBlocks(
  b: Builder,
  x: InputSignals,
  element: string,
  p: AccumulatorParams,
): Record<string, Signal> {
  return accumulateDot(b, x, dotOfInputs(b, x, element), p);
}

/** The running sum of scaled dot products. */
export function accumulateDot(
  b: Builder,
  x: InputSignals,
  dot: ScaledDot,
  { accumulator, windowLsb: lsb, windowWidth: width }: AccumulatorParams,
): Record<string, Signal> {
  const first = x.signal('first');
  if (accumulator === 'fp32') return accumulateFloat(b, dot, first);
  return accumulateWindow(b, { lsb, width }, dot, first);
}
