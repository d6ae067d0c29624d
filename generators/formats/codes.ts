import { FormatError } from './types.ts';

/** Widest format of which all values are kept in a table: 2^16 doubles are 512 KiB. */
export const TABLE_WIDTH = 16;

/** Widest format with a path on plain numbers. */
export const NUMBER_WIDTH = 32;

/** FormatError unless `code` is a code of `width` bits. */
export function checkCode(id: string, width: number, code: bigint | number): void {
  if (
    code >= 0 &&
    (typeof code === 'bigint' ? code >> BigInt(width) === 0n : code < 2 ** width && code % 1 === 0)
  ) {
    return;
  }
  throw new FormatError(`${code} is not a code of ${id}`, `codes are integers from 0 to 2^${width} − 1`);
}

/** `decode` with checked codes, and for narrow formats by a table that is made at the first call. */
export function numberDecoder(
  id: string,
  width: number,
  decode: (code: number) => number,
): (code: number) => number {
  if (width > TABLE_WIDTH) {
    return code => {
      checkCode(id, width, code);
      return decode(code);
    };
  }
  let table: Float64Array | undefined;
  return code => {
    table ??= Float64Array.from({ length: 2 ** width }, (_, index) => decode(index));
    const value = table[code];
    if (value === undefined) checkCode(id, width, code);
    return value;
  };
}

/** Stands for the number functions of a format that is too wide for them, or has values that are not doubles. */
export function noNumbers(id: string): () => never {
  return () => {
    throw new FormatError(
      `${id} has no path on plain numbers`,
      `codes are wider than ${NUMBER_WIDTH} bits or values are not doubles; use decode and encode`,
    );
  };
}
