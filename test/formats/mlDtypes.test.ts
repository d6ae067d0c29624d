import { describe, expect, it } from 'vitest';
import {
  convert,
  type Format,
  fromNumber,
  type Policy,
  parseFormat,
  toNumber,
} from '../../generators/formats/index.ts';
import { doubleFromHex, readTsv, sameCode, singleFromHex, Tally, vectorsPresent } from './vectors.ts';

const NAMES = [
  'float8_e3m4',
  'float8_e4m3',
  'float8_e4m3b11fnuz',
  'float8_e4m3fn',
  'float8_e4m3fnuz',
  'float8_e5m2',
  'float8_e5m2fnuz',
  'float6_e2m3fn',
  'float6_e3m2fn',
  'float4_e2m1fn',
];
const RNE_SPECIAL: Partial<Policy> = { overflow: 'special' };
const RNE_SATURATE: Partial<Policy> = {};
const TRUNCATE_SPECIAL: Partial<Policy> = { round: 'rtz', overflow: 'special' };
const TRUNCATE_SATURATE: Partial<Policy> = { round: 'rtz' };

/**
 * Compares one encoding with a reference's, on both paths, and counts it: under `equal`, or under the reason why
 * subbyte differs there. Returns a text for a difference that has no reason.
 */
function judge(
  tally: Tally,
  format: Format,
  x: number,
  policy: Partial<Policy>,
  theirs: string,
): string | undefined {
  const code = format.encode(fromNumber(x), policy);
  if (BigInt(format.encodeNumber(x, policy)) !== code) return `${format.id} ${x}: the two paths differ`;
  const reason = sameCode(format, code, BigInt(`0x${theirs}`))
    ? 'equal'
    : reasonToDiffer(format, x, policy, code);
  if (reason === undefined)
    return `${format.id} ${x} ${JSON.stringify(policy)}: ${code.toString(16)}, not ${theirs}`;
  tally.add(reason);
  return undefined;
}

/** Why a reference may have another code; undefined where subbyte has no reason to differ. */
function reasonToDiffer(
  format: Format,
  x: number,
  policy: Partial<Policy>,
  code: bigint,
): string | undefined {
  if (format.kind === 'scale') return reasonToDifferInScale(x, policy, Number(code));
  const largest = format.encode(x < 0 ? format.min : format.max);
  if (Number.isNaN(x))
    return format.canonicalNaN === undefined && code === largest ? 'NaN without NaN: +max' : undefined;
  if (code !== largest) return undefined;
  if (!Number.isFinite(x))
    return policy.overflow === 'special' ? undefined : 'saturated infinity: largest finite';
  return policy.round === 'rtz' && policy.overflow === 'special'
    ? 'truncated overflow: largest finite'
    : undefined;
}

function reasonToDifferInScale(x: number, policy: Partial<Policy>, code: number): string | undefined {
  const special = policy.overflow === 'special';
  if (x === Number.POSITIVE_INFINITY)
    return code === (special ? 255 : 254) ? 'saturated infinity: largest' : undefined;
  if (x <= 0)
    return code === (special ? 255 : 0) ? 'zero or negative: NaN, or smallest if saturated' : undefined;
  // The references see the subnormal f32 by its bits; here the rounding is that of the value.
  if (x < 2 ** -126) return 'below 2^-126: rounded as elsewhere';
  return special && policy.round === 'rup' && x > 2 ** 127 && code === 255
    ? 'up from above 2^127: NaN'
    : undefined;
}

