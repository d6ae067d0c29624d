import type { Design } from '../generators/emit/design.ts';
import type { Module } from '../generators/emit/module.ts';
import { type Place, readAsSimulated } from '../generators/emit/verilog.ts';
import {
  type Behaviour,
  behaviourOf,
  type Drive,
  type Lut,
  type NetBit,
  type NetlistCell,
  type NetlistModule,
} from './behaviour.ts';
import type { Cache } from './cache.ts';
import { ownModels, recordsOf } from './netlist.ts';
import { makeStimulus } from './stimulus.ts';
import {
  count,
  type Synthesis,
  scriptFiles,
  synthesisScript,
  type Variant,
  variantsOf,
} from './synthesis.ts';
import type { Target } from './targets.ts';
import { type Yosys, yosysTool } from './yosys.ts';

/** Cells of each kind, counted as the report counts them. */
export interface Cells {
  luts: number;
  carries: number;
  ffs: number;
  dsps: number;
  brams: number;
}

/** What one signal of the Verilog costs. */
export interface SignalCost extends Cells {
  signal: string;
  /** `file:line:column` of the variable in the unit's source; absent where it has none. */
  at?: string;
}

/** A part of the module: what stands under one heading, and there in one loop over lanes or outside of all. */
export interface BlockCost extends Cells {
  section: string;
  /** Label of the loop, and its lanes in all; absent outside of loops. */
  loop?: string;
  lanes?: number;
  /** The dearest first. */
  signals: SignalCost[];
}

/** Some cells in a row on the longest path that compute one signal; the first step is where the path starts. */
export interface PathStep {
  /** The signal, with its lane and bit where they are known. */
  signal: string;
  /** Heading; `Input` and `Output` for ports. */
  section: string;
  at?: string;
  /** Cells passed in this step, and by kind. */
  levels: number;
  cells: Record<string, number>;
  /** When the signal is there, in ns from the start of the path; absent where Yosys has no cell delays. */
  arrivalNs?: number;
}

/** Where the cells of a mapped netlist and the longest path through it come from. */
export interface Explanation {
  blocks: BlockCost[];
  path: PathStep[];
  /** Which path: the slowest by cell delays, or the one with most cells. */
  pathBy: 'delay' | 'levels';
  /** LUTs that compute a bit that the Verilog has; the others are counted to the nearest such bit that they feed. */
  matched: number;
  /** Beats on which bits of the netlist and of the Verilog were compared. */
  beats: number;
}

/** A unit as emitted. */
export interface Emitted {
  readonly design: Design;
  readonly module: Module;
  readonly verilog: string;
}

/** Raise when explanations of an older program must not be read back. */
const CACHE_VERSION = '1';

/** 512 sequences of 16 beats that count, each after so many that fill the pipeline. */
const WORDS = 16;
const CYCLES = 16;

const [MAPPED, GATES, NAMED] = ['mapped.json', 'mapped-gates.json', 'named-gates.json'];
/** Ports of the netlist without its look-up tables; no name of the Verilog has a dollar sign. */
const [FROM_TABLES, FROM_CELLS] = ['from$tables', 'from$cells'];
const toGates = ['simplemap', 'opt -fast', 'dfflegalize -cell $_DFF_P_ 0', 'techmap', 'opt -fast -noff'];
/** Long texts take Yosys long to write. */
const SHORT = ['setattr -unset src c:*'];

/**
 * Says which signals of the Verilog the cells of a synthesis compute. The mapper keeps few names, so a cell is known by what it
 * does: the mapped netlist and the Verilog, made gates without any optimization, play the same beats, and a net that does the same
 * as a bit of the Verilog (or its inverse) in all of them is taken for it.
 */
