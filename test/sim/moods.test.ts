import { describe, expect, test } from 'vitest';
import { parseFormat } from '../../generators/formats/parse.ts';
import { readWide } from '../../sim/codec.ts';
import { closeCodes, codesOfBits, fewLanes, moodAt, moodOf, relatedCodes } from '../../sim/moods.ts';
import { Random } from '../../sim/random.ts';
import { makeStimulus } from '../../sim/stimulus.ts';
import { designOf } from './units.ts';

const FORMATS = ['fp32', 'bf16', 'e4m3', 'e2m1', 'e8m0', 'int8', 'uint1', 'int32', 'fix8.6'];

describe('moods', () => {
  test('all come up, and codes without a mood too', () => {
    const random = new Random(1);
    const counts = new Map<string, number>();
    for (let i = 0; i < 3200; i++) {
      const mood = moodOf(random.next());
      counts.set(mood, (counts.get(mood) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual(['apart', 'bits', 'close', 'few', 'middle', 'related']);
    for (const count of counts.values()) expect(count).toBeGreaterThan(200);
  });

  test('are rare late in a long run', () => {
    const random = new Random(5);
    const shareAt = (beat: number): number => {
      let moody = 0;
      for (let i = 0; i < 4000; i++) if (moodOf(moodAt(beat, random.next())) !== 'apart') moody++;
      return moody / 4000;
    };
    expect(shareAt(100_000)).toBeGreaterThan(0.7);
    expect(shareAt(200_000)).toBeLessThan(0.15);
    expect(shareAt(200_000)).toBeGreaterThan(0.05);
  });

  test.each(FORMATS)('give codes of %s', id => {
    const format = parseFormat(id);
    const random = new Random(2);
    const top = 2 ** format.width;
    const seen = new Set<number>();
    for (let i = 0; i < 2000; i++) {
      const mood = random.next();
      const codes = [
        closeCodes(format, random, i % 3)(mood)(),
        relatedCodes(format, random)(mood, random.next())(),
        codesOfBits(format.width, random)(),
      ];
      for (const code of codes) {
        expect(Number.isInteger(code) && code >= 0 && code < top, `${code}`).toBe(true);
        seen.add(code);
      }
    }
    expect(seen.size).toBeGreaterThan(Math.min(top, 800) * 0.5);
  });

  test('put operands where they meet: exponents alike, sums next to powers of two, single bits', () => {
    const format = parseFormat('bf16');
    const random = new Random(3);
    const field = (code: number): number => (code >> 7) & 255;
    let [alike, next, single] = [0, 0, 0];
    for (let i = 0; i < 3200; i++) {
      const [mood, manner] = [random.next(), random.next()];
      const close = [0, 1].map(port => closeCodes(format, random, port)(mood)());
      if (Math.abs(field(close[0]!) - field(close[1]!)) <= 2) alike++;
      const related = [0, 1].map(() => relatedCodes(format, random)(mood, manner)() & 0x7fff);
      const apart = Math.abs(related[0]! - related[1]!);
      if (Number.isInteger(Math.log2(apart))) next++;
      const bits = codesOfBits(16, random)();
      if (Number.isInteger(Math.log2(bits))) single++;
    }
    // Independent uniform codes would reach some 60, 15 and 1.
    expect(alike).toBeGreaterThan(1000);
    expect(next).toBeGreaterThan(400);
    expect(single).toBeGreaterThan(400);
  });

  test('leave one lane or two, the same ones in each port', () => {
    const random = new Random(4);
    for (let i = 0; i < 100; i++) {
      const [mood, manner] = [random.next(), random.next()];
      const lanes = fewLanes(mood, manner, 32);
      expect(fewLanes(mood, manner, 32)).toEqual(lanes);
      expect(lanes.length).toBeLessThan(3);
      expect(lanes.every(l => l >= 0 && l < 32)).toBe(true);
    }
  });
});

test('the first beat of a unit with state is refused: what the reset left is seen', () => {
  const design = designOf('counting');
  const stimulus = makeStimulus(design, { vectors: 10, exhaustive: false, seed: 1 });
  const { layout } = stimulus;
  const records = new Uint32Array(10 * layout.size);
  stimulus.fill(records, 10);
  const accepted = Array.from({ length: 10 }, (_, i) => records[i * layout.size + layout.accept]);
  expect(accepted[0]).toBe(0);
  expect(accepted.slice(1).every(a => a === 1)).toBe(true);
  expect(readWide(records, 0, 0, 8)).toBe(0n);
});
