import { carryRipple, carrySelect, compareInParts, isLongAdder, isLongComparison } from './longAdder.ts';
import { type Netlist, reachable } from './module.ts';
import { type Node, type Register, widthOf } from './node.ts';
import type { Delays } from './timing.ts';

/** Bits of an amount that one step shifts by. */
const STEP = 2;

/** Tables that half of the carries of an adder must be slower than, for it to be divided: with carry select, and without. */
const LUTS_TO_SELECT = 2;
const LUTS_TO_RIPPLE = 3;

/**
 * Builds operators that are long so that a pipeline is fast; the value stays the same.
 *
 * - A shift by a signal becomes several, by two bits of the amount each, between which registers may stand.
 * - Where the carry chain of the family is slow, a long adder becomes two, between which registers may stand.
 * - An adder between a register and its next value must be done in one clock, so there its upper half is
 *   there twice, for both carries out of the lower half, which then chooses (carry select).
 */
export function refine(netlist: Netlist, delays: Delays): Netlist {
  const isInLoop = loopsOf(netlist);
  const nodes: Node[] = [];
  const registers = new Map<Register, Register>(netlist.registers.map(r => [r, { ...r }]));
  const refined = new Map<Node, Node>();
  const add = (node: Node): Node => {
    const own = { ...node, id: nodes.length } as Node;
    nodes.push(own);
    return own;
  };
  for (const node of netlist.nodes) {
    const args = node.args.map(a => refined.get(a)!);
    const register =
      node.op === 'register' || node.op === 'after' ? { register: registers.get(node.register)! } : {};
    const copy = { ...node, ...register, args } as Node;
    refined.set(node, refinedNode(copy, isInLoop.has(node), delays, add));
  }
  for (const r of registers.values()) {
    r.next = refined.get(r.next!)!;
    r.enable = r.enable && refined.get(r.enable)!;
  }
  return {
    inputs: netlist.inputs.map(n => refined.get(n) ?? n),
    outputs: netlist.outputs.map(o => ({ ...o, node: refined.get(o.node)! })),
    registers: [...registers.values()],
    nodes,
  };
}

function refinedNode(node: Node, isInLoop: boolean, delays: Delays, add: (node: Node) => Node): Node {
  if (isLongShift(node)) return steps(node, add);
  if (isInLoop) return isLongAdder(node, delays, LUTS_TO_SELECT) ? carrySelect(node, add) : add(node);
  if (isLongComparison(node, delays, LUTS_TO_RIPPLE)) return compareInParts(node, add);
  return isLongAdder(node, delays, LUTS_TO_RIPPLE) ? carryRipple(node, add) : add(node);
}

/** Nodes between a register and its next value. */
function loopsOf({ nodes, registers }: Netlist): ReadonlySet<Node> {
  const found = new Set<Node>();
  for (const register of registers) {
    const before = reachable([register.next!], false);
    const after = new Set<Node>();
    for (const node of nodes) {
      const isSource = node.op === 'register' && node.register === register;
      if (isSource || node.args.some(a => after.has(a))) after.add(node);
    }
    for (const node of after) if (before.has(node)) found.add(node);
  }
  return found;
}

type Shift = Node & { readonly op: 'shl' | 'shr' };

function isLongShift(node: Node): node is Shift {
  return (
    (node.op === 'shl' || node.op === 'shr') && node.args[1]!.op !== 'const' && node.args[1]!.width > STEP
  );
}

/** The same shift as several, by two bits of the amount each, the highest first. */
function steps(node: Shift, add: (node: Node) => Node): Node {
  const [value, amount] = node.args as [Node, Node];
  const { section, at } = node;
  const unsigned = (bits: number): bigint => (1n << BigInt(bits)) - 1n;
  const plain = { id: 0, section, at, lanes: 0, signed: false, name: undefined, min: 0n };
  let result = value;
  for (let low = STEP * Math.floor((amount.width - 1) / STEP); low >= 0; low -= STEP) {
    const width = Math.min(STEP, amount.width - low);
    const { region } = amount;
    const shape = { ...plain, region, args: [amount], width, max: unsigned(width) };
    let moves = add({ ...shape, op: 'bits', low });
    if (low > 0) {
      const zeros = add({ ...plain, op: 'const', value: 0n, args: [], width: low, max: 0n, region: null });
      const max = unsigned(width) << BigInt(low);
      moves = add({ ...shape, op: 'concat', args: [moves, zeros], width: width + low, max });
    }
    const args = [result, moves];
    if (low === 0) return add({ ...node, args } as Node);
    const [min, max] = rangeAfter(node, value, (amount.max >> BigInt(low)) << BigInt(low));
    const name = node.name && `${node.name}_by_${1 << low}`;
    // Trimming makes constants that are wider than they need be; to the right, a shift is as wide as what it shifts.
    const bits = node.op === 'shr' ? value.width : widthOf(min, max);
    result = add({ ...node, args, min, max, width: bits, signed: min < 0n, name } as Node);
  }
  return result;
}

/** Least and greatest value after a shift by any amount up to `most`. */
function rangeAfter(node: Shift, { min, max }: Node, most: bigint): [bigint, bigint] {
  if (node.op === 'shr') return [min < 0n ? min : 0n, max < 0n ? -1n : max];
  if (node.within) return [0n, (1n << BigInt(node.width)) - 1n];
  return [min < 0n ? min << most : min, max > 0n ? max << most : max];
}
