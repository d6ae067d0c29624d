import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { formatDiagnostic } from '../../generators/reflect/diagnostic.ts';
import { reflectParams, reflectUnit } from '../../generators/reflect/params.ts';
import { flagOf, misfit, parseValue } from '../../generators/reflect/values.ts';

const reflect = (members: string, before = '') =>
  reflectParams(`${before}export interface Params {\n${members}\n}\n`, 'generators/units/u.ts');

const only = (members: string, before = '') => {
  const { params, diagnostics } = reflect(members, before);
  expect(diagnostics).toEqual([]);
  return params[0];
};

const complaint = (members: string, before = '') =>
  reflect(members, before).diagnostics.map(formatDiagnostic).join('\n');

describe('parameters', () => {
  it('an integer with a range, its tags on one line', () => {
    expect(only('/** Number of products per beat. @min 1 @max 1024 @default 32 */\nlanes: number;')).toEqual({
      name: 'lanes',
      flag: 'lanes',
      type: 'integer',
      default: 32,
      min: 1,
      max: 1024,
      doc: 'Number of products per beat.',
    });
  });

  it('a comment over several lines becomes one line of text', () => {
    const spec = only(
      `/**\n * Window's last bit,\n * as a power of two.\n * @min -400\n * @max 400\n * @default -24\n */\nwindowLsb: number;`,
    );
    expect(spec).toMatchObject({
      flag: 'window-lsb',
      default: -24,
      min: -400,
      doc: "Window's last bit, as a power of two.",
    });
  });

  it('a choice, by union, alias or list', () => {
    const expected = { type: 'choice', choices: ['e2m1', 'int8'], default: 'e2m1' };
    const doc = '/** Element. @default e2m1 */\n';
    expect(only(`${doc}element: 'e2m1' | 'int8';`)).toMatchObject(expected);
    expect(only(`${doc}element: Element;`, `type Element = 'e2m1' | 'int8';\n`)).toMatchObject(expected);
    const list = `const ELEMENTS = ['e2m1', 'int8'] as const;\ntype Element = (typeof ELEMENTS)[number];\n`;
    expect(only(`${doc}element: Element;`, list)).toMatchObject(expected);
  });

  it.each([
    [
      '/** R. @format float fixed @default exact */ r: string;',
      { type: 'string', formats: ['float', 'fixed'], default: 'exact' },
    ],
    ['/** R. @default "" */ r: string;', { type: 'string', default: '' }],
    ['/** C. @default false */ c: boolean;', { type: 'boolean', default: false }],
    [
      '/** T. @default 1, 2,4 @min 0 */ taps: readonly number[];',
      { type: 'integer-list', default: [1, 2, 4], min: 0 },
    ],
    ['/** T. @default [] */ taps: number[];', { type: 'integer-list', default: [] }],
    ['/** G. @type number @default 0.5 @max 1 */ gain: number;', { type: 'number', default: 0.5, max: 1 }],
    ['/** R. @default 4 */ radix: 2 | 4;', { type: 'integer', choices: [2, 4], default: 4 }],
    ['/** See `@min` and {@link unit}. @default 1 */ n: number;', { doc: 'See `@min` and {@link unit}.' }],
  ])('%s', (source, expected) => expect(only(source)).toMatchObject(expected));

  it('inherited ones come last', () => {
    const { params } = reflectParams(
      'interface Base { /** A. @default 1 */ a: number; }\nexport interface Params extends Base { /** B. @default 2 */ b: number; }',
      'u.ts',
    );
    expect(params.map(p => p.name)).toEqual(['b', 'a']);
  });

  it('the flags', () => {
    expect(['windowLsb', 'LSBWeight', 'fp8Mode', 'a_b'].map(flagOf)).toEqual([
      'window-lsb',
      'lsb-weight',
      'fp8-mode',
      'a-b',
    ]);
  });
});

