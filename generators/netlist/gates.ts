/** A bit of a netlist: a net by number, or a constant. Unknown constants count as 0. */
export type Bit = number | '0' | '1';

/** One gate: its type among `GATES`, what it reads, and the net that it drives. */
export interface Gate {
  readonly type: string;
  readonly inputs: readonly Bit[];
  readonly output: number;
}

/** A flip-flop on the rising edge of the only clock. */
export interface FlipFlop {
  readonly d: Bit;
  readonly q: number;
}

/** A design as gates and flip-flops; the gates stand in an order in which each is ready when its turn comes. */
export interface GateNetlist {
  readonly inputs: Readonly<Record<string, readonly Bit[]>>;
  readonly outputs: Readonly<Record<string, readonly Bit[]>>;
  readonly gates: readonly Gate[];
  readonly flipFlops: readonly FlipFlop[];
}

/** The inputs of each type of gate, as Yosys names types and pins; the output is Y. */
export const GATES: Readonly<Record<string, readonly string[]>> = {
  $_BUF_: ['A'],
  $_NOT_: ['A'],
  $_AND_: ['A', 'B'],
  $_NAND_: ['A', 'B'],
  $_OR_: ['A', 'B'],
  $_NOR_: ['A', 'B'],
  $_XOR_: ['A', 'B'],
  $_XNOR_: ['A', 'B'],
  $_ANDNOT_: ['A', 'B'],
  $_ORNOT_: ['A', 'B'],
  $_MUX_: ['A', 'B', 'S'],
  $_NMUX_: ['A', 'B', 'S'],
};

interface YosysModule {
  readonly ports: Readonly<Record<string, { direction: string; bits: readonly (number | string)[] }>>;
  readonly cells: Readonly<
    Record<string, { type: string; connections: Readonly<Record<string, readonly (number | string)[]>> }>
  >;
}

/** A cell that is no gate, as a block for which there is no simulation model. */
export class NoGate extends Error {
  override readonly name = 'NoGate';
  constructor(
    cell: string,
    readonly type: string,
  ) {
    super(`cell '${cell}' is a ${type}, which is no gate`);
  }
}

/** Reads one module of what `write_json` of Yosys wrote, when nothing but gates and `$_DFF_P_` is left in it. */
export function gatesOf(json: string, top: string): GateNetlist {
  const parsed = JSON.parse(json) as { modules?: Record<string, YosysModule> };
  const module = parsed.modules?.[top];
  if (!module) throw new Error(`the netlist has no module '${top}'`);
  const bit = (b: number | string | undefined): Bit => (typeof b === 'number' ? b : b === '1' ? '1' : '0');
  const ports = (direction: string): Record<string, Bit[]> =>
    Object.fromEntries(
      Object.entries(module.ports)
        .filter(([, port]) => port.direction === direction)
        .map(([name, port]) => [name, port.bits.map(bit)]),
    );
  const gates = new Map<number, Gate>();
  const flipFlops: FlipFlop[] = [];
  for (const [name, { type, connections }] of Object.entries(module.cells)) {
    const pin = (p: string): Bit => bit(connections[p]?.[0]);
    const net = (p: string): number => {
      const b = pin(p);
      if (typeof b !== 'number') throw new Error(`cell '${name}' of type ${type} drives a constant`);
      return b;
    };
    if (type === '$_DFF_P_') flipFlops.push({ d: pin('D'), q: net('Q') });
    else if (GATES[type]) {
      const output = net('Y');
      gates.set(output, { type, inputs: GATES[type].map(pin), output });
    } else if (type !== '$scopeinfo') throw new NoGate(name, type);
  }
  const [inputs, outputs] = [ports('input'), ports('output')];
  const ends = [...Object.values(outputs).flat(), ...flipFlops.map(f => f.d)];
  return { inputs, outputs, flipFlops, gates: inOrder(gates, ends) };
}

/** The gates that the ends need, each after those that it reads. */
function inOrder(gates: ReadonlyMap<number, Gate>, ends: readonly Bit[]): Gate[] {
  const order: Gate[] = [];
  const state = new Map<number, 'open' | 'done'>();
  for (const end of ends) {
    const pending: Bit[] = [end];
    while (pending.length > 0) {
      const bit = pending.at(-1)!;
      const gate = typeof bit === 'number' ? gates.get(bit) : undefined;
      if (!gate || state.get(gate.output) === 'done') {
        pending.pop();
        continue;
      }
      const waiting = gate.inputs.filter(
        i => typeof i === 'number' && gates.has(i) && state.get(i) !== 'done',
      );
      if (waiting.length === 0) {
        state.set(gate.output, 'done');
        order.push(gate);
        pending.pop();
        continue;
      }
      if (state.get(gate.output) === 'open') throw new Error('the netlist has a combinational loop');
      state.set(gate.output, 'open');
      pending.push(...waiting);
    }
  }
  return order;
}
