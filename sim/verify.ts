import type { Design } from '../generators/emit/design.ts';
import type { NetlistMachine } from '../generators/netlist/machine.ts';
import { LANES } from '../generators/netlist/program.ts';
import { clocksOf } from './clocks.ts';
import { inputLayout, outputLayout } from './codec.ts';
import { goldenExecution, interpreterExecution } from './executions.ts';
import { type Coverage, makeStimulus, type Stimulus } from './stimulus.ts';
import { VerilatorExecution } from './verilator.ts';

export interface VerifyOptions {
  readonly vectors: number;
  readonly exhaustive: boolean;
  readonly seed: number;
  /** The beats to play, in place of corners and random ones. */
  readonly stimulus?: Stimulus;
  /** Called with the golden model's answers, records in the order of the beats, once they are compared. */
  readonly onAnswers?: (answers: Uint32Array, count: number) => void;
  /** Netlists to compare too, by the name of the execution: what synthesis makes of the emitted Verilog. */
  readonly netlists?: Readonly<Record<string, NetlistMachine>>;
  /** Called now and then with the number of beats compared. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** Where a datapath first gave something else than the golden model. Records as in `codec`. */
export interface Mismatch {
  readonly engine: string;
  readonly beat: number;
  readonly input: Uint32Array;
  readonly expected: Uint32Array;
  readonly got: Uint32Array;
}

export interface VerifyResult {
  readonly vectors: number;
  readonly exhaustive: boolean;
  readonly coverage?: Coverage;
  readonly engines: readonly string[];
  /** Beats at which some engine disagreed. */
  readonly mismatches: number;
  readonly first?: Mismatch;
  readonly latency: { readonly declared: number; readonly measured: number | null };
  readonly seconds: number;
}

/** Beats that are in flight together. */
const CHUNK = 4096;
/** Chunks that are computed ahead of a program that is still being built. */
const AHEAD = 64;
/** Cycles beyond the declared latency in which a late answer would still be found. */
const MARGIN = 4;

export interface Program {
  readonly path: string;
  readonly index: number;
}

/**
 * Compares the golden model with the interpreter and, given a program, with the emitted Verilog. While the program is still
 * being built, the other executions go ahead.
 */
export async function verify(
  design: Design,
  engines: readonly string[],
  program: Program | Promise<Program> | undefined,
  options: VerifyOptions,
): Promise<VerifyResult> {
  const started = performance.now();
  const stimulus = options.stimulus ?? makeStimulus(design, options);
  const golden = goldenExecution(design);
  const interpreter = engines.includes('interpreter') ? interpreterExecution(design) : undefined;
  const netlists = options.netlists && inSequences(design, options.netlists);
  let rtl: VerilatorExecution | undefined;
  let isBuilt = false;
  const building = program && Promise.resolve(program);
  building?.then(
    () => {
      isBuilt = true;
    },
    () => {},
  );
  const [inSize, outSize] = [stimulus.layout.size, outputLayout(design).size];
  const state = { mismatches: 0, compared: 0, first: undefined as Mismatch | undefined };
  // Records that nobody reads any more, to be filled again.
  const free: Uint32Array[] = [];
  const waiting: {
    records: Uint32Array;
    expected: Uint32Array;
    count: number;
    beat: number;
    wrong: Set<number>;
  }[] = [];
  /** Starts the simulation with all that has been computed ahead. */
  const startRtl = async (): Promise<void> => {
    if (!building || rtl) return;
    rtl = startVerilator(design, await building, options.seed);
    for (const { records, count } of waiting) await rtl.send(records, count);
  };

  const compare = (
    engine: string,
    got: Uint32Array,
    { expected, count, records, beat }: Omit<(typeof waiting)[0], 'wrong'>,
    wrong: Set<number>,
  ): void => {
    for (let i = 0; i < count * outSize; i++) {
      if (got[i] === expected[i]) continue;
      const at = Math.floor(i / outSize);
      wrong.add(at);
      if (!state.first || beat + at < state.first.beat) {
        const slice = (words: Uint32Array, size: number): Uint32Array =>
          words.slice(at * size, (at + 1) * size);
        state.first = {
          engine,
          beat: beat + at,
          input: slice(records, inSize),
          expected: slice(expected, outSize),
          got: slice(got, outSize),
        };
      }
    }
  };
  const settle = async (): Promise<void> => {
    const item = waiting.shift()!;
    if (rtl) compare('verilator', await rtl.receive(item.count), item, item.wrong);
    state.mismatches += item.wrong.size;
    state.compared += item.count;
    free.push(item.records);
    options.onAnswers?.(item.expected, item.count);
    options.onProgress?.(state.compared, stimulus.count);
  };

  try {
    for (let beat = 0; beat < stimulus.count; beat += CHUNK) {
      const count = Math.min(CHUNK, stimulus.count - beat);
      const records = free.pop() ?? new Uint32Array(CHUNK * inSize);
      stimulus.fill(records, count);
      await rtl?.send(records, count);
      const expected = (await golden.run(records, count)) as Uint32Array;
      const item = { records, expected, count, beat, wrong: new Set<number>() };
      if (interpreter)
        compare('interpreter', (await interpreter.run(records, count)) as Uint32Array, item, item.wrong);
      if (netlists) {
        const cut = { ...item, expected: netlists.expected(records, expected) };
        for (const [name, answers] of netlists.run(records)) compare(name, answers, cut, item.wrong);
      }
      waiting.push(item);
      // The compiler's steps follow each other only when this process listens now and then.
      if (building && !rtl) await new Promise(setImmediate);
      if (isBuilt || waiting.length >= AHEAD) await startRtl();
      // Three chunks in flight keep the simulation busy while this process computes.
      if (waiting.length > 2 && (rtl || !building)) await settle();
    }
    await startRtl();
    rtl?.end();
    while (waiting.length > 0) await settle();
    await rtl?.finished();
  } finally {
    await rtl?.close();
  }
  const measured =
    building && state.compared > 0 ? await measureLatency(design, await building, options) : null;
  return {
    vectors: state.compared,
    exhaustive: stimulus.exhaustive,
    ...(stimulus.covered ? { coverage: stimulus.covered() } : {}),
    engines: [
      'golden',
      ...(interpreter ? ['interpreter'] : []),
      ...(rtl ? ['verilator'] : []),
      ...Object.keys(options.netlists ?? {}),
    ],
    mismatches: state.mismatches,
    ...(state.first ? { first: state.first } : {}),
    latency: { declared: design.schedule.latency, measured },
    seconds: (performance.now() - started) / 1000,
  };
}

/**
 * A netlist plays 128 beats beside each other. Of a unit with state, a chunk is therefore cut into so many sequences, each from
 * reset, and the golden model is asked once more, for these.
 */
function inSequences(
  design: Design,
  machines: Readonly<Record<string, NetlistMachine>>,
): {
  run(records: Uint32Array): [string, Uint32Array][];
  expected(records: Uint32Array, otherwise: Uint32Array): Uint32Array;
} {
  const beats = CHUNK / LANES;
  const [inSize, outSize] = [inputLayout(design).size, outputLayout(design).size];
  const golden = design.unit.state ? goldenExecution(design) : undefined;
  const { latency } = design.schedule;
  const clocks = clocksOf(design);
  const play = (m: NetlistMachine, records: Uint32Array): Uint32Array => {
    if (!golden) return m.playBeats(records, CHUNK, latency);
    const shown = m.playSequences(clocks.spread(records, CHUNK), beats * clocks.each, latency);
    return clocks.gather(shown, CHUNK);
  };
  return {
    run: records => Object.entries(machines).map(([name, m]) => [name, play(m, records)]),
    expected(records, otherwise) {
      if (!golden) return otherwise;
      const all = new Uint32Array(CHUNK * outSize);
      for (let from = 0; from < CHUNK; from += beats) {
        golden.reset();
        all.set(golden.run(records.subarray(from * inSize, (from + beats) * inSize), beats), from * outSize);
      }
      return all;
    },
  };
}

export function startVerilator(design: Design, program: Program, seed: number): VerilatorExecution {
  const { latency } = design.schedule;
  // A stream answers once for each beat that it took; anything else answers every cycle.
  const behind = design.goal.shell === 'stream' ? 0 : latency;
  return new VerilatorExecution(program.path, design, {
    index: program.index,
    seed,
    drain: latency + MARGIN,
    latency: behind,
  });
}

/**
 * Plays a short run and finds the delay at which the answers match; null where none does. A datapath that computes
 * something else than the golden model still has a latency: then its own netlist says what the answers are.
 */
async function measureLatency(
  design: Design,
  program: Program,
  options: VerifyOptions,
): Promise<number | null> {
  const count = 256;
  const stimulus = makeStimulus(design, {
    vectors: count,
    exhaustive: false,
    seed: options.seed,
    corners: 64,
  });
  const records = new Uint32Array(count * stimulus.layout.size);
  stimulus.fill(records, count);
  const size = outputLayout(design).size;
  const { latency } = design.schedule;
  const isStream = design.goal.shell === 'stream';
  const rtl = new VerilatorExecution(program.path, design, {
    index: program.index,
    seed: options.seed,
    drain: latency + MARGIN,
    latency: 0,
  });
  try {
    await rtl.send(records, count);
    rtl.end();
    const raw = await rtl.take(rtl.clocksFor(count) + (isStream ? 0 : latency + MARGIN));
    await rtl.finished();
    if (isStream) return rtl.reportedLatency ?? null;
    for (const execution of [goldenExecution, interpreterExecution]) {
      const expected = (await execution(design).run(records, count)) as Uint32Array;
      const delays = Array.from({ length: latency + MARGIN + 1 }, (_, delay) => delay).filter(delay =>
        expected.every((word, i) => {
          const [beat, at] = [Math.floor(i / size), i % size];
          return word === raw[(rtl.clocksFor(beat) + delay) * size + at];
        }),
      );
      // Answers that hardly change match at several delays, and do not contradict the declared one.
      if (delays.length > 0) return delays.includes(latency) ? latency : delays[0]!;
    }
    return null;
  } finally {
    await rtl.close();
  }
}
