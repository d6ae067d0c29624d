/**
 * Faults at the level of words: changes of the operators, constants, lanes, tables and registers of our own netlist, as a slip
 * of the pen in a datapath would make them.
 */
import type { Netlist } from '../generators/hdl/module.ts';
import type { Node, Operation, Register } from '../generators/hdl/node.ts';
import { Random } from '../sim/random.ts';

/** Makes nodes of a mutated netlist; the range decides the width where no shape is given. */
export type Make = (
  operation: Operation,
  args: readonly Node[],
  range: { readonly min: bigint; readonly max: bigint },
  shape?: { readonly width?: number; readonly signed?: boolean },
) => Node;

/** One fault: where it sits, what it is, and how the faulty value is computed from the node's arguments. */
export interface Fault {
  readonly node: Node;
  readonly what: string;
  /** The faulty value of the node; `at` is the node with the arguments that it has in the mutated netlist. */
  readonly value?: (at: Node, make: Make) => Node;
  /** The fault is one of the register of the node. */
  readonly register?: 'always enabled' | 'starts from another value';
}

const ones = (width: number): bigint => (1n << BigInt(width)) - 1n;
const BIT = { min: 0n, max: 1n } as const;

/** The range of all values of so many bits. */
export function fullRange(width: number, signed: boolean): { min: bigint; max: bigint } {
  return signed ? { min: -(1n << BigInt(width - 1)), max: ones(width - 1) } : { min: 0n, max: ones(width) };
}

/** The faults of a node that change its operator. Faults that could not show by the ranges alone are left out. */
function operatorFaults(node: Node): Omit<Fault, 'node'>[] {
  const [a, b, c] = node.args as [Node, Node, Node];
  /** The same node with another operator, or other arguments, in the same bits. */
  const as = (what: string, operation: Operation, args = (n: Node): readonly Node[] => n.args) => ({
    what,
    value: (at: Node, make: Make) => make(operation, args(at), at, at),
  });
  const swapped = (at: Node): readonly Node[] => [at.args[1]!, at.args[0]!];
  switch (node.op) {
    case 'add':
      return [as('add → sub', { op: 'sub' })];
    case 'sub':
      return [as('sub → add', { op: 'add' }), as('a − b → b − a', { op: 'sub' }, swapped)];
    case 'mul':
      return [as('mul → add', { op: 'add' })];
    case 'and':
    case 'or':
    case 'xor':
      return (['and', 'or', 'xor'] as const)
        .filter(op => op !== node.op)
        .map(op => as(`${node.op} → ${op}`, { op }));
    case 'eq':
      return [
        {
          what: '= → ≠',
          value: (at, make) => make({ op: 'not' }, [make({ op: 'eq' }, at.args, BIT)], BIT),
        },
        as('= → <', { op: 'lt' }),
      ];
    case 'lt':
      return [
        {
          what: '< → ≤',
          value: (at, make) => make({ op: 'not' }, [make({ op: 'lt' }, swapped(at), BIT)], BIT),
        },
        as('< → >', { op: 'lt' }, swapped),
      ];
    case 'not':
      return [as('not left out', { op: 'wrap' })];
    case 'negateIf':
      return [
        as('never negated', { op: 'wrap' }, at => [at.args[1]!]),
        {
          what: 'negated in the other case',
          value: (at, make) =>
            make({ op: 'negateIf' }, [make({ op: 'not' }, [at.args[0]!], BIT), at.args[1]!], at, at),
        },
      ];
    case 'mux':
      return [
        as('arms swapped', { op: 'mux' }, ({ args: [s, x, y] }) => [s!, y!, x!]),
        as('always the first arm', { op: 'wrap' }, at => [at.args[1]!]),
        as('always the second arm', { op: 'wrap' }, at => [at.args[2]!]),
      ];
    case 'shl':
    case 'shr':
      return shiftFaults(node, b);
    case 'bits':
      return [-1, 1]
        .filter(d => node.low + d >= 0 && node.low + d + node.width <= a.width)
        .map(d => as(`bits from ${node.low} → from ${node.low + d}`, { op: 'bits', low: node.low + d }));
    case 'concat':
      return b && !c && a.width === b.width ? [as('halves swapped', { op: 'concat' }, swapped)] : [];
    case 'any':
    case 'all':
    case 'parity':
      return (['any', 'all', 'parity'] as const)
        .filter(op => op !== node.op && a.width > 1)
        .map(op => as(`${node.op} → ${op}`, { op }));
    case 'lane':
      return node.stride === 2 && node.lanes === 0
        ? [as('the other lane of the pair', { ...node, offset: 1 - node.offset })]
        : [];
    case 'element':
      return a.lanes > 1 ? [as('the next lane', { op: 'element', index: (node.index + 1) % a.lanes })] : [];
    case 'after':
      return [as('before the beat, not after it', { op: 'register', register: node.register })];
    default:
      return [];
  }
}

