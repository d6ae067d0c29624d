import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { batchOf, rowsOf } from './batch.ts';
import { type Failure, judge, type Player, play, playerOf, prepare } from './failure.ts';
import type { Bits } from './programs.ts';
import type { Case } from './subject.ts';

const SCHEMA = 'subbyte/crasher/1';

/** What `case.json` of a crasher holds. */
interface Crasher {
  readonly schema: string;
  readonly kind: string;
  readonly text: string;
  readonly replay: string;
  readonly case: Case;
}

const json = (value: unknown): string =>
  `${JSON.stringify(value, (_, x) => (typeof x === 'bigint' ? String(x) : x), 1)}\n`;

/** Writes a failure below a folder, whole or not at all, with all that it takes to see it again. */
export async function writeCrasher(parent: string, shown: string, failure: Failure): Promise<string> {
  const key = createHash('sha256')
    .update(JSON.stringify([failure.kind, failure.case]))
    .digest('hex')
    .slice(0, 10);
  const folder = join(parent, key);
  const crasher: Crasher = {
    schema: SCHEMA,
    kind: failure.kind,
    text: failure.text,
    replay: `npm run fuzz -- --replay ${shown}/${key}`,
    case: failure.case,
  };
  const files: Record<string, string> = { 'case.json': json(crasher), ...(await details(failure)) };
  const draft = `${folder}.${process.pid}.tmp`;
  mkdirSync(draft, { recursive: true });
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(draft, name), text);
    if (!existsSync(folder)) renameSync(draft, folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return folder;
}

/** Verilog, beats and answers, as far as the case comes. */
async function details(failure: Failure): Promise<Record<string, string>> {
  const { subjects } = prepare([failure.case]);
  const [subject] = subjects;
  if (!subject) return {};
  const batch = batchOf(subjects);
  const answers: Record<string, unknown> = { reference: subject.expected };
  const player = playerOf(failure.kind);
  for (const p of new Set(['verilator', ...(player ? [player] : [])])) {
    answers[p] = await play(batch, p).then(
      ({ shown }) => rowsOf(batch, subject, shown),
      (error: unknown) => String(error instanceof Error ? error.message.split('\n')[0] : error),
    );
  }
  const beats = subject.beats.map((beat, i): Record<string, Bits | boolean> => {
    return { accepted: subject.accepted[i]!, ...beat };
  });
  return { 'module.v': batch.verilog, 'beats.json': json(beats), 'answers.json': json(answers) };
}

export function readCrasher(folder: string): Crasher {
  return JSON.parse(readFileSync(join(folder, 'case.json'), 'utf8')) as Crasher;
}

/** The folders of all crashers below one. */
export function crashersBelow(parent: string): string[] {
  if (!existsSync(parent)) return [];
  return readdirSync(parent)
    .sort()
    .map(name => join(parent, name))
    .filter(folder => existsSync(join(folder, 'case.json')));
}

/** Runs cases again, on every execution and on the families that are named. */
export async function replay(cases: readonly Case[], families: readonly Player[]): Promise<Failure[]> {
  const { subjects, failures } = prepare(cases);
  const found = [...failures];
  for (const player of ['verilator', 'netlist', ...families]) found.push(...(await judge(subjects, player)));
  return found;
}
