import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Format, parseFormat } from '../../../generators/formats/index.ts';
import { answersOf, type Codes, designOf } from '../answers.ts';

type Parameters = Record<string, string | number>;

/** A unit's datapath as a function from beats to the codes of `y`. */
async function machine(unit: string, params: Parameters): Promise<(beats: readonly Codes[]) => bigint[]> {
  const design = await designOf(unit, params);
  return beats => answersOf(design, beats, 'interpreter').map(answer => answer.y as bigint);
}

const FORMATS = ['e4m3', 'e5m2', 'e4m3fnuz', 'e3m2', 'e2m1', 'p3109_k8p4se', 'p3109_k8p3ue', 'bf16', 'fp16'];
const same = (format: string, ...names: string[]): Parameters => ({
  ...Object.fromEntries(names.map(name => [name, format])),
  overflow: 'special',
});
const codes = (format: Format, length: number): fc.Arbitrary<bigint[]> =>
  fc.array(fc.bigInt({ min: 0n, max: 2n ** BigInt(format.width) - 1n }), {
    minLength: length,
    maxLength: length,
  });
const BATCH = 400;
const ROUNDINGS = ['rne', 'rna', 'rtz', 'rup', 'rdn', 'odd'];

describe('identities, by the datapaths', () => {
  it.each(FORMATS)('%s: a sum and a product have no order', async id => {
    const format = parseFormat(id);
    for (const unit of ['fp-add', 'fp-mul']) {
      const run = await machine(unit, same(id, 'a', 'b', 'result'));
      fc.assert(
        fc.property(codes(format, BATCH), codes(format, BATCH), (x, y) => {
          const forward = run(x.map((a, i) => ({ a, b: y[i]! })));
          expect(run(x.map((a, i) => ({ a: y[i]!, b: a })))).toEqual(forward);
        }),
        { seed: 11, numRuns: 10 },
      );
    }
  });

  it.each([
    'e4m3',
    'e5m2',
    'e3m2',
    'bf16',
    'fp16',
  ])('%s: fused with −0 is the product, with 1 the sum', async id => {
    const format = parseFormat(id);
    const [minusZero, one] = [1n << BigInt(format.width - 1), BigInt(format.encodeNumber(1))];
    for (const round of ROUNDINGS) {
      // Rounded toward −∞, +0 and −0 make −0, and the product alone +0.
      if (round === 'rdn') continue;
      const fused = await machine('fp-fma', { ...same(id, 'a', 'b', 'c', 'result'), round });
      const product = await machine('fp-mul', { ...same(id, 'a', 'b', 'result'), round });
      const sum = await machine('fp-add', { ...same(id, 'a', 'b', 'result'), round });
      fc.assert(
        fc.property(codes(format, BATCH), codes(format, BATCH), (x, y) => {
          const pairs = x.map((a, i) => ({ a, b: y[i]! }));
          expect(fused(pairs.map(pair => ({ ...pair, c: minusZero })))).toEqual(product(pairs));
          expect(fused(pairs.map(({ a, b }) => ({ a, b: one, c: b })))).toEqual(sum(pairs));
        }),
        { seed: 12, numRuns: 6 },
      );
    }
  });

  it.each([
    'e4m3',
    'e5m2',
    'e2m3',
    'e4m3fnuz',
  ])('%s: the exact product, converted, is the rounded product', async id => {
    const format = parseFormat(id);
    const exact = await designOf('fp-mul', { a: id, b: id, result: 'exact' });
    const rounded = await machine('fp-mul', same(id, 'a', 'b', 'result'));
    const from = exact.outputs[0]!.format.id;
    const convert = await machine('int-to-fp', { from, to: id, overflow: 'special' });
    const beats: Codes[] = [];
    for (let a = 0n; a < 256n; a++) for (let b = 0n; b < 256n; b++) beats.push({ a, b });
    const fitting = beats.filter(({ a, b }) =>
      [a, b].every(code => (code as bigint) >> BigInt(format.width) === 0n),
    );
    const answers = answersOf(exact, fitting, 'interpreter');
    const byInteger = convert(answers.map(({ y }) => ({ x: y as bigint })));
    const direct = rounded(fitting);
    let compared = 0;
    answers.forEach(({ y, invalid }, k) => {
      // An integer has neither NaN nor −0.
      if (invalid === 1n || y === 0n) return;
      compared++;
      if (byInteger[k] !== direct[k])
        throw new Error(`${fitting[k]!.a} · ${fitting[k]!.b}: ${byInteger[k]}, not ${direct[k]}`);
    });
    expect(compared).toBeGreaterThan(2000);
  });

  it.each(FORMATS)('%s: each number comes back from fp32', async id => {
    const format = parseFormat(id);
    const widen = await machine('fp-convert', { from: id, to: 'fp32', overflow: 'special' });
    const narrow = await machine('fp-convert', { from: 'fp32', to: id, overflow: 'special' });
    const all = Array.from({ length: 2 ** format.width }, (_, code) => BigInt(code));
    const numbers = all.filter(code => format.decode(code).kind !== 'nan');
    expect(narrow(widen(numbers.map(x => ({ x }))).map(x => ({ x })))).toEqual(numbers);
  });

  it.each(['e4m3', 'e3m2', 'bf16'])('%s: a difference is the sum with the other sign', async id => {
    const format = parseFormat(id);
    const signBit = 1n << BigInt(format.width - 1);
    const sum = await machine('fp-add', same(id, 'a', 'b', 'result'));
    const difference = await machine('fp-add', { ...same(id, 'a', 'b', 'result'), operation: 'sub' });
    fc.assert(
      fc.property(codes(format, BATCH), codes(format, BATCH), (x, y) => {
        const pairs = x.map((a, i) => ({ a, b: y[i]! }));
        expect(difference(pairs)).toEqual(sum(pairs.map(({ a, b }) => ({ a, b: b ^ signBit }))));
      }),
      { seed: 13, numRuns: 10 },
    );
  });
});

