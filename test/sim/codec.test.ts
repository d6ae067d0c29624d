import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DesignPort } from '../../generators/emit/design.ts';
import { parseFormat } from '../../generators/formats/parse.ts';
import {
  codeReader,
  codeWriter,
  layoutOf,
  readBits,
  readWide,
  valueReader,
  valueWriter,
  writeBits,
  writeWide,
} from '../../sim/codec.ts';

const FORMATS = [
  ...[
    'uint1',
    'int2',
    'uint5',
    'int8',
    'int13',
    'uint16',
    'int32',
    'uint32',
    'int33',
    'int53',
    'uint54',
    'int100',
  ],
  ...['fix8.6', 'ufix8.-2', 'fix16.20', 'fix48.24', 'fix64.-300'],
  ...[
    'e2m1',
    'e3m2',
    'e4m3',
    'e5m2',
    'fp16',
    'bf16',
    'fp32',
    'fp64',
    'e8m0',
    'e4m3fnuz',
    'p3109_k8p4se',
    'e5m10b3fin',
  ],
];

const portOf = (id: string, lanes: number): DesignPort => {
  const format = parseFormat(id);
  const width = format.width * Math.max(1, lanes);
  return { name: 'p', direction: 'input', format, lanes, width, doc: '', policy: { overflow: 'special' } };
};

/** A port among others, with random words around it. */
const place = fc.record({
  id: fc.constantFrom(...FORMATS),
  lanes: fc.integer({ min: 0, max: 19 }),
  before: fc.integer({ min: 0, max: 3 }),
  noise: fc.array(fc.integer({ min: 0, max: 2 ** 32 - 1 }), { minLength: 70, maxLength: 70 }),
  codes: fc.array(fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }), { minLength: 19, maxLength: 19 }),
});

