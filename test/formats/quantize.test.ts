import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toNumber } from '../../generators/formats/index.ts';
import {
  MX_ELEMENTS,
  type MxElement,
  mxElementFormat,
  quantizeBlock,
  SCALE_RULES,
  type ScaleRule,
} from '../../generators/formats/quantize.ts';
import { readJsonLines, singleFromHex, Tally, vectorsPresent } from './vectors.ts';

interface Example {
  element: MxElement;
  rule: ScaleRule;
  values: number[];
  scale: number;
  elements: number[];
}

/** What a block means: its elements times its scale. */
function valuesOf(block: { scale: number; elements: Uint8Array }, element: MxElement): number[] {
  const format = mxElementFormat(element);
  const scale = block.scale === 0xff ? Number.NaN : 2 ** (block.scale - 127);
  return Array.from(block.elements, code => format.decodeNumber(code) * scale);
}

const samples = JSON.parse(readFileSync(new URL('../data/mxBlocks.json', import.meta.url), 'utf8')) as {
  blocks: Example[];
};

describe('samples checked by hand', () => {
  it.each(samples.blocks)('$element by $rule: $values', ({ element, rule, values, scale, elements }) => {
    const block = quantizeBlock(values, element, rule);
    expect({ scale: block.scale, elements: [...block.elements] }).toEqual({ scale, elements });
  });
});

const examplesFile = new URL('../../../shared/examples.json', import.meta.url);
const examplesPresent = existsSync(examplesFile);
if (!examplesPresent) console.log('skipped: worked examples are not at ../shared/examples.json');

const ELEMENT_OF: Record<string, MxElement> = {
  MXFP4: 'e2m1',
  MXINT8: 'int8',
  'MXFP8 E4M3': 'e4m3',
  'MXFP6 E2M3': 'e2m3',
};

describe.skipIf(!examplesPresent)('worked examples', () => {
  const lines: string[] = examplesPresent ? JSON.parse(readFileSync(examplesFile, 'utf8'))['mx-quant'] : [];

  it.each(lines)('%s', line => {
    const [, name, rule, values, scale, codes] =
      /^(.*?)(?: scale)? rule (\w+): \[(.*)\] -> X=(\w+) .*codes=\[(.*)\]/.exec(line)!;
    const block = quantizeBlock(values.split(',').map(Number), ELEMENT_OF[name], rule as ScaleRule);
    expect(block.scale).toBe(Number(scale));
    expect([...block.elements]).toEqual(codes.split(', ').map(code => Number(code.slice(1, -1))));
  });
});

interface Row {
  fmt: string;
  round: 'even' | 'nearest' | 'floor';
  flush: boolean;
  scale_e8m0: number;
  x: string[];
  elem: (number | null)[];
}

const MICROXCALING: Record<string, MxElement> = {
  fp4: 'e2m1',
  fp6_e2m3: 'e2m3',
  fp6_e3m2: 'e3m2',
  fp8_e4m3: 'e4m3',
  fp8_e5m2: 'e5m2',
  int8: 'int8',
};

describe.skipIf(!vectorsPresent)('microxcaling', () => {
  it('quantizes each block that rounds to nearest even alike', () => {
    const tally = new Tally();
    const failures: string[] = [];
    for (const row of readJsonLines<Row>('mx/microxcaling.jsonl.gz')) {
      const values = row.x.map(singleFromHex);
      const isFlushed = row.flush && values.some(x => x !== 0 && Math.abs(x) < 2 ** -126);
      if (row.round !== 'even' || isFlushed) {
        tally.add(isFlushed ? 'not compared: it flushes subnormal inputs' : `not compared: ${row.round}`);
        continue;
      }
      const failure = judge(row, values, tally);
      if (failure) failures.push(`${row.fmt} ${row.x.join(' ')}: ${failure}`);
    }
    expect(failures).toEqual([]);
    expect(tally.counts).toMatchInlineSnapshot(`
      {
        "block of zeros: scale 0 here, 1 there": 2,
        "blocks": 1480,
        "blocks of NaN on both sides": 32,
        "elements": 46336,
        "input −0: stays −0 here, +0 there": 183,
        "not compared: floor": 1134,
        "not compared: it flushes subnormal inputs": 32,
        "not compared: nearest": 567,
        "zero of an integer: one code here, with a sign there": 507,
      }
    `);
  });

  /** Empty when alike; a difference by choice is counted. */
  function judge(row: Row, values: number[], tally: Tally): string {
    const element = MICROXCALING[row.fmt];
    const block = quantizeBlock(values, element);
    tally.add('blocks');
    if (block.scale !== row.scale_e8m0) {
      const isZero = values.every(x => x === 0);
      if (!isZero || block.scale !== 0) return `scale ${block.scale}, not ${row.scale_e8m0}`;
      tally.add(`block of zeros: scale 0 here, ${row.scale_e8m0} there`);
    }
    if (block.scale === 0xff) {
      tally.add('blocks of NaN on both sides');
      return row.elem.every(x => x === null) ? '' : 'elements of a NaN block';
    }
    const format = mxElementFormat(element);
    for (const [i, theirs] of row.elem.entries()) {
      const ours = format.decodeNumber(block.elements[i]);
      tally.add('elements');
      if (Object.is(ours, theirs)) continue;
      if (ours !== 0 || theirs !== 0) return `element ${i} is ${ours}, not ${theirs}`;
      if (element === 'int8') tally.add('zero of an integer: one code here, with a sign there');
      else if (Object.is(values[i], -0)) tally.add('input −0: stays −0 here, +0 there');
      else return `element ${i} is a zero of the wrong sign`;
    }
    return '';
  }
});

