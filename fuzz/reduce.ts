import { initiationOf } from '../generators/emit/design.ts';
import { type Failure, failing, playerOf } from './failure.ts';
import type { Instruction, Program } from './programs.ts';
import type { Case } from './subject.ts';

/** Cases that are tried at a time: a tool is started once for all of them. */
const AT_ONCE = { composing: 1000, verilator: 60, synthesis: 10 };

/**
 * A smaller case that fails in the same way: takes the first of all smaller ones that still does, again and again, until none
 * does or the time is over.
 */
export async function reduce(failure: Failure, seconds: number): Promise<Failure> {
  const end = performance.now() + seconds * 1000;
  const player = playerOf(failure.kind);
  const size =
    player === undefined ? AT_ONCE.composing : player === 'verilator' ? AT_ONCE.verilator : AT_ONCE.synthesis;
  let best = failure;
  for (let again = true; again; ) {
    again = false;
    const smaller = [...smallerCases(best.case)];
    for (let i = 0; i < smaller.length && !again && performance.now() < end; i += size) {
      const found = (await failing(smaller.slice(i, i + size), failure.kind)).find(f => f !== undefined);
      if (!found) continue;
      best = found;
      again = true;
    }
  }
  return best;
}

/** Cases with a bit less of something, those with much less first. */
function* smallerCases(given: Case): Iterable<Case> {
  const { goal, beats, program } = given;
  for (const p of smallerPrograms(program)) yield { ...given, program: p };
  if (goal.shell !== 'bare') yield { ...given, goal: { ...goal, shell: 'bare' } };
  if (goal.shell === 'stream') yield { ...given, goal: { ...goal, shell: 'valid' } };
  if (goal.target !== undefined) {
    const { target: _, ...rest } = goal;
    yield { ...given, goal: rest };
  }
  for (const stages of less(goal.stages, 0)) yield { ...given, goal: { ...goal, stages } };
  for (const initiation of less(initiationOf(goal), 1)) yield { ...given, goal: { ...goal, initiation } };
  for (const n of less(beats, 1)) yield { ...given, beats: n };
  for (const p of plainerPrograms(program)) yield { ...given, program: p };
}

function* smallerPrograms(p: Program): Iterable<Program> {
  for (const code of shorter(p.code, 1)) yield { ...p, code };
  for (const late of shorter(p.late, 0)) yield { ...p, late };
  for (const registers of shorter(p.registers, 0)) yield { ...p, registers };
  for (const ports of shorter(p.ports, 1)) yield { ...p, ports };
  if (p.part) {
    yield { ...p, part: undefined };
    for (const code of shorter(p.part.code, 1)) yield { ...p, part: { ...p.part, code } };
    for (const ports of shorter(p.part.ports, 1)) yield { ...p, part: { ...p.part, ports } };
    for (const ports of each(p.part.ports, lessWide)) yield { ...p, part: { ...p.part, ports } };
  }
  for (const ends of less(Math.min(p.ends, 64), 1)) yield { ...p, ends };
  for (const ports of each(p.ports, lessWide)) yield { ...p, ports };
  for (const registers of each(p.registers, lessWide)) yield { ...p, registers };
}

/** As long, with smaller numbers. */
function* plainerPrograms(p: Program): Iterable<Program> {
  for (const code of each(p.code, plainer)) yield { ...p, code };
  for (const late of each(p.late, plainer)) yield { ...p, late };
  if (p.part) for (const code of each(p.part.code, plainer)) yield { ...p, part: { ...p.part, code } };
  for (const registers of each(p.registers, function* (r) {
    for (const init of less(r.init, 0)) yield { ...r, init };
  }))
    yield { ...p, registers };
  for (const seed of less(p.seed, 0)) yield { ...p, seed };
}

function* plainer(i: Instruction): Iterable<Instruction> {
  for (const key of ['a', 'b', 'c', 'k'] as const) for (const n of less(i[key], 0)) yield { ...i, [key]: n };
}

function* lessWide<T extends { width: number; signed: boolean; lanes?: number; lsb?: number }>(
  x: T,
): Iterable<T> {
  for (const width of less(x.width, 1)) yield { ...x, width };
  if (x.lanes) for (const lanes of less(x.lanes, 0)) yield { ...x, lanes };
  if (x.lsb) yield { ...x, lsb: 0 };
  if (x.signed) yield { ...x, signed: false };
}

function less(n: number, least: number): number[] {
  return [...new Set([least, (n + least) >> 1, n - 1])].filter(m => m >= least && m < n);
}

/** Without halves, without quarters, …, without single ones. */
function* shorter<T>(list: readonly T[], least: number): Iterable<readonly T[]> {
  for (let size = list.length; size >= 1; size = size >> 1)
    for (let i = 0; i + size <= list.length; i += size)
      if (list.length - size >= least) yield [...list.slice(0, i), ...list.slice(i + size)];
}

/** With one of them smaller. */
function* each<T>(list: readonly T[], smaller: (x: T) => Iterable<T>): Iterable<readonly T[]> {
  for (const [i, x] of list.entries()) for (const y of smaller(x)) yield list.with(i, y);
}
