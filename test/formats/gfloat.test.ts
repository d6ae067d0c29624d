import { describe, expect, it } from 'vitest';
import {
  type Format,
  fromNumber,
  type Policy,
  parseFormat,
  type Round,
  toNumber,
  valuesTable,
} from '../../generators/formats/index.ts';
import { doubleFromHex, readTsv, sameCode, Tally, vectorsPresent } from './vectors.ts';

/** gfloat's name for a format, and ours. */
const NAMES: Record<string, string> = {
  ocp_e4m3: 'e4m3',
  ocp_e5m2: 'e5m2',
  ocp_e3m2: 'e3m2',
  ocp_e2m3: 'e2m3',
  ocp_e2m1: 'e2m1',
  binary16: 'fp16',
  bfloat16: 'bf16',
};
const ROUNDINGS: Round[] = ['rne', 'rtz', 'rdn', 'rup', 'rna', 'odd'];

describe.skipIf(!vectorsPresent)('gfloat', () => {
  const index = vectorsPresent ? readTsv('gfloat/INDEX.tsv') : [];

  it.each(
    index.filter(row => widthOf(row) <= 10).map(row => row[0]),
  )('decodes each code of %s alike', name => {
    const format = parseFormat(NAMES[name] ?? name);
    const table = valuesTable(format);
    const rows = readTsv(`gfloat/decode_${name}.tsv`);
    expect(rows.length).toBe(2 ** format.width);
    for (const [code, , hex] of rows) {
      const value = hex === 'nan' ? Number.NaN : doubleFromHex(hex);
      const exact = format.decode(BigInt(`0x${code}`));
      expect(toNumber(exact)).toBe(value);
      expect(table[Number.parseInt(code, 16)]).toBe(value);
    }
  });

  it.each(index.map(row => [row[0], row] as const))('has the parameters of %s alike', (name, row) => {
    const format = parseFormat(NAMES[name] ?? name);
    const fields = Object.fromEntries(row.slice(1).map(field => field.split('=')));
    expect(format.width).toBe(Number(fields.k));
    expect(format.float?.mantissaBits).toBe(Number(fields.p) - 1);
    expect(format.float?.bias).toBe(Number(fields.bias));
    expect(format.signed).toBe(fields.signed === '1');
    expect(format.float?.negativeZero).toBe(fields.has_neg_zero === '1');
    expect(format.float?.infinityCode !== undefined).toBe(fields.domain === 'Extended');
  });

  // Each column of each row goes through the fast path and the exact one.
  const tally = new Tally();
  it.each(index.map(row => row[0]))('rounds to %s alike', name => {
    const format = parseFormat(NAMES[name] ?? name);
    const failures: string[] = [];
    for (const row of readTsv(`gfloat/round_${name}.tsv.gz`)) {
      for (let column = 0; column < 12; column++) {
        const round = ROUNDINGS[column % 6];
        const overflow = column < 6 ? 'special' : 'saturate';
        const code = encodeTwice(format, doubleFromHex(row[0]), { round, overflow });
        const failure = judge(format, row, column, code);
        if (failure)
          failures.push(`${row[0]} ${round} ${overflow}: ${code.toString(16)}, not ${row[column + 1]}`);
      }
    }
    expect(failures).toEqual([]);
  });

  it('differs only where docs/formats.md says so', () => {
    expect(tally.counts).toMatchInlineSnapshot(`
      {
        "NaN refused, here largest finite": 48,
        "compared": 939218,
        "odd overflow is infinity or NaN, here largest finite": 451,
        "overflow refused, here largest finite": 658,
        "the double below half the smallest subnormal is rounded up, here to zero": 90,
      }
    `);
  });

  /** True for a failure; a difference by choice is counted. */
  function judge(format: Format, row: string[], column: number, code: bigint): boolean {
    const theirs = row[column + 1];
    const saturated = row[(column % 6) + 7];
    if (theirs === '--') {
      const nan = saturated === '--';
      tally.add(nan ? 'NaN refused, here largest finite' : 'overflow refused, here largest finite');
      return code !== (nan ? format.encode(format.max) : BigInt(`0x${saturated}`));
    }
    tally.add('compared');
    if (sameCode(format, code, BigInt(`0x${theirs}`))) return false;
    const round = ROUNDINGS[column % 6];
    if (round === 'rna') {
      // Just below half the smallest subnormal, where adding a half in double precision rounds up to a whole.
      tally.add('the double below half the smallest subnormal is rounded up, here to zero');
      const halfStep = 2 ** (format.lsbExponent - 1);
      return !(
        Math.abs(doubleFromHex(row[0])) === halfStep * (1 - 2 ** -53) &&
        format.decodeNumber(Number(code)) === 0
      );
    }
    tally.add('odd overflow is infinity or NaN, here largest finite');
    return round !== 'odd' || column >= 6 || code !== BigInt(`0x${saturated}`);
  }

  it.each(index.map(row => row[0]))('rounds stochastically to %s alike', name => {
    const format = parseFormat(NAMES[name] ?? name);
    const { exponentBits: e, mantissaBits: m, bias } = format.float!;
    const finer = (bits: number) => parseFormat(`e${e + 1}m${m + bits}b${bias}fin`);
    const failures: string[] = [];
    for (const row of readTsv(`gfloat/round_${name}.tsv.gz`)) {
      const x = doubleFromHex(row[0]);
      const bits = Number.parseInt(row[13], 16);
      if (Number.isNaN(x) && format.canonicalNaN === undefined) continue;
      // gfloat rounds to four bits more, ties to even, before it adds the random bits; here the bits are cut off.
      const proportional = encodeTwice(format, through(finer(4), x, 'rne'), random(bits, 4));
      // Its fast variant goes away from zero where the fraction exceeds 1 − (2·bits + 1)/32.
      const fast = encodeTwice(format, through(finer(6), x, 'odd'), random(4 * bits + 1, 6));
      if (!sameCode(format, proportional, BigInt(`0x${row[14]}`))) failures.push(`${row[0]} stochastic`);
      if (!sameCode(format, fast, BigInt(`0x${row[15]}`))) failures.push(`${row[0]} fast`);
    }
    expect(failures).toEqual([]);
  });
});

function through(format: Format, x: number, round: Round): number {
  if (!Number.isFinite(x)) return x;
  return toNumber(format.decode(format.encode(fromNumber(x), { round })));
}

function random(bits: number, count: number): Partial<Policy> {
  return { round: 'stochastic', random: { bits: BigInt(bits), count } };
}

function widthOf(row: string[]): number {
  return Number(row[1].slice(2));
}

function encodeTwice(format: Format, x: number, policy: Partial<Policy>): bigint {
  const code = format.encode(fromNumber(x), policy);
  const fast = format.encodeNumber(x, policy);
  if (BigInt(fast) !== code) throw new Error(`${format.id} ${x}: ${fast} by numbers, ${code} exactly`);
  return code;
}
