/**
 * Routed clocks: `npm run clock`. Each unit of the list is routed with 0 to 8 registers inside, and as `--freq` plans it; units that
 * others have too, without registers inside. `--save` writes docs/data/clock.json, point by point. What is in there for the same
 * Verilog, commands and tools is kept, but for what the model says. Each also gets vectors, which measure its latency and compare it with the golden model.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { EXIT, Exit } from '../generators/cli/errors.ts';
import { parse } from '../generators/cli/options.ts';
import { makeOutput, table } from '../generators/cli/output.ts';
import { addReportOptions, runReport } from '../generators/cli/reportCommand.ts';
import { openSession } from '../generators/cli/session.ts';
import { addVerifyOptions, runVerification } from '../generators/cli/verifyCommand.ts';
import { clockOf } from '../generators/hdl/timing.ts';
import { fingerprint } from '../sim/cache.ts';
import { originsOf, report } from '../sim/report.ts';
import { projectRoot } from '../sim/root.ts';
import { loadTarget } from '../sim/targets.ts';
import { writeWhole } from '../sim/writeWhole.ts';
import { baselineMismatches, baselineText } from './qor/qor.ts';
import { runAsProgram } from './runAsProgram.ts';

const FILE = join(projectRoot, 'docs', 'data', 'clock.json');
const TARGET = 'ice40';
const MHZ = 100;
export const CLOCK_UNITS = [
  'fp-add --a fp32 --b fp32 --result fp32',
  'fp-fma --a fp16 --b fp16 --c fp16 --result fp16',
  'ternary-mac',
  'xnor-dot',
  'mxfp4-mac --accumulator fixed',
];
/** Others for the same function between registers, without any inside: a clock that is known, or Verilog that is routed here. */
export const COMPARED: readonly {
  readonly unit: string;
  readonly others: string;
  readonly othersMHz?: number;
  /** Module and file in `qor/baselines/`. */
  readonly top?: string;
}[] = [
  { unit: 'fp-mul --a e2m1 --b e2m1 --result exact --sign-apart', others: 'open RTL', othersMHz: 103 },
  { unit: 'fp-mul --a e4m3 --b e4m3 --result e4m3', others: 'open RTL', othersMHz: 42 },
  { unit: 'fp-add --overflow special', others: 'open RTL', othersMHz: 29 },
  { unit: 'fp-add --a fp32 --b fp32 --result fp32', others: 'open RTL', othersMHz: 19 },
  { unit: 'fp-dot --a e2m1 --b e2m1', others: 'open RTL', othersMHz: 44 },
  { unit: 'ternary-dot', others: 'behavioural', othersMHz: 9 },
  { unit: 'cquad-dot', others: 'behavioural', othersMHz: 59 },
  { unit: 'xnor-dot', others: 'behavioural', othersMHz: 82 },
  { unit: 'xnor-dot', others: 'a tree of full adders', top: 'xnor_dot_tree' },
  {
    unit: 'fx-mul --a int8 --b int8 --multipliers logic',
    others: 'a tree of full adders',
    top: 'fx_mul_tree',
  },
];
const WISHES = [...Array.from({ length: 9 }, (_, n) => `--stages ${n}`), `--freq ${MHZ}`];
const VECTORS = '20000';
/** All that is routed: sweeps, and units that are compared. */
const PLAN = [
  ...CLOCK_UNITS.flatMap(unit => WISHES.map(wish => ({ unit, wish }))),
  ...COMPARED.filter(c => !CLOCK_UNITS.includes(c.unit)).map(({ unit }) => ({ unit, wish: WISHES[0]! })),
];

export interface Point {
  readonly unit: string;
  /** `--stages N` or `--freq MHz`. */
  readonly wish: string;
  /** Of all that the clock depends on. */
  readonly key: string;
  readonly stages: number;
  /** Clock cycles, as declared; the vectors measured the same. */
  readonly latency: number;
  readonly vectors: number;
  readonly mismatches: number;
  readonly modelMHz: number;
  readonly fmaxMHz: number;
  readonly fmaxMHzBySeed: Readonly<Record<string, number>>;
  readonly luts: number;
  readonly ffs: number;
}

/** Verilog of others, routed. */
export interface OtherClock {
  readonly top: string;
  readonly key: string;
  readonly fmaxMHz: number;
  readonly fmaxMHzBySeed: Readonly<Record<string, number>>;
  readonly luts: number;
  readonly levels: number;
  readonly logicDelayNs: number;
}

export interface Clocks {
  readonly schema: string;
  readonly tool: string;
  readonly target: string;
  readonly points: readonly Point[];
  readonly others: readonly OtherClock[];
}

/** Of the document of `gen verify`. */
interface Checked {
  readonly vectors: number;
  readonly mismatches: number;
  readonly latency: { readonly declared: number; readonly measured: number };
}