describe('properties', () => {
  const block = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), {
    minLength: 1,
    maxLength: 32,
  });
  const middling = fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 32 });
  const element = fc.constantFrom(...MX_ELEMENTS);
  const rule = fc.constantFrom(...SCALE_RULES);

  it('takes a NaN or an infinity anywhere for the whole block', () => {
    const special = fc.constantFrom(Number.NaN, Infinity, -Infinity);
    fc.assert(
      fc.property(block, special, fc.nat(), element, rule, (values, bad, at, e, r) => {
        const result = quantizeBlock(values.with(at % values.length, bad), e, r);
        expect(result.scale).toBe(0xff);
      }),
    );
  });

  it('gives code 0 and scale 0 for zeros only', () => {
    for (const e of MX_ELEMENTS) {
      for (const r of SCALE_RULES) {
        expect(quantizeBlock([0, -0, 0], e, r)).toEqual({ scale: 0, elements: new Uint8Array(3) });
      }
    }
  });

  it('by ceil takes the smallest scale that does not saturate', () => {
    fc.assert(
      fc.property(middling, element, (values, e) => {
        const amax = Math.max(...values.map(Math.abs));
        const largest = toNumber(mxElementFormat(e).max);
        const { scale } = quantizeBlock(values, e, 'ceil');
        if (scale > 0) {
          expect(amax).toBeLessThanOrEqual(largest * 2 ** (scale - 127));
          expect(amax).toBeGreaterThan(largest * 2 ** (scale - 128));
        }
      }),
    );
  });

  it('orders the rules: floor ≤ even, ceil ≤ up, and at most one apart', () => {
    fc.assert(
      fc.property(block, element, (values, e) => {
        const [floor, ceil, even, up] = SCALE_RULES.map(r => quantizeBlock(values, e, r).scale);
        for (const other of [ceil, even, up]) expect(other === floor || other === floor + 1).toBe(true);
        for (const other of [ceil, even]) expect(other).toBeLessThanOrEqual(up);
      }),
    );
  });

  it('gives the same codes for a block times a power of two, and for its own result', () => {
    fc.assert(
      fc.property(middling, fc.integer({ min: -20, max: 20 }), element, rule, (values, shift, e, r) => {
        const first = quantizeBlock(values, e, r);
        // Away from the ends of the scale.
        if (first.scale < 30 || first.scale > 220) return;
        const scaled = values.map(x => x * 2 ** shift);
        const shifted = quantizeBlock(scaled, e, r);
        expect(shifted.elements).toEqual(first.elements);
        expect(shifted.scale).toBe(first.scale + shift);
        const again = valuesOf(quantizeBlock(valuesOf(first, e), e, 'floor'), e);
        if (r === 'floor') expect(again).toEqual(valuesOf(first, e));
      }),
    );
  });

  it('never makes −128', () => {
    fc.assert(
      fc.property(block, rule, (values, r) => {
        expect(quantizeBlock(values, 'int8', r).elements).not.toContain(0x80);
      }),
    );
  });

  it('refuses what it does not know', () => {
    expect(() => quantizeBlock([1], 'int4' as MxElement)).toThrow(/int4 is no element format of MX/);
    expect(() => quantizeBlock([1], 'e2m1', 'round' as ScaleRule)).toThrow(/unknown scale rule "round"/);
  });
});
