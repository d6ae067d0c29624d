import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Parameters } from '../../../generators/emit/design.ts';
import { fromNumber } from '../../../generators/formats/exact.ts';
import { parseFormat } from '../../../generators/formats/parse.ts';
import { answersOf, type Codes, designOf } from '../answers.ts';
import { codesOf, numberOf, numbersOf } from './codes.ts';

const RUNS = 60;
const ELEMENTS = ['e2m1', 'e2m3', 'e3m2', 'e4m3', 'e5m2', 'int8'];
const RULES = ['floor', 'ceil', 'even', 'up'];
const code = (bits: number): fc.Arbitrary<bigint> => fc.bigInt(0n, 2n ** BigInt(bits) - 1n);
const block = (lanes: number, bits: number): fc.Arbitrary<bigint[]> =>
  fc.array(code(bits), { minLength: lanes, maxLength: lanes });
/** Numbers of about the same magnitude, as blocks have them. */
const numbers = (lanes: number): fc.Arbitrary<number[]> =>
  fc
    .tuple(
      fc.integer({ min: -120, max: 120 }),
      fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: lanes, maxLength: lanes }),
    )
    .map(([exponent, values]) => values.map(x => x * 2 ** exponent));

/** Both answers, which are to be the same. */
function answers(made: Awaited<ReturnType<typeof designOf>>, beats: readonly Codes[]): Codes[] {
  const golden = answersOf(made, beats);
  expect(answersOf(made, beats, 'interpreter')).toEqual(golden);
  return golden;
}

describe('a dot product does not depend on the order of the lanes', () => {
  const LANES = 7;
  test.each([
    ...ELEMENTS.flatMap(element => [
      ['mx-dot', { element }, 'e8m0'],
      ['mx-dot', { element, result: 'bf16' }, 'e8m0'],
      ['mx-mac', { element }, 'e8m0'],
    ]),
    ['bfp-dot', { mantissa: 5 }, 'e8m0'],
    ['bfp-mac', { mantissa: 5, accumulator: 'fixed' }, 'e8m0'],
    ['nv-dot', { element: 'e2m1' }, 'e4m3'],
    ['nv-dot', { element: 'int4' }, 'e4m3'],
    ['nv-mac', { element: 'e2m1' }, 'e4m3'],
  ] as [string, Parameters, string][])('%s %j', async (unit, params) => {
    const made = await designOf(unit, { ...params, lanes: LANES });
    const bits = made.inputs.find(port => port.name === 'a')!.format.width;
    const order = fc.shuffledSubarray([...Array(LANES).keys()], { minLength: LANES, maxLength: LANES });
    fc.assert(
      fc.property(
        block(LANES, bits),
        block(LANES, bits),
        code(8),
        code(8),
        order,
        (a, b, a_scale, b_scale, at) => {
          const scales = { a_scale, b_scale, ...(unit.endsWith('mac') ? { first: 1n } : {}) };
          const moved = { ...scales, a: at.map(i => a[i]!), b: at.map(i => b[i]!) };
          expect(answers(made, [moved])).toEqual(answers(made, [{ ...scales, a, b }]));
        },
      ),
      { numRuns: RUNS },
    );
  });
});

describe('what a quantized block stands for is quantized to the same block', () => {
  const LANES = 6;
  // By the other rules a block may have moved down to elements so small that less would hold it.
  test.each(ELEMENTS)('MX, %s', async element => {
    const params = { element, lanes: LANES };
    const format = element === 'int8' ? 'fix8.6' : element;
    const quantizer = await designOf('mx-quant', { ...params, from: 'fp32' });
    const dequantizer = await designOf('mx-dequant', { ...params, to: 'fp32' });
    fc.assert(
      fc.property(numbers(LANES), values => {
        const [first] = answers(quantizer, [{ x: codesOf('fp32', values) }]);
        // A block that is nothing but zeros loses their signs.
        if (numbersOf(format, first!.y).every(x => x === 0)) return;
        const [back] = answers(dequantizer, [{ scale: first!.scale!, x: first!.y! }]);
        expect(answers(quantizer, [{ x: back!.y! }])).toEqual([first]);
      }),
      { numRuns: RUNS },
    );
  });

  test.each([2, 4, 9])('block floating point, %d-bit mantissas', async mantissa => {
    const params = { mantissa, lanes: LANES };
    const format = `int${mantissa}`;
    const quantizer = await designOf('bfp-quant', { ...params, from: 'fp32' });
    const dequantizer = await designOf('bfp-dequant', { ...params, to: 'fp32' });
    fc.assert(
      fc.property(numbers(LANES), values => {
        const [first] = answers(quantizer, [{ x: codesOf('fp32', values) }]);
        // A block that is nothing but zeros loses their signs.
        if (numbersOf(format, first!.y).every(x => x === 0)) return;
        const [back] = answers(dequantizer, [{ scale: first!.scale!, x: first!.y! }]);
        expect(answers(quantizer, [{ x: back!.y! }])).toEqual([first]);
      }),
      { numRuns: RUNS },
    );
  });
});

test.each(['bf16', 'fp16', 'fp32'])('8-bit mantissas are the elements of MXINT8, from %s', async from => {
  for (const scaleRule of RULES) {
    const params = { from, scaleRule, lanes: 5 };
    const bfp = await designOf('bfp-quant', { ...params, mantissa: 8 });
    const mx = await designOf('mx-quant', { ...params, element: 'int8' });
    fc.assert(
      fc.property(block(5, from === 'fp32' ? 32 : 16), numbers(5), (codes, values) => {
        const beats = [{ x: codes }, { x: codesOf(from, values) }];
        expect(answersOf(bfp, beats)).toEqual(answersOf(mx, beats));
      }),
      { numRuns: RUNS },
    );
  }
});

