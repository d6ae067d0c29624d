import { Builder } from './builder.ts';
import { HdlError } from './diagnostics.ts';
import type { Cells, Node, Register, Submodule } from './node.ts';
import type { Signal, Vector } from './signal.ts';

/** A finished datapath: what feeds an output, in an order in which each node follows its arguments. */
export interface Netlist {
  readonly inputs: readonly Node[];
  readonly outputs: readonly { readonly name: string; readonly node: Node; readonly lsb: number }[];
  readonly registers: readonly Register[];
  readonly nodes: readonly Node[];
}

/** Ends the composition: checks the registers and leaves out all that no output depends on. */
export function freeze(builder: Builder, outputs: Record<string, Signal | Vector>): Netlist {
  const ends = Object.entries(outputs).map(([name, s]) => ({ name, node: builder.own(s), lsb: s.lsb }));
  for (const { name, node } of ends) builder.checkOutside(node, `output '${name}'`);
  const live = reachable(ends.map(e => e.node));
  const states = new Set<Register>();
  for (const node of live) {
    if (node.op !== 'register' && node.op !== 'after') continue;
    states.add(node.register);
    if (!node.register.next) {
      const text = `register '${node.register.name}' has no next value`;
      throw new HdlError('HDL-010', text, node.at, 'call next()');
    }
  }
  checkOrder(states, live);
  return {
    inputs: [...builder.inputs.values()],
    outputs: ends,
    registers: builder.registers.filter(r => states.has(r)),
    nodes: builder.nodes.filter(n => live.has(n)),
  };
}

/** All that some nodes depend on; through registers as well, unless told otherwise. */
export function reachable(ends: readonly Node[], throughRegisters = true): ReadonlySet<Node> {
  const live = new Set<Node>();
  const stack = [...ends];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (live.has(node)) continue;
    live.add(node);
    stack.push(...node.args);
    if (!throughRegisters || (node.op !== 'register' && node.op !== 'after')) continue;
    const { next, enable } = node.register;
    stack.push(...(next ? [next] : []), ...(enable ? [enable] : []));
  }
  return live;
}

/** What follows a register's clock edge cannot decide another register's next value in the same beat. */
function checkOrder(states: ReadonlySet<Register>, live: ReadonlySet<Node>): void {
  const late = new Set<Node>();
  for (const node of [...live].sort((a, b) => a.id - b.id))
    if (node.op === 'after' || node.args.some(a => late.has(a))) late.add(node);
  for (const { name, next, enable } of states) {
    for (const node of [next, enable]) {
      if (node === undefined || !late.has(node)) continue;
      const text = `the next value of register '${name}' depends on a register after the beat`;
      throw new HdlError('HDL-019', text, node.at, 'use the value before the beat, or what it takes next');
    }
  }
}

/**
 * A submodule: `compose` declares its inputs on the builder and returns its outputs. It must hold no state. `cells` is the same in cells
 * of an FPGA family, for synthesis.
 */
export function defineSubmodule(
  name: string,
  doc: string,
  compose: (b: Builder) => Record<string, Signal>,
  cells?: Cells,
): Submodule {
  const builder = new Builder();
  builder.checkName('submodule', name);
  const netlist = freeze(builder, compose(builder));
  if (netlist.registers.length > 0) {
    throw new HdlError('HDL-016', `submodule ${name} holds state`, '', 'keep registers in the unit');
  }
  const { inputs, outputs: ends, nodes } = netlist;
  return { name, doc, ...(cells === undefined ? {} : { cells }), inputs, outputs: ends, nodes };
}
