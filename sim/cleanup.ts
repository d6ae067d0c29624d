import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Writable } from 'node:stream';

/** What this process would leave behind if it ended now: temporary files and folders, and running children. */
const paths = new Set<string>();
const children = new Set<ChildProcess>();
let atExit = false;

function watch(): void {
  if (!atExit) process.once('exit', cleanUp);
  atExit = true;
}

/** Ends all children and removes all temporary files; the last deed of a process, whatever ends it. */
export function cleanUp(): void {
  for (const child of children) endChild(child);
  children.clear();
  for (const path of paths) {
    try {
      rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
    } catch {
      // Somebody else still writes there; nothing more can be done while the process ends.
    }
  }
  paths.clear();
}

/** A file or folder that is to be gone when the process ends. */
export function registerTemporary(path: string): void {
  watch();
  paths.add(path);
}

/** It was renamed to where it belongs, or is gone. */
export function forgetTemporary(path: string): void {
  paths.delete(path);
}

/**
 * Nothing runs any more in a process that was killed, so the next one removes what it left. For that, the name of each temporary
 * file and folder tells its owner: where process ids are counted, and which it is.
 */
const OWNER = `${countingPlace()}-${process.pid}`;
const OWNED = /^(?:(?:subbyte|new)-|.*\.(?=.*\.tmp$))([0-9a-f]{8})-(\d+)-\w+(?:\.tmp)?$/;
/** After this, a temporary file is a left one, wherever its owner was. */
const A_DAY = 86_400_000;
let drafts = 0;

/** The same id in another boot, machine or container is another process. */
function countingPlace(): string {
  const told = (read: () => string): string => {
    try {
      return read();
    } catch {
      return ''; // Not on this system.
    }
  };
  const boot = told(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'));
  const space = told(() => readlinkSync('/proc/self/ns/pid'));
  return createHash('sha256').update(`${boot} ${space}`).digest('hex').slice(0, 8);
}

/** Where to write a file that is then renamed to `target`; sweeps what killed processes left beside it. */
export function draftFor(target: string): string {
  sweep(dirname(target));
  return `${target}.${OWNER}-${drafts++}.tmp`;
}

const swept = new Set<string>();

/** Removes temporary files and folders whose owner is gone; once for each folder. */
function sweep(folder: string): void {
  if (swept.has(folder)) return;
  swept.add(folder);
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return; // Not there yet, or not to be read: nothing to sweep.
  }
  for (const name of names) {
    if (!isLeft(join(folder, name))) continue;
    try {
      rmSync(join(folder, name), { recursive: true, force: true });
    } catch {
      // Somebody else's; the next run may have more luck.
    }
  }
}

function isLeft(path: string): boolean {
  const match = OWNED.exec(basename(path));
  if (!match) return false;
  const [, place, pid] = match;
  try {
    if (place !== OWNER.slice(0, 8)) return Date.now() - statSync(path).mtimeMs > A_DAY;
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

/**
 * An empty folder, `subbyte-…` in the system's temporary folder unless said otherwise. It is made and registered in one
 * step: a signal between the two would leave it behind.
 */
export function temporaryFolder(prefix: string = join(tmpdir(), 'subbyte-')): string {
  sweep(dirname(prefix));
  const folder = mkdtempSync(`${prefix}${OWNER}-`);
  registerTemporary(folder);
  return folder;
}

export async function removeTemporary(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
  forgetTemporary(path);
}

const hasGroups = process.platform !== 'win32';

/**
 * Ends the process group of a tool when the process that started it is gone, killed or not: only that one holds the other
 * end of descriptor 3. What the watcher does, the shell does itself: there may be no PATH.
 */
const WATCHED = '{ read -r end <&3; kill -9 0; } >/dev/null 2>&1 & exec 3<&-; exec "$@"';

/** Starts a program as the head of its own process group, so that what it starts in turn ends with it. */
export function startChild(path: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  const child = spawn(path, args, { ...options, detached: hasGroups });
  watch();
  children.add(child);
  child.on('error', () => children.delete(child));
  child.on('close', () => children.delete(child));
  return child;
}

/** Ends a child with all that it started. */
export function endChild(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    if (hasGroups) process.kill(-child.pid, 'SIGKILL');
    else child.kill();
  } catch {
    // It ended by itself in this moment.
  }
}

export interface Said {
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a tool to its end, with its own temporary files in `work` if given. Rejects when it does not run or ends with an
 * error; the error holds what it said.
 */
export function runTool(path: string, args: readonly string[], work?: string): Promise<Said> {
  return new Promise((resolve, reject) => {
    const said = { stdout: '', stderr: '' };
    const env = work === undefined ? process.env : { ...process.env, TMPDIR: work };
    const child = hasGroups
      ? startChild('/bin/sh', ['-c', WATCHED, 'sh', path, ...args], {
          stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
          env,
        })
      : startChild(path, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
    child.on('exit', () => (child.stdio[3] as Writable | null)?.destroy());
    for (const name of ['stdout', 'stderr'] as const) {
      child[name]!.setEncoding('utf8').on('data', (text: string) => {
        said[name] += text;
      });
    }
    child.on('error', error => reject(Object.assign(error, said)));
    child.on('close', (code, signal) => {
      if (code === 0) return resolve(said);
      const error = new Error(`${path} ended with ${signal ?? `code ${code}`}`);
      // The shell's word for a program that is not there.
      reject(Object.assign(error, said, hasGroups && code === 127 ? { code: 'ENOENT' } : {}));
    });
  });
}
