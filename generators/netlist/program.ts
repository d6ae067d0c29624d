import { evaluationCode, PLANE, type Store } from './evaluation.ts';
import type { GateNetlist } from './gates.ts';
import { stepsOf } from './steps.ts';
import {
  COLUMN,
  columnsToRecords,
  columnToPlanes,
  PIECE,
  type Piece,
  piecesToRead,
  piecesToWrite,
  planesToColumn,
  recordsToColumns,
} from './transpose.ts';
import { Code, moduleBytes, OP } from './wasm.ts';

/** Vectors that are computed at a time: the bits of a WebAssembly vector. */
export const LANES = 128;

/** Where the bits of the ports stand in the records that go in and come out. */
export interface Records {
  /** Words of an input record and of an output record. */
  readonly inWords: number;
  readonly outWords: number;
  /** For each input port: the bit of the record that its bit 0 is; or `rest`, for a port that no record holds. */
  readonly inputs: Readonly<Record<string, number | 'reset' | 'clock' | 'one'>>;
  /** For each output port, the bit of the record that its bit 0 is; other ports are not looked at. */
  readonly outputs: Readonly<Record<string, number>>;
}

/** A WebAssembly module that plays records to a netlist, and where its memory holds what. */
export interface Program {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Address of the plane that is 1 in all lanes to reset the design. */
  readonly reset: number;
  /** Address of the state, and its bytes. */
  readonly state: number;
  readonly stateBytes: number;
  /** From here on the memory is free for records. */
  readonly records: number;
  readonly gates: number;
}

/** What the module exports. All are addresses and distances in bytes. */
export interface Exports {
  /**
   * Plays so many cycles: in each, lane `i` reads its record at `input + i · inputLane`, writes its answer, as it is before the
   * clock edge, to `output + i · outputLane`; then both go on by a step. Of the answers only the bits that ports hold are written.
   */
  run(
    input: number,
    inputLane: number,
    inputStep: number,
    output: number,
    outputLane: number,
    outputStep: number,
    cycles: number,
  ): void;
}

/** Compiles a netlist to a WebAssembly module that evaluates 128 vectors at a time. */
export function compileNetlist(netlist: GateNetlist, records: Records): Program {
  const inPlanes = records.inWords * 32;
  const outPlanes = records.outWords * 32;
  const flipFlops = netlist.flipFlops.length;
  const inputAt = 0;
  const reset = inputAt + inPlanes * PLANE;
  const outputAt = reset + PLANE;
  const state = outputAt + outPlanes * PLANE;
  const next = state + flipFlops * PLANE;
  const spill = next + flipFlops * PLANE;

  const memory = new Map<number, number>();
  const ones = new Set<number>();
  for (const [name, bits] of Object.entries(netlist.inputs)) {
    const place = records.inputs[name];
    if (place === undefined) throw new Error(`nothing is given to the input '${name}'`);
    bits.forEach((bit, i) => {
      if (typeof bit !== 'number') return;
      if (place === 'reset') memory.set(bit, reset);
      else if (place === 'one') ones.add(bit);
      else if (place !== 'clock') memory.set(bit, inputAt + (place + i) * PLANE);
    });
  }
  for (const [i, { q }] of netlist.flipFlops.entries()) memory.set(q, state + i * PLANE);

  const { steps, find } = stepsOf(netlist.gates, ones);
  const stores: Store[] = [];
  for (const [name, bits] of Object.entries(netlist.outputs)) {
    const place = records.outputs[name];
    if (place === undefined) continue;
    for (const [i, bit] of bits.entries())
      stores.push({ value: find(bit), address: outputAt + (place + i) * PLANE });
  }
  for (const [i, { d }] of netlist.flipFlops.entries())
    stores.push({ value: find(d), address: next + i * PLANE });

  const evaluation = evaluationCode(steps, { memory, stores, spill });
  const columns = spill + evaluation.spilled * PLANE;
  const functions = new Functions();
  for (const [i, code] of evaluation.functions.entries()) functions.get(`evaluate ${i}`, () => code);
  const bits = {
    inputs: usedBits(netlist.inputs, records.inputs, records.inWords),
    outputs: usedBits(netlist.outputs, records.outputs, records.outWords),
  };
  const addresses = { input: inputAt, output: outputAt, state, next, columns, flipFlops };
  const run = functions.get('run', () => loop(functions, evaluation.functions.length, addresses, bits));
  return {
    bytes: moduleBytes(functions.all, { run }, 1),
    reset,
    state,
    stateBytes: flipFlops * PLANE,
    records: columns + PIECE * COLUMN,
    gates: netlist.gates.length,
  };
}

