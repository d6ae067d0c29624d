import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderOfTests, gen } from './run.ts';

const folder = folderOfTests();
const UNIT = ['--unit', 'fp-dot', '--a', 'e2m1', '--b', 'e2m1', '--lanes', '4'];

interface Written {
  readonly module: string;
  readonly goal: { readonly target?: string };
}

/** What `gen` writes for a family, or for any. */
async function written(...flags: string[]): Promise<Written & { body: string }> {
  const { code, stdout } = await gen([...UNIT, ...flags, '--out', folder, '--json']);
  expect(code).toBe(0);
  const document = JSON.parse(stdout) as Written;
  const text = readFileSync(join(folder, document.module, `${document.module}.v`), 'utf8');
  return { ...document, body: text.replaceAll(document.module, 'module').replace(/^\/\/.*\n/gm, '') };
}

describe('--target', () => {
  test('makes the Verilog for a family, in a module of its own', async () => {
    const [any, xc7, ice40, generic, several] = await Promise.all([
      written(),
      written('--target', 'xc7'),
      written('--target', 'ice40'),
      written('--target', 'generic'),
      written('--target', 'xc7,ice40'),
    ]);
    expect(xc7.module).toBe(`${any.module}_xc7`);
    expect(xc7.goal.target).toBe('xc7');
    expect(xc7.body).not.toBe(any.body);
    expect(ice40.body).not.toBe(xc7.body);
    // Several families are for the report.
    for (const same of [generic, several]) expect(same).toEqual(any);
  });

  test('a report gives each family the Verilog that is for it', async () => {
    const report = async (target: string): Promise<number> => {
      const { code, stdout } = await gen(['report', ...UNIT, '--target', target, '--json']);
      expect(code).toBe(0);
      const { results } = JSON.parse(stdout) as { results: { target: string; luts: number }[] };
      return results.find(r => r.target === 'xcup')!.luts;
    };
    expect(await report('xcup,generic')).toBe(await report('xcup'));
  }, 300_000);

  test.each([
    ['ternary-dot --a int3 --lanes 3', 'xc7'],
    ['ternary-dot --a int3 --lanes 4', 'xc7'],
    ['ternary-dot --a int3 --lanes 7', 'xc7'],
    ['ternary-dot --a int3 --lanes 18', 'xc7'],
    ['ternary-dot --a int3 --lanes 7', 'xcup'],
    ['ternary-dot --a uint3 --lanes 6', 'xc7'],
    ['ternary-dot --a int16 --lanes 4', 'xc7'],
    ['cquad-dot --a int3 --lanes 2', 'xc7'],
    ['cquad-dot --a int3 --lanes 6 --no-conjugate', 'xc7'],
    ['cquad-dot --a uint3 --lanes 8 --stages 2', 'xcup'],
    ['cquad-dot --a int3 --lanes 4 --scales split', 'xc7'],
    ['ternary-dot --a int3 --lanes 2', 'ecp5'],
    ['ternary-dot --a int3 --lanes 5', 'ecp5'],
    ['cquad-dot --a int3 --lanes 2', 'ecp5'],
    ['cquad-dot --a int3 --lanes 6', 'ecp5'],
    ['xnor-dot --lanes 8', 'ecp5'],
    ['xnor-dot --lanes 27', 'ecp5'],
    // Tables of all kinds; the last one counts what differs.
    ['xnor-dot --lanes 4', 'xc7'],
    ['xnor-dot --lanes 11', 'xc7'],
    ['xnor-dot --lanes 28', 'xcup'],
    ['xnor-dot --lanes 28 --measure distance', 'xc7'],
    // A constant above the last adder, without one, and registers between sum and carry.
    ['xnor-dot --lanes 16', 'ice40'],
    ['xnor-dot --lanes 13', 'ice40'],
    ['xnor-dot --lanes 13 --measure distance', 'ice40'],
    ['xnor-dot --lanes 16 --stages 6', 'ice40'],
    // Ones of the constant beside ones of the limit and beside zeros; nothing but a single one; registers between both chains.
    ['lmul --operand bf16', 'ice40'],
    ['lmul --operand e4m3 --offset 3', 'ice40'],
    ['lmul --operand e5m2 --special propagate', 'ice40'],
    ['lmul --operand fp16 --offset none --stages 3', 'ice40'],
    ['lmul-dot --operand e3m2 --lanes 3', 'ice40'],
    // Constants of both signs, odd and even, below sums of odd and even width.
    ['lmul --operand e3m2', 'xc7'],
    ['lmul --operand e4m3 --offset 5', 'xc7'],
    ['lmul --operand e4m3 --offset -5', 'ecp5'],
    ['lmul --operand e3m2 --offset 3', 'ecp5'],
    ['lmul --operand bf16', 'ecp5'],
    ['lmul --operand fp16', 'xcup'],
  ])(
    '%s: cells of %s set by hand are compared after mapping',
    async (id, target) => {
      const unit = ['--unit', ...id.split(' '), '--target', target];
      const { code, stdout } = await gen(['verify', ...unit, '--vectors', '20000', '--json']);
      expect(code).toBe(0);
      const { engines, mismatches } = JSON.parse(stdout) as { engines: string[]; mismatches: number };
      expect({ engines, mismatches }).toEqual({
        engines: ['golden', 'interpreter', 'verilator', `netlist-${target}`],
        mismatches: 0,
      });
    },
    120_000,
  );

  test('blocks for multiplication that have no model are mapped to logic, and that is said', async () => {
    const unit = ['--unit', 'fx-mul', '--a', 'int9', '--b', 'int9', '--vectors', '2000'];
    const { code, stdout, stderr } = await gen(['verify', ...unit, '--mapped', 'xcup']);
    expect(code).toBe(0);
    expect(stderr).toContain('Yosys has no simulation model of DSP48E2, a cell of xcup: blocks');
    expect(stdout).toContain('0 mismatches between golden, interpreter, verilator, netlist-xcup');
  }, 120_000);

  test('a table that is one LUT a bit stays a module, for its family alone', async () => {
    const e3m2 = ['--a', 'e3m2', '--b', 'e3m2'];
    const [any, xc7] = await Promise.all([written(...e3m2), written(...e3m2, '--target', 'xc7')]);
    expect(any.body).not.toContain('keep_hierarchy');
    const kept = xc7.body.match(/\(\* keep_hierarchy = "yes" \*\).*\nmodule \w+/g)!;
    expect(kept.map(text => text.replace(/.*\n/, ''))).toEqual([
      'module module_significands_3_3',
      'module module_places_3_3',
    ]);
  });

  test.each([
    ['verify', 'xc7,ice40', "--target: 'xc7,ice40' names several families; give one"],
    ['eval', 'xc9', 'unknown target "xc9"; did you mean "xc7"?'],
  ])('%s --target %s is a mistake', async (command, target, text) => {
    const { code, stderr } = await gen([command, ...UNIT, '--target', target]);
    expect(code).toBe(2);
    expect(stderr).toContain(text);
  });
});
