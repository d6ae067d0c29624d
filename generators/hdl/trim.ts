import { evaluate } from './evaluate.ts';
import { type Netlist, reachable } from './module.ts';
import type { Node, Register } from './node.ts';

/** Operators whose low bits depend on the low bits of their arguments only. */
function isModular(node: Node): boolean {
  switch (node.op) {
    case 'add':
    case 'sub':
    case 'mul':
    case 'and':
    case 'or':
    case 'xor':
    case 'not':
    case 'negateIf':
    case 'mux':
    case 'wrap':
    case 'narrow':
      return node.lanes === 0;
    case 'shl':
      return node.within;
    default:
      return false;
  }
}

/** Low bits of an argument that a node of so many bits reads; undefined for all of them. */
function demanded(node: Node, width: number, index: number): number | undefined {
  switch (node.op) {
    case 'bits':
      return node.low + width;
    case 'mux':
    case 'negateIf':
      return index === 0 ? undefined : width;
    case 'shl':
      return index === 0 && node.within ? width : undefined;
    default:
      return isModular(node) ? width : undefined;
  }
}

/**
 * Makes each value only as wide as it is read: an adder whose top bits nobody uses is built without them, and a claim
 * that a result is small (`narrow`) reaches the operator that computes it. The values then are equal modulo their
 * width, which is all that the readers see; so this is for the emitted netlist, not for the interpreter.
 *
 * A mask whose low bits are zero becomes the constant 0, and with it may go what fed it, and what compares it: so until
 * nothing changes.
 */
export function trim(netlist: Netlist): Netlist {
  const need = new Map<Node, number>();
  const ask = (node: Node, bits: number): void => {
    need.set(node, Math.max(need.get(node) ?? 0, Math.min(bits, node.width)));
  };
  for (const { node } of netlist.outputs) ask(node, node.width);
  for (const r of netlist.registers) {
    ask(r.next!, r.next!.width);
    if (r.enable) ask(r.enable, 1);
  }
  for (const node of [...netlist.nodes].reverse()) {
    const width = isModular(node) ? (need.get(node) ?? node.width) : node.width;
    node.args.forEach((arg, i) => {
      ask(arg, demanded(node, width, i) ?? arg.width);
    });
  }

  const trimmed = new Map<Node, Node>();
  const registers = new Map<Register, Register>(netlist.registers.map(r => [r, { ...r }]));
  const nodes: Node[] = [];
  const known = new Set<Node>();
  const uses = countUses(netlist);
  let settled = false;
  for (const node of netlist.nodes) {
    const args = node.args.map(a => trimmed.get(a)!);
    const width = need.get(node) ?? node.width;
    const isNarrower = isModular(node) && width < node.width;
    const size = isNarrower ? { width, signed: false, min: 0n, max: (1n << BigInt(width)) - 1n } : {};
    const copy = { ...node, ...size, args } as Node;
    const state =
      copy.op === 'register' || copy.op === 'after'
        ? { ...copy, register: registers.get(copy.register)! }
        : copy;
    const constant = knownValue(state);
    settled ||= constant !== undefined;
    const result = constant ?? passThrough(withoutNeutral(asSlice(state)), uses.get(node.args[0]!) === 1);
    trimmed.set(node, result);
    if (!known.has(result)) nodes.push(result);
    known.add(result);
  }
  for (const r of registers.values()) {
    r.next = trimmed.get(r.next!)!;
    r.enable = r.enable && trimmed.get(r.enable)!;
  }
  const outputs = netlist.outputs.map(o => ({ ...o, node: trimmed.get(o.node)! }));
  // Registers stay even where nothing reads them any more: ports and latency were promised with them.
  const states = nodes.filter(n => n.op === 'register' || n.op === 'after');
  const ends = [...outputs.map(o => o.node), ...states];
  const live = settled ? reachable(ends) : undefined;
  const rest = {
    inputs: netlist.inputs.map(n => trimmed.get(n) ?? n),
    outputs,
    registers: [...registers.values()],
    nodes: nodes.filter(n => live?.has(n) ?? true),
  };
  return settled ? trim(rest) : rest;
}

/** The constant that a node is, now that its arguments are narrower; undefined where it is none. */
function knownValue(node: Node): Node | undefined {
  if (node.op === 'const' || node.lanes > 0 || node.args.length === 0) return undefined;
  const value = settledValue(node);
  if (value === undefined) return undefined;
  const own = node.signed ? BigInt.asIntN(node.width, value) : BigInt.asUintN(node.width, value);
  const { id, width, signed, section, at } = node;
  const shape = {
    id,
    args: [],
    min: own,
    max: own,
    width,
    signed,
    lanes: 0,
    region: null,
    section,
    name: undefined,
    at,
  };
  return { ...shape, op: 'const', value: own };
}