export async function explain(
  unit: Emitted,
  target: Target,
  synthesis: Synthesis,
  options: { yosys: Yosys; cache?: Cache },
): Promise<Explanation> {
  const { script, files, settings } = mappingScript(unit, target, synthesis);
  const attempt = async (text: string): Promise<Explanation | string> => {
    const made = (await options.yosys.run({ script: text, files })).files;
    const raw = rawPath(made, synthesis);
    const mapped = moduleOf(made[MAPPED]!, unit.module.name);
    const problem = differenceFrom(synthesis, raw, mapped, target);
    if (problem !== undefined) return problem;
    const played = await playable(mapped, unit, target, options.yosys);
    return explanationOf(unit, target, raw, mapped, played, moduleOf(made[NAMED]!, unit.module.name));
  };
  const produce = async (): Promise<Explanation> => {
    const first = await attempt(script);
    if (typeof first !== 'string') return first;
    // The mapper can be moved by what ran before it: then all settings run again, in their order.
    const second = await attempt(settings());
    if (typeof second !== 'string') return second;
    throw new Error(`--explain: ${second}`);
  };
  if (!options.cache) return produce();
  // Sections and places are not in the Verilog.
  const about = JSON.stringify([target, synthesis, unit.module.body.places]);
  const key = [CACHE_VERSION, await yosysTool(), about, script, ...Object.entries(files).flat()];
  return options.cache.cached('explanations', key, produce);
}

/** The synthesis once more, with the setting that was chosen, and the Verilog as gates; `settings`: with those before it too. */
function mappingScript(
  { design, module, verilog }: Emitted,
  target: Target,
  { recipe }: Synthesis,
): { script: string; files: Record<string, string>; settings: () => string } {
  const { multipliers } = design.goal;
  const top = module.name;
  const file = `${top}.v`;
  const source = { files: [{ name: file, text: verilog }], top };
  const { fallback } = target.synthesis;
  const known = variantsOf(target);
  const { variants } = synthesisScript(source, target, multipliers);
  const chosen = variants.findIndex(({ commands }) => JSON.stringify(commands) === JSON.stringify(recipe));
  const keep = [...SHORT, `select ${top}`, `write_json -selected ${MAPPED}`, 'select -clear'];
  const lines = [
    'design -reset',
    ...readAsSimulated(file),
    `hierarchy -top ${top}`,
    // A table would become a memory.
    'proc -norom',
    'flatten',
    'opt -fast',
    'techmap',
    ...toGates,
    'delete t:$scopeinfo',
    ...SHORT,
    `write_json ${NAMED}`,
  ];
  const scriptWith = (settings: readonly Variant[]): string => {
    return `${synthesisScript(source, target, multipliers, { variants: settings, last: keep }).script}${lines.join('\n')}\n`;
  };
  const setting = known[chosen] ?? fallback;
  return {
    script: scriptWith(setting ? [setting] : known),
    settings: () => scriptWith(chosen >= 0 ? known.slice(0, chosen + 1) : known),
    files: scriptFiles(source, target),
  };
}

function moduleOf(json: string, top: string): NetlistModule {
  const { modules } = JSON.parse(json) as { modules: Record<string, NetlistModule> };
  return modules[top]!;
}

/** What differs from the synthesis, if the netlist is not the one that was measured. */
function differenceFrom(
  synthesis: Synthesis,
  { by, length }: RawPath,
  mapped: NetlistModule,
  target: Target,
): string | undefined {
  const expected = by === 'delay' ? synthesis.logicDelayNs : synthesis.levels;
  if (length !== expected) return `the longest path of ${target.id} is ${length}, in the report ${expected}`;
  const kinds = cellCounter(target);
  const total = sumOf(Object.values(mapped.cells).map(cell => kinds(cell.type)));
  const wrong = KINDS.find(kind => total[kind] !== synthesis[kind]);
  return wrong && `the netlist for ${target.id} has ${total[wrong]} ${wrong}, the report ${synthesis[wrong]}`;
}

/** A look-up table that the cell is, whatever the family calls it; undefined for any other cell. */
function lutOf(cell: NetlistCell, kinds: (type: string) => Cells): Lut | undefined {
  if (kinds(cell.type).luts !== 1) return undefined;
  const { connections, port_directions = {}, parameters = {} } = cell;
  const inputs = Object.keys(connections)
    .filter(port => port_directions[port] === 'input')
    .sort()
    .flatMap(port => connections[port]!);
  const outputs = pins(cell, true);
  const table = Object.entries(parameters).find(([name]) => /(?:INIT|LUT)$/.test(name))?.[1] ?? '';
  const isTable = /^[01]+$/.test(table) && table.length === 2 ** inputs.length && outputs.length === 1;
  return isTable ? { inputs, output: outputs[0]!, table } : undefined;
}

/** A netlist that can be played, and what each net of the mapped one is called in it. */
interface Playable {
  readonly module: NetlistModule;
  readonly netOf: (bit: NetBit) => NetBit | undefined;
}

