import { parseFormat } from '../formats/parse.ts';
import type { Parts } from './floatDot.ts';
import { type BeatOf, type Codes, lanesFor, simpleNumbers, type Term } from './sumCorners.ts';
import type { InputPort } from './unit.ts';

/** At most so many numbers of the operand that has fewer are tried with those of the other. */
const MOST_TRIED = 128;

/**
 * Finds inputs of a beat with a given sum. Simple numbers are tried as the operands `a` and `b`; what there is beside them, as shifts,
 * is the same in all lanes: zero, or the largest.
 */
export function beatsOf<P, X>(parts: Parts<P, X>, p: P): BeatOf {
  const { a, b, ...shared } = parts.inputs(p);
  const pairs = crossed(simpleCodes(a!), simpleCodes(b!));
  const others = Object.entries(shared).map(([name, { format, lanes }]) => ({
    name,
    format: parseFormat(format),
    lanes: lanes ?? 1,
  }));
  const settings = others.length === 0 ? [0] : [0, Number.POSITIVE_INFINITY];
  const finders = settings.map(setting => {
    const given = others.map(({ name, format, lanes }) => {
      const code = format.encodeNumber(setting);
      return {
        name,
        codes: list(lanes, () => BigInt(code)),
        value: list(lanes, () => format.decodeNumber(code)),
      };
    });
    const values = Object.fromEntries(given.map(({ name, value }) => [name, Float64Array.from(value)]));
    const find = lanesFor(termsOf(parts, p, pairs, values), parts.lanes(p), { a: 0n, b: 0n });
    const codes = Object.fromEntries(given.map(({ name, codes }) => [name, codes]));
    return (amount: number): Codes | undefined => {
      const found = find(amount);
      return found && { ...found, ...codes };
    };
  });
  return (amount, placesUp = 0) => {
    for (const find of placesUp > 0 ? [] : finders) {
      const found = find(amount);
      if (found) return found;
    }
    return undefined;
  };
}

/** A code, and what the golden gets for it. */
interface Operand {
  readonly code: bigint;
  readonly value: number;
}

/** Powers of two, with all mantissa bits beside them where there are any: an approximate product may need these to be a power of two. */
function simpleCodes({ format: id, asCode }: InputPort): Operand[] {
  const format = parseFormat(id);
  const ones = 2n ** BigInt(format.float?.mantissaBits ?? 0) - 1n;
  const codes = simpleNumbers(format).map(x => BigInt(format.encodeNumber(x)));
  const all = [...new Set([...codes, ...codes.map(code => code | ones)])];
  return all.map(code => ({ code, value: asCode ? Number(code) : format.decodeNumber(Number(code)) }));
}

/** All pairs, as far as they are not too many. */
function crossed(left: readonly Operand[], right: readonly Operand[]): (readonly [Operand, Operand])[] {
  const some = (list: readonly Operand[]): readonly Operand[] => {
    const step = Math.max(1, Math.ceil(list.length / MOST_TRIED));
    return list.filter((_, i) => i % step === 0);
  };
  const [xs, ys] = left.length < right.length ? [some(left), right] : [left, some(right)];
  return xs.flatMap(x => ys.map(y => [x, y] as const));
}

/** What one lane can add, as the golden has it, which is asked about as many pairs at a time as there are lanes. */
function termsOf<P, X>(
  parts: Parts<P, X>,
  p: P,
  pairs: readonly (readonly [Operand, Operand])[],
  others: Readonly<Record<string, Float64Array>>,
): Term[] {
  const lanes = parts.lanes(p);
  const golden = parts.golden(p);
  const terms: Term[] = [];
  for (let from = 0; from < pairs.length; from += lanes) {
    const some = list(lanes, i => pairs[Math.min(from + i, pairs.length - 1)]!);
    const [a, b] = [0, 1].map(side => Float64Array.from(some, pair => pair[side]!.value));
    const values = golden.values({ ...others, a, b } as X);
    some.forEach(([x, y], i) => {
      if (Number.isFinite(values[i])) terms.push({ value: values[i]!, codes: { a: x.code, b: y.code } });
    });
  }
  return terms;
}

function list<T>(length: number, item: (i: number) => T): T[] {
  return Array.from({ length }, (_, i) => item(i));
}
