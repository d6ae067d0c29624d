import pc from 'picocolors';
import type { Cache } from './cache.ts';
import { openRouter, placeAndRoute, routerTool, routingScript } from './placeAndRoute.ts';
import { type Design, type Synthesis, synthesisScript, synthesize } from './synthesis.ts';
import type { Multipliers, Target } from './targets.ts';
import { type WasmTool, WasmToolError } from './wasmTool.ts';
import { Yosys, yosysTool } from './yosys.ts';

/** One line of a report: the numbers of one target, and who made them at which stage. */
export interface ReportResult extends Omit<Synthesis, 'stage'> {
  /** Target id. */
  target: string;
  /** `synthesis`: mapped, not placed. `routed`: placed and routed. */
  stage: 'synthesis' | 'routed';
  /** Clock after routing, in MHz, of the median placement; never given after synthesis. */
  fmaxMHz?: number;
  /** The same by the seed of the placement. */
  fmaxMHzBySeed?: Record<string, number>;
}

/** How to make a report. */
export interface ReportOptions {
  /** What multipliers become; default `auto`. */
  multipliers?: Multipliers;
  /** Keeps results between runs; without it nothing is kept. */
  cache?: Cache;
  /** Workers to use; without it some are started for this report. */
  yosys?: Yosys;
  /** Called with a target id and the pass that it is in, and with `done` at its end. */
  onProgress?: (target: string, pass: string) => void;
  /** Stops the report. */
  signal?: AbortSignal;
  /** Whether to place and route too, on the families that have a router; a second result of theirs then says the clock. */
  route?: boolean;
}

/** Raise when results of an older program must not be read back: counting changed though script and target did not. */
const CACHE_VERSION = '2';

/** All that a target says about synthesis; its timing model only decides what is synthesized. */
const factsOf = ({ timing: _, ...facts }: Target): string => JSON.stringify(facts);

/** All that a result depends on, tools included. */
export async function originsOf(
  design: Design,
  target: Target,
  stage: ReportResult['stage'],
  multipliers: Multipliers = 'auto',
): Promise<string[]> {
  const isRouted = stage === 'routed';
  const tools = [await yosysTool(), ...(isRouted ? [await routerTool()] : [])];
  // The script holds top, parameters and flags; the target holds how cells are counted.
  const script = isRouted
    ? routingScript(design, target, multipliers).script
    : synthesisScript(design, target, multipliers).script;
  const files = design.files.flatMap(f => [f.name, f.text]);
  return [CACHE_VERSION, ...tools, multipliers, factsOf(target), script, ...files];
}

async function synthesisOf(
  design: Design,
  target: Target,
  options: ReportOptions,
  yosys: Yosys,
): Promise<Synthesis> {
  const { multipliers = 'auto', cache, signal, onProgress } = options;
  const produce = () =>
    synthesize(design, target, { multipliers, yosys, signal }, pass => onProgress?.(target.id, pass));
  if (!cache) return produce();
  return cache.cached('synthesis', await originsOf(design, target, 'synthesis', multipliers), produce);
}

async function resultsOf(
  design: Design,
  target: Target,
  options: ReportOptions,
  yosys: Yosys,
  router: WasmTool | undefined,
): Promise<ReportResult[]> {
  const { multipliers = 'auto', signal, cache, onProgress } = options;
  const synthesized = await synthesisOf(design, target, options, yosys);
  const results: ReportResult[] = [{ target: target.id, ...synthesized }];
  if (router && target.placeAndRoute) {
    onProgress?.(target.id, 'place and route');
    const produce = async (): Promise<ReportResult> =>
      (await placeAndRoute(design, target, synthesized, { multipliers, yosys, router, signal }))!;
    const origins = await originsOf(design, target, 'routed', multipliers);
    results.push(cache ? await cache.cached('routed', origins, produce) : await produce());
  }
  options.onProgress?.(target.id, 'done');
  return results;
}

/** What came out, and the families on which Yosys refused the design or failed. */
export interface Report {
  readonly results: readonly ReportResult[];
  readonly failures: readonly { readonly target: string; readonly error: string }[];
}

/** Resources, depth and delay of a design on each target, in the order of `targets`. One that fails spoils no other. */
export async function report(
  designFor: (target: Target) => Design,
  targets: readonly Target[],
  options: ReportOptions = {},
): Promise<Report> {
  const yosys = options.yosys ?? new Yosys({ workers: Math.min(2, targets.length) });
  const router = options.route ? openRouter() : undefined;
  try {
    const settled = await Promise.allSettled(
      targets.map(target => resultsOf(designFor(target), target, options, yosys, router)),
    );
    const results: ReportResult[] = [];
    const failures: { target: string; error: string }[] = [];
    settled.forEach((outcome, i) => {
      if (outcome.status === 'fulfilled') results.push(...outcome.value);
      else if (options.signal?.aborted || !(outcome.reason instanceof WasmToolError)) throw outcome.reason;
      else failures.push({ target: targets[i].id, error: outcome.reason.message });
    });
    return { results, failures };
  } finally {
    if (!options.yosys) await yosys.close();
    await router?.close();
  }
}

interface Column {
  title: string;
  unit: string;
  value(result: ReportResult): string | undefined;
}

const COLUMNS: readonly Column[] = [
  { title: 'LUTs', unit: '', value: r => String(r.luts) },
  { title: 'carries', unit: '', value: r => String(r.carries) },
  { title: 'FFs', unit: '', value: r => String(r.ffs) },
  { title: 'DSPs', unit: '', value: r => String(r.dsps) },
  { title: 'BRAMs', unit: '', value: r => String(r.brams) },
  { title: 'levels', unit: 'cells', value: r => String(r.levels) },
  { title: 'logic delay', unit: 'ns', value: r => r.logicDelayNs?.toFixed(2) },
  { title: 'clock', unit: 'MHz', value: r => r.fmaxMHz?.toFixed(1) },
];

const STAGES = { synthesis: 'after synthesis', routed: 'after routing' } as const;

/**
 * The report as text for people: header, units, one row a result, then who made the numbers and what to know about them.
 * A value that does not exist at this stage or for this family is "–".
 */
export function reportTable(results: readonly ReportResult[], options: { color?: boolean } = {}): string {
  const { bold, dim, yellow } = pc.createColors(options.color ?? false);
  const staged = new Set(results.map(r => r.stage)).size > 1;
  const label = (r: ReportResult) => (staged ? `${r.target} ${r.stage}` : r.target);
  const rows = [
    ['target', ...COLUMNS.map(c => c.title)],
    ['', ...COLUMNS.map(c => c.unit)],
    ...results.map(r => [label(r), ...COLUMNS.map(c => c.value(r) ?? '–')]),
  ];
  const widths = rows[0].map((_, column) => Math.max(...rows.map(row => row[column].length)));
  const align = (row: string[]) =>
    row
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])))
      .join('  ')
      .trimEnd();
  const [header, units, ...body] = rows.map(align);

  const makers = new Set(results.map(r => `${r.tool}, ${STAGES[r.stage]}`));
  const delay = results.some(r => r.stage === 'synthesis' && r.logicDelayNs !== undefined);
  const lines = [bold(header), dim(units), ...body, '', ...[...makers].map(text => dim(text))];
  if (delay) lines.push(dim('logic delay: cells only, no routing'));
  for (const r of results) {
    for (const warning of r.warnings) lines.push(yellow(`warning: ${r.target}: ${warning}`));
  }
  return `${lines.join('\n')}\n`;
}
