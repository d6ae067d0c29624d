import type { Exact, Policy } from '../formats/types.ts';
import type { Builder } from '../hdl/builder.ts';
import type { Signal, Vector } from '../hdl/signal.ts';

/** What a port carries: codes of a format, in one lane or several (lane 0 in the lowest bits). */
export interface Port {
  /** Format id, as in the command line. */
  readonly format: string;
  readonly lanes?: number;
  readonly doc: string;
}

/** An output: the golden's exact value is encoded by this policy (default: nearest even, infinity or NaN on overflow). */
export interface OutputPort extends Port {
  readonly policy?: Partial<Policy>;
}

export interface InputPort extends Port {
  /** The golden gets codes, as unsigned integers, in place of their values: for what is defined on the bits of a code. */
  readonly asCode?: boolean;
}

export interface Ports {
  readonly in: Readonly<Record<string, InputPort>>;
  readonly out: Readonly<Record<string, OutputPort>>;
}

/**
 * The value of a port. A plain number wherever each value of the format is a double (NaN, infinities and −0 as in
 * IEEE 754), else an exact one; a list of these for several lanes.
 */
export type PortValue = number | Exact | Float64Array | readonly number[] | readonly Exact[];

/**
 * The meaning of a unit, on exact values: what the standard says, in a few lines. It never sees the datapath, the
 * blocks or the DSL. One object stands for one unit with its state.
 */
export interface Golden<X, Y> {
  /** Back to the state after reset. */
  reset?(): void;
  /** One accepted beat. */
  step(inputs: X): Y;
}

/** The signals of the input ports, by name. */
export interface InputSignals {
  signal(port: string): Signal;
  vector(port: string): Vector;
}

/** The families of the catalogue, in the order in which they are listed. */
export const FAMILIES = [
  'fixed-point',
  'minifloat',
  'multiplier-free',
  'block-floating-point',
  'example',
] as const;

/** One entry of the catalogue. `P` are its parameters, `X` and `Y` the values of its input and output ports. */
export interface Unit<P, X = Record<string, PortValue>, Y = Record<string, PortValue>> {
  readonly id: string;
  readonly family: (typeof FAMILIES)[number];
  readonly summary: string;
  /** What it computes, a line each. */
  readonly equations: readonly string[];
  /** Where the numerics come from. */
  readonly source: string;
  /** Whether it keeps a running state: then it has `clk`, `rst` and `en`, and its latency counts that register. */
  readonly state: boolean;
  /** Names for settings of the parameters that deserve an entry of their own. */
  readonly presets?: Readonly<Record<string, { readonly summary: string; readonly params: Partial<P> }>>;
  /** What is wrong with a combination of parameters, each in a sentence that says what was expected. */
  check?(params: P): readonly string[];
  ports(params: P): Ports;
  golden(params: P): Golden<X, Y>;
  datapath(b: Builder, inputs: InputSignals, params: P): Readonly<Record<string, Signal | Vector>>;
  /** Beats that deserve a test of their own, beside the corner codes of the formats: codes by port, lanes in a list. */
  corners?(params: P): Iterable<Readonly<Record<string, bigint | readonly bigint[]>>>;
  /** More of them, thousands at times, which come after the corner codes of the formats: a short run is not made of these alone. */
  laterCorners?(params: P): Iterable<Readonly<Record<string, bigint | readonly bigint[]>>>;
  /** Beats that verification compares unless told otherwise, where the usual 100,000 do not lead a sum to where its alignment ends. */
  readonly beats?: number;
}

/** Checks the shape of a unit, and forgets its types so that one catalogue can hold them all. */
export function defineUnit<P extends object, X = Record<string, PortValue>, Y = Record<string, PortValue>>(
  unit: Unit<P, X, Y>,
): Unit<P, X, Y> {
  return unit;
}
