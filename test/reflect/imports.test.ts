import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { formatDiagnostic } from '../../generators/reflect/diagnostic.ts';
import { checkImports } from '../../generators/reflect/imports.ts';
import { tree } from './tree.ts';

const check = (files: Record<string, string>) =>
  checkImports(tree(files)).map(d => `${d.file}:${d.line}:${d.column} ${d.code}`);

it('this tree keeps its layers apart', () => {
  const found = checkImports(fileURLToPath(new URL('../..', import.meta.url)));
  expect(found.map(formatDiagnostic)).toEqual([]);
});

describe('directions', () => {
  it.each([
    ['generators/formats/a.ts', '../hdl/b.ts'],
    ['generators/hdl/a.ts', '../formats/b.ts'],
    ['generators/blocks/a.ts', '../units/b.ts'],
    ['generators/units/a.ts', '../emit/b.ts'],
    ['generators/emit/a.ts', '../units/b.ts'],
    ['generators/reflect/a.ts', '../hdl/b.ts'],
    ['generators/units/a.ts', '../../sim/b.ts'],
    ['sim/a.ts', '../generators/cli/b.ts'],
    ['generators/cli/a.ts', '../../test/b.ts'],
  ])('%s may not import %s', (file, specifier) => {
    expect(check({ [file]: `import { b } from '${specifier}';\nexport const a = b;\n` })).toEqual([
      `${file}:1:19 GEN-I001`,
    ]);
  });

  it('holds for types, re-exports and dynamic imports as well', () => {
    const file = 'generators/formats/a.ts';
    const lines = [
      `import type { B } from '../hdl/b.ts';`,
      `export { c } from '../hdl/c.ts';`,
      `export const d = () => import('../hdl/d.ts');`,
      `export type E = import('../hdl/e.ts').E | B;`,
    ];
    expect(check({ [file]: lines.join('\n') })).toEqual([
      `${file}:1:24 GEN-I001`,
      `${file}:2:19 GEN-I001`,
      `${file}:3:31 GEN-I001`,
      `${file}:4:24 GEN-I001`,
    ]);
  });

  it('down is fine, and emit may see the types of units', () => {
    expect(
      check({
        'generators/blocks/a.ts': `import { b } from '../hdl/b.ts';\nimport { c } from './c.ts';\nexport const a = [b, c];\n`,
        'generators/emit/a.ts': `import type { U } from '../units/unit.ts';\nimport { type V } from '../units/unit.ts';\nexport type W = U | V;\n`,
        'sim/a.ts': `import { spawn } from 'node:child_process';\nimport { u } from '../generators/units/u.ts';\nspawn(u);\n`,
      }),
    ).toEqual([]);
  });
});

describe('purity', () => {
  it.each([
    [`import fs from 'node:fs';\nfs;`, '1:16 GEN-I002'],
    [`import x from 'left-pad';\nx;`, '1:15 GEN-I002'],
    ['export const a = () => process.env.A;', '1:24 GEN-I003'],
    ['export const a = () => Date.now();', '1:24 GEN-I003'],
    ['export const a = () => Math.random();', '1:24 GEN-I003'],
    ['export const a = import.meta.url;', '1:18 GEN-I003'],
  ])('%s', (source, expected) => {
    expect(check({ 'generators/hdl/a.ts': source })).toEqual([`generators/hdl/a.ts:${expected}`]);
    expect(check({ 'generators/cli/a.ts': source })).toEqual([]);
  });

  it('a name of one’s own is not the environment', () => {
    const source =
      'export const f = (process: number, o: { Date: number }) => process + o.Date + Math.abs(1);';
    expect(check({ 'generators/hdl/a.ts': source })).toEqual([]);
  });
});

describe('a golden', () => {
  const unit = (golden: string, rest = '') => `import { add } from '../blocks/add.ts';
import { exact, type Exact } from '../formats/exact.ts';
import { shared } from './shared.ts';
import type { Signal } from '../hdl/signal.ts';
${rest}
export const unit = defineUnit<Params>({
  golden(p) {
    ${golden}
  },
  datapath(b, p, x) { return { y: add(x.a, shared(x.b) as Signal) }; },
});
`;
  const golden = (body: string, rest?: string, shared = 'export const shared = (x: unknown) => x;') =>
    check({ 'generators/units/u.ts': unit(body, rest), 'generators/units/shared.ts': shared });

  it('uses formats, types, and its own functions', () => {
    expect(
      golden(
        'const s: Signal | Exact = exact(p); return helper(s);',
        'function helper(s: unknown) { return s; }',
      ),
    ).toEqual([]);
  });

  it('does not use a block', () => {
    expect(golden('return add(p.a, p.b);')).toEqual(['generators/units/u.ts:8:12 GEN-I004']);
  });

  it('does not use a block through a function of its file', () => {
    const rest = 'const one = (x: number) => two(x); function two(x: number) { return add(x, x); }';
    expect(golden('return one(1);', rest)).toEqual(['generators/units/u.ts:5:69 GEN-I004']);
  });

  it('does not use a block through a helper file', () => {
    const shared = `import { lzc } from '../blocks/lzc.ts';\nexport const shared = (x: unknown) => lzc(x);\n`;
    expect(golden('return shared(1);', '', shared)).toEqual(['generators/units/shared.ts:2:39 GEN-I004']);
    expect(golden('return 1;', '', shared)).toEqual([]);
  });

  it('may be made by a helper, and is checked there', () => {
    const maker = (body: string) =>
      `import { lzc } from '../blocks/lzc.ts';\nexport function shared(x: unknown) {\n  return {\n    golden: () => ${body},\n    datapath: () => lzc(x),\n  };\n}\n`;
    expect(golden('return 1;', '', maker('x'))).toEqual([]);
    expect(golden('return 1;', '', maker('lzc(x)'))).toEqual(['generators/units/shared.ts:4:19 GEN-I004']);
  });

  it('may ask the golden of another unit, and not its datapath', () => {
    const other = `import { lzc } from '../blocks/lzc.ts';\nexport const shared = { golden: () => 1, datapath: () => lzc(1) };\n`;
    expect(golden('return shared.golden();', '', other)).toEqual([]);
    expect(golden('return shared.datapath();', '', other)).toEqual([
      'generators/units/shared.ts:2:58 GEN-I004',
    ]);
  });

  it('may have a local of the same name', () => {
    expect(golden('const add = (x: number) => x; return add(1);')).toEqual([]);
  });
});
