import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exponentOf, neighbour } from '../../generators/formats/double.ts';
import {
  add,
  bitLength,
  compare,
  type Exact,
  FormatError,
  formatExact,
  fromBigInt,
  fromNumber,
  hasOddSignificand,
  isZero,
  mul,
  NEGATIVE_ZERO,
  nearestNumber,
  neg,
  normalize,
  oddNumber,
  parseFormat,
  powerOfTwo,
  scaleByPowerOfTwo,
  sumToOdd,
  toNumber,
  valuesTable,
  ZERO,
} from '../../generators/formats/index.ts';
import { readBytes, readTsv, sameCode, vectorsPresent } from './vectors.ts';

const exactSum = (terms: ArrayLike<number>): Exact =>
  Array.from(terms, fromNumber).reduce(add, terms.length === 0 ? ZERO : NEGATIVE_ZERO);

/** Doubles of like and of unlike exponents, so that sums cancel, overlap and leave the doubles. */
const term = fc.oneof(
  fc.double(),
  fc.double({ min: -4, max: 4 }),
  fc
    .tuple(fc.integer({ min: -(2 ** 53), max: 2 ** 53 }), fc.integer({ min: -1074, max: 970 }))
    .map(([n, e]) => scaleByPowerOfTwo(n, e)),
  fc
    .tuple(fc.constantFrom(1, -1, 3, -3), fc.integer({ min: -120, max: 60 }))
    .map(([n, e]) => n * powerOfTwo(e)),
);

describe('doubles', () => {
  it('have exact powers, exponents and neighbours', () => {
    for (let exponent = -1074; exponent <= 1023; exponent++) {
      const power = powerOfTwo(exponent);
      expect(normalize(fromNumber(power))).toEqual(fromBigInt(1n, exponent));
      expect(exponentOf(power)).toBe(exponent);
      if (exponent > -1073) expect(exponentOf(-1.75 * power)).toBe(exponent);
    }
    expect(neighbour(1, true)).toBe(1 + Number.EPSILON);
    expect(neighbour(1, false)).toBe(1 - Number.EPSILON / 2);
    expect(neighbour(-(2 ** 32), false)).toBe(-(2 ** 32) + 2 ** -21);
    expect(neighbour(2 - Number.EPSILON, true)).toBe(2);
  });

  it('go to exact values and back', () => {
    fc.assert(
      fc.property(fc.double(), x => {
        expect(toNumber(fromNumber(x))).toBe(x);
      }),
      { numRuns: 3000 },
    );
    expect(() => toNumber(fromBigInt(2n ** 53n + 1n))).toThrow(FormatError);
    expect(() => toNumber(fromBigInt(1n, -1075))).toThrow(FormatError);
    expect(() => toNumber(fromBigInt(1n, 1024))).toThrow(FormatError);
  });

  it('are rounded to as the arithmetic of the machine does', () => {
    fc.assert(
      fc.property(term, term, (a, b) => {
        expect(nearestNumber(mul(fromNumber(a), fromNumber(b)))).toBe(a * b);
        expect(nearestNumber(add(fromNumber(a), fromNumber(b)))).toBe(a + b);
        expect(compare(fromNumber(a), fromNumber(b))).toBe(
          Number.isNaN(a - b) && a !== b ? Number.NaN : a < b ? -1 : a > b ? 1 : 0,
        );
      }),
      { numRuns: 5000 },
    );
  });
});

describe('exact values', () => {
  it('know the bits of an integer', () => {
    for (let bits = 1; bits < 130; bits++) {
      expect(bitLength(2n ** BigInt(bits) - 1n)).toBe(bits);
      expect(bitLength(2n ** BigInt(bits - 1))).toBe(bits);
    }
    expect(bitLength(0n)).toBe(0);
  });

  it('normalize, negate and test for zero', () => {
    expect(normalize(fromBigInt(48n, -2))).toEqual(fromBigInt(3n, 2));
    expect(normalize(fromBigInt(0n, 7))).toEqual(ZERO);
    expect(neg(ZERO)).toEqual(NEGATIVE_ZERO);
    expect(isZero(NEGATIVE_ZERO)).toBe(true);
    expect(isZero(fromBigInt(1n, -2000))).toBe(false);
  });

  it.each([
    [0.3125, '0.3125'],
    [-0, '-0'],
    [448, '448'],
    [57344, '57344'],
    [-1.5, '-1.5'],
    [2 ** -9, '0.001953125'],
    [1.5 * 2 ** -40, '0x1.8p-40'],
    [-(2 ** 127), '-0x1p+127'],
    [0.1, '0x1.999999999999ap-4'],
    [Number.NaN, 'NaN'],
    [Number.NEGATIVE_INFINITY, '-Infinity'],
  ])('%d is written %s', (value, text) => {
    expect(formatExact(fromNumber(value))).toBe(text);
  });
});

