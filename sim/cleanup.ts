import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

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
 * An empty folder, `subbyte-…` in the system's temporary folder unless said otherwise. It is made and registered in one
 * step: a signal between the two would leave it behind.
 */
export function temporaryFolder(prefix: string = join(tmpdir(), 'subbyte-')): string {
  const folder = mkdtempSync(prefix);
  registerTemporary(folder);
  return folder;
}

export async function removeTemporary(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
  forgetTemporary(path);
}

const hasGroups = process.platform !== 'win32';

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
    const child = startChild(path, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
    for (const name of ['stdout', 'stderr'] as const) {
      child[name]!.setEncoding('utf8').on('data', (text: string) => {
        said[name] += text;
      });
    }
    child.on('error', error => reject(Object.assign(error, said)));
    child.on('close', (code, signal) => {
      if (code === 0) resolve(said);
      else reject(Object.assign(new Error(`${path} ended with ${signal ?? `code ${code}`}`), said));
    });
  });
}
