import { expect, test } from 'vitest';
import { limitedSum } from '../../generators/blocks/limitedSum.ts';
import { Builder } from '../../generators/hdl/builder.ts';
import { compile } from '../../generators/hdl/interpret.ts';
import { freeze } from '../../generators/hdl/module.ts';

/** All pairs of numbers of so many bits. */
function pairs(bits: number): [number, number][] {
  return Array.from({ length: 1 << (2 * bits) }, (_, i) => [i % (1 << bits), i >> bits]);
}

/** Values and flags for all pairs of numbers of so many bits; undefined where their leading bits do not tell the limit. */
function answers(bits: number, constant: bigint, least: bigint, most: bigint): string[] | undefined {
  const b = new Builder();
  const [x, y] = [b.input('x', bits), b.input('y', bits)];
  const hasZero = x.lt(least).or(y.lt(least));
  const sum = limitedSum(b, [x, y], hasZero, { constant, least, most });
  if (sum === undefined) return undefined;
  const { value, isZero } = sum;
  const machine = compile(freeze(b, { value, isZero }));
  return pairs(bits).map(([left, right]) => {
    const made = machine.step({ x: left, y: right }, true);
    return `${left} ${right}: ${made.value} ${made.isZero}`;
  });
}

function expected(bits: number, constant: bigint, least: bigint, most: bigint): string[] {
  return pairs(bits).map(([left, right]) => {
    const sum = BigInt(left) + BigInt(right) + constant;
    const isZero = left < least || right < least || sum < least;
    const value = isZero ? 0n : sum > most ? most : sum;
    return `${left} ${right}: ${value} ${isZero ? 1 : 0}`;
  });
}

test.each([
  [3, 6],
  [4, 21],
  [5, 97],
])('numbers of %i bits, with every constant and every pair of limits', (bits, possible) => {
  const end = 1n << BigInt(bits);
  let built = 0;
  for (let constant = -end; constant <= end; constant++)
    for (let least = 1n; least <= end / 4n; least++)
      for (let most = end / 2n; most < end; most++) {
        const made = answers(bits, constant, least, most);
        if (made === undefined) continue;
        built++;
        expect(made, `${constant} ${least} ${most}`).toEqual(expected(bits, constant, least, most));
      }
  expect(built).toBe(possible);
});

test('undefined where the leading bits of the numbers do not tell which limit is passed', () => {
  // Two numbers below a half may be too large; and with no constant, none is too small.
  expect(answers(4, -1n, 2n, 7n)).toBeUndefined();
  expect(answers(4, 0n, 1n, 15n)).toBeUndefined();
});
