import { join } from 'node:path';
import { expect, it } from 'vitest';
import { formatDiagnostic } from '../../generators/reflect/diagnostic.ts';
import { lintUnits } from '../../generators/reflect/lint.ts';
import { tree } from './tree.ts';

const SIGNAL = `export class Signal {
  readonly width = 1;
  add(_: Signal): Signal { return this; }
  eq(_: Signal | number): Signal { return this; }
}
export class Vector { readonly length = 1; }
export class Bit extends Signal {}
`;

const UNIT = 'generators/units/u.ts';

function lint(body: string, imports = '../hdl/signal.ts') {
  const parameters =
    'a: Signal, b: Bit, v: Vector, opt: Signal | undefined, amount: Signal | number, p: { lanes: number; on: boolean }';
  const source = `import type { Signal, Vector, Bit } from '${imports}';\nexport function f(${parameters}): unknown {\n${body}\nreturn 0;\n}\n`;
  const root = tree({
    'generators/hdl/signal.ts': SIGNAL,
    'generators/other/signal.ts': SIGNAL,
    [UNIT]: source,
    'package.json': '{"type":"module"}',
  });
  return lintUnits([join(root, UNIT)], { root });
}

/** One program for all findings, each in a function of its own; line 3 is the first of the body. */
const CASES: readonly [source: string, code: string | undefined][] = [
  ['if (a) return 1;', 'GEN-L001'],
  ['while (b) return 1;', 'GEN-L001'],
  ['do { a.eq(b); } while (v);', 'GEN-L001'],
  ['for (; a.eq(b); ) return 1;', 'GEN-L001'],
  ['const c3 = a ? 1 : 2;', 'GEN-L001'],
  ['switch (a) { default: }', 'GEN-L001'],
  ['const c5 = a === b;', 'GEN-L002'],
  ['const c6 = a.add(b) != b;', 'GEN-L002'],
  ['const c7 = opt === a;', 'GEN-L002'],
  ['const e7 = opt === amount;', 'GEN-L002'],
  ['const c8 = a < b;', 'GEN-L003'],
  ['const c9 = a >= 3;', 'GEN-L003'],
  ['const c10 = !a;', 'GEN-L004'],
  ['const c11 = a.eq(1) && b.eq(2);', 'GEN-L005'],
  ['const c12 = b || a;', 'GEN-L005'],
  ['const c13 = a + b;', 'GEN-L006'],
  ['const c14 = a << 2;', 'GEN-L006'],
  ['const c15 = 1 | a;', 'GEN-L006'],
  ['const c16 = -a;', 'GEN-L006'],
  ['const c17 = [a, b].map(s => s * 2);', 'GEN-L006'],
  ['function g<T extends Signal>(t: T) { return t ? 1 : 2; }', 'GEN-L001'],
  ['if (p.on && p.lanes > 2) return 1;', undefined],
  ['if (opt) return opt.add(a);', undefined],
  ['if (opt === undefined) return a;', undefined],
  ['const d3 = opt ?? a;', undefined],
  ['if (amount === 0) return a;', undefined],
  ['if (a.width === b.width && v.length > 1) return a.width + 1;', undefined],
];

it('each rule fires on its line, and clean code has no findings', () => {
  const found = lint(CASES.map(([source], i) => `function f${i}() { ${source} return 0; }`).join('\n'));
  const expected = CASES.flatMap(([, code], i) => (code ? [`${i + 3} ${code}`] : []));
  expect(found.map(d => `${d.line} ${d.code}`)).toEqual(expected);
  expect(new Set(found.map(d => d.file))).toEqual(new Set([UNIT]));
});

it('says what, where and what to write instead', () => {
  expect(lint('const x = a === b;').map(formatDiagnostic)).toEqual([
    `${UNIT}:3:11 GEN-L002 \`a === b\` compares which objects two signals are, not what they carry\n  hint: write \`a.eq(b)\` or \`a.ne(b)\``,
  ]);
});

it('a class that only shares the name is not a signal', () => {
  expect(lint('if (a) return 1;', '../other/signal.ts')).toEqual([]);
});

it('no files, no findings', () => expect(lintUnits([])).toEqual([]));
