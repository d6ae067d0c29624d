import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FormatError } from '../../generators/formats/index.ts';
import { formatNpy, type NpyData, parseNpy, readNpy, writeNpy } from '../../sim/npy.ts';

const weights = fileURLToPath(new URL('../../examples/speech/lstm_weight_hh.npy', import.meta.url));

/** A file of a given header, as other programs may write it. */
function fileOf(header: string, body: Uint8Array, version = 1): Buffer {
  const text = Buffer.from(header, 'latin1');
  const prefix = Buffer.alloc(version === 1 ? 10 : 12);
  prefix.write('\x93NUMPY', 'latin1');
  prefix[6] = version;
  if (version === 1) prefix.writeUInt16LE(text.length, 8);
  else prefix.writeUInt32LE(text.length, 8);
  return Buffer.concat([prefix, text, body]);
}

const header = (descr: string, shape: string, order = 'False'): string =>
  `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': (${shape}), }\n`;

/** The one line that a bad file is answered with. */
function complaint(bytes: Uint8Array): string {
  try {
    parseNpy(bytes, 'x.npy');
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return `${error.message}; ${error.hint}`;
  }
  return 'accepted';
}

const arrays: fc.Arbitrary<NpyData> = fc.oneof(
  fc.float32Array(),
  fc.float64Array(),
  fc.int8Array(),
  fc.uint8Array(),
  fc.int16Array(),
  fc.uint16Array(),
  fc.int32Array(),
  fc.uint32Array(),
  fc.bigInt64Array(),
);

