import { describe, expect, it, test } from 'vitest';
import { fromNumber, parseFormat } from '../../../generators/formats/index.ts';
import { answersOf, type Codes, designOf } from '../answers.ts';

const ENGINES = ['golden', 'interpreter'] as const;

async function both(unit: string, params: Record<string, string | boolean>, beats: readonly Codes[]) {
  const design = await designOf(unit, params);
  return ENGINES.map(engine => answersOf(design, beats, engine));
}

describe('numbers become codes as in the worked examples', () => {
  test.each([
    ['e4m3', 0.3, 'rne', 0x2a],
    ['e4m3', 500, 'rne', 0x7e],
    ['e4m3', 464, 'rne', 0x7e],
    ['e4m3', 2 ** -10, 'rne', 0x00],
    ['e4m3', 3 * 2 ** -10, 'rne', 0x02],
    ['e5m2', -3.5, 'rne', 0xc3],
    ['e5m2', 4.5, 'rne', 0x44],
    ['e2m1', 2.5, 'rne', 0x4],
    ['e2m1', 2.5, 'rna', 0x5],
    ['e2m1', 0.25, 'rne', 0x0],
    ['e2m1', 5, 'rne', 0x6],
    ['e3m2', 0.09375, 'rne', 0x02],
    ['e2m3', -7.6, 'rne', 0x3f],
  ])('%s of %f, %s', async (to, value, round, code) => {
    const x = parseFormat('fp64').encode(fromNumber(value));
    for (const [answer] of await both('fp-convert', { from: 'fp64', to, round }, [{ x }]))
      expect(answer!.y).toBe(BigInt(code));
  });
});

describe('codes mean what the tables say', () => {
  /** Values of some codes, from sign, significand and exponent. */
  async function valuesOf(from: string, codes: readonly number[]): Promise<number[][]> {
    const answers = await both(
      'fp-decode',
      { from },
      codes.map(x => ({ x: BigInt(x) })),
    );
    const { outputs } = await designOf('fp-decode', { from });
    const numberOf = (name: string, code: bigint): number =>
      outputs.find(port => port.name === name)!.format.decodeNumber(Number(code));
    return answers.map(list =>
      list.map(({ sign, exponent, significand }) => {
        const magnitude =
          numberOf('significand', significand as bigint) * 2 ** numberOf('exponent', exponent as bigint);
        return sign === 1n ? -magnitude : magnitude;
      }),
    );
  }

  const E2M1 = [0, 0.5, 1, 1.5, 2, 3, 4, 6, -0, -0.5, -1, -1.5, -2, -3, -4, -6];
  const E3M2 = [
    0, 0.0625, 0.125, 0.1875, 0.25, 0.3125, 0.375, 0.4375, 0.5, 0.625, 0.75, 0.875, 1, 1.25, 1.5, 1.75, 2,
    2.5, 3, 3.5, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24, 28,
  ];
  const E2M3 = [
    0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1, 1.125, 1.25, 1.375, 1.5, 1.625, 1.75, 1.875, 2, 2.25,
    2.5, 2.75, 3, 3.25, 3.5, 3.75, 4, 4.5, 5, 5.5, 6, 6.5, 7, 7.5,
  ];
  it.each([
    ['e2m1', E2M1],
    ['e3m2', E3M2],
    ['e2m3', E2M3],
  ] as const)('%s', async (format, values) => {
    for (const given of await valuesOf(format, [...values.keys()])) expect(given).toEqual(values);
  });

  // Largest value, smallest normal and smallest subnormal one.
  it.each([
    ['e5m2', 0x7b, 57344, 0x04, 2 ** -14, 2 ** -16],
    ['e4m3', 0x7e, 448, 0x08, 2 ** -6, 2 ** -9],
    ['e4m3b8fin', 0x7f, 240, 0x08, 2 ** -7, 2 ** -10],
    ['e3m4fin', 0x7f, 31, 0x10, 0.25, 2 ** -6],
    ['e3m2', 0x1f, 28, 0x04, 0.25, 2 ** -4],
    ['e2m3', 0x1f, 7.5, 0x08, 1, 2 ** -3],
    ['e2m2fin', 0x0f, 7, 0x04, 1, 2 ** -2],
    ['e2m1', 0x7, 6, 0x2, 1, 0.5],
    ['e3m0fin', 0x7, 16, 0x1, 0.25, 0.25],
  ])('%s', async (format, most, max, normal, minNormal, minSubnormal) => {
    for (const given of await valuesOf(format, [most, normal, 1]))
      expect(given).toEqual([max, minNormal, minSubnormal]);
  });
});

