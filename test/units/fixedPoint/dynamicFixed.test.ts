import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { parseFormat } from '../../../generators/formats/index.ts';
import { answersOf, type Codes, designOf } from '../answers.ts';

const ENGINES = ['golden', 'interpreter'] as const;
const fp32 = parseFormat('fp32');
const single = (x: number): bigint => BigInt(fp32.encodeNumber(x));
const signed = (width: number, code: bigint): number => Number(BigInt.asIntN(width, code));

interface Block {
  readonly scale: number;
  readonly y: number[];
}

async function quantized(x: readonly number[], bits = 16): Promise<Block[]> {
  const made = await designOf('dfp-quant', { lanes: x.length, to: `int${bits}` });
  return ENGINES.map(engine => {
    const { scale, y } = answersOf(made, [{ x: x.map(single) }], engine)[0]!;
    return { scale: signed(10, scale as bigint), y: (y as bigint[]).map(c => signed(bits, c)) };
  });
}

describe('dfp-quant', () => {
  it.each([
    [[1.5, -0.75, 0.001, 1.99997], -14, [0x6000, 0xd000 - 0x10000, 0x0010, 0x7fff]],
    [[1.99999, 1], -14, [0x7fff, 0x4000]],
    [[0, -0, 0], 0, [0, 0, 0]],
    [[-1.99999, 2 ** -140], -14, [-0x7fff, 0]],
    [[2 ** -149, -(2 ** -149)], -163, [0x4000, -0x4000]],
    [[3 * 2 ** -149, 2 ** -149], -162, [0x6000, 0x2000]],
  ])('of %j', async (x, scale, y) => {
    // −0 and 0 are one integer.
    const plain = y.map(v => v + 0);
    expect(await quantized(x)).toEqual([
      { scale, y: plain },
      { scale, y: plain },
    ]);
  });

  it.each([
    ['NaN', 0x7fc00000n],
    ['a signalling NaN', 0xff800001n],
    ['infinity', 0xff800000n],
  ])('marks a block with %s', async (_, code) => {
    const made = await designOf('dfp-quant', { lanes: 3 });
    for (const engine of ENGINES) {
      const answer = answersOf(made, [{ x: [single(1), code, single(-3)] }], engine)[0];
      expect(answer).toEqual({ scale: 0n, y: [0n, 0n, 0n], invalid: 1n });
    }
  });

  it('reads subnormal values as zero, where it is told to', async () => {
    const made = await designOf('dfp-quant', { lanes: 3, subnormals: 'flush' });
    const [largest, normal] = [0x007fffffn, 0x00800000n];
    for (const engine of ENGINES) {
      const answers = answersOf(made, [{ x: [1n, largest, 0n] }, { x: [normal, largest, 0n] }], engine);
      expect(answers[0]).toEqual({ scale: 0n, y: [0n, 0n, 0n], invalid: 0n });
      expect(answers[1]).toEqual({ scale: BigInt.asUintN(10, -140n), y: [0x4000n, 0n, 0n], invalid: 0n });
    }
  });

  it('has no such mark for formats without NaN and infinity', async () => {
    const names = (await designOf('dfp-quant', { from: 'e2m1' })).outputs.map(port => port.name);
    expect(names).toEqual(['scale', 'y']);
  });

  const value = fc.float({ noNaN: true, noDefaultInfinity: true });
  it('errs by half a step at most, but where it saturates; the largest uses all bits', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(value, { minLength: 4, maxLength: 4 }), async x => {
        for (const { scale, y } of await quantized(x, 12)) {
          const largest = Math.max(...y.map(Math.abs));
          if (x.every(v => v === 0)) expect(largest).toBe(0);
          else expect(largest).toBeGreaterThanOrEqual(2 ** 10);
          // Steps and values are far from the ends of the doubles.
          y.forEach((v, i) => {
            const steps = x[i]! * 2 ** -scale;
            const error = Math.abs(v - steps);
            expect(error).toBeLessThanOrEqual(Math.abs(v) === 2 ** 11 - 1 ? 1 : 0.5);
            if (error === 0.5) expect(Math.abs(v) % 2).toBe(0);
          });
        }
      }),
      { seed: 7, numRuns: 150 },
    );
  });

  it('gives back what it once gave', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(value, { minLength: 4, maxLength: 4 }), async x => {
        const [first] = await quantized(x, 12);
        const again = await quantized(
          first!.y.map(v => v * 2 ** first!.scale),
          12,
        );
        // Exponents below the smallest are those of values that fp32 does not hold.
        fc.pre(first!.y.every(v => Math.fround(v * 2 ** first!.scale) === v * 2 ** first!.scale));
        expect(again).toEqual([first, first]);
      }),
      { seed: 8, numRuns: 150 },
    );
  });
});

