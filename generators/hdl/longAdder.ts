import { type Node, widthOf } from './node.ts';
import type { Delays } from './timing.ts';

/** Adders whose carry chain is long for the family, in two halves. */
export type Adder = Node & { readonly op: 'add' | 'sub' | 'negateIf' };
export type Comparison = Node & { readonly op: 'lt' };

type Add = (node: Node) => Node;

/** Whether half of the carries of an adder take longer than so many tables. */
export function isLongAdder(node: Node, delays: Delays, luts: number): node is Adder {
  return node.lanes === 0 && ['add', 'sub', 'negateIf'].includes(node.op) && isLong(node.width, delays, luts);
}

/** The same of a comparison; one with a constant is no carry chain but a few tables. */
export function isLongComparison(node: Node, delays: Delays, luts: number): node is Comparison {
  if (node.op !== 'lt' || node.args.some(a => a.op === 'const')) return false;
  return isLong(Math.max(...node.args.map(a => a.width)), delays, luts);
}

function isLong(width: number, { carry, lut }: Delays, luts: number): boolean {
  return (width / 2) * carry > luts * lut;
}

/** The sum with its upper half computed for both carries: a multiplexer follows the lower half. */
export function carrySelect(node: Adder, add: Add): Node {
  const { low, high, carry, make, finish } = halves(node, add);
  const [zero, one] = [0n, 1n].map(value => make({ op: 'const', value }, [], 1));
  const [high0, high1] = [high(zero!, '0'), high(one!, '1')];
  // Gates and not a multiplexer: of two adders behind a multiplexer, synthesis makes one, which waits for the carry.
  const mask = (bit: Node): Node =>
    make({ op: 'concat' }, new Array<Node>(high0.width).fill(bit), high0.width);
  const with1 = make({ op: 'and' }, [high1, mask(carry)], high0.width);
  const with0 = make({ op: 'and' }, [high0, mask(make({ op: 'not' }, [carry], 1))], high0.width);
  return finish(low, make({ op: 'or' }, [with1, with0], high0.width, 'high'));
}

/** The sum in two parts, of which the upper one takes in the carry of the lower one: registers may stand between. */
export function carryRipple(node: Adder, add: Add): Node {
  const { low, high, carry, finish } = halves(node, add);
  return finish(low, high(carry, ''));
}

/** A comparison of the upper halves, which takes in that of the lower halves as a bit below them. */
export function compareInParts(node: Comparison, add: Add): Node {
  const [a, b] = node.args as [Node, Node];
  const [min, max] = [a.min < b.min ? a.min : b.min, a.max > b.max ? a.max : b.max];
  const width = widthOf(min, max);
  const make = maker(node, add);
  const half = Math.ceil(width / 2);
  const [x, y] = [widened(a, width, make), widened(b, width, make)];
  const part = (n: Node, low: number, bits: number): Node => make({ op: 'bits', low }, [n], bits);
  const low = make({ op: 'lt' }, [part(x, 0, half), part(y, 0, half)], 1, 'low');
  const rest = width - half;
  const high = (n: Node, below: Node): Node => {
    const joined = make({ op: 'concat' }, [part(n, half, rest), below], rest + 1);
    if (min >= 0n) return joined;
    const most = 1n << BigInt(rest);
    return add({ ...joined, op: 'wrap', args: [joined], signed: true, min: -most, max: most - 1n } as Node);
  };
  const [one, notLow] = [make({ op: 'const', value: 1n }, [], 1), make({ op: 'not' }, [low], 1)];
  return add({ ...node, args: [high(x, notLow), high(y, one)] } as Node);
}

interface Halves {
  /** The lower half, and the carry out of it. */
  readonly low: Node;
  readonly carry: Node;
  /** The upper half with a carry into it. */
  high(carry: Node, name: string): Node;
  /** What the node stands for, of both halves. */
  finish(low: Node, high: Node): Node;
  make(operation: object, args: readonly Node[], bits: number, name?: string): Node;
}

type Make = Halves['make'];

/** Makes unsigned values where a node stands, named after it. */
function maker(node: Node, add: Add): Make {
  const { region, section, at } = node;
  const shape = { id: 0, section, at, lanes: 0, signed: false, min: 0n };
  return (operation, args, bits, name) =>
    add({
      ...shape,
      ...operation,
      args,
      region: args.length === 0 ? null : region,
      width: bits,
      max: (1n << BigInt(bits)) - 1n,
      name: name === undefined ? undefined : `${node.name ?? 'sum'}_${name}`,
    } as Node);
}

/** The bits of a number of so many bits. */
function widened(n: Node, width: number, make: Make): Node {
  return n.width === width ? n : make({ op: 'wrap' }, [n], width);
}

function halves(node: Adder, add: Add): Halves {
  const make = maker(node, add);
  const { x, y, carryIn, width } = operands(node, make);
  const half = Math.ceil(width / 2);
  const part = (n: Node | undefined, low: number, bits: number): Node | undefined =>
    n && make({ op: 'bits', low }, [n], bits);
  /** p + q + a carry, with a bit more for the carry out of it. */
  const sum = (p: Node, q: Node | undefined, c: Node | undefined, name: string): Node => {
    const isNone = c === undefined || (c.op === 'const' && c.value === 0n);
    if (!q || isNone) return make({ op: 'add' }, [p, q ?? c!], p.width + 1, name);
    // The bit below is the carry; a third operand would end the chain.
    const one = make({ op: 'const', value: 1n }, [], 1);
    const below = [
      make({ op: 'concat' }, [p, c], p.width + 1),
      make({ op: 'concat' }, [q, one], q.width + 1),
    ];
    return make({ op: 'bits', low: 1 }, [make({ op: 'add' }, below, p.width + 2)], p.width + 1, name);
  };
  const low = sum(part(x, 0, half)!, part(y, 0, half), carryIn, 'low');
  const carry = make({ op: 'bits', low: half }, [low], 1, 'carry');
  const rest = width - half;
  return {
    low,
    carry,
    make,
    high: (c, name) => {
      const whole = sum(part(x, half, rest)!, part(y, half, rest), c, name === '' ? 'high' : `high_${name}`);
      return make({ op: 'bits', low: 0 }, [whole], rest);
    },
    finish: (lower, upper) => {
      const joined = make({ op: 'concat' }, [upper, make({ op: 'bits', low: 0 }, [lower], half)], width);
      return add({ ...node, op: 'wrap', args: [joined] } as Node);
    },
  };
}

interface Operands {
  readonly x: Node;
  /** Undefined where only a carry is added. */
  readonly y: Node | undefined;
  readonly carryIn: Node | undefined;
  readonly width: number;
}

/** Every such operator as a sum: x − y is x + ~y + 1, and −x is ~x + 1. */
function operands(node: Adder, make: Make): Operands {
  const [a, b] = node.args as [Node, Node];
  const { width } = node;
  const whole = (n: Node): Node => widened(n, width, make);
  if (node.op === 'add') return { x: whole(a), y: whole(b), carryIn: undefined, width };
  if (node.op === 'negateIf') {
    const mask = make({ op: 'concat' }, new Array<Node>(width).fill(a), width);
    return { x: make({ op: 'xor' }, [whole(b), mask], width), y: undefined, carryIn: a, width };
  }
  const one = make({ op: 'const', value: 1n }, [], 1);
  return { x: whole(a), y: make({ op: 'not' }, [whole(b)], width), carryIn: one, width };
}
