import { describe, expect, test } from 'vitest';
import { limitToFixed, roundShiftRight, roundToFixed } from '../../generators/blocks/fixed.ts';
import { fromBigInt, OVERFLOWS, parseFormat, ROUNDINGS, roundShift } from '../../generators/formats/index.ts';
import { machineOf } from './machine.ts';

const DETERMINISTIC = ROUNDINGS.filter(round => round !== 'stochastic');

/** The integers of so many bits. */
function integers(width: number, signed: boolean): number[] {
  const least = signed ? -(2 ** (width - 1)) : 0;
  return Array.from({ length: 2 ** width }, (_, i) => least + i);
}

function signedCode(id: string, code: bigint): bigint {
  const { width, signed } = parseFormat(id);
  return signed ? BigInt.asIntN(width, code) : code;
}

const TARGETS = [
  // Wider and finer, the same, one bit less, several less.
  ...['fix9.6', 'fix6.3', 'ufix6.3', 'fix5.3', 'fix4.1', 'fix3.3', 'ufix4.2', 'ufix3.0', 'fix1.3', 'ufix1.2'],
  // The last bit is the first of the source, its sign, or beyond all of its bits; or the format is wide and coarse.
  ...['fix3.-1', 'fix3.-2', 'fix3.-3', 'ufix3.-3', 'fix2.-7', 'ufix2.-7', 'fix12.-2', 'fix1.-4', 'ufix1.-3'],
];

describe.each(['fix6.3', 'ufix6.3', 'fix1.3', 'ufix1.3', 'fix2.3'])('roundToFixed from %s', from => {
  const source = parseFormat(from);
  test.each(TARGETS)('to %s: every value, rounding and overflow mode', to => {
    const target = parseFormat(to);
    let cases = 0;
    for (const round of DETERMINISTIC) {
      for (const overflow of OVERFLOWS) {
        if (overflow === 'wrapsm' && !target.signed) continue;
        const run = machineOf({ x: source }, (b, { x }) => {
          const y = roundToFixed(b, x!.withLsb(source.lsbExponent), target, { round, overflow });
          expect(y.lsb).toBe(target.lsbExponent);
          return { y };
        });
        for (const x of integers(source.width, source.signed)) {
          const code = target.encode(fromBigInt(BigInt(x), source.lsbExponent), { round, overflow });
          const want = signedCode(to, code);
          const { y } = run({ x });
          if (BigInt(y!) !== want) throw new Error(`${x} ${round} ${overflow} gave ${y}, not ${want}`);
          cases++;
        }
      }
    }
    expect(cases).toBe(DETERMINISTIC.length * (target.signed ? 6 : 5) * 2 ** source.width);
  });
});

describe('stochastic rounding to fixed point', () => {
  test.each(['fix8.6', 'fix6.3', 'fix4.1', 'fix3.-1', 'fix2.-3', 'fix3.-5', 'ufix4.0'])('to %s', to => {
    const target = parseFormat(to);
    for (const from of ['fix6.3', 'ufix6.3', 'fix2.3']) {
      const source = parseFormat(from);
      for (const count of [1, 3, 5, 8]) {
        const policy = { round: 'stochastic', overflow: 'saturate' } as const;
        const run = machineOf({ x: source, random: count }, (b, { x, random }) => ({
          y: roundToFixed(b, x!.withLsb(source.lsbExponent), target, { ...policy, random: random! }),
        }));
        for (const x of integers(source.width, source.signed)) {
          const value = fromBigInt(BigInt(x), source.lsbExponent);
          for (let bits = 0; bits < 2 ** count; bits++) {
            const code = target.encode(value, { ...policy, random: { bits: BigInt(bits), count } });
            const { y } = run({ x, random: bits });
            if (BigInt(y!) !== signedCode(to, code))
              throw new Error(`${from} ${x}, ${bits} of ${count} bits: ${y}, not ${signedCode(to, code)}`);
          }
        }
      }
    }
  });
});

test('roundShiftRight rounds as roundShift, also beyond the width', () => {
  for (const round of DETERMINISTIC) {
    for (const signed of [false, true]) {
      for (const width of [1, 2, 5]) {
        const run = machineOf({ x: { width, signed }, amount: 4 }, (b, { x, amount }) => ({
          y: roundShiftRight(b, x!, amount!, round),
        }));
        for (const x of integers(width, signed)) {
          for (let amount = 0; amount < 16; amount++) {
            const { y } = run({ x, amount });
            const want = roundShift(BigInt(x), amount, round);
            if (BigInt(y!) !== want) throw new Error(`${x} >> ${amount} ${round}: ${y}, not ${want}`);
          }
        }
      }
    }
  }
});

test('nothing is built where the range fits', () => {
  machineOf({ x: { width: 5, signed: true } }, (b, { x }) => {
    const before = b.nodes.length;
    for (const overflow of OVERFLOWS) {
      if (overflow !== 'satsym') expect(limitToFixed(b, x!, { width: 5, signed: true }, overflow)).toBe(x);
      expect(limitToFixed(b, x!, { width: 6, signed: true }, overflow)).toBe(x);
    }
    expect(b.nodes.length).toBe(before);
    return { x: x! };
  });
});