/**
 * The mapped netlist as gates. Look-up tables stay what they are; all other cells go to Yosys, without the tables, to be replaced
 * by their models. What they drive leaves through one port, and what tables drive comes in through another.
 */
async function playable(
  mapped: NetlistModule,
  { design, module: { name: top } }: Emitted,
  target: Target,
  yosys: Yosys,
): Promise<Playable> {
  const kinds = cellCounter(target);
  const luts: Lut[] = [];
  const cells: Record<string, NetlistCell> = {};
  for (const [name, cell] of Object.entries(mapped.cells)) {
    const lut = lutOf(cell, kinds);
    if (lut) luts.push(lut);
    else cells[name] = cell;
  }
  const inputs = Object.entries(mapped.ports).filter(([, { direction }]) => direction === 'input');
  const driven = Object.values(cells).flatMap(cell => pins(cell, true));
  const ports: NetlistModule['ports'] = {
    ...Object.fromEntries(inputs),
    [FROM_TABLES]: { direction: 'input', bits: luts.map(({ output }) => output) },
    [FROM_CELLS]: { direction: 'output', bits: driven },
  };
  const wired = Object.entries(ports).filter(([, { bits }]) => bits.length > 0);
  const cut = {
    modules: { [top]: { attributes: {}, ports: Object.fromEntries(wired), cells, netnames: {} } },
  };
  const { models, modes } = target.synthesis;
  const { define } = modes[design.goal.multipliers];
  const lines = [
    `read_json ${MAPPED}`,
    ...(models ?? []).map(
      file => `read_verilog -defer ${define === undefined ? '' : `-D ${define} `}${file}`,
    ),
    `hierarchy -top ${top}`,
    'proc',
    'flatten -wb',
    'opt -fast',
    'memory',
    'opt -fast',
    'techmap',
    ...toGates,
    `select ${top}`,
    `write_json -selected ${GATES}`,
  ];
  const files = { ...ownModels(target), [MAPPED]: JSON.stringify(cut) };
  const made = (await yosys.run({ script: lines.join('\n'), files })).files;
  const module = moduleOf(made[GATES]!, top);
  const nets = new Map<NetBit, NetBit>();
  for (const [name, { bits }] of wired)
    bits.forEach((bit, i) => {
      nets.set(bit, module.ports[name]!.bits[i]!);
    });
  const netOf = (bit: NetBit): NetBit | undefined => (typeof bit === 'number' ? nets.get(bit) : bit);
  const own = luts.map(({ inputs: from, output, table }) => {
    return { table, inputs: from.map(bit => netOf(bit) ?? '0'), output: netOf(output)! };
  });
  return { module: { ...module, luts: own }, netOf };
}

function explanationOf(
  unit: Emitted,
  target: Target,
  raw: RawPath,
  mapped: NetlistModule,
  played: Playable,
  named: NetlistModule,
): Explanation {
  const labels = labelsOf(unit, mapped, played, named, driveOf(unit.design));
  const { given, ...attribution } = attribute(mapped, labels, target);
  return {
    ...attribution,
    path: pathOf(raw.steps, mapped, labels, given, target),
    pathBy: raw.by,
    beats: target.synthesis.models ? CYCLES * WORDS * 32 : 0,
  };
}

export const KINDS = ['luts', 'carries', 'ffs', 'dsps', 'brams'] as const satisfies (keyof Cells)[];

const none = (): Cells => ({ luts: 0, carries: 0, ffs: 0, dsps: 0, brams: 0 });

function addCells(sum: Cells, more: Cells): void {
  for (const kind of KINDS) sum[kind] += more[kind];
}

export function sumOf(parts: readonly Cells[]): Cells {
  const sum = none();
  for (const part of parts) addCells(sum, part);
  return sum;
}

