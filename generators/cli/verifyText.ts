import type { EnumerationResult } from '../../sim/enumeration.ts';
import type { Mismatch, VerifyResult } from '../../sim/verify.ts';
import { EXIT } from './errors.ts';
import { color } from './output.ts';
import { answerOf, codesOf, mismatchText } from './present.ts';
import { commandLine, type Session } from './session.ts';
import type { Plan } from './verifyPlan.ts';

/** All that a verification found. */
export interface Findings {
  readonly plan: Plan;
  readonly lint: { readonly tool: string; readonly warnings: readonly string[] };
  /** The run of all executions. */
  readonly run: VerifyResult;
  /** The run of the netlists on every input, where there are too many for the other executions. */
  readonly enumeration?: EnumerationResult & { readonly engines: readonly string[] };
}

const number = (n: number): string => n.toLocaleString('en-US');

/** What was played to whom, in words. */
export function coverageText({ run, enumeration }: Findings): string {
  const sampled = sampleText(run);
  if (!enumeration) return sampled;
  const all = `all ${number(enumeration.vectors)} inputs in ${enumeration.engines.slice(1).join(', ')}`;
  return `${all}; in ${run.engines.slice(1).join(', ')} ${sampled}`;
}

function sampleText({ vectors, exhaustive, coverage }: VerifyResult): string {
  if (exhaustive) return `all ${number(vectors)} inputs`;
  if (!coverage) return `${number(vectors)} beats`;
  const { inputBits, unitCorners, cornerProduct, cornerProductOf, random } = coverage;
  const combinations =
    cornerProduct === cornerProductOf
      ? `all ${number(cornerProduct)} combinations of the ports' corner codes`
      : `${number(cornerProduct)} of the ports' corner codes combined`;
  const parts = [
    ...(unitCorners > 0 ? [`${number(unitCorners)} corners of the unit`] : []),
    ...(cornerProduct > 0 ? [combinations] : []),
    ...(random > 0
      ? [`${number(random)} random (uniform, and in moods: close, related, middling, few lanes, few bits)`]
      : []),
  ];
  return `${number(vectors)} beats of ${inputBits} bits: ${parts.join(', ')}`;
}

export function exitCodeOf({ run, enumeration, lint }: Findings): number {
  const { declared, measured } = run.latency;
  const isLate = run.engines.includes('verilator') && measured !== declared;
  const mismatches = run.mismatches + (enumeration?.mismatches ?? 0);
  if (mismatches > 0 || run.vectors === 0 || isLate) return EXIT.mismatch;
  return lint.warnings.length > 0 ? EXIT.lint : EXIT.ok;
}

/** The command that finds the same again. */
function replayCommand({ design, chosen }: Session, findings: Findings): string {
  const { plan, run, enumeration } = findings;
  const isAll = run.exhaustive || (enumeration?.mismatches ?? 0) > 0;
  const amount = isAll ? '--exhaustive' : `--vectors ${(run.first?.beat ?? 0) + 1}`;
  // Only what is compared by default needs no word.
  const engine = plan.engines.includes('netlist') ? ` --engine ${plan.engines.join(',')}` : '';
  const families = plan.mapped.length > 0 ? ` --mapped ${plan.mapped.join(',')}` : '';
  return `${commandLine('gen verify', chosen, design, chosen.given)} ${amount} --seed ${plan.seed}${engine}${families}`;
}

interface Summary {
  readonly vectors: number;
  readonly exhaustive: boolean;
  readonly engines: readonly string[];
  readonly mismatches: number;
  readonly first: Mismatch | undefined;
  readonly seconds: number;
}

/** The larger of the two runs, with what either found. */
function summaryOf({ run, enumeration }: Findings): Summary {
  const mismatches = run.mismatches + (enumeration?.mismatches ?? 0);
  const first = run.first ?? enumeration?.first;
  if (!enumeration) return { ...run, mismatches, first };
  const { vectors, engines, seconds } = enumeration;
  // A run that ended at a mismatch has not seen all.
  return { vectors, engines, seconds, mismatches, first, exhaustive: enumeration.mismatches === 0 };
}

/** Inputs that this run compared, a second. */
function rateOf({ run, enumeration }: Findings): number {
  const compared = enumeration ? enumeration.vectors - enumeration.resumed : run.vectors;
  return Math.round(compared / Math.max((enumeration ?? run).seconds, 1e-6));
}

export function documentOf(session: Session, findings: Findings): Record<string, unknown> {
  const { design, chosen } = session;
  const { plan, run, enumeration, lint } = findings;
  const { vectors, exhaustive, engines, mismatches, first, seconds } = summaryOf(findings);
  const replay = replayCommand(session, findings);
  return {
    schema: 'subbyte/verify/1',
    unit: chosen.request.id,
    params: design.params,
    goal: design.goal,
    lint,
    vectors,
    exhaustive,
    coverage: coverageText(findings),
    seed: plan.seed,
    engines,
    ...(enumeration && {
      sampled: { engines: run.engines, vectors: run.vectors },
      ...(enumeration.resumed > 0 && { resumed: enumeration.resumed }),
    }),
    mismatches,
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
    latency: run.latency,
    seconds: Math.round(seconds * 1000) / 1000,
    vectorsPerSecond: rateOf(findings),
  };
}

const verdict = (good: boolean): string => (good ? color.green('ok') : color.red('FAILED'));

export function textOf(session: Session, findings: Findings): string {
  const { plan, run, enumeration, lint } = findings;
  const { declared, measured } = run.latency;
  const row = (label: string, good: boolean | undefined, text: string): string =>
    `${label.padEnd(12)}${good === undefined ? '– ' : verdict(good)}  ${text}`;
  const lines = [
    lint.tool.startsWith('none')
      ? row('lint', undefined, ' not run: verilator was not asked for')
      : row('lint', lint.warnings.length === 0, `${lint.warnings.length} warnings (${lint.tool})`),
    ...lint.warnings.map(w => `            ${w}`),
    row(
      'vectors',
      run.mismatches === 0 && run.vectors > 0,
      `${number(run.vectors)} ${run.exhaustive ? 'beats, every input there is' : `beats, corners first, seed ${plan.seed}`}; ${run.mismatches} mismatches between ${run.engines.join(', ')}`,
    ),
    `coverage        ${sampleText(run)}`,
  ];
  if (enumeration) {
    const { vectors, mismatches, engines, resumed } = enumeration;
    const what = mismatches > 0 ? 'inputs, then stopped' : 'inputs, every one there is';
    const before = resumed > 0 ? ` (${number(resumed)} of them before an interruption)` : '';
    lines.push(
      row(
        'all inputs',
        mismatches === 0,
        `${number(vectors)} ${what}${before}; ${mismatches} mismatches between ${engines.join(', ')}`,
      ),
    );
  }
  if (measured !== null || run.engines.includes('verilator'))
    lines.push(row('latency', measured === declared, `${declared} declared, ${measured ?? 'none'} measured`));
  lines.push(`speed       ${number(rateOf(findings))} ${enumeration ? 'inputs' : 'beats'} a second`);
  if (run.vectors === 0) lines.push('no vectors were run, and that counts as a failure');
  const { first } = summaryOf(findings);
  if (first) lines.push('', mismatchText(session.design, first, replayCommand(session, findings)));
  return lines.join('\n');
}
