/**
 * A thread that compares the golden model with netlists on ranges of inputs, as it is told. It composes the design itself, from
 * what can be sent to a thread.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { type Design, design } from '../generators/emit/design.ts';
import { NetlistMachine } from '../generators/netlist/machine.ts';
import { LANES } from '../generators/netlist/program.ts';
import { loadUnit } from '../generators/reflect/catalogue.ts';
import type { Unit } from '../generators/units/unit.ts';
import { inputLayout, outputLayout } from './codec.ts';
import type { EnumerationJob, RangeResult } from './enumeration.ts';
import { goldenExecution } from './executions.ts';
import { fillInputs } from './inputSpace.ts';
import { recordsOf } from './netlist.ts';
import type { Range } from './ranges.ts';

/** Beats that are played together: many beside those of the latency, few enough for the caches. */
const CHUNK = 64 * LANES;

const job = workerData as EnumerationJob;
const composed = await compose(job);
const netlists = Object.entries(job.netlists).map(([name, gates]) => ({
  name,
  machine: new NetlistMachine(gates, recordsOf(composed)),
}));
const golden = goldenExecution(composed);
const [layout, outSize] = [inputLayout(composed), outputLayout(composed).size];
const records = new Uint32Array(CHUNK * layout.size);

parentPort!.on('message', (range: Range) => parentPort!.postMessage(compare(range)));
parentPort!.postMessage('ready');

async function compose({ unit, params, goal, fabric }: EnumerationJob): Promise<Design> {
  if ('id' in unit) return design(await loadUnit(unit.id), params, goal, fabric);
  const source = `data:text/javascript;base64,${Buffer.from(unit.source).toString('base64')}`;
  const loaded = (await import(source)) as { unit: Unit<typeof params> };
  return design(loaded.unit, params, goal, fabric);
}

/** Plays a range; counts the inputs at which some netlist differs, and keeps the first. */
function compare({ from, count }: Range): RangeResult {
  let mismatches = 0;
  let first: RangeResult['first'];
  for (let at = from; at < from + count; at += CHUNK) {
    const beats = Math.min(CHUNK, from + count - at);
    fillInputs(layout, records, at, CHUNK);
    const expected = golden.run(records, beats);
    const wrong = new Set<number>();
    for (const { name, machine } of netlists) {
      const got = machine.playBeats(records, CHUNK, composed.schedule.latency);
      for (let i = 0; i < expected.length; i++) {
        if (got[i] === expected[i]) continue;
        const beat = Math.floor(i / outSize);
        wrong.add(beat);
        if (first && first.beat <= at + beat) continue;
        const slice = (words: Uint32Array, size: number): Uint32Array =>
          words.slice(beat * size, (beat + 1) * size);
        first = {
          engine: name,
          beat: at + beat,
          input: slice(records, layout.size),
          expected: slice(expected, outSize),
          got: slice(got, outSize),
        };
      }
    }
    mismatches += wrong.size;
  }
  return { from, count, mismatches, ...(first ? { first } : {}) };
}
