import type { Design } from '../generators/emit/design.ts';
import { controlOf } from '../generators/emit/module.ts';
import { type GateNetlist, gatesOf } from '../generators/netlist/gates.ts';
import { NetlistMachine } from '../generators/netlist/machine.ts';
import type { Records } from '../generators/netlist/program.ts';
import { Cache } from './cache.ts';
import { inputLayout, outputLayout } from './codec.ts';
import { Yosys, yosysTool } from './yosys.ts';

/**
 * Gates and plain flip-flops of a Verilog module. Sharing and merging of arithmetic, which `synth` would try, is left out: it
 * takes most of the time, and there is nothing in our Verilog to share.
 */
const LOWERING = [
  'read_verilog design.v',
  'synth -flatten -noabc -noshare -noalumacc -top {top}',
  'techmap',
  'simplemap',
  'dfflegalize -cell $_DFF_P_ x',
  'techmap',
  'opt_clean -purge',
  'abc -fast -g AND,NAND,OR,NOR,XOR,XNOR,MUX,ANDNOT,ORNOT',
  'opt_clean -purge',
  'write_json netlist.json',
];

/** The gates that Yosys makes of a module; kept, as making them takes some seconds. */
export async function gatesFor(verilog: string, top: string): Promise<GateNetlist> {
  const script = LOWERING.map(line => line.replace('{top}', top)).join('\n');
  return new Cache().cached('netlists', [await yosysTool(), script, verilog], async () => {
    const yosys = new Yosys();
    try {
      const { files } = await yosys.run({ script, files: { 'design.v': verilog } });
      return gatesOf(files['netlist.json']!, top);
    } finally {
      await yosys.close();
    }
  });
}

/** The netlist of a design, ready to play the records of `codec`. A stream is always ready to give its results away. */
export async function netlistMachine(design: Design, verilog: string, top: string): Promise<NetlistMachine> {
  return new NetlistMachine(await gatesFor(verilog, top), recordsOf(design));
}

/** Where the records of `codec` hold the bits of the ports. */
export function recordsOf(design: Design): Records {
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
    this.skip = this.latency;
    machine.reset();
  }

  async send(records: Uint32Array, count: number): Promise<void> {
    const shown = this.machine.play(records, count);
    const dropped = Math.min(this.skip, count);
    this.skip -= dropped;
    this.shown.push(shown.subarray(dropped * this.outSize));
  }

  /** No more beats follow: what is on its way comes out. */
  end(): void {
    if (this.latency > 0) void this.send(new Uint32Array(this.latency * this.inSize), this.latency);
  }

  async receive(count: number): Promise<Uint32Array> {
    const answers = new Uint32Array(count * this.outSize);
    for (let filled = 0; filled < answers.length; ) {
      const first = this.shown.shift();
      if (!first) throw new Error('the netlist was asked for answers to beats that it was not given');
      const taken = first.subarray(0, answers.length - filled);
      answers.set(taken, filled);
      filled += taken.length;
      if (taken.length < first.length) this.shown.unshift(first.subarray(taken.length));
    }
    return answers;
  }

  async finished(): Promise<void> {}
}
