import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  clamp,
  leadingZeros,
  maximum,
  minimum,
  type ShiftOrder,
  saturateBits,
  shiftRightSticky,
  timesConstant,
} from '../../generators/blocks/bits.ts';
import { machineOf } from './machine.ts';

test('leadingZeros counts, for every value but zero', () => {
  for (const width of [1, 2, 3, 4, 5, 7, 8, 9, 12]) {
    const run = machineOf({ x: width }, (b, { x }) => ({ zeros: leadingZeros(b, x!) }));
    for (let x = 1; x < 2 ** width; x++)
      expect(run({ x }).zeros, `${x} in ${width} bits`).toBe(Math.clz32(x) - (32 - width));
    expect(Number(run({ x: 0 }).zeros)).toBeLessThan(2 ** Math.ceil(Math.log2(Math.max(2, width))));
  }
});

test('leadingZeros of wide values', () => {
  for (const width of [40, 53, 64, 100, 150]) {
    const run = machineOf({ x: width }, (b, { x }) => ({ zeros: leadingZeros(b, x!) }));
    fc.assert(
      fc.property(fc.nat(width - 1), fc.bigInt(0n, 2n ** BigInt(width) - 1n), (zeros, noise) => {
        const top = 1n << BigInt(width - 1 - zeros);
        const x = top | (noise & (top - 1n));
        expect(run({ x: width <= 53 ? Number(x) : x }).zeros).toBe(zeros);
      }),
      { seed: 1, numRuns: 200 },
    );
  }
});

test.each<ShiftOrder>([
  {},
  { clearsLast: true },
  { first: 'low' },
  { first: 'low', clearsLast: true },
])('shiftRightSticky keeps the quotient, and tells of any remainder: %o', order => {
  for (const [width, amountWidth, signed] of [
    [1, 1, false],
    [5, 2, false],
    [6, 3, false],
    [6, 5, false],
    [9, 4, false],
    [6, 4, true],
  ] as const) {
    const run = machineOf({ x: { width, signed }, amount: amountWidth }, (b, { x, amount }) => {
      const { shifted, sticky } = shiftRightSticky(b, x!, amount!, order);
      return { shifted, sticky };
    });
    const least = signed ? -(2 ** (width - 1)) : 0;
    for (let x = least; x < least + 2 ** width; x++) {
      for (let amount = 0; amount < 2 ** amountWidth; amount++) {
        const quotient = Math.floor(x / 2 ** amount);
        expect(run({ x, amount })).toEqual({
          shifted: quotient,
          sticky: x === quotient * 2 ** amount ? 0 : 1,
        });
      }
    }
  }
});

describe('minimum and clamp', () => {
  const signed = { width: 5, signed: true };

  test('minimum', () => {
    const run = machineOf({ x: signed, y: 4 }, (b, { x, y }) => ({ least: minimum(b, x!, y!) }));
    for (let x = -16; x < 16; x++)
      for (let y = 0; y < 16; y++) expect(run({ x, y }).least).toBe(Math.min(x, y));
  });

  test.each([
    [-3, 7],
    [0, 40],
    [-40, 0],
    [-16, 15],
    [5, 5],
    [20, 30],
    [-30, -20],
  ])('clamp to %i…%i', (low, high) => {
    const run = machineOf({ x: signed }, (b, { x }) => ({ y: clamp(b, x!, low, high) }));
    for (let x = -16; x < 16; x++) expect(run({ x }).y).toBe(Math.min(high, Math.max(low, x)));
  });

  test('clamp counts in units of the last bit', () => {
    const run = machineOf({ x: signed }, (b, { x }) => {
      const y = clamp(b, x!.withLsb(-4), -2, 3);
      expect(y.lsb).toBe(-4);
      return { y };
    });
    for (let x = -16; x < 16; x++) expect(run({ x }).y).toBe(Math.min(3, Math.max(-2, x)));
  });
});

test('timesConstant is a product, and knows its range', () => {
  for (let factor = 1; factor < 40; factor++) {
    const run = machineOf({ x: 5 }, (_, { x }) => {
      const product = timesConstant(x!, factor);
      expect(product.range).toEqual([0n, BigInt(31 * factor)]);
      return { product };
    });
    for (let x = 0; x < 32; x++) expect(run({ x }).product).toBe(x * factor);
  }
});

test('saturateBits keeps what fits, and gives all ones for the rest', () => {
  for (const bits of [1, 3, 6, 7]) {
    const run = machineOf({ x: 6 }, (b, { x }) => ({ y: saturateBits(b, x!, bits) }));
    for (let x = 0; x < 64; x++) expect(run({ x }).y).toBe(Math.min(x, 2 ** bits - 1));
  }
});

test('maximum is the larger one', () => {
  const run = machineOf({ x: 4, y: 3 }, (b, { x, y }) => ({ z: maximum(b, x!, y!) }));
  for (let x = 0; x < 16; x++)
    for (let y = 0; y < 8; y++) expect(run({ x, y }).z, `${x} ${y}`).toBe(Math.max(x, y));
});
