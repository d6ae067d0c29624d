import { createInterface } from 'node:readline';
import { layoutOf, outputLayout, readWide, writeWide } from '../../sim/codec.ts';
import { type Execution, goldenExecution, interpreterExecution } from '../../sim/executions.ts';
import type { Design } from '../emit/design.ts';
import { UsageError } from './errors.ts';
import { oneOf } from './options.ts';
import { hex } from './present.ts';
import { openSession, type Session } from './session.ts';

/** `gen eval`: the golden model on the stimulus of standard input. */
export async function evalCommand(argv: readonly string[]): Promise<void> {
  const session = await openSession('gen eval', 'Runs the golden model on JSON Lines.', argv, () => {});
  await play(session, goldenExecution(session.design));
}

/** `gen sim`: an execution of the datapath on the same. */
export async function simCommand(argv: readonly string[]): Promise<void> {
  const session = await openSession(
    'gen sim',
    'Runs the emitted Verilog, or another execution, on JSON Lines.',
    argv,
    command => {
      command.option('--engine <verilator|interpreter|netlist>', 'what runs the beats (default verilator)');
    },
  );
  const engine = oneOf(session.options, 'engine', ['verilator', 'interpreter', 'netlist'], 'verilator');
  if (engine === 'interpreter') return play(session, interpreterExecution(session.design));
  if (engine === 'netlist') {
    const { NetlistExecution, netlistMachine } = await import('../../sim/netlist.ts');
    const machine = await netlistMachine(session.design, session.verilog, session.module.name);
    return play(session, new NetlistExecution(machine, session.design));
  }
  const [{ buildProgram }, { startVerilator }] = await Promise.all([
    import('../../sim/verilator.ts'),
    import('../../sim/verify.ts'),
  ]);
  const { design, module, verilog } = session;
  const program = { path: await buildProgram([{ design, module: module.name, verilog }]), index: 0 };
  const rtl = startVerilator(design, program, 1);
  try {
    await play(session, rtl);
  } finally {
    await rtl.close();
  }
}

/** Lines that are answered together. */
const CHUNK = 4096;

/** Something that answers later than it is asked. */
interface Pipelined {
  send(records: Uint32Array, count: number): Promise<void>;
  end(): void;
  receive(count: number): Promise<Uint32Array>;
  finished(): Promise<void>;
}

async function play(session: Session, execution: Execution | Pipelined): Promise<void> {
  const { design } = session;
  const input = layoutOf(design.inputs, true);
  const waiting: number[] = [];
  const beats: string[] = [];
  const answer = async (count: number, answers: Uint32Array): Promise<void> => {
    const lines = linesOf(design, count, answers);
    if (session.output.json) beats.push(...lines);
    else if (!process.stdout.write(`${lines.join('\n')}\n`))
      await new Promise(resolve => process.stdout.once('drain', resolve));
  };
  const flush = async (records: Uint32Array, count: number): Promise<void> => {
    if (!('send' in execution)) return answer(count, await execution.run(records, count));
    await execution.send(records, count);
    waiting.push(count);
    // A pipeline holds its last answers back until more beats follow.
    if (waiting.length > 2) await settle(execution);
  };
  const settle = async (rtl: Pipelined): Promise<void> => {
    const count = waiting.shift()!;
    await answer(count, await rtl.receive(count));
  };
  let records = new Uint32Array(CHUNK * input.size);
  let count = 0;
  let number = 0;
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    number++;
    if (line.trim() === '') continue;
    if (count === CHUNK) {
      await flush(records, count);
      records = new Uint32Array(CHUNK * input.size);
      count = 0;
    }
    readLine(session, line, number, records, count * input.size);
    count++;
  }
  if (count > 0) await flush(records, count);
  if ('send' in execution) {
    execution.end();
    while (waiting.length > 0) await settle(execution);
    await execution.finished();
  }
  if (session.output.json) {
    const { id } = session.chosen.request;
    const { params, goal } = design;
    session.output.document({
      schema: 'subbyte/beats/1',
      unit: id,
      params,
      goal,
      beats: beats.map(b => JSON.parse(b)),
    });
  }
}

/** Answers as JSON, an object each. */
function linesOf(design: Design, count: number, answers: Uint32Array): string[] {
  const output = outputLayout(design);
  const lines: string[] = [];
  for (let i = 0; i < count; i++) {
    const base = i * output.size;
    const fields = output.ports.map(({ port, offset }) => {
      return `"${port.name}":"${hex(readWide(answers, base + offset, 0, port.width), port.width)}"`;
    });
    if (output.accept >= 0) fields.push(`"valid":"0x${answers[base + output.accept]}"`);
    lines.push(`{${fields.join(',')}}`);
  }
  return lines;
}

/** One line of stimulus into a record. */
function readLine(
  { design, chosen }: Session,
  line: string,
  number: number,
  records: Uint32Array,
  base: number,
): void {
  const where = `standard input, line ${number}`;
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    throw new UsageError(
      `${where}: not JSON; expected an object from port name to hex code, such as {"${design.inputs[0]!.name}":"0x0"}`,
    );
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new UsageError(`${where}: expected a JSON object from port name to hex code`);
  const given = new Map(Object.entries(json));
  const layout = layoutOf(design.inputs, true);
  const takesEnable = design.hasAccept && design.goal.shell !== 'stream';
  for (const { port, offset } of layout.ports) {
    const code = codeOf(
      given.get(port.name),
      port.name,
      port.width,
      where,
      design.inputs.map(p => p.name),
    );
    writeWide(records, base + offset, 0, port.width, code);
    given.delete(port.name);
  }
  const enable = takesEnable && given.has('en') ? codeOf(given.get('en'), 'en', 1, where, []) : 1n;
  if (takesEnable) given.delete('en');
  records[base + layout.accept] = Number(enable);
  const odd = [...given.keys()][0];
  if (odd !== undefined) {
    const names = [...design.inputs.map(p => p.name), ...(takesEnable ? ['en'] : [])];
    throw new UsageError(
      `${where}: ${chosen.request.id} has no input port '${odd}'; expected ${names.join(', ')}`,
    );
  }
}

function codeOf(
  value: unknown,
  name: string,
  width: number,
  where: string,
  names: readonly string[],
): bigint {
  if (value === undefined)
    throw new UsageError(`${where}: port '${name}' is missing; expected ${names.join(', ')}`);
  if (typeof value !== 'string' || !/^0x[0-9a-f]+$/i.test(value)) {
    throw new UsageError(
      `${where}: port '${name}' is ${JSON.stringify(value).slice(0, 40)}; expected a hex string such as "${hex(0n, width)}"`,
    );
  }
  const code = BigInt(value);
  if (code >> BigInt(width) !== 0n)
    throw new UsageError(
      `${where}: port '${name}' is ${value.slice(0, 40)}, which does not fit its ${width} bits`,
    );
  return code;
}
