import { describe, expect, test } from 'vitest';
import { built } from '../built.ts';
import { answersOf, type Codes, designOf } from './answers.ts';

const { parseFormat } =
  await built<typeof import('../../generators/formats/parse.ts')>('generators/formats/parse');
const { lanesFor, lastBitOf, simpleNumbers } = await built<
  typeof import('../../generators/units/sumCorners.ts')
>('generators/units/sumCorners');
const { blocksOf } =
  await built<typeof import('../../generators/units/blockDot.ts')>('generators/units/blockDot');

const fp32 = parseFormat('fp32');

describe('a beat of a given sum', () => {
  test.each([
    ['mx-mac', 'e2m1', 'e8m0', {}],
    ['mx-mac', 'fix8.6', 'e8m0', { element: 'int8', lanes: 8 }],
    ['mx-mac', 'e5m2', 'e8m0', { element: 'e5m2', lanes: 4 }],
    ['nv-mac', 'e2m1', 'e4m3', {}],
    ['bfp-mac', 'fix4.2', 'e8m0', {}],
  ] as const)('of %s, elements %s, has that sum, wherever its last bit is', async (id, element, scale, params) => {
    const made = await designOf(id, params);
    const lanes = made.inputs.find(p => p.name === 'a')!.lanes;
    const beatOf = blocksOf(element, lanes, scale);
    const beats: Codes[] = [];
    const sums: number[] = [];
    for (let power = -24; power < 20; power++)
      for (const few of [1, -1, 3, -7, 129])
        for (const placesUp of [0, 1, 5]) {
          const amount = few * 2 ** power;
          const beat = beatOf(amount, placesUp);
          if (!beat) continue;
          beats.push({ first: 1n, ...beat });
          sums.push(amount);
        }
    expect(beats.length).toBeGreaterThan(200);
    expect(answersOf(made, beats).map(a => fp32.decodeNumber(Number(a.y)))).toEqual(sums);
  });

  test('needs lanes and terms for it', () => {
    const terms = [3, 1, 0.5, -1].map(value => ({ value, codes: { a: BigInt(value * 2) & 15n } }));
    const find = lanesFor(terms, 3, { a: 0n });
    expect(find(3)?.a?.sort()).toEqual([0n, 0n, 6n]);
    expect(find(7.5)).toBeUndefined();
    expect(find(4.5)?.a?.sort()).toEqual([1n, 2n, 6n]);
    expect(find(9)?.a).toEqual([6n, 6n, 6n]);
    expect(find(10)).toBeUndefined();
    expect(find(0.25)).toBeUndefined();
    expect(find(-2)?.a?.filter(code => code === 14n)).toHaveLength(2);
  });
});

test('numbers of few bits, of a format', () => {
  expect(simpleNumbers(parseFormat('e2m1')).sort((x, y) => x - y)).toEqual([
    -6, -4, -2, -1, -0.5, 0.5, 1, 2, 4, 6,
  ]);
  expect(simpleNumbers(parseFormat('int4')).sort((x, y) => x - y)).toEqual([-8, -4, -2, -1, 1, 2, 4, 7]);
  expect([1, 3, 6, 0.375, -40, 2 ** -1074].map(lastBitOf)).toEqual([0, 0, 1, -3, 3, -1074]);
});

/** What the sums become that the later corners of a unit lead to, after so many beats that came before. */
async function sumsOf(
  id: string,
  params: Record<string, string | number> = {},
  before = 2,
): Promise<number[]> {
  const made = await designOf(id, params);
  const beats = [...made.unit.laterCorners!(made.params)] as Codes[];
  const other = { ...beats.at(-1)!, first: 0n };
  const format = made.outputs[0]!.format;
  const answers = answersOf(made, [...Array.from({ length: before }, () => other), ...beats]).slice(before);
  return answers.map(a => format.decodeNumber(Number(a.y)));
}

const odd = (sum: number): number => sum / 2 ** lastBitOf(sum);

describe('sums that corners lead to', () => {
  test.each([
    'mx-mac',
    'fp-mac',
    'lmul-mac',
    'fp-shift-mac',
  ])('of %s do not depend on what came before', async id => {
    expect(await sumsOf(id, {}, 3)).toEqual(await sumsOf(id, {}, 0));
  });

  test.each(['mx-mac', 'bfp-mac'])('of %s reach the ends of fp32, and go over', async id => {
    const sums = new Set(await sumsOf(id));
    const largest = (2 - 2 ** -23) * 2 ** 127;
    for (const end of [largest, Number.POSITIVE_INFINITY, 2 ** -149, 3 * 2 ** -149]) {
      expect(sums).toContain(end);
      expect(sums).toContain(-end);
    }
  });

  test.each([
    ['mx-mac', {}],
    ['bfp-mac', {}],
    ['nv-mac', {}],
    ['fp-mac', {}],
    ['fp-mac', { a: 'e5m2', b: 'e5m2', accumulator: 'fp16' }],
    ['lmul-mac', {}],
    ['fp-shift-mac', {}],
  ] as const)('of %s %j need all bits of the format, on both sides of a power of two', async (id, params) => {
    const made = await designOf(id, params);
    const { mantissaBits } = made.outputs[0]!.format.float!;
    const sums = await sumsOf(id, params);
    const finite = sums.filter(x => Number.isFinite(x) && x !== 0);
    const long = finite.filter(x => Math.abs(odd(x)) >= 2 ** mantissaBits);
    expect(long.some(x => odd(x) === 2 ** mantissaBits + 1)).toBe(true);
    expect(long.some(x => odd(x) === 2 ** (mantissaBits + 1) - 1)).toBe(true);
    expect(long.some(x => odd(-x) === 2 ** mantissaBits + 1)).toBe(true);
    expect(long.some(x => odd(-x) === 2 ** (mantissaBits + 1) - 1)).toBe(true);
  });
});
