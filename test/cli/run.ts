import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

/** The built program. */
export const MAIN = fileURLToPath(new URL('../../dist/generators/cli/main.js', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly input?: string;
  readonly cwd?: string;
  /** Beside the environment of the tests; `undefined` takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export function start(args: readonly string[], { input = '', cwd, env }: RunOptions = {}): ChildProcess {
  const child = spawn(process.execPath, [MAIN, ...args], { cwd, env: { ...process.env, ...env } });
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  return child;
}

/** Runs any program to its end. */
export function ended(child: ChildProcess): Promise<Ended> {
  let [stdout, stderr] = ['', ''];
  child.stdout!.setEncoding('utf8').on('data', text => {
    stdout += text;
  });
  child.stderr!.setEncoding('utf8').on('data', text => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}

/** `gen` with these arguments. */
export const gen = (args: readonly string[], options: RunOptions = {}): Promise<Ended> =>
  ended(start(args, options));

/** Another program with these arguments. */
export const tool = (path: string, args: readonly string[], cwd?: string): Promise<Ended> =>
  ended(spawn(path, args, { cwd }));

/** A folder that is gone after the tests of the file. */
export function folderOfTests(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gen-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Every file below a folder, by its path from there, with its content. */
export function filesBelow(folder: string, from = folder): Record<string, string> {
  const files: Record<string, string> = {};
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) Object.assign(files, filesBelow(path, from));
    else files[relative(from, path)] = readFileSync(path, 'latin1');
  }
  return files;
}

/** The words of a command line as a shell would read them. */
export function wordsOf(line: string): string[] {
  return [...line.matchAll(/(?:'[^']*'|\\.|[^\s'\\])+/g)].map(([word]) =>
    word.replace(/'([^']*)'|\\(.)/g, (_, quoted, escaped) => quoted ?? escaped),
  );
}
