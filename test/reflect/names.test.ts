import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nameSignals } from '../../generators/reflect/names.ts';
import { transpile } from '../../generators/reflect/transpile.ts';
import { tree } from './tree.ts';

const FILE = 'generators/blocks/t.ts';
const IMPORT = `import { __named, __namedFields, __namedItems } from '../hdl/naming.ts'; `;

/** The body of a function after the transform, without the import. */
function body(statement: string): string {
  const result = nameSignals(`function f() {\n${statement}\n}`, FILE);
  return result.replace(IMPORT, '').split('\n').slice(1, -1).join('\n');
}

const at = `'${FILE}:2:7'`;

describe('a const learns its name', () => {
  it.each([
    ['const s = a.add(b);', `const s = __named('s', ${at}, () => a.add(b));`],
    ['const s = add(a, b)', `const s = __named('s', ${at}, () => add(a, b))`],
    ['const s: Signal = (a.add(b));', `const s: Signal = (__named('s', ${at}, () => a.add(b)));`],
    ['const s = a.add(b) as Signal;', `const s = __named('s', ${at}, () => a.add(b)) as Signal;`],
    ['const s = a.add(b)!; // note', `const s = __named('s', ${at}, () => a.add(b))!; // note`],
    ['const s = p ? a.add(b) : a;', `const s = p ? __named('s', ${at}, () => a.add(b)) : a;`],
    ['const s = c ?? b.not();', `const s = c ?? __named('s', ${at}, () => b.not());`],
    ['const s = [a, b.not()];', `const s = [a, __named('s_1', ${at}, () => b.not())];`],
    ['const s = { hi: a.not(), lo: b };', `const s = { hi: __named('s_hi', ${at}, () => a.not()), lo: b };`],
    [
      'const { sign, exponent: e } = unpack(x);',
      `const { sign, exponent: e } = __namedFields({ sign: 'sign', exponent: 'e' }, ${at}, () => unpack(x));`,
    ],
    ['const { a, ...rest } = f(x);', `const { a, ...rest } = __namedFields({ a: 'a' }, ${at}, () => f(x));`],
    ['const { "a-b": c } = f(x);', `const { "a-b": c } = __namedFields({ 'a-b': 'c' }, ${at}, () => f(x));`],
    ['const [hi, lo] = split(y);', `const [hi, lo] = __namedItems(['hi', 'lo'], ${at}, () => split(y));`],
    [
      'const [, lo, ...more] = split(y);',
      `const [, lo, ...more] = __namedItems(['', 'lo'], ${at}, () => split(y));`,
    ],
    ['const [p, q] = [a.not(), b];', `const [p, q] = [__named('p', ${at}, () => a.not()), b];`],
    ['const { p } = { p: a.not() };', `const { p } = { p: __named('p', ${at}, () => a.not()) };`],
  ])('%s', (input, output) => expect(body(input)).toBe(output));

  it('inside nested functions too', () => {
    expect(body('const s = xs.map(x => { const d = x.mul(x); return d; });')).toBe(
      `const s = __named('s', ${at}, () => xs.map(x => { const d = __named('d', '${FILE}:2:31', () => x.mul(x)); return d; }));`,
    );
  });
});

describe('what is no new signal stays as it is', () => {
  it.each([
    'const s = a;',
    'const s = x.a;',
    'const s = x.lanes[0];',
    'const { a, b } = x;',
    'const s = 12n;',
    'const s = "text";',
    'const s = `t$' + '{a}`;',
    'const s = p.lanes * 2;',
    'const s = a === b;',
    'const s = (v: number) => v;',
    'const s = function () {};',
    'const s = class {};',
    'const s = [f(1)] as const;',
    'const s = new Map();',
    'const s = await f(x);',
    'const s = f(await x);',
    'let s = a.add(b);',
    'for (const s of f(x)) g(s);',
  ])('%s', statement => expect(body(statement)).toBe(statement));

  it('nothing at module level, and then no import', () => {
    const source = 'const table = build(3);\nexport const f = (x: number) => x;\n';
    expect(nameSignals(source, FILE)).toBe(source);
  });

  it('a file that imports formats only', () => {
    const source = `import { e2m1 } from '../formats/mini.ts';\nfunction f() { const s = g(1); return s; }\n`;
    expect(nameSignals(source, FILE)).toBe(source);
  });
});

