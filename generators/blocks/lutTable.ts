/** Contents of LUTs, for cells that are set by hand. */

/** A table of so many inputs, of which I0 is the lowest bit of the index; as an integer whose bit `index` is the output. */
export function lutTable(inputs: number, output: (bits: readonly number[]) => number | boolean): bigint {
  let table = 0n;
  for (let index = 0; index < 1 << inputs; index++) {
    const bits = Array.from({ length: inputs }, (_, n) => (index >> n) & 1);
    if (output(bits)) table |= 1n << BigInt(index);
  }
  return table;
}

/** The literal of a table. */
export function lutLiteral(inputs: number, table: bigint): string {
  const bits = 1 << inputs;
  return `${bits}'h${table
    .toString(16)
    .toUpperCase()
    .padStart(bits / 4, '0')}`;
}

/** The literal of a LUT6_2 by its two tables of five inputs: what O6 is with I5, and what it is without, which O5 always is. */
export function twoTables(withI5: bigint, without: bigint): string {
  return lutLiteral(6, (withI5 << 32n) | without);
}
