import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Parameters } from '../../../generators/emit/design.ts';
import {
  decodeKhot,
  encodeKhot,
  type KhotShape,
  nearestKhot,
  termsOf,
  wordWidth,
} from '../../../generators/units/khot.ts';
import { type Codes, designOf } from '../answers.ts';
import { answers, codes, signed } from './codes.ts';

/** A list of so many integers within bounds. */
const integers = (count: number, min: number, max: number): fc.Arbitrary<number[]> =>
  fc.array(fc.integer({ min, max }), { minLength: count, maxLength: count });

const sum = (terms: readonly number[]): number => terms.reduce((x, y) => x + y, 0);

async function holds<T>(
  arbitrary: fc.Arbitrary<T>,
  check: (value: T) => Promise<void>,
  numRuns = 30,
): Promise<void> {
  await fc.assert(fc.asyncProperty(arbitrary, check), { numRuns });
}

/** Random codes for the inputs of a unit. */
async function beatOf(
  unit: string,
  params: Parameters,
): Promise<fc.Arbitrary<Record<string, bigint | bigint[]>>> {
  const { inputs } = await designOf(unit, params);
  return fc.record(
    Object.fromEntries(
      inputs.map(({ name, format, lanes }) => {
        const code = fc.bigInt({ min: 0n, max: (1n << BigInt(format.width)) - 1n });
        return [name, lanes === 0 ? code : fc.array(code, { minLength: lanes, maxLength: lanes })];
      }),
    ),
  );
}

describe('sums of powers of two', () => {
  const shapes = (['binary', 'csd'] as const).flatMap(encoding =>
    [1, 2, 3].map((terms): KhotShape => ({ terms, shiftBits: 3, encoding })),
  );

  test.each(shapes)('each weight has a word, and the nearest to it is itself: %j', shape => {
    const weights = new Set(
      Array.from({ length: 2 ** wordWidth(shape) }, (_, word) => decodeKhot(shape, word)),
    );
    let seen = 0;
    for (const w of weights) {
      const terms = termsOf(shape.encoding, w);
      expect(sum(terms.map(t => (t.negative ? -1 : 1) * 2 ** t.exponent))).toBe(w);
      // A word may name a power twice, and reach what no plain word does.
      if (terms.length > shape.terms || terms.some(t => t.exponent > 7)) continue;
      expect(decodeKhot(shape, encodeKhot(shape, w))).toBe(w);
      expect(nearestKhot(shape, w)).toBe(w);
      seen++;
    }
    expect(seen).toBeGreaterThan(16);
  });

  test.each(shapes)('no weight is nearer than the nearest: %j', shape => {
    const all = Array.from({ length: 256 }, (_, w) => w).filter(w => {
      const terms = termsOf(shape.encoding, w);
      return terms.length <= shape.terms && terms.every(t => t.exponent <= 7);
    });
    for (let value = 0; value < 256; value++) {
      const best = all.reduce((x, y) => (Math.abs(y - value) < Math.abs(x - value) ? y : x));
      expect(nearestKhot(shape, value)).toBe(best);
      expect(nearestKhot(shape, -value)).toBe(0 - best);
    }
  });

  test.each(shapes)('khot-mul is a multiplication: %j', async shape => {
    const word = fc.integer({ min: 0, max: 2 ** wordWidth(shape) - 1 });
    const width = (await designOf('khot-mul', shape)).outputs[0]!.width;
    await holds(fc.tuple(fc.integer({ min: -32768, max: 32767 }), word), async ([a, b]) => {
      const [found] = await answers('khot-mul', shape, [{ a: codes(16, [a])[0]!, b: BigInt(b) }]);
      expect(signed(width, found!.y)).toBe(a * decodeKhot(shape, b) + 0);
    });
  });

  test.each(shapes)('and with a constant, too: %j', async shape => {
    const weight = fc.integer({ min: -255, max: 255 }).map(w => nearestKhot(shape, w));
    await holds(
      fc.tuple(integers(3, -128, 127), fc.tuple(weight, weight, weight)),
      async ([a, weights]) => {
        const params = { ...shape, weights, lanes: 3, a: 'int8' };
        const width = (await designOf('khot-dot', params)).outputs[0]!.width;
        const [found] = await answers('khot-dot', params, [{ a: codes(8, a) }]);
        expect(signed(width, found!.y)).toBe(sum(a.map((x, i) => x * weights[i]!)) + 0);
      },
      8,
    );
  });

  test('constants that have no word are refused, with the nearest that has one', async () => {
    await expect(designOf('khot-mul', { weights: [183] })).rejects.toThrow(
      'the weight 183 is not a sum of at most 2 powers of two with one sign, up to 2^7: expected one that is, and the nearest is 192',
    );
    await expect(designOf('khot-dot', { weights: [1, 2] })).rejects.toThrow(
      '--weights lists 2 constants, expected one for each of the numbers, 16 in all',
    );
    await expect(designOf('khot-mul', { weights: [384], shiftBits: 3 })).rejects.toThrow(
      'the nearest is 192',
    );
    await expect(designOf('cquad-dot', { scales: 'split', conjugate: false })).rejects.toThrow(
      'leave it out',
    );
    await expect(designOf('xnor-frac-mac', { gate: true })).rejects.toThrow('leave it out');
  });
});

