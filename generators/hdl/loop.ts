import type { Node, Register } from './node.ts';
import type { Timing } from './timing.ts';

/** Things that are placed together: a node, or a register with all of its feedback. */
export interface Group {
  readonly nodes: Node[];
  readonly inputs: Set<Node>;
}

/** What a stage may take, in nanoseconds, and how many stages a loop may. */
export interface Pace {
  readonly period: number;
  readonly timing: Timing;
  readonly initiation: number;
}

/** The stage in which a register takes its next value. */
export function registerStage(register: Register, stage: ReadonlyMap<Node, number>): number {
  return Math.max(stage.get(register.next!) ?? 0, register.enable ? (stage.get(register.enable) ?? 0) : 0);
}

/** Where each node was placed: its stage, and when in that stage its value is there, in nanoseconds. */
interface Places {
  readonly stage: Map<Node, number>;
  readonly arrival: Map<Node, number>;
}

/**
 * Places registers with their feedback over several stages, each node in the first in which it fits the period. The next beat
 * reads a register so many clocks after this one as the initiation interval says, in the same stage: by then its next value
 * must stand in it. So no register is read more than `initiation − 1` stages before it is written.
 *
 * What is read at first in stage 0 is read later where its next value comes too late for that, until nothing changes: each
 * register is read, and written, as early as can be. Registers are written in `stateStage` where that is later.
 *
 * Gives the longest path within a stage; undefined where the loop is too long for the interval.
 */
export function placeLoop(
  group: Group,
  { period, timing, initiation }: Pace,
  { stage, arrival }: Places,
  stateStage: number,
): number | undefined {
  const registers = group.nodes.flatMap(n =>
    n.op === 'register' ? [{ node: n, register: n.register }] : [],
  );
  const written = (): number => Math.max(...registers.map(r => registerStage(r.register, stage)));
  // In the stage after this one, all inputs are there: a loop of one register that starts later only ends later. Several
  // registers may also wait for each other.
  const lastInput = Math.max(0, ...[...group.inputs].map(n => stage.get(n) ?? 0));
  const limit = lastInput + 1 + (registers.length > 1 ? group.nodes.length : 0);
  for (const { node } of registers) {
    stage.set(node, 0);
    arrival.set(node, 0);
  }
  for (let isTogether = false; ; ) {
    const worst = placeNodes(group, period, timing, { stage, arrival });
    let isLate = false;
    for (const { node, register } of registers) {
      const first = registerStage(register, stage) - initiation + 1;
      if (first <= stage.get(node)!) continue;
      if (first > limit) return undefined;
      stage.set(node, first);
      isLate = true;
    }
    if (isLate) continue;
    const missing = stateStage - written();
    if (isTogether || missing <= 0) return worst;
    isTogether = true;
    for (const { node } of registers) stage.set(node, stage.get(node)! + missing);
  }
}

/** Each node of a loop behind its arguments; the registers stand already. Gives the longest path within a stage. */
function placeNodes({ nodes }: Group, period: number, timing: Timing, { stage, arrival }: Places): number {
  let worst = 0;
  for (const node of nodes) {
    if (node.op === 'register') continue;
    const last = Math.max(0, ...node.args.map(a => stage.get(a) ?? 0));
    const start = Math.max(0, ...node.args.map(a => (stage.get(a) === last ? (arrival.get(a) ?? 0) : 0)));
    const delay = timing(node);
    // Wiring stays where its sources are: of a loop over lanes, the end must.
    const moves = delay > 0 && start > 0 && start + delay > period;
    const end = moves ? delay : start + delay;
    stage.set(node, moves ? last + 1 : last);
    arrival.set(node, end);
    worst = Math.max(worst, end);
  }
  return worst;
}
