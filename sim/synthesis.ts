import type { Multipliers, Target } from './targets.ts';
import type { FileSet } from './wasmTool.ts';
import { Yosys, YosysError, yosysTool } from './yosys.ts';

/** A design to synthesize. */
export interface Design {
  /** Verilog sources (`.v`, `.sv`), and data files that they read with `$readmemh`; paths are relative. */
  files: readonly { name: string; text: string }[];
  /** The top module. */
  top: string;
  /** Parameters of the top module: whole numbers, or Verilog literals such as `8'hff`. */
  params?: Readonly<Record<string, number | string>>;
  /** Ports of the top module; only place and route asks for them. */
  ports?: readonly { name: string; direction: 'input' | 'output'; width: number }[];
}

/** How much of the family the design takes. Only what Yosys measured on its mapped netlist; nothing is estimated. */
export interface Synthesis {
  /** LUTs as the target's `count.luts` counts them. */
  luts: number;
  /** Carry cells; see the target's notes for the bits in one. */
  carries: number;
  ffs: number;
  dsps: number;
  /** Block RAMs, in the unit that the target's notes name; half blocks are possible. */
  brams: number;
  /** Cells on the longest combinational path between registers and ports; each LUT, carry, multiplexer or DSP cell is one. */
  levels: number;
  /** Delay of the slowest path in ns: cells only, no routing. Absent where Yosys has no cell delays. */
  logicDelayNs?: number;
  /** Series within the family, where the recipe names one. */
  device?: string;
  /** Mapped cells by type, in alphabetical order. */
  cells: Record<string, number>;
  /** Which program made the numbers. */
  tool: string;
  stage: 'synthesis';
  /** The Yosys commands that gave these numbers; of several mapper settings, the ones of the best. */
  recipe: string[];
  /** What the reader must know about this target and choice. */
  notes: string[];
  /** Warnings of Yosys about the design. */
  warnings: string[];
}

/** How to synthesize. */
export interface SynthesisOptions {
  /** What multipliers become; default `auto`. */
  multipliers?: Multipliers;
  /** Workers to use; without it a pair is started for this one call. */
  yosys?: Yosys;
  /** Stops the run. */
  signal?: AbortSignal;
}

const NAME = /^[A-Za-z_]\w*$/;
const LITERAL = /^\d*'s?[bodh][\da-fxz_]+$/i;
/** Keeps a kept hierarchy out of the path measures: depth runs through module borders. */
const FLATTEN = [
  'setattr -mod -unset keep_hierarchy',
  'setattr -unset keep_hierarchy',
  'flatten',
  'delete t:$scopeinfo',
];
const DELAY_MAP = 'subbyte-delay-map.v';

const fileOf = (kind: string, variant: number) => `subbyte-${kind}-${variant}`;

function parameter(name: string, value: number | string): string {
  if (!NAME.test(name)) throw new RangeError(`parameter name "${name}" is not a Verilog name`);
  if (typeof value === 'string' && LITERAL.test(value)) return `${name} ${value}`;
  const number = Number(value);
  if (value === '' || !Number.isInteger(number) || number < -(2 ** 31) || number >= 2 ** 31) {
    throw new RangeError(`parameter ${name}: ${value} is neither a 32-bit number nor a Verilog literal`);
  }
  return `${name} ${number < 0 ? `32'sh${(number >>> 0).toString(16)}` : number}`;
}

/** One setting of the mapper, with the commands that make its netlist. */
export interface Variant {
  name?: string;
  commands: string[];
  flags?: string;
}

/** The settings of the mapper that are tried for a target. */
export function variantsOf(target: Target): readonly Variant[] {
  return target.synthesis.variants ?? [{ commands: [] }];
}

/**
 * The script for a design and target, and what each variant of it runs: with `netlists`, each leaves its own as JSON, and `last` runs
 * on the last mapped netlist before it is measured. Throws `RangeError` on names Yosys cannot take.
 */
