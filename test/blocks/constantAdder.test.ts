import { expect, test } from 'vitest';
import { addWithConstant } from '../../generators/blocks/constantAdder.ts';
import { Builder } from '../../generators/hdl/builder.ts';
import { type Fabric, GENERIC } from '../../generators/hdl/fabric.ts';
import { compile } from '../../generators/hdl/interpret.ts';
import { freeze } from '../../generators/hdl/module.ts';

test.each<[string, Partial<Fabric>]>([
  ['any family', {}],
  ['7 series', { threeOperands: 'CARRY4' }],
  ['ECP5', { selectingAdder: 'CCU2C' }],
])('%s: two numbers and a constant, with and without a sign', (_, cells) => {
  for (const isSigned of [false, true])
    for (let constant = -20; constant <= 20; constant++) {
      const b = new Builder({ ...GENERIC, ...cells });
      const [x, y] = [b.input('x', 3).wrap(3, isSigned), b.input('y', 2)];
      const sum = addWithConstant(b, x, y, BigInt(constant));
      const least = constant - (isSigned ? 4 : 0);
      expect(sum.range).toEqual([BigInt(least), BigInt(least + 10)]);
      const machine = compile(freeze(b, { sum }));
      for (let i = 0; i < 1 << 5; i++) {
        const [code, other] = [i & 7, i >> 3];
        const value = isSigned && code > 3 ? code - 8 : code;
        expect(machine.step({ x: code, y: other }, true)).toMatchObject({ sum: value + other + constant });
      }
    }
});
