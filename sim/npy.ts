import { readFile, writeFile } from 'node:fs/promises';
import { endianness } from 'node:os';
import { FormatError } from '../generators/formats/types.ts';

/** The element types that are read and written, by their NumPy name. */
const TYPES = {
  '<f4': Float32Array,
  '<f8': Float64Array,
  '|i1': Int8Array,
  '|u1': Uint8Array,
  '<i2': Int16Array,
  '<u2': Uint16Array,
  '<i4': Int32Array,
  '<u4': Uint32Array,
  '<i8': BigInt64Array,
} as const;

export type NpyType = keyof typeof TYPES;
export type NpyData =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array;

/** An array in C order: the last index runs fastest. */
export interface NpyArray {
  readonly shape: readonly number[];
  readonly data: NpyData;
}

const MAGIC = Buffer.from('\x93NUMPY', 'latin1');
/** More elements than this are refused before anything is allocated. */
const MOST_ELEMENTS = 2 ** 31;
const ALIGNMENT = 64;

/** Reads a `.npy` file. FormatError, in one line, for one that is not as expected. */
export async function readNpy(path: string): Promise<NpyArray> {
  return parseNpy(await readFile(path), path);
}

/** Writes a `.npy` file, version 1.0. */
export async function writeNpy(path: string, array: NpyArray): Promise<void> {
  await writeFile(path, formatNpy(array));
}

/**
 * The array in the bytes of a NumPy `.npy` file (versions 1 to 3): little-endian float32/64, int8 to int64, uint8 to
 * uint32, in C order. FormatError, naming `name`, for anything else.
 */
export function parseNpy(bytes: Uint8Array, name = 'npy'): NpyArray {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const fail = (what: string, expected: string): never => {
    throw new FormatError(`${name}: ${what}`, expected);
  };
  if (!file.subarray(0, MAGIC.length).equals(MAGIC)) {
    fail('not a NumPy array', 'expected a .npy file, which starts with \\x93NUMPY');
  }
  const major = file[6];
  if (major === undefined || major < 1 || major > 3) {
    fail(`version ${major ?? 'missing'} of the format`, 'expected version 1, 2 or 3');
  }
  const prefix = major === 1 ? 10 : 12;
  if (file.length < prefix) fail('truncated within the header', `expected at least ${prefix} bytes`);
  const start = prefix + (major === 1 ? file.readUInt16LE(8) : file.readUInt32LE(8));
  if (file.length < start) {
    fail('truncated within the header', `expected ${start} bytes of header, the file has ${file.length}`);
  }
  const { descr, fortran, shape } = readHeader(file.toString('utf8', prefix, start), fail);
  if (!isType(descr)) {
    return fail(`element type ${JSON.stringify(descr)}`, `expected one of ${Object.keys(TYPES).join(', ')}`);
  }
  if (fortran) fail('in Fortran order', 'expected C order; save numpy.ascontiguousarray(x) instead');
  const count = elementsOf(shape);
  const text = `shape (${shape.join(', ')})`;
  if (!(count <= MOST_ELEMENTS)) fail(`${text} is too large`, 'expected at most 2^31 elements');
  const size = count * TYPES[descr].BYTES_PER_ELEMENT;
  const present = file.length - start;
  if (present !== size) {
    const what = present < size ? 'truncated' : 'longer than its array';
    fail(what, `expected ${size} bytes of data for ${text} of ${descr}, found ${present}`);
  }
  return { shape, data: fromBytes(descr, file.subarray(start)) };
}

/** The bytes of a `.npy` file, version 1.0. RangeError when shape and data do not agree. */
export function formatNpy({ shape, data }: NpyArray): Uint8Array {
  if (elementsOf(shape) !== data.length) {
    throw new RangeError(`shape (${shape.join(', ')}) does not hold ${data.length} elements`);
  }
  const descr = typeOf(data);
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const length = Math.ceil((10 + header.length + 1) / ALIGNMENT) * ALIGNMENT - 10;
  const prefix = Buffer.alloc(10);
  MAGIC.copy(prefix);
  prefix[6] = 1;
  prefix.writeUInt16LE(length, 8);
  const body = Buffer.from(`${header.padEnd(length - 1)}\n`, 'latin1');
  return Buffer.concat([prefix, body, littleEndian(data)]);
}

const isType = (descr: string): descr is NpyType => Object.hasOwn(TYPES, descr);

const elementsOf = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);

function typeOf(data: NpyData): NpyType {
  const types = Object.entries(TYPES) as [NpyType, (typeof TYPES)[NpyType]][];
  return types.find(([, type]) => data instanceof type)![0];
}

interface Header {
  readonly descr: string;
  readonly fortran: boolean;
  readonly shape: readonly number[];
}

/** The header is the text of a Python dictionary with three keys, in any order. */
function readHeader(text: string, fail: (what: string, expected: string) => never): Header {
  const descr = /'descr'\s*:\s*(?:'([^']*)'|(\[))/.exec(text);
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(text);
  const shape = /'shape'\s*:\s*\(([\d,\sL]*)\)/.exec(text);
  if (!/^\s*\{.*\}\s*$/s.test(text) || !descr || !order || !shape) {
    return fail('header not understood', "expected a dictionary of 'descr', 'fortran_order' and 'shape'");
  }
  const sizes = shape[1]!
    .split(',')
    .map(n => n.trim().replace(/L$/, ''))
    .filter(n => n !== '');
  if (!sizes.every(n => /^\d+$/.test(n))) {
    return fail(`shape ${JSON.stringify(`(${shape[1]})`)}`, 'expected whole numbers with commas between');
  }
  return { descr: descr[1] ?? '[…], a structure', fortran: order[1] === 'True', shape: sizes.map(Number) };
}

function fromBytes(descr: NpyType, bytes: Buffer): NpyData {
  const type = TYPES[descr];
  // A copy, which starts at an aligned address of its own.
  const copy = swapped(new Uint8Array(bytes), type.BYTES_PER_ELEMENT);
  return new type(copy.buffer);
}

function littleEndian(data: NpyData): Uint8Array {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return endianness() === 'LE' ? bytes : swapped(new Uint8Array(bytes), data.BYTES_PER_ELEMENT);
}

/** Reverses the bytes of each element in place, on a machine that needs it. */
function swapped(bytes: Uint8Array<ArrayBuffer>, size: number): Uint8Array<ArrayBuffer> {
  if (endianness() === 'BE' && size > 1) {
    for (let i = 0; i < bytes.length; i += size) bytes.subarray(i, i + size).reverse();
  }
  return bytes;
}
