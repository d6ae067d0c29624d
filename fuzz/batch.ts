import { type DesignPort, initiationOf, type Played } from '../generators/emit/design.ts';
import { controlOf, modulePorts } from '../generators/emit/module.ts';
import { range } from '../generators/emit/verilog.ts';
import { parseFormat } from '../generators/formats/parse.ts';
import { gatesOf } from '../generators/netlist/gates.ts';
import { NetlistMachine } from '../generators/netlist/machine.ts';
import { removeTemporary, temporaryFolder } from '../sim/cleanup.ts';
import { inputLayout, outputLayout, readWide, writeWide } from '../sim/codec.ts';
import { gatesScript, mappedScript, ownModels, recordsOf } from '../sim/netlist.ts';
import { loadTarget } from '../sim/targets.ts';
import { buildOnce, VerilatorExecution } from '../sim/verilator.ts';
import { Yosys } from '../sim/yosys.ts';
import type { Beat, Bits } from './programs.ts';
import { BEATS, DRAIN, type Subject } from './subject.ts';

const TOP = 'fuzz_top';
/** The reset comes first. */
const CYCLES = 1 + BEATS + DRAIN;

/** Many modules side by side in one: a tool is started once for all of them. */
export interface Batch {
  readonly subjects: readonly Subject[];
  readonly verilog: string;
  /** In which lines of the Verilog each module stands. */
  readonly lines: readonly { readonly name: string; readonly from: number; readonly until: number }[];
  readonly top: Played;
  /** What is played in each cycle. */
  readonly records: Uint32Array;
}

/** What an execution had to say of one subject, or of none in particular. */
export interface Finding {
  readonly subject: Subject | undefined;
  readonly text: string;
}

const bit = (name: string, direction: 'input' | 'output'): DesignPort => ({
  name,
  direction,
  format: parseFormat('uint1'),
  lanes: 0,
  width: 1,
  doc: '',
  policy: {},
});

export function batchOf(subjects: readonly Subject[]): Batch {
  const inputs: DesignPort[] = [bit('rst', 'input')];
  const outputs: DesignPort[] = [];
  const instances: string[] = [];
  for (const { name, design } of subjects) {
    const data = new Map([...design.inputs, ...design.outputs].map(p => [p.name, p]));
    const pins = modulePorts(design).map(p => {
      if (p.name === 'clk' || p.name === 'rst') return `.${p.name}(${p.name})`;
      const port = { ...(data.get(p.name) ?? bit(p.name, p.direction)), name: `${name}_${p.name}` };
      (p.direction === 'input' ? inputs : outputs).push(port);
      return `.${p.name}(${port.name})`;
    });
    instances.push(`    ${name} ${name}_dut (${pins.join(', ')});`);
  }
  const ports = [...inputs, ...outputs].map(p => `    ${p.direction} wire ${range(p.width)}${p.name}`);
  // Nothing in the batch may need the reset.
  const quiet = [
    '/* verilator lint_off UNUSED */',
    ...ports.slice(0, 1),
    '    /* verilator lint_on UNUSED */',
  ];
  const head = ['/* verilator lint_off UNUSED */', '    input wire clk,'];
  const lines = [
    `module ${TOP} (`,
    ...head,
    `${quiet[1]},`,
    '/* verilator lint_on UNUSED */',
    ports.slice(1).join(',\n'),
    ');',
    ...instances,
    'endmodule',
    '',
  ];
  const places: { name: string; from: number; until: number }[] = [];
  const topText = lines.join('\n');
  let modules = '';
  let line = topText.split('\n').length;
  const seen = new Set<string>();
  const put = (owner: string, text: string): void => {
    const count = text.split('\n').length - 1;
    places.push({ name: owner, from: line, until: line + count });
    modules += text;
    line += count;
  };
  for (const { name, text, submodules } of subjects) {
    put(name, text);
    for (const part of submodules) {
      if (seen.has(part.name)) continue;
      seen.add(part.name);
      put(name, part.text);
    }
  }
  const top: Played = {
    inputs,
    outputs,
    goal: { stages: 0, shell: 'bare', multipliers: 'auto' },
    clocked: true,
    hasAccept: false,
  };
  return {
    subjects,
    verilog: topText + modules,
    lines: places,
    top,
    records: recordsFor(subjects, top),
  };
}

