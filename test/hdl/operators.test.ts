import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Beat,
  type Bits,
  type Composed,
  compose,
  type Program,
  programs,
  randomBeats,
} from '../../fuzz/programs.ts';
import { Builder } from '../../generators/hdl/builder.ts';
import { compile, type Value } from '../../generators/hdl/interpret.ts';
import { freeze } from '../../generators/hdl/module.ts';
import type { Node } from '../../generators/hdl/node.ts';
import { neededInitiation, schedule } from '../../generators/hdl/schedule.ts';
import { GENERIC_DELAYS } from '../../generators/hdl/timing.ts';
import { trim } from '../../generators/hdl/trim.ts';
import { walk, walkClocks } from './walk.ts';

const BEATS = 6;
/** FC_SEED and FC_RUNS look further than a usual run does. */
const settings = {
  seed: Number(process.env.FC_SEED ?? 20240607),
  numRuns: Number(process.env.FC_RUNS ?? 800),
};

interface Case {
  readonly composed: Composed;
  readonly beats: Beat[];
  readonly accepted: boolean[];
  readonly expected: Record<string, Bits>[];
}

function prepare(program: Program): Case {
  const composed = compose(program);
  const { beats, accepted } = randomBeats(program, BEATS);
  return { composed, beats, accepted, expected: composed.run(beats, accepted) };
}

/** As the interpreter takes them: numbers up to 53 bits, else bigints. */
function asValues(beat: Beat, program: Program): Record<string, Value> {
  return Object.fromEntries(
    program.ports.map(({ width }, i) => {
      const one = (x: bigint): number | bigint => (width <= 53 ? Number(x) : x);
      const bits = beat[`x${i}`]!;
      return [`x${i}`, typeof bits === 'bigint' ? one(bits) : bits.map(one)];
    }),
  );
}

const asBits = (x: Value): Bits => (typeof x === 'object' ? x.map(BigInt) : BigInt(x));

function inRange(node: Node, value: bigint): void {
  if (value < node.min || value > node.max)
    throw new Error(`${node.op} ${node.id} gave ${value}, beyond ${node.min}…${node.max}`);
}

test('evaluate, node by node, is plain integer arithmetic, and no value leaves its range', () => {
  let values = 0;
  fc.assert(
    fc.property(programs(), program => {
      const { composed, beats, accepted, expected } = prepare(program);
      const rows = walk(composed.netlist, beats, accepted, false, (node, value) => {
        inRange(node, value);
        if (
          BigInt.asUintN(node.width, value) !==
          (node.signed ? value & ((1n << BigInt(node.width)) - 1n) : value)
        )
          throw new Error(`${node.op} gave ${value}, more than ${node.width} bits`);
        values++;
      });
      expect(rows).toEqual(expected);
    }),
    settings,
  );
  expect(values).toBeGreaterThan(10_000);
});

test('the compiled interpreter is plain integer arithmetic', () => {
  fc.assert(
    fc.property(programs(), program => {
      const { composed, beats, accepted, expected } = prepare(program);
      const machine = compile(composed.netlist);
      beats.forEach((beat, n) => {
        const row = machine.step(asValues(beat, program), accepted[n]!);
        expect(Object.fromEntries(Object.entries(row).map(([k, x]) => [k, asBits(x)]))).toEqual(expected[n]);
      });
    }),
    settings,
  );
});

test('a value that is 0 or 1, but wider than a bit, is a condition all the same', () => {
  const b = new Builder();
  const x = b.input('x', 8);
  const top = x.shr(b.input('by', 1).add(7));
  const inverted = b.input('s', 2, true).narrow(-2, -1).not();
  expect([top.width, top.range, inverted.width, inverted.range]).toEqual([8, [0n, 1n], 2, [0n, 1n]]);
  const machine = compile(
    freeze(b, {
      isZero: top.eq(0),
      isOne: top.eq(1),
      chosen: b.mux(top, 5, 3),
      inverted: inverted.eq(0),
      negated: x.negateIf(inverted),
    }),
  );
  expect(machine.step({ x: 200, by: 0, s: -2 }, true)).toEqual({
    isZero: 0,
    isOne: 1,
    chosen: 5,
    inverted: 0,
    negated: -200,
  });
  expect(machine.step({ x: 100, by: 0, s: -1 }, true)).toEqual({
    isZero: 1,
    isOne: 0,
    chosen: 3,
    inverted: 1,
    negated: 100,
  });
});

