/**
 * What is co-simulated in `npm test`: a unit or preset, with parameters and goals that differ from the defaults. Each unit
 * of the catalogue has a row at least; a list stands for all of its values, and a row for all combinations of its lists.
 * Where a unit without state has up to 16 input bits, all inputs are tried; `SUBBYTE_EXHAUSTIVE_BITS=24 npm test` goes further.
 */
export interface Row {
  readonly unit: string;
  readonly params?: Readonly<Record<string, Setting | readonly Setting[]>>;
  readonly stages?: number | readonly number[];
  readonly shell?: 'bare' | 'valid' | 'stream';
  /** Clocks from one beat to the next, for a unit with state. */
  readonly initiation?: number | readonly number[];
  readonly multipliers?: 'auto' | 'dsp' | 'logic';
  /** Families that the Verilog is for; any by default. */
  readonly target?: string | readonly string[];
  /** Beats for each combination (default 4000). */
  readonly vectors?: number;
}
/** A parameter that is a list of numbers stands in a list itself: `[[1, 2]]` is one value. */
export type Setting = number | string | boolean | readonly number[];
