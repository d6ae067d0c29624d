import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findVerilator } from '../../sim/verilator.ts';
import { filesBelow, folderOfTests, gen } from './run.ts';

const folder = folderOfTests();
const bare = join(folder, 'bin');
mkdirSync(bare);
/** A system with Node.js and nothing else. */
const NOTHING = { PATH: bare, VERILATOR: undefined, CXX: undefined };
const UNIT = ['--unit', 'mxfp4-mac', '--lanes', '2'];
const LINE = '{"first":"0x1","a":"0x21","a_scale":"0x7f","b":"0x3c","b_scale":"0x80"}\n';
const MISSING =
  'Verilator is not installed; run `npm run setup`, or install it with the package manager of your system (Debian: apt-get install verilator g++). Everything but co-simulation works without it.';
const hasVerilator = await findVerilator().then(
  () => true,
  () => false,
);

test('gen doctor tells what is missing and what is lost', async () => {
  const text = await gen(['doctor'], { env: NOTHING });
  expect([text.code, text.stderr]).toEqual([6, '']);
  expect(text.stdout).toMatch(/^ok +Node\.js +\d/m);
  expect(text.stdout).toMatch(/^ok +Yosys +yosys \d/m);
  expect(text.stdout).toMatch(
    /^missing +Verilator +Verilator is not installed; .* gen sim and gen verify need it; generating, evaluating, the interpreter and reports do not$/m,
  );
  const { code, stdout } = await gen(['doctor', '--json'], { env: NOTHING });
  expect(code).toBe(6);
  const findings: { what: string; ok: boolean; found: string }[] = JSON.parse(stdout).findings;
  expect(findings.filter(f => !f.ok).map(f => [f.what, f.found])).toEqual([['Verilator', MISSING]]);
});

test.skipIf(!hasVerilator)('gen doctor is content where everything is there', async () => {
  const { code, stdout, stderr } = await gen(['doctor'], { env: { SUBBYTE_CACHE: join(folder, 'cache') } });
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^ok +Verilator +Verilator \d+\.\d+ .*, with \S+ \d/m);
  expect(stdout).not.toContain('missing');
});

test('gen doctor finds a cache that cannot be written', async () => {
  writeFileSync(join(folder, 'file'), '');
  const { code, stdout } = await gen(['doctor'], { env: { SUBBYTE_CACHE: join(folder, 'file', 'x') } });
  expect(code).toBe(6);
  expect(stdout).toMatch(/^missing +cache +.*file.x cannot be written/m);
});

test('a Verilator that does not run, and one without a compiler', async () => {
  const broken = join(folder, 'broken');
  writeFileSync(broken, '#!/bin/sh\nexit 3\n');
  chmodSync(broken, 0o755);
  const said = async (env: Record<string, string | undefined>): Promise<unknown> => {
    const { code, stderr } = await gen(['verify', ...UNIT], { env: { ...NOTHING, ...env } });
    return [code, stderr];
  };
  expect(await said({ VERILATOR: broken })).toEqual([
    6,
    'gen: no C++ compiler is installed; Debian: apt-get install g++. Everything but co-simulation works without it.\n',
  ]);
  expect(await said({ VERILATOR: broken, CXX: '/bin/true' })).toEqual([
    6,
    expect.stringMatching(/^gen: .*broken does not run \(.*broken ended with code 3\); run `npm run setup`/),
  ]);
});

test('without Verilator: what needs it says so, and the rest works', async () => {
  const options = { env: NOTHING, cwd: folder };
  for (const command of ['verify', 'sim'])
    expect(await gen([command, ...UNIT], { ...options, input: LINE })).toEqual({
      code: 6,
      signal: null,
      stdout: '',
      stderr: `gen: ${MISSING}\n`,
    });
  const answer = { code: 0, stdout: '{"y":"0x3f800000"}\n', stderr: '' };
  expect(await gen(['eval', ...UNIT], { ...options, input: LINE })).toMatchObject(answer);
  const interpreted = ['sim', ...UNIT, '--engine', 'interpreter'];
  expect(await gen(interpreted, { ...options, input: LINE })).toMatchObject(answer);
  const verified = await gen(['verify', ...UNIT, '--engine', 'interpreter', '--vectors', '500'], options);
  expect(verified).toMatchObject({ code: 0, stderr: '' });
  expect(verified.stdout).toContain('0 mismatches between golden, interpreter\n');
  expect(await gen([...UNIT, '--quiet'], options)).toMatchObject({ code: 0, stdout: '', stderr: '' });
  expect(Object.keys(filesBelow(join(folder, 'rtl-out')))).toHaveLength(4);
});

test('without Verilator, --verify --report still writes and reports', async () => {
  const args = [...UNIT, '--verify', '--report', '--target', 'ice40', '--out', 'both'];
  const text = await gen(args, { env: NOTHING, cwd: folder });
  expect(text.code).toBe(6);
  // Where the report is not kept from an earlier run, its steps are told.
  expect(text.stderr.replace(/^synthesis for .*\n/gm, '')).toBe(`gen: not verified: ${MISSING}\n`);
  expect(text.stdout).toMatch(/^not verified$/m);
  expect(text.stdout).toMatch(/^ice40 +\d+/m);
  expect(Object.keys(filesBelow(join(folder, 'both')))).toHaveLength(4);
  const { code, stdout, stderr } = await gen([...args, '--json'], { env: NOTHING, cwd: folder });
  expect([code, stderr]).toEqual([6, `gen: not verified: ${MISSING}\n`]);
  expect(JSON.parse(stdout)).toMatchObject({
    schema: 'subbyte/manifest/1',
    verify: { error: MISSING },
    report: { results: [{ target: 'ice40' }] },
  });
});

test.skipIf(!hasVerilator)('a cache that cannot be written costs time and nothing else', async () => {
  const temporary = join(folder, 'tmp');
  mkdirSync(temporary);
  const env = { SUBBYTE_CACHE: join(folder, 'file', 'x'), TMPDIR: temporary };
  const { code, stdout, stderr } = await gen(['verify', ...UNIT, '--vectors', '500'], { env });
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain('0 mismatches between golden, interpreter, verilator\n');
  expect(filesBelow(temporary)).toEqual({});
});
