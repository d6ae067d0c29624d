/** What went wrong while a datapath was composed. Every code stands once in this table, with what it means. */
export const HDL_CODES = {
  'HDL-001': 'A slice reaches beyond the bits of the signal.',
  'HDL-002': 'A shift amount can be negative.',
  'HDL-003': 'A table has no entry for some value of its index.',
  'HDL-004': 'A bit-wise operator met a signal that can be negative.',
  'HDL-005': 'A condition is not one bit wide.',
  'HDL-006': 'A range or width is empty or not an integer.',
  'HDL-007': 'A claimed range lies outside what the signal can hold.',
  'HDL-008': 'Vectors with different numbers of lanes met.',
  'HDL-009': 'A signal left the loop over lanes that it belongs to.',
  'HDL-010': 'A register has no next value, or two.',
  'HDL-011': 'A value does not fit the register or output that it is assigned to.',
  'HDL-012': 'Signals of two modules were mixed.',
  'HDL-013': 'A name cannot be used in Verilog.',
  'HDL-014': 'Two ports, or two registers, have the same name.',
  'HDL-015': 'An instance lacks an input, or was given one that the module does not have.',
  'HDL-016': 'A submodule holds state.',
  'HDL-017': 'A claim about the range of a signal was false in simulation.',
  'HDL-018': 'Binary points differ where they must be equal.',
  'HDL-019': 'A next value depends on what a register holds after the beat.',
  'HDL-020': 'The datapath and the declared ports do not agree.',
} as const;

export type HdlCode = keyof typeof HDL_CODES;

/** A mistake in a datapath: code, what happened with the names of the signals, where in the source, and what to do. */
export class HdlError extends Error {
  override readonly name = 'HdlError';
  constructor(
    readonly code: HdlCode,
    readonly text: string,
    readonly at: string,
    readonly hint: string,
  ) {
    super(`${code} ${text}${at ? ` | at ${at}` : ''} | hint: ${hint}`);
  }
}
