import { access, constants, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { removeTemporary, temporaryFolder } from '../../sim/cleanup.ts';
import { EXHAUSTIVE_BITS, inputBits } from '../../sim/stimulus.ts';
import { type VerifyResult, verify } from '../../sim/verify.ts';
import { buildProgram, findVerilator, lint } from '../../sim/verilator.ts';
import { NoGate } from '../netlist/gates.ts';
import type { NetlistMachine } from '../netlist/machine.ts';
import { EXIT, Exit, UsageError } from './errors.ts';
import { wholeNumber } from './options.ts';
import { color } from './output.ts';
import { answerOf, codesOf, mismatchText } from './present.ts';
import { commandLine, openSession, type Session } from './session.ts';

/** Beyond so many, `--exhaustive` would not end. */
const EXHAUSTIVE_LIMIT = 32;
const VECTORS = 100_000;

export function addVerifyOptions(command: Command): void {
  command
    .option('--vectors <n>', `beats to compare (default ${VECTORS}, or all where the inputs are few)`)
    .option('--exhaustive', 'every input there is')
    .option('--seed <n>', 'seed of the random beats (default 1)')
    .option(
      '--engine <list>',
      'executions to compare with the golden model, of interpreter,verilator,netlist (default the first two)',
    )
    .option('--mapped <list>', 'families whose mapped netlist is run and compared too, such as ice40,xc7')
    .option('--wave <file>', 'a VCD of the cycles around the first mismatch');
}

export interface Verification {
  readonly document: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly exitCode: number;
}

interface Plan {
  readonly seed: number;
  readonly vectors: number;
  readonly exhaustive: boolean;
  readonly engines: readonly string[];
  /** Families whose mapped netlist is compared too. */
  readonly mapped: readonly string[];
  readonly wave: string | undefined;
}

/** What is to be verified; refuses what cannot be done. */
export async function verificationPlan({ design, options, chosen }: Session): Promise<Plan> {
  const seed = wholeNumber(options, 'seed', 0, 2 ** 32 - 1) ?? 1;
  const asked = wholeNumber(options, 'vectors', 0, 2 ** 40);
  const bits = inputBits(design);
  const mayEnumerate = !design.unit.state;
  if (options.exhaustive === true && asked !== undefined)
    throw new UsageError('--exhaustive and --vectors say different things; give one');
  if (options.exhaustive === true && (!mayEnumerate || bits > EXHAUSTIVE_LIMIT)) {
    const why = mayEnumerate
      ? `has ${bits} input bits, and the limit is ${EXHAUSTIVE_LIMIT}`
      : 'keeps state, so that single inputs do not cover it';
    throw new UsageError(`--exhaustive: ${chosen.request.id} ${why}; use --vectors`);
  }
  const exhaustive =
    options.exhaustive === true || (asked === undefined && mayEnumerate && bits <= EXHAUSTIVE_BITS);
  const wave = typeof options.wave === 'string' ? options.wave : undefined;
  if (wave !== undefined) {
    await access(dirname(wave), constants.W_OK).catch((e: NodeJS.ErrnoException) => {
      throw new UsageError(
        `--wave: cannot write ${wave} (${e.code}); expected a file in a folder that exists`,
      );
    });
  }
  return {
    seed,
    vectors: asked ?? VECTORS,
    exhaustive,
    engines: enginesFrom(options.engine),
    mapped: await mappedFrom(options.mapped),
    wave,
  };
}

/** Lint, then golden against every other execution. */
export async function runVerification(session: Session, plan?: Plan): Promise<Verification> {
  const { design, module, verilog, output, chosen } = session;
  const { seed, vectors, exhaustive, engines, mapped, wave } = plan ?? (await verificationPlan(session));
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
  const netlists = await netlistsOf(session, engines.includes('netlist'), mapped);
  const bar = output.progress(`verify ${chosen.request.id}`);
  const result = await verify(design, engines, program, {
    vectors,
    exhaustive,
    seed,
    ...(netlists ? { netlists } : {}),
    onProgress: (done, total) => bar.update(done, total),
  }).finally(() => bar.stop());
  const linted = await linting;

  const replay = replayCommand(session, result, seed);
  if (result.first && wave !== undefined) {
    const { writeWave } = await import('../../sim/wave.ts');
    const model = { design, module: module.name, verilog };
    // The mismatch matters more than its waveform.
    await writeWave(wave, model, result.first.beat, seed, exhaustive).catch((error: Error) => {
      process.stderr.write(`gen: no waveform in ${wave}: ${error.message}\n`);
    });
  }
  const failure = failureOf(result, linted.warnings.length);
  return {
    document: documentOf(session, result, linted, seed, replay),
    text: textOf(session, result, linted, seed, replay),
    exitCode: failure,
  };
}

/** The families of `--mapped`, checked. */
async function mappedFrom(given: unknown): Promise<string[]> {
  if (given === undefined) return [];
  const { runnableTargets } = await import('../../sim/netlist.ts');
  const [list, known] = [String(given).split(','), runnableTargets()];
  const odd = list.find(id => !known.includes(id));
  if (odd === undefined) return list;
  throw new UsageError(
    `--mapped: '${odd}' is none of ${known.join(', ')}, the families with simulation models`,
  );
}

/** The netlists to compare, by the name of the execution. */
async function netlistsOf(
  { design, verilog, module, output }: Session,
  generic: boolean,
  mapped: readonly string[],
): Promise<Record<string, NetlistMachine> | undefined> {
  if (!generic && mapped.length === 0) return undefined;
  const [{ netlistMachine }, { loadTarget }] = await Promise.all([
    import('../../sim/netlist.ts'),
    import('../../sim/targets.ts'),
  ]);
  const machines: Record<string, NetlistMachine> = {};
  if (generic) machines.netlist = await netlistMachine(design, verilog, module.name);
  for (const id of mapped) {
    output.note(`mapping to ${id}`);
    const machine = netlistMachine(design, verilog, module.name, loadTarget(id));
    machines[`netlist-${id}`] = await machine.catch((error: Error) => {
      if (!(error instanceof NoGate)) throw error;
      throw new UsageError(
        `--mapped: Yosys has no simulation model of ${error.type}, a cell of ${id}; --multipliers logic leaves blocks for multiplication out`,
      );
    });
  }
  return machines;
}

const ENGINES = ['interpreter', 'verilator', 'netlist'];

function enginesFrom(given: unknown): string[] {
  const list = given === undefined ? ['interpreter', 'verilator'] : String(given).split(',');
  const odd = list.find(e => !ENGINES.includes(e));
  if (odd !== undefined) throw new UsageError(`--engine: '${odd}' is none of ${ENGINES.join(', ')}`);
  return list;
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

function failureOf(result: VerifyResult, warnings: number): number {
  const { declared, measured } = result.latency;
  const isLate = result.engines.includes('verilator') && measured !== declared;
  if (result.mismatches > 0 || result.vectors === 0 || isLate) return EXIT.mismatch;
  return warnings > 0 ? EXIT.lint : EXIT.ok;
}

function replayCommand({ design, chosen }: Session, result: VerifyResult, seed: number): string {
  const amount = result.exhaustive ? '--exhaustive' : `--vectors ${(result.first?.beat ?? 0) + 1}`;
  // Only what is compared by default needs no word.
  const mapped = result.engines.filter(e => e.startsWith('netlist-')).map(e => e.slice('netlist-'.length));
  const others = result.engines.filter(e => e !== 'golden' && !e.startsWith('netlist-'));
  const engine = others.includes('netlist') ? ` --engine ${others.join(',')}` : '';
  const families = mapped.length > 0 ? ` --mapped ${mapped.join(',')}` : '';
  return `${commandLine('gen verify', chosen, design, chosen.given)} ${amount} --seed ${seed}${engine}${families}`;
}

function documentOf(
  session: Session,
  result: VerifyResult,
  linted: Awaited<ReturnType<typeof lint>>,
  seed: number,
  replay: string,
): Record<string, unknown> {
  const { design, chosen } = session;
  const { first } = result;
  const rounded = Math.round(result.seconds * 1000) / 1000;
  return {
    schema: 'subbyte/verify/1',
    unit: chosen.request.id,
    params: design.params,
    goal: design.goal,
    lint: { tool: linted.tool, warnings: linted.warnings },
    vectors: result.vectors,
    exhaustive: result.exhaustive,
    seed,
    engines: result.engines,
    mismatches: result.mismatches,
    ...(first && {
      firstMismatch: {
        beat: first.beat,
        engine: first.engine,
        inputs: codesOf(design.inputs, first.input),
        expected: answerOf(design, first.expected),
        got: answerOf(design, first.got),
        text: mismatchText(design, first, replay),
        replay,
      },
    }),
    latency: result.latency,
    seconds: rounded,
    vectorsPerSecond: Math.round(result.vectors / Math.max(result.seconds, 1e-6)),
  };
}

function textOf(
  session: Session,
  result: VerifyResult,
  linted: Awaited<ReturnType<typeof lint>>,
  seed: number,
  replay: string,
): string {
  const { design } = session;
  const ok = (good: boolean): string => (good ? color.green('ok') : color.red('FAILED'));
  const rate = Math.round(result.vectors / Math.max(result.seconds, 1e-6)).toLocaleString('en-US');
  const { declared, measured } = result.latency;
  const lines = [
    linted.tool.startsWith('none')
      ? 'lint        –   not run: verilator was not asked for'
      : `lint        ${ok(linted.warnings.length === 0)}  ${linted.warnings.length} warnings (${linted.tool})`,
    ...linted.warnings.map(w => `            ${w}`),
    `vectors     ${ok(result.mismatches === 0 && result.vectors > 0)}  ${result.vectors.toLocaleString('en-US')} ${result.exhaustive ? 'beats, every input there is' : `beats, corners first, seed ${seed}`}; ${result.mismatches} mismatches between ${result.engines.join(', ')}`,
  ];
  if (measured !== null || result.engines.includes('verilator')) {
    lines.push(
      `latency     ${ok(measured === declared)}  ${declared} declared, ${measured ?? 'none'} measured`,
    );
  }
  lines.push(`speed       ${rate} beats a second`);
  if (result.vectors === 0) lines.push('no vectors were run, and that counts as a failure');
  if (result.first) lines.push('', mismatchText(design, result.first, replay));
  return lines.join('\n');
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