describe('zeros, infinities and NaN', () => {
  const fp16 = (...codes: number[]): Codes => Object.fromEntries(codes.map((c, i) => ['abc'[i]!, BigInt(c)]));
  const [ZERO, MINUS_ZERO, ONE, MINUS_ONE, INF, MINUS_INF, NAN] = [
    0, 0x8000, 0x3c00, 0xbc00, 0x7c00, 0xfc00, 0x7e00,
  ];
  const all = { a: 'fp16', b: 'fp16', result: 'fp16', overflow: 'special' };

  it.each([
    ['rne', ONE, MINUS_ONE, ZERO],
    ['rdn', ONE, MINUS_ONE, MINUS_ZERO],
    ['rdn', ZERO, ZERO, ZERO],
    ['rdn', ZERO, MINUS_ZERO, MINUS_ZERO],
    ['rup', ZERO, MINUS_ZERO, ZERO],
    ['rne', MINUS_ZERO, MINUS_ZERO, MINUS_ZERO],
    ['rne', INF, MINUS_INF, NAN],
    ['rne', INF, INF, INF],
    ['rtz', MINUS_INF, ONE, MINUS_INF],
    ['rne', 0xfe01, ONE, NAN],
  ])('sum, %s: %i and %i', async (round, a, b, y) => {
    for (const [answer] of await both('fp-add', { ...all, round }, [fp16(a, b)]))
      expect(answer!.y).toBe(BigInt(y));
  });

  it.each([
    [ZERO, MINUS_ONE, MINUS_ZERO],
    [ZERO, INF, NAN],
    [MINUS_INF, MINUS_ONE, INF],
    [0x7bff, 0x4000, INF],
  ])('product: %i and %i', async (a, b, y) => {
    for (const [answer] of await both('fp-mul', all, [fp16(a, b)])) expect(answer!.y).toBe(BigInt(y));
  });

  it.each([
    [ZERO, INF, NAN, NAN],
    [ONE, INF, MINUS_INF, NAN],
    [ONE, MINUS_ONE, ONE, ZERO],
    [MINUS_ZERO, ONE, MINUS_ZERO, MINUS_ZERO],
  ])('fused: %i · %i + %i', async (a, b, c, y) => {
    for (const [answer] of await both('fp-fma', { ...all, c: 'fp16' }, [fp16(a, b, c)]))
      expect(answer!.y).toBe(BigInt(y));
  });

  it('a result without room for NaN or infinity is the largest value', async () => {
    const params = { from: 'bf16', to: 'e2m1', overflow: 'special' };
    const beats = [0x7fc0, 0xffc0, 0x7f80, 0xff80].map(x => ({ x: BigInt(x) }));
    for (const answers of await both('fp-convert', params, beats))
      expect(answers.map(answer => answer.y)).toEqual([7n, 7n, 7n, 15n]);
  });

  it('an exact product that is no number is invalid and 0', async () => {
    const params = { a: 'e5m2', b: 'e4m3', result: 'exact' };
    const beats = [
      { a: 0x7cn, b: 0x38n },
      { a: 0x3cn, b: 0xffn },
      { a: 0x3cn, b: 0x38n },
    ];
    for (const answers of await both('fp-mul', params, beats)) {
      expect(answers.map(answer => answer.invalid)).toEqual([1n, 1n, 0n]);
      expect(answers.map(answer => answer.y)).toEqual([0n, 0n, 1n << 25n]);
    }
  });

  it('an exact product with its sign apart has the sign of IEEE 754, on zeros too', async () => {
    const params = { a: 'e2m1', b: 'e2m1', result: 'exact', signApart: true };
    // 1.5 · −6, −0.5 · −0.5, −0 · 1, in units of a quarter.
    const beats = [
      { a: 0x3n, b: 0xfn },
      { a: 0x9n, b: 0x9n },
      { a: 0x8n, b: 0x2n },
    ];
    for (const answers of await both('fp-mul', params, beats))
      expect(answers).toEqual([
        { y: 36n, negative: 1n },
        { y: 1n, negative: 0n },
        { y: 0n, negative: 1n },
      ]);
  });

  it('NaN is the largest integer, and counts for neither less nor equal', async () => {
    for (const [answer] of await both('fp-to-int', { from: 'e4m3', to: 'int8' }, [{ x: 0xffn }]))
      expect(answer!.y).toBe(127n);
    const beats = [
      { a: 0x7fn, b: 0x38n },
      { a: 0x80n, b: 0x00n },
    ];
    for (const [nan, zeros] of await both('fp-cmp', { a: 'e4m3', b: 'e4m3', nan: 'number' }, beats)) {
      expect(nan).toEqual({ less: 0n, equal: 0n, min: 0x38n, max: 0x38n, unordered: 1n });
      expect(zeros).toEqual({ less: 0n, equal: 1n, min: 0x80n, max: 0x00n, unordered: 0n });
    }
  });
});