/** The beats of `gen verify`, corners first, as many sequences beside each other; reset now and then. */
function driveOf(design: Design): Drive {
  const { latency } = design.schedule;
  const cycles = latency + 1 + CYCLES;
  const sequences = 32 * WORDS;
  const stimulus = makeStimulus(design, { vectors: cycles * sequences, exhaustive: false, seed: 1 });
  const { size } = stimulus.layout;
  const records = new Uint32Array(cycles * sequences * size);
  stimulus.fill(records, cycles * sequences);
  const { inputs } = recordsOf(design);
  const planeOf = (bitAt: (sequence: number) => number): Uint32Array => {
    const plane = new Uint32Array(WORDS);
    for (let s = 0; s < sequences; s++) plane[s >>> 5]! |= bitAt(s) << (s & 31);
    return plane;
  };
  return {
    words: WORDS,
    cycles,
    skip: latency + 1,
    input(port, bit, cycle) {
      const where = inputs[port];
      if (where === 'reset') return planeOf(s => (cycle === 0 || (7 * s + cycle) % 32 === 0 ? 1 : 0));
      if (where === 'one') return planeOf(s => ((5 * s + cycle) % 8 === 0 ? 0 : 1));
      if (typeof where !== 'number') return undefined;
      const at = where + bit;
      return planeOf(s => (records[(s * cycles + cycle) * size + (at >>> 5)]! >>> (at & 31)) & 1);
    },
  };
}

/** A signal of the Verilog that a net is, or is part of the computation of. */
interface Label {
  /** As it stands in the Verilog, without lane and bit. */
  readonly name: string;
  /** With both; absent for what has no name of its own, as a carry. */
  readonly full?: string;
  readonly place: Place;
  /** The order in which signals are computed. */
  readonly rank: number;
}

type Labels = (bit: NetBit | undefined) => Label | undefined;

const INPUT: Place = { section: 'Input', at: '' };

function labelsOf(
  { module, verilog }: Emitted,
  mapped: NetlistModule,
  played: Playable,
  named: NetlistModule,
  drive: Drive,
): Labels {
  const { places } = module.body;
  const ranks = new Map(Object.keys(places).map((name, i) => [name, i]));
  const declared = declaredOn(verilog, module.name);
  const label = (path: string, bit?: string): Label | undefined => {
    // Scopes of loops are no part of the name; what is inside of an instance belongs to it.
    const [name] = path.split('.').filter(part => !part.endsWith(']'));
    const place = name === undefined ? undefined : places[name];
    if (name === undefined || !place) return undefined;
    const full = bit === undefined ? {} : { full: `${path}${bit}` };
    return { name, ...full, place, rank: ranks.get(name)! };
  };
  const hiddenLabel = (name: string, source: string): Label | undefined => {
    const instance = /^\$flatten(\\.*?)\.\$/.exec(name)?.[1]?.replaceAll('\\', '');
    const line = Number(/\.v:(\d+)/.exec(source)?.[1]);
    const local = declared.get(line) ?? (instance === undefined ? undefined : instance);
    return local === undefined ? undefined : label(local);
  };

  // A name before what has none, then what is computed first.
  const isBetter = (a: Label, b: Label | undefined): boolean =>
    !b || (a.full ? 0 : 1) - (b.full ? 0 : 1) < 0 || (!a.full === !b.full && a.rank < b.rank);
  const known = new Map<string, Label>();
  const behaviour = behaviourOf(named, drive);
  for (const [name, { hide_name, bits, attributes }] of Object.entries(named.netnames)) {
    bits.forEach((bit, i) => {
      const key = behaviour(bit);
      if (key === undefined) return;
      const index = bits.length > 1 ? `[${i}]` : '';
      const found = hide_name ? hiddenLabel(name, attributes?.src ?? '') : label(name, index);
      if (found && isBetter(found, known.get(key))) known.set(key, found);
    });
  }
  for (const { direction, bits } of Object.values(named.ports))
    if (direction === 'input')
      bits.forEach(bit => {
        const key = behaviour(bit);
        if (key !== undefined) known.delete(key);
      });
  const behaviourIn = behaviourOf(played.module, drive);
  return lookUp(mapped, bit => behaviourIn(played.netOf(bit ?? '0')), known, label);
}

