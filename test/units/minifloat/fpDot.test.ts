import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { add, fromNumber, mul, parseFormat, ZERO } from '../../../generators/formats/index.ts';
import { built } from '../../built.ts';
import { readBytes, readTsv, vectorsPresent } from '../../formats/vectors.ts';
import { answersOf, type Codes, designOf } from '../answers.ts';

const { loadUnit } = await built<typeof import('../../../generators/reflect/catalogue.ts')>(
  'generators/reflect/catalogue',
);
type AnyUnit = import('../../../generators/units/unit.ts').Unit<Record<string, unknown>>;

const ENGINES = ['golden', 'interpreter'] as const;
const EXACT = { result: 'exact', accumulator: 'exact', alignedWidth: 24, round: 'rne', overflow: 'special' };
const codes = (hex: string, digits: number): bigint[] =>
  (hex.match(new RegExp(`.{${digits}}`, 'g')) ?? []).map(code => BigInt(`0x${code}`));

describe.each(ENGINES)('fp-dot in the %s', engine => {
  // What the project's numerics work out by hand.
  test.each([
    ['e4m3', 'e4m3', [0x38n, 0xc1n, 0x7en], [0x40n, 0x3cn, 0x01n], -131072n],
    ['e2m1', 'e2m1', [0x7n, 0xfn, 0x1n], [0x7n, 0x7n, 0x9n], -1n],
    ['e5m2', 'e5m2', [0x7bn, 0x01n], [0x01n, 0x01n], 3758096385n],
    ['e2m1', 'e4m3', [0x7n, 0x3n], [0x38n, 0xb8n], 4608n],
  ])('%s times %s: the worked example', async (a, b, x, y, sum) => {
    const made = await designOf('fp-dot', { a, b, lanes: x.length });
    const { width, lsbExponent } = made.outputs[0]!.format;
    expect(lsbExponent).toBe(parseFormat(a).lsbExponent + parseFormat(b).lsbExponent);
    expect(answersOf(made, [{ a: x, b: y }], engine)[0]!.y).toBe(BigInt.asUintN(width, sum));
  });

  test.skipIf(!vectorsPresent)('gfloat: exact sums, and rounded once to four formats', async () => {
    const rows = vectorsPresent ? readTsv('gfloat/dot_exact.tsv.gz') : [];
    const kinds = [...new Set(rows.map(([format, lanes]) => `${format} ${lanes}`))];
    expect(kinds).toEqual(['ocp_e4m3 4', 'ocp_e4m3 8', 'ocp_e2m1 32', 'ocp_e3m2 16']);
    for (const kind of kinds) {
      const list = rows.filter(([format, lanes]) => `${format} ${lanes}` === kind);
      const [format, lanes] = kind.slice(4).split(' ');
      const params = { a: format!, b: format!, lanes: Number(lanes) };
      const beats = list.map(([, , a, b]) => ({ a: codes(a!, 2), b: codes(b!, 2) }));
      const exact = await designOf('fp-dot', params);
      const { width, lsbExponent } = exact.outputs[0]!.format;
      const sums = answersOf(exact, beats, engine).map(({ y }) => BigInt.asIntN(width, y as bigint));
      list.forEach(([, , , , fraction], i) => {
        const [numerator, denominator] = fraction!.split('/').map(BigInt);
        expect(sums[i]! * denominator!).toBe(numerator! << BigInt(-lsbExponent));
      });
      for (const [column, result, overflow] of [
        [5, 'fp32', 'special'],
        [6, 'fp16', 'special'],
        [7, 'bf16', 'special'],
        [8, format!, 'saturate'],
      ] as const) {
        const answers = answersOf(await designOf('fp-dot', { ...params, result, overflow }), beats, engine);
        expect(answers.map(({ y }) => y)).toEqual(list.map(row => BigInt(`0x${row[column]}`)));
      }
    }
  });

  test.skipIf(!vectorsPresent).each([
    ['e4m3', 'float8_e4m3fn'],
    ['e5m2', 'float8_e5m2'],
    ['e4m3fnuz', 'float8_e4m3fnuz'],
    ['e4m3b11fnuz', 'float8_e4m3b11fnuz'],
    ['e3m4', 'float8_e3m4'],
    ['e4m3ieee', 'float8_e4m3'],
    ['e2m3', 'float6_e2m3fn'],
  ])('one lane of %s, rounded to it, is the product of ml_dtypes', async (id, file) => {
    const format = parseFormat(id);
    const expected = readBytes(`ml_dtypes/mul_${file}.bin.gz`);
    const made = await designOf('fp-dot', { a: id, b: id, lanes: 1, result: id });
    const count = 2 ** format.width;
    expect(expected.length).toBe(count ** 2);
    const beats: Codes[] = [];
    for (let a = 0; a < count; a++)
      for (let b = 0; b < count; b++) beats.push({ a: BigInt(a), b: BigInt(b) });
    const answers = answersOf(made, beats, engine);
    for (let i = 0; i < beats.length; i++) {
      const [a, b] = [format.decode(beats[i]!.a as bigint), format.decode(beats[i]!.b as bigint)];
      const product = mul(a, b);
      const theirs = format.decode(BigInt(expected[i]!));
      const ours = answers[i]!.y as bigint;
      if (theirs.kind === 'nan') expect(ours).toBe(format.canonicalNaN);
      // A product has a signed zero, a sum of zero is +0.
      else if (product.kind === 'finite' && product.mag === 0n) expect(ours).toBe(0n);
      else expect(ours).toBe(BigInt(expected[i]!));
    }
  });

  test('NaN and infinities: by IEEE 754 in a float, invalid in fixed point', async () => {
    const [one, zero, infinity, minus, nan] = [0x3cn, 0n, 0x7cn, 0xfcn, 0x7en];
    const beats = [
      [one, one, one, one],
      [infinity, one, one, one],
      [minus, one, one, one],
      [infinity, zero, one, one],
      [infinity, one, minus, one],
      [infinity, minus, one, one],
      [nan, zero, one, one],
    ].map(([a0, b0, a1, b1]) => ({ a: [a0!, a1!], b: [b0!, b1!] }));
    const params = { a: 'e5m2', b: 'e5m2', lanes: 2 };
    const rounded = answersOf(await designOf('fp-dot', { ...params, result: 'e5m2' }), beats, engine);
    expect(rounded.map(({ y }) => y)).toEqual([0x40n, infinity, minus, nan, nan, minus, nan]);
    const exact = answersOf(await designOf('fp-dot', params), beats, engine);
    expect(exact.map(({ invalid }) => invalid)).toEqual([0n, 1n, 1n, 1n, 1n, 1n, 1n]);
    expect(exact.map(({ y }) => y)).toEqual([2n << 32n, 0n, 0n, 0n, 0n, 0n, 0n]);
  });

  test('the order of the lanes does not matter, aligned neither', async () => {
    const lanes = 7;
    const vector = fc.array(fc.tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0, max: 65535 })), {
      minLength: lanes,
      maxLength: lanes,
    });
    for (const accumulator of ['exact', 'aligned']) {
      const result = accumulator === 'exact' ? 'exact' : 'fp32';
      const settings = { a: 'e4m3', b: 'fp16', lanes, accumulator, alignedWidth: 9, result };
      const made = await designOf('fp-dot', settings);
      const beat = (v: readonly (readonly [number, number])[]): Codes => ({
        a: v.map(([a]) => BigInt(a)),
        b: v.map(([, b]) => BigInt(b)),
      });
      fc.assert(
        fc.property(vector, fc.integer({ min: 1, max: lanes - 1 }), (v, k) => {
          const turned = [...v.slice(k), ...v.slice(0, k)].reverse();
          const [x, y] = answersOf(made, [beat(v), beat(turned)], engine);
          expect(y).toEqual(x);
        }),
        { numRuns: 300, seed: 1 },
      );
    }
  });

  test('aligned: worked out by hand', async () => {
    // Products of bf16: 8-bit significands, so 16 bits of a product. 1.5·1 = 192·128·2^-14 and small ones below it.
    const made = await designOf('fp-dot', {
      a: 'bf16',
      b: 'bf16',
      lanes: 3,
      accumulator: 'aligned',
      alignedWidth: 6,
      result: 'fp32',
    });
    const bf16 = (x: number): bigint => BigInt(parseFormat('bf16').encodeNumber(x));
    // The largest product has weight 2^-14 and 16 bits: six of them end at 2^-4.
    const cases: [number[], number][] = [
      [[1.5, 0.0625, 0], 1.5625],
      // Cut toward zero, whatever the sign.
      [[1.5, 0.046875, 0.046875], 1.5],
      [[1.5, -0.09375, -0.09375], 1.375],
      // A zero aligns nothing, however large its other factor (2^127 here): alone the small ones stay.
      [[0, 0.046875, 0.046875], 0.09375],
      [[-1, 1, 2 ** -40], 0],
    ];
    const beats = cases.map(([x]) => ({
      a: x.map(bf16),
      b: [bf16(x[0] === 0 ? 2 ** 127 : 1), bf16(1), bf16(1)],
    }));
    const values = answersOf(made, beats, engine).map(({ y }) => parseFormat('fp32').decodeNumber(Number(y)));
    expect(values).toEqual(cases.map(([, sum]) => sum));
  });
});

