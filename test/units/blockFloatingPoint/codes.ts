import { parseFormat } from '../../../generators/formats/parse.ts';

/** The codes of some numbers, rounded to nearest even where need be. */
export function codesOf(format: string, values: readonly number[]): bigint[] {
  const f = parseFormat(format);
  return values.map(x => BigInt(f.encodeNumber(x, { overflow: 'special' })));
}

export function numberOf(format: string, code: bigint): number {
  return parseFormat(format).decodeNumber(Number(code));
}

/** What codes mean; a list. */
export function numbersOf(format: string, codes: bigint | readonly bigint[] | undefined): number[] {
  const f = parseFormat(format);
  return (codes as readonly bigint[]).map(code => f.decodeNumber(Number(code)));
}

export const hex = (...codes: readonly number[]): bigint[] => codes.map(BigInt);