/** Labels by what a net does; else by a name of the Verilog that it still has. */
function lookUp(
  mapped: NetlistModule,
  behaviour: Behaviour,
  known: ReadonlyMap<string, Label>,
  label: (path: string, bit?: string) => Label | undefined,
): Labels {
  const labels = new Map<NetBit, Label>();
  const asNamed = new Map<NetBit, Label>();
  for (const [name, { bits, hide_name }] of Object.entries(mapped.netnames)) {
    bits.forEach((bit, i) => {
      const key = behaviour(bit);
      const found = key === undefined ? undefined : known.get(key);
      if (found) labels.set(bit, found);
      const index = bits.length > 1 ? `[${i}]` : '';
      const called = hide_name ? undefined : label(name, index);
      if (called && !(asNamed.get(bit)! && asNamed.get(bit)!.rank <= called.rank)) asNamed.set(bit, called);
    });
  }
  const inputs = new Map<NetBit, Label>();
  for (const [name, { direction, bits }] of Object.entries(mapped.ports))
    if (direction === 'input')
      bits.forEach((bit, i) => {
        const index = bits.length > 1 ? `[${i}]` : '';
        inputs.set(bit, { name, full: `${name}${index}`, place: INPUT, rank: -1 });
      });
  return bit =>
    typeof bit === 'number' ? (inputs.get(bit) ?? labels.get(bit) ?? asNamed.get(bit)) : undefined;
}

/** The name that each line of the top module gives a value to. */
function declaredOn(verilog: string, top: string): Map<number, string> {
  const found = new Map<number, string>();
  let inside = false;
  verilog.split('\n').forEach((line, i) => {
    if (line.startsWith(`module ${top} `)) inside = true;
    else if (line.startsWith('endmodule')) inside = false;
    const name =
      /^\s*wire (?:signed )?(?:\[\d+:0\] )?(\w+) =/.exec(line) ??
      /^\s*assign (\w+)/.exec(line) ??
      /^[^=]*?(\w+) <= /.exec(line);
    if (inside && name) found.set(i + 1, name[1]!);
  });
  return found;
}

const OUTPUTS = new Set(['output', 'inout']);

/** The nets that a cell drives, or that it reads. */
function pins({ connections, port_directions = {} }: NetlistCell, drives: boolean): NetBit[] {
  return Object.entries(connections)
    .filter(([port]) => OUTPUTS.has(port_directions[port] ?? 'input') === drives)
    .flatMap(([, bits]) => bits.filter(bit => typeof bit === 'number'));
}

/** The cells that drive each net, or that read it. */
function byNet(cells: readonly NetlistCell[], drives: boolean): Map<NetBit, NetlistCell[]> {
  const found = new Map<NetBit, NetlistCell[]>();
  for (const cell of cells)
    for (const bit of pins(cell, drives)) {
      const others = found.get(bit);
      if (others) others.push(cell);
      else found.set(bit, [cell]);
    }
  return found;
}

const UNKNOWN: Label = {
  name: 'not attributed',
  place: { section: 'Not attributed', at: '' },
  rank: Number.MAX_SAFE_INTEGER,
};

/** Counts each cell to a signal: the one that it computes, else the nearest that it feeds, else the nearest that feeds it. */
function attribute(
  mapped: NetlistModule,
  labels: Labels,
  target: Target,
): { blocks: BlockCost[]; matched: number; given: ReadonlyMap<NetlistCell, Label> } {
  const kinds = cellCounter(target);
  const cells = Object.values(mapped.cells);
  const given = new Map<NetlistCell, Label>();
  for (const cell of cells) {
    const found = mostFrequent(pins(cell, true).map(labels).filter(isComputed));
    if (found) given.set(cell, found);
  }
  const matched = [...given.keys()].reduce((sum, cell) => sum + kinds(cell.type).luts, 0);
  spread(cells, given, true);
  spread(cells, given, false);

  const blocks = new Map<string, { rank: number; block: BlockCost; signals: Map<string, SignalCost> }>();
  for (const cell of cells) {
    const cost = kinds(cell.type);
    if (KINDS.every(kind => cost[kind] === 0)) continue;
    const { name, place, rank } = given.get(cell) ?? UNKNOWN;
    const { section, loop, at } = place;
    const id = JSON.stringify([section, loop?.label, loop?.lanes]);
    const entry = blocks.get(id) ?? {
      rank,
      block: { section, ...(loop && { loop: loop.label, lanes: loop.lanes }), ...none(), signals: [] },
      signals: new Map<string, SignalCost>(),
    };
    blocks.set(id, entry);
    entry.rank = Math.min(entry.rank, rank);
    const signal = entry.signals.get(name) ?? { signal: name, ...(at && { at }), ...none() };
    entry.signals.set(name, signal);
    addCells(entry.block, cost);
    addCells(signal, cost);
  }
  const dear = (a: Cells, b: Cells): number =>
    KINDS.map(kind => b[kind] - a[kind]).find(difference => difference !== 0) ?? 0;
  const inOrder = [...blocks.values()].sort((a, b) => a.rank - b.rank);
  return {
    given,
    matched,
    blocks: inOrder.map(({ block, signals }) => ({
      ...block,
      signals: [...signals.values()].sort((a, b) => dear(a, b) || (a.signal < b.signal ? -1 : 1)),
    })),
  };
}

