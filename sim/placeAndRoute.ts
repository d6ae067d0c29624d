import type { ReportResult } from './report.ts';
import { type Design, type Synthesis, synthesisScript } from './synthesis.ts';
import type { Multipliers, Target } from './targets.ts';
import { render } from './templates.ts';
import { WasmTool, WasmToolError } from './wasmTool.ts';
import type { Yosys } from './yosys.ts';

/** The router refused the design; most often it does not fit the device. */
export class PlaceAndRouteError extends WasmToolError {
  override name = 'PlaceAndRouteError';
}

/** Starts of the placer that are tried: the clock of a design moves by a few percent from one to the next. */
const SEEDS = [1, 2, 3];

/** How to route. */
export interface RouteOptions {
  readonly multipliers: Multipliers;
  readonly yosys: Yosys;
  readonly router: WasmTool;
  readonly signal?: AbortSignal;
}

/** nextpnr as WebAssembly. */
export function openRouter(workers = 1): WasmTool {
  const error = (text: string, log: string): PlaceAndRouteError => new PlaceAndRouteError(text, log);
  return new WasmTool({ tool: 'nextpnr-ice40', workers, error });
}

/** Name and version of the router, as every result carries it. Throws where the package is not installed. */
export async function routerTool(): Promise<string> {
  const { version } = await import('@yowasp/nextpnr-ice40');
  return `nextpnr-ice40 ${version.split('.', 2).join('.')} (wasm, @yowasp/nextpnr-ice40 ${version})`;
}

/** The commands that make what is routed: a netlist for each setting of the mapper. */
export function routingScript(
  design: Design,
  target: Target,
  multipliers: Multipliers,
): ReturnType<typeof synthesisScript> {
  return synthesisScript(registered(design), target, multipliers, { netlists: true });
}

/**
 * The clock of a unit on a family that has a router: the unit stands between registers, of the settings of the mapper the faster one
 * is taken, and of three starts of the placer the median counts. The family must have a router. Rejects with `PlaceAndRouteError` when the unit does not fit.
 */
export async function placeAndRoute(
  design: Design,
  target: Target,
  synthesized: Synthesis,
  options: RouteOptions,
): Promise<ReportResult> {
  const { multipliers, yosys, router, signal } = options;
  const device = target.placeAndRoute?.[multipliers];
  if (!device) throw new Error(`${target.id} has no router`);
  const harness = registered(design);
  const { script, variants } = routingScript(design, target, multipliers);
  const made = await yosys.run({
    script,
    files: Object.fromEntries(harness.files.map(f => [f.name, f.text])),
    signal,
  });
  const netlists = variants.map((_, i) => made.files[`subbyte-netlist-${i}`]!);
  const firsts: Routed[] = [];
  for (const netlist of netlists) firsts.push(await route(netlist, device.flags, SEEDS[0]!, router, signal));
  const fastest = firsts.reduce((best, r) => (r.fmaxMHz > best.fmaxMHz ? r : best));
  const netlist = netlists[firsts.indexOf(fastest)]!;
  const runs = [fastest];
  for (const seed of SEEDS.slice(1)) runs.push(await route(netlist, device.flags, seed, router, signal));
  const [, middle] = runs.toSorted((a, b) => a.fmaxMHz - b.fmaxMHz) as [Routed, Routed, Routed];
  const rounded = (x: number): number => Math.round(x * 100) / 100;
  return {
    ...synthesized,
    target: target.id,
    stage: 'routed',
    device: device.device,
    tool: await routerTool(),
    fmaxMHz: rounded(middle.fmaxMHz),
    fmaxMHzBySeed: Object.fromEntries(runs.map(r => [r.seed, rounded(r.fmaxMHz)])),
    notes: [
      `clock: the unit between registers on ${device.device}, the median of ${SEEDS.length} placements (${runs.map(r => r.fmaxMHz.toFixed(1)).join(', ')} MHz); with the registers around it, it takes ${middle.cells} logic cells`,
    ],
    warnings: [],
  };
}

interface Routed {
  readonly seed: number;
  readonly fmaxMHz: number;
  readonly cells: number;
}

/** One run of the router. */
async function route(
  netlist: string,
  flags: string,
  seed: number,
  router: WasmTool,
  signal: AbortSignal | undefined,
): Promise<Routed> {
  const { files, log } = await router.run({
    args: [
      ...flags.split(' '),
      ...['--json', 'unit.json', '--report', 'report.json', '--seed', String(seed)],
      // The placer works on the slowest path in any case; nothing is gained by a clock that cannot be met.
      ...['--freq', '100', '--timing-allow-fail', '--pcf-allow-unconstrained'],
    ],
    files: { 'unit.json': netlist },
    signal,
  });
  type Report = {
    fmax: Record<string, { achieved: number }>;
    utilization: Record<string, { used: number }>;
  };
  const report = JSON.parse(files['report.json'] ?? '{}') as Partial<Report>;
  const [clock] = Object.values(report.fmax ?? {});
  if (!clock) throw new PlaceAndRouteError('the router told no clock', log);
  return { seed, fmaxMHz: clock.achieved, cells: report.utilization?.ICESTORM_LC?.used ?? 0 };
}

/** The design between registers, with three pins. */
function registered({ files, top, ports = [] }: Design): Design {
  const ends = { input: 0, output: 0 };
  const connections = ports.map(({ name: port, direction, width }) => {
    if (port === 'clk') return { port, expression: 'clk' };
    const low = ends[direction];
    ends[direction] += width;
    return {
      port,
      expression: `${direction === 'input' ? 'drive' : 'answer'}[${low + width - 1}:${low}]`,
    };
  });
  const view = { name: top, inputBits: ends.input, outputBits: ends.output, connections };
  const text = render('registered.v.hbs', view);
  return { files: [...files, { name: `${top}_registered.v`, text }], top: `${top}_registered` };
}
