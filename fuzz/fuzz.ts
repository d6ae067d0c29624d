/**
 * Random programs through every execution: `npm run fuzz -- --minutes 30`. Writes nothing, but for what it finds, and with
 * `--save` its figures.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { EXIT, Exit, explain, UsageError } from '../generators/cli/errors.ts';
import { parse, wholeNumber } from '../generators/cli/options.ts';
import { color, makeOutput, type Output, table } from '../generators/cli/output.ts';
import { cleanUp } from '../sim/cleanup.ts';
import { projectRoot } from '../sim/root.ts';
import { writeWhole } from '../sim/writeWhole.ts';
import { closeYosys } from './batch.ts';
import { type Campaign, FAMILIES, runCampaign } from './campaign.ts';
import { readCrasher, replay } from './crasher.ts';
import { playerOf } from './failure.ts';
import { HOSTILE } from './hostile.ts';
import { killAtRandom } from './kill.ts';

const CRASHERS = join(projectRoot, 'test/crashers');

function command(argv: readonly string[]): Record<string, unknown> {
  const made = new Command('npm run fuzz --')
    .description(
      'Random programs through every execution; what fails is reduced and written to test/crashers.',
    )
    .configureOutput({ writeErr: () => {}, outputError: () => {} })
    .exitOverride()
    .option('--minutes <n>', 'go on at least so long')
    .option('--programs <n>', 'and for at least so many programs')
    .option('--seed <n>', 'of the first batch; the next one has the next number', '1')
    .option('--replay <dir>', 'run one crasher again, on every execution')
    .option('--kill <n>', 'kill -9 gen so many times at random moments, and look at what it leaves')
    .option('--hostile', 'text and bytes that nobody should give: format ids, parameters, .npy files')
    .option('--save <file>', 'write the figures to a file, after each batch')
    .option('--resume', 'go on where the file of --save ends')
    .option('--json', 'one JSON document on standard output')
    .option('--quiet', 'results only');
  parse(made, argv);
  return made.opts();
}

async function main(argv: readonly string[]): Promise<void> {
  const options = command(argv);
  const output = makeOutput(options);
  const [minutes, programs] = [
    wholeNumber(options, 'minutes', 0, 100_000),
    wholeNumber(options, 'programs', 1, 1e9),
  ];
  try {
    if (typeof options.replay === 'string') return await replayOne(options.replay, output);
    if (options.hostile === true) return await hostile(minutes ?? 1, options, output);
    const times = wholeNumber(options, 'kill', 1, 100_000);
    if (times !== undefined) return await kill(times, options, output);
    if (minutes === undefined && programs === undefined)
      throw new UsageError('say for how long: --minutes 30, or --programs 1000');
    const { save } = options;
    const campaign = await runCampaign({
      seed: wholeNumber(options, 'seed', 0, 2 ** 31)!,
      minutes: minutes ?? 0,
      programs: programs ?? 0,
      crashers: CRASHERS,
      resume: options.resume === true ? figuresOf(save) : undefined,
      onBatch: c => {
        if (typeof save === 'string') writeWhole(save, `${JSON.stringify(c, null, 1)}\n`);
        if (!output.quiet) process.stderr.write(`${progress(c)}\n`);
      },
    });
    if (output.json) output.document(campaign);
    else output.print(summary(campaign));
    const failures = total(campaign.failures);
    if (failures > 0) throw new Exit(EXIT.mismatch, `${failures} failures; see test/crashers`);
  } finally {
    await closeYosys();
  }
}

function figuresOf(file: unknown): Campaign {
  if (typeof file !== 'string') throw new UsageError('--resume: name the file to go on with by --save');
  let figures: Partial<Campaign> = {};
  try {
    figures = JSON.parse(readFileSync(file, 'utf8')) as Campaign;
  } catch (error) {
    throw new UsageError(`--resume: cannot read ${file} (${(error as Error).message})`);
  }
  if (figures.schema !== 'subbyte/fuzz/1')
    throw new UsageError(`--resume: ${file} holds no figures of a campaign`);
  return figures as Campaign;
}

const total = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, n) => sum + n, 0);

function progress({ seeds, programs, minutes, failures }: Campaign): string {
  const rate = minutes > 0 ? `, ${(programs / minutes / 60).toFixed(1)}/s` : '';
  return `seed ${seeds.last}: ${programs} programs in ${minutes} min${rate}, ${total(failures)} failures`;
}

function summary(c: Campaign): string {
  const rows = (counts: Readonly<Record<string, number>>): string[][] =>
    Object.entries(counts).map(([what, n]) => [what, String(n)]);
  const parts = [
    `${c.programs} programs of ${c.beats} beats in ${c.minutes} minutes, seeds ${c.seeds.first} to ${c.seeds.last}`,
    table(
      [
        ['execution', 'programs', 'seconds'],
        ...Object.entries(c.executions).map(([what, n]) => [what, String(n), String(c.seconds[what] ?? 0)]),
      ],
      [false, true, true],
    ),
    table([['goal', 'programs'], ...rows(c.goals)], [false, true]),
    table([['operation', 'programs'], ...rows(c.operations)], [false, true]),
  ];
  if (c.crashers.length === 0) parts.push(color.green('nothing found'));
  for (const { kind, text, folder, instructions } of c.crashers)
    parts.push(
      `${color.red(kind)} (${c.failures[kind]} times): ${text}\n  ${instructions} instructions in test/crashers/${folder}`,
    );
  return parts.join('\n\n');
}

async function replayOne(folder: string, output: Output): Promise<void> {
  let crasher: ReturnType<typeof readCrasher>;
  try {
    crasher = readCrasher(folder);
  } catch (error) {
    throw new UsageError(
      `--replay: ${join(folder, 'case.json')} cannot be read (${String(error)}); give a folder of test/crashers`,
    );
  }
  const player = playerOf(crasher.kind);
  const family = FAMILIES.find(f => f === player);
  const found = await replay([crasher.case], family ? [family] : []);
  if (output.json)
    output.document({
      schema: 'subbyte/fuzz-replay/1',
      found: found.map(({ kind, text }) => ({ kind, text })),
    });
  else if (found.length === 0) output.print('every execution agrees');
  else output.print(found.map(({ kind, text }) => `${color.red(kind)}: ${text}`).join('\n'));
  if (found.length > 0) throw new Exit(EXIT.mismatch, `${found.length} failures`);
}

/** Each check again and again, with a seed of its own, until the time is over. */
async function hostile(minutes: number, options: Record<string, unknown>, output: Output): Promise<void> {
  const end = performance.now() + minutes * 60_000;
  const first = wholeNumber(options, 'seed', 0, 2 ** 31)!;
  const runs: Record<string, number> = {};
  const failures: { check: string; seed: number; text: string }[] = [];
  for (let seed = first; seed === first || performance.now() < end; seed++) {
    for (const [name, check] of Object.entries(HOSTILE)) {
      if (failures.some(f => f.check === name)) continue;
      try {
        await check({ seed, numRuns: 2000 });
        runs[name] = (runs[name] ?? 0) + 2000;
      } catch (error) {
        failures.push({ check: name, seed, text: String(error) });
      }
    }
  }
  if (output.json) output.document({ schema: 'subbyte/fuzz-hostile/1', seed: first, runs, failures });
  else {
    output.print(
      table([['check', 'inputs'], ...Object.entries(runs).map(([n, c]) => [n, String(c)])], [false, true]),
    );
    for (const { check, seed, text } of failures) output.print(`${color.red(check)}, seed ${seed}: ${text}`);
  }
  if (failures.length > 0) throw new Exit(EXIT.defect, `${failures.length} checks failed`);
}