test('the width of exact sums, of formats and lanes', async () => {
  const unit = (await loadUnit('fp-dot')) as unknown as AnyUnit;
  const widthOf = (format: string, other: string, lanes: number): number => {
    const params = { ...EXACT, a: format, b: other, lanes };
    const refused = unit.check!(params);
    if (refused.length === 0) return parseFormat(unit.ports(params).out.y!.format).width;
    expect(refused.length).toBe(1);
    return Number(/the exact sum has (\d+) bits, more than the 256/.exec(refused[0]!)![1]);
  };
  for (const [a, b, ...widths] of [
    ['e2m1', 'e2m1', 9, 13, 14, 16, 19],
    ['e2m3', 'e2m3', 13, 17, 18, 20, 23],
    ['e3m2', 'e3m2', 19, 23, 24, 26, 29],
    ['e4m3', 'e4m3', 37, 41, 42, 44, 47],
    ['e5m2', 'e5m2', 65, 69, 70, 72, 75],
    ['e2m1', 'e4m3', 23, 27, 28, 30, 33],
    ['fp16', 'fp16', 81, 85, 86, 88, 91],
    ['bf16', 'bf16', 523, 527, 528, 530, 533],
  ] as const)
    expect([1, 16, 32, 128, 1024].map(lanes => widthOf(a, b, lanes))).toEqual(widths);
});