describe('scaled planes are a dense dot product', () => {
  const lanes = 6;
  const alpha = [-32768, 77, 300];
  const check = async (
    unit: string,
    params: Parameters,
    a: number[],
    b: readonly bigint[],
    weights: readonly number[],
  ): Promise<void> => {
    const beat = { a: codes(8, a), b, alpha: codes(16, alpha.slice(0, unit === 'dualbin-dot' ? 2 : 3)) };
    const width = (await designOf(unit, params)).outputs[0]!.width;
    const [found] = await answers(unit, params, [beat]);
    expect(signed(width, found!.y)).toBe(sum(a.map((x, i) => x * weights[i]!)) + 0);
  };

  test('of trits', () =>
    holds(fc.tuple(integers(lanes, -128, 127), integers(3 * lanes, -1, 1)), ([a, trits]) => {
      const weights = a.map((_, i) => sum(alpha.map((s, p) => s * trits[p * lanes + i]!)));
      return check('tritplane-dot', { lanes, planes: 3 }, a, codes(2, trits), weights);
    }));

  test('of signs', () =>
    holds(fc.tuple(integers(lanes, -128, 127), integers(3 * lanes, 0, 1)), ([a, bits]) => {
      const weights = a.map((_, i) => sum(alpha.map((s, p) => s * (2 * bits[p * lanes + i]! - 1))));
      return check('signplane-dot', { lanes, planes: 3, a: 'int8' }, a, codes(1, bits), weights);
    }));

  test('of bits', () =>
    holds(fc.tuple(integers(lanes, -128, 127), integers(lanes, 0, 3)), ([a, b]) => {
      const weights = b.map(code => alpha[0]! * (code % 2) + alpha[1]! * Math.floor(code / 2));
      return check('dualbin-dot', { lanes }, a, codes(2, b), weights);
    }));
});

/** Each dot product, the number of its planes, and the ports that have a code for each lane (and plane). */
const DOTS: readonly (readonly [string, Parameters, readonly string[]])[] = [
  ['ternary-dot', {}, ['a', 'b']],
  ['cquad-dot', {}, ['a_re', 'a_im', 'b']],
  ['cquad-dot', { scales: 'split' }, ['a_re', 'a_im', 'b']],
  ['tritplane-dot', { planes: 3 }, ['a', 'b']],
  ['dualbin-dot', {}, ['a', 'b']],
  ['signplane-dot', { planes: 2 }, ['a', 'b']],
  ['xnor-dot', { mask: true }, ['a', 'b', 'mask']],
  ['xnor-frac-dot', { gate: true }, ['a', 'b']],
  ['khot-dot', {}, ['a', 'b']],
];
const LANES = 7;

test.each(DOTS)('the order of the lanes does not matter: %s %j', async (unit, params, ports) => {
  const all = { ...params, lanes: LANES };
  const order = fc.shuffledSubarray(
    Array.from({ length: LANES }, (_, i) => i),
    { minLength: LANES },
  );
  await holds(fc.tuple(await beatOf(unit, all), order), async ([beat, lanes]) => {
    const shuffled = Object.fromEntries(
      Object.entries(beat).map(([port, given]) => {
        if (!ports.includes(port)) return [port, given];
        const list = given as bigint[];
        return [port, list.map((_, i) => list[i - (i % LANES) + lanes[i % LANES]!]!)];
      }),
    );
    const [before, after] = await answers(unit, all, [beat, shuffled]);
    expect(after).toEqual(before);
  });
});

test.each(
  DOTS.filter(([, params]) => !params.gate),
)('beats of a running sum are one long dot product: %s %j', async (unit, params, ports) => {
  const beats = 3;
  const [long, short] = [
    { ...params, lanes: beats * LANES },
    { ...params, lanes: LANES, beats },
  ];
  const mac = unit.replace('-dot', '-mac');
  await holds(await beatOf(unit, long), async beat => {
    const parts = Array.from({ length: beats }, (_, k): Codes => {
      const taken = Object.entries(beat).map(([port, given]) => {
        if (!ports.includes(port)) return [port, given];
        const lane = (_: bigint, i: number): boolean => Math.floor((i % (beats * LANES)) / LANES) === k;
        return [port, (given as bigint[]).filter(lane)];
      });
      return { ...Object.fromEntries(taken), first: k === 0 ? 1n : 0n };
    });
    const [whole] = await answers(unit, long, [beat]);
    const last = (await answers(mac, short, parts)).at(-1)!;
    const [wide, narrow] = [(await designOf(unit, long)).outputs, (await designOf(mac, short)).outputs];
    wide.forEach(({ name, width }, i) => {
      expect(signed(narrow[i]!.width, last[name])).toBe(signed(width, whole![name]));
    });
  });
});

test('packed and plain weights give the same', async () => {
  await holds(fc.tuple(integers(10, -128, 127), integers(10, -1, 1)), async ([a, trits]) => {
    const packed = await answers('trit5-pack', { bytes: 2 }, [{ x: codes(2, trits) }]);
    const plain = { a: codes(8, a), b: codes(2, trits) };
    const five = { a: plain.a, b: packed[0]!.y! };
    expect(await answers('ternary-dot', { lanes: 10, weights: 'trit5' }, [five])).toEqual(
      await answers('ternary-dot', { lanes: 10 }, [plain]),
    );
  });
});
