/**
 * How many planted faults the standard vectors show: `npm run mutate`. Two kinds, counted apart: faults that Yosys plants at the
 * pins of cells, and changes of the operators of our own netlist. Nothing is written but with `--save`.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { EXIT, Exit, explain, UsageError } from '../generators/cli/errors.ts';
import { parse, wholeNumber } from '../generators/cli/options.ts';
import { color, makeOutput, table } from '../generators/cli/output.ts';
import { openSession } from '../generators/cli/session.ts';
import { loadRegistry } from '../generators/reflect/catalogue.ts';
import { projectRoot } from '../sim/root.ts';
import { yosysTool } from '../sim/yosys.ts';
import { type Campaign, campaignFor, type KindResult, type UnitResult } from './campaign.ts';
import { KINDS } from './lower.ts';
import { Prover } from './prove.ts';
import { MOST_MUTANTS } from './schemata.ts';

const FILE = join(projectRoot, 'docs', 'data', 'mutation.json');
const SCHEMA = 'subbyte/mutation/1';
/** Percent of the faults that are not equivalent which the vectors must show, for each unit. */
const GOAL = 99;

interface Saved {
  readonly schema: string;
  readonly tool: string;
  readonly settings: { readonly mutants: number; readonly seed: number };
  readonly units: readonly UnitResult[];
}

const sum = (counts: Iterable<number>): number => [...counts].reduce((a, b) => a + b, 0);
const equivalentOf = (k: KindResult): number => sum(Object.values(k.equivalent));

/** The results as a table for people. */
export function mutationTable(units: readonly UnitResult[], seconds: ReadonlyMap<string, number>): string {
  const rows = units.map(u => {
    const kinds = KINDS.map(k => u.kinds[k]);
    return [
      u.score >= GOAL ? color.green('ok') : color.yellow('low'),
      u.unit,
      ...kinds.flatMap(k => [
        String(k.mutants),
        String(k.killed),
        String(equivalentOf(k)),
        String(k.survived.length),
      ]),
      u.score.toFixed(2),
      seconds.has(u.unit) ? seconds.get(u.unit)!.toFixed(1) : 'kept',
    ];
  });
  const kind = (name: string): string[] => [name, 'killed', 'equivalent', 'survived'];
  return table(
    [['', 'unit', ...KINDS.flatMap(kind), 'score %', 'seconds'], ...rows],
    [false, false, true, true, true, true, true, true, true, true, true, true],
  );
}

function survivorsText(units: readonly UnitResult[]): string {
  const lines = units.flatMap(u =>
    KINDS.flatMap(kind =>
      u.kinds[kind].survived.map(s => `${u.unit} ${kind} ${s.mutant}  ${s.what}\n    ${s.why}`),
    ),
  );
  return lines.length === 0 ? '' : `\nsurvived:\n${lines.join('\n')}`;
}

async function readSaved(): Promise<Saved | undefined> {
  try {
    const saved = JSON.parse(await readFile(FILE, 'utf8')) as Saved;
    return saved.schema === SCHEMA ? saved : undefined;
  } catch {
    return undefined;
  }
}

async function main(argv: readonly string[]): Promise<void> {
  const command = new Command('npm run mutate --')
    .description('Plants faults in units and counts how many the standard vectors show.')
    .configureOutput({ writeErr: () => {}, outputError: () => {} })
    .exitOverride()
    .option('--unit <list>', 'units of the catalogue (default all of them)')
    .option('--mutants <n>', `faults of each kind and unit, up to ${MOST_MUTANTS}`, '200')
    .option('--seed <n>', 'chooses the faults', '1')
    .option('--save', 'keep the results in docs/data/mutation.json, after each unit')
    .option('--force', 'run units again whose Verilog, vectors and settings have not changed')
    .option('--json', 'one JSON document on standard output')
    .option('--quiet', 'results only');
  parse(command, argv);
  const options = command.opts();
  const settings = {
    mutants: wholeNumber(options, 'mutants', 1, MOST_MUTANTS)!,
    seed: wholeNumber(options, 'seed', 0, 2 ** 31 - 1)!,
  };
  const all = loadRegistry().map(e => e.id);
  const ids: string[] = options.unit === undefined ? all : String(options.unit).split(',');
  const odd = ids.find(id => !all.includes(id));
  if (odd !== undefined)
    throw new UsageError(`--unit: '${odd}' is no unit of the catalogue; gen list shows them`);
  const output = makeOutput(options);
  const saved = await readSaved();
  const tool = await yosysTool();
  const kept = new Map((saved?.tool === tool ? saved.units : []).map(u => [u.unit, u]));
  const results = new Map<string, UnitResult>();
  const seconds = new Map<string, number>();
  const prover = new Prover();
  const bar = output.progress('mutate');
  try {
    for (const [i, id] of ids.entries()) {
      bar.update(i, ids.length);
      const session = await openSession('npm run mutate --', '', ['--unit', id], () => {});
      const campaign: Campaign = await campaignFor(session, settings);
      const before = kept.get(id);
      if (before?.key === campaign.key && options.force !== true) {
        results.set(id, before);
        continue;
      }
      const started = performance.now();
      const result = await campaign.run(prover);
      seconds.set(id, (performance.now() - started) / 1000);
      results.set(id, result);
      kept.set(id, result);
      const survived = sum(KINDS.map(k => result.kinds[k].survived.length));
      const time = seconds.get(id)!.toFixed(1);
      output.note(`${i + 1} of ${ids.length}  ${id}  ${result.score} %, ${survived} survived, ${time} s`);
      if (options.save === true) {
        const units = all.flatMap(unit => kept.get(unit) ?? []);
        await writeFile(FILE, `${JSON.stringify({ schema: SCHEMA, tool, settings, units }, null, 1)}\n`);
      }
    }
  } finally {
    bar.stop();
    await prover.close();
  }
  const units = [...results.values()];
  if (output.json) output.document({ schema: SCHEMA, tool, settings, units });
  else output.print(mutationTable(units, seconds) + survivorsText(units));
  const low = units.filter(u => u.score < GOAL);
  if (low.length > 0)
    throw new Exit(EXIT.mismatch, `${low.length} of ${units.length} units are below ${GOAL} %`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const { text, code } = explain(error);
  if (text) process.stderr.write(`mutate: ${text}\n`);
  process.exitCode = code;
});
