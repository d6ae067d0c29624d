import { parseFormat } from '../formats/parse.ts';

/** What is wrong with a format of the elements of dynamic fixed point. */
export function elementProblems(id: string): string[] {
  const { signed, width } = parseFormat(id);
  return signed && width >= 2 && width <= 24
    ? []
    : [`elements of dynamic fixed point are signed integers of 2 to 24 bits, not ${id}; choose one as int16`];
}
