import { expect, test } from 'vitest';
import {
  complementIf,
  pending,
  sumOfEither,
  sumOfSelected,
  sumOfSigned,
  sumOfTerms,
  sumsOfEither,
} from '../../generators/blocks/selectSum.ts';
import { addThree } from '../../generators/blocks/threeOperands.ts';
import { Builder } from '../../generators/hdl/builder.ts';
import { type Fabric, GENERIC } from '../../generators/hdl/fabric.ts';
import { compile } from '../../generators/hdl/interpret.ts';
import { freeze } from '../../generators/hdl/module.ts';
import type { Signal, Vector } from '../../generators/hdl/signal.ts';

const FABRICS: readonly Fabric[] = [
  GENERIC,
  { ...GENERIC, target: 'three', adderAbsorbs: true, threeOperands: 'CARRY4' },
  { ...GENERIC, target: 'carries', carriesOut: true },
];

const COMPLEMENTING: Fabric = {
  ...GENERIC,
  target: 'complementing',
  sumComplements: true,
  carriesOut: true,
};
const SELECTING: Fabric = { ...GENERIC, target: 'selecting', selectingAdder: 'CCU2C' };

/** Sums of numbers with their signs, by the names of the functions that make them. */
const SIGNED_SUMS = {
  sumOfTerms(b: Builder, value: Vector, negative: Vector): Signal {
    const terms = b.lanes('term', [value, negative] as const, (x, n) =>
      pending(b, complementIf(b, x, n), n).as('term'),
    );
    return sumOfTerms(b, [terms.as('terms')], 8n * BigInt(value.lanes));
  },
  sumOfSigned: (b: Builder, value: Vector, negative: Vector): Signal =>
    sumOfSigned(b, { value, negative }).sum,
  /** Put together again from its sign and its magnitude. */
  inParts(b: Builder, value: Vector, negative: Vector): Signal {
    const parts = sumOfSigned(b, { value, negative });
    expect(parts.magnitude.range[0]).toBe(0n);
    return parts.magnitude.negateIf(parts.negative);
  },
};

const SIGNED_CASES = [
  ...FABRICS.map(fabric => ({ sum: 'sumOfTerms', fabric }) as const),
  ...(['sumOfSigned', 'inParts'] as const).flatMap(sum =>
    [...FABRICS, COMPLEMENTING].map(fabric => ({ sum, fabric }) as const),
  ),
];

test.each(SIGNED_CASES)('$sum adds what is to be added and subtracts the rest, on $fabric.target', ({
  sum,
  fabric,
}) => {
  for (const lanes of [1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 18, 32, 37, 54]) {
    const b = new Builder(fabric);
    const [codes, signs] = [b.input('x', 4 * lanes).unpack(lanes), b.input('n', lanes).unpack(lanes)];
    const values = b.lanes('value', [codes] as const, x => x.wrap(4, true).as('value'));
    const machine = compile(freeze(b, { y: SIGNED_SUMS[sum](b, values.as('values'), signs) }));
    const sumOf = (codes: readonly number[], negative: readonly boolean[]): number => {
      const x = codes.reduce((bits, c, i) => bits | (BigInt(c) << BigInt(4 * i)), 0n);
      const n = negative.reduce((bits, s, i) => bits | (BigInt(s) << BigInt(i)), 0n);
      const given = { x: 4 * lanes <= 53 ? Number(x) : x, n: lanes <= 53 ? Number(n) : n };
      return Number((machine.step(given, true) as { y: number | bigint }).y);
    };
    const expected = (codes: readonly number[], negative: readonly boolean[]): number =>
      codes.reduce((sum, c, i) => sum + (c < 8 ? c : c - 16) * (negative[i] ? -1 : 1), 0);
    const all = (of: (i: number) => number): number[] => Array.from({ length: lanes }, (_, i) => of(i));
    for (const code of [0, 1, 7, 8, 15])
      for (let alone = -1; alone <= lanes; alone++) {
        // One lane alone, or all but it, is of the other sign; and only it has a value.
        for (const codes of [all(() => code), all(i => (i === alone ? code : 0))])
          for (const negative of [
            all(() => 0),
            all(() => 1),
            all(i => +(i === alone)),
            all(i => +(i !== alone)),
          ]) {
            const signs = negative.map(Boolean);
            expect(sumOf(codes, signs), `${lanes} lanes of ${codes}, ${negative}`).toBe(
              expected(codes, signs),
            );
          }
      }
  }
});

