import { argumentsIn, type Group, type Pace, placeLoop, registerStage } from './loop.ts';
import type { Netlist } from './module.ts';
import type { Node } from './node.ts';
import { refine } from './refine.ts';
import { type Arrival, arrivals, type Delays, GENERIC_DELAYS, latest, timingOf } from './timing.ts';

/** A netlist with every node in a pipeline stage. Only nodes outside of loops are used in a later stage than their own. */
export interface Schedule extends Netlist {
  readonly stageOf: ReadonlyMap<Node, number>;
  /** Pipeline registers between inputs and outputs. */
  readonly stages: number;
  /** Clock cycles from an input to the output that it decides: stages, and one for state. */
  readonly latency: number;
  /** Clock cycles from one beat to the next, at the least. */
  readonly initiation: number;
  /** The stage in which each register takes its next value. Until then it may be read, from the stage of its node on. */
  readonly writeStage: ReadonlyMap<string, number>;
  /** Longest path within a stage, registers included, by the timing model. */
  readonly periodNs: number;
}

/**
 * By how much, relatively, more stages must shorten the period, as a part of the model's margin: where they gain less, the model, which errs by
 * more from one pipeline of a unit to another, cannot tell whether they gain anything.
 */
const LEAST_GAIN = 1 / 10;

/**
 * Places `stages` pipeline registers inside the datapath so that the longest path within any stage is as short as can be; where the
 * model cannot tell that from fewer, it is fewer.
 * Feedback of a register stays within as many stages as there are clocks between two beats: with `initiation` 1, within
 * one. What is left of the registers that were asked for registers the inputs.
 */
export function schedule(
  composed: Netlist,
  stages: number,
  delays: Delays = GENERIC_DELAYS,
  initiation = 1,
): Schedule {
  const netlist = stages > 0 ? refine(composed, delays) : composed;
  const timing = timingOf(delays);
  const groups = grouped(netlist);
  const total = Math.max(...[...arrivals(netlist.nodes, timing).values()].map(latest));
  const bodyStages = (a: Assignment | undefined): number => (a ? depthWithoutState(netlist, a) : Infinity);
  const assignAt = (period: number): Assignment | undefined => {
    const pace = { period, timing, initiation };
    const early = assign(groups, pace, 0);
    if (!early) return undefined;
    // State in one stage: all of it is reset, and seen, at the same time.
    const lastState = Math.max(0, ...netlist.registers.map(r => registerStage(r, early.stage)));
    const together = assign(groups, pace, lastState);
    return bodyStages(together) <= bodyStages(early) ? together : early;
  };
  /** The shortest period with at most so many stages. */
  const fastest = (most: number): Assignment => {
    // In a period that takes in everything, one stage does.
    let best = assignAt(total + 1)!;
    let [low, high] = [0, total + 1];
    for (let i = 0; i < 40 && most > 0; i++) {
      const period = (low + high) / 2;
      const attempt = assignAt(period);
      if (attempt && bodyStages(attempt) <= most) [best, high] = [attempt, period];
      else low = period;
    }
    return best;
  };
  let best = fastest(stages);
  if (delays.margin > 0) {
    const nearlyAsFast =
      (best.periodNs + delays.register) * (1 + LEAST_GAIN * delays.margin) - delays.register;
    const fewer = assignAt(nearlyAsFast);
    // A node that takes longer than a period stands in one stage all the same.
    if (fewer && fewer.periodNs <= nearlyAsFast && bodyStages(fewer) < bodyStages(best))
      best = fastest(bodyStages(fewer));
  }
  delayWiring(netlist, best.stage);
  const spare = stages - bodyStages(best);
  return place(netlist, { ...best, periodNs: best.periodNs + delays.register }, spare, stages, initiation);
}

interface Assignment {
  readonly stage: Map<Node, number>;
  readonly periodNs: number;
}

/** `after` stands one cycle behind its register; that cycle is state, not a pipeline stage. */
function depthWithoutState(netlist: Netlist, { stage }: Assignment): number {
  const last = Math.max(
    0,
    ...netlist.outputs.map(o => stage.get(o.node) ?? 0),
    ...netlist.registers.map(r => registerStage(r, stage) + 1),
  );
  return last - (netlist.registers.length > 0 ? 1 : 0);
}

