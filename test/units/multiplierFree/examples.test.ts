import { describe, expect, test } from 'vitest';
import { dualbinCode } from '../../../generators/units/dualbin.ts';
import { encodeKhot, type KhotShape, nearestKhot, termsOf } from '../../../generators/units/khot.ts';
import { answers, bitsOf, codes } from './codes.ts';

// The worked examples of an independent integer model in Python; numbers and codes are copied from it.

describe('khot', () => {
  const shape = (terms: number): KhotShape => ({ terms, shiftBits: 3, encoding: 'binary' });

  test.each([
    [0xb7, 2, 0xc0, [7, 6]],
    [0xb7, 1, 0x80, [7]],
    [0x6d, 2, 0x60, [6, 5]],
    [0xff, 2, 0xc0, [7, 6]],
    [0x03, 2, 0x03, [1, 0]],
  ])('magnitude %i with %i powers is %i', (value, terms, nearest, exponents) => {
    expect(nearestKhot(shape(terms), value)).toBe(nearest);
    expect(termsOf('binary', nearest).map(t => t.exponent)).toEqual(exponents);
  });

  test.each([
    [0x1234n, 192, 0x00da700n],
    [0xedccn, 192, 0x1f25900n],
    [0x1234n, -96, 0x1f92c80n],
    [0x8000n, -192, 0x0600000n],
  ])('%i times %i', async (a, w, y) => {
    expect(await answers('khot-mul', {}, [{ a, b: BigInt(encodeKhot(shape(2), w)) }])).toEqual([{ y }]);
    // The range of a product with this one weight is smaller.
    const width = Math.abs(w) < 128 ? 23 : 24;
    expect(await answers('khot-mul', { weights: [w] }, [{ a }])).toEqual([
      { y: BigInt.asUintN(width, BigInt.asIntN(25, y)) },
    ]);
  });
});

test.each([
  [[0x0a, 0xec, 0x1e, 0x7f], [1, 3, 0, 3], 0x79f],
  [[0x80, 0x80, 0x80, 0x80], [3, 3, 3, 3], 0x200],
  [[1, 2, 3, 4], [0, 0, 0, 0], 0],
  // The fourth code counts as 0.
  [[1, 2, 3, 4], [2, 2, 2, 1], 4],
])('ternary-dot %j · %j', async (a, b, y) => {
  expect(await answers('ternary-dot', { lanes: 4 }, [{ a: codes(8, a), b: codes(2, b) }])).toEqual([
    { y: BigInt(y) },
  ]);
});

describe('trit5', () => {
  test.each([
    [[0, 0, 0, 0, 0], 0x80, 0x79],
    [[1, 1, 1, 1, 1], 0xff, 0xf2],
    [[-1, -1, -1, -1, -1], 0x00, 0x00],
    [[1, -1, 0, 1, -1], 0xbb, 0x41],
  ])('%j', async (trits, tq1, base3) => {
    const x = codes(2, trits);
    for (const [format, byte] of [
      ['tq1', BigInt(tq1)],
      ['base3', BigInt(base3)],
    ] as const) {
      expect(await answers('trit5-pack', { format }, [{ x }])).toEqual([{ y: [byte] }]);
      expect(await answers('trit5-unpack', { format }, [{ x: [byte] }])).toEqual([{ y: x }]);
    }
  });

  test('13 bytes of TQ1 are made by no trits, and of base 3 those from 243 up, which mean zeros', async () => {
    const bytes = Array.from({ length: 256 }, (_, i) => ({ x: [BigInt(i)] }));
    for (const [format, unused] of [
      ['tq1', [0x01, 0x14, 0x28, 0x3c, 0x4f, 0x63, 0x77, 0x8a, 0x9e, 0xb2, 0xc5, 0xd9, 0xed]],
      ['base3', Array.from({ length: 13 }, (_, i) => 243 + i)],
    ] as const) {
      const trits = await answers('trit5-unpack', { format }, bytes);
      const back = await answers(
        'trit5-pack',
        { format },
        trits.map(({ y }) => ({ x: y as bigint[] })),
      );
      const changed = bytes.flatMap(({ x }, i) =>
        (back[i]!.y as bigint[])[0] === x[0] ? [] : [Number(x[0])],
      );
      expect(changed).toEqual(unused);
      // So the other 243 round-trip, and they are 243 different words.
      expect(new Set(trits.map(({ y }) => String(y))).size).toBe(243);
    }
    const beyond = await answers('trit5-unpack', { format: 'base3' }, bytes.slice(243));
    for (const { y } of beyond) expect(y).toEqual([0n, 0n, 0n, 0n, 0n]);
  });
});

