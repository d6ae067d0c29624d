import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { closeYosys } from '../../fuzz/batch.ts';
import { runCampaign } from '../../fuzz/campaign.ts';
import { crashersBelow, readCrasher, replay } from '../../fuzz/crasher.ts';
import { type Failure, playerOf } from '../../fuzz/failure.ts';
import { OPERATIONS } from '../../fuzz/programs.ts';
import { runnableTargets } from '../../sim/netlist.ts';
import { projectRoot } from '../../sim/root.ts';
import { findVerilator } from '../../sim/verilator.ts';

afterAll(() => closeYosys());

const verilator = await findVerilator().catch(() => undefined);
const CRASHERS = join(projectRoot, 'test/crashers');

describe.skipIf(!verilator)('random programs', () => {
  test('of a fixed seed agree on every execution', async () => {
    const sizes = { programs: 80, netlist: 6, mapped: 0, mappedEvery: 1 };
    const campaign = await runCampaign({ seed: 2024, minutes: 0, programs: 80, sizes });
    expect(campaign.crashers).toEqual([]);
    expect(campaign.executions).toMatchObject({ interpreter: 80, verilator: 80, netlist: 6 });
    const missing = OPERATIONS.filter(op => campaign.operations[op] === 0);
    expect(missing).toEqual([]);
  });

  test('that once failed agree now', async () => {
    const crashers = crashersBelow(CRASHERS).map(readCrasher);
    const found: Failure[] = await replay(
      crashers.map(c => c.case),
      [],
    );
    for (const family of runnableTargets()) {
      const mapped = crashers.filter(c => playerOf(c.kind) === family);
      if (mapped.length > 0)
        found.push(
          ...(await replay(
            mapped.map(c => c.case),
            [family],
          )),
        );
    }
    expect(found.map(({ kind, text }) => `${kind}: ${text}`)).toEqual([]);
  });
});
