import type { Design, DesignPort } from '../generators/emit/design.ts';
import { controlOf } from '../generators/emit/module.ts';
import { type Circuit, circuitOf, circuitScript } from '../generators/prove/circuit.ts';
import { makeProblem, type Problem } from '../generators/prove/problem.ts';
import { STATEMENTS } from '../generators/prove/statements.ts';
import { Cache } from './cache.ts';
import { inputLayout, outputLayout, writeWide } from './codec.ts';
import { goldenExecution, interpreterExecution } from './executions.ts';
import type { Solved, Solver } from './solver.ts';
import { Yosys, yosysTool } from './yosys.ts';

/** One case, as the solver left it. */
export interface CaseResult {
  readonly name: string;
  readonly verdict: 'proven' | 'refuted' | 'not proven';
  /** Of a case that is not proven though time was left: what the solver says. */
  readonly reason?: string;
  readonly seconds: number;
}

/** An input for which the statement is false, and what each has to say to it. */
export interface Counterexample {
  /** One beat, as a record of `codec`. */
  readonly input: Uint32Array;
  /** What the golden model answers. */
  readonly golden: Uint32Array;
  /** What the netlist of the DSL answers. */
  readonly interpreter: Uint32Array;
  /** What the Verilog answers, as the solver computed it. */
  readonly verilog: Uint32Array;
}

export interface ProofResult {
  readonly words: string;
  readonly cases: readonly CaseResult[];
  readonly verdict: CaseResult['verdict'];
  readonly counterexample?: Counterexample;
  readonly seconds: number;
}

export interface ProofOptions {
  /** For all cases together. */
  readonly timeLimit: number;
  /** Solvers that run at the same time. */
  readonly jobs: number;
  readonly onProgress?: (done: number, total: number, last: CaseResult) => void;
}

/** The Verilog of a module as words and operations on them, by Yosys. */
export async function circuitFor(verilog: string, top: string, yosys?: Yosys): Promise<Circuit> {
  const script = circuitScript(top);
  const json = await new Cache().cached('circuits', [await yosysTool(), script, verilog], async () => {
    const own = yosys ?? new Yosys();
    try {
      return (await own.run({ script, files: { 'design.v': verilog } })).files['circuit.json']!;
    } finally {
      if (!yosys) await own.close();
    }
  });
  return circuitOf(json, top);
}

/** What is to be proved of a design. Throws `NotStatable` where that cannot be said. */
export async function problemFor(
  design: Design,
  verilog: string,
  top: string,
  yosys?: Yosys,
): Promise<Problem> {
  const statement = STATEMENTS[design.unit.id]!;
  return makeProblem(design, await circuitFor(verilog, top, yosys), statement, controlOf(design));
}

/** Gives all cases to a solver; stops at the first counterexample, and when time is up. */
export async function prove(
  design: Design,
  problem: Problem,
  solver: Solver,
  { timeLimit, jobs, onProgress }: ProofOptions,
): Promise<ProofResult> {
  const started = performance.now();
  const spent = (): number => (performance.now() - started) / 1000;
  const results: CaseResult[] = [];
  const stop = new AbortController();
  let values: readonly bigint[] | undefined;
  let [next, done] = [0, 0];
  const work = async (): Promise<void> => {
    for (let i = next++; i < problem.cases.length; i = next++) {
      const { name, script } = problem.cases[i]!;
      const left = timeLimit - spent();
      const solved: Solved =
        left <= 0 || stop.signal.aborted
          ? { verdict: 'timeout', values: [], seconds: 0 }
          : await solver.solve(script, problem.question, { seconds: left, signal: stop.signal });
      const verdict = VERDICTS[solved.verdict] ?? 'not proven';
      const { seconds, reason = 'the solver does not say why' } = solved;
      results[i] = { name, verdict, ...(solved.verdict === 'unknown' ? { reason } : {}), seconds };
      if (verdict === 'refuted') {
        values ??= solved.values;
        stop.abort();
      }
      onProgress?.(++done, problem.cases.length, results[i]!);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(jobs, problem.cases.length) }, work));
  } finally {
    stop.abort();
  }
  return {
    words: problem.words,
    cases: results,
    verdict: values
      ? 'refuted'
      : results.every(result => result.verdict === 'proven')
        ? 'proven'
        : 'not proven',
    ...(values ? { counterexample: replayed(design, problem, values) } : {}),
    seconds: spent(),
  };
}

const VERDICTS: Partial<Record<Solved['verdict'], CaseResult['verdict']>> = {
  unsat: 'proven',
  sat: 'refuted',
};

/** The counterexample as records, and the same beat played by the golden model and the interpreter. */
function replayed(design: Design, { told }: Problem, values: readonly bigint[]): Counterexample {
  if (values.length !== told.length)
    throw new Error(`the solver told ${values.length} values of ${told.length}`);
  const codes = new Map(told.map((port, i) => [port.name, values[i]!]));
  const record = (layout: ReturnType<typeof inputLayout>, of: (port: DesignPort) => bigint): Uint32Array => {
    const words = new Uint32Array(layout.size);
    for (const { port, offset } of layout.ports) writeWide(words, offset, 0, port.width, of(port));
    if (layout.accept >= 0) words[layout.accept] = 1;
    return words;
  };
  const input = record(inputLayout(design), port => codes.get(port.name)!);
  const verilog = record(outputLayout(design), port => codes.get(port.name)!);
  const play = (execution: typeof goldenExecution | typeof interpreterExecution): Uint32Array =>
    (execution(design).run(input, 1) as Uint32Array).slice();
  return { input, verilog, golden: play(goldenExecution), interpreter: play(interpreterExecution) };
}
