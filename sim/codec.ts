import type { DesignPort, Played } from '../generators/emit/design.ts';
import { exactOf } from '../generators/formats/arithmetic.ts';
import { valuesTable } from '../generators/formats/convert.ts';
import { parseFormat } from '../generators/formats/parse.ts';
import type { Exact, Format } from '../generators/formats/types.ts';
import type { Value } from '../generators/hdl/interpret.ts';
import type { PortValue } from '../generators/units/unit.ts';

/**
 * Beats travel as records of 32-bit words: each port from its own word up, low bits first, lane 0 lowest, as Verilator
 * holds it. Input records end with one word whose bit 0 tells whether the beat is accepted; output records of the valid
 * shell with one whose bit 0 is `valid`.
 */
export interface Layout {
  readonly ports: readonly { readonly port: DesignPort; readonly offset: number; readonly words: number }[];
  /** Words of a record. */
  readonly size: number;
  /** Word that holds `en` or `valid`, or −1. */
  readonly accept: number;
}

export function layoutOf(ports: readonly DesignPort[], withAccept: boolean): Layout {
  let size = 0;
  const placed = ports.map(port => {
    const words = Math.ceil(port.width / 32);
    size += words;
    return { port, offset: size - words, words };
  });
  return { ports: placed, size: size + (withAccept ? 1 : 0), accept: withAccept ? size : -1 };
}

/** The records that a design answers with. */
export function outputLayout(design: Played): Layout {
  return layoutOf(design.outputs, design.goal.shell === 'valid');
}

/** Records of a beat's inputs, with whether it is accepted. */
export function inputLayout(design: Played): Layout {
  return layoutOf(design.inputs, true);
}

/** Bits `[low, low + width)` of a record as an unsigned number; up to 32 bits. */
export function readBits(words: Uint32Array, base: number, low: number, width: number): number {
  const word = base + (low >>> 5);
  const shift = low & 31;
  let bits = words[word]! >>> shift;
  if (shift + width > 32) bits |= words[word + 1]! << (32 - shift);
  return width === 32 ? bits >>> 0 : (bits & ((1 << width) - 1)) >>> 0;
}

export function readWide(words: Uint32Array, base: number, low: number, width: number): bigint {
  let value = 0n;
  for (let i = 0; i < width; i += 32) {
    const n = Math.min(32, width - i);
    value |= BigInt(readBits(words, base, low + i, n)) << BigInt(i);
  }
  return value;
}

export function writeWide(words: Uint32Array, base: number, low: number, width: number, value: bigint): void {
  for (let i = 0; i < width; i += 32) {
    const n = Math.min(32, width - i);
    writeBits(words, base, low + i, n, Number(BigInt.asUintN(n, value >> BigInt(i))));
  }
}

/** Writes the low bits, up to 32, of a number. */
export function writeBits(
  words: Uint32Array,
  base: number,
  low: number,
  width: number,
  number: number,
): void {
  const word = base + (low >>> 5);
  const shift = low & 31;
  const mask = width === 32 ? 0xffffffff : ((1 << width) - 1) >>> 0;
  const value = number & mask;
  words[word] = ((words[word]! & ~(mask << shift)) | (value << shift)) >>> 0;
  if (shift + width > 32) {
    const rest = 32 - shift;
    words[word + 1] = ((words[word + 1]! & ~(mask >>> rest)) | (value >>> rest)) >>> 0;
  }
}

/** Writes a code: up to 32 bits it may be a plain number, which is much the faster. */
export function writeCode(
  words: Uint32Array,
  base: number,
  low: number,
  width: number,
  code: number | bigint,
): void {
  if (width <= 32) writeBits(words, base, low, width, Number(code));
  else writeWide(words, base, low, width, BigInt(code));
}

type Reader<T> = (words: Uint32Array, base: number) => T;
type Writer<T> = (words: Uint32Array, base: number, value: T) => void;

