/** The gates of a unit with faults in it, all in one netlist: an input chooses the fault, 0 none. */
import type { Design, DesignPort } from '../generators/emit/design.ts';
import { emitModule, moduleView, type Request } from '../generators/emit/module.ts';
import { parseFormat } from '../generators/formats/parse.ts';
import { schedule } from '../generators/hdl/schedule.ts';
import { trim } from '../generators/hdl/trim.ts';
import { type GateNetlist, gatesOf } from '../generators/netlist/gates.ts';
import { Cache } from '../sim/cache.ts';
import { render } from '../sim/templates.ts';
import { type Yosys, yosysTool } from '../sim/yosys.ts';
import { describeFault, operatorFaultsOf, sample } from './operators.ts';
import { SELECT, SELECT_BITS, withFaults } from './schemata.ts';

/** A unit with faults that can be chosen. */
export interface Mutants {
  /** The design with the input that chooses. */
  readonly design: Design;
  readonly gates: GateNetlist;
  /** What each fault is; the first has the number 1. */
  readonly descriptions: readonly string[];
  /** Numbers of the faults that this netlist cannot have: it has no net for the clock. */
  readonly excluded?: ReadonlySet<number>;
  /** Faults that there would have been to choose from. */
  readonly candidates: number;
}

export type Kind = 'yosys' | 'operator';
export const KINDS: readonly Kind[] = ['yosys', 'operator'];

export interface Wish {
  /** How many faults at most. */
  readonly count: number;
  readonly seed: number;
}

/** The text of a unit, as the command emits it. */
export interface Source {
  readonly design: Design;
  readonly verilog: string;
  readonly top: string;
  readonly request: Request;
}

/** From Verilog to words: no constant tables as memories, no operators shared. */
const TO_WORDS = (top: string): string[] => [
  'read_verilog design.v',
  `hierarchy -top ${top}`,
  'proc -norom',
  'flatten',
  'opt_expr',
  'opt_clean',
];

/** From words to gates that `gatesOf` reads. Nothing is optimized that costs time: the gates run once. */
const TO_GATES = [
  'opt_expr',
  'opt_clean',
  'techmap',
  'simplemap',
  'dfflegalize -cell $_DFF_P_ 0',
  'techmap',
  'simplemap',
  'opt_expr',
  'opt_merge',
  'opt_clean -purge',
  'write_json netlist.json',
];

const MUTATE = 'mutants.ys';

/** Faults that Yosys plants at the pins of the cells: inverted, stuck, or depending on another bit. */
export async function yosysMutants(
  yosys: Yosys,
  { design, verilog, top }: Source,
  { count, seed }: Wish,
): Promise<Mutants> {
  const mutate = [
    `mutate -list ${count} -seed ${seed} -ctrl ${SELECT} ${SELECT_BITS} 1 -o ${MUTATE}`,
    `script ${MUTATE}`,
  ];
  const { gates, list } = await lowered(yosys, verilog, top, [...TO_WORDS(top), ...mutate, ...TO_GATES]);
  const lines = list.split('\n').filter(line => line.startsWith('mutate '));
  const excluded = new Set(lines.flatMap((line, i) => (/ -port CLK /.test(line) ? [i + 1] : [])));
  const descriptions = lines.map(describeMutation);
  return { design: withSelect(design), gates, descriptions, excluded, candidates: lines.length };
}

/** Faults in the operators of our own netlist. */
export async function operatorMutants(
  yosys: Yosys,
  { design, request, top }: Source,
  { count, seed }: Wish,
): Promise<Mutants> {
  const all = operatorFaultsOf(design.netlist, seed);
  const faults = sample(all, count, seed);
  const netlist = withFaults(design.netlist, faults);
  const faulty = {
    ...withSelect(design),
    netlist,
    schedule: schedule(trim(netlist), design.goal.stages),
  };
  const module = emitModule(faulty, { ...request, name: top });
  const text = render('module.v.hbs', moduleView(faulty, module, request));
  const { gates } = await lowered(yosys, text, top, [...TO_WORDS(top), ...TO_GATES]);
  return { design: faulty, gates, descriptions: faults.map(describeFault), candidates: all.length };
}

/** Runs the script; what it made is kept, as making it takes seconds. */
async function lowered(
  yosys: Yosys,
  verilog: string,
  top: string,
  lines: readonly string[],
): Promise<{ gates: GateNetlist; list: string }> {
  const script = lines.join('\n');
  return new Cache().cached('mutants', [await yosysTool(), script, verilog], async () => {
    const { files } = await yosys.run({ script, files: { 'design.v': verilog } });
    return { gates: gatesOf(files['netlist.json']!, top), list: files[MUTATE] ?? '' };
  });
}

function withSelect(design: Design): Design {
  const format = parseFormat(`uint${SELECT_BITS}`);
  const port: DesignPort = {
    name: SELECT,
    direction: 'input',
    format,
    lanes: 0,
    width: SELECT_BITS,
    doc: 'which fault is there',
    policy: {},
  };
  return { ...design, inputs: [...design.inputs, port] };
}

/** `design.v:43 $mul output Y[18] of sum_lane[18]: stuck at 1`, of a line that `mutate -list` wrote. */
export function describeMutation(line: string): string {
  const option = (name: string): string | undefined => new RegExp(` -${name} (\\S+)`).exec(line)?.[1];
  const sources = [...line.matchAll(/ -src (\S+)/g)].map(m => m[1]!.replace(/\.\d+-\d+\.\d+$/, ''));
  const type = (option('cell') ?? '').replace(/^\$?(?:auto\$|flatten\S*?)?/, '').replace(/\$.*$/, '');
  const what: Record<string, string> = {
    inv: 'inverted',
    const0: 'stuck at 0',
    const1: 'stuck at 1',
    cnot0: `inverted where bit ${option('ctrlbit')} is 0`,
    cnot1: `inverted where bit ${option('ctrlbit')} is 1`,
  };
  const wire = option('wire');
  const bit = wire ? ` (${wire}[${option('wirebit')}])` : '';
  const mode = option('mode') ?? '';
  return `${sources.at(-1) ?? ''} ${type} ${option('port')}[${option('portbit')}]${bit}: ${what[mode] ?? mode}`.trim();
}