describe('dfp-downconvert', () => {
  it.each([
    [[0x12345678, 0xffff0000, 3], 14, [0x48d1, 0xfffc, 0]],
    [[0x1234, 0xfffffffb], 0, [0x1234, 0xfffb]],
    [[0x7fffffff, 1], 16, [0x7fff, 0]],
    [[0, 0], 0, [0, 0]],
    [[0x80000000, 0], 17, [0xc000, 0]],
    [[0xffff8000, 1], 1, [0xc000, 0]],
    [[0xffff8001, 1], 0, [0x8001, 1]],
  ])('of %j', async (x, shift, y) => {
    const made = await designOf('dfp-downconvert', { lanes: x.length });
    for (const engine of ENGINES) {
      for (const exponent of [0, -100]) {
        const beat: Codes = { x: x.map(BigInt), x_scale: BigInt.asUintN(10, BigInt(exponent)) };
        const answer = answersOf(made, [beat], engine)[0]!;
        expect(answer.y).toEqual(y.map(BigInt));
        const { width } = made.outputs.find(port => port.name === 'scale')!.format;
        expect(signed(width, answer.scale as bigint)).toBe(exponent + shift);
      }
    }
  });

  it('leaves what fits', async () => {
    const made = await designOf('dfp-downconvert', { lanes: 3, from: 'int7', to: 'int8' });
    for (const engine of ENGINES) {
      const answer = answersOf(made, [{ x: [0x40n, 0x3fn, 0x7fn], x_scale: 5n }], engine)[0];
      expect(answer).toEqual({ scale: 5n, y: [0xc0n, 0x3fn, 0xffn] });
    }
  });
});

const elements = fc.array(
  fc.tuple(fc.integer({ min: -32768, max: 32767 }), fc.integer({ min: -32768, max: 32767 })),
  {
    minLength: 5,
    maxLength: 5,
  },
);

test('dfp-dot is the plain dot product with the exponents added, in any order of the lanes', async () => {
  const made = await designOf('dfp-dot', { lanes: 5 });
  const [y, scale] = made.outputs.map(port => port.format.width);
  await fc.assert(
    fc.asyncProperty(
      elements,
      fc.integer({ min: -512, max: 511 }),
      fc.integer({ min: -512, max: 511 }),
      async (e, m, n) => {
        const want = BigInt(e.reduce((s, [a, b]) => s + a * b, 0));
        const orders = [e, [...e].reverse(), [...e.slice(3), ...e.slice(0, 3)]];
        const beats = orders.map(order => ({
          a: order.map(pair => BigInt.asUintN(16, BigInt(pair[0]))),
          a_scale: BigInt.asUintN(10, BigInt(m)),
          b: order.map(pair => BigInt.asUintN(16, BigInt(pair[1]))),
          b_scale: BigInt.asUintN(10, BigInt(n)),
        }));
        for (const engine of ENGINES) {
          for (const answer of answersOf(made, beats, engine)) {
            expect(BigInt.asIntN(y!, answer.y as bigint)).toBe(want);
            expect(signed(scale!, answer.scale as bigint)).toBe(m + n);
          }
        }
      },
    ),
    { seed: 9, numRuns: 100 },
  );
});

test('dfp-mac adds up the products, shows the exponent, and holds 2^16 products of int16 in 48 bits', async () => {
  const made = await designOf('dfp-mac', { lanes: 2 });
  const { width } = made.outputs.find(port => port.name === 'y')!.format;
  const beat = (first: bigint, a: number, scale: number): Codes => ({
    first,
    a: [BigInt.asUintN(16, BigInt(a)), 1n],
    a_scale: BigInt.asUintN(10, BigInt(scale)),
    b: [0x8000n, 7n],
    b_scale: 3n,
  });
  for (const engine of ENGINES) {
    const answers = answersOf(made, [beat(1n, -32768, -14), beat(0n, 2, -14), beat(1n, 1, 20)], engine);
    expect(answers.map(({ y }) => signed(width, y as bigint))).toEqual([
      2 ** 30 + 7,
      2 ** 30 - 65536 + 14,
      -32761,
    ]);
    expect(answers.map(({ scale }) => signed(11, scale as bigint))).toEqual([-11, -11, 23]);
  }
  const longest = await designOf('dfp-mac', { lanes: 8, beats: 8192 });
  expect(longest.outputs.find(port => port.name === 'y')!.format.width).toBe(48);
});

test('what cannot be is refused in a sentence', async () => {
  const refusal = (unit: string, params: Parameters<typeof designOf>[1]): Promise<unknown> =>
    designOf(unit, params).then(
      () => 'accepted',
      (error: Error) => error.message,
    );
  const said = await Promise.all([
    refusal('dfp-quant', { to: 'uint16' }),
    refusal('dfp-quant', { from: 'fp64' }),
    refusal('dfp-quant', { exponent: 'int8' }),
    refusal('dfp-dot', { b: 'int25' }),
    refusal('dfp-dot', { exponent: 'int33' }),
    refusal('dfp-downconvert', { from: 'int65' }),
  ]);
  expect(said).toMatchInlineSnapshot(`
    [
      "dfp-quant: elements of dynamic fixed point are signed integers of 2 to 24 bits, not uint16; choose one as int16",
      "dfp-quant: fp64 has more than 32 bits, or values that are no doubles; choose a smaller format; exponents go from -1088 to 1009, which int10 does not hold; choose a wider one",
      "dfp-quant: exponents go from -163 to 113, which int8 does not hold; choose a wider one",
      "dfp-dot: elements of dynamic fixed point are signed integers of 2 to 24 bits, not int25; choose one as int16",
      "dfp-dot: int33 has more than 32 bits; choose a shorter exponent",
      "dfp-downconvert: int65 has more than 64 bits; choose a shorter format",
    ]
  `);
});
