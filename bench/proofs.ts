import type { Goal, Parameters } from '../generators/emit/design.ts';
import { FORMATS } from '../generators/formats/catalogue.ts';
import { parseFormat } from '../generators/formats/parse.ts';

/** A proof of the project: a unit with the parameters that are not the default. */
export interface Proof {
  readonly unit: string;
  readonly params: Parameters;
  readonly goal?: Partial<Goal>;
}

/** The roundings of SMT-LIB, and rounding to odd. */
const ROUNDINGS = ['rne', 'rna', 'rtz', 'rup', 'rdn', 'odd'];
const FIXED_ROUNDINGS = [...ROUNDINGS, 'rhu', 'rhd', 'rhz', 'trn', 'stochastic'];
const FIXED_OVERFLOWS = ['saturate', 'wrap', 'satsym', 'satzero', 'wrapsm'];

/** The named floats of up to so many bits. */
function floatsUpTo(bits: number): string[] {
  const formats = FORMATS.map(f => parseFormat(f.id));
  return formats.filter(f => f.float && f.width <= bits).map(f => f.id);
}

/** A proof for each combination of the choices. */
function* each(
  unit: string,
  params: Parameters,
  choices: Record<string, readonly string[]>,
): Generator<Proof> {
  const [first, ...rest] = Object.entries(choices);
  if (!first) {
    yield { unit, params };
    return;
  }
  const [name, values] = first;
  for (const value of values) yield* each(unit, { ...params, [name]: value }, Object.fromEntries(rest));
}

/** All proofs, in the order of their table. */
export function* proofs(): Generator<Proof> {
  const small = floatsUpTo(8);
  const modes = { round: ROUNDINGS, overflow: ['saturate', 'special'] };
  for (const from of ['fix16.12', 'int12', 'ufix10.6'])
    for (const to of ['fix8.4', 'ufix8.4']) {
      const overflow = FIXED_OVERFLOWS.filter(o => o !== 'wrapsm' || to === 'fix8.4');
      yield* each('fx-cast', { from, to }, { round: FIXED_ROUNDINGS, overflow });
    }
  for (const unit of ['fp-mul', 'fp-add']) {
    for (const f of small) yield* each(unit, { a: f, b: f, result: f }, modes);
    for (const f of small) yield { unit, params: { a: f, b: f, result: f, subnormals: 'flush' } };
  }
  const dot = { unit: 'fp-dot', params: { lanes: 4, a: 'e2m1', b: 'e2m1' } };
  yield dot;
  yield { ...dot, goal: { stages: 2 } };
  const half = { a: 'fp16', b: 'fp16', result: 'fp16' };
  yield* each('fp-add', { ...half, overflow: 'special' }, { round: ROUNDINGS });
  yield* each('fp-add', half, { overflow: ['saturate'] });
  // All codes of these are finite: there is nothing that `special` would do.
  for (const f of floatsUpTo(6)) yield* each('fp-fma', { a: f, b: f, c: f, result: f }, { round: ROUNDINGS });
  for (const from of [...small, 'fp32', 'fp16', 'bf16'])
    for (const to of small.filter(t => t !== from)) {
      yield* each('fp-convert', { from, to }, { round: ROUNDINGS });
      yield* each('fp-convert', { from, to }, { overflow: ['special'] });
    }
  for (const f of [...small, 'fp16', 'bf16', 'fp32'])
    yield* each('fp-cmp', { a: f, b: f }, { nan: ['propagate', 'number'] });
}
