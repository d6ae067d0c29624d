import { expect, test } from 'vitest';
import { built } from '../built.ts';
import { gen } from './run.ts';

const { loadRegistry } = await built<typeof import('../../generators/reflect/catalogue.ts')>(
  'generators/reflect/catalogue',
);
const ids = loadRegistry().flatMap(e => [e.id, ...e.presets.map(p => p.id)]);
const FEW = ['--engine', 'interpreter', '--vectors', '20'];

test('gen verify --all tells of each unit and preset, a line or a document each', async () => {
  const { code, stdout } = await gen(['verify', '--all', ...FEW]);
  expect(code).toBe(0);
  expect(
    stdout
      .trim()
      .split('\n')
      .map(line => line.split(/\s+/).slice(0, 2).join(' ')),
  ).toEqual(ids.map(id => `ok ${id}`));
  const json = JSON.parse((await gen(['verify', '--all', ...FEW, '--json'])).stdout);
  expect(json.schema).toBe('subbyte/verify-all/1');
  expect(json.results.map((r: { unit: string }) => r.unit)).toEqual(ids);
  expect(
    json.results.every(
      (r: { mismatches: number; vectors: number }) => r.mismatches === 0 && r.vectors === 20,
    ),
  ).toBe(true);
}, 120_000);

test('nothing run counts as a failure of each', async () => {
  const { code, stderr } = await gen(['verify', '--all', '--engine', 'interpreter', '--vectors', '0']);
  expect(code).toBe(4);
  expect(stderr).toContain(`${ids.length} of ${ids.length} do not hold`);
}, 120_000);