test('shifts by more than any width', () => {
  const b = new Builder();
  const [x, by] = [b.input('x', 8, true), b.input('by', 12)];
  const machine = compile(freeze(b, { y: x.shr(by) }));
  for (const amount of [0, 7, 8, 1000, 1024, 4095]) {
    expect(machine.step({ x: -100, by: amount }, true).y).toBe(Math.floor(-100 / 2 ** Math.min(amount, 100)));
    expect(machine.step({ x: 100, by: amount }, true).y).toBe(Math.floor(100 / 2 ** amount));
  }
});

test('trim keeps every output modulo its width', () => {
  fc.assert(
    fc.property(programs(), program => {
      const { composed, beats, accepted, expected } = prepare(program);
      expect(walk(trim(composed.netlist), beats, accepted, true)).toEqual(expected);
    }),
    settings,
  );
});

test('schedule keeps every output, in the clock that its latency says', () => {
  fc.assert(
    fc.property(programs({ steps: 10 }), fc.nat(5), (program, stages) => {
      const { composed, beats, accepted, expected } = prepare(program);
      const scheduled = schedule(trim(composed.netlist), stages);
      checkStructure(scheduled, stages);
      expect(walkClocks(scheduled, beats, accepted)).toEqual(expected);
    }),
    settings,
  );
});

test('schedule keeps every output of loops over several stages, as long as beats keep their distance', () => {
  const seen = { loops: 0, tooClose: 0 };
  fc.assert(
    fc.property(programs({ steps: 10 }), fc.nat(5), fc.integer({ min: 2, max: 4 }), (program, stages, n) => {
      const { composed, beats, accepted, expected } = prepare(program);
      const scheduled = schedule(trim(composed.netlist), stages, GENERIC_DELAYS, n);
      checkStructure(scheduled, stages);
      const needed = neededInitiation(scheduled);
      for (const spacing of [n, needed])
        expect(walkClocks(scheduled, beats, accepted, spacing)).toEqual(expected);
      if (needed === 1) return;
      seen.loops++;
      const hurried = walkClocks(scheduled, beats, accepted, needed - 1);
      if (JSON.stringify(hurried, asText) !== JSON.stringify(expected, asText)) seen.tooClose++;
    }),
    settings,
  );
  // Where a loop takes several clocks, beats that come a clock too early are mostly seen to.
  expect(seen.loops).toBeGreaterThan(20);
  expect(seen.tooClose).toBeGreaterThan(seen.loops / 3);
});

const asText = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);

function checkStructure(s: ReturnType<typeof schedule>, stages: number): void {
  expect(s.stages).toBe(stages);
  expect(s.latency).toBe(stages + (s.registers.length > 0 ? 1 : 0));
  const known = new Set<Node>();
  for (const node of s.nodes) {
    const stage = s.stageOf.get(node)!;
    expect(stage).toBeLessThanOrEqual(s.latency);
    for (const arg of node.args) {
      expect(known.has(arg)).toBe(true);
      if (arg.op === 'const') continue;
      if (arg.region === null) expect(s.stageOf.get(arg)!).toBeLessThanOrEqual(stage);
      else expect(s.stageOf.get(arg)!).toBe(stage);
    }
    if (node.op === 'register') {
      const written = s.writeStage.get(node.register.name)!;
      expect(written).toBeGreaterThanOrEqual(stage);
      expect(written - stage).toBeLessThan(s.initiation);
    }
    if (node.op === 'after') expect(s.writeStage.get(node.register.name)).toBe(stage - 1);
    known.add(node);
  }
  for (const { name, next, enable } of s.registers) {
    for (const n of [next, enable])
      if (n) expect(s.stageOf.get(n)!).toBeLessThanOrEqual(s.writeStage.get(name)!);
  }
}

test('a concatenation knows the least and the greatest number that its parts can make', () => {
  const b = new Builder();
  const digit = b.input('digit', 4).narrow(2, 9);
  const signed = b.input('signed', 3, true);
  expect(b.concat(b.const(1), digit).range).toEqual([0x12n, 0x19n]);
  expect(b.concat(digit, signed).range).toEqual([0x10n, 0x4fn]);
});

test('constants that are added one after the other are one', () => {
  const b = new Builder();
  const x = b.input('x', 8, true);
  const total = x.add(3).sub(10).add(2);
  expect(total.range).toEqual([-133n, 122n]);
  const netlist = freeze(b, { total, back: x.add(3).sub(3) });
  expect(netlist.nodes.filter(({ op }) => op === 'add' || op === 'sub').length).toBe(1);
  const machine = compile(netlist);
  for (const value of [-128, -1, 0, 127])
    expect(machine.step({ x: value }, true)).toEqual({ total: value - 5, back: value });
});
