import type { Design, Played } from '../generators/emit/design.ts';
import { controlOf } from '../generators/emit/module.ts';
import { readAsSimulated } from '../generators/emit/verilog.ts';
import { type GateNetlist, gatesOf } from '../generators/netlist/gates.ts';
import { NetlistMachine } from '../generators/netlist/machine.ts';
import type { Records } from '../generators/netlist/program.ts';
import { Cache } from './cache.ts';
import { type Clocks, clocksOf } from './clocks.ts';
import { inputLayout, outputLayout } from './codec.ts';
import { isMapperFailure, type Variant } from './synthesis.ts';
import { loadTarget, type Multipliers, ownModel, type Target, targetIds } from './targets.ts';
import type { FileSet } from './wasmTool.ts';
import { Yosys, yosysTool } from './yosys.ts';

/** With `-fast`, ABC takes a third of the time, and leaves a fifth more gates. */
type Abc = 'abc' | 'abc -fast';
/** What makes two-input gates and plain flip-flops of a flat design. */
const toGates = (abc: Abc): string[] => [
  'techmap',
  'simplemap',
  'dfflegalize -cell $_DFF_P_ 0',
  'techmap',
  'opt_clean -purge',
  `${abc} -g AND,NAND,OR,NOR,XOR,XNOR,MUX,ANDNOT,ORNOT`,
  'opt_clean -purge',
  'write_json netlist.json',
];

/**
 * The gates that Yosys makes of a module, before it is mapped to anything. Sharing and merging of arithmetic, which `synth`
 * would try, is left out: it takes most of the time, and there is nothing in our Verilog to share.
 */
export function gatesFor(verilog: string, top: string): Promise<GateNetlist> {
  return lowered({ 'design.v': verilog }, top, gatesScript(top));
}

/** The script of `gatesFor`: reads `design.v`, writes `netlist.json`. */
export function gatesScript(top: string, abc: Abc = 'abc'): string {
  const synthesis = `synth -flatten -noabc -noshare -noalumacc -top ${top}`;
  return [...readAsSimulated('design.v'), synthesis, ...toGates(abc)].join('\n');
}

/**
 * The gates of the netlist that Yosys maps to a family: each cell is replaced by its simulation model, which comes with Yosys or
 * else is ours. Of several settings of the mapper, the first is taken with which it does not give up.
 */
export async function mappedGatesFor(
  verilog: string,
  top: string,
  target: Target,
  multipliers: Multipliers,
): Promise<GateNetlist> {
  const files = { ...ownModels(target), 'design.v': verilog };
  const { variants = [PLAIN], fallback } = target.synthesis;
  const settings = fallback ? [...variants, fallback] : variants;
  for (const setting of settings.slice(0, -1)) {
    try {
      return await lowered(files, top, mappedScript(top, target, multipliers, setting));
    } catch (error) {
      if (!isMapperFailure(error)) throw error;
    }
  }
  return lowered(files, top, mappedScript(top, target, multipliers, settings.at(-1)));
}

const PLAIN: Variant = { commands: [] };

/** The models of a target that do not come with Yosys, by file. */
export function ownModels({ synthesis: { models = [] } }: Target): FileSet {
  return Object.fromEntries(models.filter(f => !f.startsWith('+')).map(f => [f, ownModel(f)]));
}

/** The script of `mappedGatesFor`: reads `design.v` and the models, writes `netlist.json`. */
export function mappedScript(
  top: string,
  target: Target,
  multipliers: Multipliers,
  setting: Variant = target.synthesis.variants?.[0] ?? PLAIN,
): string {
  const { models, prepare, map, modes } = target.synthesis;
  if (!models) throw new Error(`no simulation models are known for ${target.id}`);
  const { flags, define = '' } = modes[multipliers];
  const fill = (commands: readonly string[], more = ''): string[] => {
    const values: Record<string, string> = { top, flags: `${flags} ${more}`.trim(), define };
    return commands.map(command => command.replace(/\{([a-z]+)\}/g, (_, key: string) => values[key]!));
  };
  const commands = [...fill(prepare), ...fill(setting.commands), ...fill(map, setting.flags)];
  const defined = define === '' ? '' : `-D ${define} `;
  return [
    'read_verilog design.v',
    ...commands,
    // The boxes of the mapper have no contents. Their models are read when a cell asks for one: elaborating a RAM of 2^18 bits,
    // which nothing uses, takes minutes.
    'delete =A:blackbox =A:whitebox =$paramod*',
    ...models.map(file => `read_verilog -defer ${defined}${file}`),
    `hierarchy -top ${top}`,
    'proc',
    'setattr -mod -unset keep_hierarchy',
    'flatten -wb',
    'opt -fast',
    'memory',
    'opt -fast',
    // What was mapped has been optimized before.
    ...toGates('abc -fast'),
  ].join('\n');
}

