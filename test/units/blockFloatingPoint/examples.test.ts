import { describe, expect, test } from 'vitest';
import type { Parameters } from '../../../generators/emit/design.ts';
import { answersOf, type Codes, designOf } from '../answers.ts';
import { codesOf, hex } from './codes.ts';

/** Worked examples of an integer model that was written apart from this project. */
const BLOCK = [0.1, -2.5, 7.9, 0.02, -0.6, 3.3, -7.9, 1.0];
const ENGINES = ['golden', 'interpreter'] as const;

async function answer(unit: string, params: Parameters, beat: Codes): Promise<Codes> {
  const made = await designOf(unit, params);
  const [golden, interpreter] = ENGINES.map(engine => answersOf(made, [beat], engine)[0]!);
  expect(interpreter).toEqual(golden);
  return golden!;
}

describe('mx-quant', () => {
  const ENDS = [7.98, 1.0, -0.03, -7.98];
  test.each([
    ['e2m1', 'floor', BLOCK, 0x7f, [0x0, 0xc, 0x7, 0x0, 0x9, 0x5, 0xf, 0x2]],
    ['e2m1', 'ceil', BLOCK, 0x80, [0x0, 0xa, 0x6, 0x0, 0x9, 0x3, 0xe, 0x1]],
    ['int8', 'floor', BLOCK, 0x81, [0x02, 0xd8, 0x7e, 0x00, 0xf6, 0x35, 0x82, 0x10]],
    ['int8', 'ceil', BLOCK, 0x81, [0x02, 0xd8, 0x7e, 0x00, 0xf6, 0x35, 0x82, 0x10]],
    ['e4m3', 'floor', BLOCK, 0x79, [0x4d, 0xf2, 0x7e, 0x3a, 0xe2, 0x75, 0xfe, 0x68]],
    ['e2m3', 'floor', BLOCK, 0x7f, [0x01, 0x32, 0x1f, 0x00, 0x25, 0x15, 0x3f, 0x08]],
    ['int8', 'floor', ENDS, 0x81, [0x7f, 0x10, 0x00, 0x81]],
    ['int8', 'ceil', ENDS, 0x82, [0x40, 0x08, 0x00, 0xc0]],
  ])('%s by %s', async (element, scaleRule, values, scale, codes) => {
    const params = { from: 'fp32', element, scaleRule, lanes: values.length };
    const x = codesOf('fp32', values);
    expect(await answer('mx-quant', params, { x })).toEqual({ scale: BigInt(scale), y: hex(...codes) });
  });
});

describe('mx-dot', () => {
  const padded = (codes: readonly number[]): bigint[] =>
    hex(...codes, ...new Array(32 - codes.length).fill(0));
  const signed = (bits: number, x: number): bigint => BigInt.asUintN(bits, BigInt(x));

  test.each([
    [
      'e2m1',
      [0x7f, 0x0, 0xc, 0x7, 0x0, 0x9, 0x5, 0xf, 0x2],
      [0x7f, 0x2, 0x1, 0x8, 0x5, 0x2, 0xb, 0x4, 0xf],
      [14, -96, 0],
    ],
    [
      'int8',
      [0x81, 0x02, 0xd8, 0x7e, 0x00, 0xf6, 0x35, 0x82, 0x10],
      [0x81, 0x10, 0x08, 0xfc, 0x30, 0x0c, 0xe8, 0x20, 0xa0],
      [21, -7752, 4],
    ],
    ['e2m1', [0x7f, ...new Array(32).fill(7)], [0x7f, ...new Array(32).fill(7)], [14, 4608, 0]],
    ['e2m1', [0x7f, ...new Array(32).fill(7)], [0x7f, ...new Array(32).fill(15)], [14, -4608, 0]],
  ] as const)('%s', async (element, [aScale, ...a], [bScale, ...b], [bits, sum, exponent]) => {
    const beat = { a: padded(a), a_scale: BigInt(aScale), b: padded(b), b_scale: BigInt(bScale) };
    const y = { y: signed(bits, sum), exponent: signed(10, exponent), invalid: 0n };
    expect(await answer('mx-dot', { element }, beat)).toEqual(y);
    // Also as a float: −24, −30.28125, ±1152.
    const lsb = element === 'int8' ? -12 : -2;
    const [value] = codesOf('fp32', [sum * 2 ** (lsb + exponent)]);
    expect(await answer('mx-dot', { element, result: 'fp32' }, beat)).toEqual({ y: value });
  });

  test('is as wide as the largest sum needs', async () => {
    const widths = { e2m1: 14, e2m3: 18, e3m2: 24, e4m3: 42, e5m2: 70, int8: 21 };
    for (const [element, width] of Object.entries(widths)) {
      const made = await designOf('mx-dot', { element });
      expect(made.outputs.find(port => port.name === 'y')?.width).toBe(width);
    }
  });
});

