import { initiationOf, type Played } from '../generators/emit/design.ts';
import { inputLayout, outputLayout } from './codec.ts';

/** How beats become clocks: where beats must keep a distance, clocks without one stand between them. */
export interface Clocks {
  /** Clocks of each beat: itself, and those before the next one. */
  readonly each: number;
  /** Input records of all clocks, from those of the beats. */
  spread(records: Uint32Array, count: number): Uint32Array;
  /** Output records of the beats, from those of all clocks. */
  gather(shown: Uint32Array, count: number): Uint32Array;
}

/** Between beats nothing is accepted, and each bit of each port is the opposite of what it was: nothing may depend on it. */
export function clocksOf(design: Played): Clocks {
  const each = initiationOf(design.goal);
  const [input, output] = [inputLayout(design), outputLayout(design)];
  const opposite = new Uint32Array(input.size);
  for (const { port, offset, words } of input.ports) {
    opposite.fill(0xffffffff, offset, offset + words);
    if (port.width % 32 > 0) opposite[offset + words - 1] = 2 ** (port.width % 32) - 1;
  }
  return {
    each,
    spread(records, count) {
      if (each === 1) return records;
      const { size } = input;
      const all = new Uint32Array(count * each * size);
      for (let beat = 0; beat < count; beat++) {
        const record = records.subarray(beat * size, (beat + 1) * size);
        const first = beat * each * size;
        all.set(record, first);
        const idle = record.map((word, i) => (i === input.accept ? 0 : word ^ opposite[i]!));
        for (let clock = 1; clock < each; clock++) all.set(idle, first + clock * size);
      }
      return all;
    },
    gather(shown, count) {
      if (each === 1) return shown;
      const { size } = output;
      const answers = new Uint32Array(count * size);
      for (let beat = 0; beat < count; beat++)
        answers.set(shown.subarray(beat * each * size, (beat * each + 1) * size), beat * size);
      return answers;
    },
  };
}
