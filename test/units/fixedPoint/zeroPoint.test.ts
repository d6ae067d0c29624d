import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { answersOf, type Codes, designOf } from '../answers.ts';

const ENGINES = ['golden', 'interpreter'] as const;
const code = (width: number, x: number): bigint => BigInt.asUintN(width, BigInt(x));
const codes = (width: number, x: readonly number[]): bigint[] => x.map(v => code(width, v));

interface Example {
  readonly a: number[];
  readonly b: number[];
  readonly zx: number;
  readonly zw: number;
  readonly weights: 'int4' | 'uint4';
}

/** Each mode, with what it wants prepared, gives the same number. */
async function corrected({ a, b, zx, zw, weights }: Example): Promise<bigint[]> {
  const formats = { lanes: a.length, a: 'uint8', b: weights, bias: 'int20' };
  const operands = { a: codes(8, a), b: codes(4, b) };
  const sumB = b.reduce((s, w) => s + w, 0);
  const folded = a.length * zx * zw - zx * sumB;
  const beats: [string, Codes][] = [
    ['full', { ...operands, zx: code(8, zx), zw: code(4, zw), bias: 0n }],
    ['asym', { ...operands, zw: code(4, zw), bias: code(20, folded) }],
    ...(zw === 0 ? [['sym', { ...operands, bias: code(20, folded) }] as [string, Codes]] : []),
  ];
  const results: bigint[] = [];
  for (const [mode, beat] of beats) {
    const made = await designOf('zp-dot', { ...formats, mode });
    const { width } = made.outputs[0]!.format;
    for (const engine of ENGINES)
      results.push(BigInt.asIntN(width, answersOf(made, [beat], engine)[0]!.y as bigint));
  }
  return results;
}

describe('zp-dot by hand', () => {
  const x = [0x12, 0x80, 0xff, 0x00];
  it('signed weights without a zero point', async () => {
    const example: Example = { a: x, b: [3, -7, 7, -8], zx: 0x80, zw: 0, weights: 'int4' };
    expect(await corrected(example)).toEqual(Array(6).fill(1583n));
    const made = await designOf('zp-dot', { lanes: 4, b: 'int4', mode: 'sym' });
    const raw = answersOf(made, [{ a: codes(8, x), b: codes(4, example.b), bias: 0n }])[0]!.y;
    expect(raw).toBe(943n);
  });

  it('unsigned weights with a zero point', async () => {
    const example: Example = { a: x, b: [3, 9, 15, 0], zx: 0x80, zw: 7, weights: 'uint4' };
    expect(await corrected(example)).toEqual(Array(4).fill(2352n));
    const made = await designOf('zp-dot', { lanes: 4, b: 'uint4', mode: 'asym' });
    const beat = { a: codes(8, x), b: codes(4, example.b), zw: 0n, bias: 0n };
    expect(answersOf(made, [beat])[0]).toEqual({ y: 5031n, sumx: 401n });
  });

  it('the most negative sum', async () => {
    const example: Example = { a: [0, 0, 0, 0], b: [15, 15, 15, 15], zx: 0x80, zw: 7, weights: 'uint4' };
    expect(await corrected(example)).toEqual(Array(4).fill(-4096n));
  });
});

test('zp-dot: the modes agree, with any zero points and in any order of the lanes', async () => {
  const lanes = fc.array(fc.tuple(fc.nat(255), fc.nat(15)), { minLength: 5, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(lanes, fc.nat(255), fc.nat(15), async (pairs, zx, zw) => {
      const want = BigInt(pairs.reduce((s, [x, w]) => s + (x - zx) * (w - zw), 0));
      for (const order of [pairs, [...pairs].reverse(), [...pairs.slice(2), ...pairs.slice(0, 2)]]) {
        const [a, b] = [order.map(pair => pair[0]), order.map(pair => pair[1])];
        for (const y of await corrected({ a, b, zx, zw, weights: 'uint4' })) expect(y).toBe(want);
      }
    }),
    { seed: 6, numRuns: 40 },
  );
});

test('zp-mac takes the bias once, and starts again with first', async () => {
  const made = await designOf('zp-mac', { lanes: 2, mode: 'asym', b: 'int4', bias: 'int16', beats: 4 });
  const beat = (first: bigint, bias: number): Codes => ({
    first,
    a: codes(8, [10, 20]),
    b: codes(4, [3, -2]),
    zw: code(4, 1),
    bias: code(16, bias),
  });
  const { width } = made.outputs[0]!.format;
  for (const engine of ENGINES) {
    const answers = answersOf(made, [beat(1n, 100), beat(0n, 77), beat(0n, 77), beat(1n, -5)], engine);
    // 30 − 40 − 30 = −40 a beat.
    expect(answers.map(a => BigInt.asIntN(width, a.y as bigint))).toEqual([60n, 20n, -20n, -45n]);
    expect(answers.map(a => a.sumx)).toEqual([30n, 60n, 90n, 30n]);
  }
});

test('fx-mac counts products of one bit', async () => {
  const made = await designOf('fx-mac', { a: 'uint1', b: 'uint1', lanes: 1, beats: 3 });
  const beats = [1n, 0n, 0n].map(first => ({ first, a: [1n], b: [1n] }));
  for (const engine of ENGINES) expect(answersOf(made, beats, engine).map(a => a.y)).toEqual([1n, 2n, 3n]);
});

test('what cannot be is refused in a sentence', async () => {
  const refusal = (unit: string, params: Parameters<typeof designOf>[1]): Promise<unknown> =>
    designOf(unit, params).then(
      () => 'accepted',
      (error: Error) => error.message,
    );
  const said = await Promise.all([
    refusal('zp-dot', { a: 'uint1' }),
    refusal('zp-dot', { bias: 'int65' }),
    refusal('zp-mac', { b: 'int25' }),
    refusal('fx-dot', { a: 'int200', b: 'int100' }),
    refusal('fx-mac', { a: 'int120', b: 'int120', lanes: 32, beats: 1 << 20 }),
  ]);
  expect(said).toMatchInlineSnapshot(`
    [
      "zp-dot: uint1 has 1 bits; choose a format of 2 to 24",
      "zp-dot: bias int65 has more than 64 bits; choose a narrower format",
      "zp-mac: int25 has 25 bits; choose a format of 2 to 24",
      "fx-dot: the exact result does not fit a format: int305: the width is 305; choose narrower operands",
      "fx-mac: the exact result does not fit a format: int265: the width is 265; choose narrower operands",
    ]
  `);
});
