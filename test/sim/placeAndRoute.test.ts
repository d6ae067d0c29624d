import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { addReportOptions, runReport } from '../../generators/cli/reportCommand.ts';
import { openSession } from '../../generators/cli/session.ts';

// What an earlier run has kept would hide what this one does.
const cache = mkdtempSync(join(tmpdir(), 'subbyte-routed-'));
vi.stubEnv('SUBBYTE_CACHE', cache);
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(cache, { recursive: true });
});

const routed = async (...args: string[]) => {
  const flags = ['--target', 'ice40', '--pnr', '--quiet', ...args];
  const session = await openSession('gen report', '', flags, addReportOptions, true);
  return (await runReport(session)).results;
};

describe('place and route', () => {
  test('tells a clock beside the figures after synthesis, and registers inside raise it', {
    timeout: 240_000,
  }, async () => {
    const plain = await routed('--unit', 'fx-mul');
    const staged = await routed('--unit', 'fx-mul', '--stages', '2');
    expect(plain.map(r => r.stage)).toEqual(['synthesis', 'routed']);
    expect(plain[0]!.fmaxMHz).toBeUndefined();
    const [before, after] = [plain[1]!, staged[1]!];
    expect(Object.keys(before.fmaxMHzBySeed!)).toEqual(['1', '2', '3']);
    expect(before.tool).toMatch(/^nextpnr-ice40 /);
    expect(before.device).toBe('iCE40HX8K-CT256');
    const clocks = Object.values(before.fmaxMHzBySeed!).toSorted((a, b) => a - b);
    expect(before.fmaxMHz).toBe(clocks[1]);
    // A path through an 8 × 8 product takes far longer than one from register to register.
    expect(before.fmaxMHz!).toBeLessThan(120);
    expect(after.fmaxMHz!).toBeGreaterThan(1.2 * before.fmaxMHz!);
  });

  test('is refused where no family has a router', async () => {
    const session = await openSession(
      'gen report',
      '',
      ['--unit', 'fx-mul', '--target', 'xc7', '--pnr'],
      addReportOptions,
      true,
    );
    await expect(runReport(session)).rejects.toThrow(/no router for xc7; there is one for ice40/);
  });
});
