import { Worker } from 'node:worker_threads';

/** Files by path, `/` between folders. */
export type FileSet = Record<string, string>;

/** One run of Yosys. */
export interface YosysJob {
  /** Script, one command a line. */
  script: string;
  /** Files that the script reads. */
  files: FileSet;
  /** Called with the name of each pass as it starts. */
  onProgress?: (pass: string) => void;
  /** Stops the run; the promise rejects with the signal's reason. */
  signal?: AbortSignal;
}

/** What a run left behind. */
export interface YosysOutput {
  /** Files that the script wrote, at the top folder only. */
  files: FileSet;
  /** Text of each distinct warning, without the word "Warning". */
  warnings: string[];
  /** All that Yosys printed. */
  log: string;
}

/** Yosys refused the design or the script. The message is its last error line. */
export class YosysError extends Error {
  override name = 'YosysError';
  /** All that Yosys printed. */
  readonly log: string;
  constructor(message: string, log: string) {
    super(message);
    this.log = log;
  }
}

type Tree = { [name: string]: Tree | string };
type Reply = { progress?: string; log?: string; files?: FileSet; error?: string };
interface Task {
  job: YosysJob;
  files: Tree;
  resolve(output: YosysOutput): void;
  reject(reason: unknown): void;
}
interface Slot {
  worker?: Worker;
  task?: Task;
}

const SCRIPT = 'subbyte.ys';

/** Nested folders, as the virtual file system wants them. */
function toTree(files: FileSet): Tree {
  const root: Tree = {};
  for (const [path, text] of Object.entries(files)) {
    const parts = path.split('/');
    // Folders `share` and `tmp` belong to Yosys.
    if (!/^[\w./+-]+$/.test(path) || parts.some(p => /^\.{0,2}$/.test(p)) || /^(share|tmp)$/.test(parts[0])) {
      throw new YosysError(`file name "${path}" cannot be handed to Yosys`, '');
    }
    let folder = root;
    for (const part of parts.slice(0, -1)) {
      const next = folder[part] ?? {};
      if (typeof next === 'string') throw new YosysError(`"${part}" in "${path}" is a file`, '');
      folder[part] = next;
      folder = next;
    }
    folder[parts[parts.length - 1]] = text;
  }
  return root;
}

/** Distinct warnings of a log, in order of appearance. An inferred latch is one, though Yosys only mentions it. */
export function warningsOf(log: string): string[] {
  const lines = log.matchAll(/^(?:(\S+:\d\S*): )?(?:Warning: (.*)|(Latch inferred for signal `[^']*').*)$/gm);
  return [
    ...new Set([...lines].map(([, place, text, latch]) => (place ? `${place}: ` : '') + (text ?? latch))),
  ];
}

/** The line that says why a run failed. */
export function errorOf(log: string, fallback: string): string {
  const lines = log.split('\n').filter(line => line.trim() !== '');
  const last = lines.findLast(line => /\bERROR: /.test(line)) ?? '';
  return (
    last.replace(/\bERROR: /, '').trim() || `Yosys stopped (${fallback}) after: ${lines.at(-1) ?? 'nothing'}`
  );
}

/**
 * Yosys as WebAssembly in warm worker threads. A worker starts with the first job, compiles once, then runs jobs one after
 * the other. Idle workers do not keep the process alive; `close()` ends them at once.
 */
export class Yosys {
  readonly #slots: Slot[];
  readonly #queue: Task[] = [];

  /** `workers`: how many runs may go on at the same time, each with a few hundred megabytes of memory. */
  constructor(options: { workers?: number } = {}) {
    this.#slots = Array.from({ length: Math.max(1, options.workers ?? 1) }, () => ({}));
  }

  /** Runs a script. Rejects with `YosysError` when Yosys fails, with the signal's reason when stopped. */
  run(job: YosysJob): Promise<YosysOutput> {
    return new Promise((resolve, reject) => {
      if (job.signal?.aborted) return reject(job.signal.reason);
      const files = toTree({ ...job.files, [SCRIPT]: job.script });
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
    const gone = new YosysError('Yosys was closed', '');
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
    slot.worker.postMessage({ args: ['-Q', '-T', '-s', SCRIPT], files: task.files });
  }

  #spawn(slot: Slot): Worker {
    const worker = new Worker(new URL('./yosys-worker.mjs', import.meta.url));
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
    if (reply.error !== undefined) task.reject(new YosysError(errorOf(log, reply.error), log));
    else task.resolve({ files: reply.files ?? {}, warnings: warningsOf(log), log });
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

/** Name and version of the tool, as every result carries it: `yosys 0.55 (wasm, @yowasp/yosys 0.55.944)`. */
export async function yosysTool(): Promise<string> {
  const { version } = await import('@yowasp/yosys');
  // A package of release X.Y is X.Y.build.
  const release = /^(\d+\.\d+)\.\d+$/.exec(version)?.[1] ?? version;
  return `yosys ${release} (wasm, @yowasp/yosys ${version})`;
}
