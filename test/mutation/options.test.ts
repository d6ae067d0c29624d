import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

const run = (...args: string[]): { status: number | null; stdout: string; stderr: string } =>
  spawnSync(process.execPath, ['dist/mutate/mutate.js', ...args], { encoding: 'utf8' });

test.each([
  [['--unit', 'fp-ad'], "mutate: --unit: 'fp-ad' is no unit of the catalogue; gen list shows them\n"],
  [['--mutants', '256'], /^mutate: --mutants: .*1.*255/],
  [['--mutants', 'many'], /^mutate: --mutants: .*many/],
  [['--seed', '-1'], /^mutate: --seed: /],
  [['--survivors'], /^mutate: unknown option '--survivors'/],
] as const)('%j is refused in one line, and nothing runs', (args, message) => {
  const { status, stdout, stderr } = run(...args);
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(message);
  expect(stderr.split('\n')).toHaveLength(2);
});
