/**
 * What the hardware costs: `npm run qor`. Each row of the table is synthesized for each family as `gen report` does it, and so is the
 * same function in behavioural Verilog, in the same Yosys with the same settings. That the two are the same function is checked
 * with vectors before anything is counted. Results go to docs/data/qor.json with `--save`; what is in there already is kept.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { EXIT, Exit, UsageError } from '../../generators/cli/errors.ts';
import { parse } from '../../generators/cli/options.ts';
import { color, makeOutput, table } from '../../generators/cli/output.ts';
import { openSession } from '../../generators/cli/session.ts';
import { NetlistMachine } from '../../generators/netlist/machine.ts';
import { Cache, fingerprint } from '../../sim/cache.ts';
import { gatesFor, recordsOf } from '../../sim/netlist.ts';
import { originsOf, report } from '../../sim/report.ts';
import { projectRoot } from '../../sim/root.ts';
import type { Design } from '../../sim/synthesis.ts';
import { loadTarget } from '../../sim/targets.ts';
import { verify } from '../../sim/verify.ts';
import { writeWhole } from '../../sim/writeWhole.ts';
import { Yosys, yosysTool } from '../../sim/yosys.ts';
import { runAsProgram } from '../runAsProgram.ts';
import { FAMILIES, type Family, ROWS, type Row } from './rows.ts';

const FILE = join(projectRoot, 'docs', 'data', 'qor.json');
const VECTORS = 20_000;

/** Of one synthesis. */
export interface Cost {
  readonly luts: number;
  readonly carries: number;
  readonly levels: number;
  readonly logicDelayNs?: number;
}

export interface Measured {
  readonly row: string;
  readonly family: Family;
  /** Of all that both results depend on: with the same key they are the same. */
  readonly key: string;
  readonly ours: Cost;
  readonly behavioural: Cost;
}

export interface Saved {
  readonly schema: string;
  readonly tool: string;
  readonly results: readonly Measured[];
}

/** The text of a baseline with its parameters set. */
export function baselineText({ top, params = {} }: Row['baseline']): string {
  let text = readFileSync(join(projectRoot, 'bench', 'qor', 'baselines', `${top}.v`), 'utf8');
  for (const [name, value] of Object.entries(params)) {
    const set = text.replace(new RegExp(`parameter ${name} = \\d+`), `parameter ${name} = ${value}`);
    if (set === text && !text.includes(`parameter ${name} = ${value}`))
      throw new Error(`${top}.v has no parameter ${name}`);
    text = set;
  }
  return text;
}

/** Vectors on which other Verilog, as the behavioural one, differs from the golden model of the unit. */
export async function baselineMismatches(row: Pick<Row, 'unit' | 'baseline'>): Promise<number> {
  const { design } = await openSession('qor', '', ['--unit', ...row.unit], () => {});
  const gates = await gatesFor(baselineText(row.baseline), row.baseline.top);
  const netlists = { behavioural: new NetlistMachine(gates, recordsOf(design)) };
  const options = { vectors: VECTORS, exhaustive: false, seed: 1, netlists };
  return (await verify(design, [], undefined, options)).mismatches;
}

async function main(argv: readonly string[]): Promise<void> {
  const command = new Command('npm run qor --')
    .description('Hardware cost of our units beside behavioural Verilog, on each family.')
    .configureOutput({ writeErr: () => {}, outputError: () => {} })
    .exitOverride()
    .option('--row <list>', `of ${ROWS.map(r => r.id).join(', ')}`)
    .option('--target <list>', `of ${FAMILIES.join(', ')}`)
    .option('--save', 'write docs/data/qor.json')
    .option('--json', 'one JSON document on standard output')
    .option('--quiet', 'results only');
  parse(command, argv);
  const options = command.opts();
  const output = makeOutput(options);
  const rows = chosen(options.row, ROWS, r => r.id, 'row');
  const families = chosen(options.target, FAMILIES, f => f, 'target');
  const results = new Map<string, Measured>();
  for (const r of saved()) results.set(`${r.row} ${r.family}`, r);
  const yosys = new Yosys();
  try {
    for (const row of rows) {
      let isChecked = false;
      for (const family of families) {
        const work = await prepare(row, family);
        const name = `${row.id} ${family}`;
        if (results.get(name)?.key === work.key) continue;
        if (!isChecked) {
          const wrong = await baselineMismatches(row);
          if (wrong > 0)
            throw new Exit(
              EXIT.mismatch,
              `${row.baseline.top}.v is not the function of ${row.id}: ${wrong} of ${VECTORS} vectors differ`,
            );
          isChecked = true;
        }
        results.set(name, await work.run(yosys));
        output.note(`${name}: ${results.get(name)!.ours.luts} LUTs`);
        if (options.save) await save(results, await yosysTool());
      }
    }
  } finally {
    await yosys.close();
  }
  const wanted = rows.flatMap(r => families.map(f => results.get(`${r.id} ${f}`)!));
  const document = { schema: 'subbyte/qor/1', tool: await yosysTool(), results: wanted };
  if (output.json) output.document(document);
  else output.print(qorTable(wanted));
}