describe('cquad', () => {
  test.each([
    [
      [
        [10, -3],
        [7, 20],
        [-128, 127],
        [5, 5],
      ],
      [0, 1, 2, 3],
      { y_rr: 138, y_ii: 15, y_ri: 2, y_ir: -130 },
      { y_re: 153, y_im: 132 },
    ],
    [
      [
        [1, 2],
        [1, 2],
        [1, 2],
        [1, 2],
      ],
      [0, 1, 2, 3],
      { y_rr: 0, y_ii: 0, y_ri: 0, y_ir: 0 },
      { y_re: 0, y_im: 0 },
    ],
    [
      [
        [127, -128],
        [127, -128],
      ],
      [1, 1],
      { y_rr: 0, y_ii: -256, y_ri: 254, y_ir: 0 },
      { y_re: -256, y_im: 254 },
    ],
  ])('%j · %j', async (numbers, b, sums, shared) => {
    const lanes = b.length;
    const beat = {
      a_re: codes(
        8,
        numbers.map(n => n[0]!),
      ),
      a_im: codes(
        8,
        numbers.map(n => n[1]!),
      ),
      b: codes(2, b),
    };
    // Sums of four lanes of 8 bits have 11 bits, of two 10.
    const as = (values: object): object =>
      Object.fromEntries(
        Object.entries(values).map(([name, v]) => [name, codes(lanes === 4 ? 11 : 10, [v as number])[0]]),
      );
    expect(await answers('cquad-dot', { lanes, scales: 'split' }, [beat])).toEqual([as(sums)]);
    expect(await answers('cquad-dot', { lanes }, [beat])).toEqual([as(shared)]);
    // Without conjugation: the products of the real parts minus those of the imaginary ones.
    const plain = { y_re: sums.y_rr - sums.y_ii, y_im: sums.y_ri + sums.y_ir };
    expect(await answers('cquad-dot', { lanes, conjugate: false }, [beat])).toEqual([as(plain)]);
  });

  test.each([
    [3, 3, 1n],
    [-3, 3, 2n],
    [-3, -3, 3n],
    [3, -3, 0n],
    [0, 0, 0n],
    [5, -2, 0n],
    [-1, 4, 1n],
  ])('phase of %i + %ii', async (re, im, y) => {
    const [x_re, x_im] = codes(8, [re, im]) as [bigint, bigint];
    expect(await answers('phase-quant', {}, [{ x_re, x_im }])).toEqual([{ y }]);
  });
});

describe('planes', () => {
  test.each([
    [[10, -20, 30, 127], [1, -1, 0, 1, 0, 1, 1, -1], 10743],
    [[-128, -128], [-1, -1, 1, 1], 15104],
  ])('tritplane-dot %j · %j', async (a, b, expected) => {
    const beat = { a: codes(8, a), b: codes(2, b), alpha: [0x60n, 0x25n] };
    const [{ y }] = (await answers('tritplane-dot', { lanes: a.length }, [beat])) as [{ y: bigint }];
    expect(y).toBe(BigInt(expected));
  });

  test('the nine levels of two trit planes', async () => {
    const beats = [-1, 0, 1].flatMap(p =>
      [-1, 0, 1].map(q => ({ a: [1n], b: codes(2, [p, q]), alpha: [0x60n, 0x25n] })),
    );
    const levels = (await answers('tritplane-dot', { lanes: 1, a: 'int2' }, beats)).map(({ y }) =>
      // Magnitudes up to 2·2·2^15 make 19 bits.
      Number(BigInt.asIntN(19, y as bigint)),
    );
    expect(levels.sort((x, y) => x - y)).toEqual([-133, -96, -59, -37, 0, 37, 59, 96, 133]);
  });

  test.each([
    [-0.7, 0b10, -1],
    [-0.5, 0b10, -1],
    [0.2, 0b00, 0],
    [0.5, 0b11, 1],
    [1, 0b11, 1],
    [1.5, 0b11, 1],
    [1.9, 0b01, 2],
  ])('dualbin code of %d', (weight, code, value) => {
    expect(dualbinCode(weight, [2, -1])).toBe(code);
    expect(2 * (code % 2) - Math.floor(code / 2)).toBe(value);
  });

  test.each([
    [[1, 0, 1, 1], [1, 1, 0, 0], 88064],
    [[0, 0, 0, 0], [1, 1, 1, 1], -37632],
  ])('dualbin-dot %j, %j', async (b1, b2, expected) => {
    const b = codes(
      2,
      b1.map((bit, i) => bit + 2 * b2[i]!),
    );
    const beat = { a: codes(8, [10, -20, 30, 127]), b, alpha: [0x0200n, 0xff00n] };
    // Two planes of four lanes, up to 2·2^15·2^9 in magnitude.
    const [{ y }] = (await answers('dualbin-dot', { lanes: 4 }, [beat])) as [{ y: bigint }];
    expect(y).toBe(BigInt.asUintN(27, BigInt(expected)));
  });

  test.each([
    [[3, -8, 7, 1], [1, 0, 1, 1, 0, 1, 1, 0], 2192],
    [[-8, -8, -8, -8], [0, 0, 0, 0, 0, 0, 0, 0], 5632],
  ])('signplane-dot %j · %j', async (a, b, expected) => {
    const beat = { a: codes(4, a), b: codes(1, b), alpha: [0x80n, 0x30n] };
    const [{ y }] = (await answers('signplane-dot', { lanes: 4 }, [beat])) as [{ y: bigint }];
    expect(y).toBe(BigInt(expected));
  });
});