test('aligned equals exact where nothing falls off', async () => {
  // Products of e2m1 span 2 + 2 places of exponents and have four bits: eight keep all.
  const params = { a: 'e2m1', b: 'e2m1', lanes: 6, result: 'fp16' };
  const exact = await designOf('fp-dot', params);
  const aligned = await designOf('fp-dot', { ...params, accumulator: 'aligned', alignedWidth: 8 });
  const code = fc.bigInt({ min: 0n, max: 15n });
  const lanes = fc.array(code, { minLength: 6, maxLength: 6 });
  fc.assert(
    fc.property(lanes, lanes, (a, b) => {
      expect(answersOf(aligned, [{ a, b }])).toEqual(answersOf(exact, [{ a, b }]));
    }),
    { numRuns: 500, seed: 1 },
  );
});

test('a combination that cannot be is refused in one sentence', async () => {
  const unit = (await loadUnit('fp-dot')) as unknown as AnyUnit;
  const problems = (params: object): readonly string[] =>
    unit.check!({ ...EXACT, a: 'e4m3', b: 'e4m3', lanes: 4, ...params });
  expect(problems({})).toEqual([]);
  for (const [params, text] of [
    [{ a: 'bf16', b: 'bf16' }, 'the exact sum has 525 bits, more than the 256 that are built: align'],
    [{ accumulator: 'aligned' }, 'a sum of aligned products has no fixed last bit'],
    [{ a: 'fp32' }, '--a fp32 has 32 bits, and an operand has at most 16'],
    [{ b: 'e4m3b300' }, '--b e4m3b300 reaches from'],
    [{ result: 'fp64' }, 'a sum is rounded to a format of at most 32 bits'],
    [{ result: 'e3m2' }, 'a product can be NaN or infinite, and e3m2 has no code for NaN'],
    [{ result: 'p3109_k8p3ue' }, 'a sum can be negative'],
  ] as const) {
    expect(problems(params)).toHaveLength(1);
    expect(problems(params)[0]).toContain(text);
  }
  expect(problems({ a: 'bf16', b: 'bf16', accumulator: 'aligned', result: 'fp32' })).toEqual([]);
  expect(problems({ a: 'bf16', b: 'bf16', lanes: 1, result: 'fp32' })).toEqual([]);
});

describe.each(ENGINES)('fp-mac in the %s', engine => {
  const lanes = 4;
  const beat = fc.record({
    first: fc.constantFrom(0n, 0n, 0n, 1n),
    a: fc.array(fc.bigInt({ min: 0n, max: 255n }), { minLength: lanes, maxLength: lanes }),
    b: fc.array(fc.bigInt({ min: 0n, max: 255n }), { minLength: lanes, maxLength: lanes }),
  });
  const beats = fc.array(beat, { minLength: 1, maxLength: 12 });
  const operands = { a: 'e4m3fnuz', b: 'e5m2', lanes };

  test.each(['fp32', 'bf16', 'e5m3'])('in %s: each beat rounded, and each sum', async accumulator => {
    const format = parseFormat(accumulator);
    const made = await designOf('fp-mac', { ...operands, accumulator });
    const [f, g] = [parseFormat(operands.a), parseFormat(operands.b)];
    fc.assert(
      fc.property(beats, list => {
        let sum = 0n;
        const expected = list.map(({ first, a, b }) => {
          const products = a.map((code, i) => mul(f.decode(code), g.decode(b[i]!)));
          const dot = format.encode(products.reduce(add, fromNumber(0)), { overflow: 'special' });
          const before = first ? ZERO : format.decode(sum);
          sum = format.encode(add(before, format.decode(dot)), { overflow: 'special' });
          return sum;
        });
        expect(answersOf(made, list, engine).map(({ y }) => y)).toEqual(expected);
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  test('the order of beats does not change an exact sum, nor one in a window', async () => {
    for (const accumulator of ['exact', 'fix60.33']) {
      const made = await designOf('fp-mac', { ...operands, accumulator, beats: 16 });
      fc.assert(
        fc.property(beats, list => {
          const once = list.map((x, i) => ({ ...x, first: i === 0 ? 1n : 0n }));
          const turned = [...list].reverse().map((x, i) => ({ ...x, first: i === 0 ? 1n : 0n }));
          const [x, y] = [answersOf(made, once, engine), answersOf(made, turned, engine)];
          expect(y.at(-1)!.y).toBe(x.at(-1)!.y);
        }),
        { numRuns: 200, seed: 1 },
      );
    }
  });
});
