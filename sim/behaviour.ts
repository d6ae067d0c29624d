/** What each net of a netlist does on given beats. Nets that do the same have the same key, whoever made the netlist. */

/** A net by number, or a constant; numbers begin with 2. */
export type NetBit = number | string;

/** One module of what `write_json` of Yosys wrote. */
export interface NetlistModule {
  readonly ports: Readonly<Record<string, { readonly direction: string; readonly bits: readonly NetBit[] }>>;
  readonly cells: Readonly<Record<string, NetlistCell>>;
  readonly netnames: Readonly<Record<string, NetName>>;
  /** Look-up tables beside the cells. */
  readonly luts?: readonly Lut[];
}

/** A look-up table: the first input has weight 1 in the index, and the last character of the table stands for index 0. */
export interface Lut {
  readonly inputs: readonly NetBit[];
  readonly output: NetBit;
  readonly table: string;
}

export interface NetlistCell {
  readonly type: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly port_directions?: Readonly<Record<string, string>>;
  readonly connections: Readonly<Record<string, readonly NetBit[]>>;
}

export interface NetName {
  /** 1 for a name that Yosys made up. */
  readonly hide_name: number;
  readonly bits: readonly NetBit[];
  readonly attributes?: Readonly<Record<string, string>>;
}

/** The beats: 32 sequences a word, each cycle by cycle from flip-flops that are zero. */
export interface Drive {
  /** Words of a bit: a thirty-second of the number of sequences. */
  readonly words: number;
  readonly cycles: number;
  /** Cycles at the beginning that do not count, as registers without a reset hold nothing yet. */
  readonly skip: number;
  /** What an input bit is in a cycle, in all sequences; `undefined` for zero. */
  input(port: string, bit: number, cycle: number): Uint32Array | undefined;
}

/** The key of a net, the same for a net and its inverse; `undefined` for what hardly ever changes or cannot be told. */
export type Behaviour = (bit: NetBit | undefined) => string | undefined;

type Gate = (a: number, b: number, s: number) => number;

const GATES: Readonly<Record<string, Gate>> = {
  $_BUF_: a => a,
  $_NOT_: a => ~a,
  $_AND_: (a, b) => a & b,
  $_NAND_: (a, b) => ~(a & b),
  $_OR_: (a, b) => a | b,
  $_NOR_: (a, b) => ~(a | b),
  $_XOR_: (a, b) => a ^ b,
  $_XNOR_: (a, b) => ~(a ^ b),
  $_ANDNOT_: (a, b) => a & ~b,
  $_ORNOT_: (a, b) => a | ~b,
  $_MUX_: (a, b, s) => (a & ~s) | (b & s),
  $_NMUX_: (a, b, s) => ~((a & ~s) | (b & s)),
};

/** Two nets that are both nearly always zero may be alike by chance: so often at least, a net must be zero, and one. */
const LEAST = 16;
const ZERO = 0;
const ONE = 1;
const netOf = (bit: NetBit | undefined): number => (typeof bit === 'number' ? bit : bit === '1' ? ONE : ZERO);

/** What makes the value of a net: a gate of up to three inputs, or a table. */
interface Step {
  readonly gate?: Gate;
  readonly table?: string;
  readonly inputs: readonly number[];
  readonly output: number;
}

/** Plays the beats to a netlist of gates and plain flip-flops. Whatever depends on another cell cannot be told. */
export function behaviourOf(module: NetlistModule, drive: Drive): Behaviour {
  const { words, cycles, skip } = drive;
  const drivers = new Map<number, Step>();
  const flipFlops: { d: number; q: number }[] = [];
  const unknown = new Set<number>();
  let nets = 2;
  const note = (bits: readonly NetBit[]): void => {
    for (const bit of bits) nets = Math.max(nets, netOf(bit) + 1);
  };
  for (const { bits } of Object.values(module.netnames)) note(bits);
  for (const cell of Object.values(module.cells)) {
    const { type, connections, port_directions = {} } = cell;
    for (const bits of Object.values(connections)) note(bits);
    if (type === '$_DFF_P_') flipFlops.push({ d: netOf(connections.D?.[0]), q: netOf(connections.Q?.[0]) });
    else if (GATES[type]) {
      const inputs = [connections.A, connections.B, connections.S].map(bits => netOf(bits?.[0]));
      const output = netOf(connections.Y?.[0]);
      drivers.set(output, { gate: GATES[type], inputs, output });
    } else
      for (const [port, bits] of Object.entries(connections))
        if (port_directions[port] !== 'input') for (const bit of bits) unknown.add(netOf(bit));
  }
  for (const { inputs, output, table } of module.luts ?? []) {
    note([...inputs, output]);
    drivers.set(netOf(output), { table, inputs: inputs.map(netOf), output: netOf(output) });
  }
  unknown.delete(ZERO);
  unknown.delete(ONE);
  const steps = inOrder(drivers, unknown);
  // Round the loops of flip-flops: one that holds what cannot be told cannot be told either.
  for (let size = -1; size !== unknown.size; ) {
    size = unknown.size;
    for (const { d, q } of flipFlops) if (unknown.has(d)) unknown.add(q);
    for (const { inputs, output } of steps) if (inputs.some(i => unknown.has(i))) unknown.add(output);
  }

  const inputs = Object.entries(module.ports).filter(([, port]) => port.direction === 'input');
  const values = new Uint32Array(nets * words);
  values.fill(0xffffffff, ONE * words, (ONE + 1) * words);
  const next = new Uint32Array(flipFlops.length * words);
  const keys = new Keys(nets, words);
  for (let cycle = 0; cycle < cycles; cycle++) {
    for (const [name, { bits }] of inputs)
      bits.forEach((bit, i) => {
        const given = drive.input(name, i, cycle);
        if (given) values.set(given, netOf(bit) * words);
        else values.fill(0, netOf(bit) * words, (netOf(bit) + 1) * words);
      });
    for (const step of steps) evaluate(step, values, words);
    if (cycle >= skip) keys.add(values);
    flipFlops.forEach(({ d }, i) => {
      next.set(values.subarray(d * words, (d + 1) * words), i * words);
    });
    flipFlops.forEach(({ q }, i) => {
      values.set(next.subarray(i * words, (i + 1) * words), q * words);
    });
  }
  return bit => (typeof bit !== 'number' || unknown.has(bit) ? undefined : keys.of(bit));
}