function saved(): readonly Measured[] {
  return existsSync(FILE) ? (JSON.parse(readFileSync(FILE, 'utf8')) as Saved).results : [];
}

/** In the order of the table, so that a change shows as a change and not as a move. */
async function save(results: ReadonlyMap<string, Measured>, tool: string): Promise<void> {
  const all = ROWS.flatMap(r => FAMILIES.map(f => results.get(`${r.id} ${f}`)).filter(x => x !== undefined));
  const document: Saved = { schema: 'subbyte/qor/1', tool, results: all };
  await writeWhole(FILE, `${JSON.stringify(document, null, 1)}\n`);
}

function chosen<T>(list: unknown, all: readonly T[], idOf: (x: T) => string, flag: string): readonly T[] {
  if (list === undefined) return all;
  return String(list)
    .split(',')
    .map(id => {
      const found = all.find(x => idOf(x) === id);
      if (found === undefined)
        throw new UsageError(`--${flag}: '${id}' is none of ${all.map(idOf).join(', ')}`);
      return found;
    });
}

async function prepare(
  row: Row,
  family: Family,
): Promise<{ key: string; run: (yosys: Yosys) => Promise<Measured> }> {
  const argv = ['--unit', ...row.unit, '--target', family, '--multipliers', 'logic'];
  const { module, verilog, design } = await openSession('qor', '', argv, () => {});
  const target = loadTarget(family);
  const { multipliers } = design.goal;
  const ours = { files: [{ name: `${module.name}.v`, text: verilog }], top: module.name };
  const { top } = row.baseline;
  const naive = { files: [{ name: `${top}.v`, text: baselineText(row.baseline) }], top };
  const origins = await Promise.all(
    [ours, naive].map(input => originsOf(input, target, 'synthesis', multipliers)),
  );
  const key = fingerprint(origins.flat());
  const cost = async (input: Design, yosys: Yosys): Promise<Cost> => {
    const { results, failures } = await report(() => input, [target], {
      multipliers,
      cache: new Cache(),
      yosys,
    });
    if (!results[0]) throw new Error(`${row.id} on ${family}: ${failures[0]?.error}`);
    const { luts, carries, levels, logicDelayNs } = results[0];
    return { luts, carries, levels, ...(logicDelayNs === undefined ? {} : { logicDelayNs }) };
  };
  const run = async (yosys: Yosys): Promise<Measured> => ({
    row: row.id,
    family,
    key,
    ours: await cost(ours, yosys),
    behavioural: await cost(naive, yosys),
  });
  return { key, run };
}

/** The results as a table for people. */
export function qorTable(results: readonly Measured[]): string {
  const rows = results.map(({ row: id, family, ours, behavioural }) => {
    const { goal, goalInCells, peer } = ROWS.find(r => r.id === id)!;
    return [
      ours.luts <= goal[family] ? color.green('ok') : color.yellow('over'),
      id,
      family,
      String(ours.luts),
      goalInCells?.[family] ? `${goal[family]} (${goalInCells[family]})` : String(goal[family]),
      String(peer[family]?.luts ?? '–'),
      String(behavioural.luts),
      String(ours.levels),
      String(peer[family]?.levels ?? '–'),
      String(behavioural.levels),
      ours.logicDelayNs?.toFixed(2) ?? '–',
      behavioural.logicDelayNs?.toFixed(2) ?? '–',
    ];
  });
  return table(
    [
      ['', 'row', 'family', 'LUTs', 'goal', 'peer', 'naive', 'levels', 'peer', 'naive', 'ns', 'naive'],
      ...rows,
    ],
    [false, false, false, true, true, true, true, true, true, true, true, true],
  );
}

await runAsProgram('qor', main);
