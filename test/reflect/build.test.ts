import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { tree } from './tree.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));

const UNIT = `import { twice } from './helper.ts';

/** What it decides. */
export interface Params {
  /** Number of lanes. @min 1 @max 8 @default 2 */
  lanes: number;
}

/**
 * A unit for the test.
 *
 * It doubles.
 */
export const unit = {
  id: 'doubler',
  summary: 'Doubles',
  family: 'test',
  presets: { 'doubler-4': { summary: 'Four lanes', params: { lanes: 4 } } },
  datapath(x: number) {
    const y = twice(x);
    return y;
  },
};
`;

const NAMING = `export const log: string[] = [];
export function __named<T>(name: string, at: string, make: () => T): T { log.push(name + ' ' + at); return make(); }
export function __namedFields<T>(_names: object, _at: string, make: () => T): T { return make(); }
export function __namedItems<T>(_names: object, _at: string, make: () => T): T { return make(); }
`;

/** A project of one unit, with the real reflection and the real build. */
function project1(files: Record<string, string> = {}): string {
  const root = tree({
    'package.json': '{"type":"module"}',
    'generators/hdl/naming.ts': NAMING,
    'generators/units/helper.ts': 'export function twice(x: number): number {\n  return 2 * x;\n}\n',
    'generators/units/doubler.ts': UNIT,
    'sim/run.mjs': 'export const plain = 1;\n',
    ...files,
  });
  cpSync(join(project, 'generators/reflect'), join(root, 'generators/reflect'), { recursive: true });
  cpSync(join(project, 'scripts/build.mjs'), join(root, 'scripts/build.mjs'));
  symlinkSync(join(project, 'node_modules'), join(root, 'node_modules'));
  return root;
}

function build(root: string) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'scripts/build.mjs')], {
    encoding: 'utf8',
  });
  return { status, stdout: stdout.trim(), stderr: stderr.trim() };
}

function digest(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  return Object.fromEntries(
    files
      .filter(f => statSync(join(folder, f)).isFile())
      .map(f => [
        f,
        createHash('sha256')
          .update(readFileSync(join(folder, f)))
          .digest('hex'),
      ]),
  );
}

it('builds a unit with its names, its registry entry and its loader', async () => {
  const root = project1();
  expect(build(root)).toMatchObject({ status: 0, stderr: '' });
  const registry = JSON.parse(readFileSync(join(root, 'dist/generators/registry.json'), 'utf8'));
  expect(registry).toEqual([
    {
      id: 'doubler',
      summary: 'Doubles',
      family: 'test',
      file: 'generators/units/doubler.ts',
      doc: 'A unit for the test.\n\nIt doubles.',
      params: [
        {
          name: 'lanes',
          flag: 'lanes',
          type: 'integer',
          default: 2,
          min: 1,
          max: 8,
          doc: 'Number of lanes.',
        },
      ],
      presets: [{ id: 'doubler-4', summary: 'Four lanes', params: { lanes: 4 } }],
    },
  ]);
  const from = (path: string) =>
    import(/* @vite-ignore */ pathToFileURL(join(root, 'dist/generators', path)).href);
  const catalogue = await from('reflect/catalogue.js');
  expect(catalogue.loadRegistry()).toEqual(registry);
  expect(catalogue.findUnit('doubler-4')).toMatchObject({
    entry: { id: 'doubler' },
    preset: { params: { lanes: 4 } },
  });
  expect(catalogue.findUnit('none')).toBeUndefined();
  const unit = await catalogue.loadUnit('doubler-4');
  expect(unit.datapath(3)).toBe(6);
  expect((await from('hdl/naming.js')).log).toEqual(['y generators/units/doubler.ts:20:11']);
  await expect(catalogue.loadUnit('none')).rejects.toThrow('no unit or preset is called none');
});

it('gives the same bytes twice, anywhere, and by increments', () => {
  const [one, two] = [project1(), project1()];
  build(one);
  expect(build(two).status).toBe(0);
  const bytes = digest(join(one, 'dist'));
  expect(digest(join(two, 'dist'))).toEqual(bytes);

  expect(build(one).stdout).toMatch(/^built 0 files in [\d.]+ s \(\d+ unchanged\)$/);
  writeFileSync(join(one, 'generators/units/extra.ts'), 'export const x = 1;\n');
  writeFileSync(join(one, 'generators/units/helper.ts'), 'export const twice = (x: number) => x;\n');
  expect(build(one).stdout).toMatch(/^built 2 files/);
  rmSync(join(one, 'generators/units/extra.ts'));
  cpSync(join(two, 'generators/units/helper.ts'), join(one, 'generators/units/helper.ts'));
  expect(build(one).status).toBe(0);
  expect(digest(join(one, 'dist'))).toEqual(bytes);
});

it('works without units', () => {
  const root = project1();
  rmSync(join(root, 'generators/units'), { recursive: true });
  expect(build(root).status).toBe(0);
  expect(readFileSync(join(root, 'dist/generators/registry.json'), 'utf8')).toBe('[]\n');
});

it('says where a syntax error is, builds the rest, and recovers', () => {
  const root = project1({ 'sim/bad.ts': 'const a = 1;\nconst b = ;\n' });
  const failed = build(root);
  expect(failed).toEqual({ status: 1, stdout: '', stderr: 'sim/bad.ts:2:11 TS1109 Expression expected.' });
  expect(build(root)).toEqual(failed);
  expect(statSync(join(root, 'dist/sim/run.mjs')).isFile()).toBe(true);
  writeFileSync(join(root, 'sim/bad.ts'), 'export const b = 1;\n');
  expect(build(root)).toMatchObject({ status: 0, stderr: '' });
});

it('reports the mistakes of a unit’s author', () => {
  const second = UNIT.replace('Number of lanes. ', '')
    .replace("'doubler-4'", "'quad'")
    .replace('lanes: 4', 'width: 4');
  const root = project1({
    'generators/units/second.ts': second,
    'generators/units/third.ts': `throw new Error('no');\n${UNIT}`,
  });
  const { status, stderr } = build(root);
  expect(status).toBe(1);
  expect(stderr.split('\n').filter(line => !line.startsWith('  hint'))).toEqual([
    'generators/units/second.ts:1:1 GEN-R003 the id `doubler` is taken by generators/units/doubler.ts',
    'generators/units/second.ts:1:1 GEN-R004 preset `quad` sets `width`, which is no parameter',
    'generators/units/second.ts:6:3 GEN-P001 parameter `lanes`: has no description',
    'generators/units/third.ts:1:1 GEN-R001 cannot be loaded: no',
  ]);
});
