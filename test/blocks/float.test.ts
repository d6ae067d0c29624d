import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { multiplyCodes } from '../../generators/blocks/element.ts';
import { roundToFloat, special } from '../../generators/blocks/float.ts';
import { addFloat } from '../../generators/blocks/floatAdd.ts';
import {
  add,
  type Exact,
  type Format,
  mul,
  type Policy,
  parseFormat,
  type Round,
} from '../../generators/formats/index.ts';
import { machineOf } from './machine.ts';

const ROUNDS: readonly Round[] = ['rne', 'rna', 'rtz', 'rup', 'rdn', 'odd'];
const OVERFLOWS: readonly Policy['overflow'][] = ['saturate', 'special'];
const SUBNORMALS: readonly Policy['subnormals'][] = ['keep', 'flush'];

const policies: readonly Policy[] = ROUNDS.flatMap(round =>
  OVERFLOWS.flatMap(overflow => SUBNORMALS.map(subnormals => ({ round, overflow, subnormals }))),
);

describe('roundToFloat and special give the code that the format gives', () => {
  const MAGNITUDE = 6;
  const EXPONENT = { width: 6, signed: true };

  function check(format: Format, policy: Policy, withSticky: boolean): number {
    const layout = format.float!;
    const offset = -layout.bias - layout.mantissaBits + 2;
    const run = machineOf(
      { sign: 1, magnitude: MAGNITUDE, exponent: EXPONENT, sticky: 1 },
      (b, { sign, magnitude, exponent, sticky }) => {
        const x = { sign: sign!, magnitude: magnitude!, exponent: exponent!.add(offset) };
        const rounded = roundToFloat(b, layout, policy, withSticky ? { ...x, sticky: sticky! } : x);
        const none = b.const(0);
        const result = { sign: sign!, magnitude: rounded, isNaN: none, isInfinite: none };
        return { code: special(b, layout, format.canonicalNaN, result, policy.overflow) };
      },
    );
    let cases = 0;
    for (let magnitude = 0; magnitude < 2 ** MAGNITUDE; magnitude++) {
      for (let exponent = -32; exponent < 32; exponent++) {
        for (const [sign, sticky] of [
          [0, 0],
          [1, 0],
          ...(withSticky
            ? [
                [0, 1],
                [1, 1],
              ]
            : []),
        ] as const) {
          // A sticky bit is a little more than the magnitude: far below its last bit.
          const exact: Exact = {
            kind: 'finite',
            neg: sign === 1,
            mag: (BigInt(magnitude) << 40n) + BigInt(sticky!),
            exp: exponent + offset - 40,
          };
          const { code } = run({ sign: sign!, magnitude, exponent, sticky: sticky! });
          if (BigInt(code!) !== format.encode(exact, policy)) {
            const want = format.encode(exact, policy);
            throw new Error(
              `${format.id} ${JSON.stringify(policy)}: ${sign ? '-' : ''}${magnitude}·2^${exponent + offset}${sticky ? ' and more' : ''} gave ${code}, not ${want}`,
            );
          }
          cases++;
        }
      }
    }
    return cases;
  }

  const formats = [
    'e2m1',
    'e3m2',
    'e2m3',
    'e4m3',
    'e4m3ieee',
    'e5m2',
    'e3m4ieee',
    'e4m3fnuz',
    'e3m0fin',
    'e2m3ieee',
  ];
  test.each(formats)('%s', id => {
    let cases = 0;
    for (const policy of policies)
      for (const withSticky of [false, true]) cases += check(parseFormat(id), policy, withSticky);
    expect(cases).toBeGreaterThan(400_000);
  });
});

/** A subnormal as the zero of its sign. */
function flushed(format: Format, x: Exact): Exact {
  return format.decode(format.encode(x, { overflow: 'special', subnormals: 'flush' }));
}