/**
 * Each group in the first stage in which it fits the period; groups with state not before `stateStage`. Undefined where a loop
 * needs more clocks than there are between two beats.
 */
function assign(groups: readonly Group[], pace: Pace, stateStage: number): Assignment | undefined {
  const { period, timing, initiation } = pace;
  const stage = new Map<Node, number>();
  const arrival = new Map<Node, Arrival>();
  let longest = 0;
  for (const group of groups) {
    const hasState = group.nodes.some(n => feedsItself(n, group));
    if (hasState && initiation > 1) {
      const worst = placeLoop(group, pace, { stage, arrival }, stateStage);
      if (worst === undefined) return undefined;
      longest = Math.max(longest, worst);
      continue;
    }
    const earliest = hasState ? stateStage : 0;
    const first = Math.max(earliest, ...[...group.inputs].map(n => stage.get(n) ?? 0));
    let place = first;
    for (;;) {
      let worst = 0;
      for (const node of group.nodes) {
        if (node.op === 'after') {
          // The physical register, seen one cycle later.
          stage.set(node, registerStage(node.register, stage) + 1);
          arrival.set(node, timing(node, []));
          continue;
        }
        const end = timing(node, argumentsIn(place, node, { stage, arrival }));
        stage.set(node, node.op === 'const' ? 0 : place);
        arrival.set(node, end);
        worst = Math.max(worst, latest(end));
      }
      // A loop ends where its lanes do: a vector is gathered in their stage.
      if (worst <= period || place > first || group.nodes[0]!.op === 'gather') {
        longest = Math.max(longest, worst);
        break;
      }
      const moves = [...group.inputs].some(n => stage.get(n) === first && latest(arrival.get(n)!) > 0);
      if (!moves) {
        longest = Math.max(longest, worst);
        break;
      }
      place++;
    }
  }
  return { stage, periodNs: longest };
}

/**
 * Wiring takes no time, so it may as well stand behind registers that its sources cross in any case: then there is one
 * register of the whole, and none for pieces of it or for constants beside them. Where it repeats a bit, or has constants, it is longer
 * than what it is made of, and stands behind registers always.
 */
function delayWiring(netlist: Netlist, stage: Map<Node, number>): void {
  const sources = new Map<Node, readonly Node[]>();
  /** The last stage in which a node is read other than through wiring. */
  const reach = new Map<Node, number>();
  for (const node of netlist.nodes) {
    const args = node.args.filter(a => a.op !== 'const');
    if (isMovable(node) || node.op === 'lane') {
      sources.set(node, [...new Set(args.flatMap(a => sources.get(a) ?? [a]))]);
      continue;
    }
    for (const source of args.flatMap(a => (isMovable(a) ? [] : (sources.get(a) ?? [a]))))
      reach.set(source, Math.max(reach.get(source) ?? 0, stage.get(node)!));
  }
  const wanted = new Map<Node, number>();
  const want = (node: Node, s: number): void => {
    wanted.set(node, Math.min(wanted.get(node) ?? s, s));
  };
  const ends = [...netlist.outputs.map(o => o.node), ...netlist.registers.flatMap(r => [r.next!, r.enable])];
  for (const node of ends) if (node) want(node, stage.get(node)!);
  for (const node of [...netlist.nodes].reverse()) {
    if (isMovable(node)) {
      const until = isLonger(node) ? [] : sources.get(node)!.map(n => reach.get(n) ?? 0);
      const latest = Math.min(wanted.get(node)!, ...until);
      if (latest > stage.get(node)!) stage.set(node, latest);
    }
    for (const arg of node.args) want(arg, stage.get(node)!);
  }
}

/** Whether a node only takes bits of others and joins them. */
function isMovable(node: Node): boolean {
  if (node.op === 'shr') return node.args[1]!.op === 'const';
  return ['bits', 'not', 'concat', 'wrap', 'narrow'].includes(node.op);
}