function isComputed(label: Label | undefined): label is Label {
  return label !== undefined && label.place !== INPUT;
}

function mostFrequent(labels: readonly Label[]): Label | undefined {
  const counts = new Map<string, { label: Label; n: number }>();
  for (const label of labels) {
    const entry = counts.get(label.name) ?? { label, n: 0 };
    entry.n++;
    counts.set(label.name, entry);
  }
  return [...counts.values()].sort((a, b) => b.n - a.n || a.label.rank - b.label.rank)[0]?.label;
}

/** Gives each cell without a label that of the nearest cell which has one; of two, what is computed first. */
function spread(cells: readonly NetlistCell[], given: Map<NetlistCell, Label>, downstream: boolean): void {
  // From each cell that is known, against the direction in which the others look for it.
  const next = byNet(cells, downstream);
  let front = [...given.keys()];
  while (front.length > 0) {
    const reached = new Map<NetlistCell, Label>();
    for (const cell of front) {
      const label = given.get(cell)!;
      for (const bit of pins(cell, !downstream))
        for (const other of next.get(bit) ?? []) {
          const before = reached.get(other);
          if (!given.has(other) && (!before || label.rank < before.rank)) reached.set(other, label);
        }
    }
    for (const [cell, label] of reached) given.set(cell, label);
    front = [...reached.keys()];
  }
}

/** What a cell of a type counts as. */
function cellCounter({ count: by }: Target): (type: string) => Cells {
  const known = new Map<string, Cells>();
  return type => {
    const one = { [type]: 1 };
    const cells = known.get(type) ?? {
      luts: count(one, by.luts),
      carries: count(one, by.carries),
      ffs: count(one, by.ffs),
      dsps: count(one, by.dsps),
      brams: count(one, by.brams),
    };
    known.set(type, cells);
    return cells;
  };
}

interface RawStep {
  /** Net as Yosys prints it: `\name [3]`. */
  readonly net: string;
  /** Type of the cell that drives it; absent at the start. */
  readonly type?: string;
  readonly cell?: string;
  readonly picoseconds?: number;
}

/** From its start to its end; its length as the report has it, in ns or cells. */
interface RawPath {
  readonly by: Explanation['pathBy'];
  readonly length: number | undefined;
  readonly steps: readonly RawStep[];
}

/** The longest path as Yosys prints it, from its start to its end. */
function rawPath(files: Readonly<Record<string, string>>, { logicDelayNs }: Synthesis): RawPath {
  const last = (kind: string): string => {
    const names = Object.keys(files).filter(name => name.startsWith(`subbyte-${kind}-`));
    return files[names.sort().at(-1) ?? ''] ?? '';
  };
  if (logicDelayNs === undefined) {
    const lines = last('ltp').matchAll(/^ +\d+: (.*?)(?: \(via (.*)\))?$/gm);
    const length = Number(/\(length=(\d+)\)/.exec(last('ltp'))?.[1]);
    return {
      by: 'levels',
      length,
      steps: [...lines].map(([, net, cell]) => ({ net: net!, ...(cell && { cell }) })),
    };
  }
  // Printed from its end: a net, then when it is there, the cell and its pins; at the start the net stands in that line.
  const [text = ''] = last('sta').split('Arrival histogram');
  const steps: RawStep[] = [];
  let net = '';
  for (const line of text.split('\n')) {
    const cell = /^ +(\d+) (\S+) \((\S+?)\.(\S+)->(\S+)\)$/.exec(line);
    const start = /^ +(\d+) {3}(\S.*) \(.*\)$/.exec(line);
    if (cell) steps.push({ net, picoseconds: Number(cell[1]), cell: cell[2]!, type: cell[3]! });
    else if (start) steps.push({ net: start[2]!, picoseconds: Number(start[1]) });
    else if (/^ {8,}\S/.test(line)) net = line.trim();
  }
  const picoseconds = Number(/Latest arrival time in .* is (\d+)/.exec(text)?.[1]);
  return { by: 'delay', length: picoseconds / 1000, steps: steps.reverse() };
}