async function main(argv: readonly string[]): Promise<void> {
  const command = new Command('npm run clock --')
    .description(`Routed clocks of pipelines on ${TARGET}.`)
    .configureOutput({ writeErr: () => {}, outputError: () => {} })
    .exitOverride()
    .option('--unit <word>', 'only units whose command has this word')
    .option('--wish <word>', `only some of: ${WISHES.join(', ')}`)
    .option('--save', 'write docs/data/clock.json')
    .option('--json', 'one JSON document on standard output')
    .option('--quiet', 'results only');
  parse(command, argv);
  const options = command.opts();
  const output = makeOutput(options);
  const has = (text: string, word: unknown): boolean => word === undefined || text.includes(String(word));
  const wanted = PLAN.filter(p => has(p.unit, options.unit) && has(p.wish, options.wish));
  const known = new Map<string, Point>();
  const saved = existsSync(FILE) ? (JSON.parse(readFileSync(FILE, 'utf8')) as Clocks) : undefined;
  for (const point of saved?.points ?? []) known.set(`${point.unit} ${point.wish}`, point);
  const others = new Map((saved?.others ?? []).map(o => [o.top, o]));
  let tool = saved?.tool ?? '';
  const document = (): Clocks => ({
    schema: 'subbyte/clock/1',
    tool,
    target: TARGET,
    points: PLAN.flatMap(({ unit, wish }) => known.get(`${unit} ${wish}`) ?? []),
    others: COMPARED.flatMap(({ top }) => (top === undefined ? [] : (others.get(top) ?? []))),
  });
  const save = (): void => {
    if (options.save) writeWhole(FILE, `${JSON.stringify(document(), null, 1)}\n`);
  };
  const target = loadTarget(TARGET);
  for (const { unit, wish } of wanted) {
    const flags = ['--unit', ...unit.split(' '), ...wish.split(' '), '--target', TARGET, '--quiet'];
    const session = await openSession('clock', '', [...flags, '--pnr'], addReportOptions, true);
    const { module, verilog, design } = session;
    const { name, ports } = module;
    const routable = { files: [{ name: `${name}.v`, text: verilog }], top: name, ports };
    const key = fingerprint(await originsOf(routable, target, 'routed', design.goal.multipliers));
    const { schedule, fabric } = design;
    const modelMHz = Math.round(clockOf(schedule.periodNs, fabric.delays));
    const before = known.get(`${unit} ${wish}`);
    if (before?.key === key) {
      known.set(`${unit} ${wish}`, { ...before, modelMHz });
      save();
      continue;
    }
    const { results } = await runReport(session);
    const [synthesis, routed] = results;
    if (!synthesis || !routed?.fmaxMHz || !routed.fmaxMHzBySeed)
      throw new Exit(EXIT.defect, `${unit} ${wish}: no clock`);
    tool = routed.tool;
    const checked = await runVerification(
      await openSession(
        'clock',
        '',
        [...flags, '--engine', 'verilator', '--vectors', VECTORS],
        addVerifyOptions,
      ),
    );
    const { vectors, mismatches, latency } = checked.document as unknown as Checked;
    if (latency.measured !== latency.declared)
      throw new Exit(
        EXIT.defect,
        `${unit} ${wish}: latency ${latency.measured}, declared ${latency.declared}`,
      );
    known.set(`${unit} ${wish}`, {
      ...{ unit, wish, key, stages: schedule.stages, latency: schedule.latency, vectors, mismatches },
      modelMHz,
      fmaxMHz: routed.fmaxMHz,
      fmaxMHzBySeed: routed.fmaxMHzBySeed,
      luts: synthesis.luts,
      ffs: synthesis.ffs,
    });
    output.note(`${unit} ${wish}: ${routed.fmaxMHz} MHz`);
    save();
  }
  for (const { unit, top } of COMPARED) {
    if (!top || !has(unit, options.unit)) continue;
    const found = await otherClock(unit.split(' '), top, others.get(top));
    others.set(top, found);
    output.note(`${top}: ${found.fmaxMHz} MHz`);
    save();
  }
  const { points } = document();
  const shown = points.filter(p => wanted.some(w => w.unit === p.unit && w.wish === p.wish));
  if (output.json) output.document({ ...document(), points: shown });
  else output.print(clockTable(shown));
}

/** Verilog of others for a unit, routed between the same registers. It is compared with the golden model of the unit before. */
async function otherClock(
  unit: readonly string[],
  top: string,
  before: OtherClock | undefined,
): Promise<OtherClock> {
  const target = loadTarget(TARGET);
  const { module } = await openSession('clock', '', ['--unit', ...unit, '--quiet'], () => {});
  const routable = { files: [{ name: `${top}.v`, text: baselineText({ top }) }], top, ports: module.ports };
  const key = fingerprint(await originsOf(routable, target, 'routed', 'logic'));
  if (before?.key === key) return before;
  const wrong = await baselineMismatches({ unit, baseline: { top } });
  if (wrong > 0) throw new Exit(EXIT.mismatch, `${top}: ${wrong} mismatches with ${unit.join(' ')}`);
  const { results, failures } = await report(() => routable, [target], { multipliers: 'logic', route: true });
  const routed = results.find(r => r.stage === 'routed');
  if (!routed?.fmaxMHz || !routed.fmaxMHzBySeed || routed.logicDelayNs === undefined)
    throw new Exit(EXIT.defect, `${top}: ${failures[0]?.error ?? 'no clock'}`);
  const { fmaxMHz, fmaxMHzBySeed, luts, levels, logicDelayNs } = routed;
  return { top, key, fmaxMHz, fmaxMHzBySeed, luts, levels, logicDelayNs };
}

function clockTable(points: readonly Point[]): string {
  const rows = points.map(p => [
    p.unit,
    p.wish,
    ...[p.stages, p.latency, p.fmaxMHz.toFixed(1), p.modelMHz, p.luts, p.ffs, p.mismatches].map(String),
  ]);
  return table(
    [['unit', 'wish', 'stages', 'latency', 'MHz', 'model', 'LUTs', 'FFs', 'mismatches'], ...rows],
    [false, false, true, true, true, true, true, true, true],
  );
}

await runAsProgram('clock', main);
