import { hasOddSignificand, neighbour } from './double.ts';
import { add, fromNumber, oddNumber, ZERO } from './exact.ts';
import type { Exact } from './types.ts';

/** Non-overlapping parts of the running sum, smallest first. Kept between calls so that a call allocates nothing. */
let partials = new Float64Array(64);

/**
 * The exact sum of the first `count` doubles of `terms`, rounded once, to odd, to 53 bits.
 *
 * Rounding the result again, in any mode but `stochastic`, to a format of at most 51 significant bits gives what
 * rounding the exact sum once would give. Proof: an inexact result is strictly between two neighbours of the 53-bit
 * grid and its last bit is 1. A value of a grid at least two bits coarser, or a midpoint of such a grid, has last bit 0
 * on the fine one; so the result is on the same side of each of them as the sum is, and equals none of them.
 *
 * Conditions: the terms are exact (a product of two doubles is one where it has at most 53 significant bits and none of
 * them has a weight below 2^−1074). The additions need no condition: they are exact in the subnormals too, and a sum or
 * partial sum beyond the doubles is taken by an exact path, which gives the largest finite double for such a sum.
 * Zeros, infinities and NaN follow IEEE 754: only a sum of −0s is −0, +∞ − ∞ is NaN. The empty sum is +0.
 */
export function sumToOdd(terms: ArrayLike<number>, count: number = terms.length): number {
  let used = 0;
  let zero = count > 0 ? -0 : 0;
  if (partials.length < count) partials = new Float64Array(2 * count);
  for (let index = 0; index < count; index++) {
    let x = terms[index];
    zero += x;
    let kept = 0;
    for (let part = 0; part < used; part++) {
      const y = partials[part];
      const sum = x + y;
      const tail = sum - x;
      const error = x - (sum - tail) + (y - tail);
      if (error !== 0) partials[kept++] = error;
      x = sum;
    }
    if (x - x !== 0) return sumBeyondDoubles(terms, count);
    if (x !== 0) partials[kept++] = x;
    used = kept;
  }
  if (used === 0) return zero === 0 ? zero : 0;
  const sum = roundPartials(used);
  return sum - sum === 0 ? sum : sumBeyondDoubles(terms, count);
}

/**
 * The parts do not overlap and each is the rounded sum of what was below it when it was made, so that adding from the
 * top, the first inexact addition has the final rounding to nearest, and the sign of its error that of all the rest.
 *
 * Next to the largest double, a step on the way to an error can leave the doubles where the sum itself does not; the part
 * is then no number, and neither is what this returns.
 */
function roundPartials(used: number): number {
  let index = used - 1;
  let sum = partials[index];
  while (index > 0) {
    const y = partials[--index];
    const rounded = sum + y;
    const error = y - (rounded - sum);
    sum = rounded;
    if (error - error !== 0) return Number.NaN;
    if (error !== 0) return hasOddSignificand(sum) ? sum : neighbour(sum, error > 0 === sum > 0);
  }
  return sum;
}

function sumBeyondDoubles(terms: ArrayLike<number>, count: number): number {
  let sum: Exact = ZERO;
  for (let index = 0; index < count; index++) sum = add(sum, fromNumber(terms[index]));
  return oddNumber(sum);
}
