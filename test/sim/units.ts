import { type Design, design, type Goal, type Parameters } from '../../generators/emit/design.ts';
import { emitModule, moduleView } from '../../generators/emit/module.ts';
import { defineUnit, type Unit } from '../../generators/units/unit.ts';
import { render } from '../../sim/templates.ts';
import type { Model } from '../../sim/verilator.ts';

const GOAL: Goal = { stages: 0, shell: 'bare', multipliers: 'auto' };
const about = { family: 'example', summary: 'For tests.', source: 'tests' } as const;

type Any = Unit<Parameters>;

/** y[i] = x[i] + k, of few input bits; with corner beats of its own. */
const shifted = defineUnit<Parameters, { x: Float64Array; k: number }, { y: number[] }>({
  ...about,
  id: 'shifted',
  equations: ['y[i] = x[i] + k'],
  state: false,
  ports: () => ({
    in: {
      x: { format: 'int3', lanes: 3, doc: 'integers' },
      k: { format: 'uint2', doc: 'what is added' },
    },
    out: { y: { format: 'int4', lanes: 3, doc: 'their sums' } },
  }),
  golden: () => ({ step: ({ x, k }) => ({ y: [...x].map(v => v + k) }) }),
  datapath(b, x) {
    const k = x.signal('k');
    return { y: b.lanes('add', [x.vector('x')] as const, v => v.add(k)) };
  },
  corners: () => [{ x: [1n, 2n, 3n], k: 3n }],
}) as unknown as Any;

/** A running sum, modulo 256. */
const counting = defineUnit<Parameters, { x: number; clear: number }, { y: number }>({
  ...about,
  id: 'counting',
  equations: ['y ← ((clear ? 0 : y) + x) mod 256'],
  state: true,
  ports: () => ({
    in: { x: { format: 'uint8', doc: 'the term' }, clear: { format: 'uint1', doc: 'starts anew' } },
    out: { y: { format: 'uint8', doc: 'the sum' } },
  }),
  golden() {
    let sum = 0;
    return {
      reset() {
        sum = 0;
      },
      step({ x, clear }) {
        sum = ((clear ? 0 : sum) + x) & 255;
        return { y: sum };
      },
    };
  },
  datapath(b, x) {
    const sum = b.register('total', { min: 0n, max: 255n });
    sum.next(b.mux(x.signal('clear'), b.const(0), sum.value).add(x.signal('x')).wrap(8, false));
    return { y: sum.after };
  },
}) as unknown as Any;

/** An answer that hardly ever changes. */
const rare = defineUnit<Parameters, { x: number }, { y: number }>({
  ...about,
  id: 'rare',
  equations: ['y = x is 2^32 - 7'],
  state: false,
  ports: () => ({
    in: { x: { format: 'uint32', doc: 'any number' } },
    out: { y: { format: 'uint1', doc: 'whether it is the one' } },
  }),
  golden: () => ({ step: ({ x }) => ({ y: x === 2 ** 32 - 7 ? 1 : 0 }) }),
  datapath: (_, x) => ({ y: x.signal('x').eq(2 ** 32 - 7) }),
}) as unknown as Any;

const UNITS = { shifted, counting, rare };

export const designOf = (unit: keyof typeof UNITS, goal: Partial<Goal> = {}): Design =>
  design(UNITS[unit], {}, { ...GOAL, ...goal });

/** What a simulation is built from. */
export function modelOf(made: Design, name: string): Model {
  const request = { id: made.unit.id, summary: '', changed: {}, name, spdx: 'CC0-1.0', annotate: false };
  const module = emitModule(made, request);
  return { design: made, module: name, verilog: render('module.v.hbs', moduleView(made, module, request)) };
}
