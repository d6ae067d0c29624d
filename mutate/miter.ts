/** Two netlists beside each other, and one bit that is 1 where they differ: what a proof of equivalence is about. */
import type { Bit, Gate, GateNetlist } from '../generators/netlist/gates.ts';

/** A literal: twice the number of a node, and one more where it is inverted. 0 is false, 1 true. */
type Literal = number;
const FALSE: Literal = 0;
const TRUE: Literal = 1;
const not = (a: Literal): Literal => a ^ 1;

/** And-inverter graph; equal nodes are one, and constants fold. */
class Graph {
  /** For each node its two arguments; inputs have none. */
  readonly args: (readonly [Literal, Literal] | undefined)[] = [undefined];
  private readonly known = new Map<number, Literal>();

  input(): Literal {
    this.args.push(undefined);
    return 2 * (this.args.length - 1);
  }

  and(x: Literal, y: Literal): Literal {
    const [a, b] = x < y ? [x, y] : [y, x];
    if (a === FALSE || a === not(b)) return FALSE;
    if (a === TRUE || a === b) return b;
    const key = a * 2 ** 26 + b;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    this.args.push([a, b]);
    const made = 2 * (this.args.length - 1);
    this.known.set(key, made);
    return made;
  }

  or(a: Literal, b: Literal): Literal {
    return not(this.and(not(a), not(b)));
  }

  mux(s: Literal, one: Literal, zero: Literal): Literal {
    return one === zero ? one : this.or(this.and(s, one), this.and(not(s), zero));
  }

  xor(a: Literal, b: Literal): Literal {
    return this.mux(a, not(b), b);
  }

  gate({ type }: Gate, [a, b, s]: readonly Literal[]): Literal {
    const [x, y] = [a!, b!];
    switch (type) {
      case '$_BUF_':
        return x;
      case '$_NOT_':
        return not(x);
      case '$_AND_':
        return this.and(x, y);
      case '$_NAND_':
        return not(this.and(x, y));
      case '$_OR_':
        return this.or(x, y);
      case '$_NOR_':
        return not(this.or(x, y));
      case '$_XOR_':
        return this.xor(x, y);
      case '$_XNOR_':
        return not(this.xor(x, y));
      case '$_ANDNOT_':
        return this.and(x, not(y));
      case '$_ORNOT_':
        return this.or(x, not(y));
      case '$_MUX_':
        return this.mux(s!, y, x);
      case '$_NMUX_':
        return not(this.mux(s!, y, x));
      default:
        throw new Error(`a gate of type ${type} has no meaning here`);
    }
  }
}

/**
 * How the flip-flops are taken: each as an input and an output of the logic, so that any state counts; or only states that come, from
 * reset on. In both, the netlists are equal where no state makes them answer differently or go to different states: then they
 * are in the same state always, and one set of flip-flops stands for both.
 */
export type View = 'cut' | 'from reset';

export interface Miter {
  /** The netlists are the same, node by node: nothing is left to prove. */
  readonly isSame: boolean;
  /** The miter as BLIF, with one output. */
  readonly blif: string;
  /** Nodes of both netlists together. */
  readonly nodes: number;
}

export interface Choice {
  /** The port that chooses the fault, and the fault. */
  readonly select: string;
  readonly value: number;
  /** The port that resets the flip-flops, where there are any. */
  readonly reset: string | undefined;
  /**
   * How many gates deep what both sides share is looked at, from where they part; what is deeper counts as an input. From reset, that
   * is asked only of what depends on no flip-flop. Equality of that holds the more for the whole; a difference says nothing.
   */
  readonly depth?: number;
}

/**
 * The netlist with the value 0 of the port `select`, against it with another value. `startsOpen`: a view from reset begins with
 * flip-flops that hold anything and one cycle of reset, and not with what that leaves; asked for where it leaves something open.
 */
