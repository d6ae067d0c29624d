import { describe, expect, it } from 'vitest';
import { convert, type Policy, parseFormat, type Round } from '../../generators/formats/index.ts';
import { readTsv, vectorsPresent } from './vectors.ts';

const ROUNDINGS: Round[] = ['rne', 'rtz', 'rdn', 'rup', 'rna', 'odd'];
const NAMES: Record<string, string> = {
  f16: 'fp16',
  f32: 'fp32',
  f64: 'fp64',
  bf16: 'bf16',
  i32: 'int32',
  i64: 'int64',
  ui32: 'uint32',
};
const FILES = [
  'bf16_to_f32',
  'f16_to_f32',
  'f32_to_bf16',
  'f32_to_bf16.level2',
  'f32_to_f16',
  'f32_to_f16.level2',
  'f64_to_f16',
  'f64_to_f16.level2',
  'f64_to_f32',
  'f16_to_i32',
  'f16_to_i32.level2',
  'f16_to_ui32',
  'f32_to_i32',
  'f32_to_i32.level2',
  'f32_to_i64',
  'f32_to_ui32',
  'i32_to_f16',
  'i32_to_f16.level2',
  'i32_to_f32',
  'i32_to_f32.level2',
  'i64_to_f32',
  'ui32_to_f16',
  'ui32_to_f32',
];

describe.skipIf(!vectorsPresent)('Berkeley SoftFloat', () => {
  it.each(FILES)('converts %s to the same bits in six roundings', file => {
    const [fromName, toName] = file.replace('.level2', '').split('_to_');
    const from = parseFormat(NAMES[fromName]);
    const to = parseFormat(NAMES[toName]);
    const failures: string[] = [];
    const rows = readTsv(`softfloat/${file}.tsv.gz`);
    expect(rows.length).toBeGreaterThan(300);
    for (const [input, ...results] of rows) {
      const code = BigInt(`0x${input}`);
      results.forEach((result, column) => {
        // To an integer, out of range and NaN give the nearest bound, or the largest integer: RISC-V.
        const policy: Partial<Policy> = { round: ROUNDINGS[column], overflow: 'special' };
        const expected = BigInt(`0x${result.split(':')[0]}`);
        const exact = convert(from, to, code, policy);
        if (exact !== expected)
          failures.push(`${input} ${policy.round}: ${exact.toString(16)}, not ${result}`);
        if (!from.exactInDouble || !to.exactInDouble) return;
        const fast = to.encodeNumber(from.decodeNumber(Number(code)), policy);
        if (BigInt(fast) !== expected) failures.push(`${input} ${policy.round} fast: ${fast.toString(16)}`);
      });
    }
    expect(failures).toEqual([]);
  });
});
