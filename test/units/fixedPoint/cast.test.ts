import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { answersOf, designOf } from '../answers.ts';

const ROUNDINGS = ['rne', 'rna', 'rtz', 'rup', 'rdn', 'odd', 'rhu', 'rhd', 'rhz', 'trn'];

async function answer(
  unit: string,
  params: Record<string, string | number | boolean>,
  beat: Record<string, bigint>,
): Promise<bigint[]> {
  const made = await designOf(unit, params);
  return (['golden', 'interpreter'] as const).map(engine => answersOf(made, [beat], engine)[0]!.y as bigint);
}

describe('by hand', () => {
  it.each([
    [0x0ac8n, 'rhu', 'saturate', 0x0bn],
    [0xf538n, 'rhu', 'saturate', 0xf5n],
    [0xf538n, 'rna', 'saturate', 0xf5n],
    [0x0ad8n, 'rne', 'saturate', 0x0bn],
    [0x7fffn, 'rhu', 'saturate', 0x7fn],
    [0x7fffn, 'rhu', 'wrap', 0x80n],
    [0x8000n, 'rhu', 'satsym', 0x81n],
  ])('fx-cast of %i, %s, %s', async (x, round, overflow, y) => {
    expect(await answer('fx-cast', { round, overflow }, { x })).toEqual([y, y]);
  });

  it.each([
    ['rhu', [-2, -1, 0, 1, 2, 3]],
    ['rhd', [-3, -2, -1, 0, 1, 2]],
    ['rna', [-3, -2, -1, 1, 2, 3]],
    ['rhz', [-2, -1, 0, 0, 1, 2]],
    ['rne', [-2, -2, 0, 0, 2, 2]],
    ['trn', [-3, -2, -1, 0, 1, 2]],
    ['rtz', [-2, -1, 0, 0, 1, 2]],
  ])('fx-cast of −2.5 … 2.5, %s', async (round, expected) => {
    const made = await designOf('fx-cast', { from: 'fix4.1', to: 'int4', round });
    const beats = [-5n, -3n, -1n, 1n, 3n, 5n].map(x => ({ x: BigInt.asUintN(4, x) }));
    for (const engine of ['golden', 'interpreter'] as const) {
      const y = answersOf(made, beats, engine).map(a => Number(BigInt.asIntN(4, a.y as bigint)));
      expect(y).toEqual(expected);
    }
  });

  it.each([
    [0x0123n, 0x0b3n, 0xf80n, 0x008bn],
    [0xfeddn, 0x0b3n, 0xf80n, 0xfef5n],
    [0x7000n, 0x7ffn, 0x7ffn, 0x7fffn],
  ])('fx-affine of %i, %i, %i', async (x, g, b, y) => {
    expect(await answer('fx-affine', {}, { x, g, b })).toEqual([y, y]);
  });

  it('fx-affine with the product cast first rounds twice', async () => {
    // 0.5 · 0.5 + 0.25 in halves: 0.5 at once; 0.5 + 0.25, rounded up again to 1, in two steps.
    const formats = { x: 'fix4.1', g: 'fix4.1', b: 'fix4.2', result: 'fix6.1' };
    const beat = { x: 1n, g: 1n, b: 1n };
    expect(await answer('fx-affine', formats, beat)).toEqual([1n, 1n]);
    expect(await answer('fx-affine', { ...formats, castProduct: true }, beat)).toEqual([2n, 2n]);
  });

  it.each([
    [0x0640n, 0xc0n],
    [0x0600n, 0xc0n],
    [0x0512n, 0xa2n],
    [0xff00n, 0n],
  ])('fx-relu6 of %i', async (x, y) => {
    expect(await answer('fx-relu6', {}, { x })).toEqual([y, y]);
  });
});