function evaluate({ gate, table, inputs, output }: Step, values: Uint32Array, words: number): void {
  const y = output * words;
  const [a, b, s] = [inputs[0]! * words, inputs[1]! * words, inputs[2]! * words];
  for (let w = 0; w < words; w++) {
    if (gate) values[y + w] = gate(values[a + w]!, values[b + w]!, values[s + w]!);
    else values[y + w] = lookUp(table!, inputs, values, words, w);
  }
}

/** Halves the table with each input, the first one innermost. */
function lookUp(
  table: string,
  inputs: readonly number[],
  values: Uint32Array,
  words: number,
  w: number,
): number {
  let rows: number[] = [...table].reverse().map(digit => (digit === '1' ? -1 : 0));
  for (const input of inputs) {
    const value = values[input * words + w]!;
    rows = Array.from(
      { length: rows.length / 2 },
      (_, i) => (rows[2 * i]! & ~value) | (rows[2 * i + 1]! & value),
    );
  }
  return rows[0]!;
}

/** What makes each net, after all that it reads; what stands in a loop without a flip-flop is unknown. */
function inOrder(drivers: ReadonlyMap<number, Step>, unknown: Set<number>): Step[] {
  const steps: Step[] = [];
  const state = new Map<number, 'open' | 'done'>();
  for (const end of drivers.keys()) {
    const pending = [end];
    while (pending.length > 0) {
      const net = pending.at(-1)!;
      const step = drivers.get(net);
      if (!step || state.get(net) === 'done') {
        pending.pop();
        continue;
      }
      const waiting = step.inputs.filter(i => drivers.has(i) && state.get(i) !== 'done');
      const loops = waiting.some(i => state.get(i) === 'open');
      if (waiting.length === 0 || loops) {
        if (loops) unknown.add(net);
        state.set(net, 'done');
        steps.push(step);
        pending.pop();
        continue;
      }
      state.set(net, 'open');
      pending.push(...waiting);
    }
  }
  return steps;
}

/** 64 bits of hash for each net, made of all its values. */
class Keys {
  private readonly low: Int32Array;
  private readonly high: Int32Array;
  /** All ones for a net whose very first value is one: a net and its inverse are then alike. */
  private readonly turned: Int32Array;
  /** Beats on which it is not what it was at first. */
  private readonly ones: Uint32Array;
  private beats = 0;
  private isFirst = true;

  constructor(
    private readonly nets: number,
    private readonly words: number,
  ) {
    this.low = new Int32Array(nets);
    this.high = new Int32Array(nets);
    this.turned = new Int32Array(nets);
    this.ones = new Uint32Array(nets);
  }

  add(values: Uint32Array): void {
    for (let net = 0; net < this.nets; net++) {
      const base = net * this.words;
      if (this.isFirst) this.turned[net] = -(values[base]! & 1);
      const turned = this.turned[net]!;
      let [low, high] = [this.low[net]!, this.high[net]!];
      for (let w = 0; w < this.words; w++) {
        const value = values[base + w]! ^ turned;
        this.ones[net]! += bitCount(value);
        low = Math.imul(low ^ value, 0x9e3779b1);
        low ^= low >>> 15;
        high = Math.imul(high + value, 0x85ebca6b);
        high ^= high >>> 13;
      }
      this.low[net] = low;
      this.high[net] = high;
    }
    this.isFirst = false;
    this.beats += 32 * this.words;
  }

  of(net: number): string | undefined {
    const rare = Math.min(this.ones[net]!, this.beats - this.ones[net]!);
    return rare >= LEAST ? `${this.low[net]}:${this.high[net]}` : undefined;
  }
}

function bitCount(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
