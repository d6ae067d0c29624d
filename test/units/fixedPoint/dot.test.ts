import fc from 'fast-check';
import { expect, test } from 'vitest';
import { answersOf, type Codes, designOf } from '../answers.ts';

const ENGINES = ['golden', 'interpreter'] as const;
const LANES = 5;
const pairs = fc.array(fc.tuple(fc.integer({ min: -128, max: 127 }), fc.nat(63)), {
  minLength: LANES,
  maxLength: LANES,
});
const formats = { a: 'int8', b: 'ufix6.3', lanes: LANES };

type Pairs = readonly (readonly [number, number])[];
const beatOf = (p: Pairs): Codes => ({
  a: p.map(([a]) => BigInt.asUintN(8, BigInt(a))),
  b: p.map(([, b]) => BigInt(b)),
});
const dot = (p: Pairs): bigint => BigInt(p.reduce((s, [a, b]) => s + a * b, 0));

test('fx-dot is the plain dot product, in any order of the lanes', async () => {
  const made = await designOf('fx-dot', formats);
  const { width } = made.outputs[0]!.format;
  await fc.assert(
    fc.asyncProperty(pairs, async p => {
      const orders = [p, [...p].reverse(), [...p.slice(2), ...p.slice(0, 2)]];
      for (const engine of ENGINES)
        for (const { y } of answersOf(made, orders.map(beatOf), engine))
          expect(BigInt.asIntN(width, y as bigint)).toBe(dot(p));
    }),
    { seed: 10, numRuns: 100 },
  );
});

test('fx-mac adds up what fx-dot answers, in any order of the beats', async () => {
  const made = await designOf('fx-mac', { ...formats, beats: 6 });
  const { width } = made.outputs[0]!.format;
  await fc.assert(
    fc.asyncProperty(fc.array(pairs, { minLength: 1, maxLength: 6 }), async sums => {
      const want = sums.reduce((s, p) => s + dot(p), 0n);
      for (const order of [sums, [...sums].reverse()]) {
        const beats = order.map((p, i) => ({ first: i === 0 ? 1n : 0n, ...beatOf(p) }));
        for (const engine of ENGINES) {
          // A sum before it, which `first` ends.
          const answers = answersOf(made, [{ first: 1n, ...beatOf(sums[0]!) }, ...beats], engine);
          expect(BigInt.asIntN(width, answers.at(-1)!.y as bigint)).toBe(want);
        }
      }
    }),
    { seed: 11, numRuns: 100 },
  );
});
