import { access, constants, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Command } from 'commander';
import type { CaseResult, ProofResult } from '../../sim/prove.ts';
import { findSolver, SOLVERS, type Solver, type SolverName } from '../../sim/solver.ts';
import type { VerifyResult } from '../../sim/verify.ts';
import { design as compose, type Parameters } from '../emit/design.ts';
import { NotStatable } from '../prove/float.ts';
import { ladder } from '../prove/ladder.ts';
import type { Problem } from '../prove/problem.ts';
import { STATEMENTS } from '../prove/statements.ts';
import { EXIT, Exit, UsageError } from './errors.ts';
import { wholeNumber } from './options.ts';
import { color } from './output.ts';
import { answerOf, codesOf, decoded, mismatchText } from './present.ts';
import { commandLine, emit, openSession, type Session } from './session.ts';

const TIME_LIMIT = 300;
/** Beats that are compared where the ladder ends below what was asked for. */
const VECTORS = 100_000;

function addProveOptions(command: Command): void {
  command
    .option('--time-limit <s>', `seconds for the whole proof (default ${TIME_LIMIT})`)
    .option('--solver <name>', `one of ${SOLVERS.join(', ')} (default z3-wasm, which is always there)`)
    .option('--jobs <n>', 'solvers that run at the same time (default 1)')
    .option('--ladder', 'prove narrower formats first, from the narrowest up; above the last proof, vectors')
    .option('--smt <file>', 'write the questions as SMT-LIB into this file, and prove nothing');
}

/** A design that is to be proved. */
type Subject = Pick<Session, 'chosen' | 'design' | 'module' | 'verilog'>;

interface Plan {
  readonly solver: Solver;
  readonly timeLimit: number;
  readonly jobs: number;
}

/** What came of a rung of the ladder. */
interface Rung {
  readonly changed: Record<string, unknown>;
  readonly subject: Subject;
  readonly result: ProofResult;
}

/** What came of it all: of the design that was asked for, unless a narrower one came to no proof. */
interface Outcome {
  readonly subject: Subject;
  readonly result: ProofResult;
  readonly rungs: readonly Rung[];
  /** For a ladder that ended early: vectors against the gates of the Verilog that was asked for. */
  readonly vectors?: VerifyResult;
}

export async function proveCommand(argv: readonly string[]): Promise<void> {
  const session = await openSession(
    'gen prove',
    'Proves that the emitted Verilog computes what an independent statement in SMT-LIB says, for all inputs.',
    argv,
    addProveOptions,
  );
  const { options, output } = session;
  const timeLimit = wholeNumber(options, 'time-limit', 1, 86_400) ?? TIME_LIMIT;
  const jobs = wholeNumber(options, 'jobs', 1, 64) ?? 1;
  const name = solverFrom(options.solver);
  const smt = typeof options.smt === 'string' ? options.smt : undefined;
  checkStatable(session);
  if (smt !== undefined) return writeQuestions(session, smt);

  const solver = await findSolver(name);
  const plan = { solver, timeLimit, jobs };
  const outcome = await (options.ladder === true ? climb(session, plan) : once(session, plan)).finally(() =>
    solver.close(),
  );
  if (output.json) output.document(documentOf(session, outcome, plan));
  else output.print(textOf(session, outcome, plan, output.verbose));
  const code = exitCode(outcome);
  if (code !== EXIT.ok) throw new Exit(code);
}

function exitCode({ result, vectors }: Outcome): number {
  if (vectors && vectors.mismatches > 0) return EXIT.mismatch;
  return { proven: EXIT.ok, refuted: EXIT.mismatch, 'not proven': EXIT.budget }[result.verdict];
}

function solverFrom(given: unknown): SolverName {
  if (given === undefined) return 'z3-wasm';
  const name = SOLVERS.find(known => known === given);
  if (name) return name;
  throw new UsageError(`--solver: '${String(given)}' is none of ${SOLVERS.join(', ')}`);
}

async function writeQuestions(session: Session, file: string): Promise<void> {
  const { output } = session;
  await access(dirname(file), constants.W_OK).catch((e: NodeJS.ErrnoException) => {
    throw new UsageError(`--smt: cannot write ${file} (${e.code}); expected a file in a folder that exists`);
  });
  const { words, cases, question } = await questions(session);
  // Each case starts anew: what a solver learned of another one would slow it down.
  const text = cases
    .map(({ script }) => `${script}; where the answer is sat: ${question}\n`)
    .join('(reset)\n');
  await writeFile(file, text).catch((e: NodeJS.ErrnoException) => {
    throw new UsageError(`--smt: cannot write ${file} (${e.code}); expected the name of a file`);
  });
  const many = cases.length === 1 ? 'one question' : `${cases.length} questions`;
  if (output.json) output.document({ ...heading(session, words), cases: cases.map(c => c.name), file });
  else output.say(`${many} in ${file}: unsat is the proof`);
}

