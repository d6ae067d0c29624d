import { TABLE_WIDTH } from './codes.ts';
import { type Format, FormatError, type Policy } from './types.ts';

/** The code in `to` of what `code` is in `from`, rounded once. */
export function convert(from: Format, to: Format, code: bigint, policy?: Partial<Policy>): bigint {
  return to.encode(from.decode(code), policy);
}

const tables = new WeakMap<Format, Float64Array>();

/** The values of all codes of a format of at most 16 bits, by code. The array is shared: do not write to it. */
export function valuesTable(format: Format): Float64Array {
  const known = tables.get(format);
  if (known !== undefined) return known;
  if (format.width > TABLE_WIDTH || !format.exactInDouble) {
    throw new FormatError(
      `${format.id} has no table of values`,
      `tables are for formats of at most ${TABLE_WIDTH} bits whose values are doubles`,
    );
  }
  const table = Float64Array.from({ length: 2 ** format.width }, (_, code) => format.decodeNumber(code));
  tables.set(format, table);
  return table;
}
