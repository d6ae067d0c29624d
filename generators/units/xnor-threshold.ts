import type { Value, Values } from '../formats/arithmetic.ts';
import { exactOf } from '../formats/arithmetic.ts';
import { compare } from '../formats/exact.ts';
import { defineUnit } from './unit.ts';

export interface Params {
  /** Values of a beat. @min 1 @max 1024 @default 1 */
  lanes: number;
  /** Format of the values and their thresholds. @format integer fixed @default int10 */
  from: string;
}

/**
 * The sign of a value behind its batch normalization, which in a network of signs is a comparison with a threshold. Where the
 * normalization has a negative slope, the sign is the opposite.
 */
export const unit = defineUnit<Params, { x: Values; threshold: Values; invert: Values }, { y: number[] }>({
  id: 'xnor-threshold',
  family: 'multiplier-free',
  summary: 'The next sign: a dot product of signs against a threshold.',
  equations: ['y[i] = (x[i] ≥ threshold[i]) xor invert[i]'],
  source: 'BiBench: batch normalization and sign as one integer comparison',
  state: false,
  ports: p => ({
    in: {
      x: { format: p.from, lanes: p.lanes, doc: 'dot products' },
      threshold: { format: p.from, lanes: p.lanes, doc: 'least value that gives 1' },
      invert: { format: 'uint1', lanes: p.lanes, doc: '1 where the sign is turned round' },
    },
    out: { y: { format: 'uint1', lanes: p.lanes, doc: 'signs: 1 is +1, 0 is −1' } },
  }),
  golden: p => ({
    step({ x, threshold, invert }) {
      const y: number[] = [];
      for (let i = 0; i < p.lanes; i++) y.push(isAtLeast(x[i]!, threshold[i]!) === (invert[i] === 0) ? 1 : 0);
      return { y };
    },
  }),
  datapath: (b, x) => ({
    y: b.lanes(
      'sign',
      [x.vector('x'), x.vector('threshold'), x.vector('invert')] as const,
      (value, threshold, invert) => value.ge(threshold).xor(invert),
    ),
  }),
});

function isAtLeast(x: Value, y: Value): boolean {
  if (typeof x === 'number' && typeof y === 'number') return x >= y;
  return compare(exactOf(x), exactOf(y)) >= 0;
}
