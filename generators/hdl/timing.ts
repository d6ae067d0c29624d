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

/**
 * When each bit of a value is there, in nanoseconds after the clock edge, the lowest first; of a vector, those of its slowest lane.
 * A bit that is always zero is there before all others.
 */
export type Arrival = readonly number[];

const ZERO = -Infinity;

/** When the last bit is there. */
export function latest(arrival: Arrival): number {
  return arrival.reduce((last, t) => Math.max(last, t), 0);
}

/** The same value behind a pipeline register. */
export function registered(arrival: Arrival): Arrival {
  return arrival.map(t => (t === ZERO ? ZERO : 0));
}

/** When the bits of a node are there, given those of its arguments. */
export type Timing = (node: Node, args: readonly Arrival[]) => Arrival;

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

/** As a synthesizer is likely to build each node; bits of a sum wait for those below them only. */
export function timingOf(delays: Delays): Timing {
  const { lutInputs, lut } = delays;
  const treeOf = (inputs: number): number =>
    lut * Math.max(1, Math.ceil(Math.log(Math.max(2, inputs)) / Math.log(lutInputs) - 1e-9));
  return (node, args) => {
    if (isWiring(node)) return wired(node, args);
    const { width } = node;
    const widest = Math.max(width, ...node.args.map(a => a.width));
    const bits = (to: number): Arrival[] => args.map((a, i) => extended(a, node.args[i]!, to));
    /** All bits so long after the last bit of any argument. */
    const after = (ns: number): Arrival => new Array<number>(width).fill(Math.max(...args.map(latest)) + ns);
    switch (node.op) {
      case 'add':
        return summed(bits(width), delays);
      case 'sub': {
        const [from, what] = bits(width) as [Arrival, Arrival];
        return summed([from.map(t => Math.max(t, 0)), what], delays);
      }
      case 'negateIf': {
        const condition = latest(args[0]!);
        // Of four inputs, the LUT of a sum has none left for the condition.
        const gate = lutInputs > 4 ? 0 : lut;
        const value = bits(width)[1]!.map(t => Math.max(t, condition) + gate);
        return summed([value, new Array<number>(width).fill(0)], delays);
      }
      case 'lt': {
        if (node.args.some(a => a.op === 'const')) return after(treeOf(widest));
        return [latest(summed(bits(widest), delays))];
      }
      case 'mul': {
        const shorter = Math.min(...node.args.map(a => a.width));
        const rows = after(lut * Math.ceil(Math.log2(shorter + 1)));
        return summed([rows, rows], delays);
      }
      case 'shl':
      case 'shr': {
        const [value, amount] = args as [Arrival, Arrival];
        const sources = sourcesOf(value, amount);
        // A number that moves by more than its own length has one place for each bit, or a few: gates, which are joined.
        if (sources < 2 ** moving(amount)) return after(treeOf(moving(amount) + sources));
        // Of four inputs, a LUT chooses one of two; of five and more, with the wide multiplexers beside it, one of four.
        return after(lut * Math.ceil(moving(amount) / (lutInputs > 4 ? 2 : 1)));
      }
      case 'and':
        return joined(bits(width), node.args.some(isMask) ? 0 : lut, true); // A gate on all bits goes into the LUT behind it.
      case 'or':
      case 'xor':
        return joined(bits(width), lut, false);
      case 'mux': {
        const [condition, yes, no] = [latest(args[0]!), ...bits(width).slice(1)] as [
          number,
          Arrival,
          Arrival,
        ];
        return yes.map((t, i) => Math.max(condition, t, no[i]!) + lut);
      }
      case 'eq':
        return after(treeOf(2 * widest));
      case 'any':
      case 'all':
      case 'parity':
        return after(treeOf(node.args[0]!.width));
      case 'table':
        return after(lut * (1 + Math.max(0, node.args[0]!.width - lutInputs)));
      case 'instance': {
        const { cells } = node.instance.module;
        if (cells && !cells.chain) return after(cells.luts * lut);
        if (cells)
          return summed(
            bits(width).map(a => a.map(t => t + cells.luts * lut)),
            delays,
          );
        const inside = insideOf(node, delays);
        return after(0).map((t, i) => t + inside[i]!);
      }
      default:
        return after(lut);
    }
  };
}

/** Bits that are not always zero. */
function moving(amount: Arrival): number {
  return amount.filter(t => t !== ZERO).length;
}

/** From how many places a bit of a shifted value may come: the shorter the value, and the longer the least step, the fewer. */
function sourcesOf(value: Arrival, amount: Arrival): number {
  const step = 2 ** amount.findIndex(t => t !== ZERO);
  return Math.min(2 ** moving(amount), Math.ceil(moving(value) / step));
}

