import { describe, expect, it } from 'vitest';
import { convert, fromNumber, parseFormat } from '../../../generators/formats/index.ts';
import { doubleFromHex, readJsonLines, Tally, vectorsPresent } from '../../formats/vectors.ts';
import { answersOf, designOf } from '../answers.ts';

/** [signed, width, integer bits] */
type Triple = [number, number, number];

const idOf = ([signed, width, integerBits]: Triple): string =>
  parseFormat(`ap_${signed === 1 ? '' : 'u'}fixed<${width},${integerBits}>`).id;
const code = (hex: string): bigint => BigInt(`0x${hex}`);

const ROUNDINGS: Record<string, string> = {
  RND: 'rhu',
  RND_ZERO: 'rhz',
  RND_MIN_INF: 'rhd',
  RND_INF: 'rna',
  RND_CONV: 'rne',
  TRN: 'trn',
  TRN_ZERO: 'rtz',
};
const OVERFLOWS: Record<string, string> = {
  SAT: 'saturate',
  SAT_ZERO: 'satzero',
  SAT_SYM: 'satsym',
  WRAP: 'wrap',
  WRAP_SM: 'wrapsm',
};

describe.skipIf(!vectorsPresent)('the units answer as ap_fixed and IEEE 1666', () => {
  it('fx-cast converts', { timeout: 120_000 }, async () => {
    const tally = new Tally();
    const failures: string[] = [];
    const lines = readJsonLines<{ src: Triple; dst: Triple; q: string; o: string; x: string[]; y: string[] }>(
      'fixed/convert.jsonl.gz',
    );
    for (const { src, dst, q, o, x, y } of lines) {
      const params = { from: idOf(src), to: idOf(dst), round: ROUNDINGS[q]!, overflow: OVERFLOWS[o]! };
      const made = await designOf('fx-cast', params);
      const beats = x.map(hex => ({ x: code(hex) }));
      for (const engine of ['golden', 'interpreter'] as const) {
        answersOf(made, beats, engine).forEach((answer, i) => {
          if (answer.y !== code(y[i]!))
            failures.push(`${engine} ${JSON.stringify(params)}: ${x[i]} gave ${answer.y}`);
          tally.add(engine);
        });
      }
    }
    expect(failures).toEqual([]);
    expect(tally.counts).toMatchInlineSnapshot(`
      {
        "golden": 251599,
        "interpreter": 251599,
      }
    `);
  });

  it('fx-cast converts doubles, seen as wide fixed-point numbers', { timeout: 120_000 }, async () => {
    const wide = parseFormat('fix256.128');
    const tally = new Tally();
    const failures: string[] = [];
    for (const { dst, q, o, x, y } of readJsonLines<{
      dst: Triple;
      q: string;
      o: string;
      x: string[];
      y: string[];
    }>('fixed/from_f64.jsonl.gz')) {
      const params = { from: wide.id, to: idOf(dst), round: ROUNDINGS[q]!, overflow: OVERFLOWS[o]! };
      const made = await designOf('fx-cast', params);
      const beats = x.flatMap((hex, i) => {
        const value = doubleFromHex(hex);
        const isHeld = value === 0 || (Math.abs(value) < 2 ** 127 && Number.isInteger(value * 2 ** 128));
        if (!isHeld) tally.add('left out: not a multiple of 2^-128 below 2^127');
        return isHeld ? [{ x: wide.encode(fromNumber(value)), y: code(y[i]!) }] : [];
      });
      for (const engine of ['golden', 'interpreter'] as const) {
        answersOf(made, beats, engine).forEach((answer, i) => {
          if (answer.y !== beats[i]!.y) failures.push(`${engine} ${JSON.stringify(params)}: ${beats[i]!.x}`);
          tally.add(engine);
        });
      }
    }
    expect(failures).toEqual([]);
    expect(tally.counts).toMatchInlineSnapshot(`
      {
        "golden": 8400,
        "interpreter": 8400,
      }
    `);
  });

  it('fx-add and fx-mul give exact results, in the format of ap_fixed too', async () => {
    const tally = new Tally();
    const failures: string[] = [];
    for (const { op, a, b, z, x, y, r } of readJsonLines<{
      op: 'add' | 'sub' | 'mul';
      a: Triple;
      b: Triple;
      z: Triple;
      x: string[];
      y: string[];
      r: string[];
    }>('fixed/arith.jsonl.gz')) {
      const operands = { a: idOf(a), b: idOf(b), ...(op === 'mul' ? {} : { operation: op }) };
      const beats = x.map((hex, i) => ({ a: code(hex), b: code(y[i]!) }));
      // Overflow would show: satzero gives 0.
      for (const result of ['exact', idOf(z)]) {
        const made = await designOf(op === 'mul' ? 'fx-mul' : 'fx-add', {
          ...operands,
          result,
          overflow: 'satzero',
        });
        const format = made.outputs[0]!.format;
        for (const engine of ['golden', 'interpreter'] as const) {
          answersOf(made, beats, engine).forEach((answer, i) => {
            const want = convert(parseFormat(idOf(z)), format, code(r[i]!), { overflow: 'satzero' });
            if (answer.y !== want)
              failures.push(`${engine} ${op} ${JSON.stringify(operands)}: ${x[i]} ${y[i]}`);
            tally.add(`${engine}, ${result === 'exact' ? 'exact' : 'cast'}`);
          });
        }
      }
    }
    expect(failures).toEqual([]);
    expect(tally.counts).toMatchInlineSnapshot(`
      {
        "golden, cast": 15708,
        "golden, exact": 15708,
        "interpreter, cast": 15708,
        "interpreter, exact": 15708,
      }
    `);
  });

  it('fx-mul and fx-add, cast with each step, make the accumulator of ap_fixed', async () => {
    const tally = new Tally();
    const failures: string[] = [];
    for (const line of readJsonLines<{
      a: Triple;
      b: Triple;
      acc: Triple;
      q: string;
      o: string;
      chains: { a: string[]; b: string[]; acc: string[] }[];
    }>('fixed/mac.jsonl.gz')) {
      const multiplier = await designOf('fx-mul', { a: idOf(line.a), b: idOf(line.b) });
      const acc = idOf(line.acc);
      const adder = await designOf('fx-add', {
        a: acc,
        b: multiplier.outputs[0]!.format.id,
        result: acc,
        round: ROUNDINGS[line.q]!,
        overflow: OVERFLOWS[line.o]!,
      });
      for (const engine of ['golden', 'interpreter'] as const) {
        for (const chain of line.chains) {
          const products = answersOf(
            multiplier,
            chain.a.map((a, i) => ({ a: code(a), b: code(chain.b[i]!) })),
            engine,
          );
          // Each step from the reference's own accumulator: one wrong step is then one failure.
          const steps = products.map(({ y }, i) => ({
            a: i === 0 ? 0n : code(chain.acc[i - 1]!),
            b: y as bigint,
          }));
          answersOf(adder, steps, engine).forEach(({ y }, i) => {
            if (y !== code(chain.acc[i]!)) failures.push(`${engine} ${acc} ${line.q} ${line.o}: step ${i}`);
            tally.add(engine);
          });
        }
      }
    }
    expect(failures).toEqual([]);
    expect(tally.counts).toMatchInlineSnapshot(`
      {
        "golden": 12288,
        "interpreter": 12288,
      }
    `);
  });
});
