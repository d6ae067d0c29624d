import type { Bit, Gate, GateNetlist } from './gates.ts';
import { Code, moduleBytes, OP } from './wasm.ts';

/** Vectors that are computed at a time: the bits of a WebAssembly vector. */
export const LANES = 128;
/** Bytes of a plane: one bit of all lanes. */
const PLANE = 16;
/** Gates of one function: beyond, compilers of WebAssembly take their time. */
const FUNCTION_GATES = 4000;

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

  const stores: { readonly bit: Bit; readonly address: number }[] = [];
  for (const [name, bits] of Object.entries(netlist.outputs)) {
    const place = records.outputs[name];
    if (place === undefined) continue;
    for (const [i, bit] of bits.entries()) stores.push({ bit, address: outputAt + (place + i) * PLANE });
  }
  for (const [i, { d }] of netlist.flipFlops.entries()) stores.push({ bit: d, address: next + i * PLANE });

  const { functions, spilled } = evaluation(netlist.gates, { memory, ones, stores, spill });
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

interface Places {
  /** Addresses of the nets that stand in memory before the evaluation. */
  readonly memory: Map<number, number>;
  readonly ones: ReadonlySet<number>;
  readonly stores: readonly { readonly bit: Bit; readonly address: number }[];
  /** Where nets go that cross from one function to another. */
  readonly spill: number;
}

/** The gates as functions of at most so many; a gate that is read once stands where it is read. */
function evaluation(
  gates: readonly Gate[],
  { memory, ones, stores, spill }: Places,
): { functions: Code[]; spilled: number } {
  const functionOf = new Map<number, number>();
  for (const [i, g] of gates.entries()) functionOf.set(g.output, Math.floor(i / FUNCTION_GATES));
  const readers = new Map<number, number>();
  const crossing = new Set<number>();
  const gateOf = new Map(gates.map(g => [g.output, g]));
  const read = (bit: Bit, where: number): void => {
    if (typeof bit !== 'number') return;
    readers.set(bit, (readers.get(bit) ?? 0) + 1);
    const from = functionOf.get(bit);
    if (from !== undefined && from !== where) crossing.add(bit);
  };
  for (const g of gates) for (const bit of g.inputs) read(bit, functionOf.get(g.output)!);
  const last = Math.max(0, Math.ceil(gates.length / FUNCTION_GATES) - 1);
  const storesOf = (f: number): Places['stores'] =>
    stores.filter(s => ((typeof s.bit === 'number' ? functionOf.get(s.bit) : undefined) ?? last) === f);
  for (const { bit } of stores) if (typeof bit === 'number') readers.set(bit, (readers.get(bit) ?? 0) + 2);
  let spilled = 0;
  const spillOf = new Map<number, number>();
  for (const bit of crossing) spillOf.set(bit, spill + PLANE * spilled++);

  const functions: Code[] = [];
  for (let f = 0; f <= last; f++) {
    const code = new Code(0);
    const locals = new Map<number, number>();
    const isInline = (g: Gate): boolean => readers.get(g.output) === 1 && !crossing.has(g.output);
    const value = (bit: Bit): void => {
      if (bit === '0' || bit === '1') {
        code.constant(bit === '1' ? 0xffffffff : 0);
        return;
      }
      const local = locals.get(bit);
      if (local !== undefined) {
        code.get(local);
        return;
      }
      const gate = gateOf.get(bit);
      if (gate && functionOf.get(bit) === f) {
        operation(gate);
        return;
      }
      if (ones.has(bit)) {
        code.constant(0xffffffff);
        return;
      }
      const address = gate ? spillOf.get(bit) : memory.get(bit);
      if (address === undefined) {
        // A net that nothing drives.
        code.constant(0);
        return;
      }
      const kept = code.vector();
      locals.set(bit, kept);
      code.number(0).load(address).emit(OP.localTee, kept);
    };
    const operation = ({ type, inputs }: Gate): void => {
      const [a, b, s] = inputs as [Bit, Bit, Bit];
      if (type === '$_MUX_' || type === '$_NMUX_') {
        value(b);
        value(a);
        value(s);
      } else for (const bit of inputs) value(bit);
      for (const op of OPERATIONS[type]!) code.emit(op);
    };
    for (const gate of gates.slice(f * FUNCTION_GATES, (f + 1) * FUNCTION_GATES)) {
      if (isInline(gate)) continue;
      operation(gate);
      const local = code.vector();
      code.set(local);
      locals.set(gate.output, local);
      const address = spillOf.get(gate.output);
      if (address !== undefined) code.number(0).get(local).store(address);
    }
    for (const { bit, address } of storesOf(f)) {
      code.number(0);
      value(bit);
      code.store(address);
    }
    functions.push(code);
  }
  return { functions, spilled };
}

const OPERATIONS: Readonly<Record<string, readonly (readonly number[])[]>> = {
  $_BUF_: [],
  $_NOT_: [OP.not],
  $_AND_: [OP.and],
  $_NAND_: [OP.and, OP.not],
  $_OR_: [OP.or],
  $_NOR_: [OP.or, OP.not],
  $_XOR_: [OP.xor],
  $_XNOR_: [OP.xor, OP.not],
  $_ANDNOT_: [OP.andNot],
  $_ORNOT_: [OP.not, OP.or],
  $_MUX_: [OP.select],
  $_NMUX_: [OP.select, OP.not],
};

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
