import type { Node } from './node.ts';

/** What a family's cells take, in nanoseconds, each with the route to it. */
export interface Delays {
  /** Inputs of a LUT. */
  readonly lutInputs: number;
  readonly lut: number;
  /** Into a carry chain and out of it. */
  readonly chain: number;
  /** One bit of a carry chain. */
  readonly carry: number;
  /** Out of one register and into the next. */
  readonly register: number;
  /** How much longer than the model says a period may be, relatively; a wish for a clock is planned with it. */
  readonly margin: number;
  /** Which model this is, in words. */
  readonly from: string;
}

/**
 * A middling FPGA. Good for balance between stages, not for promises about a clock.
 */
export const GENERIC_DELAYS: Delays = {
  lutInputs: 5,
  lut: 0.9,
  chain: 0.9,
  carry: 0.03,
  register: 0,
  margin: 0,
  from: 'the timing model of a middling FPGA',
};

/** The clock that a longest path between registers allows, in MHz. */
export function clockOf(periodNs: number, { margin }: Delays): number {
  return 1000 / Math.max(periodNs * (1 + margin), 1);
}

/** What a path goes through. */
export interface PathCells {
  readonly luts: number;
  readonly chains: number;
  readonly carryBits: number;
}

const NONE: PathCells = { luts: 0, chains: 0, carryBits: 0 };

export function addCells(a: PathCells, b: PathCells): PathCells {
  return {
    luts: a.luts + b.luts,
    chains: a.chains + b.chains,
    carryBits: a.carryBits + b.carryBits,
  };
}

/** Delay of what a path goes through, without registers, in nanoseconds. */
export function delayOf({ luts, chains, carryBits }: PathCells, delays: Delays): number {
  return luts * delays.lut + chains * delays.chain + carryBits * delays.carry;
}

/** Delay of one node in nanoseconds, as the scheduler sees it. */
export type Timing = (node: Node) => number;

export function timingOf(delays: Delays): Timing {
  return node => delayOf(cellsOf(node, delays), delays);
}

/** Wiring costs nothing: these only name, split or join bits. */
export function isWiring(node: Node): boolean {
  switch (node.op) {
    case 'const':
    case 'input':
    case 'bits':
    case 'wrap':
    case 'narrow':
    case 'concat':
    case 'lane':
    case 'gather':
    case 'element':
    case 'subvector':
    case 'pack':
    case 'unpack':
    case 'register':
    case 'after':
      return true;
    case 'shl':
    case 'shr':
      return node.args[1]!.op === 'const';
    case 'not':
      return true; // absorbed by the LUT behind it
    default:
      return false;
  }
}

/** What the slowest way through a node goes through, as a synthesizer is likely to build it. */
export function cellsOf(node: Node, delays: Delays): PathCells {
  if (isWiring(node)) return NONE;
  const { lutInputs } = delays;
  const luts = (levels: number): PathCells => ({ ...NONE, luts: levels });
  const treeOf = (inputs: number): number =>
    Math.max(1, Math.ceil(Math.log(Math.max(2, inputs)) / Math.log(lutInputs) - 1e-9));
  const width = Math.max(node.width, ...node.args.map(a => a.width));
  const chain: PathCells = { luts: 0, chains: 1, carryBits: width };
  switch (node.op) {
    case 'add':
    case 'sub':
    case 'negateIf':
    case 'lt':
      return chain;
    case 'mul': {
      const shorter = Math.min(...node.args.map(a => a.width));
      return { ...chain, luts: Math.ceil(Math.log2(shorter + 1)) };
    }
    case 'shl':
    case 'shr': {
      // Of four inputs, a LUT chooses one of two; of five and more, with the wide multiplexers beside it, one of four.
      const levels = Math.ceil(node.args[1]!.width / (lutInputs > 4 ? 2 : 1));
      return luts(levels);
    }
    case 'and':
      // A gate on all bits goes into the LUT behind it.
      return node.args.some(isMask) ? NONE : luts(1);
    case 'eq':
      return luts(treeOf(2 * width));
    case 'any':
    case 'all':
    case 'parity':
      return luts(treeOf(node.args[0]!.width));
    case 'table':
      return luts(1 + Math.max(0, node.args[0]!.width - lutInputs));
    case 'instance': {
      const { cells } = node.instance.module;
      if (cells) return { luts: cells.luts, chains: 1, carryBits: cells.carryBits };
      return slowest(node.instance.module.nodes, () => true, delays);
    }
    default:
      return luts(1);
  }
}

/** One bit, as often as there are bits to gate. */
function isMask({ op, args }: Node): boolean {
  return op === 'concat' && args.length > 1 && args.every(a => a === args[0]);
}

/** What the slowest path goes through among nodes in their order; a path does not go on where `follows` says no. */
export function slowest(
  nodes: readonly Node[],
  follows: (arg: Node, node: Node) => boolean,
  delays: Delays,
): PathCells {
  const arrival = new Map<Node, PathCells>();
  const later = (a: PathCells, b: PathCells): PathCells => (delayOf(b, delays) > delayOf(a, delays) ? b : a);
  let longest = NONE;
  for (const node of nodes) {
    const start = node.args
      .filter(a => follows(a, node))
      .reduce((worst, a) => later(worst, arrival.get(a) ?? NONE), NONE);
    const end = addCells(start, cellsOf(node, delays));
    arrival.set(node, end);
    longest = later(longest, end);
  }
  return longest;
}
