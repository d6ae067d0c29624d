import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { Format } from '../../generators/formats/index.ts';

/** Output of third-party reference code: beside the project, not part of it. */
const directory = fileURLToPath(new URL('../../../shared/vectors/', import.meta.url));

export const vectorsPresent = existsSync(directory);
if (!vectorsPresent) console.log('skipped: reference vectors are not at ../shared/vectors');

export function readBytes(path: string): Buffer {
  const bytes = readFileSync(directory + path);
  return path.endsWith('.gz') ? gunzipSync(bytes) : bytes;
}

function readLines(path: string): string[] {
  return readBytes(path)
    .toString('utf8')
    .split('\n')
    .filter(line => line !== '' && !line.startsWith('#'));
}

export function readTsv(path: string): string[][] {
  return readLines(path).map(line => line.split('\t'));
}

/** Each line is an object of the shape that the README of the vectors states. */
export function readJsonLines<T>(path: string): T[] {
  return readLines(path).map(line => JSON.parse(line) as T);
}

const bits = new DataView(new ArrayBuffer(8));

export function doubleFromHex(hex: string): number {
  bits.setBigUint64(0, BigInt(`0x${hex}`));
  return bits.getFloat64(0);
}

export function singleFromHex(hex: string): number {
  bits.setUint32(0, Number.parseInt(hex, 16));
  return bits.getFloat32(0);
}

/** Equal codes, or both NaN. */
export function sameCode(format: Format, a: bigint, b: bigint): boolean {
  return a === b || (format.decode(a).kind === 'nan' && format.decode(b).kind === 'nan');
}

/** Counts named events; what a test asserts in the end. */
export class Tally {
  readonly counts: Record<string, number> = {};

  add(what: string, count = 1): void {
    this.counts[what] = (this.counts[what] ?? 0) + count;
  }
}
