import { describe, expect, test } from 'vitest';
import type { Goal } from '../../generators/emit/design.ts';
import { neededInitiation } from '../../generators/hdl/schedule.ts';
import { NetlistMachine } from '../../generators/netlist/machine.ts';
import {
  gatesFor,
  mappedGatesFor,
  NetlistExecution,
  netlistMachine,
  recordsOf,
  runnableTargets,
} from '../../sim/netlist.ts';
import { makeStimulus } from '../../sim/stimulus.ts';
import { loadTarget } from '../../sim/targets.ts';
import { verify } from '../../sim/verify.ts';
import { designOf, modelOf } from './units.ts';

const CASES: readonly { unit: 'shifted' | 'counting'; goal: Partial<Goal> }[] = [
  { unit: 'shifted', goal: {} },
  { unit: 'shifted', goal: { stages: 2 } },
  { unit: 'counting', goal: { stages: 2, shell: 'valid' } },
  { unit: 'counting', goal: { stages: 1, shell: 'stream' } },
  { unit: 'counting', goal: { stages: 2, initiation: 2 } },
  { unit: 'counting', goal: { stages: 2, initiation: 3, shell: 'stream' } },
];

describe.each(CASES)('the netlist of $unit, $goal', ({ unit, goal }) => {
  const design = designOf(unit, goal);
  const { module, verilog } = modelOf(design, 'netlisted');

  test('gives what the golden model gives', async () => {
    const netlist = await netlistMachine(design, verilog, module);
    const options = { vectors: 10_000, exhaustive: false, seed: 1, netlists: { netlist } };
    const result = await verify(design, ['interpreter', 'netlist'], undefined, options);
    expect(result).toMatchObject({
      vectors: 10_000,
      mismatches: 0,
      engines: ['golden', 'interpreter', 'netlist'],
    });
  }, 120_000);

  test('in one sequence too', async () => {
    const execution = new NetlistExecution(await netlistMachine(design, verilog, module), design);
    const stimulus = makeStimulus(design, { vectors: 300, exhaustive: false, seed: 2 });
    const records = new Uint32Array(300 * stimulus.layout.size);
    stimulus.fill(records, 300);
    await execution.send(records.slice(0, 100 * stimulus.layout.size), 100);
    await execution.send(records.slice(100 * stimulus.layout.size), 200);
    execution.end();
    const answers = await execution.receive(300);
    const { goldenExecution } = await import('../../sim/executions.ts');
    expect(answers).toEqual(goldenExecution(design).run(records, 300));
  }, 120_000);

  test('is found wrong when one of its gates is', async () => {
    const gates = await gatesFor(verilog, module);
    const flaw = gates.gates.findIndex(g => g.type === '$_XOR_' || g.type === '$_XNOR_');
    const swapped = gates.gates.map((g, i) =>
      i === flaw ? { ...g, type: g.type === '$_XOR_' ? '$_XNOR_' : '$_XOR_' } : g,
    );
    const netlist = new NetlistMachine({ ...gates, gates: swapped }, recordsOf(design));
    const options = { vectors: 1000, exhaustive: false, seed: 1, netlists: { netlist } };
    const result = await verify(design, ['netlist'], undefined, options);
    expect(result.mismatches).toBeGreaterThan(0);
    expect(result.first!.engine).toBe('netlist');
  }, 120_000);
});

test('beats that come a clock too early are seen', async () => {
  const design = designOf('counting', { stages: 2, initiation: 2 });
  const { module, verilog } = modelOf(design, 'hurried');
  expect(neededInitiation(design.schedule)).toBe(2);
  const netlist = await netlistMachine(design, verilog, module);
  const options = { vectors: 1000, exhaustive: false, seed: 1, netlists: { netlist } };
  expect(await verify(design, [], undefined, options)).toMatchObject({ mismatches: 0 });
  const hurried = { ...design, goal: { ...design.goal, initiation: 1 } };
  expect((await verify(hurried, [], undefined, options)).mismatches).toBeGreaterThan(100);
}, 120_000);

describe.each(runnableTargets())('the netlist mapped to %s', id => {
  const design = designOf('counting', { stages: 1, shell: 'valid' });
  const { module, verilog } = modelOf(design, 'mapped');

  test('gives what the golden model gives, and is found wrong when it is', async () => {
    const gates = await mappedGatesFor(verilog, module, loadTarget(id), 'auto');
    expect(gates.flipFlops.length).toBeGreaterThan(0);
    const flaw = gates.gates.length - 1;
    const wrong = {
      ...gates,
      gates: gates.gates.map((g, i) => (i === flaw ? { ...g, type: '$_BUF_', inputs: ['1'] as const } : g)),
    };
    const netlists = {
      right: new NetlistMachine(gates, recordsOf(design)),
      wrong: new NetlistMachine(wrong, recordsOf(design)),
    };
    const options = { vectors: 5000, exhaustive: false, seed: 1 };
    const right = await verify(design, [], undefined, { ...options, netlists: { right: netlists.right } });
    expect(right).toMatchObject({ vectors: 5000, mismatches: 0, engines: ['golden', 'right'] });
    const other = await verify(design, [], undefined, { ...options, netlists: { wrong: netlists.wrong } });
    expect(other.mismatches).toBeGreaterThan(0);
  }, 240_000);

  // Yosys packs the sum into the pre-adder of a DSP block, and extends its terms by what they are declared.
  test('keeps the sign of a sum in front of a multiplier', async () => {
    const text = `module scaled (input wire [7:0] x, output wire [19:0] y);
    wire signed [8:0] sum = $signed({x[7], x}) + $signed(9'd4);
    wire signed [19:0] product = $signed(sum) * $signed(11'd909);
    assign y = product + 20'd640;
endmodule`;
    const records = { inWords: 1, outWords: 1, inputs: { x: 0 }, outputs: { y: 0 } } as const;
    // DSP48E2 has no model.
    const multipliers = id === 'xcup' ? 'logic' : 'dsp';
    const gates = await mappedGatesFor(text, 'scaled', loadTarget(id), multipliers);
    const beats = Uint32Array.from({ length: 256 }, (_, x) => x);
    const shown = new NetlistMachine(gates, records).play(beats, 256);
    const signed = (x: number): number => (x << 24) >> 24;
    expect([...shown]).toEqual([...beats].map(x => ((signed(x) + 4) * 909 + 640) & 0xfffff));
  }, 240_000);

  // Found by the fuzzer: Yosys up to 0.67 drops the clock enable of what it maps to SRL16E, and a stalled stream moves on.
  test('keeps the clock enable of a chain of registers', async () => {
    const text = `module chain (input wire clk, input wire en, input wire x, output wire y);
    reg [3:0] kept;
    always @(posedge clk) if (en) kept <= {kept[2:0], x};
    assign y = kept[3];
endmodule`;
    const gates = await mappedGatesFor(text, 'chain', loadTarget(id), 'auto');
    const records = {
      inWords: 2,
      outWords: 1,
      inputs: { clk: 'clock', x: 0, en: 32 },
      outputs: { y: 0 },
    } as const;
    const machine = new NetlistMachine(gates, records);
    // Four bits go in, then nothing is accepted for a while, then zeros.
    const beats = [...'1011......0000'].map(c => (c === '.' ? [1, 0] : [Number(c), 1]));
    const shown = machine.play(Uint32Array.from(beats.flat()), beats.length);
    expect([...shown.subarray(4)].join('')).toBe('1111111011');
  }, 240_000);
});
