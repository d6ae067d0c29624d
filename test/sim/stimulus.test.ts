import { describe, expect, test } from 'vitest';
import type { Design } from '../../generators/emit/design.ts';
import { parseFormat } from '../../generators/formats/parse.ts';
import { readWide } from '../../sim/codec.ts';
import { inputBits } from '../../sim/inputSpace.ts';
import { Random } from '../../sim/random.ts';
import { cornerCodes, makeStimulus, type StimulusOptions } from '../../sim/stimulus.ts';
import { designOf } from './units.ts';

/** Beats as text: the codes of the ports, then whether the beat is accepted. */
function beatsOf(design: Design, options: Partial<StimulusOptions>, chunk = 1000): string[] {
  const stimulus = makeStimulus(design, { vectors: 1000, exhaustive: false, seed: 1, ...options });
  const { layout, count } = stimulus;
  const beats: string[] = [];
  for (let done = 0; done < count; done += chunk) {
    const n = Math.min(chunk, count - done);
    const records = new Uint32Array(n * layout.size).fill(0xdeadbeef);
    stimulus.fill(records, n);
    for (let i = 0; i < n; i++) {
      const codes = layout.ports.map(({ port, offset }) =>
        readWide(records, i * layout.size + offset, 0, port.width),
      );
      beats.push(`${codes.join(' ')} ${records[i * layout.size + layout.accept]}`);
    }
  }
  return beats;
}

const acceptedOf = (beats: readonly string[]): number => beats.filter(b => b.endsWith(' 1')).length;

describe('random numbers', () => {
  test('of a seed are the same everywhere', () => {
    const random = new Random(1);
    // As xoshiro128** gives them from a state that SplitMix32 makes of the seed.
    expect([random.next(), random.next(), random.next()]).toEqual([393288148, 2174103013, 3814759091]);
    expect(new Random(2).next()).not.toBe(new Random(1).next());
    expect(new Random(2 ** 32 + 1).next()).toBe(new Random(1).next());
  });

  test('set each bit half of the time, on its own and after each other', () => {
    const random = new Random(7);
    const [n, ones, alike] = [20_000, new Array<number>(32).fill(0), new Array<number>(32).fill(0)];
    let last = random.next();
    for (let i = 0; i < n; i++) {
      const next = random.next();
      for (let bit = 0; bit < 32; bit++) {
        ones[bit]! += (next >>> bit) & 1;
        alike[bit]! += (~(next ^ last) >>> bit) & 1;
      }
      last = next;
    }
    // Five standard deviations of a fair coin.
    const reach = 5 * Math.sqrt(n / 4);
    for (const count of [...ones, ...alike]) expect(Math.abs(count - n / 2)).toBeLessThan(reach);
  });

  test('below a limit reach every number, about equally often', () => {
    const random = new Random(3);
    const counts = new Array<number>(11).fill(0);
    for (let i = 0; i < 11_000; i++) counts[random.below(11)]!++;
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(5 * Math.sqrt(1000));
    for (let i = 0; i < 1000; i++) expect(random.below(2 ** 32)).toBeLessThan(2 ** 32);
    expect(random.below(1)).toBe(0);
  });
});

describe('corner codes', () => {
  test.each([
    // zeros, subnormal ends, one, maximum, infinity, NaN; of both signs
    [
      'fp32',
      [
        0n,
        0x80000000n,
        1n,
        0x7fffffn,
        0x800000n,
        0x3f800000n,
        0xbf800000n,
        0x7f7fffffn,
        0xff7fffffn,
        0x7f800000n,
        0xff800000n,
        0x7fc00000n,
      ],
    ],
    ['e4m3', [0n, 0x80n, 1n, 7n, 8n, 0x38n, 0xb8n, 0x7en, 0xfen, 0x7fn, 0xffn]],
    ['e2m1', [0n, 8n, 1n, 2n, 10n, 7n, 15n]],
    ['e8m0', [0n, 1n, 0x7fn, 0x80n, 0xfen, 0xffn]],
    ['int8', [0n, 1n, 0xffn, 0x80n, 0x7fn, 0x81n]],
    ['fix8.6', [0n, 1n, 0xffn, 0x80n, 0x7fn, 0x40n, 0xc0n, 0x60n]],
    ['uint1', [0n, 1n]],
  ] as const)('of %s', (id, codes) => {
    const corners = cornerCodes(parseFormat(id));
    for (const code of codes) expect(corners, `0x${code.toString(16)}`).toContain(code);
    const { width } = parseFormat(id);
    expect(corners.every(c => c >= 0n && c < 1n << BigInt(width))).toBe(true);
    expect(new Set(corners).size).toBe(corners.length);
  });
});

