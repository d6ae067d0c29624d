import type { Builder } from '../hdl/builder.ts';
import type { Signal, Vector } from '../hdl/signal.ts';
import { multiplyCodes } from './element.ts';

/** A column of the left matrix and a row of the right one, each lane with an E8M0 scale. */
export interface OuterOperands {
  readonly a: Vector;
  readonly aScale: Vector;
  readonly b: Vector;
  readonly bScale: Vector;
}

/** Adds the outer product of two vectors to a tile of exact sums of `width` bits; lane `i · columns + j` is row i, column j. */
export function outerProduct(
  b: Builder,
  element: string,
  width: number,
  x: OuterOperands,
  first: Signal,
): { sums: Vector; exponents: Vector; invalid: Vector } {
  const cells = x.a.lanes * x.b.lanes;
  const register = (name: string, bits: number, init = 0n): ReturnType<Builder['register']> =>
    b.register(name, { min: 0n, max: 2n ** BigInt(bits) - 1n }, init);

  const product = b.scope('', 'Products of each element of the column with each of the row', () =>
    forEachCell(b, 'product', x.a, x.b, (left, right) => {
      const { value, isNaN: isNan, ...infinite } = multiplyCodes(b, element, element, left, right);
      const isBad = b.or(isNan, infinite.isPositiveInfinity, infinite.isNegativeInfinity);
      return { value: value.withLsb(0), isBad };
    }),
  );

  const sums = register('sums', cells * width);
  const seen = register('invalid_seen', cells);
  const scales = {
    a: register('a_scale_held', 8 * x.a.lanes, ones(x.a.lanes)),
    b: register('b_scale_held', 8 * x.b.lanes, ones(x.b.lanes)),
  };
  scales.a.next(x.aScale.pack());
  scales.b.next(x.bScale.pack());
  b.scope('', 'The running sums', () => {
    const scale = forEachCell(b, 'scale', x.aScale, x.bScale, (left, right) => ({
      isNaN: left.eq(255).or(right.eq(255)),
    }));
    const sumsBefore = sums.value.unpack(cells, true).as('sums_before');
    const invalidBefore = seen.value.unpack(cells).as('invalid_before');
    const cell = b.lanes(
      'cell',
      [sumsBefore, product.value, invalidBefore, product.isBad, scale.isNaN] as const,
      (sum, term, wasBad, isBad, isNan) => ({
        sum: sum.gate(first.not()).add(term).wrap(width, true),
        bad: wasBad.and(first.not()).or(isBad).or(isNan),
      }),
    );
    sums.next(b.widen(cell.sum, width).pack());
    seen.next(cell.bad.pack());
  });
  return b.scope('', 'The answer: sums, and the exponents of the scales', () => {
    const [left, right] = [scales.a.after.unpack(x.a.lanes), scales.b.after.unpack(x.b.lanes)];
    const exponent = forEachCell(
      b,
      'scales',
      left.as('a_scale_after'),
      right.as('b_scale_after'),
      (l, r) => ({
        exponent: l.add(r).sub(254),
      }),
    );
    const sumsAfter = sums.after.unpack(cells, true).as('sums_after');
    const invalid = seen.after.unpack(cells).as('invalid_after');
    const answer = b.lanes(
      'answer',
      [sumsAfter, exponent.exponent, invalid] as const,
      (sum, both, isInvalid) => ({ sum: sum.gate(isInvalid.not()), exponent: both.gate(isInvalid.not()) }),
    );
    return { sums: answer.sum, exponents: answer.exponent, invalid };
  });
}

/** Scales of one: the exponents are 0 before the first beat. */
const ones = (lanes: number): bigint => BigInt(`0x${'7f'.repeat(lanes)}`);

/** Does the same for each pair of a lane of `rows` and one of `columns`. */
function forEachCell<R extends Record<string, Signal>>(
  b: Builder,
  label: string,
  rows: Vector,
  columns: Vector,
  body: (row: Signal, column: Signal) => R,
): { [K in keyof R]: Vector } {
  return b.lanes(label, [rows] as const, row =>
    b.lanes(`${label}_column`, [columns] as const, column => body(row, column)),
  ) as { [K in keyof R]: Vector };
}