describe('sumToOdd', () => {
  it('is the exact sum rounded once to odd', () => {
    fc.assert(
      fc.property(fc.array(term, { maxLength: 40 }), terms => {
        expect(sumToOdd(terms)).toBe(terms.length === 0 ? 0 : oddNumber(exactSum(terms)));
      }),
      { numRuns: 20_000 },
    );
  });

  it('is so next to the largest double, where steps on the way leave the doubles', () => {
    const large = fc
      .tuple(fc.integer({ min: 1, max: 2 ** 53 - 1 }), fc.integer({ min: 960, max: 971 }), fc.boolean())
      .map(([n, e, negative]) => (negative ? -1 : 1) * scaleByPowerOfTwo(n, e));
    fc.assert(
      fc.property(
        fc.constantFrom(Number.MAX_VALUE, -Number.MAX_VALUE),
        fc.array(large, { minLength: 1, maxLength: 4 }),
        (largest, terms) => {
          const all = [largest, ...terms];
          expect(sumToOdd(all)).toBe(oddNumber(exactSum(all)));
        },
      ),
      { numRuns: 5000 },
    );
  });

  it('cancels exactly', () => {
    fc.assert(
      fc.property(
        fc.array(term.filter(Number.isFinite), { minLength: 1, maxLength: 20 }),
        term,
        (terms, rest) => {
          const all = [...terms, rest, ...terms.map(x => -x)];
          expect(sumToOdd(all)).toBe(rest + 0);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('may be rounded again to any narrower format', () => {
    const formats = ['fp32', 'fp16', 'bf16', 'e4m3', 'e5m2', 'e11m20', 'e4m3b-3'].map(parseFormat);
    fc.assert(
      fc.property(
        fc.array(term, { minLength: 1, maxLength: 12 }),
        fc.constantFrom(...formats),
        fc.constantFrom('rne', 'rna', 'rtz', 'rup', 'rdn', 'odd'),
        fc.constantFrom('saturate', 'special'),
        (terms, format, round, overflow) => {
          const code = format.encodeNumber(sumToOdd(terms), { round, overflow });
          expect(BigInt(code)).toBe(format.encode(exactSum(terms), { round, overflow }));
        },
      ),
      { numRuns: 20_000 },
    );
  });

  it('follows IEEE 754 for zeros, infinities and NaN, and counts', () => {
    expect(sumToOdd([])).toBe(0);
    expect(sumToOdd([-0, -0])).toBe(-0);
    expect(sumToOdd([-0, 0])).toBe(0);
    expect(sumToOdd([1, -1])).toBe(0);
    expect(sumToOdd([Number.POSITIVE_INFINITY, -1e308])).toBe(Number.POSITIVE_INFINITY);
    expect(sumToOdd([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])).toBe(Number.NaN);
    expect(sumToOdd([1, Number.NaN])).toBe(Number.NaN);
    expect(sumToOdd([1e308, 1e308, -1e308])).toBe(1e308);
    expect(sumToOdd([Number.MAX_VALUE, Number.MAX_VALUE])).toBe(Number.MAX_VALUE);
    expect(sumToOdd(new Float64Array([1, 2, 4]), 2)).toBe(3);
    expect(hasOddSignificand(sumToOdd([1, 2 ** -80]))).toBe(true);
    expect(sumToOdd([1, -(2 ** -80)])).toBe(1 - Number.EPSILON / 2);
    expect(sumToOdd(Array.from({ length: 1000 }, () => 0.1))).toBe(
      oddNumber(exactSum(Array.from({ length: 1000 }, () => 0.1))),
    );
  });

  it.skipIf(!vectorsPresent)('gives the exact dot products of gfloat, rounded once', () => {
    const targets = [parseFormat('fp32'), parseFormat('fp16'), parseFormat('bf16')];
    const failures: string[] = [];
    const rows = readTsv('gfloat/dot_exact.tsv.gz');
    for (const [name, , a, b, , ...expected] of rows) {
      const format = parseFormat(name.replace('ocp_', ''));
      const table = valuesTable(format);
      const products = (a.match(/../g) ?? []).map(
        (code, lane) =>
          table[Number.parseInt(code, 16)] * table[Number.parseInt(b.slice(2 * lane, 2 * lane + 2), 16)],
      );
      const sum = sumToOdd(products);
      [...targets, format].forEach((target, column) => {
        // An exact zero is −0 here where all products are −0; the rational sum of the reference has no sign.
        const code = target.encodeNumber(sum + 0, { overflow: column < 3 ? 'special' : 'saturate' });
        if (code !== Number.parseInt(expected[column], 16)) failures.push(`${name} ${a} ${b} ${target.id}`);
      });
    }
    expect(rows.length).toBe(1600);
    expect(failures).toEqual([]);
  });
});

describe.skipIf(!vectorsPresent)('sums and products of all pairs of codes, as ml_dtypes', () => {
  const NAMES = [
    'float8_e3m4',
    'float8_e4m3',
    'float8_e4m3b11fnuz',
    'float8_e4m3fn',
    'float8_e4m3fnuz',
    'float8_e5m2',
  ];
  NAMES.push('float8_e5m2fnuz', 'float6_e2m3fn', 'float6_e3m2fn', 'float4_e2m1fn');

  it.each(NAMES)('%s', name => {
    const format = parseFormat(name);
    const table = valuesTable(format);
    for (const operation of ['add', 'mul']) {
      const expected = readBytes(`ml_dtypes/${operation}_${name}.bin.gz`);
      expect(expected.length).toBe(table.length ** 2);
      const failures: string[] = [];
      expected.forEach((code, index) => {
        const [a, b] = [table[index >> format.width], table[index & (table.length - 1)]];
        const ours = format.encodeNumber(operation === 'add' ? sumToOdd([a, b]) : a * b, {
          overflow: 'special',
        });
        if (ours !== code && !sameCode(format, BigInt(ours), BigInt(code)))
          failures.push(`${a} ${operation} ${b}`);
      });
      expect(failures).toEqual([]);
    }
  });
});