/** Whether there are fewer bits before this wiring than behind it. */
function isLonger(node: Node): boolean {
  const bits = [...new Set(node.args)].reduce((sum, a) => sum + (a.op === 'const' ? 0 : a.width), 0);
  return bits < node.width;
}

/** A register whose next value depends on it. */
function feedsItself(node: Node, { nodes }: Group): boolean {
  if (node.op !== 'register') return false;
  const { next, enable } = node.register;
  return nodes.includes(next!) || (enable !== undefined && nodes.includes(enable));
}

/** Clock cycles that the state needs from one beat to the next: not more than there are, and often fewer. */
export function neededInitiation({ nodes, stageOf, writeStage }: Schedule): number {
  const spans = nodes.map(n =>
    n.op === 'register' ? writeStage.get(n.register.name)! - stageOf.get(n)! : 0,
  );
  return 1 + Math.max(0, ...spans);
}

/**
 * Groups in an order in which each follows its inputs. A register follows its next value and its enable, so that all
 * on a way from a register back to itself is one group: the strongly connected parts (Tarjan's algorithm).
 */
function grouped(netlist: Netlist): Group[] {
  const index = new Map<Node, number>();
  const open: Node[] = [];
  const isOpen = new Set<Node>();
  const groups: Node[][] = [];
  const visit = (node: Node): number => {
    const own = index.size;
    let low = own;
    index.set(node, own);
    open.push(node);
    isOpen.add(node);
    for (const other of needs(node)) {
      if (!index.has(other)) low = Math.min(low, visit(other));
      else if (isOpen.has(other)) low = Math.min(low, index.get(other)!);
    }
    if (low === own) {
      const group = open.splice(open.lastIndexOf(node));
      for (const n of group) isOpen.delete(n);
      groups.push(group);
    }
    return low;
  };
  for (const node of netlist.nodes) if (!index.has(node)) visit(node);
  return groups.map(nodes => {
    const members = new Set(nodes);
    const inputs = new Set(nodes.flatMap(needs).filter(n => !members.has(n)));
    return { nodes: nodes.sort((a, b) => a.id - b.id), inputs };
  });
}

/** What must be placed before a node, or together with it. */
function needs(node: Node): readonly Node[] {
  if (node.op !== 'register' && node.op !== 'after') return node.args;
  const { next, enable } = node.register;
  return enable ? [next!, enable] : [next!];
}