/** Cells in a row that compute one signal become one step; what computes no signal goes to the next that does. */
function pathOf(
  printed: readonly RawStep[],
  mapped: NetlistModule,
  labels: Labels,
  given: ReadonlyMap<NetlistCell, Label>,
  target: Target,
): PathStep[] {
  const kinds = cellCounter(target);
  const bitOf = ({ net }: RawStep): NetBit | undefined => {
    const [, name, index = '0'] = /^\\?(.*?)(?: \[(\d+)\])?$/.exec(net) ?? [];
    return mapped.netnames[name ?? '']?.bits[Number(index)];
  };
  const cellOf = ({ cell }: RawStep): NetlistCell | undefined => mapped.cells[cell ?? ''];
  // Yosys begins at the clock; for us a path begins at the register, with the time that it takes to show its value.
  const [, second] = printed;
  const fromRegister = second && kindOf(second.type ?? cellOf(second)?.type ?? '', kinds) === 'FF';
  const raw = fromRegister ? printed.slice(1) : printed;
  const last = raw.length - 1;
  const found = raw.map(
    (step, i) => labels(bitOf(step)) ?? (i === last ? given.get(cellOf(step)!) : undefined),
  );
  const steps: PathStep[] = [];
  let open: { levels: number; cells: Record<string, number> } = { levels: 0, cells: {} };
  raw.forEach((step, i) => {
    if (step.cell !== undefined && i > 0) {
      const kind = kindOf(step.type ?? cellOf(step)?.type ?? '', kinds);
      open.levels++;
      open.cells[kind] = (open.cells[kind] ?? 0) + 1;
    }
    const label = found[i];
    // What has no label goes on to a cell that has one, and a signal goes on as long as it is the same.
    const next = found.slice(i + 1).find(other => other !== undefined);
    const goesOn = i > 0 && i < last && (!label || next?.name === label.name);
    if (goesOn) return;
    steps.push({ ...placed(label, step.net), ...open, ...arrival(step) });
    open = { levels: 0, cells: {} };
  });
  const end = raw[last] && endOf(bitOf(raw[last]), mapped, labels);
  if (end) steps.push({ ...end, levels: 0, cells: {}, ...arrival(raw[last]!) });
  return steps;
}

/** What takes the last net of a path: an output, else a register. */
function endOf(
  net: NetBit | undefined,
  mapped: NetlistModule,
  labels: Labels,
): Pick<PathStep, 'signal' | 'section' | 'at'> {
  for (const [name, { direction, bits }] of Object.entries(mapped.ports)) {
    const bit = bits.indexOf(net ?? '');
    if (direction === 'output' && bit >= 0)
      return { signal: bits.length > 1 ? `${name}[${bit}]` : name, section: 'Output' };
  }
  const [reader] = byNet(Object.values(mapped.cells), false).get(net ?? '') ?? [];
  const register = reader && pins(reader, true).map(labels).find(isComputed);
  if (register) return placed(register, register.name);
  return { signal: reader ? `${reader.type}` : 'read by nothing', section: 'Output' };
}

function placed(label: Label | undefined, net: string): Pick<PathStep, 'signal' | 'section' | 'at'> {
  const at = label?.place.at;
  return {
    signal: label ? (label.full ?? label.name) : net.replace(/^\\/, ''),
    section: label?.place.section ?? UNKNOWN.place.section,
    ...(at && { at }),
  };
}

function arrival({ picoseconds }: RawStep): Pick<PathStep, 'arrivalNs'> {
  return picoseconds === undefined ? {} : { arrivalNs: picoseconds / 1000 };
}

function kindOf(type: string, kinds: (type: string) => Cells): string {
  const { luts, carries, ffs, dsps, brams } = kinds(type);
  // Where an adder's cell holds LUTs and a carry, it is named for the carry.
  if (carries > 0) return 'carry';
  if (luts > 0) return 'LUT';
  if (dsps > 0) return 'DSP';
  if (brams > 0) return 'BRAM';
  return ffs > 0 ? 'FF' : type;
}