function packed(bits: Bits, width: number): bigint {
  const lanes = typeof bits === 'bigint' ? [bits] : bits;
  const lane = width / lanes.length;
  return lanes.reduceRight((all, x) => (all << BigInt(lane)) | BigInt.asUintN(lane, x), 0n);
}

function recordsFor(subjects: readonly Subject[], top: Played): Uint32Array {
  const layout = inputLayout(top);
  const place = new Map(layout.ports.map(p => [p.port.name, p.offset]));
  const records = new Uint32Array(CYCLES * layout.size);
  records[place.get('rst')!] = 1;
  for (const { name, design, beats, accepted, taken } of subjects) {
    const { accept } = controlOf(design);
    const stream = design.goal.shell === 'stream';
    const spacing = stream ? 1 : initiationOf(design.goal);
    for (let cycle = 0; cycle < BEATS + DRAIN; cycle++) {
      const base = (1 + cycle) * layout.size;
      if (stream) records[base + place.get(`${name}_out_ready`)!] = taken[cycle] ? 1 : 0;
      const number = Math.floor(cycle / spacing);
      const isBeat = cycle % spacing === 0;
      const beat = beats[number];
      if (!beat) continue;
      if (accept) records[base + place.get(`${name}_${accept}`)!] = isBeat && accepted[number] ? 1 : 0;
      for (const port of design.inputs) {
        const bits = packed(beat[port.name]!, port.width);
        // Between beats the inputs are something else.
        const shown = isBeat ? bits : BigInt.asUintN(port.width, ~bits);
        writeWide(records, base + place.get(`${name}_${port.name}`)!, 0, port.width, shown);
      }
    }
  }
  return records;
}

/** Compares what the outputs showed in each cycle with what plain arithmetic says of each subject. */
export function findingsIn({ subjects, top }: Batch, shown: Uint32Array): Finding[] {
  const layout = outputLayout(top);
  const place = new Map(layout.ports.map(p => [p.port.name, p.offset]));
  const findings: Finding[] = [];
  for (const subject of subjects) {
    const { name, design } = subject;
    const read = (port: string, width: number, cycle: number): bigint =>
      readWide(shown, (1 + cycle) * layout.size + place.get(`${name}_${port}`)!, 0, width);
    const text = design.goal.shell === 'stream' ? streamProblem(subject, read) : beatProblem(subject, read);
    if (text !== undefined) findings.push({ subject, text });
  }
  return findings;
}

type Read = (port: string, width: number, cycle: number) => bigint;

function beatProblem({ design, beats, expected, accepted }: Subject, read: Read): string | undefined {
  const { latency, initiation } = design.schedule;
  for (let beat = 0; beat < beats.length; beat++) {
    const cycle = beat * initiation + latency;
    const wrong = rowProblem(design.outputs, expected[beat]!, read, cycle);
    if (wrong) return `beat ${beat}: ${wrong}`;
    if (design.goal.shell !== 'valid') continue;
    const valid = read('valid', 1, cycle) === 1n;
    if (valid !== accepted[beat]) return `beat ${beat}: valid is ${valid}, en was ${accepted[beat]}`;
  }
  return undefined;
}

function rowProblem(
  outputs: readonly DesignPort[],
  expected: Readonly<Record<string, Bits>>,
  read: Read,
  cycle: number,
): string | undefined {
  for (const { name, width } of outputs) {
    const [got, want] = [read(name, width, cycle), packed(expected[name]!, width)];
    if (got !== want) return `${name} is 0x${got.toString(16)}, expected 0x${want.toString(16)}`;
  }
  return undefined;
}

/**
 * Each beat that was taken must come out once, in order, and wait until it is taken. A beat is taken unless a result waits, or
 * the last one was taken too short a while ago.
 */
