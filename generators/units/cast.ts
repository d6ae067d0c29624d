import { roundToFixed } from '../blocks/fixed.ts';
import { exactOf, type Value } from '../formats/arithmetic.ts';
import { parseFormat } from '../formats/parse.ts';
import type { Policy } from '../formats/types.ts';
import type { Builder } from '../hdl/builder.ts';
import type { Signal } from '../hdl/signal.ts';
import type { InputSignals, OutputPort, Port } from './unit.ts';

/** How an exact result is brought to a fixed-point format. The defaults are those of common accelerators in HLS: AP_RND, AP_SAT. */
export interface CastParams {
  /** Rounding. `rhu`, nearest with ties up, is the cheapest to the nearest; `stochastic` adds the bits of port `rnd`. @default rhu */
  round: 'rne' | 'rna' | 'rtz' | 'rup' | 'rdn' | 'odd' | 'stochastic' | 'rhu' | 'rhd' | 'rhz' | 'trn';
  /** What becomes of a rounded value that does not fit; `special` saturates, as there is no infinity. @default saturate */
  overflow: 'saturate' | 'special' | 'wrap' | 'satsym' | 'satzero' | 'wrapsm';
  /** For stochastic rounding: width of `rnd`, a fraction below the last bit of the result. @min 1 @max 32 @default 8 */
  randomBits: number;
}

/** What is wrong with a cast to `to`. */
export function castProblems(to: string, { overflow }: CastParams): string[] {
  return overflow === 'wrapsm' && !parseFormat(to).signed
    ? [`overflow wrapsm wraps sign and magnitude, but ${to} is unsigned; choose a signed format, or wrap`]
    : [];
}

/** The random bits, where the rounding needs them. */
export function randomPort({ round, randomBits }: CastParams): Record<string, Port> {
  if (round !== 'stochastic') return {};
  return { rnd: { format: `uint${randomBits}`, doc: 'random bits for the rounding, uniform' } };
}

/** The output of a cast. */
export function castPort(to: string, { round, overflow }: CastParams, doc: string): OutputPort {
  // Stochastic rounding depends on an input, so that the golden does it itself.
  return { format: to, doc, policy: round === 'stochastic' ? {} : { round, overflow } };
}

/** The cast of a golden: the port rounds, except by the random bits of this beat. */
export function goldenCast(to: string, { round, overflow, randomBits }: CastParams) {
  if (round !== 'stochastic') return (value: Value): Value => value;
  const format = parseFormat(to);
  return (value: Value, random: Value | undefined): Value => {
    const bits = BigInt(random as number);
    const policy: Partial<Policy> = { round, overflow, random: { bits, count: randomBits } };
    return format.decode(format.encode(exactOf(value), policy));
  };
}

/** The cast of a datapath. */
export function cast(
  b: Builder,
  inputs: InputSignals,
  value: Signal,
  to: string,
  { round, overflow }: CastParams,
): Signal {
  const random = round === 'stochastic' ? { random: inputs.signal('rnd') } : {};
  return b.scope('', `Cast to ${to}: ${round}, ${overflow}`, () =>
    roundToFixed(b, value, parseFormat(to), { round, overflow, ...random }),
  );
}
