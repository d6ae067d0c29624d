import { HdlError } from '../generators/hdl/diagnostics.ts';
import {
  type Answers,
  type Batch,
  batchOf,
  type Finding,
  findingsIn,
  synthesize,
  verilate,
} from './batch.ts';
import { type Case, interpreterProblem, type Subject, subjectOf } from './subject.ts';

/** An execution that judges whole batches. A family stands for the netlist that is mapped to it. */
export type Player = 'verilator' | 'netlist' | string;

/** Something that must not happen, and the case that makes it happen. */
export interface Failure {
  /** What happened, in a few words: those of one kind are most often one defect. */
  readonly kind: string;
  readonly text: string;
  readonly case: Case;
}

/** Composes, schedules, emits and interprets cases; gives those that came through, and why others did not. */
export function prepare(cases: readonly Case[]): { subjects: Subject[]; failures: Failure[] } {
  const subjects: Subject[] = [];
  const failures: Failure[] = [];
  for (const [i, origin] of cases.entries()) {
    try {
      const subject = subjectOf(origin, `p${i}`);
      subjects.push(subject);
      const text = interpreterProblem(subject);
      if (text !== undefined) failures.push({ kind: 'interpreter', text, case: origin });
    } catch (error) {
      failures.push({ kind: thrown(error), text: firstLine(error), case: origin });
    }
  }
  return { subjects, failures };
}

function thrown(error: unknown): string {
  if (error instanceof HdlError) return `throws ${error.code}`;
  return `throws ${error instanceof Error ? error.name : typeof error}`;
}

const firstLine = (error: unknown): string =>
  String(error instanceof Error ? error.message : error).split('\n')[0]!;

/** Plays a batch on one execution. Where a tool refuses it, halves are tried until the one to blame is found. */
export async function judge(subjects: readonly Subject[], player: Player): Promise<Failure[]> {
  if (subjects.length === 0) return [];
  const batch = batchOf(subjects);
  let answers: Answers;
  try {
    answers = await play(batch, player);
  } catch (error) {
    if (subjects.length === 1)
      return [{ kind: `${player} stops`, text: messageOf(error), case: subjects[0]!.origin }];
    const middle = subjects.length >> 1;
    return [
      ...(await judge(subjects.slice(0, middle), player)),
      ...(await judge(subjects.slice(middle), player)),
    ];
  }
  const wrong = findingsIn(batch, answers.shown).map(f => failureOf(batch, player, f));
  return [...wrong, ...answers.lint.map(f => failureOf(batch, lintKind(f.text), f))];
}

export function play(batch: Batch, player: Player): Promise<Answers> {
  if (player === 'verilator') return verilate(batch);
  return synthesize(batch, player === 'netlist' ? undefined : player);
}

function messageOf(error: unknown): string {
  const text = String(error instanceof Error ? error.message : error);
  return text.replaceAll(/\/\S*\//g, '').slice(0, 600);
}

const lintKind = (text: string): string => `lint ${/^%Warning-(\w+)/.exec(text)?.[1] ?? ''}`;

/** What is said of no module in particular is said of the first. */
function failureOf({ subjects }: Batch, kind: string, { subject, text }: Finding): Failure {
  return { kind, text, case: (subject ?? subjects[0]!).origin };
}

/** The execution that finds failures of this kind; undefined for those that are found while composing. */
export function playerOf(kind: string): Player | undefined {
  if (kind === 'interpreter' || kind.startsWith('throws')) return undefined;
  return kind.startsWith('lint') ? 'verilator' : kind.replace(' stops', '');
}

/** For each case, the failure of this kind that it still makes. */
export async function failing(cases: readonly Case[], kind: string): Promise<(Failure | undefined)[]> {
  const { subjects, failures } = prepare(cases);
  const player = playerOf(kind);
  const found = player === undefined ? failures : await judge(subjects, player);
  return cases.map(c => found.find(f => f.case === c && f.kind === kind));
}
