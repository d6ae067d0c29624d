import { describe, expect, test } from 'vitest';
import { readJsonLines, singleFromHex, Tally, vectorsPresent } from '../../formats/vectors.ts';
import { answersOf, designOf } from '../answers.ts';
import { numberOf, numbersOf } from './codes.ts';

interface Row {
  fmt: string;
  round: 'even' | 'nearest' | 'floor';
  flush: boolean;
  scale_e8m0: number;
  x: string[];
  elem: (number | null)[];
}

const ELEMENTS: Record<string, string> = {
  fp4: 'e2m1',
  fp6_e2m3: 'e2m3',
  fp6_e3m2: 'e3m2',
  fp8_e4m3: 'e4m3',
  fp8_e5m2: 'e5m2',
  int8: 'int8',
};
/** Its words for rounding: ties away from zero, and toward zero. */
const ROUNDINGS = { even: 'rne', nearest: 'rna', floor: 'rtz' } as const;

describe.skipIf(!vectorsPresent)('microxcaling', () => {
  test('mx-quant, in the golden model and in the interpreter, gives its blocks', async () => {
    const tally = new Tally();
    const failures: string[] = [];
    const sets = new Map<string, Row[]>();
    for (const row of readJsonLines<Row>('mx/microxcaling.jsonl.gz')) {
      const key = `${row.fmt} ${row.round}`;
      const isFlushed = row.flush && row.x.map(singleFromHex).some(x => x !== 0 && Math.abs(x) < 2 ** -126);
      if (isFlushed) tally.add('not compared: it flushes subnormal inputs');
      else sets.set(key, [...(sets.get(key) ?? []), row]);
    }
    for (const [key, rows] of sets) {
      const [element, round] = [ELEMENTS[rows[0]!.fmt]!, ROUNDINGS[rows[0]!.round]];
      const made = await designOf('mx-quant', { from: 'fp32', element, round });
      const beats = rows.map(row => ({ x: row.x.map(x => BigInt(`0x${x}`)) }));
      const golden = answersOf(made, beats);
      expect(answersOf(made, beats, 'interpreter')).toEqual(golden);
      rows.forEach((row, i) => {
        const failure = judge(row, element, golden[i]!, tally);
        if (failure) failures.push(`${key} ${row.x.join(' ')}: ${failure}`);
      });
    }
    expect(failures).toEqual([]);
    expect(tally.counts).toMatchInlineSnapshot(`
      {
        "block of zeros: scale 0 here, 1 there": 6,
        "blocks of NaN on both sides": 68,
        "blocks, even": 1480,
        "blocks, floor": 1134,
        "blocks, nearest": 567,
        "elements": 99616,
        "input −0: stays −0 here, +0 there": 371,
        "not compared: it flushes subnormal inputs": 32,
        "zero of an integer: one code here, with a sign there": 1545,
      }
    `);
  });

  /** Empty when alike; a difference by choice is counted. */
  function judge(row: Row, element: string, ours: Record<string, bigint | bigint[]>, tally: Tally): string {
    const scale = Number(ours.scale);
    tally.add(`blocks, ${row.round}`);
    const values = row.x.map(singleFromHex);
    if (scale !== row.scale_e8m0) {
      if (scale !== 0 || values.some(x => x !== 0)) return `scale ${scale}, not ${row.scale_e8m0}`;
      tally.add(`block of zeros: scale 0 here, ${row.scale_e8m0} there`);
    }
    if (scale === 0xff) {
      tally.add('blocks of NaN on both sides');
      return row.elem.every(x => x === null) ? '' : 'elements of a NaN block';
    }
    const format = element === 'int8' ? 'fix8.6' : element;
    for (const [i, theirs] of row.elem.entries()) {
      const [mine] = numbersOf(format, [(ours.y as bigint[])[i]!]);
      tally.add('elements');
      if (Object.is(mine, theirs)) continue;
      if (mine !== 0 || theirs !== 0) return `element ${i} is ${mine}, not ${theirs}`;
      if (element === 'int8') tally.add('zero of an integer: one code here, with a sign there');
      else if (Object.is(values[i], -0)) tally.add('input −0: stays −0 here, +0 there');
      else return `element ${i} is a zero of the wrong sign`;
    }
    return '';
  }

  test('mx-dequant gives back what its blocks stand for', async () => {
    for (const fmt of Object.keys(ELEMENTS)) {
      const rows = readJsonLines<Row>('mx/microxcaling.jsonl.gz').filter(
        row => row.fmt === fmt && row.round === 'even' && !row.flush,
      );
      const element = ELEMENTS[fmt]!;
      const quantizer = await designOf('mx-quant', { from: 'fp32', element });
      const blocks = answersOf(
        quantizer,
        rows.map(row => ({ x: row.x.map(x => BigInt(`0x${x}`)) })),
      );
      const dequantizer = await designOf('mx-dequant', { to: 'fp32', element });
      const beats = blocks.map(({ scale, y }) => ({ scale: scale!, x: y! }));
      const golden = answersOf(dequantizer, beats);
      expect(answersOf(dequantizer, beats, 'interpreter')).toEqual(golden);
      rows.forEach((row, i) => {
        const scale = numberOf('e8m0', BigInt(row.scale_e8m0));
        // Adding 0 forgets the sign of zero, of which the other test speaks.
        const theirs = row.elem.map(x => (x === null ? Number.NaN : Math.fround(x * scale) + 0));
        expect(numbersOf('fp32', golden[i]!.y).map(x => x + 0)).toEqual(theirs);
      });
    }
  });
});
