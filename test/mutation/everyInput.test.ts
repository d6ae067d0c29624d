import { afterAll, describe, expect, test } from 'vitest';
import { type Bit, GATES, type Gate, type GateNetlist } from '../../generators/netlist/gates.ts';
import { judge } from '../../mutate/campaign.ts';
import { canTryEveryInput, tryEveryInput } from '../../mutate/everyInput.ts';
import { KINDS, operatorMutants, yosysMutants } from '../../mutate/lower.ts';
import { comparisonOf } from '../../mutate/miter.ts';
import { Hunt } from '../../mutate/play.ts';
import type { Prover } from '../../mutate/prove.ts';
import { SELECT, SELECT_BITS } from '../../mutate/schemata.ts';
import { Random } from '../../sim/random.ts';
import { Yosys } from '../../sim/yosys.ts';
import { beatsOf, everyBeatOf, sourceOf } from './units.ts';

const yosys = new Yosys();
afterAll(() => yosys.close());

const MAKE = { yosys: yosysMutants, operator: operatorMutants };
const source = sourceOf('limited');

describe.each(KINDS)('every input beside the right netlist, faults of kind %s', kind => {
  test('shows what it shows beside the golden model, at the same input', async () => {
    const mutants = await MAKE[kind](yosys, source, { count: 60, seed: 1 });
    const count = mutants.descriptions.length;
    const hunt = new Hunt({ ...mutants, count });
    for (const piece of everyBeatOf(source)) hunt.playStateless(piece);
    const faults = Array.from({ length: count }, (_, i) => i + 1);
    const shown = await tryEveryInput(mutants.design, mutants.gates, faults);
    const expected = [...hunt.killedAt].sort(([x], [y]) => x - y);
    const codes = (beat: number): string =>
      `a=0x${(beat % 1024).toString(16)} b=0x${Math.floor(beat / 1024).toString(16)}`;
    expect([...shown].sort(([x], [y]) => x - y)).toEqual(
      expected.map(([fault, beat]) => [fault, codes(beat)]),
    );
    // Both kinds have faults that change nothing, or this would tell little.
    expect(shown.size).toBeLessThan(count);
    expect(shown.size).toBeGreaterThan(count / 2);
  }, 120_000);

  test('of a range shows only what that range does', async () => {
    const mutants = await MAKE[kind](yosys, source, { count: 60, seed: 1 });
    const faults = mutants.descriptions.map((_, i) => i + 1);
    const all = await tryEveryInput(mutants.design, mutants.gates, faults);
    const some = await tryEveryInput(mutants.design, mutants.gates, faults, { from: 700, count: 1 });
    expect([...some.values()].every(input => input === 'a=0x2bc b=0x0')).toBe(true);
    expect(some.size).toBeGreaterThan(0);
    expect(some.size).toBeLessThan(all.size);
  }, 120_000);

  test('decides what no solver does, with an input where there is one', async () => {
    const mutants = await MAKE[kind](yosys, source, { count: 60, seed: 1 });
    const count = mutants.descriptions.length;
    const undecided = { equal: undefined, why: 'not decided' } as const;
    const prover = { compare: async () => undecided } as unknown as Prover;
    const [first] = beatsOf(source, 4096);
    const result = await judge(mutants, [{ ...first!, count: 1 }], undefined, false, prover);
    const shown = await tryEveryInput(
      mutants.design,
      mutants.gates,
      mutants.descriptions.map((_, i) => i + 1),
    );
    expect(result.equivalent).toEqual({ 'every input played beside the right netlist': count - shown.size });
    expect(result.killed + result.survived.length).toBe(shown.size);
    for (const { mutant, why } of result.survived) expect(why).toBe(shown.get(mutant));
  }, 120_000);
});

