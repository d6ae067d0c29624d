import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { gen } from '../cli/run.ts';
import { findSolver } from './subject.ts';

const folder = mkdtempSync(join(tmpdir(), 'subbyte-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('gen prove', () => {
  test('a proof: text, document, exit code 0', async () => {
    const { code, stdout, stderr } = await gen(['prove', '--unit', 'fx-cast']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^statement {3}y is x, rounded.*\nsolver {6}z3 .*\nproven .* all inputs\n$/);
    const json = JSON.parse((await gen(['prove', '--unit', 'fx-cast', '--json'])).stdout);
    expect(json).toMatchObject({
      schema: 'subbyte/prove/1',
      unit: 'fx-cast',
      verdict: 'proven',
      cases: [{ name: 'all inputs', verdict: 'proven' }],
    });
    expect(json).not.toHaveProperty('counterexample');
  }, 60_000);

  test('time that is up is no proof: exit code 5, and what is left to do', async () => {
    const flags = [
      'prove',
      '--unit',
      'fp-mul',
      '--a',
      'fp32',
      '--b',
      'fp32',
      '--result',
      'fp32',
      '--time-limit',
      '2',
    ];
    const { code, stdout } = await gen(flags);
    expect(code).toBe(5);
    expect(stdout).toContain('not proven within 2 s: all inputs');
    expect(stdout).toContain('gen verify --vectors');
    const json = JSON.parse((await gen([...flags, '--json'])).stdout);
    expect(json).toMatchObject({ verdict: 'not proven', timeLimit: 2, cases: [{ verdict: 'not proven' }] });
    expect(json.seconds).toBeGreaterThanOrEqual(2);
    expect(json.seconds).toBeLessThan(10);
  }, 60_000);

  test('the ladder: narrower formats first, then vectors', async () => {
    const flags = [
      'prove',
      '--unit',
      'fp-mul',
      '--a',
      'fp32',
      '--b',
      'fp32',
      '--result',
      'fp32',
      '--ladder',
      '--time-limit',
      '8',
      '--json',
    ];
    const { code, stdout } = await gen(flags);
    expect(code).toBe(5);
    const json = JSON.parse(stdout);
    expect(json.verdict).toBe('not proven');
    expect(json.ladder[0]).toMatchObject({ verdict: 'proven' });
    expect(json.ladder.at(-1)).toMatchObject({ verdict: 'not proven' });
    expect(json.ladder.slice(0, -1).every((r: { verdict: string }) => r.verdict === 'proven')).toBe(true);
    expect(json.vectors).toEqual({ vectors: 100_000, mismatches: 0 });
  }, 120_000);

  test('--smt writes what any solver reads', async () => {
    const file = join(folder, 'question.smt2');
    const { code } = await gen([
      'prove',
      '--unit',
      'fp-convert',
      '--from',
      'fp16',
      '--to',
      'e4m3',
      '--smt',
      file,
    ]);
    expect(code).toBe(0);
    const text = readFileSync(file, 'utf8');
    expect(text).toContain('(set-logic QF_BVFP)');
    const solver = await findSolver('z3-wasm');
    const { verdict } = await solver.solve(text, '', { seconds: 30 });
    solver.close();
    expect(verdict).toBe('unsat');
  }, 60_000);

  test.each([
    [['--unit', 'fp-mac'], 'keeps a running state'],
    [['--unit', 'mx-quant'], 'nothing is stated about mx-quant yet'],
    [['--unit', 'fp-mul', '--round', 'stochastic'], 'SMT-LIB has no rounding stochastic'],
    [['--unit', 'fp-mul', '--result', 'e4m0fin'], 'e4m0fin has no mantissa bits'],
    [
      ['--unit', 'fp-dot', '--accumulator', 'aligned', '--result', 'fp32'],
      'aligned products has no statement yet',
    ],
    [['--unit', 'fx-cast', '--solver', 'yices'], "--solver: 'yices' is none of z3-wasm, z3, bitwuzla, cvc5"],
    [['--unit', 'fx-cast', '--time-limit', '0'], "--time-limit: '0' is not a whole number from 1 to 86400"],
    [['--unit', 'fx-cast', '--smt', 'no/such/folder.smt2'], '--smt: cannot write'],
  ])('%j is refused in one line', async (flags, words) => {
    const { code, stdout, stderr } = await gen(['prove', ...flags]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(words);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  test('a solver that is not there: exit code 6', async () => {
    const { code, stderr } = await gen(['prove', '--unit', 'fx-cast', '--solver', 'bitwuzla'], {
      env: { PATH: folder },
    });
    expect(code).toBe(6);
    expect(stderr).toContain('bitwuzla is not on the path; install it, or leave --solver away');
  });
});
