import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Ended, folderOfTests, gen } from './run.ts';

const folder = folderOfTests();
const UNIT = ['--unit', 'mxfp4-mac', '--lanes', '2'];
const PARAMS = { lanes: 2, element: 'e2m1', accumulator: 'fp32', windowLsb: -24, windowWidth: 48 };
const GOAL = { stages: 0, shell: 'bare', multipliers: 'auto' };
const HASH = expect.stringMatching(/^[0-9a-f]{64}$/);
const LINE = '{"first":"0x1","a":"0x21","a_scale":"0x7f","b":"0x3c","b_scale":"0x80"}\n';

/** The one document on standard output; nothing on standard error. */
function documentOf({ stdout, stderr }: Ended): Record<string, unknown> {
  expect(stderr).toBe('');
  expect(stdout.endsWith('}\n')).toBe(true);
  return JSON.parse(stdout);
}

test('gen writes the manifest, which is also the document', async () => {
  const result = await gen([...UNIT, '--json', '--out', folder]);
  const document = documentOf(result);
  const path = join(folder, 'mxfp4_mac_lanes2', 'manifest.json');
  expect(result.stdout).toBe(readFileSync(path, 'utf8'));
  expect(document).toEqual({
    schema: 'subbyte/manifest/1',
    unit: 'mxfp4-mac',
    module: 'mxfp4_mac_lanes2',
    params: PARAMS,
    goal: GOAL,
    latency: 1,
    initiation: 1,
    ports: expect.any(Array),
    generator: { name: 'subbyte', version: expect.any(String), command: 'gen --unit mxfp4-mac --lanes 2' },
    names: expect.any(Object),
    files: {
      'mxfp4_mac_lanes2.v': HASH,
      'mxfp4_mac_lanes2_tb.v': HASH,
      'mxfp4_mac_lanes2_vectors.hex': HASH,
    },
  });
  const ports = document.ports as Record<string, unknown>[];
  for (const port of ports)
    expect(Object.keys(port)).toEqual(['name', 'direction', 'width', 'lanes', 'format', 'doc']);
  expect(ports.map(p => p.name)).toEqual('clk rst en first a a_scale b b_scale y'.split(' '));
  expect(ports[4]).toMatchObject({ direction: 'input', width: 8, lanes: 2, format: 'e2m1' });
  expect(ports.at(-1)).toMatchObject({ direction: 'output', width: 32, lanes: 1, format: 'fp32' });
});

test('gen list', async () => {
  const { schema, units, ...rest } = documentOf(await gen(['list', '--json']));
  expect([schema, rest]).toEqual(['subbyte/list/1', {}]);
  const list = units as { id: string; params: { name: string }[] }[];
  expect(new Set(list.map(u => u.id)).size).toBe(list.length);
  for (const unit of list) expect(Object.keys(unit)).toEqual(['id', 'summary', 'family', 'params']);
  const unit = list.find(u => u.id === 'mxfp8-e5m2-mac')!;
  expect(unit.params.slice(0, 2)).toEqual([
    { name: 'lanes', type: 'integer', default: 32, min: 1, max: 1024, doc: expect.any(String) },
    {
      name: 'element',
      type: 'choice',
      default: 'e5m2',
      choices: ['e2m1', 'e2m3', 'e3m2', 'e4m3', 'e5m2', 'int8'],
      doc: expect.any(String),
    },
  ]);
  expect(unit.params.map(p => p.name)).toContain('window-lsb');
});

test('gen verify', async () => {
  const result = await gen(['verify', ...UNIT, '--json', '--vectors', '300', '--seed', '7']);
  expect(result.code).toBe(0);
  const document = documentOf(result);
  expect(document).toEqual({
    schema: 'subbyte/verify/1',
    unit: 'mxfp4-mac',
    params: PARAMS,
    goal: GOAL,
    lint: { tool: expect.stringMatching(/^Verilator \d/), warnings: [] },
    vectors: 300,
    exhaustive: false,
    coverage: "300 beats of 33 bits: 66 corners of the unit, 233 of the ports' corner codes combined",
    seed: 7,
    engines: ['golden', 'interpreter', 'verilator'],
    mismatches: 0,
    latency: { declared: 1, measured: 1 },
    seconds: expect.any(Number),
    vectorsPerSecond: expect.any(Number),
  });
  const none = await gen(['verify', ...UNIT, '--json', '--vectors', '0', '--engine', 'interpreter']);
  expect(none.code).toBe(4);
  expect(documentOf(none)).toMatchObject({ vectors: 0, mismatches: 0, latency: { measured: null } });
});