function streamProblem(
  { design, beats, accepted, taken, reference }: Subject,
  read: Read,
): string | undefined {
  const went: Beat[] = [];
  for (let cycle = 0; cycle < beats.length; cycle++)
    if (accepted[cycle] && read('in_ready', 1, cycle) === 1n) went.push(beats[cycle]!);
  const expected = reference(
    went,
    went.map(() => true),
  );
  let came = 0;
  let pause = 0;
  for (let cycle = 0; cycle < BEATS + DRAIN; cycle++) {
    const isValid = read('out_valid', 1, cycle) === 1n;
    const moves = taken[cycle] || !isValid;
    const isReady = read('in_ready', 1, cycle) === 1n;
    if (isReady !== (moves && pause === 0))
      return `cycle ${cycle}: in_ready is ${isReady}, out_valid is ${isValid}, out_ready is ${taken[cycle]}, ${pause} to wait`;
    if (isReady && accepted[cycle]) pause = design.schedule.initiation - 1;
    else if (moves && pause > 0) pause--;
    if (!isValid) continue;
    if (came === went.length && (design.schedule.latency > 0 || taken[cycle]))
      return `cycle ${cycle}: a result too many`;
    // Without a register, a result waits as long as its beat is offered; here a beat may change until it is taken.
    const stands = design.schedule.latency > 0 || taken[cycle];
    const wrong = stands && rowProblem(design.outputs, expected[came]!, read, cycle);
    if (wrong) return `result ${came}: ${wrong}`;
    if (taken[cycle]) came++;
  }
  return came === went.length ? undefined : `${came} results of ${went.length} beats`;
}

/** What the outputs showed, cycle by cycle in records, and what the tool said of the text. */
export interface Answers {
  readonly shown: Uint32Array;
  readonly lint: readonly Finding[];
}

/** Builds the batch with Verilator, which lints it too, and plays the records. */
export async function verilate(batch: Batch): Promise<Answers> {
  const work = temporaryFolder();
  try {
    const { top, records } = batch;
    const { built, warnings } = await buildOnce({ design: top, module: TOP, verilog: batch.verilog }, work);
    const run = new VerilatorExecution(built, top, { index: 0, seed: 1, drain: 0, latency: 0 });
    const sent = run.send(records, CYCLES).then(() => run.end());
    const shown = await run.take(CYCLES);
    await sent;
    await run.finished();
    return { shown, lint: warnings.map(w => placed(batch, w)) };
  } finally {
    await removeTemporary(work);
  }
}

/** A message of a tool that names a line of the batch, with the module that stands there. */
function placed({ subjects, lines }: Batch, message: string): Finding {
  const line = Number(/\.v:(\d+)/.exec(message)?.[1] ?? -1);
  const owner = lines.find(p => line >= p.from && line < p.until)?.name;
  return {
    subject: subjects.find(s => s.name === owner),
    text: message.replace(/^(%\S+) \S*\.v:/, '$1 line '),
  };
}

const yosys = new Yosys();
export const closeYosys = (): Promise<void> => yosys.close();

/**
 * Plays the records to the gates that Yosys makes of the batch; or to the cells of a family, each replaced by its simulation
 * model. Yosys takes far more than twice as long for twice the gates: a batch for it is small.
 */
export async function synthesize(batch: Batch, family?: string): Promise<Answers> {
  const target = family === undefined ? undefined : loadTarget(family);
  // Few gates are not worth the time here: each netlist is played once.
  const script = target ? mappedScript(TOP, target, 'auto') : gatesScript(TOP, 'abc -fast');
  const files = { ...(target && ownModels(target)), 'design.v': batch.verilog };
  const made = await yosys.run({ script, files });
  const machine = new NetlistMachine(gatesOf(made.files['netlist.json']!, TOP), recordsOf(batch.top));
  return { shown: machine.play(batch.records, CYCLES), lint: [] };
}

/** The answers of one subject in each cycle after the reset, as hexadecimal numbers. */
export function rowsOf({ top }: Batch, { name }: Subject, shown: Uint32Array): Record<string, string>[] {
  const layout = outputLayout(top);
  const ports = layout.ports.filter(p => p.port.name.startsWith(`${name}_`));
  return Array.from({ length: CYCLES - 1 }, (_, cycle) =>
    Object.fromEntries(
      ports.map(({ port, offset }) => {
        const bits = readWide(shown, (1 + cycle) * layout.size + offset, 0, port.width);
        return [port.name.slice(name.length + 1), `0x${bits.toString(16)}`];
      }),
    ),
  );
}
