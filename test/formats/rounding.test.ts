import { describe, expect, it } from 'vitest';
import {
  FormatError,
  fromNumber,
  mirrored,
  type Overflow,
  parseFormat,
  ROUNDINGS,
  type Round,
  roundShift,
} from '../../generators/formats/index.ts';

const TIES = [-5n, -3n, -1n, 1n, 3n, 5n];

describe('rounding of a tie', () => {
  it.each<[Round, number[]]>([
    ['rhu', [-2, -1, 0, 1, 2, 3]],
    ['rhd', [-3, -2, -1, 0, 1, 2]],
    ['rna', [-3, -2, -1, 1, 2, 3]],
    ['rhz', [-2, -1, 0, 0, 1, 2]],
    ['rne', [-2, -2, 0, 0, 2, 2]],
    ['trn', [-3, -2, -1, 0, 1, 2]],
    ['rdn', [-3, -2, -1, 0, 1, 2]],
    ['rtz', [-2, -1, 0, 0, 1, 2]],
    ['rup', [-2, -1, 0, 1, 2, 3]],
    ['odd', [-3, -1, -1, 1, 1, 3]],
  ])('%s of −2.5 … 2.5', (round, expected) => {
    expect(TIES.map(x => Number(roundShift(x, 1, round)))).toEqual(expected);
    const int8 = parseFormat('int8');
    const viaNumbers = TIES.map(x => int8.decodeNumber(int8.encodeNumber(Number(x) / 2, { round })));
    expect(viaNumbers).toEqual(expected);
  });

  it('mirrored gives the negated result for the negated value', () => {
    for (const round of ROUNDINGS.filter(mode => mode !== 'stochastic')) {
      for (let x = -40n; x <= 40n; x++) {
        expect(roundShift(-x, 3, mirrored(round))).toBe(-roundShift(x, 3, round));
      }
    }
  });

  it('shifts left exactly, and rounds the smallest remainder of a long shift', () => {
    expect(roundShift(-5n, -3, 'rne')).toBe(-40n);
    expect(roundShift(1n, 200, 'rup')).toBe(1n);
    expect(roundShift(-1n, 200, 'rdn')).toBe(-1n);
    expect(roundShift((1n << 199n) + 1n, 200, 'rhd')).toBe(1n);
  });
});

describe('stochastic rounding', () => {
  const round = (x: bigint, shift: number, bits: bigint, count: number) =>
    roundShift(x, shift, 'stochastic', { bits, count });

  it('adds the random bits to the remainder', () => {
    expect(round(0b101_0110n, 4, 9n, 4)).toBe(5n);
    expect(round(0b101_0110n, 4, 10n, 4)).toBe(6n);
    expect(round(0b101_0000n, 4, 15n, 4)).toBe(5n);
    expect(round(-1n, 4, 0n, 4)).toBe(-1n);
    expect(round(-1n, 4, 1n, 4)).toBe(0n);
  });

  it('takes the top bits of the remainder where the random bits are fewer', () => {
    expect(round(0b1_0111_1111n, 8, 8n, 4)).toBe(1n);
    expect(round(0b1_0111_1111n, 8, 9n, 4)).toBe(2n);
  });

  it('scales the remainder where the random bits are more', () => {
    expect(round(0b11n, 1, 7n, 4)).toBe(1n);
    expect(round(0b11n, 1, 8n, 4)).toBe(2n);
  });

  it('wants random bits, and as many as it says', () => {
    const format = parseFormat('e4m3');
    expect(() => format.encodeNumber(0.3, { round: 'stochastic' })).toThrow(FormatError);
    expect(() => format.encodeNumber(0.3, { round: 'stochastic', random: { bits: 16n, count: 4 } })).toThrow(
      FormatError,
    );
  });
});

describe('encoding by hand', () => {
  it.each<[string, number, Round, bigint]>([
    ['e4m3', 0.3, 'rne', 0x2an],
    ['e4m3', 500, 'rne', 0x7en],
    ['e4m3', 464, 'rne', 0x7en],
    ['e4m3', 0.0009765625, 'rne', 0x00n],
    ['e4m3', 0.0029296875, 'rne', 0x02n],
    ['e5m2', -3.5, 'rne', 0xc3n],
    ['e5m2', 4.5, 'rne', 0x44n],
    ['e2m1', 2.5, 'rne', 0x4n],
    ['e2m1', 2.5, 'rna', 0x5n],
    ['e2m1', 0.25, 'rne', 0x0n],
    ['e2m1', 5, 'rne', 0x6n],
    ['e3m2', 0.09375, 'rne', 0x02n],
    ['e2m3', -7.6, 'rne', 0x3fn],
    ['e8m0', 1.5, 'rne', 128n],
    ['e8m0', 3, 'rne', 128n],
    ['e8m0', 3, 'rna', 129n],
    ['e8m0', 1.01, 'rup', 128n],
    ['e3m0fin', 1.5, 'rne', 0x4n],
    ['e3m0fin', 3, 'rne', 0x4n],
  ])('%s from %d, %s', (id, x, round, code) => {
    expect(parseFormat(id).encode(fromNumber(x), { round })).toBe(code);
    expect(parseFormat(id).encodeNumber(x, { round })).toBe(Number(code));
  });

  it.each<[number, Round, Overflow, number]>([
    [0x0ac8, 'rhu', 'saturate', 0x0b],
    [0xf538, 'rhu', 'saturate', 0xf5],
    [0xf538, 'rna', 'saturate', 0xf5],
    [0x0ad8, 'rne', 'saturate', 0x0b],
    [0x7fff, 'rhu', 'saturate', 0x7f],
    [0x7fff, 'rhu', 'wrap', 0x80],
    [0x8000, 'rhu', 'satsym', 0x81],
    [0x7fff, 'rhu', 'satzero', 0x00],
    [0x7fff, 'rhu', 'wrapsm', 0x7f],
    [0x8000, 'trn', 'wrapsm', 0x80],
  ])('fix16.12 %i to fix8.4, %s, %s', (code, round, overflow, expected) => {
    const value = parseFormat('fix16.12').decode(BigInt(code));
    expect(parseFormat('fix8.4').encode(value, { round, overflow })).toBe(BigInt(expected));
  });
});

