import type { Design } from '../generators/emit/design.ts';
import { compile } from '../generators/hdl/interpret.ts';
import type { Golden, PortValue } from '../generators/units/unit.ts';
import { codeReader, codeWriter, inputLayout, outputLayout, valueReader, valueWriter } from './codec.ts';

/** Something that turns input records into output records, beat after beat from reset. */
export interface Execution {
  readonly name: string;
  /** `count` beats; state carries over from call to call. */
  run(inputs: Uint32Array, count: number): Uint32Array | Promise<Uint32Array>;
  close?(): Promise<void>;
}

/** An execution that answers at once, and can start anew. */
export interface DirectExecution extends Execution {
  run(inputs: Uint32Array, count: number): Uint32Array;
  /** Back to the state after reset. */
  reset(): void;
}

/** The golden model: decodes the inputs, asks the unit what they mean, encodes its exact answer once. */
export function goldenExecution(design: Design): DirectExecution {
  const golden = design.unit.golden(design.params);
  const [input, output] = [inputLayout(design), outputLayout(design)];
  const readers = input.ports.map(({ port, offset }) => ({
    name: port.name,
    offset,
    read: valueReader(port),
  }));
  const writers = output.ports.map(({ port, offset }) => ({
    port,
    name: port.name,
    offset,
    write: valueWriter(port),
  }));
  const beatOf = goldenBeat(
    readers.map(r => r.name),
    writers.map(w => w.name),
  );
  const playBeat = beatOf(
    golden,
    readers.map(r => r.read),
    readers.map(r => r.offset),
    writers.map(w => w.write),
    writers.map(w => w.offset),
  );
  golden.reset?.();
  // After reset, and before any beat, a unit with state shows zero.
  const initial = new Uint32Array(output.size);
  for (const { port, offset, write } of writers)
    write(initial, offset, port.lanes > 0 ? new Float64Array(port.lanes) : 0);
  let last = initial;
  return {
    name: 'golden',
    reset() {
      golden.reset?.();
      last = initial;
    },
    run(records, count) {
      const out = new Uint32Array(count * output.size);
      // Where the answer of the last accepted beat stands.
      let from = last;
      let at = 0;
      for (let beat = 0; beat < count; beat++) {
        const base = beat * input.size;
        const target = beat * output.size;
        const accepted = records[base + input.accept]! & 1;
        if (accepted === 0 && design.unit.state) {
          for (let i = 0; i < output.size; i++) out[target + i] = from[at + i]!;
          if (output.accept >= 0) out[target + output.accept] = 0;
          continue;
        }
        playBeat(records, base, out, target);
        if (output.accept >= 0) out[target + output.accept] = accepted;
        if (design.unit.state) {
          from = out;
          at = target;
        }
      }
      last = from.slice(at, at + output.size);
      return out;
    },
  };
}

type PlayBeat = (records: Uint32Array, base: number, out: Uint32Array, target: number) => void;
type BeatOf = (
  golden: Golden<Record<string, PortValue>, Record<string, PortValue>>,
  reads: readonly ReturnType<typeof valueReader>[],
  from: readonly number[],
  writes: readonly ReturnType<typeof valueWriter>[],
  to: readonly number[],
) => PlayBeat;

/**
 * Reads the inputs, asks the golden model, writes the outputs: for these ports, without a loop. Loops over ports would call
 * functions that the compiler does not know, and take several times as long.
 */
function goldenBeat(inputs: readonly string[], outputs: readonly string[]): BeatOf {
  const key = (name: string): string => JSON.stringify(name);
  const list = (of: readonly string[], text: (name: string, i: number) => string, between: string): string =>
    of.map(text).join(between);
  return new Function(
    'golden',
    'reads',
    'from',
    'writes',
    'to',
    `const [${list(inputs, (_, i) => `read${i}`, ', ')}] = reads;
const [${list(inputs, (_, i) => `from${i}`, ', ')}] = from;
const [${list(outputs, (_, i) => `write${i}`, ', ')}] = writes;
const [${list(outputs, (_, i) => `to${i}`, ', ')}] = to;
return (records, base, out, target) => {
  const y = golden.step({ ${list(inputs, (name, i) => `${key(name)}: read${i}(records, base + from${i})`, ', ')} });
  ${list(outputs, (name, i) => `write${i}(out, target + to${i}, y[${key(name)}]);`, '\n  ')}
};`,
  ) as BeatOf;
}

/** The DSL's netlist, run in this process. */
export function interpreterExecution(design: Design): Execution {
  const machine = compile(design.netlist);
  const [input, output] = [inputLayout(design), outputLayout(design)];
  const readers = input.ports.map(({ port, offset }) => ({
    name: port.name,
    offset,
    read: codeReader(port),
  }));
  const writers = output.ports.map(({ port, offset }) => ({
    name: port.name,
    offset,
    write: codeWriter(port),
  }));
  const x: Record<string, ReturnType<(typeof readers)[0]['read']>> = {};
  return {
    name: 'interpreter',
    run(records, count) {
      const out = new Uint32Array(count * output.size);
      for (let beat = 0; beat < count; beat++) {
        const base = beat * input.size;
        for (const { name, offset, read } of readers) x[name] = read(records, base + offset);
        const accepted = records[base + input.accept]! & 1;
        const y = machine.step(x, accepted === 1);
        const target = beat * output.size;
        for (const { name, offset, write } of writers) write(out, target + offset, y[name]!);
        if (output.accept >= 0) out[target + output.accept] = accepted;
      }
      return out;
    },
  };
}