export function synthesisScript(
  design: Design,
  target: Target,
  multipliers: Multipliers,
  options: { variants?: readonly Variant[]; netlists?: boolean; last?: readonly string[] } = {},
): { script: string; variants: Variant[] } {
  const { top, files, params = {} } = design;
  const { variants = variantsOf(target), netlists = false, last = [] } = options;
  if (!NAME.test(top)) throw new RangeError(`top "${top}" is not a Verilog name`);
  const { prepare, map, modes } = target.synthesis;
  const values: Record<string, string> = {
    top,
    flags: modes[multipliers].flags,
    define: modes[multipliers].define ?? '',
  };
  const fill = (commands: readonly string[], flags = '') => {
    const given: Record<string, string> = { ...values, flags: `${values.flags} ${flags}`.trim() };
    return commands.map(c => c.replace(/\{([a-z]+)\}/g, (_, key: string) => given[key]).replace(/ +/g, ' '));
  };

  const sources = files.map(f => f.name).filter(name => /\.s?v$/.test(name));
  const lines = sources.map(name => `read_verilog ${name.endsWith('.sv') ? '-sv ' : ''}${name}`);
  const settings = Object.entries(params).map(
    ([name, value]) => `chparam -set ${parameter(name, value)} ${top}`,
  );
  const shared = [...settings, ...fill(prepare)];
  lines.push(...shared);
  // Also before one setting of several: keeping a copy changes an order that the mapper sees, and then what it makes.
  if (variants.length > 1 || variantsOf(target).length > 1) lines.push('design -save prepared');

  const combinational = ['w:* c:* %u', ...target.sequential.map(cells => `${cells} %d`)].join(' ');
  const recipes = variants.map(({ name, commands, flags }, i) => {
    const own = [...fill(commands), ...fill(map, flags)];
    if (i > 0) lines.push('design -load prepared');
    lines.push(...own, ...FLATTEN);
    if (i === variants.length - 1) lines.push(...last);
    lines.push(
      `tee -q -o ${fileOf('stat', i)} stat -json`,
      `tee -q -o ${fileOf('ltp', i)} ltp ${combinational}`,
    );
    if (netlists) lines.push(`write_json ${fileOf('netlist', i)}`);
    if (target.delay.works) {
      // Yosys may leave copies of a cell that the Verilog instantiates, without its delays. Only then, because any command moves later settings.
      const cell = target.lutCell;
      if (cell && files.some(f => f.text.includes(cell)))
        lines.push(`tee -q -o ${fileOf('deleted', i)} delete =$paramod*${cell}*`);
      if (target.delay.map) lines.push(`techmap -map ${DELAY_MAP}`);
      lines.push(...fill(target.delay.commands), `tee -q -o ${fileOf('sta', i)} sta`);
    }
    return { name, commands: [...shared, ...own] };
  });
  return { script: `${lines.join('\n')}\n`, variants: recipes };
}

/** The files that the script reads. */
export function scriptFiles(design: Design, target: Target): FileSet {
  const files = Object.fromEntries(design.files.map(f => [f.name, f.text]));
  if (target.delay.map) files[DELAY_MAP] = `${target.delay.map.join('\n')}\n`;
  return files;
}