/** Bits where others stand at once. */
function wired(node: Node, args: readonly Arrival[]): Arrival {
  const { width } = node;
  const now = (): Arrival => new Array<number>(width).fill(0);
  switch (node.op) {
    case 'const':
      return bitsOfConstant(node, node.value);
    case 'input':
    case 'register':
    case 'after':
      return now();
    case 'concat':
      return joinedUp(args);
    case 'pack':
      return Array.from({ length: width }, (_, i) => args[0]![i % args[0]!.length]!);
    case 'unpack':
      return now().map((_, i) => Math.max(...args[0]!.filter((_, k) => k % width === i)));
    case 'not':
      return extended(args[0]!, node.args[0]!, width).map(t => Math.max(t, 0));
    default: {
      const up = placesUp(node);
      const whole = extended(args[0]!, node.args[0]!, Math.max(width - up, 0));
      return up > 0 ? [...new Array<number>(up).fill(ZERO), ...whole].slice(0, width) : whole.slice(-up);
    }
  }
}

/** Constants that were looked at before: the scheduler asks for the same ones again and again. */
const constants = new WeakMap<Node, Arrival>();

function bitsOfConstant(node: Node, value: bigint): Arrival {
  const known = constants.get(node);
  if (known) return known;
  const found = Array.from({ length: node.width }, (_, i) => ((value >> BigInt(i)) & 1n ? 0 : ZERO));
  constants.set(node, found);
  return found;
}

/** Side by side, the last one lowest. */
function joinedUp(args: readonly Arrival[]): Arrival {
  const bits: number[] = [];
  for (let i = args.length - 1; i >= 0; i--) for (const t of args[i]!) bits.push(t);
  return bits;
}

/** How many places up wiring brings its bits. */
function placesUp(node: Node): number {
  if (node.op === 'bits') return -node.low;
  const [, amount] = node.args;
  const places = amount?.op === 'const' ? Number(amount.value) : 0;
  return node.op === 'shr' ? -places : places;
}

/** So many bits of an argument, which is longer by its sign or by zeros. */
function extended(arrival: Arrival, { signed }: Node, width: number): Arrival {
  if (arrival.length >= width) return arrival.slice(0, width);
  const fill = signed ? arrival.at(-1)! : ZERO;
  return [...arrival, ...new Array<number>(width - arrival.length).fill(fill)];
}

/** Bit by bit through one LUT; a zero makes another zero of it (`and`), or a wire. */
function joined(args: readonly Arrival[], ns: number, zeroWins: boolean): Arrival {
  return args[0]!.map((_, i) => {
    const each = args.map(a => a[i]!);
    if (each.includes(ZERO)) return zeroWins ? ZERO : Math.max(...each);
    return Math.max(...each) + ns;
  });
}

/** The bits of a sum: each waits for its own operands and for the carry from below. */
function summed(args: readonly Arrival[], { chain, carry }: Delays): Arrival {
  let ripple = ZERO;
  return args[0]!.map((_, i) => {
    let [own, isOpen] = [ZERO, false];
    for (const a of args) {
      own = Math.max(own, a[i]!);
      isOpen ||= a[i] === ZERO;
    }
    if (ripple === ZERO && isOpen) return own; // nothing to add yet
    ripple = Math.max(ripple + carry, own);
    return ripple + chain;
  });
}

/** When the bits of an output of a submodule are there, with all of its inputs there at the start. */
function insideOf(node: Node & { readonly op: 'instance' }, delays: Delays): Arrival {
  const { module } = node.instance;
  const all = arrivals(module.nodes, timingOf(delays));
  return all.get(module.outputs.find(o => o.name === node.output)!.node)!;
}

/** When the bits of nodes in their order are there. Arguments for which `follows` says no are behind a register. */
export function arrivals(
  nodes: readonly Node[],
  timing: Timing,
  follows: (arg: Node, node: Node) => boolean = () => true,
): ReadonlyMap<Node, Arrival> {
  const found = new Map<Node, Arrival>();
  for (const node of nodes) {
    const args = node.args.map(a => {
      const arrival = found.get(a) ?? timing(a, []);
      return follows(a, node) ? arrival : registered(arrival);
    });
    found.set(node, timing(node, args));
  }
  return found;
}

/** One bit, as often as there are bits to gate. */
function isMask({ op, args }: Node): boolean {
  return op === 'concat' && args.length > 1 && args.every(a => a === args[0]);
}