describe.skipIf(!vectorsPresent)('ml_dtypes', () => {
  it.each([...NAMES, 'float8_e8m0fnu'])('decodes each code of %s alike', name => {
    const format = parseFormat(name);
    const rows = readTsv(`ml_dtypes/decode_${name}.tsv`);
    expect(rows.length).toBe(2 ** format.width);
    for (const [code, kind, hex] of rows) {
      const value = kind === 'nan' ? Number.NaN : doubleFromHex(hex);
      expect(toNumber(format.decode(BigInt(`0x${code}`)))).toBe(value);
      expect(format.decodeNumber(Number.parseInt(code, 16))).toBe(value);
    }
  });

  it('casts f32 alike, and as CUTLASS where that has the format', () => {
    const tally = new Tally();
    const cutlass = new Tally();
    const failures: (string | undefined)[] = [];
    for (const name of NAMES) {
      const format = parseFormat(name);
      for (const row of readTsv(`ml_dtypes/from_f32_${name}.tsv.gz`)) {
        const x = singleFromHex(row[0]);
        failures.push(judge(tally, format, x, RNE_SPECIAL, row[1]));
        failures.push(judge(tally, format, x, RNE_SATURATE, row[2]));
        failures.push(judge(tally, format, x, TRUNCATE_SPECIAL, row[3]));
        failures.push(judge(tally, format, x, TRUNCATE_SATURATE, row[4]));
        if (row.length > 5) failures.push(judge(cutlass, format, x, RNE_SATURATE, row[5]));
      }
    }
    expect(failures.filter(failure => failure !== undefined)).toEqual([]);
    expect(tally.counts).toMatchInlineSnapshot(`
      {
        "NaN without NaN: +max": 180,
        "equal": 267142,
        "saturated infinity: largest finite": 28,
        "truncated overflow: largest finite": 8978,
      }
    `);
    expect(cutlass.counts).toMatchInlineSnapshot(`
      {
        "NaN without NaN: +max": 19,
        "equal": 28486,
      }
    `);
  });

  it('casts f64 alike, with one rounding', () => {
    const tally = new Tally();
    const failures: (string | undefined)[] = [];
    for (const name of NAMES) {
      const format = parseFormat(name);
      for (const row of readTsv(`ml_dtypes/from_f64_${name}.tsv.gz`)) {
        const x = doubleFromHex(row[0]);
        failures.push(
          judge(tally, format, x, RNE_SPECIAL, row[1]),
          judge(tally, format, x, RNE_SATURATE, row[2]),
        );
        const twice = BigInt(format.encodeNumber(Math.fround(x), RNE_SPECIAL));
        if (!sameCode(format, twice, BigInt(`0x${row[1]}`)))
          tally.add('rows on which rounding through f32 is wrong');
      }
    }
    expect(failures.filter(failure => failure !== undefined)).toEqual([]);
    expect(tally.counts).toMatchInlineSnapshot(`
      {
        "equal": 14864,
        "rows on which rounding through f32 is wrong": 2787,
      }
    `);
  });

  it('casts f32 to bfloat16 as Eigen does', () => {
    const format = parseFormat('bfloat16');
    const tally = new Tally();
    const failures = readTsv('ml_dtypes/from_f32_bfloat16.tsv.gz').map(row =>
      judge(tally, format, singleFromHex(row[0]), RNE_SPECIAL, row[1]),
    );
    expect(failures.filter(failure => failure !== undefined)).toEqual([]);
    expect(tally.counts).toMatchInlineSnapshot(`
      {
        "equal": 23269,
      }
    `);
  });

  it('casts between the small formats alike', () => {
    const tally = new Tally();
    const failures: (string | undefined)[] = [];
    for (const [fromName, toName, code, special, saturated] of readTsv('ml_dtypes/xconv.tsv.gz')) {
      const from = parseFormat(fromName);
      const to = parseFormat(toName);
      // The reference breaks the ties of E8M0 upward.
      const round = to.kind === 'scale' ? 'rna' : 'rne';
      const x = from.decodeNumber(Number.parseInt(code, 16));
      for (const [overflow, theirs] of [
        ['special', special],
        ['saturate', saturated],
      ] as const) {
        failures.push(judge(tally, to, x, { round, overflow }, theirs));
        const ours = convert(from, to, BigInt(`0x${code}`), { round, overflow });
        if (Number(ours) !== to.encodeNumber(x, { round, overflow }))
          failures.push(`${fromName} ${code} ${toName}`);
      }
    }
    expect(failures.filter(failure => failure !== undefined)).toEqual([]);
    expect(tally.counts).toMatchInlineSnapshot(`
      {
        "NaN without NaN: +max": 330,
        "equal": 38348,
        "saturated infinity: largest": 3,
        "saturated infinity: largest finite": 36,
        "zero or negative: NaN, or smallest if saturated": 3,
      }
    `);
  });

  // Columns: ml_dtypes nearest and truncated, CUTLASS up, ONNX nearest, up and down; special is "nosat".
  const E8M0_COLUMNS: readonly Partial<Policy>[] = [
    { round: 'rna', overflow: 'special' },
    { round: 'rna' },
    { round: 'rtz', overflow: 'special' },
    { round: 'rtz' },
    { round: 'rup' },
    { round: 'rna' },
    { round: 'rna', overflow: 'special' },
    { round: 'rup' },
    { round: 'rup', overflow: 'special' },
    { round: 'rdn' },
    { round: 'rdn', overflow: 'special' },
  ];

  it('casts f32 to E8M0 as ml_dtypes, CUTLASS and ONNX do', () => {
    const format = parseFormat('float8_e8m0fnu');
    const tallies = { mlDtypes: new Tally(), cutlass: new Tally(), onnx: new Tally() };
    const failures: (string | undefined)[] = [];
    for (const row of readTsv('ml_dtypes/from_f32_float8_e8m0fnu.tsv.gz')) {
      const x = singleFromHex(row[0]);
      E8M0_COLUMNS.forEach((policy, column) => {
        const tally = column < 4 ? tallies.mlDtypes : column === 4 ? tallies.cutlass : tallies.onnx;
        failures.push(judge(tally, format, x, policy, row[column + 1]));
      });
    }
    expect(failures.filter(failure => failure !== undefined)).toEqual([]);
    expect(tallies.mlDtypes.counts).toMatchInlineSnapshot(`
      {
        "below 2^-126: rounded as elsewhere": 28,
        "equal": 57180,
        "saturated infinity: largest": 2,
        "zero or negative: NaN, or smallest if saturated": 2,
      }
    `);
    expect(tallies.cutlass.counts).toMatchInlineSnapshot(`
      {
        "equal": 7176,
        "saturated infinity: largest": 1,
        "zero or negative: NaN, or smallest if saturated": 7126,
      }
    `);
    expect(tallies.onnx.counts).toMatchInlineSnapshot(`
      {
        "below 2^-126: rounded as elsewhere": 102,
        "equal": 42923,
        "saturated infinity: largest": 3,
        "zero or negative: NaN, or smallest if saturated": 42790,
      }
    `);
  });

  it('casts f64 to E8M0 alike', () => {
    const format = parseFormat('float8_e8m0fnu');
    const tally = new Tally();
    const failures: (string | undefined)[] = [];
    for (const row of readTsv('ml_dtypes/from_f64_float8_e8m0fnu.tsv.gz')) {
      const x = doubleFromHex(row[0]);
      failures.push(judge(tally, format, x, { round: 'rna', overflow: 'special' }, row[1]));
      failures.push(judge(tally, format, x, { round: 'rna' }, row[2]));
    }
    expect(failures.filter(failure => failure !== undefined)).toEqual([]);
    expect(tally.counts).toMatchInlineSnapshot(`
      {
        "below 2^-126: rounded as elsewhere": 4,
        "equal": 4060,
      }
    `);
  });
});
