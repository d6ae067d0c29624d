import { built } from '../built.ts';

const { chooseParameters, findOrLoad } =
  await built<typeof import('../../generators/cli/options.ts')>('generators/cli/options');
const { emit } = await built<typeof import('../../generators/cli/session.ts')>('generators/cli/session');
const { design } = await built<typeof import('../../generators/emit/design.ts')>('generators/emit/design');
export const { problemFor, prove } = await built<typeof import('../../sim/prove.ts')>('sim/prove');
export const { findSolver } = await built<typeof import('../../sim/solver.ts')>('sim/solver');
export const { Yosys } = await built<typeof import('../../sim/yosys.ts')>('sim/yosys');

export type Flags = Readonly<Record<string, string | boolean>>;
type Goal = Partial<import('../../generators/emit/design.ts').Goal>;

/** A unit with its Verilog. */
export async function composed(id: string, flags: Flags = {}, goal: Goal = {}) {
  const { found, unit } = await findOrLoad(id);
  const chosen = await chooseParameters(flags, id, found, unit);
  const made = design(chosen.unit, chosen.params, { stages: 0, shell: 'bare', multipliers: 'auto', ...goal });
  return emit(made, chosen);
}

/** The text with one piece replaced, which must be there. */
export function replaced(text: string, from: string | RegExp, to: string): string {
  const changed = text.replace(from, to);
  if (changed === text) throw new Error(`the Verilog has no '${from}'`);
  return changed;
}
