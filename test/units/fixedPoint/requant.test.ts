import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { roundShift } from '../../../generators/formats/rounding.ts';
import { integerOf, rescale } from '../../../generators/units/dyadic.ts';
import { answersOf, type Codes, designOf } from '../answers.ts';

const ENGINES = ['golden', 'interpreter'] as const;

async function answer(unit: string, params: Parameters<typeof designOf>[1], beat: Codes): Promise<unknown[]> {
  const made = await designOf(unit, params);
  return ENGINES.map(engine => answersOf(made, [beat], engine)[0]!.y);
}

/** HAWQ-V3: S = m0 · 2^e0 with m0 in [0.5, 1) gives M = ⌊m0 · 2^31 + 1/2⌋ and E = 31 − e0. */
function dyadic(scale: number): { m: number; e: number } {
  let [m0, e0] = [scale, 0];
  for (; m0 >= 1; m0 /= 2) e0++;
  for (; m0 < 0.5; m0 *= 2) e0--;
  const m = Math.floor(m0 * 2 ** 31 + 0.5);
  return m === 2 ** 31 ? { m: 2 ** 30, e: 30 - e0 } : { m, e: 31 - e0 };
}

test('rescaling on doubles is rescaling on big integers, in every mode', () => {
  const modes = ['rne', 'rna', 'rtz', 'rup', 'rdn', 'odd', 'rhu', 'rhd', 'rhz', 'trn'] as const;
  const integer = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
  fc.assert(
    fc.property(
      fc.oneof(integer, fc.integer({ min: -9, max: 9 })),
      fc.oneof(fc.nat(2 ** 31 - 1), fc.constantFrom(1, 2 ** 30, 2 ** 32 - 1)),
      fc.nat(63),
      fc.constantFrom(...modes),
      (x, m, e, round) => {
        const exact = roundShift(BigInt(x) * BigInt(m), e, round);
        expect(integerOf(rescale(x, m, e, round))).toBe(exact);
      },
    ),
    { numRuns: 50_000 },
  );
});

describe('dyadic-requant', () => {
  const examples = [
    [0.0123456789, 0x6522c3e4, 37, 0x00001388n, 0x3en, 0x3en],
    [0.0123456789, 0x6522c3e4, 37, 0xffffec78n, 0xc2n, 0xc2n],
    [0.00390625, 0x40000000, 38, 0x00000180n, 0x02n, 0x02n],
    [0.00390625, 0x40000000, 38, 0xfffffe80n, 0xffn, 0xfen],
    [0.3, 0x4ccccccd, 32, 0x000007d0n, 0x7fn, 0x7fn],
  ] as const;
  it.each(examples)('S = %d', async (scale, multiplier, exponent, x, rhu, rne) => {
    expect(dyadic(scale)).toEqual({ m: multiplier, e: exponent });
    const runtime = { x, m: BigInt(multiplier), e: BigInt(exponent) };
    for (const [round, y] of [
      ['rhu', rhu],
      ['rne', rne],
    ] as const) {
      expect(await answer('dyadic-requant', { multiplier, exponent, round }, { x })).toEqual([y, y]);
      expect(await answer('dyadic-requant', { scale: 'ports', round }, runtime)).toEqual([y, y]);
    }
  });

  it('the default scale is the first example', async () => {
    expect(await answer('dyadic-requant', {}, { x: 5000n })).toEqual([0x3en, 0x3en]);
  });

  it('adds the zero point after the rounding, before saturation', async () => {
    const half = { multiplier: 1, exponent: 1, zeroPoint: -100, round: 'rhu' };
    const cases = [5n, -5n, -57n, 400n, 500n].map(x => ({ x: BigInt.asUintN(32, x) }));
    const made = await designOf('dyadic-requant', half);
    for (const engine of ENGINES) {
      const y = answersOf(made, cases, engine).map(a => BigInt.asIntN(8, a.y as bigint));
      expect(y).toEqual([-97n, -102n, -128n, 100n, 127n]);
    }
  });
});

test.each([
  [3, 5, 4],
  [-3, 5, 0],
  [101, -7, 74],
])('dyadic-residual-add of %i and %i with 0.75 and 0.3', async (a, b, y) => {
  const operands = { a: BigInt.asUintN(32, BigInt(a)), b: BigInt.asUintN(32, BigInt(b)) };
  expect(await answer('dyadic-residual-add', {}, operands)).toEqual([BigInt(y), BigInt(y)]);
  const scales = { ma: 0x60000000n, ea: 31n, mb: 0x4ccccccdn, eb: 32n };
  const runtime = await answer('dyadic-residual-add', { scale: 'ports' }, { ...operands, ...scales });
  expect(runtime).toEqual([BigInt(y), BigInt(y)]);
});