/** Reads the exact values of a port, as goldens take them. Arrays are reused from beat to beat. */
export function valueReader(port: DesignPort): Reader<PortValue> {
  const { lanes } = port;
  const { width } = port.format;
  const format = port.asCode ? parseFormat(`uint${width}`) : port.format;
  if (!format.exactInDouble) {
    const one = (words: Uint32Array, base: number, i: number): Exact =>
      format.decode(readWide(words, base, i * width, width));
    if (lanes === 0) return (words, base) => one(words, base, 0);
    return (words, base) => Array.from({ length: lanes }, (_, i) => one(words, base, i)) as PortValue;
  }
  const table = width <= 16 ? valuesTable(format) : undefined;
  const value = (code: number): number => (table ? table[code]! : format.decodeNumber(code));
  if (lanes === 0) return (words, base) => value(readBits(words, base, 0, width));
  if (table && 32 % width === 0) {
    // Whole words are decoded; lanes that the last one has in excess fall behind the end of what is given.
    const perWord = 32 / width;
    const padded = new Float64Array(Math.ceil(lanes / perWord) * perWord);
    const given = padded.subarray(0, lanes);
    const mask = (1 << width) - 1;
    return (words, base) => {
      // Constants of the call, which the compiler then keeps in registers: this is the inner loop of a verification.
      const [from, to, each] = [table, padded, perWord];
      for (let word = base, i = 0; i < to.length; word++) {
        let bits = words[word]!;
        for (let k = 0; k < each; k++) {
          to[i++] = from[bits & mask]!;
          bits >>>= width;
        }
      }
      return given;
    };
  }
  const out = new Float64Array(lanes);
  return (words, base) => {
    for (let i = 0; i < lanes; i++) out[i] = value(readBits(words, base, i * width, width));
    return out;
  };
}

/** Encodes what a golden gives for an output port. */
export function valueWriter(port: DesignPort): Writer<PortValue> {
  const { format, lanes, policy } = port;
  const { width } = format;
  const one = (words: Uint32Array, base: number, i: number, value: number | Exact): void => {
    if (typeof value === 'number' && format.exactInDouble)
      writeBits(words, base, i * width, width, format.encodeNumber(value, policy) >>> 0);
    else writeWide(words, base, i * width, width, format.encode(exactOf(value), policy));
  };
  if (lanes === 0) return (words, base, value) => one(words, base, 0, value as number | Exact);
  return (words, base, value) => {
    const list = value as ArrayLike<number | Exact>;
    for (let i = 0; i < lanes; i++) one(words, base, i, list[i]!);
  };
}

/** Reads the codes of a port as the interpreter takes them: integers, two's complement where the port is signed. */
export function codeReader(port: DesignPort): Reader<Value> {
  const { format, lanes } = port;
  const { width } = format;
  const signed = isSignedInteger(format);
  const one = (words: Uint32Array, base: number, i: number): number | bigint => {
    if (width > 53) {
      const code = readWide(words, base, i * width, width);
      return signed ? BigInt.asIntN(width, code) : code;
    }
    const code =
      width <= 32 ? readBits(words, base, i * width, width) : Number(readWide(words, base, i * width, width));
    return signed && code >= 2 ** (width - 1) ? code - 2 ** width : code;
  };
  if (lanes === 0) return (words, base) => one(words, base, 0);
  const out: (number | bigint)[] = new Array(lanes);
  return (words, base) => {
    for (let i = 0; i < lanes; i++) out[i] = one(words, base, i);
    return out;
  };
}

export function codeWriter(port: DesignPort): Writer<Value> {
  const { format, lanes } = port;
  const { width } = format;
  const one = (words: Uint32Array, base: number, i: number, value: number | bigint): void => {
    if (width <= 32) writeBits(words, base, i * width, width, Number(value) >>> 0);
    else writeWide(words, base, i * width, width, BigInt(value));
  };
  if (lanes === 0) return (words, base, value) => one(words, base, 0, value as number | bigint);
  return (words, base, value) => {
    const list = value as readonly (number | bigint)[];
    for (let i = 0; i < lanes; i++) one(words, base, i, list[i]!);
  };
}

function isSignedInteger(format: Format): boolean {
  return format.signed && (format.kind === 'integer' || format.kind === 'fixed');
}
