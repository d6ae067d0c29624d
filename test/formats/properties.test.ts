import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compare,
  type Exact,
  type Format,
  fromBigInt,
  fromNumber,
  neg,
  normalize,
  type Overflow,
  type Policy,
  parseFormat,
  ROUNDINGS,
  toNumber,
  valuesTable,
} from '../../generators/formats/index.ts';

const SMALL = [
  ...[
    'e4m3',
    'e5m2',
    'e3m2',
    'e2m3',
    'e2m1',
    'e4m3ieee',
    'e3m4',
    'e4m3fnuz',
    'e5m2fnuz',
    'e4m3b11fnuz',
    'e3m0fin',
  ],
  ...[
    'e1m3fin',
    'e1m2ieee',
    'e4m3b-3',
    'e6m3b200',
    'p3109_k8p3se',
    'p3109_k8p4sf',
    'p3109_k8p3ue',
    'p3109_k6p1se',
  ],
  ...[
    'p3109_k5p5uf',
    'fp16',
    'bf16',
    'int8',
    'uint4',
    'int1',
    'fix8.4',
    'ufix8.-2',
    'fix6.12',
    'fix16.8',
    'e8m0',
  ],
];
const NUMERIC = [
  ...SMALL,
  'fp32',
  'e8m10',
  'e11m20',
  'e5m2b1050',
  'e10m13',
  'int32',
  'uint32',
  'fix32.40',
  'fix24.-900',
];

const formatAmong = (ids: string[]) => fc.constantFrom(...ids).map(parseFormat);

/** A double near a value of the format, or anywhere: near ties and near the largest value too. */
function inputFor(format: Format): fc.Arbitrary<number> {
  const top = format.width - 1;
  const code = fc.nat({ max: 2 ** Math.min(top, 30) - 1 });
  const near = fc.tuple(
    code,
    fc.integer({ min: -4, max: 4 }),
    fc.double({ noNaN: true, min: -1, max: 1 }),
    fc.boolean(),
  );
  return fc.oneof(
    fc.double(),
    fc.constantFrom(0, -0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN),
    fc
      .constantFrom(format.max, format.min)
      .chain(x => fc.double({ min: 0.5, max: 4, noNaN: true }).map(factor => toNumber(x) * factor)),
    near.map(([c, quarters, jitter, negative]) => {
      const low = format.decodeNumber(c);
      const high = format.decodeNumber(c + 1 < 2 ** top ? c + 1 : c);
      const between = low + ((high - low) * (quarters + 4)) / 8;
      const x = quarters % 2 === 0 ? between : between * (1 + jitter * 2 ** -50);
      return negative ? -x : x;
    }),
  );
}

function policyFor(format: Format): fc.Arbitrary<Partial<Policy>> {
  const fixed = format.kind === 'integer' || format.kind === 'fixed';
  const overflows: Overflow[] = fixed
    ? ['saturate', 'special', 'wrap', 'satsym', 'satzero', ...(format.signed ? ['wrapsm' as const] : [])]
    : ['saturate', 'special'];
  return fc.record({
    round: fc.constantFrom(...(fixed ? ROUNDINGS : ROUNDINGS.slice(0, 7))),
    overflow: fc.constantFrom(...overflows),
    subnormals: fc.constantFrom<Policy['subnormals']>(
      'keep',
      ...(format.kind === 'float' ? ['flush' as const] : []),
    ),
    random: fc
      .integer({ min: 1, max: 60 })
      .chain(count => fc.bigInt({ min: 0n, max: 2n ** BigInt(count) - 1n }).map(bits => ({ bits, count }))),
  });
}

const formatInputPolicy = (ids: string[]) =>
  formatAmong(ids).chain(format => fc.tuple(fc.constant(format), inputFor(format), policyFor(format)));

