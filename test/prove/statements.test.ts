import { afterAll, expect, test } from 'vitest';
import { built } from '../built.ts';
import { composed, type Flags, findSolver, problemFor, prove, Yosys } from './subject.ts';

const { STATEMENTS } = await built<typeof import('../../generators/prove/statements.ts')>(
  'generators/prove/statements',
);
const solver = await findSolver('z3-wasm');
const yosys = new Yosys();
afterAll(() => {
  solver.close();
  return yosys.close();
});

const same = (format: string, ...ports: string[]): Flags => Object.fromEntries(ports.map(p => [p, format]));
const PIPELINED = { stages: 2 } as const;

/** For each unit of which something is stated, what needs seconds at most. */
const PROOFS: readonly (readonly [string, Flags, Parameters<typeof composed>[2]?])[] = [
  ['fp-mul', same('e3m2', 'a', 'b', 'result')],
  [
    'fp-mul',
    { ...same('e2m3ieee', 'a', 'b', 'result'), round: 'odd', overflow: 'special', subnormals: 'flush' },
  ],
  ['fp-mul', { a: 'e2m1', b: 'e3m2', result: 'exact' }],
  ['fp-mul', { a: 'e5m2', b: 'e2m1', result: 'exact' }],
  ['fp-mul', { a: 'e2m1', b: 'e2m1', result: 'exact', signApart: true }],
  ['fp-mul', { a: 'e5m2', b: 'e2m1', result: 'exact', signApart: true }],
  ['fp-mul', { ...same('e4m3fnuz', 'a', 'b', 'result'), round: 'rup' }, PIPELINED],
  ['fp-add', same('e5m2', 'a', 'b', 'result')],
  ['fp-add', { ...same('e3m3', 'a', 'b', 'result'), round: 'odd', subnormals: 'flush' }],
  [
    'fp-add',
    { ...same('e3m3ieee', 'a', 'b', 'result'), round: 'rdn', operation: 'addsub' },
    { stages: 2, shell: 'valid' },
  ],
  ['fp-add', { a: 'e2m1', b: 'e3m2', result: 'fp16', operation: 'sub' }, { stages: 1, shell: 'stream' }],
  ['fp-fma', same('e2m1', 'a', 'b', 'c', 'result')],
  ['fp-convert', { from: 'fp16', to: 'e4m3', round: 'rna' }],
  // A sort in which Z3 rounds wrongly, and one in which it does not add: the statements go around both.
  ['fp-convert', { from: 'fp16', to: 'e2m7ieee' }],
  ['fp-mul', { a: 'e2m3ieee', b: 'e2m2', result: 'e2m7' }],
  ['fp-add', { ...same('e4m1', 'a', 'b', 'result'), round: 'rdn', overflow: 'special' }],
  ['fp-convert', { from: 'p3109_k8p3se', to: 'e2m3', overflow: 'special', round: 'odd' }],
  ['fp-convert', { from: 'e4m3b11fnuz', to: 'p3109_k8p4sf', round: 'rdn' }],
  ['fp-cmp', same('e4m3', 'a', 'b')],
  ['fp-cmp', { ...same('fp16', 'a', 'b'), nan: 'number' }],
  ['fp-to-int', { from: 'e5m2', to: 'fix8.2', round: 'stochastic', overflow: 'wrap' }],
  ['int-to-fp', { from: 'fix8.6', to: 'e5m2', round: 'odd' }],
  ['fp-dot', { a: 'e2m1', b: 'e2m1', lanes: '2' }],
  ['fp-dot', { a: 'e2m1', b: 'int3', lanes: '2', result: 'fp16', round: 'rup' }],
  ['fx-cast', {}],
  ['fx-cast', { round: 'stochastic', overflow: 'wrapsm' }, PIPELINED],
  ['fx-add', { operation: 'addsub', a: 'fix8.4', b: 'ufix6.2', result: 'fix6.3', round: 'rne' }],
  ['fx-mul', { a: 'int6', b: 'fix6.3', result: 'int8', round: 'rhz' }],
  ['fx-affine', { x: 'fix6.3', g: 'fix4.2', b: 'fix6.2', result: 'fix6.3', castProduct: 'true' }],
  ['fx-relu', { clip: '6' }],
  ['fx-dot', { a: 'int4', b: 'uint4', lanes: '2' }, PIPELINED],
  ['fx-matvec', { a: 'int4', b: 'fix3.1', lanes: '2' }],
  ['zp-dot', { a: 'uint3', b: 'int3', bias: 'int6', lanes: '2', mode: 'asym' }],
  ['zp-dot', { a: 'uint3', b: 'int3', bias: 'int6', lanes: '2', mode: 'full' }],
  ['dyadic-requant', { from: 'int12', multiplier: '1357', exponent: '12', zeroPoint: '3' }],
  ['ternary-dot', { a: 'int4', lanes: '3' }],
  ['signplane-dot', { a: 'int3', alpha: 'int3', lanes: '2' }],
  ['tritplane-dot', { a: 'int3', alpha: 'int3', lanes: '2' }],
  ['dualbin-dot', { a: 'int3', alpha: 'int3', lanes: '2' }],
  ['xnor-dot', { lanes: '7', mask: 'true' }],
  ['hamming-distance', { lanes: '9' }],
  ['xnor-threshold', { lanes: '3' }],
  ['khot-mul', { a: 'int6' }],
  ['khot-mul', { a: 'int4', encoding: 'csd' }],
  ['khot-dot', { a: 'int4', lanes: '2', weights: '5,-3' }],
];

test('each statement is proved for something', () => {
  const proved = new Set(PROOFS.map(([id]) => (id === 'hamming-distance' ? 'xnor-dot' : id)));
  expect([...proved].sort()).toEqual(Object.keys(STATEMENTS).sort());
});

test.each(
  PROOFS.map(
    ([id, flags, goal = {}]) => [`${id} ${JSON.stringify({ ...flags, ...goal })}`, id, flags, goal] as const,
  ),
)(
  '%s',
  async (_, id, flags, goal) => {
    const { design, module, verilog } = await composed(id, { ...flags }, goal);
    const problem = await problemFor(design, verilog, module.name, yosys);
    const result = await prove(design, problem, solver, { timeLimit: 60, jobs: 1 });
    expect(result.cases.filter(one => one.verdict !== 'proven')).toEqual([]);
    expect(result.verdict).toBe('proven');
  },
  90_000,
);