describe('nv-quant', () => {
  const params = { from: 'fp32', lanes: 8 };
  const x = codesOf('fp32', BLOCK);
  test.each([
    ['e2m1', 0x3b, [0x0, 0xc, 0x7, 0x0, 0x9, 0x4, 0xf, 0x1]],
    ['int4', 0x39, [0x0, 0xe, 0x7, 0x0, 0xf, 0x3, 0x9, 0x1]],
  ])('%s with a tensor scale of 1', async (element, scale, codes) => {
    const y = { scale: BigInt(scale), y: hex(...codes) };
    expect(await answer('nv-quant', { ...params, element }, { x, tensor_scale: 0x3f800000n })).toEqual(y);
    expect(await answer('nv-quant', { ...params, element, tensorScale: 'one' }, { x })).toEqual(y);
  });

  test('e2m1 with a tensor scale of 8 / (448 · 6)', async () => {
    // 1 over both scales is 0.75, a tie, which goes to code 2. No fp32 number is that scale: of the two beside it, the lower
    // one takes the quotient above the tie, and the upper one below it.
    const upper = codesOf('fp32', [8 / (448 * 6)])[0]!;
    expect(0.75 * 448 * Math.fround(8 / (448 * 6))).toBeGreaterThan(1);
    for (const [tensor_scale, last] of [
      [upper - 1n, 2],
      [upper, 1],
    ] as const) {
      const y = { scale: 0x7en, y: hex(0x0, 0xc, 0x7, 0x0, 0x9, 0x4, 0xf, last) };
      expect(await answer('nv-quant', params, { x, tensor_scale })).toEqual(y);
    }
  });
});

describe('nv-dot', () => {
  test.each([
    // Sums of −78 quarters, and of −30.
    ['e2m1', [6, 1], [-3, -1.5], 0x3b, 0x38, -28114944n],
    ['int4', [5, 0], [-6, 3], 0x39, 0x36, -7741440n],
  ] as const)('%s', async (element, a, b, aScale, bScale, product) => {
    const [a_scale, b_scale] = [BigInt(aScale), BigInt(bScale)];
    const beat = { a: codesOf(element, a), a_scale, b: codesOf(element, b), b_scale };
    const made = await designOf('nv-dot', { element, lanes: 2 });
    const y = BigInt.asUintN(made.outputs[0]!.width, product);
    expect(await answer('nv-dot', { element, lanes: 2 }, beat)).toEqual({ y, invalid: 0n });
  });

  test.each([
    ['e2m1', 48],
    ['int4', 47],
  ])('of 16 elements of %s has %d bits', async (element, width) => {
    const made = await designOf('nv-dot', { element });
    expect(made.outputs.find(port => port.name === 'y')?.width).toBe(width);
  });
});

describe('bfp-quant', () => {
  test.each([
    [4, [0x0, 0xe, 0x7, 0x0, 0xf, 0x3, 0x9, 0x1]],
    [5, [0x00, 0x1b, 0x0f, 0x00, 0x1f, 0x07, 0x11, 0x02]],
    [8, [0x02, 0xd8, 0x7e, 0x00, 0xf6, 0x35, 0x82, 0x10]],
  ])('%d-bit mantissas', async (mantissa, codes) => {
    const beat = { x: codesOf('fp32', BLOCK) };
    const y = { scale: 0x81n, y: hex(...codes) };
    expect(await answer('bfp-quant', { mantissa, from: 'fp32', lanes: 8 }, beat)).toEqual(y);
  });

  test.each([
    [[100, 0.5, -0.25, 0.75], 6, [6, 0, 0, 0]],
    [[90, 0.4, 0.3, -0.2], 6, [6, 0, 0, 0]],
    [[100, 90, 0.75, 0.5], 6, [6, 6, 0, 0]],
    [[0.4, 0.3, -0.25, -0.2], -2, [6, 5, -4, -3]],
  ])('channels before and after sorting: %j', async (values, exponent, mantissas) => {
    const beat = { x: codesOf('fp32', values) };
    const y = { scale: BigInt(exponent + 127), y: mantissas.map(m => BigInt.asUintN(4, BigInt(m))) };
    expect(await answer('bfp-quant', { mantissa: 4, from: 'fp32', lanes: 4 }, beat)).toEqual(y);
  });
});

test('bfp-dot of two quantized blocks', async () => {
  const quantize = async (values: readonly number[]): Promise<Codes> =>
    answer('bfp-quant', { mantissa: 4, from: 'fp32', lanes: 8 }, { x: codesOf('fp32', values) });
  const v = await quantize(BLOCK);
  const u = await quantize([1, 0.5, -0.25, 3, 0.75, -1.5, 2, -6]);
  const beat = { a: v.y!, a_scale: v.scale!, b: u.y!, b_scale: u.scale! };
  // The integers give −27; their last bit weighs 2^−4, and the scales 2^2 each.
  const made = await designOf('bfp-dot', { mantissa: 4, lanes: 8 });
  const y = BigInt.asUintN(made.outputs[0]!.width, -27n);
  expect(await answer('bfp-dot', { mantissa: 4, lanes: 8 }, beat)).toEqual({ y, exponent: 4n, invalid: 0n });
  const result = await answer('bfp-dot', { mantissa: 4, lanes: 8, result: 'fp32' }, beat);
  expect(result.y).toBe(codesOf('fp32', [-27])[0]);
});
