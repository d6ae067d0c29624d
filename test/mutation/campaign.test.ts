import { afterAll, describe, expect, test } from 'vitest';
import { controlOf } from '../../generators/emit/module.ts';
import { compile } from '../../generators/hdl/interpret.ts';
import type { Gate, GateNetlist } from '../../generators/netlist/gates.ts';
import { judge, scoreOf } from '../../mutate/campaign.ts';
import { KINDS, type Mutants, operatorMutants, type Source, yosysMutants } from '../../mutate/lower.ts';
import { operatorFaultsOf, sample } from '../../mutate/operators.ts';
import { Hunt } from '../../mutate/play.ts';
import { caseText, Prover, verdictOf } from '../../mutate/prove.ts';
import { SELECT, withFaults } from '../../mutate/schemata.ts';
import { beatsOf, sourceOf } from './units.ts';

const prover = new Prover();
afterAll(() => prover.close());

const MAKE = { yosys: yosysMutants, operator: operatorMutants };
const WISH = { count: 40, seed: 1 };
const total = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((a, b) => a + b, 0);

describe.each(['limited', 'summing'] as const)('faults in %s', id => {
  const source: Source = sourceOf(id);

  test.each(KINDS)('of kind %s are all shown by the vectors, or change nothing', async kind => {
    const mutants = await MAKE[kind](prover.yosys, source, WISH);
    const result = await judge(mutants, beatsOf(source, 4096), undefined, false, prover);
    expect(result.survived).toEqual([]);
    // The netlist has no net for the clock: faults of it cannot be there, and do not count as changing nothing.
    const clocks = mutants.descriptions.filter(what => what.includes('CLK'));
    expect(clocks).toHaveLength(kind === 'yosys' && source.design.unit.state ? 3 : 0);
    expect(result.mutants).toBe(mutants.descriptions.length - clocks.length);
    expect(result.mutants).toBeGreaterThan(kind === 'yosys' ? 36 : 8);
    expect(result.killed).toBeGreaterThan(result.mutants / 2);
    expect(result.killed + total(result.equivalent)).toBe(result.mutants);
    expect(result.killedEarly).toBe(result.killed);
  }, 120_000);

  test('survive beats that ask for little, with an input that would show them', async () => {
    const mutants = await operatorMutants(prover.yosys, source, WISH);
    const [first] = beatsOf(source, 4096);
    const idle = { ...first!, count: 1, inputs: first!.inputs, answers: first!.answers };
    const result = await judge(mutants, [idle], undefined, false, prover);
    expect(result.survived.length).toBeGreaterThan(0);
    expect(scoreOf([result])).toBeLessThan(90);
    for (const { why } of result.survived) expect(why).toMatch(/=0x/);
  }, 120_000);

  test.each(KINDS)('of kind %s that a vector shows are never said to change nothing', async kind => {
    const mutants = await MAKE[kind](prover.yosys, source, WISH);
    const hunt = new Hunt({ ...mutants, count: mutants.descriptions.length });
    const beats = beatsOf(source, 4096);
    if (source.design.unit.state) hunt.playSequence(beats);
    else hunt.playStateless(beats[0]!);
    const { reset } = controlOf(source.design);
    const shown = [...hunt.killedAt.keys()].slice(0, 12);
    expect(shown.length).toBeGreaterThan(5);
    for (const number of shown) {
      const verdict = await prover.compare(mutants.gates, number, reset);
      expect([number, mutants.descriptions[number - 1], verdict.equal]).toEqual([
        number,
        mutants.descriptions[number - 1],
        false,
      ]);
    }
  }, 120_000);

  test('are the same ones each time, and others with another seed', async () => {
    const names = async (seed: number): Promise<readonly string[]> =>
      (await yosysMutants(prover.yosys, source, { count: 20, seed })).descriptions;
    expect(await names(1)).toEqual(await names(1));
    expect(await names(2)).not.toEqual(await names(1));
    const all = operatorFaultsOf(source.design.netlist, 1);
    expect(sample(all, 5, 1)).toEqual(sample(all, 5, 1));
    expect(sample(all, 5, 2)).not.toEqual(sample(all, 5, 1));
  }, 120_000);

  test('leave the netlist as it is where none is chosen', () => {
    const { design } = source;
    const faulty = withFaults(design.netlist, operatorFaultsOf(design.netlist, 1));
    const [right, other] = [compile(design.netlist), compile(faulty)];
    for (let i = 0; i < 300; i++) {
      const inputs = Object.fromEntries(
        design.inputs.map((p, k) => [p.name, (i * 37 + k * 101) % 2 ** p.width]),
      );
      expect(other.step({ ...inputs, [SELECT]: 0 }, i % 5 > 0)).toEqual(right.step(inputs, i % 5 > 0));
    }
  });
});

