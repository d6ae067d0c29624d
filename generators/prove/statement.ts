import type { DesignPort, Parameters } from '../emit/design.ts';
import type { Format } from '../formats/types.ts';
import type { Bits, Bool, Script } from './smt.ts';

/** What a statement speaks about: the codes of one beat, and of the answer to it. */
export interface Subject {
  readonly script: Script;
  readonly params: Parameters;
  /** The codes of a port, lane by lane; of a port without lanes, one. */
  lanes(port: string): readonly Bits[];
  /** The code of a port without lanes. */
  code(port: string): Bits;
  format(port: string): Format;
  has(port: string): boolean;
  readonly outputs: readonly DesignPort[];
}

/** A part of all inputs. Parts may overlap; whatever is in none of them is proved as a last case. */
export interface Part {
  readonly name: string;
  readonly when: Bool;
}

/** What a unit computes, said without its datapath, its blocks or its golden model. */
export interface Statement {
  /** One line for people. */
  words(params: Parameters, outputs: readonly DesignPort[]): string;
  /** For each output, what its code must fulfil. Throws `NotStatable` for parameters of which nothing can be said. */
  holds(subject: Subject): Readonly<Record<string, Bool>>;
  /** Inputs to be proved apart, since that is easier. */
  parts?(subject: Subject): readonly Part[];
}