/** One for all: starting it takes longer than most of what it is asked to do here. */
const yosys = new Yosys();

/** Runs the script; its netlist is kept, as making it takes seconds to minutes. */
async function lowered(files: FileSet, top: string, script: string): Promise<GateNetlist> {
  const texts = Object.entries(files).flat();
  return new Cache().cached('netlists', [await yosysTool(), script, ...texts], async () => {
    const made = await yosys.run({ script, files });
    return gatesOf(made.files['netlist.json']!, top);
  });
}

/** The families whose mapped netlist can be run. */
export function runnableTargets(): string[] {
  return targetIds().filter(id => loadTarget(id).synthesis.models !== undefined);
}

/** The gates of a design: as they are before any mapping or, given a family, those of its mapped netlist. */
export function gatesOfDesign(
  design: Design,
  verilog: string,
  top: string,
  target?: Target,
): Promise<GateNetlist> {
  return target ? mappedGatesFor(verilog, top, target, design.goal.multipliers) : gatesFor(verilog, top);
}

/** The netlist of a design, ready to play the records of `codec`. A stream is always ready to give its results away. */
export async function netlistMachine(
  design: Design,
  verilog: string,
  top: string,
  target?: Target,
): Promise<NetlistMachine> {
  return new NetlistMachine(await gatesOfDesign(design, verilog, top, target), recordsOf(design));
}

/** Where the records of `codec` hold the bits of the ports. */
export function recordsOf(design: Played): Records {
  const [input, output] = [inputLayout(design), outputLayout(design)];
  const { clock, reset, accept, valid } = controlOf(design);
  const inputs: Record<string, Records['inputs'][string]> = { [clock]: 'clock', out_ready: 'one' };
  if (reset) inputs[reset] = 'reset';
  if (accept) inputs[accept] = 32 * input.accept;
  for (const { port, offset } of input.ports) inputs[port.name] = 32 * offset;
  const outputs: Record<string, number> = {};
  if (valid && output.accept >= 0) outputs[valid] = 32 * output.accept;
  for (const { port, offset } of output.ports) outputs[port.name] = 32 * offset;
  return { inWords: input.size, outWords: output.size, inputs, outputs };
}

/** One sequence of beats through a netlist, answered `latency` cycles later. */
export class NetlistExecution {
  readonly name = 'netlist';
  private readonly inSize: number;
  private readonly outSize: number;
  private readonly latency: number;
  private readonly clocks: Clocks;
  /** What the outputs have shown and nobody has taken; at first, as many records too many as the latency. */
  private shown: Uint32Array[] = [];
  private skip: number;

  constructor(
    private readonly machine: NetlistMachine,
    design: Design,
  ) {
    this.inSize = inputLayout(design).size;
    this.outSize = outputLayout(design).size;
    this.latency = design.schedule.latency;
    this.clocks = clocksOf(design);
    this.skip = this.latency;
    machine.reset();
  }

  async send(records: Uint32Array, count: number): Promise<void> {
    this.play(this.clocks.spread(records, count), count * this.clocks.each);
  }

  private play(records: Uint32Array, cycles: number): void {
    const shown = this.machine.play(records, cycles);
    const dropped = Math.min(this.skip, cycles);
    this.skip -= dropped;
    this.shown.push(shown.subarray(dropped * this.outSize));
  }

  /** No more beats follow: what is on its way comes out. */
  end(): void {
    if (this.latency > 0) this.play(new Uint32Array(this.latency * this.inSize), this.latency);
  }

  async receive(count: number): Promise<Uint32Array> {
    const answers = new Uint32Array(count * this.clocks.each * this.outSize);
    for (let filled = 0; filled < answers.length; ) {
      const first = this.shown.shift();
      if (!first) throw new Error('the netlist was asked for answers to beats that it was not given');
      const taken = first.subarray(0, answers.length - filled);
      answers.set(taken, filled);
      filled += taken.length;
      if (taken.length < first.length) this.shown.unshift(first.subarray(taken.length));
    }
    return this.clocks.gather(answers, count);
  }

  async finished(): Promise<void> {}
}
