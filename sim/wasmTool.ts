import { Worker } from 'node:worker_threads';

/** Files by path, `/` between folders. */
export type FileSet = Record<string, string>;

/** One run of a tool. */
export interface WasmJob {
  args: string[];
  /** Files that the run reads. */
  files: FileSet;
  /** Called with the name of each step as it starts. */
  onProgress?: (step: string) => void;
  /** Stops the run; the promise rejects with the signal's reason. */
  signal?: AbortSignal;
}

/** What a run left behind. */
export interface WasmOutput {
  /** Files that the run wrote, at the top folder only. */
  files: FileSet;
  /** All that the tool printed. */
  log: string;
}

/** A tool refused its input. The message is its last error line. */
export class WasmToolError extends Error {
  override name = 'WasmToolError';
  /** All that the tool printed. */
  readonly log: string;
  constructor(message: string, log: string) {
    super(message);
    this.log = log;
  }
}

type Tree = { [name: string]: Tree | string };
type Reply = { progress?: string; log?: string; files?: FileSet; error?: string };
interface Task {
  job: WasmJob;
  files: Tree;
  resolve(output: WasmOutput): void;
  reject(reason: unknown): void;
}
interface Slot {
  worker?: Worker;
  task?: Task;
}

/** How a tool is run. */
export interface WasmToolOptions {
  /** The tool, as the worker knows it. */
  tool: 'yosys' | 'nextpnr-ice40';
  /** How many runs may go on at the same time, each with a few hundred megabytes of memory. */
  workers?: number;
  /** The error for a failed run, from its log. */
  error(message: string, log: string): WasmToolError;
}

/** The line that says why a run failed. */
export function errorOf(log: string, fallback: string): string {
  const lines = log.split('\n').filter(line => line.trim() !== '');
  const last = lines.findLast(line => /\bERROR: /.test(line)) ?? '';
  const rest = lines.at(-1) ?? 'nothing';
  return last.replace(/\bERROR: /, '').trim() || `the tool stopped (${fallback}) after: ${rest}`;
}

/** Nested folders, as the virtual file system wants them. */
function toTree(files: FileSet, error: WasmToolOptions['error']): Tree {
  const root: Tree = {};
  for (const [path, text] of Object.entries(files)) {
    const parts = path.split('/');
    // Folders `share` and `tmp` belong to the tool.
    if (!/^[\w./+-]+$/.test(path) || parts.some(p => /^\.{0,2}$/.test(p)) || /^(share|tmp)$/.test(parts[0])) {
      throw error(`file name "${path}" cannot be handed to the tool`, '');
    }
    let folder = root;
    for (const part of parts.slice(0, -1)) {
      const next = folder[part] ?? {};
      if (typeof next === 'string') throw error(`"${part}" in "${path}" is a file`, '');
      folder[part] = next;
      folder = next;
    }
    folder[parts[parts.length - 1]] = text;
  }
  return root;
}

/**
 * A tool as WebAssembly in warm worker threads. A worker starts with the first job, compiles once, then runs jobs one after
 * the other. Idle workers do not keep the process alive; `close()` ends them at once.
 */
export class WasmTool {
  readonly #options: WasmToolOptions;
  readonly #slots: Slot[];
  readonly #queue: Task[] = [];

  constructor(options: WasmToolOptions) {
    this.#options = options;
    this.#slots = Array.from({ length: Math.max(1, options.workers ?? 1) }, () => ({}));
  }

  /** Rejects with the tool's error when it fails, with the signal's reason when stopped. */
  run(job: WasmJob): Promise<WasmOutput> {
    return new Promise((resolve, reject) => {
      if (job.signal?.aborted) return reject(job.signal.reason);
      const files = toTree(job.files, this.#options.error);
      const stop = () => this.#cancel(task);
      const forget = () => job.signal?.removeEventListener('abort', stop);
      const task: Task = {
        job,
        files,
        resolve(output) {
          forget();
          resolve(output);
        },
        reject(reason) {
          forget();
          reject(reason);
        },
      };
      job.signal?.addEventListener('abort', stop, { once: true });
      this.#queue.push(task);
      this.#next();
    });
  }

  /** Ends the workers; waiting and running jobs are rejected. A later `run` starts anew. */
  async close(): Promise<void> {
    const gone = this.#options.error(`${this.#options.tool} was closed`, '');
    for (const task of this.#queue.splice(0)) task.reject(gone);
    await Promise.all(this.#slots.map(slot => this.#drop(slot, gone)));
  }

  #next(): void {
    for (const slot of this.#slots) {
      if (slot.task) continue;
      const task = this.#queue.shift();
      if (!task) return;
      this.#start(slot, task);
    }
  }

  #start(slot: Slot, task: Task): void {
    slot.task = task;
    slot.worker ??= this.#spawn(slot);
    slot.worker.ref();
    slot.worker.postMessage({ args: task.job.args, files: task.files });
  }

  #spawn(slot: Slot): Worker {
    const worker = new Worker(new URL('./wasm-worker.mjs', import.meta.url), {
      workerData: this.#options.tool,
    });
    worker.on('message', (reply: Reply) => this.#reply(slot, reply));
    worker.on('error', error => {
      if (slot.worker === worker) void this.#drop(slot, error);
    });
    return worker;
  }

  #reply(slot: Slot, reply: Reply): void {
    const task = slot.task;
    if (!task) return;
    if (reply.progress !== undefined) {
      task.job.onProgress?.(reply.progress);
      return;
    }
    slot.task = undefined;
    slot.worker?.unref();
    const log = reply.log ?? '';
    if (reply.error !== undefined) task.reject(this.#options.error(errorOf(log, reply.error), log));
    else task.resolve({ files: reply.files ?? {}, log });
    this.#next();
  }

  #cancel(task: Task): void {
    const reason: unknown = task.job.signal?.reason;
    const waiting = this.#queue.indexOf(task);
    if (waiting >= 0) {
      this.#queue.splice(waiting, 1);
      task.reject(reason);
      return;
    }
    // WebAssembly cannot be interrupted: the worker goes, and the next job gets a new one.
    const slot = this.#slots.find(s => s.task === task);
    if (slot) void this.#drop(slot, reason);
  }

  async #drop(slot: Slot, reason: unknown): Promise<void> {
    const { worker, task } = slot;
    slot.worker = undefined;
    slot.task = undefined;
    task?.reject(reason);
    this.#next();
    await worker?.terminate();
  }
}