describe('special values', () => {
  const { POSITIVE_INFINITY: inf, NaN: nan } = Number;

  it.each<[string, Overflow, number, number]>([
    ['fp32', 'special', nan, 0x7fc00000],
    ['e4m3', 'saturate', nan, 0x7f],
    ['e5m2', 'saturate', nan, 0x7e],
    ['bf16', 'saturate', nan, 0x7fc0],
    ['e4m3fnuz', 'saturate', nan, 0x80],
    ['e2m1', 'saturate', nan, 0x7],
    ['e2m1', 'special', -inf, 0xf],
    ['int8', 'saturate', nan, 0x7f],
    ['int8', 'satzero', nan, 0],
    ['int8', 'wrap', -inf, 0],
    ['int8', 'wrapsm', inf, 0],
    ['int8', 'wrapsm', 128, 0x7f],
    ['int8', 'wrapsm', 255, 0],
    ['int8', 'wrapsm', 256, 0xff],
    ['int8', 'wrapsm', -129, 0x80],
    ['int1', 'wrapsm', 2, 0xff >> 7],
    ['int8', 'satsym', -inf, 0x81],
    ['uint8', 'saturate', -inf, 0],
    ['e5m2', 'saturate', inf, 0x7b],
    ['e5m2', 'special', -inf, 0xfc],
    ['e4m3', 'special', -inf, 0x7f],
    ['e4m3fnuz', 'saturate', -0, 0],
    ['e4m3fnuz', 'saturate', -1e-9, 0],
    ['e4m3', 'saturate', -1e-9, 0x80],
    ['int8', 'saturate', -0, 0],
    ['p3109_k8p3ue', 'saturate', -1, 0],
    ['p3109_k8p3ue', 'special', -1, 0xff],
    ['e8m0', 'saturate', 0, 0],
    ['e8m0', 'special', 0, 0xff],
    ['e8m0', 'special', 1e-45, 0],
    ['e8m0', 'saturate', inf, 0xfe],
  ])('%s, %s: %d', (id, overflow, x, code) => {
    expect(parseFormat(id).encode(fromNumber(x), { overflow })).toBe(BigInt(code));
    expect(parseFormat(id).encodeNumber(x, { overflow })).toBe(code);
  });

  it('overflow stays finite in the roundings toward zero and to odd', () => {
    const e5m2 = parseFormat('e5m2');
    const codes = (['rne', 'rna', 'rtz', 'rup', 'rdn', 'odd'] as const).map(round => [
      e5m2.encodeNumber(1e9, { round, overflow: 'special' }),
      e5m2.encodeNumber(-1e9, { round, overflow: 'special' }),
    ]);
    expect(codes).toEqual([
      [0x7c, 0xfc],
      [0x7c, 0xfc],
      [0x7b, 0xfb],
      [0x7c, 0xfb],
      [0x7b, 0xfc],
      [0x7b, 0xfb],
    ]);
  });

  it('flushes what is below the smallest normal value before rounding', () => {
    const e4m3 = parseFormat('e4m3');
    expect(e4m3.encodeNumber(-0.015, { subnormals: 'flush' })).toBe(0x80);
    expect(e4m3.encodeNumber(0.01562, { subnormals: 'flush' })).toBe(0);
    expect(e4m3.encodeNumber(0.015625, { subnormals: 'flush' })).toBe(0x08);
  });

  it.each([
    ['e4m3', { overflow: 'wrap' }],
    ['e4m3', { round: 'rhu' }],
    ['e8m0', { overflow: 'satsym' }],
    ['e8m0', { subnormals: 'flush' }],
    ['int8', { subnormals: 'flush' }],
    ['uint8', { overflow: 'wrapsm' }],
    ['ufix8.4', { overflow: 'wrapsm' }],
  ] as const)('%s refuses %o', (id, policy) => {
    expect(() => parseFormat(id).encode(fromNumber(1), policy)).toThrow(FormatError);
    expect(() => parseFormat(id).encodeNumber(1, policy)).toThrow(FormatError);
  });
});
