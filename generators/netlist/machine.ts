import type { GateNetlist } from './gates.ts';
import { compileNetlist, type Exports, LANES, type Program, type Records } from './program.ts';
import { PIECE } from './transpose.ts';

/** As much of WebAssembly as is used here: every JavaScript engine has it, and the types of ES2023 do not. */
declare const WebAssembly: {
  Memory: new (limits: { initial: number }) => { readonly buffer: ArrayBuffer; grow(pages: number): number };
  Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  Instance: new (module: object, imports: object) => { readonly exports: object };
};

const PAGE = 65536;

/** A netlist that runs: up to 128 sequences of beats beside each other, cycle by cycle. */
export class NetlistMachine {
  private readonly program: Program;
  private readonly memory = new WebAssembly.Memory({ initial: 1 });
  private readonly exports: Exports;
  /** From here on the memory is free for records; before it are those of the reset. */
  private readonly free: number;

  constructor(
    netlist: GateNetlist,
    private readonly records: Records,
  ) {
    this.program = compileNetlist(netlist, records);
    const module = new WebAssembly.Module(this.program.bytes);
    const instance = new WebAssembly.Instance(module, { env: { memory: this.memory } });
    this.exports = instance.exports as unknown as Exports;
    this.free = this.program.records + 4 * LANES * (records.inWords + records.outWords);
    this.reserve(this.free);
    this.reset();
  }

  get gates(): number {
    return this.program.gates;
  }

  /**
   * One clock edge with the reset asserted, in all sequences; `inputs` are their records meanwhile, else zeros. Flip-flops come up
   * as ones, so that one which the reset does not reach shows.
   */
  reset(inputs?: Uint32Array): void {
    const { reset, state, stateBytes } = this.program;
    if (stateBytes === 0) return;
    new Uint8Array(this.memory.buffer, state, stateBytes).fill(255);
    const plane = new Uint8Array(this.memory.buffer, reset, 16);
    plane.fill(255);
    const { inWords } = this.records;
    const at = this.program.records;
    if (inputs) this.words(at, LANES * inWords).set(inputs);
    else this.words(at, inWords).fill(0);
    this.exports.run(at, inputs ? 4 * inWords : 0, 0, at + 4 * LANES * inWords, 0, 0, 1);
    plane.fill(0);
  }

  /** Plays one sequence of records on, and gives what the outputs show in each cycle, before its clock edge. */
  play(inputs: Uint32Array, cycles: number): Uint32Array {
    const { inWords, outWords } = this.records;
    const at = this.free;
    const outputAt = at + 4 * cycles * inWords;
    this.reserve(outputAt + 4 * cycles * outWords);
    this.words(at, cycles * inWords).set(inputs.subarray(0, cycles * inWords));
    this.words(outputAt, cycles * outWords).fill(0);
    // All lanes play the same.
    this.exports.run(at, 0, 4 * inWords, outputAt, 0, 4 * outWords, cycles);
    return this.words(outputAt, cycles * outWords).slice();
  }

  /** Where the next run takes its records from, if it is given none: so many beats in all. Good until the memory grows. */
  inputs(count: number, latency: number): Uint32Array {
    this.reserve(this.layout(count, latency).end);
    return this.words(this.free, count * this.records.inWords);
  }

  /** Plays 128 sequences on, the records of each after those of the one before, and gives what each shows in the same order. */
  playLanes(inputs: Uint32Array, cycles: number): Uint32Array {
    return this.playOn(inputs, { beats: cycles, latency: 0, lane: cycles, step: 1 });
  }

  /**
   * Plays 128 sequences of `beats` records, one after the other in `inputs`, each from reset, and gives the answers in the same
   * order: the answer to a beat is what the outputs show `latency` cycles later. The answers are good until the next call.
   */
  playSequences(inputs: Uint32Array | undefined, beats: number, latency: number): Uint32Array {
    // In the last cycles a lane reads on into the records of the next: nothing of that comes out in time. In the first ones it
    // writes what no beat has answered yet, over the last answers of the lane before, which are yet to come.
    this.reset();
    return this.playOn(inputs, { beats, latency, lane: beats, step: 1 });
  }

  /** The same for a design in which no beat depends on another: 128 neighbours are played at a time, which is quicker. */
  playBeats(inputs: Uint32Array | undefined, count: number, latency: number): Uint32Array {
    this.reset();
    return this.playOn(inputs, { beats: count / LANES, latency, lane: 1, step: LANES });
  }

  /** `lane` and `step` are the records between two lanes and between two cycles. */
  private playOn(
    inputs: Uint32Array | undefined,
    { beats, latency, lane, step }: { beats: number; latency: number; lane: number; step: number },
  ): Uint32Array {
    const count = LANES * beats;
    const place = this.inputs(count, latency);
    if (inputs) place.set(inputs.subarray(0, place.length));
    const { at, outputAt } = this.layout(count, latency);
    const [inStep, outStep] = [4 * this.records.inWords, 4 * this.records.outWords];
    const cycles = beats + latency;
    this.words(outputAt, (count + latency * step) * this.records.outWords).fill(0);
    this.exports.run(at, lane * inStep, step * inStep, outputAt, lane * outStep, step * outStep, cycles);
    return this.words(outputAt + latency * step * outStep, count * this.records.outWords);
  }

  /** Addresses of the records that go in and come out, with room for what is read and written while the pipeline fills. */
  private layout(count: number, latency: number): { at: number; outputAt: number; end: number } {
    const { inWords, outWords } = this.records;
    const all = count + latency * LANES;
    const at = this.free;
    const outputAt = at + 4 * all * inWords;
    return { at, outputAt, end: outputAt + 4 * all * outWords };
  }

  private words(address: number, count: number): Uint32Array {
    return new Uint32Array(this.memory.buffer, address, count);
  }

  private reserve(bytes: number): void {
    // Records are read in pieces, the last of which may reach beyond them.
    const missing = Math.ceil((bytes + PIECE) / PAGE) - this.memory.buffer.byteLength / PAGE;
    if (missing > 0) this.memory.grow(missing);
  }
}