async function kill(times: number, options: Record<string, unknown>, output: Output): Promise<void> {
  const kills = await killAtRandom(times, wholeNumber(options, 'seed', 0, 2 ** 31)!, (k, turn) => {
    if (!output.quiet) process.stderr.write(`${turn + 1} of ${times}, ${k.problems.length} problems\n`);
  });
  const { save } = options;
  if (typeof save === 'string') writeWhole(save, `${JSON.stringify(kills, null, 1)}\n`);
  if (output.json) output.document(kills);
  else {
    const rows = Object.keys({ ...kills.killed, ...kills.ended }).map(title => {
      return [title, String(kills.killed[title] ?? 0), String(kills.ended[title] ?? 0)];
    });
    output.print(table([['command', 'killed', 'had ended'], ...rows], [false, true, true]));
    output.print(
      `${kills.swept} temporary files swept by the next run; children ended within ${kills.longestOrphan} ms`,
    );
    for (const text of kills.problems) output.print(color.red(text));
  }
  if (kills.problems.length > 0) throw new Exit(EXIT.defect, `${kills.problems.length} problems`);
}

for (const [signal, number] of Object.entries({ SIGHUP: 1, SIGINT: 2, SIGTERM: 15 })) {
  process.once(signal, () => {
    cleanUp();
    process.exit(128 + number);
  });
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const { text, code } = explain(error);
  if (text) process.stderr.write(`fuzz: ${text}\n`);
  process.exitCode = code;
});