export function miterOf(netlist: GateNetlist, choice: Choice, view: View, startsOpen = false): Miter {
  const graph = new Graph();
  const names = new Map<Literal, string>();
  const input = (name: string): Literal => {
    const literal = graph.input();
    names.set(literal, name);
    return literal;
  };
  const isCut = view === 'cut';
  const started = startsOpen ? graph.input() : TRUE;
  const inputs = new Map<number, Literal>();
  let reset = FALSE;
  for (const [port, bits] of Object.entries(netlist.inputs)) {
    if (port === choice.select) continue;
    for (const [i, bit] of bits.entries()) {
      if (typeof bit !== 'number') continue;
      const given = input(`${port}[${i}]`);
      if (port === choice.reset) reset = given;
      inputs.set(bit, port === choice.reset ? graph.or(given, not(started)) : given);
    }
  }
  const q = netlist.flipFlops.map((_, i) => (isCut ? input(`state[${i}]`) : graph.input()));
  const state = q.map((held, i) => (startsOpen ? graph.mux(started, held, input(`before[${i}]`)) : held));
  const side = (value: number): Side => {
    const open = sideOf(graph, netlist, choice.select, value, inputs, state);
    // A flip-flop that takes a constant holds it since the reset: such as bits of the choice that wait for a stage.
    const held = open.next.map((d, i) => (d === TRUE || d === FALSE ? d : state[i]!));
    return sideOf(graph, netlist, choice.select, value, inputs, held);
  };
  const [right, faulty] = [side(0), side(choice.value)];
  const isFixed = (bit: Literal): boolean => bit === TRUE || bit === FALSE;
  const moving = [...q.keys()].filter(i => !isFixed(right.next[i]!) || !isFixed(faulty.next[i]!));
  const next = moving.map(i => graph.xor(right.next[i]!, faulty.next[i]!));
  const answers = right.outputs.map((bit, i) => graph.xor(bit, faulty.outputs[i]!));
  // Before the reset no answer counts, but what the reset leaves does.
  const differs = graph.or(graph.and(started, disjunction(graph, answers)), disjunction(graph, next));
  const latches: Latch[] = [];
  if (!isCut) {
    const left = [right, faulty].map(side =>
      afterReset(
        graph,
        moving.map(i => side.next[i]!),
        reset,
      ),
    );
    // What one side leaves open at the reset, or leaves otherwise than the other, is looked at from before the reset.
    if (!startsOpen && (!left[0] || left[0].join() !== left[1]?.join()))
      return miterOf(netlist, choice, view, true);
    for (const [at, i] of moving.entries())
      latches.push({ q: q[i]!, d: right.next[i]!, init: startsOpen ? 0 : left[0]![at]! });
    if (startsOpen) latches.push({ q: started, d: TRUE, init: 0 });
  }
  const shared = bothOf(graph, [right, faulty]);
  return {
    isSame: differs === FALSE,
    blif: blifOf(graph, differs, names, latches, window(graph, differs, shared, latches, choice.depth)),
    nodes: graph.args.length,
  };
}

/**
 * A netlist without flip-flops, beside itself with each of these values of the port `select`: for the same other inputs, and with
 * one output `differs`, which has a bit for each value. What the values have in common is there once.
 */
export function comparisonOf(netlist: GateNetlist, select: string, values: readonly number[]): GateNetlist {
  if (netlist.flipFlops.length > 0) throw new Error('only netlists without flip-flops are compared so');
  const graph = new Graph();
  const { [select]: _, ...inputs } = netlist.inputs;
  const nets = new Map<number, Literal>();
  for (const bit of Object.values(inputs).flat()) if (typeof bit === 'number') nets.set(bit, graph.input());
  const side = (value: number): Side => sideOf(graph, netlist, select, value, nets, []);
  const right = side(0);
  const differs = values.map(value => {
    const faulty = side(value);
    const answers = right.outputs.map((bit, i) => graph.xor(bit, faulty.outputs[i]!));
    return disjunction(graph, answers);
  });
  const netOf = (bit: Bit): Bit => (typeof bit === 'number' ? nets.get(bit)! >> 1 : bit);
  return {
    inputs: Object.fromEntries(Object.entries(inputs).map(([name, bits]) => [name, bits.map(netOf)])),
    ...gatesOf(graph, differs),
    flipFlops: [],
  };
}

/** The nodes that the outputs need, as gates; the net of a node is its number. */
function gatesOf(graph: Graph, outputs: readonly Literal[]): Pick<GateNetlist, 'gates' | 'outputs'> {
  const needed = new Set(outputs.map(literal => literal >> 1));
  const gates: Gate[] = [];
  for (let node = graph.args.length - 1; node > 0; node--) {
    const args = graph.args[node];
    if (!args || !needed.has(node)) continue;
    const gate = choiceOf(graph, node) ?? productOf(args);
    for (const net of gate.inputs) needed.add(net);
    gates.push({ ...gate, output: node });
  }
  gates.reverse();
  let last = graph.args.length;
  const differs = outputs.map((literal): Bit => {
    if (literal === FALSE || literal === TRUE) return literal === TRUE ? '1' : '0';
    if ((literal & 1) === 0) return literal >> 1;
    gates.push({ type: '$_NOT_', inputs: [literal >> 1], output: last });
    return last++;
  });
  return { gates, outputs: { differs } };
}

