import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Design } from '../../generators/emit/design.ts';
import { verify } from '../../sim/verify.ts';
import { buildProgram, findVerilator, lint, VerilatorExecution } from '../../sim/verilator.ts';
import { designOf, modelOf } from './units.ts';

const folder = mkdtempSync(join(tmpdir(), 'subbyte-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const missing = await findVerilator().then(
  () => undefined,
  (error: Error) => error.message,
);
if (missing) console.log(`co-simulation is skipped: ${missing}`);

const OPTIONS = { vectors: 3000, exhaustive: false, seed: 1 };
const BOTH = ['interpreter', 'verilator'];

/** The same design, which claims another latency. */
const claiming = (design: Design, latency: number): Design => ({
  ...design,
  schedule: { ...design.schedule, latency },
});

describe.skipIf(missing !== undefined)('with Verilator', () => {
  const designs = {
    plain: designOf('shifted'),
    staged: designOf('shifted', { stages: 2 }),
    state: designOf('counting', { stages: 1 }),
    valid: designOf('counting', { shell: 'valid' }),
    stream: designOf('counting', { shell: 'stream', stages: 1 }),
    rare: designOf('rare', { stages: 1 }),
  };
  const names = Object.keys(designs) as (keyof typeof designs)[];
  let path: string;
  beforeAll(async () => {
    path = await buildProgram(names.map(name => modelOf(designs[name], `m_${name}`)));
  }, 300_000);
  const programOf = (name: keyof typeof designs): { path: string; index: number } => ({
    path,
    index: names.indexOf(name),
  });

  test.each(names)('%s agrees, and its latency is as declared', async name => {
    const result = await verify(designs[name], BOTH, programOf(name), OPTIONS);
    const { latency } = designs[name].schedule;
    expect(result).toMatchObject({
      vectors: 3000,
      exhaustive: false,
      engines: ['golden', ...BOTH],
      mismatches: 0,
      latency: { declared: latency, measured: latency },
    });
    expect(result.first).toBeUndefined();
  });

  test('every input', async () => {
    const result = await verify(designs.staged, BOTH, programOf('staged'), { ...OPTIONS, exhaustive: true });
    expect(result).toMatchObject({ vectors: 2048, exhaustive: true, mismatches: 0 });
  });

  test.each([
    ['staged', 1],
    ['staged', 3],
    ['plain', 1],
    ['state', 1],
    ['valid', 0],
    ['valid', 2],
  ] as const)('%s that declares %i cycles is found out', async (name, latency) => {
    const actual = designs[name].schedule.latency;
    expect(actual).not.toBe(latency);
    const result = await verify(claiming(designs[name], latency), BOTH, programOf(name), OPTIONS);
    expect(result.latency).toEqual({ declared: latency, measured: actual });
    expect(result.mismatches).toBeGreaterThan(0);
    expect(result.first?.engine).toBe('verilator');
  });

  test('a stream that declares another latency is found out, though each result is right', async () => {
    const result = await verify(claiming(designs.stream, 5), BOTH, programOf('stream'), OPTIONS);
    expect(result).toMatchObject({ mismatches: 0, latency: { declared: 5, measured: 2 } });
  });

  test('a handful of beats does not mislead the measurement', async () => {
    for (const vectors of [1, 2]) {
      const result = await verify(designs.state, BOTH, programOf('state'), { ...OPTIONS, vectors });
      expect(result).toMatchObject({ vectors, mismatches: 0, latency: { declared: 2, measured: 2 } });
    }
  });

  test('no beats: nothing is compared and nothing is measured', async () => {
    const result = await verify(designs.plain, BOTH, programOf('plain'), { ...OPTIONS, vectors: 0 });
    expect(result).toMatchObject({ vectors: 0, mismatches: 0, latency: { measured: null } });
  });

  test('another module than the golden model means: the first difference, in full', async () => {
    // The netlist of the plain unit, whose golden model is made to say something else for one input.
    const wrong: Design = {
      ...designs.plain,
      unit: {
        ...designs.plain.unit,
        golden: () => ({
          step: ({ x, k }) => {
            const list = [...(x as Float64Array)];
            return { y: list.map((v, i) => (i === 2 && v === 3 && k === 2 ? 0 : v + Number(k))) };
          },
        }),
      },
    };
    const result = await verify(wrong, BOTH, programOf('plain'), { ...OPTIONS, exhaustive: true });
    // x[2] = 3 and k = 2, whatever the other lanes are: 64 inputs.
    expect(result).toMatchObject({ mismatches: 64, latency: { measured: 0 } });
    expect(result.first).toMatchObject({ engine: 'interpreter', beat: 2 * 512 + 3 * 64 });
    const { input, expected, got } = result.first!;
    expect([...input]).toEqual([3 << 6, 2, 1]);
    expect([...expected]).toEqual([0x022]);
    expect([...got]).toEqual([0x522]);
  });

  test('lint tells what is wrong, and where', async () => {
    const file = join(folder, 'bad.v');
    writeFileSync(file, 'module bad(input wire [3:0] a, output wire y);\nassign y = a;\nendmodule\n');
    const { tool, warnings } = await lint(file, 'bad');
    expect(tool).toMatch(/^Verilator \d/);
    expect(warnings[0]).toMatch(/^%Warning-WIDTH\w*: bad\.v:2:/);
  });

  test('a module that Verilator refuses is a failure with its words', async () => {
    const model = { ...modelOf(designs.plain, 'm_broken'), verilog: 'module m_broken(;\nendmodule\n' };
    await expect(buildProgram([model])).rejects.toThrow(/^verilator failed:\n%Error: .*m_broken\.v:1:/);
  });
});

describe('a simulation that goes wrong is a failure', () => {
  const script = (name: string, text: string): string => {
    const file = join(folder, name);
    writeFileSync(file, `#!/bin/sh\n${text}\n`);
    chmodSync(file, 0o755);
    return file;
  };
  const LONG = { ...OPTIONS, vectors: 60_000 };
  const run = (path: string): Promise<unknown> =>
    verify(designOf('counting'), BOTH, { path, index: 0 }, LONG);

  test('it does not start', async () => {
    await expect(run(join(folder, 'none'))).rejects.toThrow(/^the simulation does not start: .*ENOENT/);
  });

  test('it ends at once, with a word or without', async () => {
    await expect(run(script('says', 'echo "out of luck" >&2; exit 3'))).rejects.toThrow(
      'the simulation ended with code 3: out of luck',
    );
    await expect(run(script('silent', 'exit 1'))).rejects.toThrow(/^the simulation ended with code 1$/);
  });

  test('it dies on the way', async () => {
    await expect(run(script('dies', 'head -c 4000; kill -9 $$'))).rejects.toThrow(
      /^the simulation ended with SIGKILL$/,
    );
  });

  test('it ends well, but early', async () => {
    await expect(run(script('early', 'head -c 4000'))).rejects.toThrow(
      /^the simulation ended \d+ bytes early$/,
    );
  });

  test('it answers and then fails', async () => {
    const path = script('late', 'head -c 100000000 /dev/zero; cat >/dev/null; exit 7');
    await expect(run(path)).rejects.toThrow('the simulation ended with code 7');
  });

  test('giving it beats after its end does not wait for ever', async () => {
    const rtl = new VerilatorExecution(script('gone', 'exit 5'), designOf('counting'), {
      index: 0,
      seed: 1,
      drain: 0,
      latency: 0,
    });
    await expect(rtl.finished()).rejects.toThrow('the simulation ended with code 5');
    await rtl.send(new Uint32Array(3 * 100_000), 100_000);
    rtl.end();
    await expect(rtl.receive(1)).rejects.toThrow('the simulation ended with code 5');
    await rtl.close();
  });
});
