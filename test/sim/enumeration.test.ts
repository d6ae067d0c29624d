import { describe, expect, test } from 'vitest';
import type { GateNetlist } from '../../generators/netlist/gates.ts';
import type { Unit } from '../../generators/units/unit.ts';
import { built } from '../built.ts';

const { DEFAULT_GOAL, design } =
  await built<typeof import('../../generators/emit/design.ts')>('generators/emit/design');
const { emitModule, moduleView } =
  await built<typeof import('../../generators/emit/module.ts')>('generators/emit/module');
const { NetlistMachine } = await built<typeof import('../../generators/netlist/machine.ts')>(
  'generators/netlist/machine',
);
const { loadUnit } = await built<typeof import('../../generators/reflect/catalogue.ts')>(
  'generators/reflect/catalogue',
);
const { enumerateInputs } = await built<typeof import('../../sim/enumeration.ts')>('sim/enumeration');
const { gatesFor, recordsOf } = await built<typeof import('../../sim/netlist.ts')>('sim/netlist');
const { render } = await built<typeof import('../../sim/templates.ts')>('sim/templates');
const { verify } = await built<typeof import('../../sim/verify.ts')>('sim/verify');

const id = 'fp-mul';
const unit = await loadUnit<Unit<Record<string, string | number>>>(id);
const params = {
  a: 'e3m2',
  b: 'e2m3',
  result: 'e3m2',
  round: 'rne',
  overflow: 'saturate',
  subnormals: 'keep',
  randomBits: 8,
};
const BITS = 12;

describe.each([{ stages: 0 }, { stages: 2 }])('every input of fp-mul, $stages stages', ({ stages }) => {
  const goal = { ...DEFAULT_GOAL, stages };
  const composed = design(unit, params, goal);
  const request = { id, summary: unit.summary, changed: {}, spdx: 'CC0-1.0', annotate: false };
  const emitted = emitModule(composed, request);
  const verilog = render('module.v.hbs', moduleView(composed, emitted, request));
  const made = gatesFor(verilog, emitted.name);
  const { fabric } = composed;
  const job = (netlist: GateNetlist) => ({ unit: { id }, params, goal, fabric, netlists: { netlist } });
  const flawed = async (): Promise<GateNetlist> => {
    const gates = await made;
    const at = gates.gates.findIndex(g => g.type === '$_AND_' || g.type === '$_ANDNOT_');
    return { ...gates, gates: gates.gates.map((g, i) => (i === at ? { ...g, type: '$_OR_' } : g)) };
  };

  test('is compared once, whatever the ranges', async () => {
    for (const rangeSize of [1000, 2 ** 20]) {
      const result = await enumerateInputs(job(await made), { bits: BITS, rangeSize });
      expect(result).toMatchObject({ vectors: 4096, resumed: 0, mismatches: 0 });
    }
  }, 60_000);

  test('tells of the first at which a netlist with a flaw differs, as a run of all executions does', async () => {
    const gates = await flawed();
    const found = await enumerateInputs(job(gates), { bits: BITS });
    const netlists = { netlist: new NetlistMachine(gates, recordsOf(composed)) };
    const options = { vectors: 0, exhaustive: true, seed: 1, netlists };
    const reference = await verify(composed, ['netlist'], undefined, options);
    expect(found.mismatches).toBeGreaterThan(0);
    expect(found.mismatches).toBe(reference.mismatches);
    expect(found.first).toEqual(reference.first);
  }, 60_000);

  test('ends at the first range with mismatches', async () => {
    const gates = await flawed();
    const found = await enumerateInputs(job(gates), { bits: BITS, rangeSize: 256, threads: 1 });
    expect(found.vectors).toBe(256 * Math.floor(found.first!.beat / 256) + 256);
  }, 60_000);
});