/** The bits of each byte of a record that ports hold, up to the highest of them. */
function usedBits(
  ports: GateNetlist['inputs'],
  places: Readonly<Record<string, number | string>>,
  words: number,
): number[] {
  const used = new Array<number>(4 * words).fill(0);
  for (const [name, bits] of Object.entries(ports)) {
    const place = places[name];
    if (typeof place !== 'number') continue;
    for (let bit = place; bit < place + bits.length; bit++)
      used[bit >> 3] = Math.max(used[bit >> 3]!, (bit & 7) + 1);
  }
  return used;
}

/** The functions of a module, of which the same is not written twice. */
class Functions {
  readonly all: Code[] = [];
  private readonly numbers = new Map<string, number>();

  /** The number of the function that `make` writes; the same key gives the same function. */
  get(key: string, make: () => Code): number {
    let number = this.numbers.get(key);
    if (number === undefined) {
      number = this.all.push(make()) - 1;
      this.numbers.set(key, number);
    }
    return number;
  }
}

interface Addresses {
  readonly input: number;
  readonly output: number;
  readonly state: number;
  readonly next: number;
  /** Room for the columns of one piece. */
  readonly columns: number;
  readonly flipFlops: number;
}

/** `run`: records into planes, evaluation, planes into records, clock edge; as often as there are cycles. */
function loop(
  functions: Functions,
  evaluations: number,
  at: Addresses,
  bits: { inputs: readonly number[]; outputs: readonly number[] },
): Code {
  const code = new Code(7);
  const [input, inputLane, inputStep, output, outputLane, outputStep, cycles] = [0, 1, 2, 3, 4, 5, 6];
  const moveRecords = (piece: Piece, write: boolean): void => {
    const key = `${write ? 'write' : 'read'} ${piece.used.join()}`;
    const move = functions.get(key, () => (write ? columnsToRecords(piece) : recordsToColumns(piece)));
    code
      .get(write ? output : input)
      .number(piece.start)
      .emit(OP.i32Add)
      .get(write ? outputLane : inputLane)
      .number(at.columns)
      .emit(OP.call, move);
  };
  const moveBits = (piece: Piece, used: readonly number[], planes: number, write: boolean): void => {
    for (let i = 0; i < piece.size; i++) {
      const count = used[piece.start + i] ?? 0;
      if (count === 0) continue;
      const column = at.columns + COLUMN * i;
      const ofByte = planes + COLUMN * (piece.start + i);
      if (write)
        code
          .number(ofByte)
          .number(column)
          .emit(
            OP.call,
            functions.get(`to column ${count}`, () => planesToColumn(count)),
          );
      else
        code
          .number(column)
          .number(ofByte)
          .emit(
            OP.call,
            functions.get(`to planes ${count}`, () => columnToPlanes(count)),
          );
    }
  };
  code.emit(OP.loop);
  for (const piece of piecesToRead(bits.inputs.map(n => n > 0))) {
    moveRecords(piece, false);
    moveBits(piece, bits.inputs, at.input, false);
  }
  for (let f = 0; f < evaluations; f++) code.emit(OP.call, f);
  for (const piece of piecesToWrite(bits.outputs.map(n => n > 0))) {
    moveBits(piece, bits.outputs, at.output, true);
    moveRecords(piece, true);
  }
  for (let i = 0; i < at.flipFlops; i++)
    code
      .number(0)
      .number(0)
      .load(at.next + i * PLANE)
      .store(at.state + i * PLANE);
  code.get(input).get(inputStep).emit(OP.i32Add).set(input);
  code.get(output).get(outputStep).emit(OP.i32Add).set(output);
  code.get(cycles).number(1).emit(OP.i32Sub).emit(OP.localTee, cycles).emit(OP.branchIf, 0);
  code.emit(OP.end);
  return code;
}
