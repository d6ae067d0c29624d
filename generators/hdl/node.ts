/** The nodes of a netlist: integers with exact ranges, and loops over lanes. */

/** A loop over lanes. A node inside stands for one value per lane. */
export interface Region {
  readonly id: number;
  readonly count: number;
  readonly label: string;
  readonly parent: Region | null;
}

/** A part of the datapath that a reader sees under one heading; its prefix goes in front of the names inside. */
export interface Section {
  readonly title: string;
  readonly prefix: string;
}

/** A constant function of a small index. */
export interface Table {
  readonly name: string;
  readonly doc: string;
  readonly values: readonly bigint[];
  /** Whether synthesis is to leave it as it is, because each of its bits is one LUT of the family. */
  readonly kept: boolean;
}

/** A state register. It takes its next value with each accepted beat, where `enable` (if any) is true as well. */
export interface Register {
  readonly name: string;
  readonly init: bigint;
  next: Node | undefined;
  enable: Node | undefined;
}

/** One use of a submodule. */
export interface Instance {
  readonly label: string;
  readonly module: Submodule;
  readonly inputs: readonly string[];
}

/** Cells of an FPGA family that were chosen by hand, because synthesis would not infer them. */
export interface Cells {
  /** What stands between the port list and `endmodule`. */
  readonly verilog: string;
  /** LUTs one behind the other on the slowest path, before its carry chain where it has one. */
  readonly luts: number;
  readonly chain: boolean;
  /** Set where the mapper of synthesis is not to look into it. */
  readonly kept?: true;
}

/** A combinational module that may be used many times. */
export interface Submodule {
  readonly name: string;
  readonly doc: string;
  /** The same in cells of an FPGA family: synthesis takes these, what simulates takes the nodes. */
  readonly cells?: Cells;
  readonly inputs: readonly Node[];
  readonly outputs: readonly { readonly name: string; readonly node: Node }[];
  readonly nodes: readonly Node[];
}

/** What a node computes from its arguments. Values are integers; bits are two's complement of the node's width. */
export type Operation =
  | { readonly op: 'const'; readonly value: bigint }
  | { readonly op: 'input'; readonly port: string }
  /** Two arguments. `lt` and `eq` give one bit. */
  | { readonly op: 'add' | 'sub' | 'mul' | 'and' | 'or' | 'xor' | 'eq' | 'lt' }
  /** Value, amount (never negative). `shr` floors; `within` keeps the low bits of the node's width only. */
  | { readonly op: 'shl'; readonly within: boolean }
  | { readonly op: 'shr' }
  /** All bits inverted. */
  | { readonly op: 'not' }
  /** Condition, value: the negative of the value where the condition holds. */
  | { readonly op: 'negateIf' }
  /** Condition, value where it holds, value where not. */
  | { readonly op: 'mux' }
  /** `width` bits from bit `low` up, read as unsigned. */
  | { readonly op: 'bits'; readonly low: number }
  /** The low bits, read with the node's own signedness. */
  | { readonly op: 'wrap' }
  /** The same value, claimed to lie in a smaller range. Simulation checks the claim. */
  | { readonly op: 'narrow' }
  /** All arguments side by side, the first in the most significant bits. */
  | { readonly op: 'concat' }
  | { readonly op: 'any' | 'all' | 'parity' }
  | { readonly op: 'table'; readonly table: Table }
  /** The register before this beat; and after it. */
  | { readonly op: 'register' | 'after'; readonly register: Register }
  | { readonly op: 'instance'; readonly instance: Instance; readonly output: string }
  /** Inside a loop: lane `stride·i + offset` of a vector; or, for a node with lanes, the i-th chunk of that many. */
  | { readonly op: 'lane'; readonly stride: number; readonly offset: number }
  /** Out of a loop: one vector of what each lane computed. */
  | { readonly op: 'gather'; readonly over: Region }
  /** One lane, or a run of lanes, of a vector. */
  | { readonly op: 'element'; readonly index: number }
  | { readonly op: 'subvector'; readonly start: number }
  /** A vector as one bit string, lane 0 lowest; and back. */
  | { readonly op: 'pack' | 'unpack' };

export interface NodeBase {
  readonly id: number;
  readonly args: readonly Node[];
  /** Least and greatest value (of each lane). */
  readonly min: bigint;
  readonly max: bigint;
  /** Bits (of each lane). */
  readonly width: number;
  readonly signed: boolean;
  /** 0 for a single value, else the number of lanes of a vector. */
  readonly lanes: number;
  readonly region: Region | null;
  readonly section: Section;
  /** Name and source position of the variable that holds the value; `fixedName` is never changed. */
  name: string | undefined;
  at: string;
}

export type Node = NodeBase & Operation;

/** Bits of a non-negative integer; 1 for zero, since a wire has at least one bit. */
export function bitLength(value: bigint): number {
  return value === 0n ? 1 : value.toString(2).length;
}

/** The fewest bits that hold every integer of a range, in two's complement when it reaches below zero. */
export function widthOf(min: bigint, max: bigint): number {
  if (min >= 0n) return bitLength(max);
  const below = min === -1n ? 1 : bitLength(-min - 1n) + 1;
  const above = max < 0n ? 1 : max === 0n ? 1 : bitLength(max) + 1;
  return Math.max(below, above);
}

/** All bits of a node, lanes included. */
export function totalWidth(node: Node): number {
  return node.width * Math.max(1, node.lanes);
}
