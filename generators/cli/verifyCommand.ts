import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { removeTemporary, temporaryFolder } from '../../sim/cleanup.ts';
import type { EnumerationJob } from '../../sim/enumeration.ts';
import { inputBits } from '../../sim/inputSpace.ts';
import type { Multipliers } from '../../sim/targets.ts';
import { verify } from '../../sim/verify.ts';
import { buildProgram, findVerilator, lint } from '../../sim/verilator.ts';
import { type GateNetlist, NoGate } from '../netlist/gates.ts';
import { EXIT, Exit, UsageError } from './errors.ts';
import { openSession, type Session } from './session.ts';
import { addVerifyOptions, type Plan, verificationPlan } from './verifyPlan.ts';
import { documentOf, exitCodeOf, type Findings, textOf } from './verifyText.ts';

export { addVerifyOptions, verificationPlan };

export interface Verification {
  readonly document: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly exitCode: number;
}

/** Lint, then golden against every other execution. */
export async function runVerification(session: Session, given?: Plan): Promise<Verification> {
  const { design, module, verilog, output, chosen } = session;
  const plan = given ?? (await verificationPlan(session));
  const { seed, vectors, exhaustive, engines, wave } = plan;
  const useVerilator = engines.includes('verilator');
  if (useVerilator) await findVerilator();

  // This process computes what it expects while Verilator and the compiler work. The linter waits until Verilator is done:
  // three at a time would be in each other's way.
  let onCompile = (): void => {};
  const compiling = new Promise<void>(resolve => {
    onCompile = resolve;
  });
  const program = useVerilator
    ? buildProgram([{ design, module: module.name, verilog }], { onCompile }).then(path => ({
        path,
        index: 0,
      }))
    : undefined;
  const linting = program
    ? Promise.race([compiling, program]).then(() => lintText(module.name, verilog))
    : Promise.resolve({ tool: 'none: verilator was not asked for', warnings: [] });
  linting.catch(() => {});
  const netlists = await netlistsOf(session, plan);
  const bar = output.progress(`verify ${chosen.request.id}`);
  const run = await verify(design, engines, program, {
    vectors,
    exhaustive,
    seed,
    netlists: await machinesOf(session, netlists),
    onProgress: (done, total) => bar.update(done, total),
  }).finally(() => bar.stop());
  const linted = await linting;
  if (run.first && wave !== undefined) {
    const { writeWave } = await import('../../sim/wave.ts');
    const model = { design, module: module.name, verilog };
    // The mismatch matters more than its waveform.
    await writeWave(wave, model, run.first.beat, seed, exhaustive).catch((error: Error) => {
      process.stderr.write(`gen: no waveform in ${wave}: ${error.message}\n`);
    });
  }
  const enumeration =
    plan.enumerates && run.mismatches === 0 ? await enumerate(session, netlists) : undefined;
  if (enumeration?.first && wave !== undefined)
    process.stderr.write(
      `gen: no waveform in ${wave}: the mismatch is beyond the beats that Verilator plays\n`,
    );
  const findings: Findings = { plan, lint: linted, run, ...(enumeration ? { enumeration } : {}) };
  return {
    document: documentOf(session, findings),
    text: textOf(session, findings),
    exitCode: exitCodeOf(findings),
  };
}

/** The netlists to compare, by the name of the execution. */
async function netlistsOf(
  { design, verilog, module, output }: Session,
  { engines, enumerates, mapped }: Plan,
): Promise<Record<string, GateNetlist>> {
  const isGeneric = engines.includes('netlist') || enumerates;
  if (!isGeneric && mapped.length === 0) return {};
  const [{ gatesOfDesign }, { loadTarget }] = await Promise.all([
    import('../../sim/netlist.ts'),
    import('../../sim/targets.ts'),
  ]);
  const netlists: Record<string, GateNetlist> = {};
  if (isGeneric) netlists.netlist = await gatesOfDesign(design, verilog, module.name);
  for (const id of mapped) {
    output.note(`mapping to ${id}`);
    const mapWith = (multipliers: Multipliers): Promise<GateNetlist> =>
      gatesOfDesign(
        { ...design, goal: { ...design.goal, multipliers } },
        verilog,
        module.name,
        loadTarget(id),
      );
    const without = (error: Error): string => {
      if (!(error instanceof NoGate)) throw error;
      return `Yosys has no simulation model of ${error.type}, a cell of ${id}`;
    };
    netlists[`netlist-${id}`] = await mapWith(design.goal.multipliers).catch((error: Error) => {
      output.note(`${without(error)}: blocks for multiplication are mapped to logic`);
      return mapWith('logic').catch((again: Error) => {
        throw new UsageError(`--mapped: ${without(again)}; leave that family out`);
      });
    });
  }
  return netlists;
}

async function machinesOf({ design }: Session, netlists: Readonly<Record<string, GateNetlist>>) {
  if (Object.keys(netlists).length === 0) return {};
  const [{ NetlistMachine }, { recordsOf }] = await Promise.all([
    import('../netlist/machine.ts'),
    import('../../sim/netlist.ts'),
  ]);
  const records = recordsOf(design);
  return Object.fromEntries(
    Object.entries(netlists).map(([name, gates]) => [name, new NetlistMachine(gates, records)]),
  );
}

/** The golden model against the netlists, on every input. */
async function enumerate(
  { design, chosen, output }: Session,
  netlists: Readonly<Record<string, GateNetlist>>,
): Promise<Findings['enumeration']> {
  const { enumerateInputs } = await import('../../sim/enumeration.ts');
  const bits = inputBits(design);
  const job: EnumerationJob = {
    unit: chosen.source === undefined ? { id: chosen.found.entry.id } : { source: chosen.source },
    params: design.params,
    goal: design.goal,
    fabric: design.fabric,
    netlists,
  };
  output.note(
    `comparing all ${(2 ** bits).toLocaleString('en-US')} inputs; an interrupted run goes on where it was (--vectors compares fewer)`,
  );
  const bar = output.progress(`all inputs of ${chosen.request.id}`);
  const options = { bits, onProgress: (done: number, total: number) => bar.update(done, total) };
  const result = await enumerateInputs(job, options).finally(() => bar.stop());
  return { ...result, engines: ['golden', ...Object.keys(netlists)] };
}

async function lintText(name: string, verilog: string): ReturnType<typeof lint> {
  const folder = temporaryFolder();
  try {
    const file = join(folder, `${name}.v`);
    await writeFile(file, verilog);
    return await lint(file, name);
  } finally {
    await removeTemporary(folder);
  }
}

export async function verifyCommand(argv: readonly string[]): Promise<void> {
  if (argv.includes('--all')) return (await import('./verifyAll.ts')).verifyAll(argv);
  // Asking the tools for their versions takes a while: they answer while the unit is composed. Whoever needs them asks again.
  findVerilator().catch(() => {});
  const session = await openSession(
    'gen verify',
    'Lint, then the golden model against every other execution.',
    argv,
    addVerifyOptions,
  );
  const verification = await runVerification(session);
  if (session.output.json) session.output.document(verification.document);
  else session.output.print(verification.text);
  if (verification.exitCode !== EXIT.ok) throw new Exit(verification.exitCode);
}