interface Made {
  readonly type: string;
  readonly inputs: readonly number[];
}

function productOf([x, y]: readonly [Literal, Literal]): Made {
  // The inverted argument is the second one.
  const [a, b] = x & 1 ? [y, x] : [x, y];
  const type = a & 1 ? '$_NOR_' : b & 1 ? '$_ANDNOT_' : '$_AND_';
  return { type, inputs: [a >> 1, b >> 1] };
}

/** A node that is neither `s·a` nor `s̄·b` is an exclusive or, or chooses by `s`: one gate in place of three. */
function choiceOf(graph: Graph, node: number): Made | undefined {
  const [u, v] = graph.args[node]!.map(x => (x & 1 ? graph.args[x >> 1] : undefined));
  if (!u || !v) return undefined;
  for (const [s, a] of [u, [u[1], u[0]]] as const)
    for (const [t, b] of [v, [v[1], v[0]]] as const) {
      if (s !== not(t)) continue;
      const nets = [a >> 1, b >> 1, s >> 1];
      if (a === not(b)) return { type: (s ^ a) & 1 ? '$_XNOR_' : '$_XOR_', inputs: [nets[2]!, nets[0]!] };
      if ((a & 1) !== (b & 1)) continue;
      // Pins A where the choice is 0, B where it is 1.
      const inputs = s & 1 ? nets : [nets[1]!, nets[0]!, nets[2]!];
      return { type: a & 1 ? '$_MUX_' : '$_NMUX_', inputs };
    }
  return undefined;
}

interface Side {
  readonly outputs: readonly Literal[];
  readonly next: readonly Literal[];
}

function sideOf(
  graph: Graph,
  netlist: GateNetlist,
  select: string,
  value: number,
  inputs: ReadonlyMap<number, Literal>,
  state: readonly Literal[],
): Side {
  const nets = new Map<number, Literal>(inputs);
  (netlist.inputs[select] ?? []).forEach((bit, i) => {
    if (typeof bit === 'number') nets.set(bit, (value >>> i) & 1 ? TRUE : FALSE);
  });
  netlist.flipFlops.forEach(({ q }, i) => {
    nets.set(q, state[i]!);
  });
  // A net that nothing drives counts as 0, as it does where the netlist runs.
  const literal = (bit: Bit): Literal =>
    bit === '0' ? FALSE : bit === '1' ? TRUE : (nets.get(bit) ?? FALSE);
  for (const gate of netlist.gates) nets.set(gate.output, graph.gate(gate, gate.inputs.map(literal)));
  return {
    outputs: Object.values(netlist.outputs).flat().map(literal),
    next: netlist.flipFlops.map(({ d }) => literal(d)),
  };
}

function disjunction(graph: Graph, literals: readonly Literal[]): Literal {
  if (literals.length === 0) return FALSE;
  let level = [...literals];
  while (level.length > 1) {
    const next: Literal[] = [];
    for (let i = 0; i < level.length; i += 2)
      next.push(i + 1 < level.length ? graph.or(level[i]!, level[i + 1]!) : level[i]!);
    level = next;
  }
  return level[0]!;
}

/** What one clock edge with the reset leaves, whatever was before and whatever the inputs are; undefined where that is open. */
function afterReset(graph: Graph, next: readonly Literal[], reset: Literal): readonly (0 | 1)[] | undefined {
  const OPEN = 2;
  const values = new Uint8Array(graph.args.length).fill(OPEN);
  values[0] = 0;
  if (reset !== FALSE) values[reset >> 1] = 1;
  const of = (a: Literal): number => {
    const value = values[a >> 1]!;
    return value === OPEN ? OPEN : value ^ (a & 1);
  };
  graph.args.forEach((args, node) => {
    if (!args) return;
    const [a, b] = [of(args[0]), of(args[1])];
    values[node] = a === 0 || b === 0 ? 0 : a === 1 && b === 1 ? 1 : OPEN;
  });
  const decided = next.map(of);
  return decided.includes(OPEN) ? undefined : (decided as (0 | 1)[]);
}