test('a netlist that is wrong without any fault is found out, and no score is given', async () => {
  const source = sourceOf('limited');
  const mutants: Mutants = await operatorMutants(prover.yosys, source, WISH);
  const flaw = mutants.gates.gates.findIndex(g => g.type === '$_XOR_');
  const gates = {
    ...mutants.gates,
    gates: mutants.gates.gates.map((g, i) => (i === flaw ? { ...g, type: '$_XNOR_' } : g)),
  };
  expect(flaw).toBeGreaterThan(-1);
  await expect(judge({ ...mutants, gates }, beatsOf(source, 4096), undefined, false, prover)).rejects.toThrow(
    /limited: the netlist without a fault differs from the golden model at beat \d+/,
  );
}, 120_000);

test('what ABC does not say is no proof', () => {
  expect(verdictOf('ABC: + &cec -m\nABC: Networks are equivalent.  Time = 0.01 sec\n', '').equal).toBe(true);
  expect(verdictOf('ABC: Networks are NOT EQUIVALENT.  Time = 0.01 sec\n', '').equal).toBe(false);
  expect(verdictOf('ABC: UNSATISFIABLE  Time = 0.0 sec\n', '').equal).toBe(true);
  expect(verdictOf('ABC: SATISFIABLE (output = 0) Time = 0.0 sec\n', '').equal).toBe(false);
  for (const log of ['', 'ABC: UNDECIDED  Time = 2.0 sec\n', 'ABC: Networks are UNDECIDED.\n', '+ iprove\n'])
    expect(verdictOf(log, '').equal).toBeUndefined();
  // One method found a difference: that counts, whatever else was said.
  expect(verdictOf('ABC: SATISFIABLE\nABC: UNSATISFIABLE\n', '').equal).toBe(false);
});

test('a proof is made of the text that it is given', async () => {
  const miter = (cover: string): string =>
    `.model miter\n.inputs a b\n.outputs differs\n.names a b x\n11 1\n.names a b y\n${cover} 1\n.names x y differs\n10 1\n01 1\n.end\n`;
  const cec = ['strash', '&get', '&cec -m'];
  expect((await prover.prove(miter('11'), ['strash', 'iprove'])).equal).toBe(true);
  const wrong = await prover.prove(miter('10'), cec);
  expect(wrong.equal).toBe(false);
  expect((await prover.prove('.model nonsense\n.end\n', ['no_such_command'])).equal).toBeUndefined();
}, 120_000);

test('a counterexample is told as codes of the ports, beat by beat', () => {
  const text = '# x\na[0]@0=0\na[1]@0=1\na[7]@0=1\nen[0]@0=1\na[0]@1=1\n# DONE';
  expect(caseText(text)).toBe('a=0x82 en=0x1 | a=0x1');
});

test('the score counts what was not shown to be equivalent', () => {
  const survivor = { mutant: 1, what: '', why: '' };
  expect(scoreOf([{ killed: 99, survived: [survivor] }])).toBe(99);
  expect(scoreOf([{ killed: 2, survived: [survivor] }])).toBe(66.66);
  expect(scoreOf([{ killed: 0, survived: [] }])).toBe(100);
});

describe('a fault that shows only in states that never come', () => {
  // Two flip-flops that are set by `x` and stay so.
  const netlist = (resets: boolean): GateNetlist => {
    const gates: Gate[] = [
      { type: '$_OR_', inputs: [2, 10], output: 20 },
      { type: '$_ANDNOT_', inputs: [20, 1], output: 21 },
      { type: '$_OR_', inputs: [2, 11], output: 22 },
      { type: '$_ANDNOT_', inputs: [22, resets ? 1 : '0'], output: 23 },
      // With the fault, the answer is inverted where they differ.
      { type: '$_XOR_', inputs: [10, 11], output: 24 },
      { type: '$_AND_', inputs: [24, 3], output: 25 },
      { type: '$_XOR_', inputs: [10, 25], output: 26 },
    ];
    return {
      inputs: { rst: [1], x: [2], [SELECT]: [3] },
      outputs: { y: [26] },
      gates,
      flipFlops: [
        { d: 21, q: 10 },
        { d: 23, q: 11 },
      ],
    };
  };

  test('changes nothing, by what the reset leaves and each beat keeps', async () => {
    const verdict = await prover.compare(netlist(true), 1, 'rst');
    expect(verdict).toEqual({ equal: true, by: 'pdr in a window, from reset' });
  });

  test('shows where the reset leaves such a state', async () => {
    expect((await prover.compare(netlist(false), 1, 'rst')).equal).toBe(false);
  });

  test('shows where a register that never changes misses its reset', async () => {
    // It holds what it has; with the fault, also through the reset. From 0, it would stay 0.
    const holding: GateNetlist = {
      inputs: { rst: [1], [SELECT]: [3] },
      outputs: { y: [11] },
      gates: [
        { type: '$_ANDNOT_', inputs: [1, 3], output: 30 },
        { type: '$_ANDNOT_', inputs: [11, 30], output: 23 },
      ],
      flipFlops: [{ d: 23, q: 11 }],
    };
    expect((await prover.compare(holding, 1, 'rst')).equal).toBe(false);
  });
});
