import { evaluationCode, PLANE, type Store } from './evaluation.ts';
import type { GateNetlist } from './gates.ts';
import { stepsOf } from './steps.ts';
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

  const { functions, spilled } = evaluationCode(steps, { memory, stores, spill });
  const recordsAt = spill + spilled * PLANE;
  const count = functions.length;
  functions.push(...WIDTHS.map(gather), ...WIDTHS.map(scatter));
  const words = {
    inputs: usedWords(netlist.inputs, records.inputs, records.inWords),
    outputs: usedWords(netlist.outputs, records.outputs, records.outWords),
  };
  const run = functions.length;
  functions.push(loop(count, { input: inputAt, output: outputAt, state, next, flipFlops }, words));
  return {
    bytes: moduleBytes(functions, { run }, 1),
    reset,
    state,
    stateBytes: flipFlops * PLANE,
    records: recordsAt,
    gates: netlist.gates.length,
  };
}

/** Bits of a word that are read or written: narrow ports cost less. */
const WIDTHS = [8, 16, 32] as const;
type Width = (typeof WIDTHS)[number];

/** Halves of the swaps that transpose rows of bits: distance, and the bits that stay. */
const SWAPS = [
  [16, 0x0000ffff],
  [8, 0x00ff00ff],
  [4, 0x0f0f0f0f],
  [2, 0x33333333],
  [1, 0x55555555],
] as const;

/** Transposes the blocks of as many bits as there are rows, beside each other in the rows. It undoes itself. */
function transpose(code: Code, rows: readonly number[]): void {
  const swapped = code.vector();
  for (const [distance, mask] of SWAPS) {
    for (const [i, low] of rows.entries()) {
      if (distance >= rows.length || (i & distance) !== 0) continue;
      const high = rows[i + distance]!;
      code.get(low).number(distance).emit(OP.shiftRight).get(high).emit(OP.xor);
      code.constant(mask).emit(OP.and).set(swapped);
      code.get(high).get(swapped).emit(OP.xor).set(high);
      code.get(low).get(swapped).number(distance).emit(OP.shiftLeft).emit(OP.xor).set(low);
    }
  }
}

/**
 * A function `(record, lane, plane)` of one word of 128 records that are `lane` bytes apart, and the planes of its bits from `plane`
 * on. Row `r` holds the words of the records `r`, `r + width`, …, side by side.
 */
function wordCode(
  width: Width,
  body: (code: Code, rows: readonly number[], eachPlace: (each: PlaceCode) => void) => void,
): Code {
  const perRow = LANES / width;
  const code = new Code(3, perRow);
  const [record, lane] = [0, 1];
  const places = Array.from({ length: perRow }, (_, i) => 3 + i);
  const rows = Array.from({ length: width }, () => code.vector());
  body(code, rows, each => {
    for (const [i, at] of places.entries())
      code
        .get(record)
        .get(lane)
        .number(width * i)
        .emit(OP.i32Multiply)
        .emit(OP.i32Add)
        .set(at);
    for (const row of rows)
      for (const [i, at] of places.entries()) {
        each(row, at, i);
        code.get(at).get(lane).emit(OP.i32Add).set(at);
      }
  });
  return code;
}

/** Moves a word between its place in memory, whose address a local holds, and its place in a row. */
type PlaceCode = (row: number, at: number, place: number) => void;

/** From the records into the planes. */
function gather(width: Width): Code {
  return wordCode(width, (code, rows, eachPlace) => {
    eachPlace((row, at, place) => {
      if (place === 0) code.constant(0).set(row);
      code.get(at).get(row).emit(OP.loadLane[width], 0, 0, place).set(row);
    });
    transpose(code, rows);
    for (const [bit, row] of rows.entries())
      code
        .get(2)
        .get(row)
        .store(bit * PLANE);
  });
}

/** From the planes into the records: the low bits of words, whose others are left as they are. */
function scatter(width: Width): Code {
  return wordCode(width, (code, rows, eachPlace) => {
    for (const [bit, row] of rows.entries())
      code
        .get(2)
        .load(bit * PLANE)
        .set(row);
    transpose(code, rows);
    eachPlace((row, at, place) => {
      code.get(at).get(row).emit(OP.storeLane[width], 0, 0, place);
    });
  });
}

/** A word of a record of which bits are used. */
interface Word {
  readonly index: number;
  readonly width: Width;
}

/** The words in which ports lie, by the bits of the record that each port's bit 0 is. */
function usedWords(
  ports: GateNetlist['inputs'],
  places: Readonly<Record<string, number | string>>,
  words: number,
): Word[] {
  const used = new Array<number>(words).fill(0);
  for (const [name, bits] of Object.entries(ports)) {
    const place = places[name];
    if (typeof place !== 'number') continue;
    for (let bit = place; bit < place + bits.length; bit++)
      used[bit >> 5] = Math.max(used[bit >> 5]!, (bit & 31) + 1);
  }
  return [...used.entries()]
    .filter(([, bits]) => bits > 0)
    .map(([index, bits]) => ({ index, width: WIDTHS.find(width => bits <= width)! }));
}

/** `run`: gather, evaluate, scatter, clock edge; as often as there are cycles. */
function loop(
  evaluations: number,
  at: { input: number; output: number; state: number; next: number; flipFlops: number },
  { inputs, outputs }: { inputs: readonly Word[]; outputs: readonly Word[] },
): Code {
  const code = new Code(7);
  const [input, inputLane, inputStep, output, outputLane, outputStep, cycles] = [0, 1, 2, 3, 4, 5, 6];
  // The functions that evaluate are followed by those that gather, then by those that scatter, each in the order of the widths.
  const move = (
    words: readonly Word[],
    record: number,
    lane: number,
    planes: number,
    first: number,
  ): void => {
    for (const { index, width } of words)
      code
        .get(record)
        .number(4 * index)
        .emit(OP.i32Add)
        .get(lane)
        .number(planes + 32 * PLANE * index)
        .emit(OP.call, first + WIDTHS.indexOf(width));
  };
  code.emit(OP.loop);
  move(inputs, input, inputLane, at.input, evaluations);
  for (let f = 0; f < evaluations; f++) code.emit(OP.call, f);
  move(outputs, output, outputLane, at.output, evaluations + WIDTHS.length);
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