test('what cannot be is refused in a sentence', async () => {
  const refusal = (unit: string, params: Record<string, string | number | boolean>): Promise<unknown> =>
    designOf(unit, params).then(
      () => 'accepted',
      (error: Error) => error.message,
    );
  const said = await Promise.all([
    refusal('fx-cast', { to: 'ufix8.4', overflow: 'wrapsm' }),
    refusal('fx-affine', { castProduct: true, round: 'stochastic' }),
    refusal('fx-relu', { clip: 0.1 }),
    refusal('fx-mul', { a: 'fix200.3', b: 'fix200.3' }),
    refusal('fx-add', { a: 'fix200.300', b: 'fix200.0' }),
  ]);
  expect(said).toMatchInlineSnapshot(`
    [
      "fx-cast: overflow wrapsm wraps sign and magnitude, but ufix8.4 is unsigned; choose a signed format, or wrap",
      "fx-affine: stochastic rounding has random bits for one cast; with cast-product, choose another rounding",
      "fx-relu: clip 0.1 is no multiple of 0.00390625, the last bit of fix16.8; choose one that is",
      "fx-mul: the exact result does not fit a format: fix400.6: the width is 400; choose narrower operands",
      "fx-add: the exact result does not fit a format: fix501.300: the width is 501; choose narrower operands",
    ]
  `);
});

test('short formats far beyond the doubles work too', async () => {
  const params = { from: 'fix8.1020', to: 'fix8.-1024', round: 'rup' };
  expect(await answer('fx-cast', params, { x: 1n })).toEqual([1n, 1n]);
  expect(await answer('fx-cast', params, { x: 0xffn })).toEqual([0n, 0n]);
});

describe('properties', () => {
  const width = fc.integer({ min: 1, max: 40 });
  const format = fc
    .tuple(fc.boolean(), width, fc.integer({ min: -20, max: 40 }))
    .map(([signed, w, f]) => `${signed ? '' : 'u'}fix${w}.${f}`);
  const code = fc.bigInt({ min: 0n, max: 2n ** 40n - 1n });
  const widthOf = (id: string): number => Number(/\d+/.exec(id)![0]);

  it('a cast to a wider format and back is the identity, whatever the rounding', async () => {
    await fc.assert(
      fc.asyncProperty(format, code, fc.constantFrom(...ROUNDINGS), async (from, c, round) => {
        const [, u, w, f] = /^(u?)fix(\d+)\.(-?\d+)$/.exec(from)!;
        const wide = `fix${Number(w) + 6}.${Number(f) + 3}`;
        const x = BigInt.asUintN(widthOf(from), c);
        const [there] = await answer('fx-cast', { from, to: wide, round, overflow: 'wrap' }, { x });
        const back = await answer('fx-cast', { from: wide, to: `${u}fix${w}.${f}`, round }, { x: there! });
        expect(back).toEqual([x, x]);
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  it('a + b − b = a', async () => {
    await fc.assert(
      fc.asyncProperty(format, format, code, code, async (f, g, c, d) => {
        const [a, b] = [BigInt.asUintN(widthOf(f), c), BigInt.asUintN(widthOf(g), d)];
        const sum = await designOf('fx-add', { a: f, b: g });
        const total = sum.outputs[0]!.format.id;
        for (const engine of ['golden', 'interpreter'] as const) {
          const y = answersOf(sum, [{ a, b }], engine)[0]!.y as bigint;
          const back = await designOf('fx-add', { a: total, b: g, operation: 'sub', result: f });
          expect(answersOf(back, [{ a: y, b }], engine)[0]!.y).toBe(a);
        }
      }),
      { seed: 2, numRuns: 60 },
    );
  });

  it('an affine function with gain 1 adds, with bias 0 multiplies', async () => {
    await fc.assert(
      fc.asyncProperty(format, format, code, code, async (f, g, c, d) => {
        const [a, b] = [BigInt.asUintN(widthOf(f), c), BigInt.asUintN(widthOf(g), d)];
        const result = { result: 'fix12.4', round: 'rne' };
        const one = await answer('fx-affine', { x: f, g: 'uint1', b: g, ...result }, { x: a, g: 1n, b });
        expect(one).toEqual(await answer('fx-add', { a: f, b: g, ...result }, { a, b }));
        const zero = await answer('fx-affine', { x: f, g, b: 'int1', ...result }, { x: a, g: b, b: 0n });
        expect(zero).toEqual(await answer('fx-mul', { a: f, b: g, ...result }, { a, b }));
      }),
      { seed: 3, numRuns: 60 },
    );
  });
});
