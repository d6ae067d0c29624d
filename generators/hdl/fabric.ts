/** What a datapath may ask about the FPGA family that it is for. Facts: the file of the target gives them. */
export interface Fabric {
  /** Id of the target; `generic` where the Verilog is for any. */
  readonly target: string;
  /**
   * Whether the table before a carry takes in logic on one operand: a conditional complement of that operand is then free. Where
   * the carry cell reads both operands from wires, as in iCE40, each such gate is a table of its own.
   */
  readonly adderAbsorbs: boolean;
}

/** Where no family is named: what no family is bad at. */
export const GENERIC: Fabric = { target: 'generic', adderAbsorbs: false };
