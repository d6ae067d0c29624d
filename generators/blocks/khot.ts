import type { Builder } from '../hdl/builder.ts';
import type { Signal } from '../hdl/signal.ts';
import { selectedTerm } from './selectSum.ts';

/** Where the fields of a weight are: `{present, exponent}` for each power, the sign of all above; or `{sign, present, exponent}`. */
interface Word {
  readonly terms: number;
  readonly shiftBits: number;
  readonly encoding: 'binary' | 'csd';
}

/** A number times each power of two of a weight, as terms for `sumOfTerms`. */
export function khotTerms(
  b: Builder,
  { terms, shiftBits, encoding }: Word,
  x: Signal,
  word: Signal,
): Signal[] {
  const width = shiftBits + (encoding === 'csd' ? 2 : 1);
  return Array.from({ length: terms }, (_, t) => {
    const low = t * width;
    const exponent = word.bits(low + shiftBits - 1, low).as(`exponent${t}`);
    const present = word.bit(low + shiftBits).as(`present${t}`);
    const negative = word.bit(encoding === 'csd' ? low + shiftBits + 1 : terms * width);
    return selectedTerm(b, x.shl(exponent).as(`shifted${t}`), present, negative);
  });
}

/** A number times a power of two that is known when the hardware is made. */
export interface ConstantTerm {
  readonly x: Signal;
  readonly exponent: number;
  readonly negative: boolean;
}

/** The sum of numbers, whose last bits weigh 2^lsb, times constant powers of two: wires, and adders alone. */
export function sumOfShifts(b: Builder, terms: readonly ConstantTerm[], lsb: number): Signal {
  const sum = (negative: boolean): Signal => {
    const shifted = terms.filter(t => t.negative === negative).map(t => t.x.shl(t.exponent));
    return shifted.length === 0 ? b.const(0, lsb) : balanced(shifted);
  };
  return sum(false).sub(sum(true));
}

function balanced(signals: readonly Signal[]): Signal {
  if (signals.length === 1) return signals[0]!;
  const half = Math.ceil(signals.length / 2);
  return balanced(signals.slice(0, half)).add(balanced(signals.slice(half)));
}
