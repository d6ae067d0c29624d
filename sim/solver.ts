import type { ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { type Answer, answerOf } from '../generators/prove/answer.ts';
import { endChild, runTool, startChild } from './cleanup.ts';

/** The solvers that are known. `z3-wasm` comes with the packages; the others are programs on the path. */
export const SOLVERS = ['z3-wasm', 'z3', 'bitwuzla', 'cvc5'] as const;
export type SolverName = (typeof SOLVERS)[number];

export interface Solver {
  readonly name: SolverName;
  /** Name and version, as results carry it: `z3 4.15.4 (wasm, z3-solver 4.15.4)`. */
  readonly tool: string;
  /** Answers a script that ends in `check-sat`, then `question`, for which there is an answer only where there is a model. */
  solve(script: string, question: string, limit: SolverLimit): Promise<Solved>;
  /** Ends what waits for questions. */
  close(): void;
}

export interface SolverLimit {
  /** Seconds after which the solver is stopped. */
  readonly seconds: number;
  readonly signal?: AbortSignal;
}

export interface Solved {
  readonly verdict: Answer['verdict'] | 'timeout' | 'stopped';
  readonly values: readonly bigint[];
  /** For `unknown`: why the solver gave up. */
  readonly reason?: string;
  readonly seconds: number;
}

/** A solver that is asked for and not there. */
class ToolMissing extends Error {
  override readonly name = 'ToolMissing';
}

/** A solver that answered something else than an answer. */
class ToolFailed extends Error {
  override readonly name = 'ToolFailed';
}

const ARGUMENTS: Readonly<Record<Exclude<SolverName, 'z3-wasm'>, readonly string[]>> = {
  z3: ['-in', '-smt2'],
  bitwuzla: ['--lang', 'smt2'],
  cvc5: ['--lang', 'smt2', '--fp-exp'],
};

/** The solver of a name. Rejects where it is not installed. */
export async function findSolver(name: SolverName): Promise<Solver> {
  if (name === 'z3-wasm') {
    const { version } = createRequire(import.meta.url)('z3-solver/package.json') as { version: string };
    return new WasmSolver(`z3 ${version} (wasm, z3-solver ${version})`);
  }
  const said = await runTool(name, ['--version']).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'ENOENT' ? 'is not on the path' : `does not run (${error.message})`;
    throw new ToolMissing(
      `${name} ${why}; install it, or leave --solver away: z3-wasm comes with the packages`,
    );
  });
  const version = /\d+\.\d+[.\w-]*/.exec(said.stdout)?.[0] ?? 'of unknown version';
  return solver(name, `${name} ${version}`, name, ARGUMENTS[name]);
}

/** A program that is started for each question. */
function solver(name: SolverName, tool: string, path: string, args: readonly string[]): Solver {
  return {
    name,
    tool,
    async solve(script, question, limit) {
      const child = launched(path, args);
      const text = collected(child);
      const solved = answered(name, child, limit, async () => {
        await new Promise<void>((resolve, reject) => {
          child.on('error', reject);
          child.on('close', () => resolve());
        });
        return text();
      });
      child.stdin!.end(`${script}${question}\n`);
      return solved;
    },
    close() {},
  };
}

/** After so many questions Z3 starts anew, so that its memory does not grow without end. */
const QUESTIONS = 100;

/** Z3 in processes that stay for some questions: starting one takes longer than most of them. One whose time is up is ended. */
class WasmSolver implements Solver {
  readonly name = 'z3-wasm';
  private readonly idle: ChildProcess[] = [];
  private readonly asked = new WeakMap<ChildProcess, number>();

  constructor(readonly tool: string) {}

  async solve(script: string, question: string, limit: SolverLimit): Promise<Solved> {
    const child = this.idle.pop() ?? this.start();
    const text = collected(child);
    const solved = await answered(this.name, child, limit, () => {
      return new Promise<string>((resolve, reject) => {
        const ended = (): void => resolve(text());
        child.once('error', reject);
        child.once('close', ended);
        child.stdout!.on('data', () => {
          const said = text();
          if (!said.endsWith('\n')) return;
          child.removeListener('close', ended);
          child.removeListener('error', reject);
          resolve(answerIn(said));
        });
        child.stdin!.write(`${JSON.stringify({ script, question })}\n`);
      });
    }).catch((error: Error) => {
      endChild(child);
      throw error;
    });
    for (const stream of [child.stdout, child.stderr]) stream!.removeAllListeners('data');
    const asked = (this.asked.get(child) ?? 0) + 1;
    this.asked.set(child, asked);
    const isFit = child.exitCode === null && solved.verdict !== 'timeout' && solved.verdict !== 'stopped';
    if (isFit && asked < QUESTIONS) this.idle.push(child);
    else endChild(child);
    return solved;
  }

  close(): void {
    for (const child of this.idle.splice(0)) endChild(child);
  }

  private start(): ChildProcess {
    const runner = fileURLToPath(new URL('./z3-runner.mjs', import.meta.url));
    return launched(process.execPath, [runner]);
  }
}

function launched(path: string, args: readonly string[]): ChildProcess {
  const child = startChild(path, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  // A solver that ends early does not read everything.
  child.stdin!.on('error', () => {});
  return child;
}

/** The answer of the runner: its last line. What Z3 may print before it, or in its place, is no answer. */
function answerIn(said: string): string {
  const last = said.trimEnd().split('\n').at(-1)!;
  try {
    return String(JSON.parse(last));
  } catch {
    return said;
  }
}

/** What a child says from now on; its errors where it says nothing else. */
function collected(child: ChildProcess): () => string {
  let [out, err] = ['', ''];
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  return () => out || err;
}

/** Waits for the answer of a child, which is ended when time is up. */
async function answered(
  name: string,
  child: ChildProcess,
  { seconds, signal }: SolverLimit,
  said: () => Promise<string>,
): Promise<Solved> {
  const started = performance.now();
  let stopped: 'timeout' | 'stopped' | undefined;
  const stop = (why: 'timeout' | 'stopped') => () => {
    stopped ??= why;
    endChild(child);
  };
  const timer = setTimeout(stop('timeout'), Math.max(0, seconds * 1000));
  const onAbort = stop('stopped');
  if (signal?.aborted) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    const text = await said();
    const spent = (performance.now() - started) / 1000;
    // An answer may be there in the moment in which time is up.
    const answer = answerOf(text);
    if (stopped && !answer) return { verdict: stopped, values: [], seconds: spent };
    if (answer) return { ...answer, seconds: spent };
    throw new ToolFailed(`${name} gave no answer, but: ${text.trim().split('\n')[0] || 'nothing'}`);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}
