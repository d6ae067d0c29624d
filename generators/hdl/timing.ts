import type { Node } from './node.ts';

/** Delay of one node in nanoseconds, as the scheduler sees it. A target gives its own. */
export type Timing = (node: Node) => number;

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

/**
 * A middling FPGA with 4- to 6-input LUTs and carry chains: one LUT with its route is 0.9 ns, a carry 0.03 ns a bit.
 * Good for balance between stages, not for promises about a clock.
 */
export const genericTiming: Timing = node => {
  if (isWiring(node)) return 0;
  const lut = 0.9;
  const levels = (inputs: number): number =>
    Math.max(1, Math.ceil(Math.log(Math.max(2, inputs)) / Math.log(5)));
  const width = Math.max(node.width, ...node.args.map(a => a.width));
  switch (node.op) {
    case 'add':
    case 'sub':
    case 'negateIf':
    case 'lt':
      return lut + 0.03 * width;
    case 'mul':
      return lut * (1 + Math.ceil(Math.log2(Math.min(...node.args.map(a => a.width)) + 1))) + 0.03 * width;
    case 'shl':
    case 'shr':
      return lut * Math.ceil(node.args[1]!.width / 2);
    case 'eq':
      return lut * levels(2 * width);
    case 'any':
    case 'all':
    case 'parity':
      return lut * levels(node.args[0]!.width);
    case 'table':
      return lut * (1 + Math.max(0, node.args[0]!.width - 6));
    case 'instance':
      return criticalPath(node.instance.module.nodes);
    default:
      return lut;
  }
};

function criticalPath(nodes: readonly Node[]): number {
  const arrival = new Map<Node, number>();
  let longest = 0;
  for (const node of nodes) {
    const start = Math.max(0, ...node.args.map(a => arrival.get(a) ?? 0));
    arrival.set(node, start + genericTiming(node));
    longest = Math.max(longest, start + genericTiming(node));
  }
  return longest;
}
