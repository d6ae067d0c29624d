import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  exactDot,
  exactOf,
  minus,
  plus,
  plusToOdd,
  sumOf,
  times,
  type Value,
} from '../../generators/formats/arithmetic.ts';
import { add, compare, fromBigInt, fromNumber, mul, neg } from '../../generators/formats/exact.ts';
import { parseFormat } from '../../generators/formats/parse.ts';
import type { Exact } from '../../generators/formats/types.ts';

const same = (x: Value, y: Exact): void => {
  const left = exactOf(x);
  if (y.kind === 'nan') expect(left.kind).toBe('nan');
  else expect(compare(left, y)).toBe(0);
  if (y.kind === 'finite' && y.mag === 0n) expect(left).toMatchObject({ neg: y.neg });
};
const value = fc.oneof(
  fc.double(),
  fc.integer().map(Number),
  fc.float(),
  fc.constantFrom(0, -0, 1, -1, 2 ** -1074, 2 ** 1000, -(2 ** 53)),
);

describe('arithmetic on values', () => {
  test('sums, differences and products are exact, whatever the doubles can hold', () => {
    fc.assert(
      fc.property(value, value, (x, y) => {
        const [a, b] = [fromNumber(x), fromNumber(y)];
        same(plus(x, y), add(a, b));
        same(minus(x, y), add(a, neg(b)));
        same(times(x, y), mul(a, b));
        same(plus(a, y), add(a, b));
        same(times(x, b), mul(a, b));
      }),
      { numRuns: 20_000 },
    );
  });

  test('sums rounded to odd round on as the exact sums do', () => {
    const roundings = ['rne', 'rna', 'rtz', 'rup', 'rdn', 'odd'] as const;
    const formats = ['fp32', 'bf16', 'e4m3', 'fix32.16', 'int8'].map(parseFormat);
    fc.assert(
      fc.property(
        value,
        value,
        fc.constantFrom(...roundings),
        fc.constantFrom(...formats),
        (x, y, round, f) => {
          const policy = { round, overflow: 'saturate' } as const;
          const sum = plusToOdd(x, y);
          const exact = add(fromNumber(x), fromNumber(y));
          expect(f.encode(exactOf(sum), policy)).toBe(f.encode(exact, policy));
        },
      ),
      { numRuns: 20_000 },
    );
    // Halfway between two values of fp32, and a little more or less: the double nearest to the sum does not tell.
    for (const side of [1, -1])
      expect(plusToOdd(1 + 2 ** -24, side * 2 ** -60)).toBe(1 + 2 ** -24 + side * 2 ** -52);
  });

  test('what a double holds stays one', () => {
    expect(plus(0.5, 0.25)).toBe(0.75);
    expect(times(3, -0.125)).toBe(-0.375);
    expect(typeof plus(2 ** 53, 1)).toBe('object');
    expect(typeof times(2 ** 53 - 1, 3)).toBe('object');
  });

  test.each([
    ['int8', 'int8', 5],
    ['uint4', 'ufix6.3', 7],
    ['int24', 'int24', 40],
    ['e5m2', 'e5m2', 9],
    ['fix40.3', 'fix33.-2', 3],
    ['int32', 'int32', 3],
  ])('dot products of %s and %s are exact', (a, b, lanes) => {
    const [f, g] = [parseFormat(a), parseFormat(b)];
    const dot = exactDot(f, g, lanes);
    const codes = (width: number) =>
      fc.array(fc.bigInt(0n, (1n << BigInt(width)) - 1n), { minLength: lanes, maxLength: lanes });
    const given = (format: typeof f, list: bigint[]): Value[] =>
      list.map(c => (format.exactInDouble ? format.decodeNumber(Number(c)) : format.decode(c)));
    const areFinite = (format: typeof f, list: bigint[]): boolean =>
      list.every(c => format.decode(c).kind === 'finite');
    fc.assert(
      fc.property(codes(f.width), codes(g.width), (x, y) => {
        fc.pre(areFinite(f, x) && areFinite(g, y));
        let sum: Exact = fromBigInt(0n);
        x.forEach((c, i) => {
          sum = add(sum, mul(f.decode(c), g.decode(y[i]!)));
        });
        expect(compare(exactOf(dot(given(f, x) as number[], given(g, y) as number[])), sum)).toBe(0);
      }),
    );
  });

  test('sums of many', () => {
    expect(sumOf([0.5, 0.25, -1])).toBe(-0.25);
    same(sumOf([2 ** 60, 1, -(2 ** 60)]), fromBigInt(1n));
  });
});
