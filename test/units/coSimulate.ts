import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Design } from '../../generators/emit/design.ts';
import { built } from '../built.ts';
import { type Case, expand } from './expand.ts';
import type { Row } from './row.ts';

const { design } = await built<typeof import('../../generators/emit/design.ts')>('generators/emit/design');
const { emitModule, moduleView } =
  await built<typeof import('../../generators/emit/module.ts')>('generators/emit/module');
const { findUnit, loadUnit } = await built<typeof import('../../generators/reflect/catalogue.ts')>(
  'generators/reflect/catalogue',
);
const { inputBits } = await built<typeof import('../../sim/inputSpace.ts')>('sim/inputSpace');
const { fabricOf, loadTarget } = await built<typeof import('../../sim/targets.ts')>('sim/targets');
const { render } = await built<typeof import('../../sim/templates.ts')>('sim/templates');
const { buildProgram, findVerilator, lint } =
  await built<typeof import('../../sim/verilator.ts')>('sim/verilator');
const { verify } = await built<typeof import('../../sim/verify.ts')>('sim/verify');

/** Models that share one program: compiling them together is quicker than apart. */
const SHARD = 8;
/** Up to so many input bits of a stateless unit, all inputs are tried. */
const EXHAUSTIVE_BITS = Number(process.env.SUBBYTE_EXHAUSTIVE_BITS ?? 16);

const verilator = await findVerilator().catch((error: Error) => error);
const missing = verilator instanceof Error ? verilator.message : undefined;
if (missing) console.log(`co-simulation is skipped: ${missing}`);

/** The model of a case. */
export async function compose(
  c: Case,
  index: number,
): Promise<{ design: Design; module: string; verilog: string }> {
  const found = findUnit(c.unit);
  if (!found) throw new Error(`the matrix names '${c.unit}', which is no unit`);
  const { entry, preset } = found;
  const defaults = Object.fromEntries(entry.params.map(p => [p.name, p.default]));
  const params = { ...defaults, ...preset?.params, ...c.params };
  const { target } = c.goal;
  const fabric = target === undefined ? undefined : fabricOf(loadTarget(target));
  const composed = design(await loadUnit(c.unit), params, c.goal, fabric);
  const request = {
    id: c.unit,
    summary: '',
    changed: {},
    name: `m${index}_${c.unit.replaceAll('-', '_')}`,
    spdx: 'CC0-1.0',
    annotate: false,
  };
  const module = emitModule(composed, request);
  return {
    design: composed,
    module: module.name,
    verilog: render('module.v.hbs', moduleView(composed, module, request)),
  };
}

/** Lint, latency, and the golden model against interpreter and Verilog, for each case of some rows. */
export function coSimulate(rows: readonly Row[]): void {
  const cases = rows.flatMap(expand);
  for (let start = 0; start < cases.length; start += SHARD) {
    const shard = cases.slice(start, start + SHARD);
    describe.skipIf(missing !== undefined)(`co-simulation ${start / SHARD + 1}`, () => {
      let models: Awaited<ReturnType<typeof compose>>[];
      let program: string;
      let folder: string;
      beforeAll(async () => {
        folder = await mkdtemp(join(tmpdir(), 'subbyte-test-'));
        models = await Promise.all(shard.map(compose));
        program = await buildProgram(models);
      }, 600_000);
      afterAll(() => rm(folder, { recursive: true, force: true }));

      test.each(shard.map((c, i) => [c.title, i] as const))('%s', async (_, i) => {
        const model = models[i]!;
        const file = join(folder, `${model.module}.v`);
        await writeFile(file, model.verilog);
        expect((await lint(file, model.module)).warnings).toEqual([]);
        const exhaustive = !model.design.unit.state && inputBits(model.design) <= EXHAUSTIVE_BITS;
        const result = await verify(
          model.design,
          ['interpreter', 'verilator'],
          { path: program, index: i },
          {
            vectors: shard[i]!.vectors ?? 4000,
            exhaustive,
            seed: 1,
          },
        );
        expect(result).toMatchObject({ mismatches: 0, engines: ['golden', 'interpreter', 'verilator'] });
        expect(result.vectors).toBeGreaterThan(0);
        expect(result.latency.measured).toBe(result.latency.declared);
      });
    });
  }
}
