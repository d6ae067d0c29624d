import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Goal, Parameters } from '../generators/emit/design.ts';
import type { Fabric } from '../generators/hdl/fabric.ts';
import type { GateNetlist } from '../generators/netlist/gates.ts';
import { Checkpoint } from './checkpoint.ts';
import { type Range, Ranges } from './ranges.ts';
import type { Mismatch } from './verify.ts';

/** What is compared: a unit of the catalogue or the text of a module that exports one, and netlists by name. */
export interface EnumerationJob {
  readonly unit: { readonly id: string } | { readonly source: string };
  readonly params: Parameters;
  readonly goal: Goal;
  readonly fabric: Fabric;
  readonly netlists: Readonly<Record<string, GateNetlist>>;
}

export interface RangeResult extends Range {
  readonly mismatches: number;
  readonly first?: Mismatch;
}

export interface EnumerationResult {
  /** Inputs that were compared, those of interrupted runs among them. */
  readonly vectors: number;
  /** Inputs that an interrupted run of the same had compared before. */
  readonly resumed: number;
  readonly mismatches: number;
  readonly first?: Mismatch;
  readonly seconds: number;
}

export interface EnumerationOptions {
  /** Input bits: all `2^bits` inputs are compared. */
  readonly bits: number;
  /** Inputs that a thread is given at a time; default 2^20. */
  readonly rangeSize?: number;
  readonly threads?: number;
  readonly onProgress?: (done: number, total: number) => void;
}

const RANGE = 2 ** 20;

/**
 * Compares the golden model with netlists on every input there is, on all cores. What has been compared is noted on the way, so
 * that an interrupted run goes on where it was. Ends at the first range with mismatches.
 */
export async function enumerateInputs(
  job: EnumerationJob,
  { bits, rangeSize = RANGE, threads = availableParallelism(), onProgress }: EnumerationOptions,
): Promise<EnumerationResult> {
  const started = performance.now();
  const total = 2 ** bits;
  const checkpoint = new Checkpoint(job);
  const resumed = Math.min(checkpoint.done, total);
  const ranges = new Ranges(resumed, total, rangeSize);
  const state = { compared: resumed, mismatches: 0, first: undefined as Mismatch | undefined };
  const take = (): Range | undefined => (state.mismatches > 0 ? undefined : ranges.take());
  const settle = (result: RangeResult): void => {
    const { count, mismatches, first } = result;
    ranges.settle(result);
    state.compared += count;
    state.mismatches += mismatches;
    if (first && (!state.first || first.beat < state.first.beat)) state.first = first;
    if (state.mismatches === 0) checkpoint.reach(ranges.played);
    onProgress?.(state.compared, total);
  };
  const workers: Worker[] = [];
  try {
    const left = Math.ceil((total - resumed) / rangeSize);
    const runs = Array.from({ length: Math.min(threads, left) }, () => {
      const worker = new Worker(workerFile(), { workerData: job });
      workers.push(worker);
      return play(worker, take, settle);
    });
    await Promise.all(runs);
    checkpoint.remove();
  } finally {
    await Promise.all(workers.map(worker => worker.terminate()));
  }
  return {
    vectors: state.compared,
    resumed,
    mismatches: state.mismatches,
    ...(state.first ? { first: state.first } : {}),
    seconds: (performance.now() - started) / 1000,
  };
}

/** Gives a thread one range after the other, until none is left. */
function play(
  worker: Worker,
  take: () => Range | undefined,
  settle: (result: RangeResult) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.on('error', reject);
    worker.on('exit', code => reject(new Error(`a thread ended with code ${code}`)));
    worker.on('message', (message: 'ready' | RangeResult) => {
      if (message !== 'ready') settle(message);
      const range = take();
      if (range) worker.postMessage(range);
      else resolve();
    });
  });
}

/** The built thread, seen from this file in `dist/` or from its source. */
function workerFile(): URL {
  const isSource = import.meta.url.endsWith('.ts');
  return new URL(isSource ? '../dist/sim/enumerationWorker.js' : './enumerationWorker.js', import.meta.url);
}