interface Latch {
  readonly q: Literal;
  readonly d: Literal;
  readonly init: 0 | 1;
}

/** The nodes that both sides have. */
function bothOf(graph: Graph, sides: readonly Side[]): (node: number) => boolean {
  const [right, faulty] = sides.map(s => coneOf(graph, [...s.outputs, ...s.next]));
  return node => right![node] === 1 && faulty![node] === 1;
}

/**
 * The nodes that count as inputs: those that both sides share and that lie deeper than so many gates below where they part, or where
 * there are latches, below what depends on these.
 */
function window(
  graph: Graph,
  differs: Literal,
  isShared: (node: number) => boolean,
  latches: readonly Latch[],
  depth = Number.POSITIVE_INFINITY,
): ReadonlySet<number> {
  if (depth === Number.POSITIVE_INFINITY) return new Set();
  const moves = movingWith(graph, latches);
  const cut = new Set<number>();
  const roots = [differs, ...latches.map(l => l.d)].map(literal => literal >> 1);
  const distance = new Map<number, number>(roots.map(node => [node, 0]));
  // Arguments have lower numbers than who reads them.
  for (let node = Math.max(...roots); node > 0; node--) {
    const at = distance.get(node);
    if (at === undefined) continue;
    if (at > depth) {
      cut.add(node);
      continue;
    }
    for (const arg of graph.args[node] ?? []) {
      const below = arg >> 1;
      const next = isShared(below) && !moves[below] ? at + 1 : 0;
      distance.set(below, Math.min(next, distance.get(below) ?? next));
    }
  }
  return cut;
}

/** Which nodes depend on a latch. */
function movingWith(graph: Graph, latches: readonly Latch[]): Uint8Array {
  const moves = new Uint8Array(graph.args.length);
  for (const { q } of latches) moves[q >> 1] = 1;
  graph.args.forEach((args, node) => {
    if (args && (moves[args[0] >> 1] || moves[args[1] >> 1])) moves[node] = 1;
  });
  return moves;
}

/** Which nodes these literals depend on. */
function coneOf(graph: Graph, literals: readonly Literal[]): Uint8Array {
  const marked = new Uint8Array(graph.args.length);
  for (const literal of literals) marked[literal >> 1] = 1;
  for (let node = marked.length - 1; node > 0; node--)
    if (marked[node]) for (const arg of graph.args[node] ?? []) marked[arg >> 1] = 1;
  return marked;
}

/** The nodes that the output needs, with the latches among them; those that are cut stand as inputs. */
function blifOf(
  graph: Graph,
  output: Literal,
  names: ReadonlyMap<Literal, string>,
  latches: readonly Latch[],
  cut: ReadonlySet<number>,
): string {
  const argsOf = (node: number): readonly Literal[] | undefined =>
    cut.has(node) ? undefined : graph.args[node];
  const latchOf = new Map(latches.map(l => [l.q >> 1, l]));
  const needed = new Set<number>();
  const stack = [output >> 1];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (needed.has(node)) continue;
    needed.add(node);
    const latch = latchOf.get(node);
    if (latch) stack.push(latch.d >> 1);
    for (const arg of argsOf(node) ?? []) stack.push(arg >> 1);
  }
  const wire = (node: number): string => names.get(2 * node) ?? `n${node}`;
  const bit = (a: Literal): string => (a & 1 ? '0' : '1');
  const buffer = (a: Literal, to: string): string =>
    a >> 1 === 0 ? `.names ${to}\n${a === TRUE ? '1\n' : ''}` : `.names ${wire(a >> 1)} ${to}\n${bit(a)} 1\n`;
  const nodes = [...needed].sort((a, b) => a - b);
  const inputs = nodes.filter(n => n !== 0 && !argsOf(n) && !latchOf.has(n)).map(wire);
  const lines = ['.model miter\n', `.inputs ${inputs.join(' ')}\n`, '.outputs differs\n'];
  for (const node of nodes) {
    const latch = latchOf.get(node);
    if (latch) lines.push(`.latch d${node} ${wire(node)} ${latch.init}\n`, buffer(latch.d, `d${node}`));
    const [a, b] = argsOf(node) ?? [];
    if (a !== undefined && b !== undefined)
      lines.push(`.names ${wire(a >> 1)} ${wire(b >> 1)} n${node}\n${bit(a)}${bit(b)} 1\n`);
  }
  lines.push(buffer(output, 'differs'), '.end\n');
  return lines.join('');
}