/** A shift by one more, and by one less. */
function shiftFaults(node: Node, amount: Node): Omit<Fault, 'node'>[] {
  if (node.op !== 'shl' && node.op !== 'shr') return [];
  const { op } = node;
  const by = (d: bigint) => (at: Node, make: Make) => {
    const [x, n] = at.args as [Node, Node];
    const [min, max] = [n.min + d, n.max + d];
    const other =
      n.op === 'const'
        ? make({ op: 'const', value: n.value + d }, [], { min, max })
        : make({ op: d > 0n ? 'add' : 'sub' }, [n, make({ op: 'const', value: 1n }, [], BIT)], {
            min: min < 0n ? 0n : min,
            max,
          });
    if (op === 'shl') return make({ op, within: true }, [x, other], at, at);
    // A slice must lie within what is shifted.
    const least = other.op === 'const' ? Number(other.value) : 0;
    const width = Math.max(1, Math.min(at.width, x.width - least));
    return make({ op }, [x, other], fullRange(width, x.signed), { width, signed: x.signed });
  };
  const isLess = amount.op !== 'const' || amount.value > 0n;
  return [
    { what: `${op} by one more`, value: by(1n) },
    ...(isLess && amount.max > 0n ? [{ what: `${op} by one less`, value: by(-1n) }] : []),
  ];
}

/** Operators whose arguments are numbers, not bits. */
const NUMERIC = new Set(['add', 'sub', 'mul', 'lt', 'eq']);

/** The faults of a node's arguments: constants by one, or with a bit inverted; numbers read with the other sign. */
function argumentFaults(node: Node, random: Random): Omit<Fault, 'node'>[] {
  const faults: Omit<Fault, 'node'>[] = [];
  const isShift = node.op === 'shl' || node.op === 'shr';
  node.args.forEach((arg, i) => {
    const withArgument = (what: string, change: (arg: Node, make: Make) => Node): void => {
      faults.push({
        what,
        value: (at, make) =>
          make(
            at,
            at.args.map((a, k) => (k === i ? change(a, make) : a)),
            at,
            at,
          ),
      });
    };
    if (arg.op === 'const' && !isShift && node.op !== 'table' && node.op !== 'concat' && arg.lanes === 0) {
      const { value } = arg;
      const flipped = value ^ (1n << BigInt(random.below(arg.width)));
      const others = new Map([
        [value + 1n, '+ 1'],
        [value - 1n, '− 1'],
        [flipped, 'with a bit inverted'],
      ]);
      for (const [other, what] of others) {
        if (other < 0n && !arg.signed && value >= 0n && !NUMERIC.has(node.op)) continue;
        withArgument(`constant ${value} ${what}`, (_, make) =>
          make({ op: 'const', value: other }, [], { min: other, max: other }),
        );
      }
    } else if (
      NUMERIC.has(node.op) &&
      node.op !== 'eq' &&
      arg.width > 1 &&
      arg.lanes === 0 &&
      arg.op !== 'const'
    ) {
      withArgument(`argument ${i + 1} read as ${arg.signed ? 'unsigned' : 'signed'}`, (a, make) =>
        make({ op: 'wrap' }, [a], fullRange(a.width, !a.signed), { width: a.width, signed: !a.signed }),
      );
    }
  });
  return faults;
}

function tableFaults(node: Node, random: Random): Omit<Fault, 'node'>[] {
  if (node.op !== 'table') return [];
  const { table } = node;
  return Array.from({ length: 4 }, () => {
    const index = random.below(table.values.length);
    const bit = 1n << BigInt(random.below(node.width));
    return {
      what: `table ${table.name}: entry ${index} with a bit inverted`,
      value: (at: Node, make: Make) => {
        const values = table.values.map((v, i) => (i === index ? flip(v, bit, at) : v));
        const other = { ...table, name: `${table.name}_faulty`, values };
        return make({ op: 'table', table: other }, at.args, at, at);
      },
    };
  });
}

/** A value with one of its bits inverted, read with the node's sign. */
function flip(value: bigint, bit: bigint, { width, signed }: Node): bigint {
  return signed ? BigInt.asIntN(width, value ^ bit) : BigInt.asUintN(width, value ^ bit);
}

function registerFaults(node: Node): Omit<Fault, 'node'>[] {
  if (node.op !== 'register' && node.op !== 'after') return [];
  return [
    ...(node.register.enable ? [{ what: 'enable ignored', register: 'always enabled' } as const] : []),
    { what: 'starts from another value', register: 'starts from another value' },
  ];
}

/** All faults of a netlist, in the order of its nodes. The seed chooses bits and table entries. */
export function operatorFaultsOf(netlist: Netlist, seed: number): Fault[] {
  const random = new Random(seed);
  const registers = new Set<Register>();
  return netlist.nodes.flatMap(node => {
    if (node.lanes > 0) return [];
    const faults = [...operatorFaults(node), ...argumentFaults(node, random), ...tableFaults(node, random)];
    if ((node.op === 'register' || node.op === 'after') && !registers.has(node.register)) {
      registers.add(node.register);
      faults.push(...registerFaults(node));
    }
    return faults.map(fault => ({ node, ...fault }));
  });
}

/** So many of a list, chosen by the seed, in their order. */
export function sample<T>(list: readonly T[], count: number, seed: number): T[] {
  const random = new Random(seed);
  const indices = list.map((_, i) => i);
  for (let i = indices.length - 1; i > 0; i--) {
    const k = random.below(i + 1);
    [indices[i], indices[k]] = [indices[k]!, indices[i]!];
  }
  return indices
    .slice(0, count)
    .sort((a, b) => a - b)
    .map(i => list[i]!);
}

/** Where a fault is and what it is: `generators/blocks/fixed.ts:40:9 rounded: add → sub`. */
export function describeFault({ node, what }: Fault): string {
  const name = node.name ?? node.op;
  return `${node.at ? `${node.at} ` : ''}${name}: ${what}`;
}
