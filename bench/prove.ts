// `npm run prove [-- --only WORD] [--time-limit S] [--jobs N] [--fresh]`: makes the proofs of `proofs.ts` and writes what came of them
// to docs/data/proofs.json. A proof whose question is the same as there is not repeated, so that a run that was stopped goes on.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { explain } from '../generators/cli/errors.ts';
import { chooseParameters, findOrLoad, parse, wholeNumber } from '../generators/cli/options.ts';
import { makeOutput } from '../generators/cli/output.ts';
import { emit } from '../generators/cli/session.ts';
import { DEFAULT_GOAL, design } from '../generators/emit/design.ts';
import { type ProofResult, problemFor, prove } from '../sim/prove.ts';
import { findSolver } from '../sim/solver.ts';
import { writeWhole } from '../sim/writeWhole.ts';
import { Yosys } from '../sim/yosys.ts';
import { type Proof, proofs } from './proofs.ts';

/** A line of the file. */
interface Entry extends Proof {
  readonly cases: number;
  readonly verdict: ProofResult['verdict'];
  readonly seconds: number;
  /** Hash of solver and questions. */
  readonly question: string;
}

const { options, limits } = commandLine();
const file = fileURLToPath(new URL('../../docs/data/proofs.json', import.meta.url));
const kept = new Map(options.fresh ? [] : entriesOf(file).map(entry => [nameOf(entry), entry]));
const solver = await findSolver('z3-wasm');
const yosys = new Yosys();
const wanted = [...proofs()];
const results = new Map<string, Entry>();
const started = performance.now();
let [made, open, saved] = [0, 0, performance.now()];

const bar = makeOutput({}).progress('prove');
for (const [i, proof] of wanted.entries()) {
  const name = nameOf(proof);
  if (name.includes(options.only))
    results.set(name, await entryFor(proof, name, `${i + 1} of ${wanted.length}`));
  bar.update(i + 1, wanted.length);
  if (performance.now() - saved > 10_000) save();
}
bar.stop();
solver.close();
await yosys.close();
save();
const proven = [...results.values()].filter(entry => entry.verdict === 'proven').length;
const minutes = ((performance.now() - started) / 60_000).toFixed(1);
console.log(`${proven} of ${results.size} proven; ${made} of them tried now, in ${minutes} minutes`);
if (open > 0) process.exitCode = 5;

function commandLine(): {
  options: { only: string; fresh?: boolean };
  limits: { timeLimit: number; jobs: number };
} {
  const command = new Command('npm run prove --')
    .description('Makes the proofs that are not in docs/data/proofs.json, and writes them there.')
    .configureOutput({ writeErr: () => {}, outputError: () => {} })
    .exitOverride()
    .option('--only <word>', 'those whose command has this word', '')
    .option('--time-limit <s>', 'seconds for each', '600')
    .option('--jobs <n>', 'solvers at a time', '1')
    .option('--fresh', 'all of them anew');
  try {
    parse(command, process.argv.slice(2));
    const given = command.opts<{ only: string; fresh?: boolean }>();
    return {
      options: given,
      limits: {
        timeLimit: wholeNumber(given, 'time-limit', 1, 1_000_000)!,
        jobs: wholeNumber(given, 'jobs', 1, 64)!,
      },
    };
  } catch (error) {
    const { text, code } = explain(error);
    if (text !== '') process.stderr.write(`prove: ${text}\n`);
    process.exit(code);
  }
}

async function entryFor({ unit: id, params, goal = {} }: Proof, name: string, place: string): Promise<Entry> {
  const { found, unit } = await findOrLoad(id);
  const flags = Object.fromEntries(Object.entries(params).map(([key, value]) => [key, String(value)]));
  const chosen = await chooseParameters(flags, id, found, unit);
  const composed = design(chosen.unit, chosen.params, { ...DEFAULT_GOAL, ...goal });
  const { module, verilog } = emit(composed, chosen);
  const problem = await problemFor(composed, verilog, module.name, yosys);
  const question = hash([solver.tool, ...problem.cases.map(one => one.script)].join('\0'));
  const old = kept.get(name);
  if (old?.question === question && old.verdict === 'proven') return old;

  const { verdict, seconds } = await prove(composed, problem, solver, limits).catch((error: Error) => {
    // A solver that fails has proved nothing, and says nothing of the other proofs.
    console.error(`${name}: ${error.message}`);
    return { verdict: 'not proven', seconds: 0 } as const;
  });
  made++;
  if (verdict !== 'proven') open++;
  console.log(`${place.padStart(14)}  ${verdict.padEnd(10)} ${seconds.toFixed(1).padStart(6)} s  ${name}`);
  const rounded = Math.round(seconds * 10) / 10;
  const given = Object.keys(goal).length > 0 ? { goal } : {};
  return { unit: id, params, ...given, cases: problem.cases.length, verdict, seconds: rounded, question };
}

/** Writes all that is known; what this run has not come to stays as it was. */
function save(): void {
  saved = performance.now();
  const lines = wanted.flatMap(proof => {
    const entry = results.get(nameOf(proof)) ?? kept.get(nameOf(proof));
    return entry ? [`  ${JSON.stringify(entry)}`] : [];
  });
  const head = JSON.stringify({ schema: 'subbyte/proofs/1', solver: solver.tool }).slice(1, -1);
  writeWhole(file, `{${head},"proofs":[\n${lines.join(',\n')}\n]}\n`);
}

function entriesOf(path: string): Entry[] {
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as { proofs: Entry[] }).proofs : [];
}

function nameOf({ unit, params, goal = {} }: Proof): string {
  const flags = Object.entries({ ...params, ...goal }).map(
    ([key, value]) => `--${key.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)} ${value}`,
  );
  return [unit, ...flags].join(' ');
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
