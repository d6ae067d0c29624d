import { expect, test } from 'vitest';
import { divide, normalize, normalizeWithin } from '../../generators/blocks/normalize.ts';
import { parseFormat } from '../../generators/formats/parse.ts';
import { machineOf } from './machine.ts';

test('normalize gives the value of each finite code but zero, with the highest bit set', () => {
  for (const id of ['e4m3', 'e5m2', 'e3m2']) {
    const format = parseFormat(id);
    const top = 2 ** format.float!.mantissaBits;
    const run = machineOf({ code: format.width }, (b, { code }) => ({
      ...normalize(b, format.float!, code!),
    }));
    for (let code = 1; code <= Number(format.float!.maxFiniteCode); code++) {
      const { significand, exponent } = run({ code }) as { significand: number; exponent: number };
      expect(significand * 2 ** exponent, `${id} ${code}`).toBe(format.decodeNumber(code));
      expect(significand).toBeGreaterThanOrEqual(top);
      expect(significand).toBeLessThan(2 * top);
    }
  }
});

test('normalizeWithin moves a product of normalized numbers up', () => {
  const run = machineOf({ x: 3, y: 3 }, (b, { x, y }) => {
    const [left, right] = [x!, y!].map(digits => b.concat(b.const(1), digits));
    const product = { significand: left!.mul(right!), exponent: b.const(5) };
    return { ...normalizeWithin(b, product) };
  });
  for (let x = 0; x < 8; x++) {
    for (let y = 0; y < 8; y++) {
      const { significand, exponent } = run({ x, y }) as { significand: number; exponent: number };
      expect(significand * 2 ** exponent).toBe((8 + x) * (8 + y) * 2 ** 5);
      expect(significand).toBeGreaterThanOrEqual(128);
    }
  }
});

test('divide gives digits, exponent and whether anything is left', () => {
  const digits = 4;
  for (const [x, y] of [
    [3, 5],
    [5, 3],
    [4, 4],
  ] as const) {
    const run = machineOf({ x, y }, (b, ports) => {
      const of = (digits: typeof ports.x) => ({
        significand: b.concat(b.const(1), digits!),
        exponent: b.const(0),
      });
      return { ...divide(b, of(ports.x), of(ports.y), digits) };
    });
    for (let i = 0; i < 2 ** x; i++) {
      for (let j = 0; j < 2 ** y; j++) {
        const quotient = (2 ** x + i) / (2 ** y + j);
        const exponent = Math.floor(Math.log2(quotient));
        const scaled = (quotient / 2 ** exponent - 1) * 2 ** digits;
        const answer = run({ x: i, y: j }) as { digits: number; exponent: number; sticky: number };
        expect(answer).toEqual({
          digits: Math.floor(scaled),
          exponent,
          sticky: scaled === Math.floor(scaled) ? 0 : 1,
        });
      }
    }
  }
});