describe('bits', () => {
  const at = { low: fc.integer({ min: 0, max: 95 }), width: fc.integer({ min: 1, max: 32 }) };

  test('are read and written where they are, and nowhere else', () => {
    const words = fc.array(fc.integer({ min: 0, max: 2 ** 32 - 1 }), { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(
        words,
        at.low,
        at.width,
        fc.integer({ min: 0, max: 2 ** 32 - 1 }),
        (list, low, width, given) => {
          const record = Uint32Array.from(list);
          const whole = (): bigint => readWide(record, 0, 0, 192);
          const mask = ((1n << BigInt(width)) - 1n) << BigInt(low + 32);
          const value = Number(BigInt.asUintN(width, BigInt(given)));
          const before = whole();
          expect(before).toBe(list.reduce((sum, w, i) => sum | (BigInt(w) << BigInt(32 * i)), 0n));
          expect(readBits(record, 1, low, width)).toBe(Number((before & mask) >> BigInt(low + 32)));
          writeBits(record, 1, low, width, value);
          expect(whole()).toBe((before & ~mask) | (BigInt(value) << BigInt(low + 32)));
        },
      ),
    );
  });

  test('of wide codes too', () => {
    const value = fc.bigInt({ min: 0n, max: (1n << 150n) - 1n });
    fc.assert(
      fc.property(at.low, fc.integer({ min: 1, max: 150 }), value, (low, width, given) => {
        const record = new Uint32Array(9).fill(0xffffffff);
        const code = BigInt.asUintN(width, given);
        writeWide(record, 1, low, width, code);
        expect(readWide(record, 1, low, width)).toBe(code);
        const mask = ((1n << BigInt(width)) - 1n) << BigInt(low + 32);
        expect(readWide(record, 0, 0, 288) | mask).toBe((1n << 288n) - 1n);
      }),
    );
  });
});

test('ports lie word after word, the bit of acceptance last', () => {
  const ports = [portOf('e2m1', 9), portOf('uint1', 0), portOf('fp64', 2)];
  const layout = layoutOf(ports, true);
  expect(layout.ports.map(p => [p.offset, p.words])).toEqual([
    [0, 2],
    [2, 1],
    [3, 4],
  ]);
  expect([layout.size, layout.accept]).toEqual([8, 7]);
  expect(layoutOf(ports, false)).toMatchObject({ size: 7, accept: -1 });
});

test('codes come back as they were', () => {
  fc.assert(
    fc.property(place, ({ id, lanes, before, noise, codes }) => {
      const port = portOf(id, lanes);
      const { width, signed, kind } = port.format;
      const record = Uint32Array.from(noise);
      const count = Math.max(1, lanes);
      for (let i = 0; i < count; i++)
        writeWide(record, before, i * width, width, BigInt.asUintN(width, codes[i]!));
      const read = codeReader(port)(record, before);
      const integers = (lanes === 0 ? [read] : read) as (number | bigint)[];
      const twos = signed && (kind === 'integer' || kind === 'fixed');
      expect(integers.map(BigInt)).toEqual(
        codes.slice(0, count).map(c => (twos ? BigInt.asIntN(width, c) : BigInt.asUintN(width, c))),
      );
      const copy = Uint32Array.from(noise);
      codeWriter(port)(copy, before, lanes === 0 ? integers[0]! : integers);
      expect(copy).toEqual(record);
    }),
    { numRuns: 400 },
  );
});

test('values come back as the same code, and all NaN as the canonical one', () => {
  fc.assert(
    fc.property(place, ({ id, lanes, before, noise, codes }) => {
      const port = portOf(id, lanes);
      const { format } = port;
      const { width } = format;
      const count = Math.max(1, lanes);
      const [record, expected] = [Uint32Array.from(noise), Uint32Array.from(noise)];
      for (let i = 0; i < count; i++) {
        const code = BigInt.asUintN(width, codes[i]!);
        writeWide(record, before, i * width, width, code);
        const notANumber = format.decode(code).kind === 'nan';
        writeWide(expected, before, i * width, width, notANumber ? format.canonicalNaN! : code);
      }
      const value = valueReader(port)(record, before);
      const back = Uint32Array.from(noise);
      valueWriter(port)(back, before, value);
      expect(back).toEqual(expected);
    }),
    { numRuns: 400 },
  );
});

test('values are what the format says, whichever way they are read', () => {
  for (const [id, code, value] of [
    ['e2m1', 0xfn, -6],
    ['fix8.6', 0x80n, -2],
    ['fp16', 0x8000n, -0],
    ['fp32', 0x7fc00000n, Number.NaN],
    ['e8m0', 0n, 2 ** -127],
    ['int32', 0x80000001n, -(2 ** 31) + 1],
    ['fp64', 0xfff0000000000000n, { kind: 'inf', neg: true }],
    ['int53', 0x10000000000001n, { kind: 'finite', neg: true, mag: 2n ** 52n - 1n, exp: 0 }],
  ] as const) {
    for (const lanes of [0, 1, 5]) {
      const port = portOf(id, lanes);
      const record = new Uint32Array(12);
      const last = Math.max(1, lanes) - 1;
      writeWide(record, 1, last * port.format.width, port.format.width, code);
      const read = valueReader(port)(record, 1);
      expect(lanes === 0 ? read : (read as Float64Array)[last], `${id}, ${lanes} lanes`).toEqual(value);
    }
  }
});

test('codes in place of values, where the port says so', () => {
  for (const [id, code] of [
    ['e4m3', 0xffn],
    ['e5m2', 0x7dn],
    ['int8', 0x80n],
    ['fp32', 0xffc00001n],
  ] as const) {
    for (const lanes of [0, 1, 5]) {
      const port = { ...portOf(id, lanes), asCode: true };
      const record = new Uint32Array(12);
      const last = Math.max(1, lanes) - 1;
      writeWide(record, 1, last * port.format.width, port.format.width, code);
      const read = valueReader(port)(record, 1);
      expect(lanes === 0 ? read : (read as Float64Array)[last], `${id}, ${lanes} lanes`).toBe(Number(code));
    }
  }
});
