import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { killAtRandom } from '../../fuzz/kill.ts';
import { findVerilator } from '../../sim/verilator.ts';

const verilator = await findVerilator().catch(() => undefined);

/** Some of what `npm run fuzz -- --kill 200` does. */
test.skipIf(!verilator || !existsSync('/proc/self/environ'))(
  'a killed gen leaves nothing half written, nothing running, and the next run clean',
  async () => {
    const { problems, killed } = await killAtRandom(5, 3);
    expect(problems).toEqual([]);
    expect(Object.values(killed).reduce((a, b) => a + b, 0)).toBeGreaterThan(0);
  },
  300_000,
);