describe('mistakes of an author', () => {
  it.each([
    ['/** @default 1 */\nn: number;', 'generators/units/u.ts:3:1 GEN-P001 parameter `n`: has no description'],
    ['n: number;', 'GEN-P001'],
    [
      '/** N. @default 1 */ n: Date;',
      'GEN-P002 parameter `n`: type `Date` cannot be given on a command line; expected number,',
    ],
    ['/** N. @default 1 */ n: 1 | "a";', 'GEN-P002'],
    ['/** N. */ n: number;', 'GEN-P003 parameter `n`: has no default\n  hint: add `@default …`'],
    ['/** N. @default x */ n: number;', 'GEN-P004 parameter `n`: default `x` is not of type integer'],
    ['/** N. @default 1.5 */ n: number;', 'GEN-P004 parameter `n`: default `1.5` is not of type integer'],
    ['/** N. @min 1 @default 0 */ n: number;', 'GEN-P004 parameter `n`: default 0 is below the minimum 1'],
    ['/** N. @max 4 @default 1,5 */ n: number[];', 'default 5 is above the maximum 4'],
    ["/** N. @default c */ n: 'a' | 'b';", 'default `c` is none of a, b'],
    [
      '/** N. @maks 4 @default 1 */ n: number;',
      'GEN-P005 parameter `n`: unknown tag @maks\n  hint: known are @min, @max',
    ],
    ['/** N. @min a @default 1 */ n: number;', 'GEN-P005 parameter `n`: @min `a` is not a number'],
    [
      '/** N. @min 1 @default x */ n: string;',
      'GEN-P005 parameter `n`: @min and @max have no use on type string',
    ],
    [
      '/** N. @format float @default 1 */ n: number;',
      'GEN-P005 parameter `n`: @format has no use on type integer',
    ],
    ['/** N. @default 1 */ n?: number;', 'GEN-P006 parameter `n`: is optional'],
    ['f(): number;', 'GEN-P006 `f(): number;` is not a property'],
  ])('%s', (source, expected) => expect(complaint(source)).toContain(expected));

  it('a unit without Params', () => {
    const { diagnostics } = reflectParams('export const unit = defineUnit({});', 'u.ts');
    expect(diagnostics.map(d => d.code)).toEqual(['GEN-P007']);
  });

  it('several at once, in reading order', () => {
    const { diagnostics, params } = reflect(
      'a: number;\n/** B. */ b: number;\n/** C. @default 1 */ c: number;',
    );
    expect(diagnostics.map(d => `${d.line} ${d.code}`)).toEqual(['2 GEN-P001', '3 GEN-P003']);
    expect(params.map(p => p.name)).toEqual(['c']);
  });
});

describe('values', () => {
  it('are read by type', () => {
    expect(parseValue('integer', '0x10')).toBe(16);
    expect(parseValue('integer', '')).toBeUndefined();
    expect(parseValue('number', '1e-3')).toBe(0.001);
    expect(parseValue('boolean', 'yes')).toBeUndefined();
    expect(parseValue('integer-list', '1 2')).toEqual([1, 2]);
    expect(parseValue('integer-list', '1,,2')).toBeUndefined();
  });

  it('are judged by type', () => {
    expect(misfit({ type: 'integer' }, 1.5)).toBe('1.5 is not an integer');
    expect(misfit({ type: 'boolean' }, 'x')).toBe('`x` is neither true nor false');
    expect(misfit({ type: 'string' }, 1)).toBe('1 is not a text');
    expect(misfit({ type: 'integer-list' }, 1)).toBe('1 is not a list of integers');
    expect(misfit({ type: 'number', min: 0 }, 0.5)).toBeUndefined();
  });
});

describe('parameters of another file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'reflect-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const write = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  write('dot.ts', 'export interface Params {\n  /** Lanes. @default 4 */ lanes: number;\n}\n');
  write(
    'beats.ts',
    "import type { Params as Dot } from './dot.ts';\nexport interface Beats extends Dot {\n  /** Beats. @default 2 */ beats: number;\n}\n",
  );

  it('are inherited, through several files and by other names', () => {
    const path = write(
      'mac.ts',
      "import type { Beats as B } from './beats.ts';\nexport interface Params extends B {\n  /** Own. @default 1 */ own: number;\n}\nexport const unit = {};\n",
    );
    const { params, diagnostics } = reflectUnit(path, 'mac.ts');
    expect(diagnostics).toEqual([]);
    expect(params.map(p => p.name)).toEqual(['own', 'beats', 'lanes']);
  });

  it('are missed where there are none', () => {
    const path = write(
      'odd.ts',
      "import type { None } from './none.ts';\nexport interface Params extends None {}\nexport const unit = {};\n",
    );
    expect(reflectUnit(path, 'odd.ts').diagnostics.map(formatDiagnostic)).toEqual([
      expect.stringContaining('`None` is not an interface of this file, nor of one that it imports'),
    ]);
  });
});
