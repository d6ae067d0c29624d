import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dotOf, dotToOdd } from '../../generators/formats/dot.ts';
import { parseFormat, valuesTable } from '../../generators/formats/index.ts';

describe('dotOf', () => {
  it.each([
    ['e2m1', 1024],
    ['e3m2', 1024],
    ['e4m3', 32],
    ['fix8.6', 1024],
    ['e4m3', 4096],
    ['e5m2', 32],
    ['int16', 64],
  ])('is dotToOdd for %s with %i lanes, special values included', (id, lanes) => {
    const format = parseFormat(id);
    const dot = dotOf(format, format, lanes);
    const table = valuesTable(format);
    const value = fc.nat(table.length - 1).map(code => table[code]);
    // Values of like size too, so that sums cancel to zeros of either sign.
    const few = fc.constantFrom(table[0], table[1], table[table.length >> 1], table[table.length - 1], 0);
    const vector = (length: number) =>
      fc.array(fc.oneof(value, few), { minLength: length, maxLength: length });
    const pair = fc.integer({ min: 0, max: Math.min(lanes, 64) }).chain(n => fc.tuple(vector(n), vector(n)));
    fc.assert(
      fc.property(pair, ([a, b]) => {
        expect(dot(a, b)).toBe(dotToOdd(a, b));
      }),
    );
  });

  it('adds plainly only where no sum can need more than a double holds', () => {
    const takes = (id: string, lanes: number): boolean =>
      dotOf(parseFormat(id), parseFormat(id), lanes) !== dotToOdd;
    expect([takes('e2m1', 1024), takes('e4m3', 1024), takes('fix8.6', 1024)]).toEqual([true, true, true]);
    expect([takes('e5m2', 1), takes('fp32', 1), takes('fp64', 1)]).toEqual([false, false, false]);
    // Two 16-bit integers make products up to 2^30: a sum of 2^20 of them stays far below 2^53, one of 2^24 does not.
    expect([takes('int16', 2 ** 20), takes('int16', 2 ** 24)]).toEqual([true, false]);
  });

  it('stays exact at the ends of the formats', () => {
    const format = parseFormat('int16');
    const lanes = 2 ** 12;
    const low = new Float64Array(lanes).fill(-32768);
    expect(dotOf(format, format, lanes)(low, low)).toBe(2 ** 42);
  });
});