/** What can be done where nothing can be proved. */
function otherwise({ design }: Subject): string {
  const bits = design.inputs.reduce((sum, port) => sum + port.width, 0);
  return !design.unit.state && bits <= 32
    ? `its ${bits} input bits can be enumerated: gen verify --exhaustive`
    : 'vectors remain: gen verify --vectors N';
}

function checkStatable(session: Session): void {
  const { design, chosen } = session;
  const id = design.unit.id;
  if (design.unit.state)
    throw new UsageError(
      `${chosen.request.id} keeps a running state, and proofs are of single beats; ${otherwise(session)}`,
    );
  if (STATEMENTS[id]) return;
  throw new UsageError(
    `nothing is stated about ${id} yet, but about ${Object.keys(STATEMENTS).join(', ')}; ${otherwise(session)}`,
  );
}

async function questions(subject: Subject): Promise<Problem> {
  const { problemFor } = await import('../../sim/prove.ts');
  const { design, verilog, module } = subject;
  return problemFor(design, verilog, module.name).catch((error: Error) => {
    if (!(error instanceof NotStatable)) throw error;
    throw new UsageError(`${error.message}; ${otherwise(subject)}`);
  });
}

async function proved(session: Session, subject: Subject, plan: Plan, label: string): Promise<ProofResult> {
  const problem = await questions(subject);
  const { prove } = await import('../../sim/prove.ts');
  const bar = session.output.progress(`prove ${label}`);
  return prove(subject.design, problem, plan.solver, {
    ...plan,
    onProgress: (done, total) => bar.update(done, total),
  }).finally(() => bar.stop());
}

async function once(session: Session, plan: Plan): Promise<Outcome> {
  const result = await proved(session, session, plan, session.chosen.request.id);
  return { subject: session, result, rungs: [] };
}

/** From the narrowest formats up, until one is not proven; all of it within the time limit. */
async function climb(session: Session, plan: Plan): Promise<Outcome> {
  const { chosen, design } = session;
  const formats = chosen.found.entry.params.filter(p => p.formats).map(p => p.name);
  const rungs: Rung[] = [];
  let left = plan.timeLimit;
  for (const params of [...ladder(design.params, formats), design.params]) {
    // A narrower format need not fit the other parameters.
    if ((chosen.unit.check?.(params) ?? []).length > 0) continue;
    const subject = params === design.params ? session : narrower(session, params);
    const changed = differences(design.params, params);
    const result = await proved(
      session,
      subject,
      { ...plan, timeLimit: left },
      words(changed) || 'the whole',
    );
    left -= result.seconds;
    if (params === design.params || result.verdict === 'refuted') return { subject, result, rungs };
    rungs.push({ changed, subject, result });
    session.output.note(`${words(changed)}: ${result.verdict}, ${result.seconds.toFixed(1)} s`);
    if (result.verdict !== 'proven') break;
  }
  return { subject: session, result: rungs.at(-1)!.result, rungs, vectors: await byVectors(session) };
}

function narrower({ chosen, design }: Session, params: Parameters): Subject {
  const composed = compose(chosen.unit, params, design.goal, design.fabric);
  const request = {
    ...chosen.request,
    changed: { ...chosen.request.changed, ...differences(design.params, params) },
  };
  const narrow = { ...chosen, params, request: request as typeof chosen.request };
  return { chosen: narrow, ...emit(composed, narrow) };
}

const differences = (from: Parameters, to: Parameters): Record<string, unknown> =>
  Object.fromEntries(Object.entries(to).filter(([key, value]) => value !== from[key]));

const words = (changed: Record<string, unknown>): string =>
  Object.entries(changed)
    .map(([key, value]) => `${key} ${value}`)
    .join(', ');

/** The golden model against the gates that Yosys makes of the Verilog. */
async function byVectors({ design, verilog, module }: Session): Promise<VerifyResult> {
  const [{ verify }, { netlistMachine }] = await Promise.all([
    import('../../sim/verify.ts'),
    import('../../sim/netlist.ts'),
  ]);
  const netlist = await netlistMachine(design, verilog, module.name);
  const options = { vectors: VECTORS, exhaustive: false, seed: 1, netlists: { netlist } };
  return verify(design, ['netlist'], undefined, options);
}

function heading({ design, chosen }: Session, statement: string): Record<string, unknown> {
  return {
    schema: 'subbyte/prove/1',
    unit: chosen.request.id,
    params: design.params,
    goal: design.goal,
    statement,
  };
}

const rounded = (seconds: number): number => Math.round(seconds * 100) / 100;

