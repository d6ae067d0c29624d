import { describe, expect, test } from 'vitest';
import { Builder, type State } from '../../generators/hdl/builder.ts';
import { freeze, type Netlist } from '../../generators/hdl/module.ts';
import type { Node } from '../../generators/hdl/node.ts';
import { neededInitiation, type Schedule, schedule } from '../../generators/hdl/schedule.ts';
import { GENERIC_DELAYS, isWiring, latest, timingOf } from '../../generators/hdl/timing.ts';

/** A product tree: deep enough for several stages. */
function tree(): Netlist {
  const b = new Builder();
  const x = b.inputVector('x', 8, 6, true);
  return freeze(b, { y: x.reduce('product', (p, q) => p.mul(q)) });
}

/** Stages in which something is computed. */
function busy(s: Schedule): number[] {
  const stages = s.nodes.filter(n => !isWiring(n)).map(n => s.stageOf.get(n)!);
  return [...new Set(stages)].sort();
}

describe('pipeline registers stand inside the datapath', () => {
  test.each([0, 1, 2])('%i of them cut it into that many parts and one', stages => {
    expect(busy(schedule(tree(), stages))).toEqual(Array.from({ length: stages + 1 }, (_, i) => i));
  });

  test('each shortens the longest path, down to one operator', () => {
    const periods = [0, 1, 2].map(stages => schedule(tree(), stages).periodNs);
    expect(periods[1]).toBeLessThan(periods[0]!);
    expect(periods[2]).toBeLessThan(periods[1]!);
    const timing = timingOf(GENERIC_DELAYS);
    const there = (n: Node): number[] => new Array<number>(n.width).fill(0);
    const slowest = Math.max(...tree().nodes.map(n => latest(timing(n, n.args.map(there)))));
    expect(periods[2]).toBeCloseTo(slowest);
  });

  test('what the model cannot tell from fewer is fewer: more than a tenth of its margin must be gained', () => {
    const stagesBy = (margin: number): readonly number[] =>
      busy(schedule(tree(), 2, { ...GENERIC_DELAYS, margin }));
    const [whole, half, third] = [0, 1, 2].map(n => schedule(tree(), n).periodNs) as [number, number, number];
    expect(stagesBy(0)).toEqual([0, 1, 2]);
    expect(stagesBy(10 * (half / third - 1) - 0.1)).toEqual([0, 1, 2]);
    expect(stagesBy(10 * (half / third - 1) + 0.1)).toEqual([1, 2]);
    expect(stagesBy(10 * (whole / third - 1) + 0.1)).toEqual([2]);
  });

  test('those that find no place register the inputs', () => {
    const s = schedule(tree(), 5);
    expect(busy(s)).toEqual([3, 4, 5]);
    expect(s.latency).toBe(5);
  });

  test('a datapath without operators is registered all the same', () => {
    const b = new Builder();
    const s = schedule(freeze(b, { y: b.input('x', 4).bits(2, 1) }), 3);
    expect([s.latency, busy(s)]).toEqual([3, []]);
  });
});

test('bits of what crosses a cut anyway, and constants beside them, are joined behind it', () => {
  const b = new Builder();
  const x = b.inputVector('x', 4, 8);
  const raised = b.lanes('raise', [x] as const, v => v.add(1).add(v)).as('raised');
  const products = b.pairs('product', raised, (p, q) => p.mul(b.concat(q.bits(8, 1), b.const(1))));
  const s = schedule(freeze(b, { y: products }), 1);
  expect(s.nodes.filter(n => n.op === 'concat').map(n => s.stageOf.get(n))).toEqual([1]);
  const crosses = (n: Node): boolean =>
    n.op !== 'const' && s.nodes.some(m => m.args.includes(n) && s.stageOf.get(m)! > s.stageOf.get(n)!);
  expect(s.nodes.filter(crosses).map(n => n.name)).toEqual(['raised']);
});

test('a bit that is repeated crosses a cut once', () => {
  const b = new Builder();
  const [x, y] = [b.input('x', 8), b.input('y', 8)];
  const sign = x.add(y).bit(8);
  const repeated = b.concat(...Array.from({ length: 16 }, () => sign)).as('repeated');
  const s = schedule(freeze(b, { z: x.mul(y).mul(x).bits(15, 0).xor(repeated) }), 1);
  expect(s.nodes.filter(n => n.op === 'concat').map(n => s.stageOf.get(n))).toEqual([1]);
});

/** Two registers, each of which decides the next value of the other. */
function mutual(): Netlist {
  const b = new Builder();
  const [left, right] = ['left', 'right'].map(name => b.register(name, { min: 0n, max: 255n })) as [
    State,
    State,
  ];
  const x = b.input('x', 8);
  left.next(right.value.mul(x).bits(11, 4).mul(3).wrap(8, false));
  right.next(left.value.mul(5).bits(8, 1).mul(x).bits(15, 8).mul(7).wrap(8, false));
  return freeze(b, { y: left.after, z: right.after });
}

describe('state', () => {
  test('feedback through two registers stays in one stage', () => {
    const b = new Builder();
    const [left, right] = [
      b.register('left', { min: 0n, max: 255n }),
      b.register('right', { min: 0n, max: 255n }),
    ];
    const x = b.input('x', 4);
    const slow = x.mul(x).mul(x).wrap(8, false);
    left.next(right.value.add(slow).wrap(8, false));
    right.next(left.value.mul(3).wrap(8, false));
    const s = schedule(freeze(b, { y: left.after, z: right.after }), 2);
    expect(s.writeStage.get('left')).toBe(s.writeStage.get('right'));
    expect(busy(s)).toEqual([0, 1, 2]);
    expect(s.latency).toBe(3);
  });

  test('what only feeds a register goes ahead of it', () => {
    const b = new Builder();
    const [x, w] = [b.input('x', 8), b.input('w', 8)];
    const sum = b.register('sum', { min: 0n, max: 2n ** 20n - 1n });
    sum.next(sum.value.add(x.mul(w)).wrap(20, false));
    const s = schedule(freeze(b, { y: sum.after }), 1);
    expect(s.writeStage.get('sum')).toBe(1);
    expect(s.nodes.filter(n => n.op === 'mul').map(n => s.stageOf.get(n))).toEqual([0]);
  });

  test('with beats further apart, the feedback through two registers takes several stages', () => {
    const netlist = mutual();
    const periods = [1, 2, 3].map(n => schedule(netlist, 6, GENERIC_DELAYS, n).periodNs);
    expect(periods[1]).toBeLessThan(periods[0]! - 0.5);
    expect(periods[2]).toBeLessThan(periods[1]! - 0.5);
    for (const n of [2, 3]) {
      const s = schedule(netlist, 6, GENERIC_DELAYS, n);
      expect([s.initiation, neededInitiation(s), s.latency]).toEqual([n, n, 7]);
    }
  });

  test('one stage is enough where there are no others', () => {
    const s = schedule(mutual(), 0, GENERIC_DELAYS, 4);
    expect([s.initiation, neededInitiation(s), s.latency]).toEqual([4, 1, 1]);
  });

  test('a register of an input is registered once', () => {
    const b = new Builder();
    const last = b.register('last', { min: 0n, max: 15n });
    last.next(b.input('x', 4));
    const s = schedule(freeze(b, { now: last.after, before: last.value }), 0);
    expect([s.writeStage.get('last'), s.latency]).toEqual([0, 1]);
  });
});
