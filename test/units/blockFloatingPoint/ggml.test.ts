import { describe, expect, test } from 'vitest';
import { readTsv, Tally, vectorsPresent } from '../../formats/vectors.ts';
import { answersOf, designOf } from '../answers.ts';
import { numbersOf } from './codes.ts';

/** What a block is, in ggml: bytes, and the fp32 numbers that they stand for. */
function blocksOf(name: string): { bytes: number[]; values: number[] }[] {
  const bytes = (hex: string, digits: number): string[] => hex.match(new RegExp(`.{${digits}}`, 'g')) ?? [];
  return readTsv('ggml/ggml.tsv.gz')
    .filter(([kind, of]) => kind === 'decode' && of === name)
    .map(([, , , block, decoded]) => ({
      bytes: bytes(block!, 2).map(x => Number.parseInt(x, 16)),
      values: numbersOf(
        'fp32',
        bytes(decoded!.replaceAll(' ', ''), 8).map(x => BigInt(`0x${x}`)),
      ),
    }));
}

/** Low nibbles first, then the high ones. */
const nibbles = (bytes: readonly number[]): bigint[] =>
  [...bytes.map(x => x & 15), ...bytes.map(x => x >> 4)].map(BigInt);

/** ggml never makes −0. */
const withoutSignOfZero = (values: readonly number[]): number[] => values.map(x => x + 0);

describe.skipIf(!vectorsPresent)('ggml', () => {
  test('mx-dequant gives the numbers of its mxfp4 blocks', async () => {
    const made = await designOf('mx-dequant', { to: 'fp32' });
    const tally = new Tally();
    for (const { bytes, values } of blocksOf('mxfp4')) {
      const [scale, ...codes] = bytes;
      const beat = { scale: BigInt(scale!), x: nibbles(codes) };
      const [golden] = answersOf(made, [beat]);
      expect(answersOf(made, [beat], 'interpreter')).toEqual([golden]);
      if (scale === 0xff) {
        tally.add('scale ff: NaN here, 2^128 there');
        expect(numbersOf('fp32', golden!.y).every(Number.isNaN)).toBe(true);
        continue;
      }
      tally.add('blocks');
      expect(withoutSignOfZero(numbersOf('fp32', golden!.y))).toEqual(withoutSignOfZero(values));
    }
    expect(tally.counts).toMatchInlineSnapshot(`
      {
        "blocks": 299,
        "scale ff: NaN here, 2^128 there": 1,
      }
    `);
  });

  test('nv-dequant gives the numbers of its nvfp4 blocks', async () => {
    const made = await designOf('nv-dequant', { to: 'fp32', tensorScale: 'one' });
    const tally = new Tally();
    for (const { bytes, values } of blocksOf('nvfp4')) {
      // Four blocks of sixteen: first their scales, then their elements.
      for (let block = 0; block < 4; block++) {
        const scale = bytes[block]!;
        const codes = bytes.slice(4 + 8 * block, 12 + 8 * block);
        const theirs = withoutSignOfZero(values.slice(16 * block, 16 * block + 16));
        const positive = BigInt(scale & 0x7f);
        const beats = [BigInt(scale), positive].map(code => ({ scale: code, x: nibbles(codes) }));
        const golden = answersOf(made, beats);
        expect(answersOf(made, beats, 'interpreter')).toEqual(golden);
        const [asItIs, unsigned] = golden.map(({ y }) => withoutSignOfZero(numbersOf('fp32', y)));
        if (scale >= 0x80) {
          tally.add('scale with its sign set: NaN here; there the sign is not read');
          expect(asItIs, `scale ${scale}`).toEqual(asItIs!.map(() => Number.NaN));
        }
        if (positive === 0x7fn) {
          const there = scale === 0x7f ? 0 : 480;
          tally.add(`scale ${scale.toString(16)}: NaN here, ${there} there`);
          expect(unsigned!.every(Number.isNaN)).toBe(true);
          const elements = numbersOf('e2m1', nibbles(codes));
          expect(theirs).toEqual(withoutSignOfZero(elements.map(x => x * there)));
          continue;
        }
        tally.add('blocks');
        expect(unsigned).toEqual(theirs);
      }
    }
    expect(tally.counts).toMatchInlineSnapshot(`
      {
        "blocks": 594,
        "scale 7f: NaN here, 0 there": 4,
        "scale ff: NaN here, 480 there": 2,
        "scale with its sign set: NaN here; there the sign is not read": 291,
      }
    `);
  });
});