describe('stimulus', () => {
  const design = designOf('shifted');

  test('of a seed is the same, however it is asked for', () => {
    const beats = beatsOf(design, { vectors: 5000, seed: 5 });
    expect(beatsOf(design, { vectors: 5000, seed: 5 }, 77)).toEqual(beats);
    expect(beatsOf(design, { vectors: 700, seed: 5 })).toEqual(beats.slice(0, 700));
    expect(beatsOf(design, { vectors: 5000, seed: 6 })).not.toEqual(beats);
    expect(beatsOf(design, { vectors: 0 })).toEqual([]);
  });

  test("starts with the unit's own corners, then every combination of corner codes", () => {
    const codes = [cornerCodes(parseFormat('int3')), cornerCodes(parseFormat('uint2'))];
    const combinations = codes[0]!.flatMap(x => codes[1]!.map(k => `${x} ${k}`));
    const beats = beatsOf(design, { vectors: 1 + combinations.length });
    expect(beats[0]).toBe(`${0b011_010_001} 3 1`);
    // In the first lane; the others differ from it now and then.
    const first = beats.slice(1).map(b => {
      const [x, k] = b.split(' ').map(Number);
      return `${x! & 7} ${k}`;
    });
    expect(first.sort()).toEqual(combinations.sort());
    const lanes = beats
      .map(b => Number(b.split(' ')[0]))
      .map(x => new Set([x & 7, (x >> 3) & 7, x >> 6]).size);
    expect(new Set(lanes)).toEqual(new Set([1, 3]));
    expect(acceptedOf(beats)).toBe(beats.length);
  });

  test('has later corners of the unit behind those of the formats', () => {
    const later = { ...design, unit: { ...design.unit, laterCorners: () => [{ x: [3n, 2n, 1n], k: 0n }] } };
    const before = 1 + cornerCodes(parseFormat('int3')).length * cornerCodes(parseFormat('uint2')).length;
    const beats = beatsOf(later, { vectors: before + 1 });
    expect(beats.slice(0, before)).toEqual(beatsOf(design, { vectors: before }));
    expect(beats[before]).toBe(`${0b001_010_011} 0 1`);
  });

  test('has no more corners than asked for', () => {
    const some = beatsOf(design, { vectors: 400, corners: 3 });
    expect(some.slice(0, 3)).toEqual(beatsOf(design, { vectors: 3 }));
    expect(some[3]).not.toBe(beatsOf(design, { vectors: 4 })[3]);
    expect(new Set(some).size).toBeGreaterThan(200);
  });

  test('of a unit with state holds beats that are not accepted, but not in a stream', () => {
    const shares = (['bare', 'valid', 'stream'] as const).map(shell => {
      const beats = beatsOf(designOf('counting', { shell }), { vectors: 4000, corners: 0 });
      return acceptedOf(beats) / beats.length;
    });
    expect(shares[0]).toBeGreaterThan(0.9);
    expect(shares[0]).toBeLessThan(0.97);
    expect(shares.slice(1)).toEqual([shares[0], 1]);
    expect(acceptedOf(beatsOf(design, { vectors: 4000 }))).toBe(4000);
  });

  test('exhaustive is every input once', () => {
    expect(inputBits(design)).toBe(11);
    const beats = beatsOf(design, { exhaustive: true, vectors: 3 }, 300);
    expect(beats).toHaveLength(2 ** 11);
    const expected = Array.from({ length: 2 ** 11 }, (_, i) => `${i % 512} ${Math.floor(i / 512)} 1`);
    expect([...beats].sort()).toEqual(expected.sort());
    expect(makeStimulus(design, { exhaustive: true, vectors: 3, seed: 1 })).toMatchObject({
      count: 2048,
      exhaustive: true,
    });
  });
});

describe('a corner that is none', () => {
  const withCorner = (corner: Readonly<Record<string, bigint | readonly bigint[]>>): Design => {
    const made = designOf('shifted');
    return { ...made, unit: { ...made.unit, corners: () => [corner] } };
  };
  test.each([
    [{ z: 1n }, "shifted: a corner gives 'z', which is no input; expected x, k"],
    [{ k: 4n }, "shifted: a corner gives 4 to 'k', which is no code of uint2"],
    [{ k: -1n }, "shifted: a corner gives -1 to 'k', which is no code of uint2"],
    [{ x: [1n, 2n, 3n, 4n] }, "shifted: a corner gives 4 codes to 'x', which has 3"],
    [{ x: [1n, 8n] }, "shifted: a corner gives 8 to 'x', which is no code of int3"],
  ])('%o is refused', (corner, message) => {
    expect(() => beatsOf(withCorner(corner as unknown as Record<string, bigint>), {})).toThrow(message);
  });
});
