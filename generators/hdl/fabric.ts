import { type Delays, GENERIC_DELAYS } from './timing.ts';

/** The multiplier block of a family, as far as synthesis is known to put a sum of products into a cascade of it. */
export interface DspBlock {
  /** Bits of the two factors, both signed, the wider first. A sum of two terms is free before the wider one. */
  readonly factors: readonly [number, number];
  /** Bits of the sum that goes from block to block. */
  readonly sum: number;
  /** Bits of the narrowest product that synthesis puts into a block when it may choose. */
  readonly leastProduct: number;
}

/** A carry cell of four bits (7 series), or of eight (UltraScale). */
export type CarryCell = 'CARRY4' | 'CARRY8';

/** What a datapath may ask about the FPGA family that it is for. Facts: the file of the target gives them. */
export interface Fabric {
  /** Id of the target; `generic` where the Verilog is for any. */
  readonly target: string;
  /** Inputs of the largest single LUT; absent where no family is named. */
  readonly lutInputs?: number;
  /**
   * Whether the table before a carry takes in logic on one operand: a conditional complement of that operand is then free. Where
   * the carry cell reads both operands from wires, as in iCE40, each such gate is a table of its own.
   */
  readonly adderAbsorbs: boolean;
  /** Whether the table that gives a bit of a sum has an input left: a conditional complement of a sum is then free. */
  readonly sumComplements: boolean;
  /** Whether a netlist has the carry out of a chain as a signal, which takes no LUT of its own; absent where that is not so. */
  readonly carriesOut?: true;
  /** Cells of which an adder of three operands is made that takes one LUT a bit; absent where we know of none. */
  readonly threeOperands?: CarryCell;
  /**
   * Cells of which an adder is made that leaves out, complements or chooses its right operand at no cost, or adds differences of two bits;
   * absent where we know of none.
   */
  readonly selectingAdder?: 'CCU2C';
  /** Cell that is one table, to set by hand, beside carries too, what synthesis would make larger; absent where the generator has no use for it. */
  readonly lutCell?: 'SB_LUT4';
  /** Cell that is two tables of the same inputs, one fewer than the largest LUT has; absent where we know of none. */
  readonly twoOutputs?: 'LUT6_2';
  /** Whether it has blocks that multiply. */
  readonly multiplierBlocks: boolean;
  /** How long its cells take. */
  readonly delays: Delays;
  /** Absent where the datapath is to leave products to synthesis. */
  readonly dsp?: DspBlock;
}

/** Where no family is named: what no family is bad at. */
export const GENERIC: Fabric = {
  target: 'generic',
  adderAbsorbs: false,
  sumComplements: false,
  multiplierBlocks: true,
  delays: GENERIC_DELAYS,
};
