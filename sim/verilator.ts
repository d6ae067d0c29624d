import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, renameSync } from 'node:fs';
import { access, constants, readdir, stat, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { Played } from '../generators/emit/design.ts';
import { controlOf } from '../generators/emit/module.ts';
import { Cache, cacheDirectory } from './cache.ts';
import {
  draftFor,
  endChild,
  registerTemporary,
  removeTemporary,
  runTool,
  startChild,
  temporaryFolder,
} from './cleanup.ts';
import { type Clocks, clocksOf } from './clocks.ts';
import { inputLayout, outputLayout } from './codec.ts';
import type { Execution } from './executions.ts';
import { makeFolder } from './makeFolder.ts';
import { render } from './templates.ts';

/** A tool that a command needs is not there: exit code 6. */
export class ToolMissing extends Error {
  override readonly name = 'ToolMissing';
}

/** Verilator or the C++ compiler refused what we gave it: a defect of ours, with what the tool said. */
export class ToolFailed extends Error {
  override readonly name = 'ToolFailed';
}

export interface Verilator {
  readonly path: string;
  /** As printed by the tool. */
  readonly version: string;
  readonly include: string;
  readonly compiler: string;
  readonly compilerVersion: string;
}

export const VERILATOR_HINT =
  'run `npm run setup`, or install it with the package manager of your system (Debian: apt-get install verilator g++)';

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

async function findOnPath(name: string): Promise<string | undefined> {
  for (const folder of (process.env.PATH ?? '').split(delimiter))
    if (folder && (await isThere(join(folder, name)))) return join(folder, name);
  return undefined;
}

let found: Promise<Verilator> | undefined;

/** The Verilator of `VERILATOR`, else of the PATH. */
export function findVerilator(): Promise<Verilator> {
  found ??= locate();
  return found;
}

async function askVersions(
  path: string,
  compiler: string,
): Promise<Pick<Verilator, 'version' | 'include' | 'compilerVersion'>> {
  const [{ stdout: verbose }, { stdout: compilerVersion }] = await Promise.all([
    runTool(path, ['-V']),
    runTool(compiler, ['-dumpfullversion', '-dumpmachine']),
  ]);
  const root =
    process.env.VERILATOR_ROOT ||
    /VERILATOR_ROOT\s*=\s*(\S+)/g.exec(verbose.slice(verbose.indexOf('Summary')))?.[1];
  if (!root) throw new Error('it does not tell its VERILATOR_ROOT');
  const version = verbose.split('\n')[0]!.trim();
  return { version, include: join(root, 'include'), compilerVersion: compilerVersion.trim() };
}

async function locate(): Promise<Verilator> {
  const path = process.env.VERILATOR || (await findOnPath('verilator'));
  const compiler = process.env.CXX || (await findOnPath('g++')) || (await findOnPath('clang++'));
  if (!path)
    throw new ToolMissing(
      `Verilator is not installed; ${VERILATOR_HINT}. Everything but co-simulation works without it.`,
    );
  if (!compiler)
    throw new ToolMissing(
      'no C++ compiler is installed; Debian: apt-get install g++. Everything but co-simulation works without it.',
    );
  try {
    // Asking takes a quarter of a second; the answer holds as long as the programs are the same.
    const changed = await Promise.all([path, compiler].map(async p => String((await stat(p)).mtimeMs)));
    const key = [path, compiler, ...changed, process.env.VERILATOR_ROOT ?? ''];
    const told = await new Cache().cached('tools', key, () => askVersions(path, compiler));
    return { path, compiler, ...told };
  } catch (error) {
    throw new ToolMissing(`${path} does not run (${firstLine(error)}); ${VERILATOR_HINT}`);
  }
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split('\n')[0]!;
}

export interface LintResult {
  readonly tool: string;
  readonly warnings: readonly string[];
}

/** `verilator --lint-only -Wall` on one file; with no switch that silences anything. */
export async function lint(file: string, top: string): Promise<LintResult> {
  const verilator = await findVerilator();
  const args = ['--lint-only', '-Wall', '--top-module', top, file];
  const output = await runTool(verilator.path, args).then(
    r => r.stderr,
    (e: { stderr?: string }) => e.stderr ?? String(e),
  );
  const warnings = output
    .split('\n')
    .filter(l => /^%(Warning|Error)/.test(l) && !l.startsWith('%Error: Exiting'));
  return { tool: verilator.version, warnings: warnings.map(l => l.replaceAll(file, `${top}.v`)) };
}

// All of them for the runtime's headers and for the models alike: a compiler passes over a precompiled header whose flags differ.
const CXX_FLAGS = [
  '-std=gnu++17',
  '-O2',
  '-pthread',
  '-DVERILATOR=1',
  '-DVM_COVERAGE=0',
  '-DVM_SC=0',
  '-Winvalid-pch',
  '-Werror=invalid-pch',
];
const VERILATE_FLAGS = [
  '--cc',
  '-O3',
  // Up to 5.036 this pass folds signed comparisons of constants wrongly (verilator/verilator#6000), and may fail on its way.
  '-fno-dfg-peephole',
  // With this one, 5.006 takes {1'b0, x & y} as a factor for x & y with a sign.
  '-fno-const-bit-op-tree',
  '--x-assign',
  'fast',
  '--x-initial',
  'unique',
  '--noassert',
  '--threads',
  '1',
  '--output-split',
  '0',
  '-Wno-fatal',
];

const hash = (...parts: string[]): string =>
  createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 24);

