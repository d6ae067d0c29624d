import { rename } from 'node:fs/promises';
import { type Design, initiationOf } from '../generators/emit/design.ts';
import { draftFor, registerTemporary, removeTemporary } from './cleanup.ts';
import { makeStimulus } from './stimulus.ts';
import { buildProgram, type Model, VerilatorExecution } from './verilator.ts';

/** Cycles shown before and after the one asked for. */
const AROUND = 20;

/** Writes a VCD of the cycles around a beat: the same beats again, through a model that traces. */
export async function writeWave(
  file: string,
  model: Model & { readonly design: Design },
  beat: number,
  seed: number,
  exhaustive: boolean,
): Promise<void> {
  const program = await buildProgram([model], { trace: true });
  const { design } = model;
  const { latency } = design.schedule;
  const stimulus = makeStimulus(design, { vectors: beat + 1 + AROUND, exhaustive, seed });
  // The window of a stream counts results, and the beat goes in before its result comes out.
  const isStream = design.goal.shell === 'stream';
  const at = isStream ? beat : beat * initiationOf(design.goal);
  const from = Math.max(0, at - AROUND - (isStream ? latency : 0));
  const until = at + latency + AROUND;
  const drain = latency + AROUND;
  const draft = draftFor(file);
  registerTemporary(draft);
  const rtl = new VerilatorExecution(program, design, {
    index: 0,
    seed,
    drain,
    latency: 0,
    trace: { file: draft, from, until },
  });
  const size = stimulus.layout.size;
  let left = Math.min(stimulus.count, beat + 1 + AROUND);
  const total = rtl.clocksFor(left) + (isStream ? 0 : drain);
  try {
    while (left > 0) {
      const count = Math.min(4096, left);
      const records = new Uint32Array(count * size);
      stimulus.fill(records, count);
      await rtl.send(records, count);
      left -= count;
    }
    rtl.end();
    await rtl.take(total);
    await rtl.finished();
    await rename(draft, file);
  } finally {
    await rtl.close();
    await removeTemporary(draft);
  }
}
