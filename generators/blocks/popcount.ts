import type { Builder } from '../hdl/builder.ts';
import type { Signal, Vector } from '../hdl/signal.ts';
import { sumOfTerms } from './selectSum.ts';

/** How many of some bits are set, in lanes of one bit. */
export function popcount(b: Builder, bits: Vector): Signal {
  // Four bits to a lane: three are counted, which with a gate before each bit is two functions of six inputs; the fourth
  // waits below their number for the carry of an adder.
  const groups = Math.ceil(bits.lanes / 4);
  const padding = Array.from({ length: 4 * groups - bits.lanes }, () => b.const(0));
  const padded = b.concat(...padding, bits.pack());
  const fours = b.lanes('four', [padded.unpack(groups)] as const, four => {
    const count = four.bit(1).add(four.bit(2)).add(four.bit(3));
    return b.concat(count, four.bit(0));
  });
  return sumOfTerms(b, [fours], BigInt(bits.lanes));
}