/** One module to simulate. */
export interface Model {
  readonly design: Played;
  readonly module: string;
  readonly verilog: string;
}

/**
 * Builds one program for some modules. Verilator's own runtime is compiled once per version of the tools; each build is
 * one translation unit; and a program is kept by the content of what it was made from. `onCompile` is called when Verilator is
 * done and the C++ compiler starts.
 */
export async function buildProgram(
  models: readonly Model[],
  { trace = false, onCompile = () => {} }: { trace?: boolean; onCompile?: () => void } = {},
): Promise<string> {
  const verilator = await findVerilator();
  const verilate = trace ? [...VERILATE_FLAGS, '--trace', '--trace-underscore'] : VERILATE_FLAGS;
  const flags = [...CXX_FLAGS, `-DVM_TRACE=${trace ? 1 : 0}`];
  const key = hash(
    verilator.version,
    verilator.compilerVersion,
    ...flags,
    ...verilate,
    harnessOf(models, [], trace),
    ...models.map(m => m.verilog),
  );
  const kept = join(cacheDirectory(), 'programs', key);
  if (await isThere(kept)) return kept;
  const program = join(await folderFor('programs'), key);
  if (await isThere(program)) return program;
  const runtime = await buildRuntime(verilator, flags, trace);
  const work = temporaryFolder();
  try {
    const { built } = await compileModels(models, {
      work,
      verilator,
      verilate,
      flags,
      runtime,
      trace,
      onCompile,
    });
    await moveInto(built, program);
    return program;
  } finally {
    await removeTemporary(work);
  }
}

/**
 * Builds one program in a folder that the caller removes: nothing is kept, the compiler optimizes nothing, and all that the
 * linter has to say of the modules is told. For programs that run for a moment and never again.
 */
export async function buildOnce(
  model: Model,
  work: string,
): Promise<{ readonly built: string; readonly warnings: readonly string[] }> {
  const verilator = await findVerilator();
  const flags = [...CXX_FLAGS.filter(f => f !== '-O2'), '-O0', '-DVM_TRACE=0'];
  const runtime = await buildRuntime(verilator, flags, false);
  const verilate = [...VERILATE_FLAGS, '-Wall', '-Wno-DECLFILENAME'];
  const { built, said } = await compileModels([model], {
    work,
    verilator,
    verilate,
    flags,
    runtime,
    trace: false,
  });
  const warnings = said.split('\n').filter(line => line.startsWith('%Warning'));
  return { built, warnings };
}

interface Build {
  readonly work: string;
  readonly verilator: Verilator;
  readonly verilate: readonly string[];
  readonly flags: readonly string[];
  readonly runtime: string;
  readonly trace: boolean;
  readonly onCompile?: () => void;
}

/** Verilates each model and compiles them as one program in the folder `work`. */
async function compileModels(
  models: readonly Model[],
  { work, verilator, verilate, flags, runtime, trace, onCompile = () => {} }: Build,
): Promise<{ readonly built: string; readonly said: string }> {
  // What Verilator names so runs once, when the model starts: not worth the compiler's time.
  const sources: { file: string; once: boolean }[] = [];
  let said = '';
  for (const [i, model] of models.entries()) {
    const file = join(work, `${model.module}.v`);
    await writeFile(file, model.verilog);
    const folder = join(work, `obj${i}`);
    const prefix = ['--prefix', prefixOf(i), '--top-module', model.module];
    said += await tool(work, verilator.path, [...verilate, ...prefix, '--Mdir', folder, file]);
    for (const name of (await readdir(folder)).sort())
      if (name.endsWith('.cpp')) sources.push({ file: `obj${i}/${name}`, once: name.endsWith('Slow.cpp') });
  }
  await writeFile(join(work, 'main.cpp'), harnessOf(models, sources, trace));
  const includes = [
    '-include',
    join(runtime, 'runtime.h'),
    '-I',
    verilator.include,
    '-I',
    join(verilator.include, 'vltstd'),
  ];
  for (const i of models.keys()) includes.push('-I', join(work, `obj${i}`));
  const built = join(work, 'program');
  onCompile();
  await tool(work, verilator.compiler, [
    ...flags,
    ...includes,
    join(work, 'main.cpp'),
    join(runtime, 'runtime.a'),
    '-o',
    built,
  ]);
  return { built, said };
}

