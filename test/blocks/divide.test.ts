import { expect, test } from 'vitest';
import { divideByConstant } from '../../generators/blocks/divide.ts';
import { ROUNDINGS, type Round } from '../../generators/formats/index.ts';
import { machineOf } from './machine.ts';

/** Written out on doubles: the quotients are far from anything that a double would round. */
function divided(x: number, divisor: number, round: Round): number {
  const floor = Math.floor(x / divisor);
  const remainder = x - floor * divisor;
  if (remainder === 0) return floor;
  const side = Math.sign(2 * remainder - divisor);
  const nearest = (tie: number): number => (side === 0 ? tie : side < 0 ? floor : floor + 1);
  const [even, odd] = floor % 2 === 0 ? [floor, floor + 1] : [floor + 1, floor];
  switch (round) {
    case 'rne':
      return nearest(even);
    case 'rna':
      return nearest(x < 0 ? floor : floor + 1);
    case 'rhz':
      return nearest(x < 0 ? floor + 1 : floor);
    case 'rhu':
      return nearest(floor + 1);
    case 'rhd':
      return nearest(floor);
    case 'rtz':
      return x < 0 ? floor + 1 : floor;
    case 'rup':
      return floor + 1;
    case 'odd':
      return odd;
    default:
      return floor;
  }
}

test.each(ROUNDINGS.filter(round => round !== 'stochastic'))('%s: every dividend, many divisors', round => {
  for (const signed of [false, true]) {
    for (const width of [1, 4, 10]) {
      for (const divisor of [1, 2, 3, 4, 5, 6, 7, 9, 12, 25, 49, 100, 196, 511, 512, 768, 1023]) {
        const run = machineOf({ x: { width, signed } }, (b, { x }) => ({
          y: divideByConstant(b, x!, BigInt(divisor), round),
        }));
        const least = signed ? -(2 ** (width - 1)) : 0;
        for (let x = least; x < least + 2 ** width; x++) {
          const y = Number(run({ x }).y);
          const want = divided(x, divisor, round);
          if (y !== want) throw new Error(`${x} / ${divisor} gave ${y}, not ${want}`);
        }
      }
    }
  }
});

test('the reciprocal is exact around each multiple of a wide range', () => {
  for (const divisor of [3n, 7n, 9n, 49n, 641n, 1023n]) {
    const run = machineOf({ x: { width: 50, signed: true } }, (b, { x }) => ({
      y: divideByConstant(b, x!, divisor, 'rdn'),
    }));
    const end = 2n ** 49n;
    for (const quotient of [
      -end / divisor,
      -12345678901n / divisor,
      -1n,
      0n,
      1n,
      98765432109n,
      (end - 1n) / divisor,
    ]) {
      for (const beside of [-1n, 0n, 1n]) {
        const x = quotient * divisor + beside;
        if (x < -end || x >= end || quotient > end / divisor) continue;
        const floor = beside < 0n ? quotient - 1n : quotient;
        expect(run({ x: Number(x) }).y, `${x} / ${divisor}`).toBe(Number(floor));
      }
    }
  }
});