test('a fault that one input shows is found, wherever that is', async () => {
  const { design } = await operatorMutants(yosys, source, { count: 1, seed: 1 });
  // The answer is wrong where all of a and b are as the number says.
  for (const number of [0, 8191, 8192, 2 ** 19 + 12345, 2 ** 20 - 1]) {
    const [a, b, choice] = [0, 1, 2].map(port => Array.from({ length: 10 }, (_, i) => 10 * port + i + 1));
    const bits = [...a!, ...b!];
    const gates: Gate[] = bits.map((bit, i) => ({
      type: (number >>> i) & 1 ? '$_AND_' : '$_ANDNOT_',
      inputs: [i === 0 ? choice![0]! : 99 + i, bit],
      output: 100 + i,
    }));
    const inputs = { a: a!, b: b!, [SELECT]: choice!.slice(0, SELECT_BITS) };
    const netlist: GateNetlist = { inputs, outputs: { y: [119] }, gates, flipFlops: [] };
    const code = `a=0x${(number & 1023).toString(16)} b=0x${(number >>> 10).toString(16)}`;
    // The choice is the lowest bit: 2 is no fault here.
    expect([...(await tryEveryInput(design, netlist, [1, 2]))]).toEqual([[1, code]]);
  }
}, 120_000);

test('a netlist beside itself answers as both of them do', () => {
  const random = new Random(5);
  for (let round = 0; round < 200; round++) {
    const gates: Gate[] = Array.from({ length: 30 }, (_, i) => {
      const type = TYPES[random.below(TYPES.length)]!;
      const pins = GATES[type]!;
      return { type, inputs: pins.map(() => 1 + random.below(8 + i)), output: 9 + i };
    });
    const inputs = { x: [1, 2, 3, 4, 5, 6], [SELECT]: [7, 8] };
    const netlist: GateNetlist = { inputs, outputs: { y: [36, 37, 38] }, gates, flipFlops: [] };
    const beside = comparisonOf(netlist, SELECT, [1, 2, 3]);
    for (let x = 0; x < 64; x++) {
      const [right, ...faulty] = [0, 1, 2, 3].map(choice => valuesOf(netlist, { x, [SELECT]: choice }).y);
      const expected = faulty.reduce((word, y, i) => word! | (y === right ? 0 : 1 << i), 0);
      expect(valuesOf(beside, { x }).differs).toBe(expected);
    }
  }
});

const TYPES = Object.keys(GATES);

/** What a netlist answers, gate by gate. */
function valuesOf(netlist: GateNetlist, given: Record<string, number>): Record<string, number> {
  const nets = new Map<Bit, number>([
    ['0', 0],
    ['1', 1],
  ]);
  for (const [name, bits] of Object.entries(netlist.inputs))
    for (const [i, bit] of bits.entries()) nets.set(bit, (given[name]! >>> i) & 1);
  for (const { type, inputs, output } of netlist.gates) {
    const [a, b, s] = inputs.map(bit => nets.get(bit)!) as [number, number, number];
    const value = MEANING[type]!(a, b, s);
    nets.set(output, value & 1);
  }
  const word = (bits: readonly Bit[]): number =>
    bits.reduce<number>((w, bit, i) => w | (nets.get(bit)! << i), 0);
  return Object.fromEntries(Object.entries(netlist.outputs).map(([name, bits]) => [name, word(bits)]));
}

const MEANING: Record<string, (a: number, b: number, s: number) => number> = {
  $_BUF_: a => a,
  $_NOT_: a => ~a,
  $_AND_: (a, b) => a & b,
  $_NAND_: (a, b) => ~(a & b),
  $_OR_: (a, b) => a | b,
  $_NOR_: (a, b) => ~(a | b),
  $_XOR_: (a, b) => a ^ b,
  $_XNOR_: (a, b) => ~(a ^ b),
  $_ANDNOT_: (a, b) => a & ~b,
  $_ORNOT_: (a, b) => a | ~b,
  $_MUX_: (a, b, s) => (s ? b : a),
  $_NMUX_: (a, b, s) => ~(s ? b : a),
};

test('units with state, or of more than 32 input bits, are left to solvers', async () => {
  const small = await operatorMutants(yosys, source, { count: 3, seed: 1 });
  expect(canTryEveryInput(small.design, small.gates)).toBe(true);
  const [port] = small.design.inputs;
  const wide = { ...small.design, inputs: [...small.design.inputs, { ...port!, name: 'c', width: 13 }] };
  expect(canTryEveryInput(wide, small.gates)).toBe(false);
  const summing = await operatorMutants(yosys, sourceOf('summing'), { count: 3, seed: 1 });
  expect(canTryEveryInput(summing.design, summing.gates)).toBe(false);
}, 120_000);
