import type { Format } from '../formats/types.ts';
import type { Builder } from '../hdl/builder.ts';
import type { Signal } from '../hdl/signal.ts';
import { unpack } from './float.ts';

export interface Comparison {
  readonly less: Signal;
  readonly equal: Signal;
  readonly unordered: Signal;
  readonly min: Signal;
  readonly max: Signal;
  [name: string]: Signal;
}

/**
 * Orders two codes of one format. Codes without their signs order as magnitudes do, so that one comparison of integers is
 * enough. `min` and `max` take −0 for less than +0; with an operand that is NaN they answer NaN or the other operand.
 */
export function compareFloats(
  b: Builder,
  format: Format,
  left: Signal,
  right: Signal,
  nan: 'propagate' | 'number',
): Comparison {
  const { exponentBits, mantissaBits } = format.float!;
  const bits = exponentBits + mantissaBits;
  const x = b.scope('a', '', () => unpack(b, format.float!, left));
  const y = b.scope('b', '', () => unpack(b, format.float!, right));
  const unordered = x.isNaN.or(y.isNaN);
  const [leftMagnitude, rightMagnitude] = [left.bits(bits - 1, 0), right.bits(bits - 1, 0)];
  const isSmaller = leftMagnitude.lt(rightMagnitude);
  const isSame = leftMagnitude.eq(rightMagnitude);
  const differ = x.sign.xor(y.sign);
  // Of one sign, the magnitudes decide; of two, the negative one is first, −0 before +0 as well.
  const isFirst = b.mux(differ, x.sign, b.mux(x.sign, isSmaller.or(isSame).not(), isSmaller));
  const bothZero = x.isZero.and(y.isZero);
  const equal = b.mux(differ, bothZero, isSame).and(unordered.not());
  const less = isFirst.and(differ.and(bothZero).not()).and(unordered.not());

  const lesser = b.mux(isFirst, left, right);
  const greater = b.mux(isFirst, right, left);
  const answer = (ordered: Signal): Signal => {
    if (format.canonicalNaN === undefined) return ordered;
    const canonical = b.const(format.canonicalNaN);
    if (nan === 'propagate') return b.mux(unordered, canonical, ordered);
    const number = b.mux(x.isNaN, right, left);
    return b.mux(x.isNaN.and(y.isNaN), canonical, b.mux(unordered, number, ordered));
  };
  return { less, equal, unordered, min: answer(lesser), max: answer(greater) };
}
