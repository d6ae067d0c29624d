import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseFormat, toNumber } from '../../../generators/formats/index.ts';
import { built } from '../../built.ts';
import { answersOf, designOf } from '../answers.ts';

const { loadUnit } = await built<typeof import('../../../generators/reflect/catalogue.ts')>(
  'generators/reflect/catalogue',
);
type AnyUnit = import('../../../generators/units/unit.ts').Unit<Record<string, unknown>>;

const ENGINES = ['golden', 'interpreter'] as const;
const codesOf = (lanes: number, bits: number): fc.Arbitrary<bigint[]> =>
  fc.array(fc.bigInt({ min: 0n, max: (1n << BigInt(bits)) - 1n }), { minLength: lanes, maxLength: lanes });

describe.each(ENGINES)('in the %s', engine => {
  // The worked examples of the project's numerics.
  test.each([
    [[0x3n, 0x5n, 0xfn], [0x2n, 0x7n, 0x4n], [0n, 2n, 1n], 198n],
    [[0x7n, 0x7n], [0x7n, 0xfn], [3n, 3n], 0n],
    [[0x1n, 0x1n, 0x1n], [0x1n, 0x1n, 0x1n], [0n, 1n, 2n], 7n],
  ])('fp4-chanbias-dot: the worked example %#', async (a, b, shift, sum) => {
    const made = await designOf('fp4-chanbias-dot', { lanes: a.length });
    const { width, lsbExponent } = made.outputs[0]!.format;
    expect(lsbExponent).toBe(-2);
    expect(answersOf(made, [{ a, b, shift }], engine)).toEqual([{ y: BigInt.asUintN(width, sum) }]);
  });

  test('without shifts, fp-shift-dot is fp-dot', async () => {
    for (const group of [1, 2, 6]) {
      const params = { a: 'e4m3', b: 'e2m1', lanes: 6, result: 'fp32' };
      const plain = await designOf('fp-dot', params);
      const shifted = await designOf('fp-shift-dot', { ...params, group, shift: 'int4' });
      fc.assert(
        fc.property(codesOf(6, 8), codesOf(6, 4), (a, b) => {
          const shift = new Array<bigint>(6 / group).fill(0n);
          const [y] = answersOf(plain, [{ a, b }], engine);
          expect(answersOf(shifted, [{ a, b, shift }], engine)[0]).toEqual(y);
        }),
        { numRuns: 200, seed: 1 },
      );
    }
  });

  test('a shift of a group is the same shift of each of its lanes, and of all lanes a factor', async () => {
    const params = { a: 'e5m2', b: 'e3m2', lanes: 6, shift: 'int4' };
    const grouped = await designOf('fp-shift-dot', { ...params, group: 3 });
    const each = await designOf('fp-shift-dot', { ...params, group: 1 });
    const plain = await designOf('fp-dot', { a: 'e5m2', b: 'e3m2', lanes: 6 });
    const valueIn = (design: typeof plain, code: bigint): number =>
      toNumber(design.outputs[0]!.format.decode(code));
    const finite = fc.array(fc.constantFrom(0n, 0x3cn, 0x81n, 0x7bn, 0xc5n), { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(finite, codesOf(6, 6), codesOf(2, 4), (a, b, [s, t]) => {
        const [x] = answersOf(grouped, [{ a, b, shift: [s!, t!] }], engine);
        const [y] = answersOf(each, [{ a, b, shift: [s!, s!, s!, t!, t!, t!] }], engine);
        expect(y).toEqual(x);
        const [all] = answersOf(grouped, [{ a, b, shift: [s!, s!] }], engine);
        const [none] = answersOf(plain, [{ a, b }], engine);
        const exponent = Number(BigInt.asIntN(4, s!));
        expect(valueIn(grouped, all!.y as bigint)).toBe(valueIn(plain, none!.y as bigint) * 2 ** exponent);
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  test('fp4w-fp8a-dot is the dot product of the weights cast to FP8, where the cast is exact', async () => {
    const lanes = 4;
    const cast = await designOf('fp4-to-fp8-shift', { to: 'e4m3', shift: 'int3' });
    const fused = await designOf('fp4w-fp8a-dot', { lanes, group: lanes, shift: 'int3', result: 'fp32' });
    const dot = await designOf('fp-dot', { a: 'e4m3', b: 'e4m3', lanes, result: 'fp32' });
    fc.assert(
      fc.property(codesOf(lanes, 8), codesOf(lanes, 4), fc.bigInt({ min: 0n, max: 7n }), (a, b, shift) => {
        const weights = answersOf(
          cast,
          b.map(x => ({ x, shift })),
          engine,
        );
        expect(weights.every(w => w.inexact === 0n)).toBe(true);
        const [expected] = answersOf(dot, [{ a, b: weights.map(w => w.y as bigint) }], engine);
        expect(answersOf(fused, [{ a, b, shift: [shift] }], engine)[0]).toEqual(expected);
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  test.each([
    ['e4m3', 0x7n, 0, 0x4cn, 0n, 0n],
    ['e4m3', 0x7n, 3, 0x64n, 0n, 0n],
    ['e4m3', 0x7n, 7, 0x7en, 1n, 1n],
    ['e4m3', 0x1n, -5, 0x08n, 0n, 0n],
    ['e4m3', 0x1n, -8, 0x01n, 0n, 0n],
    ['e4m3', 0x3n, -9, 0x02n, 1n, 0n],
    // A tie, to even.
    ['e4m3', 0x1n, -9, 0x00n, 1n, 0n],
    ['e5m2', 0xbn, -2, 0xb6n, 0n, 0n],
    ['e5m2', 0x7n, -14, 0x0en, 0n, 0n],
    ['e4m3', 0x8n, 5, 0x80n, 0n, 0n],
  ])('fp4-to-fp8-shift to %s: the worked example %#', async (to, x, shift, y, inexact, saturated) => {
    const made = await designOf('fp4-to-fp8-shift', { to });
    const beat = { x, shift: BigInt.asUintN(5, BigInt(shift)) };
    expect(answersOf(made, [beat], engine)).toEqual([{ y, inexact, saturated }]);
  });

  // Both splits of each code, and its place in fp16.
  const EXAMPLES = [
    [0x1fn, [0b01n, 0b1111n], [0b11n, 0b0111n], 0x1f00n],
    [0x3fn, [0b11n, 0b1111n], [0b11n, 0b1111n], 0x9f00n],
    [0x01n, [0b00n, 0b0001n], [0b01n, 0b0000n], 0x0100n],
    [0x2cn, [0b10n, 0b1100n], [0b00n, 0b1011n], 0x8c00n],
    [0x0cn, [0b00n, 0b1100n], [0b00n, 0b0011n], 0x0c00n],
  ] as const;

  test('FP6: the worked examples', async () => {
    const lanes = EXAMPLES.length;
    const codes = EXAMPLES.map(([code]) => code);
    for (const [split, at] of [
      ['se', 1],
      ['sem', 2],
    ] as const) {
      const beat = { seg2: EXAMPLES.map(e => e[at][0]), seg4: EXAMPLES.map(e => e[at][1]) };
      const made = await designOf('fp6-unpack-4p2', { split, lanes });
      expect(answersOf(made, [beat], engine)).toEqual([{ y: codes }]);
    }
    const placed = await designOf('fp6-to-fp16', { lanes });
    expect(answersOf(placed, [{ x: codes }], engine)).toEqual([
      { y: EXAMPLES.map(([, , , place]) => place) },
    ]);
  });

  test('each FP6 code comes back from its pieces, and in fp16 it is 2^-12 times as much', async () => {
    const all = Array.from({ length: 64 }, (_, i) => BigInt(i));
    for (const split of ['se', 'sem']) {
      const high = split === 'se' ? 'seg2' : 'seg4';
      const low = split === 'se' ? 'seg4' : 'seg2';
      const bits = split === 'se' ? 4n : 2n;
      const beat = { [high]: all.map(c => c >> bits), [low]: all.map(c => c & ((1n << bits) - 1n)) };
      const made = await designOf('fp6-unpack-4p2', { split, lanes: 64 });
      expect(answersOf(made, [beat], engine)[0]!.y).toEqual(all);
    }
    const placed = await designOf('fp6-to-fp16', { lanes: 64 });
    const [fp16, e3m2] = [parseFormat('fp16'), parseFormat('e3m2')];
    const places = answersOf(placed, [{ x: all }], engine)[0]!.y as bigint[];
    expect(places.map(c => toNumber(fp16.decode(c)) * 2 ** 12)).toEqual(
      all.map(c => toNumber(e3m2.decode(c))),
    );
  });
});

test('a combination that cannot be is refused in one sentence', async () => {
  const rows: [string, object, object, RegExp][] = [
    [
      'fp-shift-dot',
      {
        lanes: 6,
        a: 'e2m1',
        b: 'e2m1',
        group: 1,
        shift: 'uint2',
        result: 'exact',
        round: 'rne',
        overflow: 'special',
      },
      { group: 4 },
      /--group 4 does not divide the 6 lanes/,
    ],
    [
      'fp4-to-fp8-shift',
      { from: 'e2m1', to: 'e4m3', shift: 'int5' },
      { from: 'e4m3' },
      /--from e4m3 has NaN/,
    ],
    [
      'fp4-to-fp8-shift',
      { from: 'e2m1', to: 'e4m3', shift: 'int5' },
      { to: 'e3m0fin' },
      /fewer mantissa bits/,
    ],
    ['fp4-to-fp8-shift', { from: 'e2m1', to: 'e4m3', shift: 'int5' }, { shift: 'int9' }, /at most 8/],
    ['fp6-to-fp16', { lanes: 4, from: 'e3m2', to: 'fp16' }, { from: 'e5m2' }, /--from e5m2 has NaN/],
    ['fp6-to-fp16', { lanes: 4, from: 'e3m2', to: 'fp16' }, { to: 'e3m4' }, /no place for the fields/],
    ['fp6-to-fp16', { lanes: 4, from: 'e3m2', to: 'fp16' }, { to: 'e2m3' }, /no place for the fields/],
  ];
  for (const [id, good, wrong, text] of rows) {
    const unit = (await loadUnit(id)) as unknown as AnyUnit;
    expect(unit.check!({ ...good })).toEqual([]);
    const problems = unit.check!({ ...good, ...wrong });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(text);
  }
});