describe('npy', () => {
  it('reads what NumPy wrote', async () => {
    const { shape, data } = await readNpy(weights);
    expect(shape).toEqual([512, 128]);
    expect(data).toBeInstanceOf(Float32Array);
    expect(data.length).toBe(512 * 128);
    const bytes = await readFile(weights);
    expect(data[0]).toBe(bytes.readFloatLE(bytes.length - 4 * data.length));
    expect(data.at(-1)).toBe(bytes.readFloatLE(bytes.length - 4));
  });

  it('writes what it read, byte for byte', async () => {
    const bytes = await readFile(weights);
    expect(Buffer.from(formatNpy(parseNpy(bytes))).equals(bytes)).toBe(true);
  });

  it('reads back what it writes, of each type', () => {
    fc.assert(
      fc.property(arrays, data => {
        const bytes = formatNpy({ shape: [data.length], data });
        expect(bytes.length % 64).toBe(data.byteLength % 64);
        expect(parseNpy(bytes)).toEqual({ shape: [data.length], data });
      }),
    );
  });

  it('reads it wherever it lies in memory', () => {
    const bytes = formatNpy({ shape: [2], data: Float64Array.of(1.5, -2) });
    const shifted = new Uint8Array(bytes.length + 1);
    shifted.set(bytes, 1);
    expect(parseNpy(shifted.subarray(1)).data).toEqual(Float64Array.of(1.5, -2));
  });

  it.each([
    ['', [], 1],
    ['3,', [3], 3],
    ['2, 3', [2, 3], 6],
    ['2L, 3L', [2, 3], 6],
    ['0, 7', [0, 7], 0],
  ])('understands the shape (%s) in versions 1, 2 and 3', (shape, sizes, count) => {
    for (const version of [1, 2, 3]) {
      expect(parseNpy(fileOf(header('|i1', shape), new Uint8Array(count), version)).shape).toEqual(sizes);
    }
  });

  it('goes to a file and back', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'subbyte-npy-'));
    try {
      const path = join(folder, 'x.npy');
      await writeNpy(path, { shape: [1, 2], data: Int16Array.of(-1, 2) });
      expect(await readNpy(path)).toEqual({ shape: [1, 2], data: Int16Array.of(-1, 2) });
      await writeFile(path, 'text');
      await expect(readNpy(path)).rejects.toThrow(`${path}: not a NumPy array`);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('refuses to write a shape that is not that of the data', () => {
    expect(() => formatNpy({ shape: [2, 2], data: new Int8Array(3) })).toThrow(
      'shape (2, 2) does not hold 3',
    );
  });

  it('says in one line what is wrong with a file, and what was expected', () => {
    const floats = new Uint8Array(8);
    const long = `1${'0'.repeat(400)}`;
    const answers = [
      Buffer.from(''),
      Buffer.from('P5 3 3 255'),
      fileOf(header('<f4', '2,'), floats, 4),
      fileOf(header('<f4', '2,'), floats).subarray(0, 7),
      fileOf(header('<f4', '2,'), floats).subarray(0, 40),
      fileOf(header('<f4', '2,'), floats.subarray(1)),
      fileOf(header('<f4', '1,'), floats),
      fileOf(header('>f4', '2,'), floats),
      fileOf(header('<c8', '1,'), floats),
      fileOf(`{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (2,), }`, floats),
      fileOf(header('<f4', '2, 1', 'True'), floats),
      fileOf(header('<f4', '65536, 65536'), floats),
      fileOf(header('<f4', `${long}, 0`), floats),
      fileOf(header('<f4', '2 2'), floats),
      fileOf(header('<f4', '-2,'), floats),
      fileOf(header('\n', '2,'), floats),
      fileOf('gibberish', floats),
    ].map(complaint);
    expect(answers).toMatchInlineSnapshot(`
      [
        "x.npy: not a NumPy array; expected a .npy file, which starts with \\x93NUMPY",
        "x.npy: not a NumPy array; expected a .npy file, which starts with \\x93NUMPY",
        "x.npy: version 4 of the format; expected version 1, 2 or 3",
        "x.npy: truncated within the header; expected at least 10 bytes",
        "x.npy: truncated within the header; expected 68 bytes of header, the file has 40",
        "x.npy: truncated; expected 8 bytes of data for shape (2) of <f4, found 7",
        "x.npy: longer than its array; expected 4 bytes of data for shape (1) of <f4, found 8",
        "x.npy: element type ">f4"; expected one of <f4, <f8, |i1, |u1, <i2, <u2, <i4, <u4, <i8",
        "x.npy: element type "<c8"; expected one of <f4, <f8, |i1, |u1, <i2, <u2, <i4, <u4, <i8",
        "x.npy: element type "[…], a structure"; expected one of <f4, <f8, |i1, |u1, <i2, <u2, <i4, <u4, <i8",
        "x.npy: in Fortran order; expected C order; save numpy.ascontiguousarray(x) instead",
        "x.npy: shape (65536, 65536) is too large; expected at most 2^31 elements",
        "x.npy: shape (Infinity, 0) is too large; expected at most 2^31 elements",
        "x.npy: shape "(2 2)"; expected whole numbers with commas between",
        "x.npy: header not understood; expected a dictionary of 'descr', 'fortran_order' and 'shape'",
        "x.npy: element type "\\n"; expected one of <f4, <f8, |i1, |u1, <i2, <u2, <i4, <u4, <i8",
        "x.npy: header not understood; expected a dictionary of 'descr', 'fortran_order' and 'shape'",
      ]
    `);
  });

  it('answers any damage to a file with such a line, or reads an array of it', () => {
    const good = formatNpy({ shape: [3, 2], data: Float32Array.of(1, 2, 3, 4, 5, 6) });
    const damage = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 4 });
    fc.assert(
      fc.property(damage, fc.nat(good.length), (changes, length) => {
        const bytes = good.slice(0, length);
        for (const [at, value] of changes) if (at < length) bytes[at] = value;
        expect(complaint(bytes)).not.toContain('\n');
      }),
      { numRuns: 2000 },
    );
  });

  it('takes any bytes without harm', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
        expect(complaint(bytes)).toContain('not a NumPy array');
      }),
    );
  });
});
