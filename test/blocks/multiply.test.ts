import { expect, test } from 'vitest';
import { product } from '../../generators/blocks/multiply.ts';
import { Builder } from '../../generators/hdl/builder.ts';
import { type Fabric, GENERIC } from '../../generators/hdl/fabric.ts';
import { compile } from '../../generators/hdl/interpret.ts';
import { freeze } from '../../generators/hdl/module.ts';

const SIGNS = [false, true];
const FABRICS: readonly Fabric[] = [GENERIC, { ...GENERIC, target: 'absorbing', adderAbsorbs: true }];
/** Of factors as long as each other, and of others, the carry of the last row goes elsewhere. */
const WIDTHS = [
  [6, 6],
  [7, 7],
  [7, 6],
  [6, 8],
  [9, 6],
] as const;
const CASES = FABRICS.flatMap(fabric => WIDTHS.map(([m, n]) => ({ fabric, m, n })));

test.each(CASES)('products by rows on $fabric.target, $m bits by $n, with and without signs: all of them', ({
  fabric,
  m,
  n,
}) => {
  for (const isSigned of SIGNS)
    for (const isOtherSigned of SIGNS) {
      const b = new Builder(fabric, 'logic');
      const [x, y] = [b.input('x', m).wrap(m, isSigned), b.input('y', n).wrap(n, isOtherSigned)];
      const machine = compile(freeze(b, { product: product(b, x, y) }));
      const wrong: object[] = [];
      for (let i = 0; i < 1 << (m + n); i++) {
        const [code, other] = [i % 2 ** m, i >> m];
        const { product } = machine.step({ x: code, y: other }, true);
        const expected = numberOf(code, m, isSigned) * numberOf(other, n, isOtherSigned);
        if (product !== expected) wrong.push({ code, other, product, expected });
      }
      expect(wrong).toEqual([]);
    }
});

function numberOf(code: number, width: number, isSigned: boolean): number {
  return isSigned && code >= 2 ** (width - 1) ? code - 2 ** width : code;
}
