import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { ended, folderOfTests, gen, start } from './run.ts';

const folder = folderOfTests();
const env = { SUBBYTE_CACHE: join(folder, 'cache') };
const netlistOnly = ['--engine', 'netlist', '--json'];

describe('gen verify on more inputs than all executions can play', () => {
  const product = ['verify', '--unit', 'fx-mul', '--a', 'int13', '--b', 'uint13', ...netlistOnly];

  test('goes on where it was killed, and says so', async () => {
    const checkpoints = join(env.SUBBYTE_CACHE, 'checkpoints');
    const run = start(product, { env });
    const end = ended(run);
    while (!existsSync(checkpoints) || readdirSync(checkpoints).length === 0) {
      if (run.exitCode !== null) throw new Error('the run ended before it made a note; give it more inputs');
      await sleep(5);
    }
    run.kill('SIGKILL');
    await end;
    const { code, stdout } = await gen(product, { env });
    const document = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(document).toMatchObject({
      vectors: 2 ** 26,
      exhaustive: true,
      engines: ['golden', 'netlist'],
      sampled: { vectors: 100_000 },
      mismatches: 0,
    });
    expect(document.resumed).toBeGreaterThan(0);
    expect(document.coverage).toMatch(/^all 67,108,864 inputs in netlist; /);
    expect(readdirSync(checkpoints)).toEqual([]);
  }, 120_000);

  test("takes a user's own unit, and finds where it is wrong", async () => {
    writeFileSync(
      join(folder, 'rare.ts'),
      `import { defineUnit } from 'subbyte/units/unit';
export interface Params {}
/** A sum with a flaw at one input of 2^26. */
export const unit = defineUnit<Params, { a: number; b: number }, { y: number }>({
  id: 'rare', family: 'example', summary: 'A sum with a flaw.', equations: ['y = a + b'], source: 'a test', state: false,
  ports: () => ({
    in: { a: { format: 'uint13', doc: 'one' }, b: { format: 'uint13', doc: 'other' } },
    out: { y: { format: 'uint14', doc: 'sum' } },
  }),
  golden: () => ({ step: ({ a, b }) => ({ y: a + b }) }),
  datapath(b, x) {
    const sum = x.signal('a').add(x.signal('b'));
    const isRare = x.signal('a').eq(b.const(1234)).and(x.signal('b').eq(b.const(5678)));
    return { y: b.mux(isRare, b.const(0), sum) };
  },
});
`,
    );
    const { code, stdout } = await gen(['verify', '--unit', './rare.ts', ...netlistOnly], {
      env,
      cwd: folder,
    });
    const document = JSON.parse(stdout);
    expect(code).toBe(4);
    expect(document).toMatchObject({
      mismatches: 1,
      exhaustive: false,
      firstMismatch: {
        beat: 1234 + 5678 * 2 ** 13,
        engine: 'netlist',
        inputs: { a: '0x04d2', b: '0x162e' },
        expected: { y: '0x1b00' },
        got: { y: '0x0000' },
      },
    });
    expect(document.firstMismatch.replay).toContain('--exhaustive');
  }, 120_000);
});
