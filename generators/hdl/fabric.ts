import { type Delays, GENERIC_DELAYS } from './timing.ts';

/** What a datapath may ask about the FPGA family that it is for. Facts: the file of the target gives them. */
export interface Fabric {
  /** Id of the target; `generic` where the Verilog is for any. */
  readonly target: string;
  /**
   * Whether the table before a carry takes in logic on one operand: a conditional complement of that operand is then free. Where
   * the carry cell reads both operands from wires, as in iCE40, each such gate is a table of its own.
   */
  readonly adderAbsorbs: boolean;
  /** Whether it has blocks that multiply. */
  readonly multiplierBlocks: boolean;
  /** How long its cells take. */
  readonly delays: Delays;
}

/** Where no family is named: what no family is bad at. */
export const GENERIC: Fabric = {
  target: 'generic',
  adderAbsorbs: false,
  multiplierBlocks: true,
  delays: GENERIC_DELAYS,
};
