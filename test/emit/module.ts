import { emitBody, range } from '../../generators/emit/verilog.ts';
import { type Node, totalWidth } from '../../generators/hdl/node.ts';
import type { Schedule } from '../../generators/hdl/schedule.ts';

/** A module of its own around a schedule, without the header of a unit. */
export interface TestModule {
  readonly text: string;
  /** Texts of the modules that it uses, by name. */
  readonly submodules: readonly (readonly [string, string])[];
  readonly inputs: readonly Node[];
  /** Bits of each output port, which may be more than its node has. */
  readonly widths: Readonly<Record<string, number>>;
  readonly clocked: boolean;
  readonly accepts: boolean;
}

/** `wider` gives each scalar output so many bits more than it needs. */
export function moduleOf(name: string, schedule: Schedule, wider = 0): TestModule {
  const { inputs, outputs, registers, latency } = schedule;
  const accepts = registers.length > 0;
  const clocked = latency > 0;
  const control = {
    clock: 'clk',
    reset: accepts ? 'rst' : undefined,
    accept: accepts ? 'en' : undefined,
    valid: undefined,
    advance: undefined,
  };
  const controls = [...(clocked ? ['clk'] : []), ...(accepts ? ['rst', 'en'] : [])];
  const widths = Object.fromEntries(
    outputs.map(({ name: port, node }) => [port, totalWidth(node) + (node.lanes > 0 ? 0 : wider)]),
  );
  const ports = [...controls, ...inputs.map(n => n.name!), ...outputs.map(o => o.name)];
  const body = emitBody(schedule, {
    module: name,
    ports,
    outputWidths: widths,
    control,
    annotate: false,
    reserved: Array.from({ length: latency }, (_, i) => `en_s${i + 1}`),
  });
  const lines = [
    ...controls.map(port => `input  wire ${port}`),
    ...inputs.map(n => `input  wire ${range(totalWidth(n))}${n.name}`),
    ...outputs.map(o => `output wire ${range(widths[o.name]!)}${o.name}`),
  ];
  const header = lines.map(line => `    ${line}`).join(',\n');
  return {
    text: `module ${name} (\n${header}\n);\n${body.text}endmodule\n`,
    submodules: body.submodules.map(m => [m.name, m.text]),
    inputs,
    widths,
    clocked,
    accepts,
  };
}