/** Writes the netlist anew so that only nodes outside of loops cross from one stage to a later one. */
function place(
  netlist: Netlist,
  { stage, periodNs }: Assignment,
  spare: number,
  stages: number,
  initiation: number,
): Schedule {
  const nodes: Node[] = [];
  const stageOf = new Map<Node, number>();
  const copies = new Map<string, Node>();
  const original = new Map<Node, Node>();
  let serial = 0;
  const at = (n: Node): number => {
    const s = stage.get(n) ?? 0;
    return n.op === 'const' || n.op === 'input' ? 0 : s + spare;
  };
  const add = (node: Node, s: number): Node => {
    nodes.push(node);
    stageOf.set(node, s);
    return node;
  };
  const late = lateSlices(netlist, at);
  const waiting = new Map<Node, number>();
  /** The value of a new node as seen in stage `s`. */
  const seen = (node: Node, s: number): Node => {
    const reach = waiting.get(node);
    if (reach !== undefined) {
      const where = Math.min(s, reach);
      const known = copies.get(`${node.id}@${where}`);
      if (known) return known;
      const args = node.args.map(a => seen(a, where));
      const copy = { ...node, id: serial++, args } as Node;
      copies.set(`${node.id}@${where}`, add(copy, where));
      return copy;
    }
    if (node.region === null || stageOf.get(node) === s || node.op === 'const') return node;
    const key = `${node.id}@${s}`;
    const known = copies.get(key);
    if (known) return known;
    let copy: Node;
    if (node.op === 'lane') copy = { ...node, id: serial++, args: [seen(node.args[0]!, s)] };
    else {
      const { region } = node;
      const lanes = region.count * Math.max(1, node.lanes);
      const gatherKey = `${node.id} gathered`;
      let gathered = copies.get(gatherKey);
      if (!gathered) {
        const { id: _, args: __, ...rest } = base(node);
        gathered = add(
          {
            ...rest,
            op: 'gather',
            over: region,
            id: serial++,
            args: [node],
            lanes,
            region: region.parent,
            name: node.name && `${node.name}_all`,
          },
          stageOf.get(node)!,
        );
        copies.set(gatherKey, gathered);
      }
      const { id: _, args: __, ...rest } = base(node);
      copy = {
        ...rest,
        op: 'lane',
        stride: 1,
        offset: 0,
        id: serial++,
        args: [seen(gathered, s)],
        name: undefined,
      };
    }
    add(copy, s);
    copies.set(key, copy);
    return copy;
  };
  const registers = new Map(netlist.registers.map(r => [r, { ...r }]));
  for (const node of netlist.nodes) {
    const s = at(node);
    const args = node.args.map(a => (late.has(node) ? original.get(a)! : seen(original.get(a)!, s)));
    const copy = { ...node, id: serial++, args } as Node;
    const placed =
      copy.op === 'register' || copy.op === 'after'
        ? { ...copy, register: registers.get(copy.register)! }
        : copy;
    original.set(node, placed);
    const reach = late.get(node);
    if (reach !== undefined) waiting.set(placed, reach);
    else add(placed, s);
  }
  for (const register of registers.values()) {
    const [next, enable] = [original.get(register.next!)!, register.enable && original.get(register.enable)!];
    const s = Math.max(at(register.next!), register.enable ? at(register.enable) : 0);
    register.next = seen(next, s);
    register.enable = enable && seen(enable, s);
  }
  const latency = stages + (registers.size > 0 ? 1 : 0);
  const outputs = netlist.outputs.map(o => ({ ...o, node: seen(original.get(o.node)!, latency) }));
  return {
    inputs: netlist.inputs.map(n => original.get(n) ?? n),
    outputs,
    registers: [...registers.values()],
    nodes,
    stageOf,
    stages,
    latency,
    initiation,
    writeStage: new Map(netlist.registers.map(r => [r.name, registerStage(r, stage) + spare])),
    periodNs,
  };
}

/**
 * Slices and inversions that are better done behind pipeline registers, and the last stage in which each may be done:
 * as long as the value crosses the registers itself, or where its slices together are most of it. One register of the
 * whole reads better than one for each piece.
 */
function lateSlices(netlist: Netlist, at: (n: Node) => number): Map<Node, number> {
  const isSlice = (n: Node): boolean =>
    n.region === null && (n.op === 'bits' || n.op === 'not') && n.args[0]!.op !== 'const';
  const used = new Map<Node, number>();
  const use = (n: Node, stage: number): void => {
    used.set(n, Math.max(used.get(n) ?? 0, stage));
  };
  const last = Math.max(...netlist.outputs.map(o => at(o.node)));
  for (const { node } of netlist.outputs) use(node, last);
  for (const node of netlist.nodes) if (!isSlice(node)) for (const arg of node.args) use(arg, at(node));
  for (const { next, enable } of netlist.registers) {
    const stage = Math.max(at(next!), enable ? at(enable) : 0);
    for (const n of [next, enable]) if (n) use(n, stage);
  }
  const slices = netlist.nodes.filter(n => isSlice(n) && (used.get(n) ?? 0) > at(n) && !isSlice(n.args[0]!));
  const late = new Map<Node, number>();
  for (const node of slices) {
    const [arg] = node.args as [Node];
    const siblings = slices.filter(n => n.args[0] === arg);
    const isMost = 4 * siblings.reduce((bits, n) => bits + n.width, 0) >= 3 * arg.width;
    const reach = Math.max(used.get(arg) ?? 0, ...(isMost ? siblings.map(n => used.get(n)!) : []));
    if (reach > at(node)) late.set(node, reach);
  }
  return late;
}

function base(
  node: Node,
): Pick<
  Node,
  'id' | 'args' | 'min' | 'max' | 'width' | 'signed' | 'lanes' | 'region' | 'section' | 'name' | 'at'
> {
  const { id, args, min, max, width, signed, lanes, region, section, name, at } = node;
  return { id, args, min, max, width, signed, lanes, region, section, name, at };
}
