// `npm run characterize -- --target ice40 [--save]`: fits the delays of a family's timing model to routed units.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { EXIT, Exit, UsageError } from '../generators/cli/errors.ts';
import { parse } from '../generators/cli/options.ts';
import { makeOutput } from '../generators/cli/output.ts';
import { addReportOptions, runReport } from '../generators/cli/reportCommand.ts';
import { openSession } from '../generators/cli/session.ts';
import type { Node } from '../generators/hdl/node.ts';
import type { Schedule } from '../generators/hdl/schedule.ts';
import { arrivals, type Delays, latest, timingOf } from '../generators/hdl/timing.ts';
import { projectRoot } from '../sim/root.ts';
import { fabricOf, loadTarget } from '../sim/targets.ts';
import { writeWhole } from '../sim/writeWhole.ts';
import { CLOCK_UNITS } from './clock.ts';
import { runAsProgram } from './runAsProgram.ts';

/** Two adders that differ in nothing but their width: what a bit of carry takes, without a guess. */
const ADDERS = [
  ['fx-add --a int8 --b int8', 9],
  ['fx-add --a int32 --b int32', 33],
] as const;
/** Units whose slowest paths are of different kinds (carry chains, trees, shifts, logic), with 0 to so many registers inside. */
const UNITS: readonly (readonly [unit: string, mostStages: number])[] = [
  ...ADDERS.map(([unit]) => [unit, 0] as const),
  ['fx-mul --a int8 --b int8', 4],
  ['fp-add --a bf16 --b bf16', 6],
  ['fp-mul --a e4m3 --b e4m3', 6],
  ['fp-fma --a e5m2 --b e5m2 --c e5m2', 6],
  ['ternary-dot --lanes 8', 3],
  ['xnor-dot --lanes 64', 3],
  ['mxfp4-mac --lanes 8 --accumulator fixed', 6],
  // Large units have longer routes, and long pipelines more paths that are nearly the slowest.
  ...CLOCK_UNITS.map(unit => [unit, 8] as const),
];
const STAGES = [0, 1, 2, 3, 4, 6, 8];
/** Registers inside a long pipeline. */
const LONG = 6;

/** A routed unit: its period, and its schedule, of which the model tells another. */
interface Sample {
  readonly name: string;
  readonly schedule: Schedule;
  readonly periodNs: number;
}

const KEYS = ['lut', 'chain', 'carry', 'register'] as const;
const CELLS = ['lut', 'chain', 'carry'] as const;
const FITTED = ['lut', 'chain', 'register'] as const;

type Figures = Record<(typeof KEYS)[number], number>;

/** The longest path within a stage, registers included, by a model. */
export function modelledPeriod({ nodes, stageOf }: Schedule, delays: Delays): number {
  const isSameStage = (arg: Node, node: Node): boolean => stageOf.get(arg) === stageOf.get(node);
  const all = arrivals(nodes, timingOf(delays), isSameStage);
  return Math.max(...[...all.values()].map(latest)) + delays.register;
}

/** How often the slowest path goes through each kind of cell: by how much the period grows with that cell's delay. */
function cellsOnPath(schedule: Schedule, delays: Delays): Record<(typeof CELLS)[number], number> {
  const step = 1e-6;
  const now = modelledPeriod(schedule, delays);
  const grows = (key: (typeof CELLS)[number]): number =>
    Math.round((modelledPeriod(schedule, { ...delays, [key]: delays[key] + step }) - now) / step);
  return { lut: grows('lut'), chain: grows('chain'), carry: grows('carry') };
}

/**
 * The delays that make the model's periods come closest to the measured ones, each error counted relative to its period. Which
 * path is the slowest depends on the delays: so in turns, from those that there are.
 */
