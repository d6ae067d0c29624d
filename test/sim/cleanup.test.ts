import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { draftFor, removeTemporary, temporaryFolder } from '../../sim/cleanup.ts';
import { projectRoot } from '../../sim/root.ts';

const folder = mkdtempSync(join(tmpdir(), 'cleanup-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A process that has ended. */
const GONE = spawnSync(process.execPath, ['-e', '']).pid;

test('what a killed process left is removed, and nothing else', async () => {
  const here = join(folder, 'sweep');
  mkdirSync(here);
  const place = /\.([0-9a-f]{8})-\d+-\d+\.tmp$/.exec(basename(draftFor(join(folder, 'x'))))![1]!;
  const elsewhere = place === '00000000' ? '11111111' : '00000000';
  const left = [
    `x.v.${place}-${GONE}-0.tmp`,
    `other.json.${place}-${GONE}-12.tmp`,
    `x.v.${elsewhere}-${GONE}-1.tmp`,
  ];
  const kept = [
    `x.v.${place}-${process.pid}-0.tmp`,
    `x.v.${elsewhere}-${GONE}-0.tmp`,
    `x.v.${place}-${GONE}-0`,
    `notes-${place}-${GONE}-0.txt`,
    'x.v',
    'x.tmp',
  ];
  for (const name of [...left, ...kept]) writeFileSync(join(here, name), '');
  // Another machine's: only when it is old.
  const old = new Date(Date.now() - 2 * 86_400_000);
  utimesSync(join(here, left[2]!), old, old);
  for (const name of [`subbyte-${place}-${GONE}-abcdef`, `new-${place}-${GONE}-abcdef`]) {
    mkdirSync(join(here, name));
    writeFileSync(join(here, name, 'part'), '');
  }
  draftFor(join(here, 'x.v'));
  expect(readdirSync(here).sort()).toEqual(kept.sort());

  const made = temporaryFolder(join(here, 'subbyte-'));
  expect(dirname(made)).toBe(here);
  await removeTemporary(made);
});

test.skipIf(!existsSync('/proc/self/environ'))(
  'tools end with the process that started them, killed or not',
  async () => {
    const cleanup = join(projectRoot, 'dist/sim/cleanup.js');
    const mark = `SUBBYTE_TEST_MARK=cleanup-${process.pid}`;
    const [name, value] = mark.split('=') as [string, string];
    const running = (): number =>
      readdirSync('/proc').filter(pid => {
        try {
          return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, 'latin1').includes(mark);
        } catch {
          return false; // It has ended, or is somebody else's.
        }
      }).length;
    const until = async (holds: () => boolean): Promise<boolean> => {
      for (let i = 0; i < 500 && !holds(); i++) await sleep(10);
      return holds();
    };
    const code = `import(${JSON.stringify(cleanup)}).then(c => c.runTool('/bin/sh', ['-c', 'sleep 300 & wait']))`;
    const child = spawn(process.execPath, ['-e', code], { env: { ...process.env, [name]: value } });
    // The process, its tool, what watches it, and what the tool started.
    expect(await until(() => running() >= 4)).toBe(true);
    child.kill('SIGKILL');
    expect(await until(() => running() === 0)).toBe(true);
  },
);