function harnessOf(
  models: readonly Model[],
  sources: readonly { file: string; once: boolean }[],
  trace: boolean,
): string {
  return render('harness.cpp.hbs', { models: models.map(modelView), sources, trace });
}

let instead: string | undefined;

/** A folder of the cache; where that cannot be written, one that lasts as long as this process. */
async function folderFor(kind: 'programs' | 'runtime'): Promise<string> {
  const folder = join(cacheDirectory(), kind);
  try {
    makeFolder(folder);
    await access(folder, constants.W_OK);
    return folder;
  } catch {
    instead ??= temporaryFolder();
    const replacement = join(instead, kind);
    makeFolder(replacement);
    return replacement;
  }
}

const prefixOf = (index: number): string => `Vmodel${index}`;

function modelView({ design }: Model, index: number): object {
  const [input, output] = [inputLayout(design), outputLayout(design)];
  const control = controlOf(design);
  const stream = design.goal.shell === 'stream';
  const port = ({ port: { name }, offset }: (typeof input.ports)[0]): object => ({ name, offset });
  return {
    prefix: prefixOf(index),
    inWords: input.size,
    outWords: output.size,
    inputs: input.ports.map(port),
    outputs: output.ports.map(port),
    clocked: design.clocked,
    reset: control.reset !== undefined,
    stream,
    accept: stream ? undefined : control.accept,
    acceptOffset: input.accept,
    valid: output.accept >= 0 ? control.valid : undefined,
    validOffset: output.accept,
  };
}

async function buildRuntime(verilator: Verilator, flags: readonly string[], trace: boolean): Promise<string> {
  const key = hash('runtime 2', verilator.version, verilator.include, verilator.compilerVersion, ...flags);
  const kept = join(cacheDirectory(), 'runtime', key);
  if (await isThere(kept)) return kept;
  const parent = await folderFor('runtime');
  const folder = join(parent, key);
  if (await isThere(folder)) return folder;
  const work = temporaryFolder(join(parent, 'new-'));
  try {
    const sources = ['verilated.cpp', 'verilated_threads.cpp', ...(trace ? ['verilated_vcd_c.cpp'] : [])];
    const include = ['-I', verilator.include, '-I', join(verilator.include, 'vltstd')];
    await Promise.all(
      sources.map(s =>
        tool(work, verilator.compiler, [
          ...flags,
          ...include,
          '-c',
          join(verilator.include, s),
          '-o',
          join(work, `${s}.o`),
        ]),
      ),
    );
    await tool(work, 'ar', ['rcs', join(work, 'runtime.a'), ...sources.map(s => join(work, `${s}.o`))]);
    // The headers that each model reads, compiled ahead.
    const headers = ['verilated.h', '<cstdint>', '<cstdio>', '<cstdlib>', '<cstring>', '<vector>'];
    await writeFile(
      join(work, 'runtime.h'),
      headers.map(h => `#include ${h.startsWith('<') ? h : `"${h}"`}\n`).join(''),
    );
    await tool(work, verilator.compiler, [
      ...flags,
      ...include,
      '-x',
      'c++-header',
      join(work, 'runtime.h'),
      '-o',
      join(work, 'runtime.h.gch'),
    ]);
    await moveInto(work, folder);
    return folder;
  } finally {
    await removeTemporary(work);
  }
}

/**
 * Renames into place; when another build was there first, its result stands. In one step, as a signal must not come between
 * the removal of temporary files and the making of one.
 */
async function moveInto(from: string, to: string): Promise<void> {
  const temporary = draftFor(to);
  registerTemporary(temporary);
  try {
    try {
      renameSync(from, temporary);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
      copyFileSync(from, temporary);
    }
    renameSync(temporary, to);
  } catch (error) {
    if (!(await isThere(to))) throw error;
  } finally {
    await removeTemporary(temporary);
  }
}

/** What the tool said on standard error. */
async function tool(work: string, path: string, args: readonly string[]): Promise<string> {
  const { stderr } = await runTool(path, args, work).catch((error: { stderr?: string; message: string }) => {
    const said = (error.stderr || error.message)
      .split('\n')
      .filter(l => l.trim())
      .slice(0, 12)
      .join('\n');
    throw new ToolFailed(`${path.split('/').at(-1)} failed:\n${said}`);
  });
  return stderr;
}

