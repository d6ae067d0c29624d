/** The standard vectors on faulty netlists: which faults show in an answer, and at which beat first. */
import type { Design } from '../generators/emit/design.ts';
import type { GateNetlist } from '../generators/netlist/gates.ts';
import { NetlistMachine } from '../generators/netlist/machine.ts';
import { LANES } from '../generators/netlist/program.ts';
import { inputLayout, type Layout, outputLayout } from '../sim/codec.ts';
import { goldenExecution } from '../sim/executions.ts';
import { recordsOf } from '../sim/netlist.ts';
import type { Stimulus } from '../sim/stimulus.ts';
import { SELECT } from './schemata.ts';

/** A netlist whose faults are chosen by an input. */
export interface Faulty {
  /** The design with that input. */
  readonly design: Design;
  readonly gates: GateNetlist;
  /** How many faults it has: numbers from 1. */
  readonly count: number;
  /** Faults that are not looked at. */
  readonly excluded?: ReadonlySet<number>;
}

/** A piece of the vectors with the answers of the golden model. */
export interface Beats {
  readonly first: number;
  readonly count: number;
  /** Records of the design without the choosing input. */
  readonly inputs: Uint32Array;
  readonly answers: Uint32Array;
}

export const CHUNK = 4096;

/** The vectors piece by piece, each 4,096 beats but the last, as `gen verify` plays them. */
export function* vectors(design: Design, stimulus: Stimulus): Generator<Beats, undefined> {
  const golden = goldenExecution(design);
  const { size } = stimulus.layout;
  for (let first = 0; first < stimulus.count; first += CHUNK) {
    const count = Math.min(CHUNK, stimulus.count - first);
    const inputs = new Uint32Array(CHUNK * size);
    stimulus.fill(inputs, count);
    yield { first, count, inputs, answers: golden.run(inputs, count) };
  }
  return undefined;
}

/** Faults that have not shown yet, and the beat at which each of the others first did. */
export class Hunt {
  readonly killedAt = new Map<number, number>();
  private readonly machine: NetlistMachine;
  private readonly input: Layout;
  private readonly outWords: number;
  private readonly choice: number;

  constructor(private readonly faulty: Faulty) {
    const { design, gates } = faulty;
    this.machine = new NetlistMachine(gates, recordsOf(design));
    this.input = inputLayout(design);
    this.outWords = outputLayout(design).size;
    this.choice = this.input.ports.find(({ port }) => port.name === SELECT)!.offset;
  }

  get alive(): number[] {
    return Array.from({ length: this.faulty.count }, (_, i) => i + 1).filter(
      k => !this.killedAt.has(k) && !this.faulty.excluded?.has(k),
    );
  }

  /** Plays beats to a unit without state: each fault in turn, 128 beats at a time; some need not be played any more. */
  playStateless({ first, count, inputs, answers }: Beats, settled: ReadonlySet<number> = new Set()): void {
    const records = this.widened(inputs, CHUNK);
    for (const number of [0, ...this.alive.filter(k => !settled.has(k))]) {
      for (let at = this.choice; at < records.length; at += this.input.size) records[at] = number;
      const got = this.machine.playSequences(records, CHUNK / LANES, 0);
      const word = firstDifference(got, 0, answers, 0, count * this.outWords);
      if (word >= 0) this.note(number, first + Math.floor(word / this.outWords));
    }
  }

  /** Plays one sequence of beats from reset to a unit with state: 127 faults at a time, one in each lane, and none in lane 0. */
  playSequence(pieces: readonly Beats[]): void {
    const alive = this.alive;
    for (let i = 0; i < alive.length; i += LANES - 1)
      this.playLanes([0, ...alive.slice(i, i + LANES - 1)], pieces);
  }

  private playLanes(numbers: readonly number[], pieces: readonly Beats[]): void {
    const { latency } = this.faulty.design.schedule;
    const { size } = this.input;
    const all = joined(pieces, this.outWords);
    const inputs = this.widened(all.inputs, all.count + latency);
    this.machine.reset(this.everyLane(new Uint32Array(size), 1, numbers));
    const step = 256;
    for (let cycle = 0; cycle < all.count + latency; cycle += step) {
      if (numbers.every((k, lane) => lane === 0 || this.killedAt.has(k))) return;
      const cycles = Math.min(step, all.count + latency - cycle);
      const shown = this.machine.playLanes(
        this.everyLane(inputs.subarray(cycle * size, (cycle + cycles) * size), cycles, numbers),
        cycles,
      );
      // What a cycle shows answers the beat so many cycles before.
      const skipped = Math.max(0, latency - cycle);
      const beat = cycle + skipped - latency;
      numbers.forEach((number, lane) => {
        if (this.killedAt.has(number)) return;
        const from = (lane * cycles + skipped) * this.outWords;
        const length = (cycles - skipped) * this.outWords;
        const word = firstDifference(shown, from, all.answers, beat * this.outWords, length);
        if (word >= 0) this.note(number, beat + Math.floor(word / this.outWords));
      });
    }
  }

  private note(number: number, beat: number): void {
    if (number === 0) {
      const { unit } = this.faulty.design;
      throw new Error(
        `${unit.id}: the netlist without a fault differs from the golden model at beat ${beat}`,
      );
    }
    this.killedAt.set(number, beat);
  }

  /** The same records in all lanes, a fault in each. Lanes without one get none. */
  private everyLane(records: Uint32Array, cycles: number, numbers: readonly number[]): Uint32Array {
    const all = new Uint32Array(LANES * records.length);
    for (let lane = 0; lane < LANES; lane++) {
      const from = lane * records.length;
      all.set(records, from);
      const number = numbers[lane] ?? 0;
      for (let cycle = 0; cycle < cycles; cycle++) all[from + cycle * this.input.size + this.choice] = number;
    }
    return all;
  }

  /** Records with a word more, for the choice. */
  private widened(inputs: Uint32Array, count: number): Uint32Array {
    const { size } = this.input;
    const wide = new Uint32Array(count * size);
    const narrow = size - 1;
    for (let i = 0; i < Math.min(count, inputs.length / narrow); i++) {
      wide.set(inputs.subarray(i * narrow, i * narrow + this.choice), i * size);
      wide[i * size + size - 1] = inputs[i * narrow + narrow - 1]!;
    }
    return wide;
  }
}

function joined(
  pieces: readonly Beats[],
  outWords: number,
): { inputs: Uint32Array; answers: Uint32Array; count: number } {
  const count = pieces.reduce((sum, p) => sum + p.count, 0);
  const inWords = pieces[0]!.inputs.length / CHUNK;
  const [inputs, answers] = [new Uint32Array(count * inWords), new Uint32Array(count * outWords)];
  let at = 0;
  for (const p of pieces) {
    inputs.set(p.inputs.subarray(0, p.count * inWords), at * inWords);
    answers.set(p.answers.subarray(0, p.count * outWords), at * outWords);
    at += p.count;
  }
  return { inputs, answers, count };
}

/** The first of so many words that differs, or −1. */
function firstDifference(
  a: Uint32Array,
  fromA: number,
  b: Uint32Array,
  fromB: number,
  length: number,
): number {
  for (let i = 0; i < length; i++) if (a[fromA + i] !== b[fromB + i]) return i;
  return -1;
}