test('a gated sum is the sum where the condition holds, else zero', () => {
  const lanes = 3;
  const b = new Builder(FABRICS[1]!);
  const value = b.input('x', 2 * lanes).unpack(lanes);
  const { sum, gated } = sumOfSigned(b, { value, negative: b.input('n', lanes).unpack(lanes) });
  const machine = compile(freeze(b, { sum, y: gated!(b.input('valid', 1)) }));
  for (let x = 0; x < 2 ** (2 * lanes); x++)
    for (let n = 0; n < 2 ** lanes; n++)
      for (const valid of [0, 1]) {
        const { sum, y } = machine.step({ x, n, valid }, true) as Record<string, number>;
        expect(y, `${x}, ${n}, ${valid}`).toBe(valid === 1 ? sum : 0);
      }
});

test.each([...FABRICS, SELECTING])('adds, subtracts or leaves out what a code says, on $target', fabric => {
  for (const lanes of [1, 2, 3, 4, 7, 8]) {
    const b = new Builder(fabric);
    const numbers = b.lanes('number', [b.input('x', 3 * lanes).unpack(lanes)] as const, x => x.wrap(3, true));
    const codes = b.input('k', 2 * lanes).unpack(lanes);
    const choose = (k: Signal) => ({ use: k.bit(0), negative: k.bit(1) });
    const machine = compile(freeze(b, { y: sumOfSelected(b, 'term', numbers, codes, choose) }));
    // Each number and each code in one lane, beside every code of a -4 in the others.
    for (let lane = 0; lane < lanes; lane++)
      for (let i = 0; i < 8 * 4 * 4; i++) {
        const [x, k, others] = [i & 7, (i >> 3) & 3, i >> 5];
        const numberOf = (j: number): number => (j === lane ? x : 4);
        const codeOf = (j: number): number => (j === lane ? k : others);
        const bits = (of: (j: number) => number, width: number): number =>
          Array.from({ length: lanes }, (_, j) => of(j) * 2 ** (width * j)).reduce((s, c) => s + c);
        const value = (j: number): number => {
          const n = numberOf(j) < 4 ? numberOf(j) : numberOf(j) - 8;
          return [0, n, 0, -n][codeOf(j)]! + 0;
        };
        const expected = Array.from({ length: lanes }, (_, j) => value(j)).reduce((s, v) => s + v);
        const { y } = machine.step({ x: bits(numberOf, 3), k: bits(codeOf, 2) }, true) as { y: number };
        expect(y, `lane ${lane} of ${lanes}: ${x} by code ${k}, the others by ${others}`).toBe(expected);
      }
  }
});

test.each([...FABRICS, SELECTING])('adds or subtracts one of two numbers, on $target', fabric => {
  for (const lanes of [1, 2, 3, 4, 6, 8]) {
    const b = new Builder(fabric);
    const numbersOf = (port: string) =>
      b.lanes(port, [b.input(`${port}s`, 3 * lanes).unpack(lanes)] as const, x => x.wrap(3, true));
    const both = [numbersOf('x'), numbersOf('y')] as const;
    const codes = b.input('k', 2 * lanes).unpack(lanes);
    const is = { other: (k: Signal) => k.bit(0), negative: (k: Signal) => k.bit(1) };
    const machine = compile(freeze(b, { y: sumOfEither(b, 'term', both, codes, is) }));
    const bits = (of: (lane: number) => number, width: number): number =>
      Array.from({ length: lanes }, (_, j) => of(j) * 2 ** (width * j)).reduce((s, c) => s + c);
    const signed = (code: number): number => (code < 4 ? code : code - 8);
    for (let lane = 0; lane < lanes; lane++)
      for (let i = 0; i < 8 * 8 * 4 * 4; i++) {
        const here = [i & 7, (i >> 3) & 7, (i >> 6) & 3] as const;
        // The others have −4 and 3, and one of the codes.
        const [x, y, k] = [0, 1, 2].map(n => (j: number) => (j === lane ? here[n]! : [4, 3, i >> 8][n]!));
        const value = (j: number): number => signed((k!(j) & 1 ? y! : x!)(j)) * (k!(j) & 2 ? -1 : 1);
        const expected = Array.from({ length: lanes }, (_, j) => value(j)).reduce((s, v) => s + v) + 0;
        const given = { xs: bits(x!, 3), ys: bits(y!, 3), k: bits(k!, 2) };
        const sum = machine.step(given, true) as { y: number };
        expect(sum.y, `lane ${lane} of ${lanes}: ${here}, code ${i >> 8} elsewhere`).toBe(expected);
      }
  }
});