/** A running program that takes beats and answers them, `latency` behind. */
export class VerilatorExecution implements Execution {
  readonly name = 'verilator';
  private readonly child: ChildProcess;
  private readonly inSize: number;
  private readonly outSize: number;
  /** Absent for a stream, which takes beats when it can. */
  private readonly clocks: Clocks | undefined;
  private chunks: Buffer[] = [];
  private available = 0;
  private wake: (() => void) | undefined;
  private ended = false;
  private failure: Error | undefined;
  private errorText = '';
  private skipped = false;
  /** Outputs before this many records belong to no beat. */
  private readonly latency: number;

  constructor(
    program: string,
    design: Played,
    options: {
      readonly index: number;
      readonly seed: number;
      readonly drain: number;
      readonly latency: number;
      /** For a program that traces: the cycles to write to a VCD. */
      readonly trace?: { readonly file: string; readonly from: number; readonly until: number };
    },
  ) {
    this.inSize = inputLayout(design).size;
    this.outSize = outputLayout(design).size;
    this.clocks = design.goal.shell === 'stream' ? undefined : clocksOf(design);
    this.latency = options.latency;
    const { index, drain, seed, trace } = options;
    const window = trace ? [trace.file, trace.from, trace.until] : [];
    this.child = startChild(program, [index, drain, seed, ...window].map(String), {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.child.stdout!.on('data', (chunk: Buffer) => {
      this.chunks.push(chunk);
      this.available += chunk.length;
      this.wake?.();
    });
    this.child.stderr!.on('data', (chunk: Buffer) => {
      this.errorText += chunk.toString();
    });
    this.child.on('error', error => {
      this.failure = new ToolFailed(`the simulation does not start: ${error.message}`);
      this.ended = true;
      this.wake?.();
    });
    this.child.on('close', (code, signal) => {
      if (code !== 0) {
        const said = this.errorText.trim();
        const how = signal ?? `code ${code}`;
        this.failure ??= new ToolFailed(`the simulation ended with ${how}${said ? `: ${said}` : ''}`);
      }
      this.ended = true;
      this.wake?.();
    });
    // A program that ends early makes writing fail; its exit tells why.
    this.child.stdin!.on('error', () => {});
  }

  /** Gives beats to the simulation without waiting for what it answers; until then the records must stay as they are. */
  async send(records: Uint32Array, count: number): Promise<void> {
    const sent = this.clocks?.spread(records, count) ?? records;
    const bytes = Buffer.from(sent.buffer, sent.byteOffset, this.clocksFor(count) * this.inSize * 4);
    const stdin = this.child.stdin!;
    if (this.ended || stdin.destroyed || stdin.write(bytes)) return;
    await new Promise<void>(resolve => {
      const done = (): void => {
        stdin.off('drain', done).off('close', done);
        resolve();
      };
      stdin.on('drain', done).on('close', done);
    });
  }

  /** No more beats follow. */
  end(): void {
    this.child.stdin!.end();
  }

  /** The answers to the next `count` beats. */
  async receive(count: number): Promise<Uint32Array> {
    if (!this.skipped) {
      this.skipped = true;
      await this.take(this.latency);
    }
    const shown = await this.take(this.clocksFor(count));
    return this.clocks?.gather(shown, count) ?? shown;
  }

  /** Output records that so many beats make. */
  clocksFor(beats: number): number {
    return beats * (this.clocks?.each ?? 1);
  }

  /** Raw output records, beats or not. */
  async take(count: number): Promise<Uint32Array> {
    const need = count * this.outSize * 4;
    while (this.available < need) {
      if (this.ended && this.failure) throw this.failure;
      if (this.ended) throw new ToolFailed(`the simulation ended ${need - this.available} bytes early`);
      await new Promise<void>(resolve => {
        this.wake = resolve;
      });
      this.wake = undefined;
    }
    const out = Buffer.alloc(need);
    let filled = 0;
    while (filled < need) {
      const chunk = this.chunks[0]!;
      const n = Math.min(chunk.length, need - filled);
      chunk.copy(out, filled, 0, n);
      filled += n;
      if (n === chunk.length) this.chunks.shift();
      else this.chunks[0] = chunk.subarray(n);
    }
    this.available -= need;
    return new Uint32Array(out.buffer, out.byteOffset, need / 4);
  }

  async run(records: Uint32Array, count: number): Promise<Uint32Array> {
    await this.send(records, count);
    return this.receive(count);
  }

  /** Waits until the program has ended. */
  async finished(): Promise<void> {
    while (!this.ended) {
      await new Promise<void>(resolve => {
        this.wake = resolve;
      });
    }
    if (this.failure) throw this.failure;
  }

  /** What the program said of its latency (stream shell). */
  get reportedLatency(): number | undefined {
    const match = /latency (\d+)/.exec(this.errorText);
    return match ? Number(match[1]) : undefined;
  }

  async close(): Promise<void> {
    this.child.stdin?.destroy();
    endChild(this.child);
  }
}
