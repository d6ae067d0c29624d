import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { filesBelow, folderOfTests, gen, wordsOf } from './run.ts';

const folder = folderOfTests();
const made = (name: string): string => {
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  return path;
};

test('the same bytes in another place, zone and language', async () => {
  const [one, two] = [made('one'), made('two/deep')];
  const args = ['--unit', 'mxfp4-mac', '--lanes', '4'];
  await gen(args, {
    cwd: one,
    env: { TZ: 'Asia/Kathmandu', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8', HOME: one },
  });
  await gen(args, { cwd: two, env: { TZ: 'UTC', LANG: 'C', LC_ALL: 'C', HOME: two, USER: 'somebody' } });
  const files = filesBelow(one);
  expect(Object.keys(files)).toEqual(
    ['manifest.json', 'mxfp4_mac_lanes4.v', 'mxfp4_mac_lanes4_tb.v', 'mxfp4_mac_lanes4_vectors.hex'].map(
      name => `rtl-out/mxfp4_mac_lanes4/${name}`,
    ),
  );
  expect(filesBelow(two)).toEqual(files);
  for (const text of Object.values(files)) expect(text).not.toContain(folder);
});

test('--check passes on what was written, and names the file that differs', async () => {
  const out = made('all');
  expect(await gen(['--all', '--out', out, '--quiet'])).toMatchObject({ code: 0, stdout: '', stderr: '' });
  const before = filesBelow(out);
  expect(await gen(['--all', '--check', '--out', out, '--quiet'])).toMatchObject({ code: 0, stderr: '' });
  const one = await gen(['--unit', 'mxfp4-mac', '--check', '--out', out]);
  expect(one).toMatchObject({ code: 0, stderr: '' });

  const file = join(out, 'mxfp4_mac', 'mxfp4_mac.v');
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, `${text.slice(0, -2)}E\n`);
  const changed = filesBelow(out);
  const all = await gen(['--all', '--check', '--out', out, '--quiet']);
  expect(all).toMatchObject({ code: 1, stdout: '', stderr: `gen: not up to date: ${file}; run gen --all\n` });
  expect(await gen(['--unit', 'mxfp4-mac', '--check', '--out', out])).toMatchObject({
    code: 1,
    stdout: '',
    stderr: `gen: not up to date: ${file}; run the same command without --check\n`,
  });
  expect(filesBelow(out)).toEqual(changed);
  await gen(['--unit', 'mxfp4-mac', '--out', out]);
  expect(filesBelow(out)).toEqual(before);
});

test('a dry run lists and writes nothing', async () => {
  const cwd = made('dry');
  const { code, stdout } = await gen(['--unit', 'mxfp4-mac', '--dry-run'], { cwd });
  expect(code).toBe(0);
  expect(stdout).toContain(join('rtl-out', 'mxfp4_mac', 'manifest.json'));
  expect(filesBelow(cwd)).toEqual({});
});

test('the hashes of the manifest are those of the files', async () => {
  const out = made('hashes');
  await gen(['--unit', 'mxfp8-e4m3-mac', '--lanes', '2', '--out', out]);
  const files = filesBelow(join(out, 'mxfp8_e4m3_mac_lanes2'));
  const { files: hashes } = JSON.parse(files['manifest.json']!);
  const { 'manifest.json': _, ...rest } = files;
  const actual = Object.entries(rest).map(([name, text]) => [
    name,
    createHash('sha256').update(text, 'latin1').digest('hex'),
  ]);
  expect(hashes).toEqual(Object.fromEntries(actual));
});

const USER_UNIT = `import { defineUnit } from 'subbyte/units/unit';
export interface Params {
  /** Bits. @min 2 @max 8 @default 4 */
  width: number;
}
export const unit = defineUnit<Params, { x: number }, { y: number }>({
  id: 'magnitude', family: 'example', summary: 'Magnitude.', equations: ['y = |x|'], source: 'arithmetic', state: false,
  ports: p => ({
    in: { x: { format: \`int\${p.width}\`, doc: 'an integer' } },
    out: { y: { format: \`uint\${p.width}\`, doc: 'its magnitude' } },
  }),
  golden: () => ({ step: ({ x }) => ({ y: Math.abs(x) }) }),
  datapath(b, inputs) {
    const x = inputs.signal('x');
    return { y: x.negateIf(x.sign()).narrow(0, 128) };
  },
});
`;

test.each([
  [['--unit', 'mxfp4-mac']],
  [['--unit', 'mx-mac', '--element=e5m2', '--accumulator', 'fixed', '--window-lsb', '-30']],
  [
    [
      '--unit',
      'mxfp4-mac',
      '--lanes',
      '8',
      '--stages',
      '2',
      '--shell',
      'valid',
      '--annotate',
      '--spdx',
      'MIT',
    ],
  ],
  [['--unit', 'mxfp4-mac', '--spdx', 'Apache-2.0 OR (MIT)', '--multipliers', 'dsp', '--name', 'Mine_2']],
  [['--unit', 'mxfp4-mac', '--lanes', '4', '--freq', '15', '--shell', 'stream']],
  [['--unit', 'mxfp4-mac', '--lanes', '4', '--freq', '30', '--initiation', '2', '--shell', 'stream']],
  [['--unit', './mine/my unit.ts', '--width', '6']],
])('the header tells how to make the file again: %j', async args => {
  const base = made('again');
  made('again/mine');
  writeFileSync(join(base, 'mine', 'my unit.ts'), USER_UNIT);
  const first = await gen([...args, '--out', join(base, 'first'), '--json'], { cwd: base });
  expect(first).toMatchObject({ code: 0, stderr: '' });
  const { module, generator } = JSON.parse(first.stdout);
  const header = readFileSync(join(base, 'first', module, `${module}.v`), 'utf8');
  const command = /to make this file again:\n\/\/ +(gen .*)\n/.exec(header)![1]!;
  expect(generator.command).toBe(command);
  const words = wordsOf(command).slice(1);
  const again = await gen([...words, '--out', join(base, 'again')], { cwd: join(base, 'mine') });
  expect(again).toMatchObject({ code: 0, stderr: '' });
  expect(filesBelow(join(base, 'again', module))).toEqual(filesBelow(join(base, 'first', module)));
});

test('parameters from a file, and flags before them', async () => {
  const cwd = made('params');
  writeFileSync(join(cwd, 'p.json'), '{"lanes": 4, "window-width": 40, "windowLsb": -8}');
  const parameters = async (...more: string[]): Promise<unknown> => {
    const { stdout } = await gen(['--unit', 'mx-mac', '--params', 'p.json', '--dry-run', '--json', ...more], {
      cwd,
    });
    return JSON.parse(stdout).params;
  };
  expect(await parameters()).toMatchObject({ lanes: 4, windowWidth: 40, windowLsb: -8, element: 'e2m1' });
  expect(await parameters('--lanes', '2')).toMatchObject({ lanes: 2, windowWidth: 40 });
});
