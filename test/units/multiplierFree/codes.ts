import type { Design, Parameters } from '../../../generators/emit/design.ts';
import { answersOf, type Codes, designOf } from '../answers.ts';

/** Two's complement codes of integers. */
export const codes = (width: number, values: readonly number[]): bigint[] =>
  values.map(v => BigInt.asUintN(width, BigInt(v)));

/** The bits of a number, the lowest first. */
export const bitsOf = (value: number, count: number): bigint[] =>
  Array.from({ length: count }, (_, i) => BigInt(Math.floor(value / 2 ** i) % 2));

/** The signed integer of a code of an output, by its name. */
export const signed = (width: number, code: bigint | bigint[] | undefined): number =>
  Number(BigInt.asIntN(width, code as bigint));

const designs = new Map<string, Design>();

/** What golden model and datapath both answer; throws where they differ. */
export async function answers(
  unit: string,
  params: Parameters,
  beats: readonly Codes[],
): Promise<Record<string, bigint | bigint[]>[]> {
  const key = `${unit} ${JSON.stringify(params)}`;
  const made = designs.get(key) ?? (await designOf(unit, params));
  designs.set(key, made);
  const [golden, datapath] = [answersOf(made, beats), answersOf(made, beats, 'interpreter')];
  golden.forEach((expected, k) => {
    const show = (x: unknown): string => JSON.stringify(x, (_, v) => (typeof v === 'bigint' ? `${v}` : v));
    if (show(expected) !== show(datapath[k]))
      throw new Error(
        `${unit}: golden ${show(expected)}, datapath ${show(datapath[k])} for ${show(beats[k])}`,
      );
  });
  return golden;
}
