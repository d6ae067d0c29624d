import { describe, expect, test } from 'vitest';
import { Builder } from '../../generators/hdl/builder.ts';
import { defineSubmodule, freeze } from '../../generators/hdl/module.ts';
import type { Signal } from '../../generators/hdl/signal.ts';
import { type Arrival, arrivals, GENERIC_DELAYS, timingOf } from '../../generators/hdl/timing.ts';

const DELAYS = { ...GENERIC_DELAYS, lutInputs: 4, lut: 10, chain: 100, carry: 1 };

/** When the bits of an output are there. */
function arrivalOf(compose: (b: Builder, x: Signal, y: Signal) => Signal, width = 8): Arrival {
  const b = new Builder();
  const netlist = freeze(b, { z: compose(b, b.input('x', width), b.input('y', width)) });
  return arrivals(netlist.nodes, timingOf(DELAYS)).get(netlist.outputs[0]!.node)!;
}

/** So many bits, each one carry after the one below. */
const ripple = (first: number, bits: number): number[] => Array.from({ length: bits }, (_, i) => first + i);

describe('bits of a sum wait for those below them', () => {
  test('one adder', () => expect(arrivalOf((_, x, y) => x.add(y))).toEqual(ripple(100, 9)));

  test('a second one starts when the first has its low bits', () => {
    expect(arrivalOf((_, x, y) => x.add(y).add(x))).toEqual(ripple(200, 10));
  });

  test('the high bits of a sum, as low bits of the next, wait for the whole first one', () => {
    expect(arrivalOf((_, x, y) => x.add(y).bits(8, 4).add(y))).toEqual([
      204, 205, 206, 207, 208, 209, 210, 211, 212,
    ]);
  });

  test('a gate of each bit keeps them apart; beyond the other operand there is none', () => {
    expect(arrivalOf((_, x, y) => x.add(y).xor(x))).toEqual([...ripple(110, 8), 108]);
  });

  test('below the lowest bit of both operands there is nothing to add', () => {
    const sum = arrivalOf((b, x, y) => b.concat(x, b.const(0), b.const(0)).add(y));
    expect(sum).toEqual([0, 0, ...ripple(100, 9)]);
    // What is subtracted from is not inverted: there, zeros let nothing pass.
    expect(arrivalOf((b, x) => b.const(0).sub(x))).toEqual(ripple(100, 9));
    expect(arrivalOf((b, x, y) => x.sub(b.concat(y, b.const(0))))).toEqual([0, ...ripple(100, 9)]);
  });

  test('a number that is negated or not waits for the sign', () => {
    expect(arrivalOf((_, x, y) => x.negateIf(x.lt(y)))).toEqual(ripple(217, 9)); // with a gate of its own, as four inputs leave the adder no room
  });
});

describe('what needs all bits waits for the last', () => {
  test.each<[string, (b: Builder, x: Signal, y: Signal) => Signal, number]>([
    ['comparison', (_, x, y) => x.lt(y), 107],
    ['comparison of sums', (_, x, y) => x.add(y).lt(x), 208],
    // Eight bits with a constant, in tables of four inputs.
    ['comparison with a constant', (b, x) => x.lt(b.const(100)), 20],
    ['equality', (_, x, y) => x.eq(y), 20],
    ['shift by a signal', (_, x, y) => x.shr(y.add(x).bits(1, 0)), 121],
    // Of four bits, two are always zero: two multiplexers.
    ['shift by fours', (b, x, y) => b.concat(x, x).shr(b.concat(y.bits(1, 0), b.const(0), b.const(0))), 20],
    // Two sources for a bit, and two bits that choose.
    ['shift by fours of eight bits', (b, x, y) => x.shr(b.concat(y.bits(1, 0), b.const(0), b.const(0))), 10],
  ])('%s', (_, compose, last) => {
    expect(Math.max(...arrivalOf(compose))).toBe(last);
  });
});

test.each([
  [true, ripple(120, 9)],
  [false, new Array<number>(9).fill(20)],
])('cells of a family: tables, and a carry chain behind them: %s', (chain, expected) => {
  const compose = (b: Builder): Record<string, Signal> => ({ z: b.input('x', 8).add(b.input('y', 8)) });
  const module = defineSubmodule('cells', 'A sum', compose, { verilog: '', luts: 2, chain });
  expect(arrivalOf((b, x, y) => b.instance('cells', module, { x, y }).z!)).toEqual(expected);
});

test('only the condition of a choice and the bit itself count', () => {
  const chosen = arrivalOf((b, x, y) => b.mux(x.bit(0), x.add(y), y));
  expect(chosen).toEqual(ripple(110, 9));
});

test('a value of an earlier stage is there at the start', () => {
  const b = new Builder();
  const [x, y] = [b.input('x', 8), b.input('y', 8)];
  const sum = x.add(y);
  const netlist = freeze(b, { z: sum.add(y) });
  const behind = arrivals(netlist.nodes, timingOf(DELAYS), (arg, _) => arg.op !== 'add');
  expect(behind.get(netlist.outputs[0]!.node)).toEqual(ripple(100, 10));
});
