import { expect, test } from 'vitest';
import { countDifferent, countEqual, equalLessDifferent } from '../../generators/blocks/differences.ts';
import { popcount } from '../../generators/blocks/popcount.ts';
import { Builder } from '../../generators/hdl/builder.ts';
import { type Fabric, GENERIC } from '../../generators/hdl/fabric.ts';
import { compile } from '../../generators/hdl/interpret.ts';
import { freeze } from '../../generators/hdl/module.ts';

const FABRICS: readonly Fabric[] = [GENERIC, { ...GENERIC, target: 'absorbing', adderAbsorbs: true }];

test.each(FABRICS)('counts bits, on $target', fabric => {
  for (const lanes of [...Array.from({ length: 40 }, (_, i) => i + 1), 63, 64, 65, 127, 200, 256]) {
    const b = new Builder(fabric);
    const y = popcount(b, b.input('x', lanes).unpack(lanes));
    expect(y.range, `range for ${lanes}`).toEqual([0n, BigInt(lanes)]);
    const machine = compile(freeze(b, { y }));
    const count = (x: bigint): number =>
      Number((machine.step({ x: lanes <= 53 ? Number(x) : x }, true) as { y: number | bigint }).y);
    // Each bit alone, all bits up to it, and all but it.
    const all = (1n << BigInt(lanes)) - 1n;
    expect(count(0n), `none of ${lanes}`).toBe(0);
    for (let i = 0; i < lanes; i++) {
      const bit = 1n << BigInt(i);
      expect(count(bit), `bit ${i} of ${lanes}`).toBe(1);
      expect(count(2n * bit - 1n), `bits up to ${i} of ${lanes}`).toBe(i + 1);
      expect(count(all - bit), `all but bit ${i} of ${lanes}`).toBe(lanes - 1);
    }
  }
});

const WITH_HEAP: Fabric = { ...GENERIC, target: 'two outputs', lutInputs: 6, twoOutputs: 'LUT6_2' };
const SELECTING: Fabric = { ...GENERIC, target: 'selecting', selectingAdder: 'CCU2C' };
const WITH_TABLES: Fabric = { ...GENERIC, target: 'tables', lutInputs: 4, lutCell: 'SB_LUT4' };

test.each([
  ...FABRICS,
  SELECTING,
  WITH_TABLES,
  WITH_HEAP,
])('counts lanes that differ and those that are equal, on $target', fabric => {
  // The bit heap has tables of each of its kinds with one of these.
  for (const lanes of [1, 2, 3, 4, 5, 7, 8, 9, 11, 16, 26, 28]) {
    const b = new Builder(fabric);
    const [x, y] = [b.input('x', lanes).unpack(lanes), b.input('y', lanes).unpack(lanes)];
    const [different, equal] = [countDifferent(b, x, y), countEqual(b, x, y)];
    for (const count of [different, equal]) expect(count.range).toEqual([0n, BigInt(lanes)]);
    const less = equalLessDifferent(b, x, y);
    expect(less.range).toEqual([-BigInt(lanes), BigInt(lanes)]);
    const machine = compile(freeze(b, { different, equal, less }));
    for (let seed = 1; seed <= 500; seed++) {
      const [left, right] = [seed * 2654435761, seed * 40503].map(n => n % 2 ** lanes) as [number, number];
      const differing = ((left ^ right) >>> 0).toString(2).replaceAll('0', '').length;
      expect(machine.step({ x: left, y: right }, true)).toEqual({
        different: differing,
        equal: lanes - differing,
        less: lanes - 2 * differing,
      });
    }
  }
});
