import { compareFloats } from '../blocks/floatCompare.ts';
import { exactOf, type Value } from '../formats/arithmetic.ts';
import { compare } from '../formats/exact.ts';
import { parseFormat } from '../formats/parse.ts';
import { hasNaN, isNaNValue, isNegative, widthProblems } from './rounding.ts';
import { defineUnit, type Ports } from './unit.ts';

export interface Params {
  /** Format of the first operand. @format float @default bf16 */
  a: string;
  /** Format of the second operand: the same. @format float @default bf16 */
  b: string;
  /** What `min` and `max` make of NaN: propagate answers NaN where an operand is NaN, as minimum and maximum of IEEE 754-2019; number answers the other operand, as minimumNumber and maximumNumber. @default propagate */
  nan: 'propagate' | 'number';
}

interface Beat {
  readonly a: Value;
  readonly b: Value;
}

/**
 * Compares two floating-point numbers of one format. `less` and `equal` are 0 where an operand is NaN, which `unordered`
 * then says; −0 equals +0. `min` and `max` take −0 for less than +0, and answer NaN with its canonical code.
 */
export const unit = defineUnit<Params, Beat, Record<string, Value>>({
  id: 'fp-cmp',
  family: 'minifloat',
  summary: 'Less, equal, minimum and maximum of two floating-point numbers.',
  equations: ['less = a < b', 'equal = a == b', 'min = a < b ? a : b', 'max = a < b ? b : a'],
  source: 'IEEE 754-2019 (5.11 comparison; 9.6 minimum, maximum, minimumNumber, maximumNumber)',
  state: false,
  check(p) {
    const wide = widthProblems({ a: p.a, b: p.b });
    if (wide.length > 0 || parseFormat(p.a) === parseFormat(p.b)) return wide;
    return [
      `--a ${p.a} and --b ${p.b} are two formats; expected one for both (fp-convert makes one of them the other)`,
    ];
  },
  ports(p): Ports {
    const out = {
      less: { format: 'uint1', doc: 'the first operand is less' },
      equal: { format: 'uint1', doc: 'both are equal; −0 equals +0' },
      min: { format: p.a, doc: 'the lesser operand' },
      max: { format: p.a, doc: 'the greater operand' },
    };
    const unordered = { format: 'uint1', doc: 'an operand is NaN' };
    return {
      in: { a: { format: p.a, doc: 'first operand' }, b: { format: p.b, doc: 'second operand' } },
      out: hasNaN(p.a) ? { ...out, unordered } : out,
    };
  },
  golden: p => ({
    step({ a, b }) {
      if (isNaNValue(a) || isNaNValue(b)) {
        // Of a number and NaN, `number` answers the number; of two NaNs, either.
        const answer = p.nan === 'number' && isNaNValue(a) ? b : p.nan === 'number' ? a : Number.NaN;
        return { less: 0, equal: 0, min: answer, max: answer, unordered: 1 };
      }
      const order = orderOf(a, b);
      const isLess = order < 0 || (order === 0 && isNegative(a));
      return {
        less: order < 0 ? 1 : 0,
        equal: order === 0 ? 1 : 0,
        min: isLess ? a : b,
        max: isLess ? b : a,
        unordered: 0,
      };
    },
  }),
  datapath: (b, x, p) => compareFloats(b, parseFormat(p.a), x.signal('a'), x.signal('b'), p.nan),
});

function orderOf(a: Value, b: Value): number {
  if (typeof a === 'number' && typeof b === 'number') return a < b ? -1 : a > b ? 1 : 0;
  return compare(exactOf(a), exactOf(b));
}
