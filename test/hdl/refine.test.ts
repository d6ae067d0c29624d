import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Builder } from '../../generators/hdl/builder.ts';
import { compile } from '../../generators/hdl/interpret.ts';
import { freeze } from '../../generators/hdl/module.ts';
import { refine } from '../../generators/hdl/refine.ts';
import { GENERIC_DELAYS } from '../../generators/hdl/timing.ts';

const SLOW_CARRY = { ...GENERIC_DELAYS, carry: 1 };

test('a shift by a long amount becomes steps of two bits, with the same result', () => {
  const b = new Builder();
  const [x, by] = [b.input('x', 20, true), b.input('by', 5)];
  const up = b.input('u', 12);
  const whole = freeze(b, { down: x.shr(by), up: up.shl(by), within: up.shlWithin(by, 12) });
  const parts = refine(whole, GENERIC_DELAYS);
  const shifts = parts.nodes.filter(n => (n.op === 'shl' || n.op === 'shr') && n.args[1]!.op !== 'const');
  expect(shifts).toHaveLength(9);
  const [a, c] = [compile(whole), compile(parts)];
  fc.assert(
    fc.property(fc.integer({ min: -524288, max: 524287 }), fc.nat(4095), fc.nat(31), (v, u, amount) => {
      const beat = { x: v, u, by: amount };
      expect(c.step(beat, true)).toEqual(a.step(beat, true));
    }),
  );
});

test.each(['add', 'sub'] as const)('an %s in a loop has its upper half for both carries', op => {
  const b = new Builder();
  const x = b.input('x', 16, true);
  const state = b.register('total', { min: -(2n ** 30n), max: 2n ** 30n - 1n });
  state.next(state.value[op](x).wrap(31, true));
  const whole = freeze(b, { y: state.after });
  const parts = refine(whole, SLOW_CARRY);
  const adders = parts.nodes.filter(n => n.op === 'add' || n.op === 'sub');
  expect(adders).toHaveLength(3);
  expect(refine(whole, GENERIC_DELAYS).nodes.filter(n => n.op === op)).toHaveLength(1);
  const [a, c] = [compile(whole), compile(parts)];
  fc.assert(
    fc.property(fc.integer({ min: -32768, max: 32767 }), v => {
      expect(c.step({ x: v }, true)).toEqual(a.step({ x: v }, true));
    }),
  );
});

test('long adders, comparisons and negations elsewhere become two, with the same result', () => {
  const b = new Builder();
  const [x, y, n] = [b.input('x', 14, true), b.input('y', 11), b.input('n', 1)];
  const whole = freeze(b, {
    ...{ add: x.add(y), sub: x.sub(y), back: y.sub(x), negate: x.negateIf(n), less: x.lt(y), more: y.lt(x) },
    unsigned: y.lt(x.bits(12, 0)),
  });
  const parts = refine(whole, SLOW_CARRY);
  const adders = parts.nodes.filter(node => ['add', 'sub', 'negateIf', 'lt'].includes(node.op));
  expect(adders).toHaveLength(14);
  expect(adders.every(node => node.args.every(arg => arg.width <= 9))).toBe(true);
  const [a, c] = [compile(whole), compile(parts)];
  fc.assert(
    fc.property(fc.integer({ min: -8192, max: 8191 }), fc.nat(2047), fc.nat(1), (p, q, r) => {
      for (const value of [p, q, q - 1, 0 - q, -8192]) {
        const beat = { x: value, y: q, n: r };
        expect(c.step(beat, true)).toEqual(a.step(beat, true));
      }
    }),
  );
});
