/** One netlist that holds many faults: an input chooses which of them is there, and 0 chooses none. */
import type { Netlist } from '../generators/hdl/module.ts';
import type { Node, Operation, Region, Register } from '../generators/hdl/node.ts';
import { widthOf } from '../generators/hdl/node.ts';
import { type Fault, fullRange, type Make } from './operators.ts';

/** Name of the input that chooses the fault. */
export const SELECT = 'mutant';
/** Its bits; so a netlist holds up to 255 faults. */
export const SELECT_BITS = 8;
export const MOST_MUTANTS = 2 ** SELECT_BITS - 1;

/** The netlist with all the faults in it, the first with number 1. */
export function withFaults(netlist: Netlist, faults: readonly Fault[]): Netlist {
  return new Schemata(netlist, faults).build();
}

class Schemata {
  private readonly nodes: Node[] = [];
  private readonly select: Node;
  private readonly faultsOf = new Map<Node, [Fault, number][]>();
  private readonly chosen = new Map<number, Node>();
  private readonly registers: Map<Register, Register>;

  constructor(
    private readonly netlist: Netlist,
    faults: readonly Fault[],
  ) {
    this.registers = new Map(netlist.registers.map(r => [r, { ...r }]));
    const shape = { width: SELECT_BITS, signed: false, region: null, name: SELECT };
    this.select = this.add({ op: 'input', port: SELECT }, [], fullRange(SELECT_BITS, false), shape);
    faults.forEach((fault, i) => {
      const list = this.faultsOf.get(fault.node) ?? [];
      this.faultsOf.set(fault.node, [...list, [fault, i + 1]]);
      const number = this.add({ op: 'const', value: BigInt(i + 1) }, [], {
        min: BigInt(i + 1),
        max: BigInt(i + 1),
      });
      this.chosen.set(i + 1, this.add({ op: 'eq' }, [this.select, number], { min: 0n, max: 1n }));
    });
  }

  build(): Netlist {
    const made = new Map<Node, Node>();
    for (const node of this.netlist.nodes) {
      const args = node.args.map(a => made.get(a)!);
      let current = this.copy(node, args);
      // Each fault starts from the node as it was: faults do not see each other.
      const original = current;
      for (const [fault, number] of this.faultsOf.get(node) ?? [])
        if (fault.value) current = this.guarded(number, fault.value(original, this.maker(original)), current);
      made.set(node, current);
    }
    this.mutateRegisters(made);
    return {
      inputs: [...this.netlist.inputs.map(n => made.get(n)!), this.select],
      outputs: this.netlist.outputs.map(o => ({ ...o, node: made.get(o.node)! })),
      registers: [...this.registers.values()],
      nodes: this.nodes,
    };
  }

  /** The faulty value, in the bits of the right one, where the fault is chosen. */
  private guarded(number: number, faulty: Node, current: Node): Node {
    const { width, signed, region } = current;
    const fitted = this.add({ op: 'wrap' }, [faulty], fullRange(width, signed), { width, signed, region });
    const shape = { width, signed, region };
    return this.add({ op: 'mux' }, [this.chosen.get(number)!, fitted, current], current, shape);
  }

  /** Registers keep their places; their faults change what they take, and how they are read. */
  private mutateRegisters(made: Map<Node, Node>): void {
    for (const [old, register] of this.registers) {
      register.next = made.get(old.next!)!;
      register.enable = old.enable && made.get(old.enable)!;
    }
    const bit = { min: 0n, max: 1n };
    for (const [node, faults] of this.faultsOf) {
      if (node.op !== 'register' && node.op !== 'after') continue;
      const register = this.registers.get(node.register)!;
      for (const [fault, number] of faults) {
        const chosen = this.chosen.get(number)!;
        if (fault.register === 'always enabled')
          register.enable = this.add({ op: 'or' }, [register.enable!, chosen], bit);
        // Its last bit is kept inverted, so that the reset leaves another value: inverted on the way in, and by `copy` on the way out.
        else if (fault.register) register.next = this.invertedIf(chosen, register.next!);
      }
    }
  }

  private invertedIf(chosen: Node, value: Node): Node {
    const { width, signed } = value;
    const bits =
      width === 1 && !signed
        ? chosen
        : this.add({ op: 'wrap' }, [chosen], fullRange(width, signed), { width, signed });
    return this.add({ op: 'xor' }, [value, bits], fullRange(width, signed), { width, signed });
  }

  private copy(node: Node, args: readonly Node[]): Node {
    if (node.op !== 'register' && node.op !== 'after') return this.push({ ...node, args });
    const register = this.registers.get(node.register)!;
    let copy = this.push({ ...node, args, register });
    for (const [other, faults] of this.faultsOf) {
      if ((other.op !== 'register' && other.op !== 'after') || other.register !== node.register) continue;
      for (const [fault, number] of faults)
        if (fault.register === 'starts from another value')
          copy = this.invertedIf(this.chosen.get(number)!, copy);
    }
    return copy;
  }

  /** What a fault makes its nodes with: in the loop that the node is in. */
  private maker(at: Node): Make {
    return (operation, args, { min, max }, shape) => {
      const mapped =
        operation.op === 'register'
          ? { ...operation, register: this.registers.get(operation.register) ?? operation.register }
          : operation;
      const region = operation.op === 'const' || operation.op === 'register' ? null : at.region;
      return this.add(mapped, args, { min, max }, { ...shape, region });
    };
  }

  private add(
    operation: Operation,
    args: readonly Node[],
    { min, max }: { readonly min: bigint; readonly max: bigint },
    shape: { width?: number; signed?: boolean; region?: Region | null; name?: string } = {},
  ): Node {
    const { width = widthOf(min, max), signed = min < 0n, region = null, name } = shape;
    const section = { title: '', prefix: '' };
    return this.push({
      ...onlyOperation(operation),
      id: 0,
      args,
      min,
      max,
      width,
      signed,
      lanes: 0,
      region,
      section,
      name,
      at: '',
    });
  }

  private push(node: Node): Node {
    const placed = { ...node, id: this.nodes.length };
    this.nodes.push(placed);
    return placed;
  }
}

/** The fields that belong to the operation; a node that is given as one keeps its own place to itself. */
function onlyOperation(operation: Operation): Operation {
  const { id, args, min, max, width, signed, lanes, region, section, name, at, ...rest } = operation as Node;
  return rest as Operation;
}
