import { DEFAULT_GOAL, design, type Parameters } from '../../generators/emit/design.ts';
import { emitModule, moduleView } from '../../generators/emit/module.ts';
import { defineUnit, type Unit } from '../../generators/units/unit.ts';
import type { Source } from '../../mutate/lower.ts';
import { type Beats, vectors } from '../../mutate/play.ts';
import { makeStimulus } from '../../sim/stimulus.ts';
import { render } from '../../sim/templates.ts';

/** Units so small that each of their faults is judged in a moment. */
const about = { family: 'example', summary: 'For tests.', source: 'tests' } as const;
type Any = Unit<Parameters>;

/** Two numbers are added; what is above a limit is the limit. */
const limited = defineUnit<Parameters, { a: number; b: number }, { y: number }>({
  ...about,
  id: 'limited',
  equations: ['y = min(a + b, 700)'],
  state: false,
  ports: () => ({
    in: { a: { format: 'uint10', doc: 'a number' }, b: { format: 'uint10', doc: 'another' } },
    out: { y: { format: 'uint10', doc: 'their sum, limited' } },
  }),
  golden: () => ({ step: ({ a, b }) => ({ y: Math.min(a + b, 700) }) }),
  datapath(b, x) {
    const sum = x.signal('a').add(x.signal('b'));
    return { y: b.mux(sum.lt(700), sum, b.const(700)).wrap(10, false) };
  },
  corners: () => [
    { a: 350n, b: 349n },
    { a: 350n, b: 350n },
    { a: 351n, b: 350n },
  ],
}) as unknown as Any;

/** A running sum with a bit that starts it anew. */
const summing = defineUnit<Parameters, { x: number; clear: number }, { y: number }>({
  ...about,
  id: 'summing',
  equations: ['y ← ((clear ? 0 : y) + x) mod 64'],
  state: true,
  ports: () => ({
    in: { x: { format: 'uint6', doc: 'the term' }, clear: { format: 'uint1', doc: 'starts anew' } },
    out: { y: { format: 'uint6', doc: 'the sum' } },
  }),
  golden() {
    let sum = 0;
    return {
      reset() {
        sum = 0;
      },
      step({ x, clear }) {
        sum = ((clear ? 0 : sum) + x) & 63;
        return { y: sum };
      },
    };
  },
  datapath(b, x) {
    const sum = b.register('total', { min: 0n, max: 63n });
    sum.next(b.mux(x.signal('clear'), b.const(0), sum.value).add(x.signal('x')).wrap(6, false));
    return { y: sum.after };
  },
}) as unknown as Any;

const UNITS = { limited, summing };

/** A unit as the campaign takes it. */
export function sourceOf(id: keyof typeof UNITS): Source {
  const made = design(UNITS[id], {}, DEFAULT_GOAL);
  const request = { id, summary: '', changed: {}, name: id, spdx: 'CC0-1.0', annotate: false };
  const module = emitModule(made, request);
  const verilog = render('module.v.hbs', moduleView(made, module, request));
  return { design: made, verilog, top: id, request };
}

/** The first beats of its vectors. */
export function beatsOf({ design: made }: Source, count: number): Beats[] {
  return [...vectors(made, makeStimulus(made, { vectors: count, exhaustive: false, seed: 1 }))];
}

/** All its inputs, in order: for a unit without state. */
export function* everyBeatOf({ design: made }: Source): Generator<Beats> {
  yield* vectors(made, makeStimulus(made, { vectors: 0, exhaustive: true, seed: 1 }));
}