test('gen report', async () => {
  const result = await gen(['report', ...UNIT, '--json', '--target', 'ice40,generic']);
  expect(result.code).toBe(0);
  const { results, ...rest } = documentOf(result);
  expect(rest).toEqual({ schema: 'subbyte/report/1', unit: 'mxfp4-mac', params: PARAMS, goal: GOAL });
  const number = expect.any(Number);
  expect(results).toMatchObject([
    {
      target: 'ice40',
      stage: 'synthesis',
      luts: number,
      carries: number,
      ffs: 32,
      dsps: 0,
      brams: 0,
      levels: number,
    },
    {
      target: 'generic',
      stage: 'synthesis',
      luts: number,
      carries: number,
      dsps: 0,
      brams: 0,
      levels: number,
    },
  ]);
  for (const r of results as { tool: string }[]) expect(r.tool).toMatch(/^yosys \d+\.\d+ /);
});

test('everything at once is still one document', async () => {
  const args = ['--verify', '--report', '--target', 'ice40', '--vectors', '300', '--json', '--out', folder];
  const document = documentOf(await gen([...UNIT, ...args]));
  expect(document).toMatchObject({
    schema: 'subbyte/manifest/1',
    verify: { schema: 'subbyte/verify/1', mismatches: 0 },
    report: { schema: 'subbyte/report/1' },
  });
});

test('other commands', async () => {
  const commands: readonly (readonly [args: readonly string[], schema: string, input?: string])[] = [
    [['show', 'mxfp4-mac'], 'subbyte/show/1'],
    [['formats'], 'subbyte/formats/1'],
    [['formats', 'e2m1'], 'subbyte/format/1'],
    [['doctor'], 'subbyte/doctor/1'],
    [['--all', '--out', join(folder, 'all')], 'subbyte/catalogue/1'],
    [['convert', '--from', 'e2m1', '--to', 'e4m3'], 'subbyte/convert/1', '7\n'],
    [['eval', ...UNIT], 'subbyte/beats/1', LINE],
    [['sim', ...UNIT], 'subbyte/beats/1', LINE],
  ];
  for (const [args, schema, input] of commands) {
    const result = await gen([...args, '--json'], { input });
    expect(result.code, args.join(' ')).toBe(0);
    expect(documentOf(result).schema).toBe(schema);
  }
  const evaluated = documentOf(await gen(['eval', ...UNIT, '--json'], { input: `${LINE}${LINE}` }));
  // a = [0.5, 1], b = [-2, 1.5], scales 1 and 2
  expect(evaluated.beats).toEqual([{ y: '0x3f800000' }, { y: '0x3f800000' }]);
});

test('an error leaves standard output empty', async () => {
  for (const args of [
    ['list', '--json', '--zzz'],
    [...UNIT, '--json', '--stages', 'x'],
    ['verify', '--json'],
  ]) {
    const { code, stdout, stderr } = await gen(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^gen: .+\n$/);
  }
});

test('colour only where it is asked for', async () => {
  const start = '\u001b[';
  const plain = {
    NO_COLOR: undefined,
    FORCE_COLOR: undefined,
    TERM: 'xterm-256color',
    COLORTERM: 'truecolor',
  };
  const shown = async (env: Record<string, string | undefined>): Promise<boolean> =>
    (await gen(['list'], { env: { ...plain, ...env } })).stdout.includes(start);
  expect(await shown({})).toBe(false);
  expect(await shown({ CI: '1' })).toBe(false);
  expect(await shown({ FORCE_COLOR: '1' })).toBe(true);
  expect(await shown({ FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(false);
  for (const args of [
    ['doctor'],
    ['show', 'mx-mac'],
    ['report', ...UNIT, '--target', 'ice40'],
    ['verify', ...UNIT, '--vectors', '9'],
  ]) {
    const { stdout, stderr } = await gen(args, { env: { ...plain, CI: '1' } });
    expect(stdout + stderr, args.join(' ')).not.toContain('\u001b');
  }
});

test('--quiet says nothing but results', async () => {
  const result = await gen([...UNIT, '--quiet', '--out', folder]);
  expect(result).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
});
