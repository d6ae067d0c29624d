/** A bit of a circuit: a net by number, or a constant; `x` is a constant of which nothing is known. */
export type Net = number | '0' | '1' | 'x';

/** An operation on words, as Yosys names types, parameters and pins. */
export interface Cell {
  readonly name: string;
  readonly type: string;
  readonly parameters: Readonly<Record<string, number>>;
  /** Pins, low bits first. */
  readonly pins: Readonly<Record<string, readonly Net[]>>;
}

/** The word-level netlist of one flat module. */
export interface Circuit {
  readonly inputs: Readonly<Record<string, readonly Net[]>>;
  readonly outputs: Readonly<Record<string, readonly Net[]>>;
  readonly cells: readonly Cell[];
  /** Names of the Verilog, with the nets that they stand for. */
  readonly names: Readonly<Record<string, readonly Net[]>>;
}

/** What makes a word-level netlist of our Verilog: no optimization but the removal of aliases and of what nobody reads. */
export function circuitScript(top: string): string {
  return [
    'read_verilog -nosynthesis design.v',
    'setattr -mod -unset keep_hierarchy',
    `hierarchy -check -top ${top}`,
    'proc -norom',
    'flatten',
    'opt_clean -purge',
    'write_json circuit.json',
  ].join('\n');
}

interface YosysModule {
  readonly ports: Readonly<Record<string, { direction: string; bits: readonly (number | string)[] }>>;
  readonly cells: Readonly<
    Record<
      string,
      {
        type: string;
        parameters: Readonly<Record<string, string | number>>;
        connections: Readonly<Record<string, readonly (number | string)[]>>;
      }
    >
  >;
  readonly netnames: Readonly<Record<string, { hide_name: number; bits: readonly (number | string)[] }>>;
}

/** Reads one flat module of what `write_json` of Yosys wrote. */
export function circuitOf(json: string, top: string): Circuit {
  const module = (JSON.parse(json) as { modules?: Record<string, YosysModule> }).modules?.[top];
  if (!module) throw new Error(`the netlist has no module '${top}'`);
  const ports = (direction: string): Record<string, Net[]> =>
    Object.fromEntries(
      Object.entries(module.ports)
        .filter(([, port]) => port.direction === direction)
        .map(([name, port]) => [name, nets(port.bits)]),
    );
  const cells = Object.entries(module.cells)
    .filter(([, { type }]) => type !== '$scopeinfo')
    .map(([name, { type, parameters, connections }]) => ({
      name,
      type,
      parameters: mapped(parameters, value =>
        typeof value === 'number' ? value : Number.parseInt(value, 2),
      ),
      pins: mapped(connections, nets),
    }));
  const visible = Object.entries(module.netnames).filter(([, n]) => n.hide_name === 0);
  const names = Object.fromEntries(visible.map(([name, n]) => [name, nets(n.bits)]));
  return { inputs: ports('input'), outputs: ports('output'), cells, names };
}

function nets(bits: readonly (number | string)[]): Net[] {
  return bits.map(b => (b === '0' || b === '1' ? b : typeof b === 'number' ? b : 'x'));
}

function mapped<A, B>(record: Readonly<Record<string, A>>, f: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, f(value)]));
}
