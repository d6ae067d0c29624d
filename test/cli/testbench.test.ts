import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findVerilator } from '../../sim/verilator.ts';
import { folderOfTests, gen, tool } from './run.ts';

const folder = folderOfTests();
const icarus = await tool('iverilog', ['-V']).then(
  r => r.code === 0,
  () => false,
);
const verilator = await findVerilator().catch(() => undefined);
if (!icarus) console.log('the testbenches are not run: Icarus Verilog is not installed');

const SETS: readonly (readonly string[])[] = [
  ['--unit', 'mxfp4-mac'],
  ['--unit', 'mxfp4-mac', '--lanes', '1', '--stages', '3', '--name', 'Single'],
  ['--unit', 'mxfp8-e5m2-mac', '--lanes', '3', '--accumulator', 'fixed', '--stages', '2', '--annotate'],
  ['--unit', 'mxint8-mac', '--lanes', '8', '--shell', 'valid', '--stages', '1'],
  ['--unit', 'mxfp8-e4m3-mac', '--lanes', '3', '--stages', '4', '--initiation', '3'],
  [
    '--unit',
    'mxfp6-e3m2-mac',
    '--lanes',
    '5',
    '--accumulator',
    'fixed',
    '--window-width',
    '20',
    '--shell',
    'valid',
  ],
];

interface Made {
  readonly module: string;
  readonly at: string;
}

async function make(args: readonly string[]): Promise<Made> {
  const { code, stdout } = await gen([...args, '--out', folder, '--json']);
  expect(code).toBe(0);
  const { module } = JSON.parse(stdout);
  return { module, at: join(folder, module) };
}

async function simulate({ module, at }: Made): Promise<string> {
  // As the testbench itself tells, with all warnings on.
  const built = await tool('iverilog', ['-g2001', '-Wall', '-o', 'tb', `${module}_tb.v`, `${module}.v`], at);
  expect(built).toMatchObject({ code: 0, stdout: '', stderr: '' });
  const { code, stdout } = await tool('vvp', ['tb'], at);
  expect(code).toBe(0);
  return stdout;
}

describe.each(SETS.map(args => [args.slice(1).join(' '), args] as const))('%s', (_, args) => {
  test.skipIf(!icarus)('Icarus passes its testbench, and fails it when a vector is wrong', async () => {
    const made = await make(args);
    expect(await simulate(made)).toBe('PASS: 200 beats\n');

    const vectors = join(made.at, `${made.module}_vectors.hex`);
    const lines = readFileSync(vectors, 'utf8').split('\n');
    expect(lines.length).toBe(201);
    const [good, beat] = [lines[150]!, 150];
    // The first digit belongs to what is expected.
    lines[beat] = `${good[0] === '0' ? '1' : '0'}${good.slice(1)}`;
    writeFileSync(vectors, lines.join('\n'));
    expect(await simulate(made)).toMatch(
      /^beat 150: expected [0-9a-f]+, got [0-9a-f]+\nFAIL: 1 of 200 beats\n$/,
    );
  });

  test.skipIf(!verilator)('no tool warns', async () => {
    const { module, at } = await make(args);
    const path = verilator!.path;
    const linted = await tool(path, ['--lint-only', '-Wall', '--top-module', module, `${module}.v`], at);
    expect(linted).toMatchObject({ code: 0, stdout: '', stderr: '' });
    if (icarus) {
      const checked = await tool('iverilog', ['-g2001', '-Wall', '-t', 'null', `${module}.v`], at);
      expect(checked).toMatchObject({ code: 0, stdout: '', stderr: '' });
    }
  });
});

test('a stream comes without a testbench', async () => {
  const { stdout } = await gen(['--unit', 'mxfp4-mac', '--shell', 'stream', '--out', folder, '--json']);
  expect(Object.keys(JSON.parse(stdout).files)).toEqual(['mxfp4_mac_stream.v']);
});