test.each([
  ...FABRICS,
  SELECTING,
  { ...FABRICS[1]!, target: 'two outputs', twoOutputs: 'LUT6_2' } as Fabric,
])('takes one number of each lane into one sum, the other one into another, on $target', fabric => {
  const sets = [[], [3], [0, 2], [1, 3], [2, 3], [0, 1], [1, 2], [0, 3], [0, 1, 2]];
  for (const [n, first] of sets.entries()) {
    const lanes = n % 2 === 0 ? 2 : 3;
    const [exchanged, second] = [sets[(n + 3) % sets.length]!, sets[(n + 5) % sets.length]!];
    const b = new Builder(fabric);
    const numbersOf = (port: string) =>
      b.lanes(port, [b.input(`${port}s`, 3 * lanes).unpack(lanes)] as const, x => x.wrap(3, true));
    const codes = b.input('k', 2 * lanes).unpack(lanes);
    const [one, other] = sumsOfEither(b, [numbersOf('x'), numbersOf('y')], codes, exchanged, [
      { name: 'one', title: 'One', negative: first },
      { name: 'other', title: 'The other', negative: second },
    ]);
    const machine = compile(freeze(b, { one, other }));
    const signed = (code: number): number => (code < 4 ? code : code - 8);
    for (let lane = 0; lane < lanes; lane++)
      for (let i = 0; i < 8 * 8 * 4; i++) {
        const here = [i & 7, (i >> 3) & 7, i >> 6];
        const given = [4, 3, i % 4].map((elsewhere, port) =>
          Array.from({ length: lanes }, (_, j) => (j === lane ? here[port]! : elsewhere)),
        ) as [number[], number[], number[]];
        const expected = { one: 0, other: 0 };
        for (const [j, k] of given[2].entries()) {
          const numbers = [signed(given[0][j]!), signed(given[1][j]!)];
          if (exchanged.includes(k)) numbers.reverse();
          expected.one += first.includes(k) ? -numbers[0]! : numbers[0]!;
          expected.other += second.includes(k) ? -numbers[1]! : numbers[1]!;
        }
        const packed = (numbers: number[], bits: number): number =>
          numbers.reduceRight((word, x) => word * 2 ** bits + x, 0);
        const [xs, ys, k] = [packed(given[0], 3), packed(given[1], 3), packed(given[2], 2)];
        expect(machine.step({ xs, ys, k }, true), `${first} ${second} ${exchanged}: ${here}`).toMatchObject(
          expected,
        );
      }
  }
});

test('an adder of three operands adds two bits as well', () => {
  const b = new Builder(FABRICS[1]);
  const [x, y, z] = [b.input('x', 3).wrap(3, true), b.input('y', 2), b.input('z', 2).wrap(2, true)];
  const sum = addThree(b, [x, y, z], b.input('p', 1), b.input('q', 1));
  expect(sum.range).toEqual([-6n, 9n]);
  const machine = compile(freeze(b, { sum }));
  for (let i = 0; i < 1 << 9; i++) {
    const [xs, ys, zs, p, q] = [i & 7, (i >> 3) & 3, (i >> 5) & 3, (i >> 7) & 1, i >> 8];
    const signed = (code: number, bits: number): number => (code << (32 - bits)) >> (32 - bits);
    const expected = signed(xs, 3) + ys + signed(zs, 2) + p + q;
    expect(machine.step({ x: xs, y: ys, z: zs, p, q }, true)).toMatchObject({ sum: expected });
  }
});
