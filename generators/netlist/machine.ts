import type { GateNetlist } from './gates.ts';
import { compileNetlist, type Exports, LANES, type Program, type Records } from './program.ts';

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

  constructor(
    netlist: GateNetlist,
    private readonly records: Records,
  ) {
    this.program = compileNetlist(netlist, records);
    const module = new WebAssembly.Module(this.program.bytes);
    const instance = new WebAssembly.Instance(module, { env: { memory: this.memory } });
    this.exports = instance.exports as unknown as Exports;
    this.reserve(this.program.records);
    this.reset();
  }

  get gates(): number {
    return this.program.gates;
  }

  /** One clock edge with the reset asserted, in all sequences. */
  reset(): void {
    const { records, reset, state, stateBytes } = this.program;
    if (stateBytes === 0) return;
    const { inWords, outWords } = this.records;
    this.reserve(records + 4 * (inWords + outWords));
    new Uint8Array(this.memory.buffer, state, stateBytes).fill(0);
    new Uint8Array(this.memory.buffer, records, 4 * inWords).fill(0);
    const plane = new Uint8Array(this.memory.buffer, reset, 16);
    plane.fill(255);
    this.exports.run(records, 0, 0, records + 4 * inWords, 0, 0, 1);
    plane.fill(0);
  }

  /** Plays one sequence of records on, and gives what the outputs show in each cycle, before its clock edge. */
  play(inputs: Uint32Array, cycles: number): Uint32Array {
    return this.run(inputs, cycles, 1);
  }

  /**
   * Plays 128 sequences of `beats` records, one after the other in `inputs`, each from reset, and gives the answers in the same
   * order: the answer to a beat is what the outputs show `latency` cycles later.
   */
  playSequences(inputs: Uint32Array, beats: number, latency: number): Uint32Array {
    this.reset();
    if (latency === 0) return this.run(inputs, beats, LANES);
    const { inWords, outWords } = this.records;
    // A sequence is followed by records of zeros, in which its last answers come out.
    const cycles = beats + latency;
    const longer = new Uint32Array(LANES * cycles * inWords);
    for (let lane = 0; lane < LANES; lane++) {
      const from = lane * beats * inWords;
      longer.set(inputs.subarray(from, from + beats * inWords), lane * cycles * inWords);
    }
    const shown = this.run(longer, cycles, LANES);
    const answers = new Uint32Array(LANES * beats * outWords);
    for (let lane = 0; lane < LANES; lane++) {
      const from = (lane * cycles + latency) * outWords;
      answers.set(shown.subarray(from, from + beats * outWords), lane * beats * outWords);
    }
    return answers;
  }

  /** One sequence is played in all lanes alike. */
  private run(inputs: Uint32Array, cycles: number, sequences: 1 | typeof LANES): Uint32Array {
    const { inWords, outWords } = this.records;
    const at = this.program.records;
    const outputAt = at + sequences * cycles * inWords * 4;
    const words = sequences * cycles * outWords;
    this.reserve(outputAt + words * 4);
    const given = sequences * cycles * inWords;
    new Uint32Array(this.memory.buffer, at, given).set(inputs.subarray(0, given));
    const [inStep, outStep] = [inWords * 4, outWords * 4];
    const [inLane, outLane] = sequences === 1 ? [0, 0] : [cycles * inStep, cycles * outStep];
    this.exports.run(at, inLane, inStep, outputAt, outLane, outStep, cycles);
    return new Uint32Array(this.memory.buffer, outputAt, words).slice();
  }

  private reserve(bytes: number): void {
    const missing = Math.ceil(bytes / PAGE) - this.memory.buffer.byteLength / PAGE;
    if (missing > 0) this.memory.grow(missing);
  }
}
