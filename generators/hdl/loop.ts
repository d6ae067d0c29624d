import type { Node, Register } from './node.ts';
import { type Arrival, isWiring, latest, registered, type Timing } from './timing.ts';

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

/** Where each node was placed: its stage, and when in that stage its bits are there. */
interface Places {
  readonly stage: Map<Node, number>;
  readonly arrival: Map<Node, Arrival>;
}

/** When a node placed in a stage has its arguments: those of earlier stages at its start. */
export function argumentsIn(place: number, node: Node, { stage, arrival }: Places): readonly Arrival[] {
  return node.args.map(a => (stage.get(a) === place ? arrival.get(a)! : registered(arrival.get(a)!)));
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
    arrival.set(node, timing(node, []));
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
    const args = argumentsIn(last, node, { stage, arrival });
    const start = Math.max(0, ...args.map(latest));
    const end = timing(node, args);
    // Wiring stays where its sources are: of a loop over lanes, the end must.
    const moves = !isWiring(node) && start > 0 && latest(end) > period;
    const place = moves ? last + 1 : last;
    const then = moves ? timing(node, args.map(registered)) : end;
    stage.set(node, place);
    arrival.set(node, then);
    worst = Math.max(worst, latest(then));
  }
  return worst;
}