describe('xnor', () => {
  test.each([
    [0xb5, 0xb5, 8],
    [0xb5, 0x4a, -8],
    [0xf0, 0x0f, -8],
    [0xff, 0xf0, 0],
  ])('xnor-dot %i · %i', async (a, b, dot) => {
    const beat = { a: bitsOf(a, 8), b: bitsOf(b, 8) };
    const distance = (8 - dot) / 2;
    expect(await answers('xnor-dot', { lanes: 8 }, [beat])).toEqual([{ y: codes(5, [dot])[0] }]);
    expect(await answers('hamming-distance', { lanes: 8 }, [beat])).toEqual([{ y: BigInt(distance) }]);
    // Of the low four lanes alone.
    const same = bitsOf((a ^ b) & 15, 4).filter(bit => bit === 0n).length;
    const masked = await answers('xnor-dot', { lanes: 8, mask: true }, [{ ...beat, mask: bitsOf(15, 8) }]);
    expect(masked).toEqual([{ y: codes(5, [2 * same - 4])[0] }]);
  });

  test.each([
    [3, 3, 0n, 1n],
    [2, 3, 0n, 0n],
    [-5, -5, 1n, 0n],
    [-6, -5, 1n, 1n],
  ])('%i against the threshold %i, inverted: %i', async (x, threshold, invert, y) => {
    const beat = { x: codes(10, [x]), threshold: codes(10, [threshold]), invert: [invert] };
    expect(await answers('xnor-threshold', {}, [beat])).toEqual([{ y: [y] }]);
  });

  test.each([
    [-2, 0n],
    [-1, 0n],
    // −2/3 itself is no fixed-point number: the next one above it, and the next below.
    [-2730 / 4096, 1n],
    [-2731 / 4096, 0n],
    [-1365 / 4096, 1n],
    [-1 / 4096, 1n],
    [0, 2n],
    [1365 / 4096, 2n],
    [2730 / 4096, 2n],
    [2731 / 4096, 3n],
    [1, 3n],
  ])('frac-quant of %d', async (value, y) => {
    expect(await answers('frac-quant', {}, [{ x: codes(16, [value * 4096])[0]! }])).toEqual([{ y }]);
  });

  const fraction = (high: number, low: number): bigint[] =>
    bitsOf(high, 8).map((bit, i) => 2n * bit + bitsOf(low, 8)[i]!);

  test('xnor-frac-dot, with its gate open and closed', async () => {
    const beat = { a: fraction(0xb5, 0x6c), b: bitsOf(0x9a, 8) };
    // The sum over the high bits is −2.
    expect(await answers('xnor-frac-dot', { lanes: 8 }, [beat])).toEqual([{ y: codes(6, [-8])[0] }]);
    const gated = [-2, -1].map(t => ({ ...beat, threshold: codes(5, [t])[0]! }));
    expect(await answers('xnor-frac-dot', { lanes: 8, gate: true }, gated)).toEqual([
      { y: codes(6, [-8])[0] },
      { y: codes(6, [-4])[0] },
    ]);
    const ones = { a: fraction(0xff, 0xff), b: bitsOf(0xff, 8) };
    expect(await answers('xnor-frac-dot', { lanes: 8 }, [ones])).toEqual([{ y: 24n }]);
  });
});