export function fitDelays(samples: readonly Pick<Sample, 'schedule' | 'periodNs'>[], start: Delays): Delays {
  let delays = start;
  for (let turn = 0; turn < 30; turn++) {
    const equations = samples.map(({ schedule, periodNs }) => {
      const { lut, chain, carry } = cellsOnPath(schedule, delays);
      const row = [lut, chain, 1].map(x => x / periodNs);
      return { row, wanted: 1 - (carry * delays.carry) / periodNs };
    });
    const found = leastSquares(equations);
    const next = Object.fromEntries(FITTED.map((k, i) => [k, (delays[k] + found[i]!) / 2]));
    delays = { ...delays, ...next };
  }
  return delays;
}

interface Equation {
  readonly row: readonly number[];
  readonly wanted: number;
}

/** Solves row · x = wanted in least squares, with no x below zero: the best of all choices of unknowns that stay zero. */
function leastSquares(equations: readonly Equation[]): number[] {
  const n = equations[0]!.row.length;
  let best = { x: new Array<number>(n).fill(0), error: Infinity };
  for (let chosen = 1; chosen < 1 << n; chosen++) {
    const columns = Array.from({ length: n }, (_, i) => i).filter(i => (chosen >> i) & 1);
    const sum = (f: (e: Equation) => number): number => equations.reduce((s, e) => s + f(e), 0);
    const matrix = columns.map(i => [
      ...columns.map(j => sum(e => e.row[i]! * e.row[j]!)),
      sum(e => e.row[i]! * e.wanted),
    ]);
    const part = eliminate(matrix);
    if (!part || part.some(v => v < 0)) continue;
    const x = new Array<number>(n).fill(0);
    columns.forEach((c, i) => {
      x[c] = part[i]!;
    });
    const error = sum(e => (e.row.reduce((s, v, i) => s + v * x[i]!, 0) - e.wanted) ** 2);
    if (error < best.error) best = { x, error };
  }
  return best.x;
}

/** Gauss–Jordan; undefined for a singular matrix. */
function eliminate(matrix: number[][]): number[] | undefined {
  const n = matrix.length;
  for (let c = 0; c < n; c++) {
    const pivot = matrix
      .slice(c)
      .reduce((p, row, i) => (Math.abs(row[c]!) > Math.abs(matrix[p]![c]!) ? c + i : p), c);
    if (Math.abs(matrix[pivot]![c]!) < 1e-12) return undefined;
    [matrix[c], matrix[pivot]] = [matrix[pivot]!, matrix[c]!];
    for (let r = 0; r < n; r++) {
      if (r === c) continue;
      const factor = matrix[r]![c]! / matrix[c]![c]!;
      matrix[r] = matrix[r]!.map((v, i) => v - factor * matrix[c]![i]!);
    }
  }
  return matrix.map((row, i) => row[n]! / row[i]!);
}

