import { describe, expect, test } from 'vitest';
import { parseFormat } from '../../../generators/formats/index.ts';
import { readTsv, singleFromHex, vectorsPresent } from '../../formats/vectors.ts';
import { answers, codes, signed } from './codes.ts';

/** Weights of a block of ggml. */
const BLOCK = 256;

const bytesOfHex = (hex: string): number[] =>
  Array.from({ length: hex.length / 2 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
const view = (hex: string): DataView => new DataView(Uint8Array.from(bytesOfHex(hex)).buffer);
/** Numbers are bit patterns of 8 digits, and blocks are bytes as they lie in memory. */
const singles = (hex: string): number[] =>
  Array.from({ length: hex.length / 8 }, (_, i) => singleFromHex(hex.slice(8 * i, 8 * i + 8)));

/** Where the bytes of a TQ1_0 block keep each of the 256 weights: 32 and 16 bytes of five, then 4 bytes of four. */
function tq1Place(index: number): { byte: number; trit: number } {
  const [start, first, count] = index < 160 ? [0, 0, 32] : index < 240 ? [32, 160, 16] : [48, 240, 4];
  return { byte: start + ((index - first) % count), trit: Math.floor((index - first) / count) };
}

/** The trits of TQ1_0 blocks by the unit: 52 bytes of five each; the last four bytes have one that is not read. */
async function tq1Trits(blocks: readonly (readonly number[])[]): Promise<number[][]> {
  const beats = blocks.map(block => ({ x: codes(8, block.slice(0, 52)) }));
  const found = await answers('trit5-unpack', { bytes: 52 }, beats);
  return found.map(({ y }) =>
    Array.from({ length: BLOCK }, (_, i) => {
      const { byte, trit } = tq1Place(i);
      return signed(2, (y as bigint[])[5 * byte + trit]);
    }),
  );
}

/** The weights of a TQ2_0 block: two bits each, one more than the weight, in 64 bytes. */
const tq2Weights = (block: readonly number[]): number[] =>
  Array.from({ length: BLOCK }, (_, i) => {
    const [half, place] = [Math.floor(i / 128), i % 128];
    return ((block[32 * half + (place % 32)]! >> (2 * Math.floor(place / 32))) & 3) - 1;
  });

const rows = vectorsPresent ? readTsv('ggml/ggml.tsv.gz') : [];
const rowsOf = (kind: string, name: string): string[][] => rows.filter(r => r[0] === kind && r[1] === name);

describe.skipIf(!vectorsPresent)('ggml', () => {
  test('TQ1_0 blocks, random and made of real weights, come apart as ggml takes them apart', async () => {
    const decode = rowsOf('decode', 'tq1_0');
    const quant = rowsOf('quant', 'tq1_0');
    expect([decode.length, quant.length]).toEqual([40, 60]);
    const all = [...decode, ...quant];
    const trits = await tq1Trits(all.map(r => bytesOfHex(r[3]!)));
    all.forEach((row, k) => {
      const scale = row[0] === 'decode' ? 1 : scaleOf(row[3]!, 52);
      expect(trits[k]!.map(t => t * scale + 0)).toEqual(singles(row[4]!).map(v => v + 0));
    });
  });

  test('TQ1_0 blocks of real weights are packed to the same bytes', async () => {
    for (const row of rowsOf('quant', 'tq1_0')) {
      const bytes = bytesOfHex(row[3]!);
      const [trits] = (await tq1Trits([bytes])) as [number[]];
      const fives = Array.from({ length: 48 }, (_, byte) =>
        trits.filter((_, i) => tq1Place(i).byte === byte),
      );
      const [{ y }] = (await answers('trit5-pack', { bytes: 48 }, [{ x: codes(2, fives.flat()) }])) as [
        { y: bigint[] },
      ];
      expect(y.map(Number)).toEqual(bytes.slice(0, 48));
    }
  });

  test('TQ2_0 blocks: two bits less one are weights', () => {
    const all = [...rowsOf('decode', 'tq2_0'), ...rowsOf('quant', 'tq2_0')];
    expect(all).toHaveLength(80);
    for (const row of all) {
      const scale = row[0] === 'decode' ? 1 : scaleOf(row[3]!, 64);
      expect(tq2Weights(bytesOfHex(row[3]!)).map(t => t * scale + 0)).toEqual(
        singles(row[4]!).map(v => v + 0),
      );
    }
  });

  test.each([
    ['tq1_0', 52],
    ['tq2_0', 64],
  ] as const)('dot products of %s with 8-bit numbers', async (name, scaleAt) => {
    const all = rowsOf('dot', `${name}_q8_K`);
    expect(all).toHaveLength(40);
    const weights =
      name === 'tq1_0'
        ? await tq1Trits(all.map(r => bytesOfHex(r[3]!)))
        : all.map(r => tq2Weights(bytesOfHex(r[3]!)));
    const beats = all.map((row, k) => ({
      a: codes(8, bytesOfHex(row[4]!.slice(8, 8 + 2 * BLOCK))),
      b: codes(2, weights[k]!),
    }));
    const sums = await answers('ternary-dot', { lanes: BLOCK }, beats);
    all.forEach((row, k) => {
      const scale = Math.fround(scaleOf(row[3]!, scaleAt) * view(row[4]!).getFloat32(0, true));
      // 256 numbers of 8 bits make 17 bits.
      expect(Math.fround(signed(17, sums[k]!.y) * scale)).toBe(singles(row[5]!)[0]);
    });
  });
});

/** The fp16 scale of a block. */
function scaleOf(block: string, offset: number): number {
  return parseFormat('fp16').decodeNumber(view(block).getUint16(offset, true));
}
