import { prefixed } from '../hdl/naming.ts';
import type { Node } from '../hdl/node.ts';

/** The words of IEEE 1800-2017, Table B.1, that a lower-case name could hit; those of Verilog-2001 are among them. */
const RESERVED = new Set(
  `accept_on alias always always_comb always_ff always_latch and assert assign assume automatic before
  begin bind bins binsof bit break buf bufif0 bufif1 byte case casex casez cell chandle checker class
  clocking cmos config const constraint context continue cover covergroup coverpoint cross deassign
  default defparam design disable dist do edge else end endcase endchecker endclass endclocking endconfig
  endfunction endgenerate endgroup endinterface endmodule endpackage endprimitive endprogram endproperty
  endspecify endsequence endtable endtask enum event eventually expect export extends extern final
  first_match for force foreach forever fork forkjoin function generate genvar global highz0 highz1 if
  iff ifnone ignore_bins illegal_bins implements implies import incdir include initial inout input inside
  instance int integer interconnect interface intersect join join_any join_none large let liblist library
  local localparam logic longint macromodule matches medium modport module nand negedge nettype new
  nexttime nmos nor noshowcancelled not notif0 notif1 null or output package packed parameter pmos
  posedge primitive priority program property protected pull0 pull1 pulldown pullup pulsestyle_ondetect
  pulsestyle_onevent pure rand randc randcase randsequence rcmos real realtime ref reg reject_on release
  repeat restrict return rnmos rpmos rtran rtranif0 rtranif1 s_always s_eventually s_nexttime s_until
  s_until_with scalared sequence shortint shortreal showcancelled signed small soft solve specify
  specparam static string strong strong0 strong1 struct super supply0 supply1 sync_accept_on
  sync_reject_on table tagged task this throughout time timeprecision timeunit tran tranif0 tranif1 tri
  tri0 tri1 triand trior trireg type typedef union unique unique0 unsigned until until_with untyped use
  uwire var vectored virtual void wait wait_order wand weak weak0 weak1 while wildcard wire with within
  wor xnor xor`.split(/\s+/),
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
  if (node.op === 'instance') return `${node.instance.label}_${node.output}`;
  if (node.op === 'element') return `${wishedName(node.args[0]!)}_${node.index}`;
  if (node.op === 'subvector')
    return `${wishedName(node.args[0]!)}_${node.start === 0 ? 'first' : 'from'}_${node.start === 0 ? node.lanes : node.start}`;
  const word = FALLBACK[node.op] ?? node.op;
  return prefixed(node.section.prefix, word);
}

const SPELLED: Readonly<Record<string, string>> = {
  Σ: 'sum ',
  '·': '*',
  '←': '<-',
  '×': 'x',
  '−': '-',
  '±': '+-',
  '≤': '<=',
  '≥': '>=',
  '≠': '!=',
  '∞': 'inf',
  '…': '..',
  '→': '->',
  '²': '^2',
  '⌊': 'floor(',
  '⌋': ')',
  '–': '-',
  '—': '-',
  '’': "'",
};
/** Words at which tools take a comment for a command. */
const PRAGMA =
  /^(?=\s*(?:verilator|synopsys|synthesis|pragma|translate_|altera|xilinx|cadence|ambit|coverage|lint)\b)/i;

/**
 * Somebody's text as the rest of a comment line: ASCII, which every tool reads, without line ends, which would leave the
 * comment, and nothing that a tool obeys.
 */
export function comment(text: string): string {
  return text
    .replace(/[\t-\r\u0085\u2028\u2029]+/g, ' ')
    .replace(/[^\x20-\x7e]/g, c => SPELLED[c] ?? '?')
    .replace(PRAGMA, ': ');
}
