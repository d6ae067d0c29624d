import type { Design } from '../generators/emit/design.ts';
import { compile } from '../generators/hdl/interpret.ts';
import type { PortValue } from '../generators/units/unit.ts';
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
  const x: Record<string, PortValue> = {};
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
        for (const { name, offset, read } of readers) x[name] = read(records, base + offset);
        const y = golden.step(x);
        for (const { name, offset, write } of writers) write(out, target + offset, y[name]!);
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
