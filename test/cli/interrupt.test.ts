import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { findVerilator } from '../../sim/verilator.ts';
import { ended, filesBelow, folderOfTests, gen, start } from './run.ts';

const folder = folderOfTests();
const UNIT = ['--unit', 'mxfp4-mac', '--lanes', '2'];
const verilator = await findVerilator().catch(() => undefined);
const canRun = existsSync('/proc/self/environ') && verilator !== undefined;

/** The programs that run with this mark in their environment, which children inherit. */
function marked(mark: string): { pid: number; exe: string }[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(pid => {
      try {
        if (!readFileSync(`/proc/${pid}/environ`, 'latin1').includes(mark)) return [];
        return [{ pid: Number(pid), exe: readlinkSync(`/proc/${pid}/exe`) }];
      } catch {
        return []; // It has ended, or is somebody else's.
      }
    });
}

async function until(holds: () => boolean, what: string): Promise<void> {
  for (let i = 0; !holds(); i++) {
    if (i === 2000) throw new Error(`waited too long: ${what}`);
    await sleep(10);
  }
}

/** A Verilator that tells its version, and else starts something that would outlive it by far. */
function neverEnding(): string {
  const path = join(folder, 'never-ending');
  const real = verilator!.path;
  writeFileSync(path, `#!/bin/sh\n[ "$1" = -V ] && exec '${real}' -V\nsleep 300 &\nwait\n`);
  chmodSync(path, 0o755);
  return path;
}

const CASES = [
  { title: 'the simulation', program: /\/programs\//, signal: 'SIGINT', name: 'mxfp4_mac' },
  { title: 'the compiler', program: /\/cc1plus$/, signal: 'SIGTERM', name: 'compiled' },
  {
    title: 'what Verilator started',
    program: /\/(sleep|coreutils|busybox)$/,
    signal: 'SIGHUP',
    name: 'verilated',
  },
] as const;

describe.skipIf(!canRun)('an interrupted gen verify leaves nothing behind', () => {
  const cache = join(folder, 'cache');
  // A module name of its own makes each case build a program of its own.
  const verify = ['verify', ...UNIT, '--name'];
  beforeAll(async () => {
    const made = await gen([...verify, CASES[0].name, '--vectors', '9'], { env: { SUBBYTE_CACHE: cache } });
    expect(made.code).toBe(0);
  }, 120_000);

  test.each(CASES)('$signal while $title runs', async ({ title, program, signal, name }) => {
    const temporary = join(folder, name);
    mkdirSync(temporary);
    const mark = `SUBBYTE_TEST_MARK=${name}`;
    const env = { TMPDIR: temporary, SUBBYTE_CACHE: cache, SUBBYTE_TEST_MARK: name };
    // What a tool said of its version is kept, whole, and may be new: the case of Verilator has one of its own.
    const kept = (): string[] =>
      Object.keys(filesBelow(cache)).filter(name => !/^tools\/\w+\.json$/.test(name));
    const cached = kept();

    const slow = program.test('/bin/sleep') ? { VERILATOR: neverEnding() } : {};
    const child = start([...verify, name, '--vectors', '10000000'], { env: { ...env, ...slow } });
    const end = ended(child);
    await until(() => marked(mark).some(p => p.pid !== child.pid && program.test(p.exe)), title);
    child.kill(signal);
    expect(await end).toEqual({ code: null, signal, stdout: '', stderr: '' });
    await until(() => marked(mark).length === 0, `children that outlive ${title}`);
    expect(readdirSync(temporary)).toEqual([]);
    expect(kept()).toEqual(cached);

    expect(await gen([...verify, name, '--vectors', '100'], { env })).toMatchObject({ code: 0, stderr: '' });
    expect(readdirSync(temporary)).toEqual([]);
    expect(marked(mark)).toEqual([]);
  });
});
