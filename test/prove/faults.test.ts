import { afterAll, describe, expect, test } from 'vitest';
import { composed, type Flags, findSolver, problemFor, prove, replaced, Yosys } from './subject.ts';

const solver = await findSolver('z3-wasm');
const yosys = new Yosys();
afterAll(() => {
  solver.close();
  return yosys.close();
});

type Fault = readonly [
  what: string,
  id: string,
  flags: Flags,
  from: string | RegExp,
  to: string,
  goal?: Parameters<typeof composed>[2],
];

/** Each makes a fault of the kind that a generator makes. */
const FAULTS: readonly Fault[] = [
  [
    'a rounding that forgets ties',
    'fp-mul',
    { a: 'e4m3', b: 'e4m3', result: 'e4m3' },
    /\(sticky(\w*) \| last\)/,
    'sticky$1',
  ],
  [
    'a sum that loses its sticky bit',
    'fp-add',
    { a: 'e5m2', b: 'e5m2', result: 'e5m2' },
    /wire either = [^;]*;/,
    "wire either = 1'b0;",
  ],
  ['the wrong NaN', 'fp-convert', { from: 'fp16', to: 'e4m3' }, "8'd127", "8'd126"],
  ['one constant of saturation', 'fx-cast', {}, /8'd127|8'h7f/, "8'd126"],
  [
    'a lane that is counted twice',
    'fx-dot',
    { a: 'int4', b: 'int4', lanes: '4' },
    /\$signed\(b\[4 \* i \+: 4\]\)/,
    '$signed(b[4 * (i & 2) +: 4])',
  ],
  [
    'a pipeline that is one stage short for one value',
    'fp-add',
    { a: 'e3m2', b: 'e3m2', result: 'e3m2' },
    /(\w+)_s1 <= \1;/,
    '$1_s1 <= ~$1;',
    { stages: 1 },
  ],
  [
    'valid that comes always',
    'fx-dot',
    { a: 'int4', b: 'int4', lanes: '2' },
    /assign valid = \w+;/,
    "assign valid = 1'b1;",
    { stages: 1, shell: 'valid' },
  ],
];

describe('a fault in the Verilog is refuted', () => {
  test.each(FAULTS.map(fault => [fault[0], fault] as const))(
    '%s',
    async (what, [, id, flags, from, to, goal = {}]) => {
      const { design, module, verilog } = await composed(id, { ...flags }, goal);
      const solved = async (text: string) => {
        const problem = await problemFor(design, text, module.name, yosys);
        return prove(design, problem, solver, { timeLimit: 60, jobs: 1 });
      };
      expect((await solved(verilog)).verdict).toBe('proven');
      const result = await solved(replaced(verilog, from, to));
      expect(result.verdict).toBe('refuted');
      // The golden model, which had no part in it, agrees with the statement and not with the Verilog.
      const { golden, interpreter, verilog: wrong } = result.counterexample!;
      expect([...interpreter]).toEqual([...golden]);
      if (what !== 'valid that comes always') expect([...wrong]).not.toEqual([...golden]);
    },
    120_000,
  );
});

test('a statement about something else is refuted, and the golden model takes the side of the Verilog', async () => {
  const flags = { a: 'e3m2', b: 'e3m2', result: 'e3m2' };
  const down = await composed('fp-mul', { ...flags, round: 'rdn' });
  const { STATEMENTS } = await import('../../dist/generators/prove/statements.js' as string);
  const { makeProblem } = await import('../../dist/generators/prove/problem.js' as string);
  const { circuitFor } = await import('../../dist/sim/prove.js' as string);
  const circuit = await circuitFor(down.verilog, down.module.name, yosys);
  const statedUp = { ...down.design, params: { ...down.design.params, round: 'rup' } };
  const problem = makeProblem(statedUp, circuit, STATEMENTS['fp-mul'], {});
  const result = await prove(down.design, problem, solver, { timeLimit: 60, jobs: 1 });
  expect(result.verdict).toBe('refuted');
  const { golden, verilog } = result.counterexample!;
  expect([...verilog]).toEqual([...golden]);
});

test('in parts: the case of the fault is found, whichever it is', async () => {
  const { design, module, verilog } = await composed('fp-add', { a: 'fp16', b: 'fp16', result: 'fp16' });
  // Wrong only where the distance of the exponents is 8 or more.
  const wrong = replaced(verilog, /distance\[3\] & lost\b/, "1'b0");
  const problem = await problemFor(design, wrong, module.name, yosys);
  expect(problem.cases.at(-1)!.name).toBe('all other inputs');
  expect(problem.cases.length).toBeGreaterThan(20);
  const result = await prove(design, problem, solver, { timeLimit: 100, jobs: 2 });
  expect(result.verdict).toBe('refuted');
  expect([...result.counterexample!.verilog]).not.toEqual([...result.counterexample!.golden]);
}, 120_000);
