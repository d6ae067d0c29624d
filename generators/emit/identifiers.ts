import type { Node } from '../hdl/node.ts';

/** Verilog-2001 and SystemVerilog words that cannot name a signal, of those that a lower-case name could hit. */
const RESERVED = new Set(
  `always and assign automatic begin bit bind bool buf byte case casex casez cell chandle checker class clocking config const
  constraint context continue cover deassign default defparam design disable dist do edge else end endcase endmodule enum event
  expect export extends extern final first_match for force forever fork function generate genvar global highz0 highz1 if iff
  ifnone import initial inout input inside instance int integer interface intersect join large let liblist library local
  localparam logic longint macromodule matches medium modport module nand negedge new nmos nor not null or output package packed
  parameter pmos posedge primitive priority program property protected pull0 pull1 pure rand randc randcase real realtime ref reg
  release repeat restrict return scalared sequence shortint shortreal signed small solve specify static string strong struct
  super supply0 supply1 table tagged task this throughout time timeprecision timescale timeunit tran tri tri0 tri1 triand trior
  trireg type typedef union unique unsigned until use uwire var vectored virtual void wait wand weak while wildcard wire with
  within wor xnor xor`.split(/\s+/),
);

/** Hands out names, each once in a module: a taken or reserved one gets the next number. */
export class Identifiers {
  private readonly taken = new Set<string>();
  private readonly next = new Map<string, number>();

  /** A name that stands as it is: ports. Returns false when it is reserved or taken. */
  claim(name: string): boolean {
    if (this.problem(name)) return false;
    this.taken.add(name);
    return true;
  }

  /** Why a name cannot be had, if so. */
  problem(name: string): string | undefined {
    if (RESERVED.has(name)) return 'is a reserved word';
    return this.taken.has(name) ? 'is taken' : undefined;
  }

  unique(wish: string): string {
    const name = /^[a-z_]/.test(wish) ? wish : `n_${wish}`;
    if (this.claim(name)) return name;
    for (let i = this.next.get(name) ?? 1; ; i++) {
      const candidate = `${name}_${i}`;
      if (!this.claim(candidate)) continue;
      this.next.set(name, i + 1);
      return candidate;
    }
  }
}

/** What a signal is called when no variable holds it. */
const FALLBACK: Partial<Record<Node['op'], string>> = {
  add: 'sum',
  sub: 'difference',
  mul: 'product',
  and: 'both',
  or: 'either',
  xor: 'toggled',
  eq: 'equal',
  lt: 'less',
  shl: 'shifted',
  shr: 'shifted',
  not: 'inverted',
  negateIf: 'signed_value',
  mux: 'choice',
  bits: 'field',
  wrap: 'low',
  narrow: 'bounded',
  concat: 'joined',
  table: 'entry',
  gather: 'lanes',
};

export function wishedName(node: Node): string {
  if (node.name !== undefined) return node.name;
  if (node.op === 'lane')
    return `${wishedName(node.args[0]!)}_${node.stride === 2 ? ['even', 'odd'][node.offset] : 'lane'}`;
  if (node.op === 'element') return `${wishedName(node.args[0]!)}_${node.index}`;
  const word = FALLBACK[node.op] ?? node.op;
  return node.section.prefix ? `${node.section.prefix}_${word}` : word;
}
