import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { add, type Exact, fromNumber, parseFormat, toNumber } from '../../../generators/formats/index.ts';
import { built } from '../../built.ts';
import { answersOf, type Codes, designOf } from '../answers.ts';

const { loadUnit } = await built<typeof import('../../../generators/reflect/catalogue.ts')>(
  'generators/reflect/catalogue',
);
type AnyUnit = import('../../../generators/units/unit.ts').Unit<Record<string, unknown>>;

const ENGINES = ['golden', 'interpreter'] as const;

/** All pairs of codes, or of those that `take` names. */
function pairs(codes: readonly number[]): Codes[] {
  return codes.flatMap(a => codes.map(b => ({ a: BigInt(a), b: BigInt(b) })));
}

describe.each(ENGINES)('lmul in the %s', engine => {
  // What the project's numerics work out by hand.
  test.each([
    ['e4m3', 0x3cn, 0x3cn, 0x41n],
    ['e4m3', 0x3fn, 0x3fn, 0x47n],
    ['e4m3', 0x38n, 0x38n, 0x39n],
    ['e4m3', 0x7en, 0x40n, 0x7en],
    ['e4m3', 0x08n, 0x30n, 0x00n],
    ['e5m2', 0x3en, 0xben, 0xc1n],
    ['bf16', 0x3fc0n, 0x4040n, 0x4088n],
    ['bf16', 0x3f80n, 0x3f80n, 0x3f88n],
  ])('%s: the worked example', async (operand, a, b, y) => {
    expect(answersOf(await designOf('lmul', { operand }), [{ a, b }], engine)).toEqual([{ y }]);
  });

  test('fp32: the constant of published implementations', async () => {
    // Their sum is code + code − 0x3f780000.
    const made = await designOf('lmul', { operand: 'fp32' });
    for (const [a, b] of [
      [0x3fc00000n, 0x40400000n],
      [0xbf800001n, 0x3f812345n],
    ] as const) {
      const magnitudes = (a & 0x7fffffffn) + (b & 0x7fffffffn) - 0x3f780000n;
      const sign = (a ^ b) & 0x80000000n;
      expect(answersOf(made, [{ a, b }], engine)).toEqual([{ y: magnitudes | sign }]);
    }
  });

  // Over all pairs of significands: mean, root mean square and largest magnitude of the relative error.
  test.each([
    ['e5m2', 'none', -0.0357, 0.0515, 0.1111],
    ['e5m2', 'lmul', 0.1467, 0.1534, 0.25],
    ['e5m3', 'none', -0.0378, 0.0493, 0.1111],
    ['e5m3', 'lmul', 0.0493, 0.0602, 0.125],
    ['e5m4', 'none', -0.0383, 0.0486, 0.1111],
    ['e5m4', 'lmul', 0.0487, 0.0587, 0.125],
    ['bf16', 'none', -0.0385, 0.0484, 0.1111],
    ['bf16', 'lmul', 0.0041, 0.031, 0.0729],
  ])('%s with offset %s: the error over all significands', async (operand, offset, mean, rms, worst) => {
    const format = parseFormat(operand);
    const { mantissaBits, bias } = format.float!;
    const significands = Array.from({ length: 2 ** mantissaBits }, (_, i) => bias * 2 ** mantissaBits + i);
    const beats = pairs(significands);
    const answers = answersOf(await designOf('lmul', { operand, offset }), beats, engine);
    const errors = beats.map(({ a, b }, i) => {
      const exact = toNumber(format.decode(a as bigint)) * toNumber(format.decode(b as bigint));
      return toNumber(format.decode(answers[i]!.y as bigint)) / exact - 1;
    });
    const average = (values: number[]): number => values.reduce((s, e) => s + e, 0) / values.length;
    expect(average(errors)).toBeCloseTo(mean, 4);
    expect(Math.sqrt(average(errors.map(e => e * e)))).toBeCloseTo(rms, 4);
    expect(Math.max(...errors.map(Math.abs))).toBeCloseTo(worst, 4);
  });

  test('never a code beyond the largest finite one, nor a subnormal, nor −0', async () => {
    for (const operand of ['e4m3', 'e5m2', 'e3m2', 'e4m3fnuz', 'p3109_k8p4se']) {
      const { maxFiniteCode, mantissaBits } = parseFormat(operand).float!;
      const { width } = parseFormat(operand);
      const sign = 1n << BigInt(width - 1);
      const all = Array.from({ length: 2 ** width }, (_, code) => code);
      for (const { y } of answersOf(await designOf('lmul', { operand }), pairs(all), engine)) {
        const magnitude = (y as bigint) % sign;
        expect(magnitude === 0n || magnitude >= 1n << BigInt(mantissaBits)).toBe(true);
        expect(magnitude <= maxFiniteCode).toBe(true);
        expect(y).not.toBe(sign);
      }
    }
  });

  test('NaN and infinity propagate where that is asked for', async () => {
    const made = await designOf('lmul', { operand: 'e5m2', special: 'propagate' });
    const [one, zero, subnormal, infinity, nan, large] = [0x3cn, 0x80n, 0x01n, 0xfcn, 0x7dn, 0x7bn];
    const cases = [
      [one, infinity, 0xfcn],
      [infinity, infinity, 0x7cn],
      [infinity, 0x04n, 0xfcn],
      [infinity, zero, 0x7en],
      [infinity, subnormal, 0x7en],
      [one, nan, 0x7en],
      [zero, nan, 0x7en],
      [large, large, 0x7bn],
    ] as const;
    const answers = answersOf(
      made,
      cases.map(([a, b]) => ({ a, b })),
      engine,
    );
    expect(answers.map(({ y }) => y)).toEqual(cases.map(([, , y]) => y));
    // With so large a bias the sum of codes is below the normal numbers.
    const biased = await designOf('lmul', { operand: 'e4m3b20ieee', special: 'propagate' });
    expect(answersOf(biased, [{ a: 0xf8n, b: 0x08n }], engine)).toEqual([{ y: 0xf8n }]);
  });

  test('lmul-dot is the sum of what lmul gives', async () => {
    const lanes = 5;
    for (const [operand, special] of [
      ['e4m3', 'ordinary'],
      ['e5m2', 'ordinary'],
      ['e2m1', 'propagate'],
      ['e3m4', 'propagate'],
    ] as const) {
      const format = parseFormat(operand);
      const one = await designOf('lmul', { operand, special });
      const dot = await designOf('lmul-dot', { operand, special, lanes });
      const code = fc.bigInt({ min: 0n, max: (1n << BigInt(format.width)) - 1n });
      const vector = fc.array(code, { minLength: lanes, maxLength: lanes });
      fc.assert(
        fc.property(vector, vector, (a, b) => {
          const products = answersOf(
            one,
            a.map((x, i) => ({ a: x, b: b[i]! })),
            engine,
          );
          const sum = products.reduce<Exact>((s, { y }) => add(s, format.decode(y as bigint)), fromNumber(0));
          const answer = answersOf(dot, [{ a, b }], engine)[0]!;
          if (sum.kind !== 'finite') {
            expect(answer).toEqual({ y: 0n, invalid: 1n });
            return;
          }
          expect(answer.invalid ?? 0n).toBe(0n);
          const { width, lsbExponent } = dot.outputs[0]!.format;
          const units = BigInt(toNumber(sum) * 2 ** -lsbExponent);
          expect(answer.y).toBe(BigInt.asUintN(width, units));
        }),
        { numRuns: 200, seed: 1 },
      );
    }
  });

  test('a combination that cannot be is refused in one sentence', async () => {
    const unit = (await loadUnit('lmul')) as unknown as AnyUnit;
    const problems = (params: object): readonly string[] =>
      unit.check!({ operand: 'e4m3', offset: 'lmul', special: 'ordinary', ...params });
    for (const offset of ['lmul', 'none', '8', '-8', '0']) expect(problems({ offset })).toEqual([]);
    for (const offset of ['9', '1.5', 'mitchell', ''])
      expect(problems({ offset })).toEqual([
        `--offset is "${offset}"; expected lmul, none, or an integer from -8 to 8`,
      ]);
    expect(problems({ operand: 'e1m2' })).toEqual([
      '--operand e1m2 has no normal numbers, and L-Mul takes all others for zero; use e1m2fin',
    ]);
    expect(problems({ operand: 'fp64' })).toHaveLength(1);
    expect(problems({ operand: 'p3109_k8p4ue' })).toHaveLength(1);
    const dot = (await loadUnit('lmul-dot')) as unknown as AnyUnit;
    const sum = {
      lanes: 32,
      result: 'exact',
      accumulator: 'exact',
      alignedWidth: 24,
      round: 'rne',
      overflow: 'special',
    };
    expect(dot.check!({ ...sum, operand: 'bf16', offset: 'lmul', special: 'ordinary' })).toEqual([
      'the exact sum has 267 bits, more than the 256 that are built: align the products, or use one lane and a float result',
    ]);
  });
});

// Where the leading bits of the codes tell which limit a sum can be beyond, and where they do not.
test.each([
  ['e5m2', 'none', true],
  ['e4m3', 'lmul', true],
  ['e1m3fin', '-1', true],
  ['e2m1', '2', true],
  ['e4m3fnuz', '-8', false],
  ['e4m3b12ieee', 'lmul', false],
  ['e4m3b1ieee', '1', true],
  ['e4m3b1ieee', '2', false],
])('%s with offset %s: all pairs of codes', async (operand, offset, isToldByLeadingBits) => {
  const made = await designOf('lmul', { operand, offset });
  const all = pairs(Array.from({ length: 2 ** parseFormat(operand).width }, (_, code) => code));
  expect(answersOf(made, all, 'interpreter')).toEqual(answersOf(made, all, 'golden'));
  const compares = made.netlist.nodes.some(n => n.op === 'lt');
  expect(compares).toBe(!isToldByLeadingBits);
});