describe('nv-quant rounds the quotients of real numbers once', () => {
  /** A positive fraction. */
  interface Fraction {
    readonly top: bigint;
    readonly bottom: bigint;
  }

  const fraction = (x: number): Fraction => {
    const exact = fromNumber(Math.abs(x));
    if (exact.kind !== 'finite') throw new Error(`${x} is no number`);
    const [up, down] = [Math.max(exact.exp, 0), Math.max(-exact.exp, 0)];
    return { top: exact.mag << BigInt(up), bottom: 1n << BigInt(down) };
  };
  const over = (x: Fraction, y: Fraction): Fraction => ({
    top: x.top * y.bottom,
    bottom: x.bottom * y.top,
  });
  const times = (x: Fraction, y: Fraction): Fraction => ({ top: x.top * y.top, bottom: x.bottom * y.bottom });
  const compare = (x: Fraction, y: Fraction): number => {
    const difference = x.top * y.bottom - y.top * x.bottom;
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  };
  /** Of the codes from `least` to `most`, the one whose value is nearest; the even one of two. */
  const nearest = (format: string, least: number, most: number, x: Fraction): number => {
    for (let c = least; c < most; c++) {
      const [low, high] = [c, c + 1].map(k => numberOf(format, BigInt(k))) as [number, number];
      const side = compare(x, fraction((low + high) / 2));
      if (side < 0 || (side === 0 && c % 2 === 0)) return c;
    }
    return most;
  };

  test.each([
    ['e2m1', 6, 'bf16'],
    ['int4', 7, 'bf16'],
    ['e2m1', 6, 'fp32'],
    ['int4', 7, 'fp32'],
  ])('%s, largest %d, from %s', async (element, largest, from) => {
    const LANES = 4;
    const made = await designOf('nv-quant', { element, from, lanes: LANES });
    const scales = fc.oneof(
      fc.constantFrom(2 ** -9, 1 / 6, 1 / 7, 1 / 2688, 0.75),
      fc.double({ min: 1e-3, max: 1, noNaN: true, minExcluded: true }),
    );
    // Few bits make ties.
    const coarse = fc.array(
      fc.integer({ min: -56, max: 56 }).map(x => x / 4),
      { minLength: LANES, maxLength: LANES },
    );
    const fine = fc.array(fc.double({ min: -20, max: 20, noNaN: true }), {
      minLength: LANES,
      maxLength: LANES,
    });
    fc.assert(
      fc.property(fc.oneof(coarse, fine), scales, (values, ts) => {
        const x = codesOf(from, values);
        const [tensor_scale] = codesOf('fp32', [ts]);
        const tensor = fraction(numberOf('fp32', tensor_scale!));
        const given = numbersOf(from, x);
        const amax = fraction(Math.max(...given.map(Math.abs)));
        const scale = nearest('e4m3', 0x08, 0x7e, over(amax, times(tensor, fraction(largest))));
        const both = times(tensor, fraction(numberOf('e4m3', BigInt(scale))));
        const y = given.map(v => {
          const magnitude = nearest(element, 0, 7, over(fraction(v), both));
          const isNegative = v < 0 || Object.is(v, -0);
          if (element === 'int4') return BigInt.asUintN(4, BigInt(isNegative ? -magnitude : magnitude));
          return BigInt(isNegative ? magnitude + 8 : magnitude);
        });
        expect(answers(made, [{ x, tensor_scale: tensor_scale! }])).toEqual([{ scale: BigInt(scale), y }]);
      }),
      { numRuns: 4 * RUNS },
    );
  });
});

describe('mx-outer', () => {
  test.each(ELEMENTS)('%s: each cell is the dot product of its row and column', async element => {
    const [ROWS, COLS, BEATS] = [2, 3, 5];
    const outer = await designOf('mx-outer', { element, rows: ROWS, cols: COLS, beats: BEATS });
    const dot = await designOf('mx-dot', { element, lanes: BEATS });
    const width = parseFormat(element).width;
    const rows = fc.array(block(BEATS, width), { minLength: ROWS, maxLength: ROWS });
    const columns = fc.array(block(BEATS, width), { minLength: COLS, maxLength: COLS });
    fc.assert(
      fc.property(rows, columns, block(ROWS, 8), block(COLS, 8), (a, b, a_scale, b_scale) => {
        const beats = Array.from({ length: BEATS }, (_, k) => ({
          first: k === 0 ? 1n : 0n,
          a: a.map(row => row[k]!),
          a_scale,
          b: b.map(column => column[k]!),
          b_scale,
        }));
        const tile = answers(outer, beats).at(-1)!;
        for (let i = 0; i < ROWS; i++) {
          for (let j = 0; j < COLS; j++) {
            const [cell] = answersOf(dot, [
              { a: a[i]!, a_scale: a_scale[i]!, b: b[j]!, b_scale: b_scale[j]! },
            ]);
            const at = i * COLS + j;
            const [y, exponent, invalid] = ['y', 'exponent', 'invalid'].map(k => (tile[k] as bigint[])[at]);
            expect({ y, exponent, invalid }).toEqual(cell);
          }
        }
      }),
      { numRuns: RUNS },
    );
  });
});