describe('chan-affine-quant', () => {
  const examples = [
    [0x00c0n, 0, 0x2n],
    [0xfeddn, 0, 0xdn],
    [0x00c0n, -1572864, 0x1n],
    [0x0400n, 0, 0x7n],
  ] as const;
  it.each(examples)('of %i, offset %i', async (x, offset, y) => {
    const table = { round: 'rhu', gains: [0, 0x2aab, 0], offsets: [1, offset, 2] };
    expect(await answer('chan-affine-quant', table, { x, ch: 1n })).toEqual([y, y]);
    const beat = { x, a: 0x2aabn, b: BigInt.asUintN(32, BigInt(offset)) };
    expect(await answer('chan-affine-quant', { coefficients: 'ports', round: 'rhu' }, beat)).toEqual([y, y]);
  });

  it('has zeros beyond the last channel', async () => {
    const table = { gains: [9, 9, 9], offsets: [7, 7, 7], shift: 0, zeroPoint: 3, to: 'int8' };
    expect(await answer('chan-affine-quant', table, { x: 5n, ch: 3n })).toEqual([3n, 3n]);
    expect(await answer('chan-affine-quant', table, { x: 5n, ch: 2n })).toEqual([55n, 55n]);
  });
});

describe('fx-avgpool', () => {
  const lanesOf = (x: readonly number[], width: number) => ({
    x: x.map(v => BigInt.asUintN(width, BigInt(v))),
  });

  it.each([
    ['rhu', [1, 1, 1, 1, 0, 0, 0, 0, 0], 0],
    ['rhu', [1, 1, 1, 1, 1, 0, 0, 0, 0], 1],
    ['rhu', [-1, -1, -1, -1, 0, 0, 0, 0, 0], 0],
    ['rhu', [-1, -1, -1, -1, -1, 0, 0, 0, 0], -1],
    ['rne', [1, 0], 0],
    ['rne', [1, 2], 2],
    ['rne', [-1, -2], -2],
    ['rhu', [-1, 0], 0],
    ['rna', [-1, 0], -1],
    ['rtz', [-1, -1, -1, -1, 0], 0],
    ['rdn', [-1, 0, 0, 0, 0], -1],
    ['odd', [2, 1, 1, 1, 1], 1],
    ['odd', [3, 2, 2, 2, 2], 3],
    ['rhu', [-128, -128, -128], -128],
    ['rhu', [127, 127, 127], 127],
  ])('%s of %j', async (round, x, mean) => {
    const y = BigInt.asUintN(8, BigInt(mean));
    expect(await answer('fx-avgpool', { lanes: x.length, round }, lanesOf(x, 8))).toEqual([y, y]);
  });

  it('of equal values is that value; and the order does not matter', async () => {
    const values = fc.array(fc.integer({ min: -128, max: 127 }), { minLength: 7, maxLength: 7 });
    const made = await designOf('fx-avgpool', { lanes: 7, to: 'fix16.6', round: 'rne' });
    await fc.assert(
      fc.asyncProperty(values, fc.nat(), async (x, seed) => {
        const shuffled = x.map((_, i) => x[(i * (1 + (seed % 6)) + seed) % 7]!);
        for (const engine of ENGINES) {
          const beats = [
            lanesOf(x, 8),
            lanesOf(shuffled, 8),
            lanesOf(
              x.map(() => x[0]!),
              8,
            ),
          ];
          const [given, permuted, equal] = answersOf(made, beats, engine).map(a => a.y);
          expect(permuted).toBe(given);
          expect(equal).toBe(BigInt.asUintN(16, BigInt(x[0]! * 64)));
        }
      }),
      { seed: 5, numRuns: 200 },
    );
  });
});

test('what cannot be is refused in a sentence', async () => {
  const refusal = (unit: string, params: Parameters<typeof designOf>[1]): Promise<unknown> =>
    designOf(unit, params).then(
      () => 'accepted',
      (error: Error) => error.message,
    );
  const said = await Promise.all([
    refusal('dyadic-requant', { zeroPoint: 128 }),
    refusal('dyadic-requant', { to: 'int40' }),
    refusal('chan-affine-quant', { gains: [1, 2] }),
    refusal('chan-affine-quant', { gains: [], offsets: [] }),
    refusal('fx-avgpool', { to: 'uint8', overflow: 'wrapsm' }),
    refusal('fx-avgpool', { from: 'int256' }),
  ]);
  expect(said).toMatchInlineSnapshot(`
    [
      "dyadic-requant: zero-point 128 is no value of int8; choose one from its range",
      "dyadic-requant: int40 has more than 32 bits; choose a narrower result",
      "chan-affine-quant: there are 2 gains and 4 offsets; give one of each a channel",
      "chan-affine-quant: there are 0 channels; give 1 to 4096",
      "fx-avgpool: overflow wrapsm wraps sign and magnitude, but uint8 is unsigned; choose a signed format, or wrap",
      "fx-avgpool: the exact result does not fit a format: int260: the width is 260; choose narrower operands",
    ]
  `);
});
