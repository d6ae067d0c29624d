import { describe, expect, test } from 'vitest';
import { answersOf, designOf } from './answers.ts';

const byte = (x: number): bigint => BigInt.asUintN(8, BigInt(x));
const beat = (first: number, a: number, b: number): Record<string, bigint | bigint[]> => ({
  first: BigInt(first),
  a: [byte(a)],
  b: [byte(b)],
});

describe('running sums of dot products', () => {
  const one = { lanes: 1, beats: 2 };

  test.each(['golden', 'interpreter'] as const)('start anew with first, from zero: %s', async engine => {
    const mac = await designOf('fx-mac', one);
    const answers = answersOf(mac, [beat(0, 3, 4), beat(0, 5, 6), beat(1, 7, -8), beat(0, 1, 1)], engine);
    expect(answers.map(a => BigInt.asIntN(mac.outputs[0]!.width, a.y as bigint))).toEqual([
      12n,
      42n,
      -56n,
      -55n,
    ]);
  });

  test.each(['golden', 'interpreter'] as const)('hold so many beats, and wrap beyond: %s', async engine => {
    const mac = await designOf('fx-mac', one);
    // int8 products fit 16 bits; two of the largest need the 17th.
    expect(mac.outputs[0]!.format.id).toBe('int17');
    const most = beat(0, -128, -128);
    const answers = answersOf(mac, [most, most, most, most, most], engine);
    const expected = [1, 2, 3, 4, 5].map(n => BigInt.asUintN(17, BigInt(n) * 16384n));
    expect(answers.map(a => a.y)).toEqual(expected);
    expect(BigInt.asIntN(17, expected[1]!)).toBe(32768n);
  });
});