describe('stochastic rounding', () => {
  it('goes up for as many random numbers as the fraction says', async () => {
    const randomBits = 5;
    const run = await machine('fp-convert', {
      from: 'e4m6',
      to: 'e4m2ieee',
      round: 'stochastic',
      randomBits,
    });
    const [from, to] = [parseFormat('e4m6'), parseFormat('e4m2ieee')];
    const fractions = new Set<number>();
    for (let x = 0n; x < from.float!.maxFiniteCode; x++) {
      const answers = run(Array.from({ length: 2 ** randomBits }, (_, rnd) => ({ x, rnd: BigInt(rnd) })));
      const value = from.decodeNumber(Number(x));
      const down = Number(to.encodeNumber(value, { round: 'rtz' }));
      const [low, high] = [to.decodeNumber(down), to.decodeNumber(down + 1)];
      if (!Number.isFinite(high)) continue;
      const fraction = Math.floor(((value - low) / (high - low)) * 2 ** randomBits);
      fractions.add(fraction);
      expect(answers.filter(y => y === BigInt(down + 1)).length).toBe(fraction);
      expect(answers.filter(y => y === BigInt(down)).length).toBe(2 ** randomBits - fraction);
    }
    expect(fractions.size).toBeGreaterThan(15);
  });
});

describe('what cannot be is refused in a sentence', () => {
  it.each([
    ['fp-mul', { a: 'bf16', b: 'bf16', result: 'exact' }, /exact product has 523 bits; expected at most 256/],
    ['fp-mul', { a: 'e4m3', b: 'e4m3', result: 'exact', round: 'rup' }, /an exact product is not rounded/],
    ['fp-mul', { signApart: true }, /e4m3 has its sign inside: --sign-apart goes with --result exact/],
    ['fp-cmp', { a: 'e4m3', b: 'e5m2' }, /two formats; expected one for both/],
    ['fp-add', { a: 'e11m53' }, /e11m53/],
  ])('%s %o', async (unit, params, message) => {
    await expect(designOf(unit, params)).rejects.toThrow(message);
  });
});