function settledValue(node: Node): bigint | undefined {
  const [a, b] = node.args as [Node, Node];
  const values = node.args.flatMap(n => (n.op === 'const' ? [n.value] : []));
  if (values.length === node.args.length && node.op !== 'instance') return evaluate(node, values);
  switch (node.op) {
    case 'and':
      return isZero(a, node.width) || isZero(b, node.width) ? 0n : undefined;
    case 'lt':
      if (a.max < b.min) return 1n;
      return a.min >= b.max ? 0n : undefined;
    case 'eq':
      return a.max < b.min || b.max < a.min ? 0n : undefined;
    case 'any':
      return joinsOne(a) ? 1n : undefined;
    case 'all':
      return joinsZero(a) ? 0n : undefined;
    case 'shr':
      return b.op === 'const' && !a.signed && b.value >= BigInt(a.width) ? 0n : undefined;
    default:
      return undefined;
  }
}

/** Whether a constant among joined bits is not zero. */
function joinsOne({ op, args }: Node): boolean {
  return op === 'concat' && args.some(n => n.op === 'const' && n.value !== 0n);
}

/** Whether a constant among joined bits has a zero. */
function joinsZero({ op, args }: Node): boolean {
  return op === 'concat' && args.some(n => n.op === 'const' && BigInt.asIntN(n.width, n.value) !== -1n);
}

const isZero = (node: Node, width: number): boolean =>
  node.op === 'const' && BigInt.asUintN(width, node.value) === 0n;

const isOnes = (constant: Node, { width, lanes }: Node): boolean =>
  lanes === 0 && constant.op === 'const' && BigInt.asIntN(width, constant.value) === -1n;

/** A shift right by what has become a constant has no more bits than are left: by a signal, it is as wide as what is shifted. */
function asSlice(node: Node): Node {
  const [a, b] = node.args as [Node, Node];
  if (node.op !== 'shr' || b.op !== 'const' || node.lanes > 0) return node;
  const width = Math.max(1, a.width - Number(b.value));
  if (width >= node.width) return node;
  const half = 1n << BigInt(width - 1);
  const [min, max] = a.signed ? [-half, half - 1n] : [0n, 2n * half - 1n];
  return { ...node, width, signed: a.signed, min, max };
}

/** A constant whose low bits are zero adds nothing, nor does it shift; one of all ones masks nothing. */
function withoutNeutral(node: Node): Node {
  const [a, b] = node.args as [Node, Node];
  const asWrap = (rest: Node): Node => ({ ...node, op: 'wrap', args: [rest] }) as Node;
  switch (node.op) {
    case 'add':
      return isZero(b, node.width) ? asWrap(a) : isZero(a, node.width) ? asWrap(b) : node;
    case 'sub':
      return isZero(b, node.width) ? asWrap(a) : node;
    case 'and':
      return isOnes(b, node) ? asWrap(a) : isOnes(a, node) ? asWrap(b) : node;
    case 'shl':
    case 'shr':
      return isZero(b, b.width) ? asWrap(a) : node;
    default:
      return node;
  }
}

/** A claim or a cut that now changes nothing gives way to its argument, which takes over its name and its range. */
function passThrough(node: Node, isOnlyReader: boolean): Node {
  if (node.op !== 'narrow' && node.op !== 'wrap') return node;
  const [arg] = node.args as [Node];
  // Joined bits mean the same in either sign; of other operators, only those whose low bits stand for themselves.
  if (arg.width !== node.width || arg.region !== node.region) return node;
  if (!isModular(arg) && arg.op !== 'concat') return node;
  // Other readers know the argument by its own name, and extend it by its own sign.
  if (!isOnlyReader && (arg.name !== undefined || arg.signed !== node.signed)) return node;
  const { min, max, signed, name, at, section } = node;
  return Object.assign(arg, { min, max, signed, name, at, section });
}

function countUses(netlist: Netlist): Map<Node, number> {
  const uses = new Map<Node, number>();
  const count = (node: Node): Map<Node, number> => uses.set(node, (uses.get(node) ?? 0) + 1);
  for (const node of netlist.nodes) node.args.forEach(count);
  for (const r of netlist.registers) for (const n of [r.next!, r.enable]) if (n) count(n);
  for (const { node } of netlist.outputs) count(node);
  return uses;
}
