import { dotExact, isPlain, plainDot } from './dot.ts';
import { hasOddSignificand, neighbour } from './double.ts';
import { add, fromBigInt, fromNumber, mul, neg } from './exact.ts';
import type { Exact, Format } from './types.ts';

/** An exact value: a double wherever the value is one, as then it is much the faster to work with. */
export type Value = number | Exact;

/** The exact sum. */
export function plus(x: Value, y: Value): Value {
  if (typeof x === 'number' && typeof y === 'number') {
    const sum = x + y;
    // What the sum lost, by Knuth's TwoSum; NaN where an infinity takes part, and then the sum is right as it is.
    const back = sum - x;
    const lost = x - (sum - back) + (y - back);
    if (lost === 0 || !Number.isFinite(x) || !Number.isFinite(y)) return sum;
  }
  return add(exactOf(x), exactOf(y));
}

/**
 * The sum, rounded to odd to 53 bits where it is no double: rounding that again to a format of at most 51 significant bits gives
 * what rounding the exact sum would, in any mode but `stochastic` (the proof is at `sumToOdd`).
 */
export function plusToOdd(x: Value, y: Value): Value {
  if (typeof x === 'number' && typeof y === 'number') {
    const sum = x + y;
    const back = sum - x;
    const lost = x - (sum - back) + (y - back);
    if (lost === 0) return sum;
    if (Number.isFinite(lost)) return hasOddSignificand(sum) ? sum : neighbour(sum, lost > 0 === sum > 0);
  }
  return plus(x, y);
}

/** The exact difference. */
export function minus(x: Value, y: Value): Value {
  return plus(x, typeof y === 'number' ? -y : neg(y));
}

/** Products of doubles between these are neither rounded to the subnormal ones nor beyond the largest. */
const [SMALL, LARGE] = [2 ** -900, 2 ** 900];

/** The exact product. */
export function times(x: Value, y: Value): Value {
  if (typeof x === 'number' && typeof y === 'number') {
    const product = x * y;
    const magnitude = Math.abs(product);
    if (isShort(x) && isShort(y) && magnitude > SMALL && magnitude < LARGE) return product;
    if (x === 0 || y === 0 || !Number.isFinite(x) || !Number.isFinite(y)) return product;
  }
  return mul(exactOf(x), exactOf(y));
}

/** Whether a double has at most 24 significant bits (sufficient, not necessary): two of these have a double as product. */
function isShort(x: number): boolean {
  return Math.fround(x) === x;
}

/** The value in its general form. */
export function exactOf(x: Value): Exact {
  return typeof x === 'number' ? fromNumber(x) : x;
}

/** Values of a port with several lanes, as goldens get them. */
export type Values = Float64Array | readonly number[] | readonly Exact[];

/** The exact sum of some values. */
export function sumOf(values: Values): Value {
  let sum: Value = 0;
  for (let i = 0; i < values.length; i++) sum = plus(sum, values[i]!);
  return sum;
}

/**
 * The exact dot product of `lanes` finite values of two formats: plain additions where no order of them can leave the
 * doubles, big integers otherwise.
 */
export function exactDot(f: Format, g: Format, lanes: number): (a: Values, b: Values) => Value {
  const lsb = f.lsbExponent + g.lsbExponent;
  type Doubles = ArrayLike<number>;
  if (f.exactInDouble && g.exactInDouble) {
    if (isPlain(f, g, lanes)) return (a, b) => plainDot(a as Doubles, b as Doubles);
    // Each product must be a double.
    if (f.width <= 24 && g.width <= 24)
      return (a, b) => fromBigInt(dotExact(a as Doubles, b as Doubles, lsb), lsb);
  }
  return (a, b) => {
    let sum: Value = 0;
    for (let i = 0; i < a.length; i++) sum = plus(sum, times(a[i]!, b[i]!));
    return sum;
  };
}
