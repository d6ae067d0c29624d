import { expect, test } from 'vitest';
import { fitDelays, modelledPeriod } from '../../bench/characterize.ts';
import { Builder } from '../../generators/hdl/builder.ts';
import { freeze } from '../../generators/hdl/module.ts';
import { schedule } from '../../generators/hdl/schedule.ts';
import { GENERIC_DELAYS } from '../../generators/hdl/timing.ts';

/** So many multiplexers, then so many sums and gates in turns. */
function path(width: number, muxes: number, sums: number, stages: number) {
  const b = new Builder();
  const [x, y, c] = [b.input('x', width), b.input('y', width), b.input('c', 1)];
  let z = x;
  for (let i = 0; i < muxes; i++) z = b.mux(c, z.xor(y), y).bits(width - 1, 0);
  for (let i = 0; i < sums; i++)
    z = z
      .add(y)
      .bits(width - 1, 0)
      .xor(x);
  return schedule(freeze(b, { z }), stages);
}

test('delays come back from the periods that they make', () => {
  const real = { ...GENERIC_DELAYS, lut: 0.8, chain: 0.5, carry: 0.12, register: 1.7 };
  const samples = [
    path(8, 1, 0, 0),
    path(8, 5, 1, 0),
    path(16, 2, 3, 0),
    path(30, 1, 4, 0),
    path(30, 4, 4, 2),
  ].map(s => {
    return { schedule: s, periodNs: modelledPeriod(s, real) };
  });
  const found = fitDelays(samples, { ...GENERIC_DELAYS, carry: real.carry });
  for (const key of ['lut', 'chain', 'carry', 'register'] as const)
    expect(found[key], key).toBeCloseTo(real[key], 3);
});