describe('a unit', () => {
  const source = `import { defineUnit } from './unit.ts';
function both(x: X) { const d = x.a.not(); return d; }
function exact(x: X) { const v = sum(x); return both(v); }
export const unit = defineUnit<Params>({
  id: 'u',
  golden(p) { const g = exact(p); return g; },
  datapath(b, p, x) { const y = both(x); return { y }; },
});
`;
  it('gets names in its datapath and what that uses, and none in its golden', () => {
    const lines = nameSignals(source, 'generators/units/u.ts').split('\n');
    expect(lines[1]).toContain(`__named('d', 'generators/units/u.ts:2:29', () => x.a.not())`);
    expect(lines[2]).not.toContain('__named');
    expect(lines[5]).not.toContain('__named');
    expect(lines[6]).toContain(`__named('y', 'generators/units/u.ts:7:29', () => both(x))`);
  });

  it('of a user takes the helpers from where the caller says', () => {
    const named = nameSignals(source, 'my.ts', { namingModule: 'file:///lib/naming.js' });
    expect(named.startsWith(`${IMPORT.split("'")[0]}'file:///lib/naming.js'; import { defineUnit }`)).toBe(
      true,
    );
    expect(named).toContain(`'my.ts:2:29'`);
  });
});

describe('line numbers', () => {
  it('survive in any composition of statements', () => {
    const pieces = [
      'const a = f(\n  1,\n);',
      'const { x } = g(a)\n  .h();',
      '// note',
      'const s = a;',
      '\n',
      'k(`\n`);',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 12 }), chosen => {
        const source = `/** Head. */\nfunction f() {\n${chosen.join('\n')}\n}\n`;
        const named = nameSignals(source, FILE).split('\n');
        const lines = source.split('\n');
        expect(named.length).toBe(lines.length);
        // Only insertions: each line still reads, in order, everything that it read before.
        for (const [i, line] of lines.entries()) expect(isSubsequence(line, named[i])).toBe(true);
      }),
    );
  });

  it('survive in every unit and block of the tree, which still parse', () => {
    for (const folder of ['generators/units', 'generators/blocks']) {
      const root = new URL(`../../${folder}/`, import.meta.url);
      for (const name of readdirSync(root).filter(n => n.endsWith('.ts'))) {
        const source = readFileSync(new URL(name, root), 'utf8');
        const named = nameSignals(source, `${folder}/${name}`);
        expect(named.split('\n').length).toBe(source.split('\n').length);
        expect(transpile(named, name, { names: false }).diagnostics).toEqual([]);
      }
    }
  });

  it('a #! line stays first', () => {
    const named = nameSignals('#!/usr/bin/env node\nfunction f() { const a = g(); }\n', FILE);
    expect(named.split('\n')[0]).toBe('#!/usr/bin/env node');
    expect(named.split('\n')[1].startsWith(IMPORT)).toBe(true);
  });
});

describe('with the DSL', () => {
  it('the netlist carries the names of the variables, and ports keep theirs', async () => {
    const dist = (path: string) => new URL(`../../dist/generators/${path}`, import.meta.url).href;
    const source = `import { Builder } from '${dist('hdl/builder.js')}';
const halves = x => ({ high: x.bits(3, 2), low: x.bits(1, 0) });
const both = x => [x.not(), x.add(1)];
export function compose() {
  const b = new Builder();
  const port = b.input('data', 4);
  const alias = { p: port }.p;
  const scaleSum = alias.add(port);
  const { high, low: rest } = halves(port);
  const [inverse, next] = both(rest);
  return [port, scaleSum, high, rest, inverse, next].map(s => [s.node.name, s.node.at]);
}
`;
    const named = nameSignals(source, 'my/unit.ts', { namingModule: dist('hdl/naming.js') });
    const root = tree({ 'unit.mjs': transpile(named, 'my/unit.ts', { names: false }).code });
    const { compose } = await import(/* @vite-ignore */ pathToFileURL(join(root, 'unit.mjs')).href);
    const names: [string, string][] = compose();
    expect(names.map(([name]) => name)).toEqual(['data', 'scale_sum', 'high', 'rest', 'inverse', 'next']);
    expect(names[1][1]).toBe('my/unit.ts:8:9');
    expect(names[5][1]).toBe('my/unit.ts:10:9');
  });
});

describe('transpile', () => {
  it('points relative imports at the built files, also when they are dynamic', () => {
    const { code } = transpile(
      `import { a } from './a.ts';\nexport const b = () => [a, import('../b.ts')];\n`,
      'x.ts',
    );
    expect(code).toContain('from "./a.js"');
    expect(code).toContain('"../b.js"');
  });

  it('reports a syntax error where the author wrote it', () => {
    const [d] = transpile('function f() { const a = g(1); const b = ; }', FILE).diagnostics;
    expect(d).toMatchObject({ file: FILE, line: 1, column: 42, message: 'Expression expected.' });
  });
});

function isSubsequence(part: string, whole: string): boolean {
  let from = 0;
  for (const c of part) {
    const found = whole.indexOf(c, from);
    if (found < 0) return false;
    from = found + 1;
  }
  return true;
}