/** Cell types and their number in the top module, from the text of `stat -json`. */
export function cellsOf(stat: string, top: string): Record<string, number> {
  type Stat = { modules?: Record<string, { num_cells_by_type?: Record<string, number> }> };
  let parsed: Stat;
  try {
    parsed = JSON.parse(stat) as Stat;
  } catch {
    throw new YosysError('Yosys wrote no readable statistics', stat);
  }
  const module = parsed.modules?.[`\\${top}`];
  if (!module) throw new YosysError(`Yosys wrote no statistics for module ${top}`, stat);
  return Object.fromEntries(
    Object.entries(module.num_cells_by_type ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** Weighted number of cells whose whole type matches one of the patterns. */
export function count(
  cells: Readonly<Record<string, number>>,
  weights: Readonly<Record<string, number>>,
): number {
  let sum = 0;
  for (const [pattern, weight] of Object.entries(weights)) {
    const matches = new RegExp(`^(?:${pattern})$`);
    for (const [type, n] of Object.entries(cells)) if (matches.test(type)) sum += weight * n;
  }
  return sum;
}

type Measures = Pick<
  Synthesis,
  'luts' | 'carries' | 'ffs' | 'dsps' | 'brams' | 'levels' | 'logicDelayNs' | 'cells' | 'notes' | 'warnings'
>;

/** Delay of the slowest path in ns, or a note that says why there is none. */
function delayOf(sta: string): { logicDelayNs?: number; notes: string[] } {
  // A delay that leaves out a cell would be a wrong number, so there is none.
  const untimed = [...sta.matchAll(/Warning: Module '(.*)' has no timing arcs!/g)].map(([, type]) => type);
  if (untimed.length > 0) return { notes: [`no logic delay: Yosys has no delays of ${untimed.join(', ')}`] };
  const picoseconds = /Latest arrival time in .* is (\d+)/.exec(sta)?.[1];
  return picoseconds === undefined ? { notes: [] } : { logicDelayNs: Number(picoseconds) / 1000, notes: [] };
}

function measure(files: FileSet, variant: number, top: string, target: Target): Measures {
  const cells = cellsOf(files[fileOf('stat', variant)] ?? '', top);
  const ltp = files[fileOf('ltp', variant)] ?? '';
  const levels = /Longest topological path in .* \(length=(\d+)\)/.exec(ltp)?.[1];
  if (levels === undefined) throw new YosysError('Yosys printed no longest path', ltp);
  const { count: by } = target;
  return {
    luts: count(cells, by.luts),
    carries: count(cells, by.carries),
    ffs: count(cells, by.ffs),
    dsps: count(cells, by.dsps),
    brams: count(cells, by.brams),
    levels: Number(levels),
    ...delayOf(files[fileOf('sta', variant)] ?? ''),
    cells,
    warnings: /Detected loop/.test(ltp)
      ? ['the design has a combinational loop: levels are not meaningful']
      : [],
  };
}

interface Attempt {
  measured: (Measures & { variant: Variant })[];
  warnings: readonly string[];
  notes: readonly string[];
}

/** ABC ended without a netlist: nothing is wrong with the design. */
export function isMapperFailure(error: unknown): boolean {
  return error instanceof YosysError && /yosys-abc.*not found/.test(error.message);
}

/**
 * Maps a design to a family and counts. Where the target lists mapper settings, all are tried and the one with the fewest LUTs,
 * then levels, is kept: the mapper is noisy. Rejects with `YosysError` when Yosys refuses the design.
 */
export async function synthesize(
  design: Design,
  target: Target,
  options: SynthesisOptions = {},
  onProgress?: (pass: string) => void,
): Promise<Synthesis> {
  const { multipliers = 'auto', signal } = options;
  const yosys = options.yosys ?? new Yosys();
  const files = scriptFiles(design, target);
  const attempt = async (tried?: readonly Variant[]): Promise<Attempt> => {
    const { script, variants } = synthesisScript(design, target, multipliers, { variants: tried });
    const output = await yosys.run({ script, files, onProgress, signal });
    const measured = variants.map((variant, i) => ({
      variant,
      ...measure(output.files, i, design.top, target),
    }));
    return { measured, warnings: output.warnings, notes: [] };
  };
  try {
    const { fallback } = target.synthesis;
    const {
      measured,
      warnings: said,
      notes: how,
    } = await attempt().catch(async error => {
      if (!fallback || !isMapperFailure(error)) throw error;
      const last = await attempt([fallback]);
      return { ...last, notes: [`mapped with ${fallback.name}: ${fallback.why}`] };
    });
    const [{ variant, cells, notes, warnings, ...numbers }] = measured.sort(
      (a, b) => a.luts - b.luts || a.levels - b.levels,
    );
    const { device, note } = target.synthesis.modes[multipliers];
    const expected = target.synthesis.expectedWarnings;
    return {
      ...numbers,
      ...(device === undefined ? {} : { device }),
      cells,
      tool: await yosysTool(),
      stage: 'synthesis',
      recipe: variant.commands,
      notes: [...how, ...(note === undefined ? [] : [note]), ...notes, ...target.notes],
      warnings: [
        ...said.filter(text => !expected.some(({ pattern }) => text.includes(pattern))),
        ...warnings,
      ],
    };
  } finally {
    if (!options.yosys) await yosys.close();
  }
}