function documentOf(
  session: Session,
  outcome: Outcome,
  { solver, timeLimit }: Plan,
): Record<string, unknown> {
  const { subject, result, rungs, vectors } = outcome;
  const { design } = subject;
  const { counterexample: c } = result;
  return {
    ...heading(session, result.words),
    solver: solver.tool,
    timeLimit,
    ...(rungs.length > 0 && {
      ladder: rungs.map(r => ({
        ...r.changed,
        verdict: r.result.verdict,
        seconds: rounded(r.result.seconds),
      })),
    }),
    cases: result.cases.map(one => ({ ...one, seconds: rounded(one.seconds) })),
    verdict: result.verdict,
    ...(c && {
      counterexample: {
        inputs: codesOf(design.inputs, c.input),
        golden: answerOf(design, c.golden),
        interpreter: answerOf(design, c.interpreter),
        verilog: answerOf(design, c.verilog),
        text: counterexampleText(subject, result),
      },
    }),
    ...(vectors && { vectors: { vectors: vectors.vectors, mismatches: vectors.mismatches } }),
    seconds: rounded(
      result.seconds + rungs.reduce((sum, r) => (r.result === result ? sum : sum + r.result.seconds), 0),
    ),
  };
}

function textOf(session: Session, outcome: Outcome, plan: Plan, verbose: boolean): string {
  const { subject, result, rungs, vectors } = outcome;
  const isWhole = !vectors;
  return [
    `statement   ${result.words}`,
    `solver      ${plan.solver.tool}`,
    ...rungs.map(r => `${said(r.result)}  ${words(r.changed)}`),
    ...(isWhole ? [`${said(result)}  ${extent(subject, session, result)}`] : []),
    ...(verbose ? result.cases.map(one => `            ${caseText(one)}`) : []),
    ...(!verbose && result.cases.length > 1 && result.verdict === 'proven' ? [slowest(result)] : []),
    ...(result.verdict === 'not proven' ? [`            ${open(session, result, plan)}`] : []),
    ...(vectors ? [vectorText(session, vectors)] : []),
    ...(result.counterexample ? ['', counterexampleText(subject, result)] : []),
  ].join('\n');
}

function said({ verdict, seconds }: ProofResult): string {
  const paint = { proven: color.green, refuted: color.red, 'not proven': color.yellow }[verdict];
  return `${paint(verdict.padEnd(10))}  ${seconds.toFixed(1).padStart(6)} s`;
}

function extent(subject: Subject, session: Session, { cases, verdict }: ProofResult): string {
  const which =
    subject === session ? '' : `${words(differences(session.design.params, subject.design.params))}: `;
  if (verdict === 'refuted') return `${which}a counterexample`;
  if (cases.length === 1) return `${which}all inputs`;
  const proven = cases.filter(one => one.verdict === 'proven').length;
  return `${which}${proven} of ${cases.length} cases, which together are all inputs`;
}

const caseText = ({ name, verdict, seconds }: CaseResult): string =>
  `${name}: ${verdict}, ${seconds.toFixed(2)} s`;

function slowest({ cases }: ProofResult): string {
  return `slowest     ${caseText([...cases].sort((a, b) => b.seconds - a.seconds)[0]!)}`;
}

function open(session: Session, { cases }: ProofResult, { timeLimit }: Plan): string {
  const left = cases.filter(one => one.verdict !== 'proven');
  const names = left
    .slice(0, 3)
    .map(({ name, reason }) => (reason ? `${name} (the solver gave up: ${reason})` : name));
  const more = left.length > 3 ? ` and ${left.length - 3} more` : '';
  return `not proven within ${timeLimit} s: ${names.join(', ')}${more}; give more --time-limit, another --solver or --ladder; ${otherwise(session)}`;
}

function vectorText({ design, chosen }: Session, result: VerifyResult): string {
  const { vectors, mismatches, first } = result;
  const line = `vectors     ${vectors.toLocaleString('en-US')} beats of what was asked for, gates of the Verilog against the golden model: ${mismatches} mismatches`;
  return first
    ? `${line}\n\n${mismatchText(design, first, commandLine('gen verify', chosen, design, chosen.given))}`
    : line;
}

/** The input, and what each says to it; who is wrong follows from who agrees with whom. */
function counterexampleText({ design, chosen }: Subject, { counterexample }: ProofResult): string {
  const { input, golden, interpreter, verilog } = counterexample!;
  const same = (a: Uint32Array, b: Uint32Array): boolean => a.every((word, i) => word === b[i]);
  const blame = !same(golden, verilog)
    ? same(interpreter, golden)
      ? 'golden model and interpreter agree, the Verilog does not: trimming, scheduling or emission is wrong'
      : 'the golden model contradicts the Verilog too: the datapath is wrong'
    : 'the golden model says what the Verilog says: the statement is wrong, or both of them are';
  return [
    'a beat for which the statement is false',
    ...decoded(design.inputs, input, '  '),
    '  golden',
    ...decoded(design.outputs, golden, '    '),
    '  verilog',
    ...decoded(design.outputs, verilog, '    '),
    `  ${blame}`,
    `  replay    ${commandLine('gen prove', chosen, design, chosen.given)}`,
  ].join('\n');
}
