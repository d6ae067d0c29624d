import type { Builder } from '../hdl/builder.ts';
import type { Signal, Vector } from '../hdl/signal.ts';
import { sumOfSelected } from './selectSum.ts';

/** The exact sum of numbers times trits, which are two bits each: 00 is 0, 01 is +1, 11 is −1, and 10 is 0. */
export function ternaryDot(b: Builder, x: Vector, trits: Vector): Signal {
  return sumOfSelected(b, 'term', x, trits, trit => ({ use: trit.bit(0), negative: trit.bit(1) }));
}

/** The five trits of each byte of TQ1_0: the whole of three times a fraction is a digit, and the rest goes on. */
export function unpackTq1(b: Builder, bytes: Vector): Vector {
  const trits = b.lanes('unpack', [bytes] as const, byte => {
    const codes: Signal[] = [];
    let fraction = byte;
    for (let n = 0; n < 5; n++) {
      const tripled = fraction.add(fraction.shl(1)).as(`tripled_${n}`);
      codes.unshift(tripled.shr(8).sub(1).as(`trit_${n}`));
      fraction = tripled.bits(7, 0).as(`fraction_${n}`);
    }
    return b.concat(...codes);
  });
  return trits.pack().unpack(5 * bytes.lanes, true);
}

/** The same by a table, for any way to pack five trits. */
export function unpackByTable(
  b: Builder,
  bytes: Vector,
  name: string,
  tritsOf: (byte: number) => readonly number[],
): Vector {
  const codes = Array.from({ length: 256 }, (_, byte) =>
    tritsOf(byte).reduceRight((bits, trit) => (bits << 2n) | BigInt.asUintN(2, BigInt(trit)), 0n),
  );
  const trits = b.lanes('unpack', [bytes] as const, byte =>
    b.table(name, 'The five two-bit trits of a byte, the first in the lowest bits', codes, byte),
  );
  return trits.pack().unpack(5 * bytes.lanes, true);
}

/** Digits 0, 1, 2 of trits −1, 0, +1, five of them, as one number; the first is the most significant. */
export function numberOfTrits(b: Builder, trits: readonly Signal[]): Signal {
  return trits.reduce((number, trit, n) => {
    // Code 10 counts as 0.
    const digit = b
      .concat(trit.bit(0).and(trit.bit(1).not()), trit.bit(0).not())
      .narrow(0, 2)
      .as(`digit_${n}`);
    return number.shl(1).add(number).add(digit).as(`number_${n}`);
  }, b.const(0));
}