describe('addFloat rounds the exact sum once', () => {
  const ADD_ROUNDS: readonly Round[] = ['rne', 'rna', 'rtz', 'rup', 'rdn', 'odd'];

  function adder(format: Format, policy: Policy): (x: number, y: number) => number {
    const run = machineOf({ x: format.width, y: format.width }, (b, { x, y }) => ({
      sum: addFloat(b, format.float!, format.canonicalNaN!, policy, x!, y!),
    }));
    return (x, y) => Number(run({ x, y }).sum);
  }

  /** As IEEE 754: an exact zero from operands that are not both −0 is −0 when rounding toward −∞. */
  function expected(format: Format, policy: Policy, left: Exact, right: Exact): number {
    const [x, y] =
      policy.subnormals === 'flush' ? [flushed(format, left), flushed(format, right)] : [left, right];
    const sum = add(x, y);
    const isExactZero = sum.kind === 'finite' && sum.mag === 0n;
    const isNegative =
      isExactZero && policy.round === 'rdn' && x.kind !== 'nan' && y.kind !== 'nan' && (x.neg || y.neg);
    return Number(format.encode(isNegative ? { kind: 'finite', neg: true, mag: 0n, exp: 0 } : sum, policy));
  }

  test.each(['e3m2ieee', 'e2m3ieee', 'e4m2ieee', 'e5m2'])('%s: all pairs, all modes', id => {
    const format = parseFormat(id);
    const values = Array.from({ length: 2 ** format.width }, (_, code) => format.decode(BigInt(code)));
    const most =
      format.width > 7
        ? ADD_ROUNDS.map(round => ({ round, overflow: 'special', subnormals: 'keep' }) as const)
        : policies;
    for (const policy of most) {
      const sum = adder(format, policy);
      values.forEach((x, i) => {
        values.forEach((y, j) => {
          const [got, want] = [sum(i, j), expected(format, policy, x, y)];
          if (got !== want)
            throw new Error(`${id} ${JSON.stringify(policy)}: ${i} + ${j} gave ${got}, not ${want}`);
        });
      });
    }
  });

  test.each(['fp16', 'bf16', 'fp32'])('%s: random pairs, near and far', id => {
    const format = parseFormat(id);
    const { width } = format;
    const code = fc.nat({ max: 2 ** width - 1 });
    const near = fc.integer({ min: -(2 ** (width - 4)), max: 2 ** (width - 4) });
    for (const round of ADD_ROUNDS) {
      const policy: Policy = { round, overflow: 'special', subnormals: 'keep' };
      const sum = adder(format, policy);
      const check = (x: number, y: number): void => {
        const want = expected(format, policy, format.decode(BigInt(x)), format.decode(BigInt(y)));
        expect(sum(x, y)).toBe(want);
      };
      fc.assert(fc.property(code, code, check), { seed: 3, numRuns: 2000 });
      fc.assert(
        fc.property(code, near, fc.boolean(), (x, distance, flip) => {
          const y = (x + distance + (flip ? 2 ** (width - 1) : 0) + 2 ** width) % 2 ** width;
          check(x, y);
        }),
        { seed: 4, numRuns: 3000 },
      );
    }
  });
});

describe('multiplyCodes is exact, for all pairs of codes', () => {
  const pairs = [
    ['e2m1', 'e2m1'],
    ['e3m2', 'e3m2'],
    ['e2m3', 'e2m3'],
    ['e4m3', 'e4m3'],
    ['e5m2', 'e5m2'],
    ['e4m3', 'e5m2'],
    ['e2m1', 'e4m3'],
    ['e3m2', 'e5m2'],
    ['e4m3fnuz', 'e4m3'],
    ['int4', 'int4'],
    ['fix8.6', 'fix8.6'],
    ['int4', 'e2m1'],
    ['e4m3', 'int4'],
    ['e5m2', 'fix6.3'],
    ['uint4', 'e2m1'],
  ] as const;
  test.each(pairs)('%s × %s', (left, right) => {
    const [f, g] = [parseFormat(left), parseFormat(right)];
    const port = (format: Format) => ({
      width: format.width,
      signed: format.kind !== 'float' && format.signed,
    });
    let lsb = 0;
    const run = machineOf({ x: port(f), y: port(g) }, (b, { x, y }) => {
      const { value, ...flags } = multiplyCodes(b, f.id, g.id, x!, y!);
      lsb = value.lsb;
      return { value, ...flags };
    });
    const all = (format: Format): number[] => Array.from({ length: 2 ** format.width }, (_, code) => code);
    const input = (format: Format, code: number): number =>
      port(format).signed && code >= 2 ** (format.width - 1) ? code - 2 ** format.width : code;
    for (const i of all(f)) {
      for (const j of all(g)) {
        const product = mul(f.decode(BigInt(i)), g.decode(BigInt(j)));
        const got = run({ x: input(f, i), y: input(g, j) });
        const flags = [got.isNaN, got.isPositiveInfinity, got.isNegativeInfinity].map(Number);
        if (product.kind === 'nan') expect(flags[0], `${i} × ${j}`).toBe(1);
        else if (product.kind === 'inf')
          expect(flags, `${i} × ${j}`).toEqual([0, product.neg ? 0 : 1, product.neg ? 1 : 0]);
        else {
          const value =
            (product.neg ? -product.mag : product.mag) *
            2n ** BigInt(product.mag === 0n ? 0 : product.exp - lsb);
          if (flags.some(x => x !== 0) || BigInt(got.value!) !== value)
            throw new Error(`${left} ${i} × ${right} ${j} gave ${got.value} and ${flags}, not ${value}`);
        }
      }
    }
  });
});
