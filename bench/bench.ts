/**
 * How fast this program is: `npm run bench`. Each figure is a ratio of two things measured in turn in one run, so that
 * it means the same on any machine. Nothing is written but with `--save`.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { explain, UsageError } from '../generators/cli/errors.ts';
import { parse, wholeNumber } from '../generators/cli/options.ts';
import { color, makeOutput, table } from '../generators/cli/output.ts';
import { findVerilator } from '../sim/verilator.ts';
import { isReached, type Ratio } from './measure.ts';
import { MEASUREMENTS } from './ratios.ts';

/** The figures as a table for people. */
export function benchTable(results: readonly Ratio[]): string {
  const text = (n: number): string =>
    n >= 1000 ? Math.round(n).toLocaleString('en-US') : String(Number(n.toPrecision(3)));
  const rows = results.map(r => [
    isReached(r) ? color.green('ok') : color.yellow('over'),
    text(r.ratio),
    r.goal === undefined ? '–' : `${r.sense === 'at most' ? '≤' : '≥'} ${text(r.goal)}`,
    r.what,
    Object.entries(r.parts)
      .map(([name, value]) => `${name} ${text(value)}`)
      .join(', '),
  ]);
  return table([['', 'ratio', 'goal', 'what', 'medians'], ...rows], [false, true, true]);
}

function documentOf(results: readonly Ratio[], rounds: number, verilator: string): object {
  const rounded = (n: number): number => Number(n.toPrecision(4));
  return {
    schema: 'subbyte/bench/1',
    rounds,
    tools: { node: process.version, verilator },
    results: results.map(r => ({
      ...r,
      ratio: rounded(r.ratio),
      ...(r.goal === undefined ? {} : { goal: rounded(r.goal) }),
      ok: isReached(r),
      parts: Object.fromEntries(Object.entries(r.parts).map(([name, value]) => [name, rounded(value)])),
    })),
  };
}

async function main(argv: readonly string[]): Promise<void> {
  const command = new Command('npm run bench --')
    .description('Speed and memory, as ratios measured in one run.')
    .configureOutput({ writeErr: () => {}, outputError: () => {} })
    .exitOverride()
    .option('--rounds <n>', 'times that each is measured', '5')
    .option('--only <list>', `of ${Object.keys(MEASUREMENTS).join(', ')}`)
    .option('--save <file>', 'write the JSON document to a file')
    .option('--json', 'one JSON document on standard output')
    .option('--quiet', 'results only');
  parse(command, argv);
  const options = command.opts();
  const rounds = wholeNumber(options, 'rounds', 1, 100)!;
  const names: string[] = options.only?.split(',') ?? Object.keys(MEASUREMENTS);
  const odd = names.find(name => !Object.hasOwn(MEASUREMENTS, name));
  if (odd !== undefined)
    throw new UsageError(`--only: '${odd}' is none of ${Object.keys(MEASUREMENTS).join(', ')}`);
  const { version } = await findVerilator();
  const output = makeOutput(options);
  const folder = await mkdtemp(join(tmpdir(), 'subbyte-bench-'));
  const results: Ratio[] = [];
  try {
    for (const name of names) {
      if (!output.quiet) process.stderr.write(`measuring ${name}\n`);
      results.push(...(await MEASUREMENTS[name]!({ folder, rounds })));
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const document = documentOf(results, rounds, version);
  if (typeof options.save === 'string')
    await writeFile(options.save, `${JSON.stringify(document, null, 2)}\n`);
  if (output.json) output.document(document);
  else output.print(benchTable(results));
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const { text, code } = explain(error);
  if (text) process.stderr.write(`bench: ${text}\n`);
  process.exitCode = code;
});
