import { type Netlist, reachable } from './module.ts';
import { type Node, type Register, widthOf } from './node.ts';
import type { Delays } from './timing.ts';

/** Bits of an amount that one step shifts by. */
const STEP = 2;

/**
 * Builds operators that are long so that a pipeline is fast; the value stays the same.
 *
 * - A shift by a signal becomes several, by two bits of the amount each, between which registers may stand.
 * - An adder between a register and its next value must be done in one clock. Where the carry chain of the family is slow, its
 *   upper half is there twice, for both carries out of the lower half, which then chooses (carry select).
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
    const isSlow = isInLoop.has(node) && isLongAdder(copy, delays);
    refined.set(node, isLongShift(copy) ? steps(copy, add) : isSlow ? carrySelect(copy, add) : add(copy));
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

/** Whether half of the carries take longer than the tables that choose between two upper halves. */
function isLongAdder(node: Node, { carry, lut }: Delays): boolean {
  const isAdder = (node.op === 'add' || node.op === 'sub') && node.lanes === 0;
  return isAdder && (node.width / 2) * carry > 2 * lut;
}

/** The sum with its upper half computed for both carries. */
function carrySelect(node: Node, add: (node: Node) => Node): Node {
  const { width, region, section, at } = node;
  const half = Math.ceil(width / 2);
  const rest = width - half;
  const shape = { id: 0, region, section, at, lanes: 0, signed: false, name: undefined, min: 0n };
  const make = (operation: object, args: readonly Node[], bits: number, name?: string): Node =>
    add({
      ...shape,
      ...operation,
      args,
      width: bits,
      max: (1n << BigInt(bits)) - 1n,
      name: name && `${node.name ?? 'sum'}_${name}`,
    } as Node);
  const one = add({ ...shape, op: 'const', value: 1n, args: [], width: 1, max: 1n, region: null } as Node);
  // x − y = x + ~y + 1
  const isSub = node.op === 'sub';
  const [x, y] = node.args.map((arg, i) => {
    const whole = make({ op: 'wrap' }, [arg], width);
    return isSub && i === 1 ? make({ op: 'not' }, [whole], width) : whole;
  }) as [Node, Node];
  const lowOf = (n: Node): Node => make({ op: 'bits', low: 0 }, [n], half);
  const highOf = (n: Node): Node => make({ op: 'bits', low: half }, [n], rest);
  // The 1 below both operands is a carry into the sum; a third operand would end the chain.
  const sumOf = (p: Node, q: Node, bits: number, hasCarry: boolean, name: string): Node => {
    const below = (n: Node): Node => (hasCarry ? make({ op: 'concat' }, [n, one], n.width + 1) : n);
    const total = make({ op: 'add' }, [below(p), below(q)], p.width + (hasCarry ? 2 : 1));
    return make({ op: 'bits', low: hasCarry ? 1 : 0 }, [total], bits, name);
  };
  const low = sumOf(lowOf(x), lowOf(y), half + 1, isSub, 'low');
  const [high0, high1] = [false, true].map(c =>
    sumOf(highOf(x), highOf(y), rest, c, c ? 'high_1' : 'high_0'),
  ) as [Node, Node];
  const carry = make({ op: 'bits', low: half }, [low], 1, 'carry');
  // Gates and not a multiplexer: of two adders behind a multiplexer, synthesis makes one, which waits for the carry.
  const mask = (bit: Node): Node => make({ op: 'concat' }, new Array<Node>(rest).fill(bit), rest);
  const with1 = make({ op: 'and' }, [high1, mask(carry)], rest);
  const with0 = make({ op: 'and' }, [high0, mask(make({ op: 'not' }, [carry], 1))], rest);
  const high = make({ op: 'or' }, [with1, with0], rest, 'high');
  const joined = make({ op: 'concat' }, [high, make({ op: 'bits', low: 0 }, [low], half)], width);
  return add({ ...node, op: 'wrap', args: [joined] } as Node);
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