async function main(argv: readonly string[]): Promise<void> {
  const command = new Command('npm run characterize --')
    .description(
      'Fits the delays of a family to routed units: LUT, carry chain, carry, register, routes included.',
    )
    .configureOutput({ writeErr: () => {}, outputError: () => {} })
    .exitOverride()
    .option('--target <id>', 'family with a router', 'ice40')
    .option('--save', 'write the delays to constraints/targets/<id>.json')
    .option('--json', 'one JSON document on standard output')
    .option('--quiet', 'results only');
  parse(command, argv);
  const options = command.opts();
  const output = makeOutput(options);
  const target = loadTarget(String(options.target));
  if (!target.placeAndRoute)
    throw new UsageError(`--target: there is no router for ${target.id}; there is one for ice40`);

  const samples: Sample[] = [];
  const bar = output.progress('routing');
  let tool = '';
  const work = UNITS.flatMap(([unit, most]) => STAGES.filter(n => n <= most).map(n => [unit, n] as const));
  for (const [unit, stages] of work) {
    const flags = [...unit.split(' '), '--stages', String(stages), '--target', target.id, '--pnr', '--quiet'];
    const session = await openSession('characterize', '', ['--unit', ...flags], addReportOptions, true);
    const { results } = await runReport(session);
    const routed = results.find(r => r.stage === 'routed');
    if (!routed?.fmaxMHz) throw new Exit(EXIT.defect, `${unit}: no clock`);
    tool = routed.tool;
    samples.push({
      name: `${unit} --stages ${stages}`,
      schedule: session.design.schedule,
      periodNs: 1000 / routed.fmaxMHz,
    });
    bar.update(samples.length, work.length);
  }
  bar.stop();

  const { delays: before } = fabricOf(target);
  const [narrow, wide] = ADDERS.map(([unit, bits]) => {
    return { bits, ns: samples.find(s => s.name === `${unit} --stages 0`)!.periodNs };
  }) as [{ bits: number; ns: number }, { bits: number; ns: number }];
  const carry = (wide.ns - narrow.ns) / (wide.bits - narrow.bits);
  const delays = fitDelays(samples, { ...before, carry });
  const rows = samples.map(s => {
    const ns = modelledPeriod(s.schedule, delays);
    return {
      name: s.name,
      measuredNs: round(s.periodNs),
      modelNs: round(ns),
      error: round(ns / s.periodNs - 1),
    };
  });
  const errors = rows.map(r => Math.abs(r.error)).sort((a, b) => a - b);
  const margin = round(marginOf(samples, delays));
  const from = `${tool}: ${samples.length} units and pipelines, median error ${percent(errors[errors.length >> 1]!)}, largest ${percent(errors.at(-1)!)}`;
  const figures = Object.fromEntries(KEYS.map(k => [k, round(delays[k])])) as Figures;
  const document = {
    schema: 'subbyte/characterize/1',
    target: target.id,
    timing: { ...figures, margin, basis: 'routed', from },
    samples: rows,
  };
  if (output.json) output.document(document);
  else output.print(tableOf(rows, { ...figures, margin }, from));
  if (options.save) save(target.id, document.timing);
}

/** How much longer than the model's its period is, relatively, for the worst of the long pipelines: such are what `--freq` makes. */
function marginOf(samples: readonly Sample[], delays: Delays): number {
  const long = samples.filter(s => s.schedule.stages >= LONG);
  return Math.max(0, ...long.map(s => s.periodNs / modelledPeriod(s.schedule, delays) - 1));
}

const round = (x: number): number => Math.round(x * 1000) / 1000;
const percent = (x: number): string => `${Math.round(100 * x)} %`;

function tableOf(
  rows: readonly { name: string; measuredNs: number; modelNs: number; error: number }[],
  figures: Figures & { margin: number },
  from: string,
): string {
  const wide = Math.max(...rows.map(r => r.name.length));
  const lines = rows.map(r =>
    [
      r.name.padEnd(wide),
      r.measuredNs.toFixed(2).padStart(8),
      r.modelNs.toFixed(2).padStart(8),
      `${r.error > 0 ? '+' : ''}${percent(r.error)}`.padStart(7),
    ].join(' '),
  );
  const head = [`${'unit'.padEnd(wide)}   routed    model   error`, `${''.padEnd(wide)}       ns       ns`];
  return [
    ...head,
    ...lines,
    '',
    ...KEYS.map(k => `${k.padEnd(9)} ${figures[k].toFixed(3)} ns`),
    from,
    '',
  ].join('\n');
}

/** Puts the figures into the file of the target, and leaves its other lines as they are. */
function save(id: string, timing: object): void {
  const file = join(projectRoot, 'constraints', 'targets', `${id}.json`);
  const text = readFileSync(file, 'utf8').replace(/^ {2}"timing": \{[^}]*\},\n/m, '');
  const lines = JSON.stringify({ timing }, null, 2).split('\n').slice(1, -1).join('\n');
  writeWhole(file, text.replace(/^ {2}"synthesis": /m, `${lines},\n$&`));
}

await runAsProgram('characterize', main);
