import { describe, expect, it } from 'vitest';
import {
  type Format,
  fromNumber,
  type Overflow,
  parseFormat,
  type Round,
} from '../../generators/formats/index.ts';
import { doubleFromHex, readJsonLines, Tally, vectorsPresent } from './vectors.ts';

/** [signed, width, integer bits] */
type Triple = [number, number, number];
interface Conversion {
  src: Triple;
  dst: Triple;
  q: string;
  o: string;
  x: string[];
  y: string[];
}
interface Disputed {
  src: Triple;
  dst: Triple;
  q: string;
  o: string;
  x: string;
  ap_fixed: string;
  systemc: string;
}

const ROUNDINGS: Record<string, Round> = {
  RND: 'rhu',
  RND_ZERO: 'rhz',
  RND_MIN_INF: 'rhd',
  RND_INF: 'rna',
  RND_CONV: 'rne',
  TRN: 'trn',
  TRN_ZERO: 'rtz',
};
const OVERFLOWS: Record<string, Overflow> = {
  SAT: 'saturate',
  SAT_ZERO: 'satzero',
  SAT_SYM: 'satsym',
  WRAP: 'wrap',
  WRAP_SM: 'wrapsm',
};

describe.skipIf(!vectorsPresent)('ap_fixed and IEEE 1666', () => {
  it('converts between fixed-point types alike, exactly and by numbers', () => {
    const tally = new Tally();
    const modes = new Set<string>();
    const failures: string[] = [];
    for (const { src, dst, q, o, x, y } of readJsonLines<Conversion>('fixed/convert.jsonl.gz')) {
      const overflow = OVERFLOWS[o]!;
      modes.add(`${q} ${o}`);
      const from = formatOf(src);
      const to = formatOf(dst);
      const policy = { round: ROUNDINGS[q], overflow };
      x.forEach((hex, index) => {
        const code = BigInt(`0x${hex}`);
        const expected = BigInt(`0x${y[index]}`);
        const exact = to.encode(from.decode(code), policy);
        if (exact !== expected) failures.push(`${from.id} ${hex} to ${to.id} ${q} ${o}: ${exact}`);
        tally.add('exact path');
        if (!from.exactInDouble || !to.exactInDouble) return;
        const fast = to.encodeNumber(from.decodeNumber(Number(code)), policy);
        if (BigInt(fast) !== expected)
          failures.push(`${from.id} ${hex} to ${to.id} ${q} ${o} by numbers: ${fast}`);
        tally.add('both paths');
      });
    }
    expect(failures).toEqual([]);
    expect(modes.size).toBe(35);
    expect(tally.counts).toMatchInlineSnapshot(`
      {
        "both paths": 230583,
        "exact path": 251599,
      }
    `);
  });

  it('converts from f64 alike', () => {
    const tally = new Tally();
    const failures: string[] = [];
    for (const { dst, q, o, x, y } of readJsonLines<Conversion>('fixed/from_f64.jsonl.gz')) {
      const to = formatOf(dst);
      const policy = { round: ROUNDINGS[q], overflow: OVERFLOWS[o]! };
      x.forEach((hex, index) => {
        const value = doubleFromHex(hex);
        const expected = BigInt(`0x${y[index]}`);
        const exact = to.encode(fromNumber(value), policy);
        if (exact !== expected) failures.push(`${value} to ${to.id} ${q} ${o}: ${exact}`);
        tally.add('exact path');
        if (!to.exactInDouble) return;
        const fast = to.encodeNumber(value, policy);
        if (BigInt(fast) !== expected) failures.push(`${value} to ${to.id} ${q} ${o} by numbers: ${fast}`);
        tally.add('both paths');
      });
    }
    expect(failures).toEqual([]);
    expect(tally.counts).toMatchInlineSnapshot(`
      {
        "both paths": 8400,
        "exact path": 8400,
      }
    `);
  });

  it('takes the side of IEEE 1666 where the two disagree', () => {
    const tally = new Tally();
    for (const { src, dst, q, o, x, ap_fixed, systemc } of readJsonLines<Disputed>(
      'fixed/disputed_ap_vs_systemc.jsonl.gz',
    )) {
      const overflow = OVERFLOWS[o]!;
      const code = formatOf(dst).encode(formatOf(src).decode(BigInt(`0x${x}`)), {
        round: ROUNDINGS[q],
        overflow,
      });
      tally.add(
        `${o} as IEEE 1666: ${code === BigInt(`0x${systemc}`)}, as ap_fixed: ${code === BigInt(`0x${ap_fixed}`)}`,
      );
    }
    expect(tally.counts).toMatchInlineSnapshot(`
      {
        "SAT_SYM as IEEE 1666: true, as ap_fixed: false": 1739,
        "WRAP_SM as IEEE 1666: true, as ap_fixed: false": 816,
      }
    `);
  });
});

function formatOf([signed, width, integerBits]: Triple): Format {
  return parseFormat(`ap_${signed === 1 ? '' : 'u'}fixed<${width},${integerBits}>`);
}