describe('properties of every format', () => {
  it('the path on numbers is the exact path', () => {
    fc.assert(
      fc.property(formatInputPolicy(NUMERIC), ([format, x, policy]) => {
        expect(BigInt(format.encodeNumber(x, policy))).toBe(format.encode(fromNumber(x), policy));
      }),
      { numRuns: 30_000 },
    );
  });

  it.each(SMALL)('%s: both decoders agree on every code', id => {
    const format = parseFormat(id);
    const table = valuesTable(format);
    const wrong: number[] = [];
    for (let code = 0; code < table.length; code++) {
      const exact = toNumber(format.decode(BigInt(code)));
      if (!Object.is(exact, table[code]) || !Object.is(exact, format.decodeNumber(code))) wrong.push(code);
    }
    expect(wrong).toEqual([]);
  });

  it.each(SMALL)('%s: encoding a decoded code gives the code back, NaN the canonical one', id => {
    const format = parseFormat(id);
    const wrong: number[] = [];
    for (let code = 0; code < 2 ** format.width; code++) {
      const value = format.decode(BigInt(code));
      const expected = value.kind === 'nan' ? format.canonicalNaN : BigInt(code);
      if (format.encode(value, { overflow: 'special' }) !== expected) wrong.push(code);
      if (BigInt(format.encodeNumber(format.decodeNumber(code), { overflow: 'special' })) !== expected)
        wrong.push(code);
    }
    expect(wrong).toEqual([]);
  });

  it('wide formats give codes back', () => {
    fc.assert(
      fc.property(
        fc
          .constantFrom('fp64', 'fp32', 'e11m20', 'int64', 'fix100.50', 'uint256')
          .map(parseFormat)
          .chain(format =>
            fc.tuple(fc.constant(format), fc.bigInt({ min: 0n, max: 2n ** BigInt(format.width) - 1n })),
          ),
        ([format, code]) => {
          const value = format.decode(code);
          const expected = value.kind === 'nan' ? format.canonicalNaN : code;
          expect(format.encode(value, { overflow: 'special' })).toBe(expected);
          if (format.exactInDouble) expect(format.decodeNumber(Number(code))).toBe(toNumber(value));
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('rounding is monotonic and saturating keeps within the range', () => {
    const deterministic = ROUNDINGS.slice(0, 6);
    fc.assert(
      fc.property(
        formatAmong(SMALL).chain(f => fc.tuple(fc.constant(f), inputFor(f), inputFor(f))),
        fc.constantFrom(...deterministic),
        ([format, a, b], round) => {
          fc.pre(!Number.isNaN(a) && !Number.isNaN(b));
          const [low, high] = [Math.min(a, b), Math.max(a, b)].map(x =>
            format.decode(format.encode(fromNumber(x), { round })),
          );
          expect(compare(low, high)).toBeLessThanOrEqual(0);
          expect(compare(format.min, low)).toBeLessThanOrEqual(0);
          expect(compare(high, format.max)).toBeLessThanOrEqual(0);
        },
      ),
      { numRuns: 10_000 },
    );
  });

  it('the result is a neighbour: rdn and rup enclose, and the nearest modes take the nearer', () => {
    fc.assert(
      fc.property(
        formatAmong(SMALL.filter(id => id !== 'e8m0')).chain(f => fc.tuple(fc.constant(f), inputFor(f))),
        ([format, x]) => {
          const value = fromNumber(x);
          const inside = compare(format.min, value) <= 0 && compare(value, format.max) <= 0;
          fc.pre(inside);
          const at = (round: Policy['round']): Exact => format.decode(format.encode(value, { round }));
          const [down, up] = [toNumber(at('rdn')), toNumber(at('rup'))];
          expect(down).toBeLessThanOrEqual(x);
          expect(up).toBeGreaterThanOrEqual(x);
          const zero = toNumber(at('rtz'));
          expect(Math.abs(zero)).toBe(Math.min(Math.abs(down), Math.abs(up)));
          for (const round of ['rne', 'rna'] as const) {
            const nearest = toNumber(at(round));
            expect([down, up]).toContain(nearest + 0);
          }
          if (down !== up) {
            const parity = (v: number) => format.encode(fromNumber(v)) & 1n;
            expect(parity(down)).not.toBe(parity(up));
            expect(parity(toNumber(at('odd')))).toBe(1n);
          }
        },
      ),
      { numRuns: 10_000 },
    );
  });

  it('a sign-magnitude format treats both signs alike', () => {
    const symmetric = SMALL.map(parseFormat).filter(f => f.kind === 'float' && f.signed);
    fc.assert(
      fc.property(
        fc.constantFrom(...symmetric).chain(f => fc.tuple(fc.constant(f), inputFor(f))),
        ([format, x]) => {
          fc.pre(!Number.isNaN(x));
          for (const [round, opposite] of [
            ['rne', 'rne'],
            ['rup', 'rdn'],
            ['odd', 'odd'],
          ] as const) {
            const one = format.decode(format.encode(fromNumber(x), { round }));
            const other = format.decode(format.encode(fromNumber(-x), { round: opposite }));
            expect(compare(one, neg(other))).toBe(0);
          }
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('stochastic rounding goes up for as many of the random numbers as the remainder says', () => {
    const format = parseFormat('e4m3');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 255 }), remainder => {
        const value = normalize(fromBigInt(256n * 9n + BigInt(remainder), -8));
        let ups = 0;
        for (let bits = 0n; bits < 256n; bits++) {
          const code = format.encode(value, { round: 'stochastic', random: { bits, count: 8 } });
          if (code === format.encode(fromBigInt(10n))) ups++;
        }
        expect(ups).toBe(remainder);
      }),
      { numRuns: 20 },
    );
  });
});
