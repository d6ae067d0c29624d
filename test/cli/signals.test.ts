import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { findVerilator } from '../../sim/verilator.ts';
import { folderOfTests, MAIN } from './run.ts';

const folder = folderOfTests();
const verilator = await findVerilator().catch(() => undefined);
const UNIT = ['--unit', 'mxfp4-mac', '--lanes', '2'];

/** The processes that have this mark in their environment, which children inherit. */
function marked(mark: string): string[] {
  return readdirSync('/proc').filter(pid => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, 'latin1').includes(mark);
    } catch {
      return false; // It has ended, or is somebody else's.
    }
  });
}

/** All of them wait for input, or work for longer than the signal takes to come. */
const COMMANDS: readonly (readonly string[])[] = [
  ['eval', ...UNIT],
  ['sim', ...UNIT],
  ['sim', ...UNIT, '--engine', 'interpreter'],
  ['sim', ...UNIT, '--engine', 'netlist'],
  ['convert', '--from', 'fp32', '--to', 'e4m3'],
  ['doctor'],
  ['verify', '--all'],
];

describe.skipIf(!verilator || !existsSync('/proc/self/environ'))('a signal ends', () => {
  test.each(
    COMMANDS.flatMap((words, i) =>
      (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map((signal, n) => ({ words, signal, name: `${i}_${n}` })),
    ),
  )('gen $words with $signal, and all that it started', async ({ words, signal, name }) => {
    const TMPDIR = join(folder, name);
    mkdirSync(TMPDIR);
    const mark = `signals_${process.pid}_${name}`;
    const env = { ...process.env, TMPDIR, SUBBYTE_CACHE: join(folder, 'cache'), SUBBYTE_TEST_MARK: mark };
    const child = spawn(process.execPath, [MAIN, ...words], { env, cwd: folder });
    child.stdin.on('error', () => {});
    // Not before it listens to signals, and at another moment each time.
    const wait = setTimeout(
      () => child.kill(signal),
      400 + 350 * (name.charCodeAt(0) + name.charCodeAt(2) - 96),
    );
    const ended = await new Promise<{ code: number | null; signal: string | null }>(resolve =>
      child.on('close', (code, by) => resolve({ code, signal: by })),
    );
    clearTimeout(wait);
    // `gen doctor` may have come to its end before.
    if (ended.signal === null) expect({ words, code: ended.code }).toEqual({ words: ['doctor'], code: 0 });
    else expect(ended.signal).toBe(signal);
    for (let i = 0; marked(mark).length > 0 && i < 300; i++) await sleep(10);
    expect(marked(mark)).toEqual([]);
    expect(readdirSync(TMPDIR)).toEqual([]);
  });
});
