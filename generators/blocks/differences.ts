import type { Builder } from '../hdl/builder.ts';
import { defineSubmodule } from '../hdl/module.ts';
import type { Submodule } from '../hdl/node.ts';
import type { Signal, Vector } from '../hdl/signal.ts';
import { compareInHeap } from './bitHeap.ts';
import { lutLiteral, lutTable } from './lutTable.ts';
import { plannedCount, popcount, sumOfBits } from './popcount.ts';
import { sumOfTerms } from './selectSum.ts';

/** In how many lanes two vectors of bits differ. */
export function countDifferent(b: Builder, x: Vector, y: Vector): Signal {
  if (b.fabric.selectingAdder === 'CCU2C' && x.lanes > SEVEN) return countByEights(b, x, y);
  if (b.fabric.lutCell) return countInTables(b, x, y, false);
  if (b.fabric.twoOutputs && x.lanes >= 3) return compareInHeap(b, x, y, false);
  const seen = b.lanes('compare', [x, y] as const, (left, right) => compared(left, right, false));
  return popcount(b, seen);
}

/** In how many lanes two vectors of bits are equal. */
export function countEqual(b: Builder, x: Vector, y: Vector): Signal {
  // What the cells of ECP5 count is the differences.
  if (b.fabric.selectingAdder === 'CCU2C' && x.lanes > SEVEN)
    return b
      .const(x.lanes)
      .sub(countByEights(b, x, y))
      .narrow(0, x.lanes);
  if (b.fabric.lutCell) return countInTables(b, x, y, true);
  if (b.fabric.twoOutputs && x.lanes >= 3) return compareInHeap(b, x, y, true);
  const seen = b.lanes('compare', [x, y] as const, (left, right) => compared(left, right, true));
  return popcount(b, seen);
}

/** In how many lanes two vectors of bits are equal, less in how many they differ. */
export function equalLessDifferent(b: Builder, x: Vector, y: Vector): Signal {
  const { lanes } = x;
  const isPowerOfTwo = (lanes & (lanes - 1)) === 0;
  if (b.fabric.lutCell && isPowerOfTwo && lanes >= 4) {
    // Half of the lanes more, in place of as many less, is a constant above the right operand of the last adder; then only the sign is inverted.
    return countInTables(b, x, y, true, lanes / 2)
      .sub(b.const(lanes))
      .shl(1);
  }
  const counted = countEqual(b, x, y);
  return counted.shl(1).sub(b.const(lanes)).narrow(-lanes, lanes);
}

/** Where two words differ, or where they are equal. */
function compared(x: Signal, y: Signal, ofEqual: boolean): Signal {
  return ofEqual ? x.xor(y).not() : x.xor(y);
}

/** Lanes that one carry chain of ECP5 counts. */
const SEVEN = 7;

/** Of eight lanes, seven are counted; the last one waits below their number for the carry of an adder. */
function countByEights(b: Builder, x: Vector, y: Vector): Signal {
  const groups = Math.ceil(x.lanes / 8);
  const zeros = Array.from({ length: 8 * groups - x.lanes }, () => b.const(0));
  const words = (v: Vector): Vector => b.concat(...zeros, v.pack()).unpack(groups);
  const pair = [words(x).as('left_words'), words(y).as('right_words')] as const;
  const eights = b.lanes('eight', pair, (left, right) => {
    const { count } = b.instance('seven', SEVEN_OF_ECP5, { x: left.bits(7, 1), y: right.bits(7, 1) });
    return b.concat(count!, left.bit(0).xor(right.bit(0)));
  });
  return sumOfTerms(b, [eights], BigInt(x.lanes), 0n);
}

/**
 * A table of CCU2C says whether a carry passes. Where it does not, the carry is what the table gives when C and D are zero. So an exclusive
 * or of all four inputs is a full adder of two differences, A ^ B and C ^ D: where they are equal, A ^ B is the carry.
 */
const SEVEN_OF_ECP5: Submodule = defineSubmodule(
  'count_differences_7',
  'In how many of seven bits two words differ; one half of a CCU2C for each bit, and one for the last carry',
  b => {
    const [x, y] = [b.input('x', SEVEN), b.input('y', SEVEN)];
    const differs = x.xor(y).as('differs');
    const bits = Array.from({ length: SEVEN }, (_, i) => differs.bit(i));
    return { count: bits.reduce((sum, bit) => sum.add(bit)) };
  },
  {
    verilog: `    wire [1:0] low; // counts of three lanes each
    wire [1:0] high;
    wire [2:0] carries;
    // Table 0006 ends a carry and starts another one, A ^ B; its sum is the carry that ends.
    // Table 6996 adds two differences. Table 666A adds A and B.
    CCU2C #(.INIT0(16'h0006), .INIT1(16'h6996), .INJECT1_0("NO"), .INJECT1_1("NO")) first_three (
        .CIN(1'b0), .COUT(carries[0]),
        .A0(x[2]), .B0(y[2]), .C0(1'b0), .D0(1'b1), .S0(),
        .A1(x[0]), .B1(y[0]), .C1(x[1]), .D1(y[1]), .S1(low[0])
    );
    CCU2C #(.INIT0(16'h0006), .INIT1(16'h6996), .INJECT1_0("NO"), .INJECT1_1("NO")) second_three (
        .CIN(carries[0]), .COUT(carries[1]),
        .A0(x[5]), .B0(y[5]), .C0(1'b0), .D0(1'b1), .S0(high[0]),
        .A1(x[3]), .B1(y[3]), .C1(x[4]), .D1(y[4]), .S1(low[1])
    );
    CCU2C #(.INIT0(16'h0006), .INIT1(16'h666A), .INJECT1_0("NO"), .INJECT1_1("NO")) sum_low (
        .CIN(carries[1]), .COUT(carries[2]),
        .A0(x[6]), .B0(y[6]), .C0(1'b0), .D0(1'b1), .S0(high[1]),
        .A1(low[0]), .B1(low[1]), .C1(1'b0), .D1(1'b1), .S1(count[0])
    );
    CCU2C #(.INIT0(16'h666A), .INIT1(16'h0000), .INJECT1_0("NO"), .INJECT1_1("NO")) sum_high (
        .CIN(carries[2]), .COUT(),
        .A0(high[0]), .B0(high[1]), .C0(1'b0), .D0(1'b1), .S0(count[1]),
        .A1(1'b0), .B1(1'b0), .C1(1'b0), .D1(1'b0), .S1(count[2])
    );
`,
    luts: 1,
    chain: true,
  },
);

/** Three lanes in three tables, counts of more by adders; and a number that is known beforehand. */
function countInTables(b: Builder, x: Vector, y: Vector, ofEqual: boolean, more = 0): Signal {
  const lane = (left: Signal, right: Signal): Signal => compared(left, right, ofEqual);
  const few = (left: Signal, right: Signal): Signal =>
    left.width === 3 ? countOfThree(b, left, right, ofEqual) : sumOfBits(lane(left, right));
  const counter = {
    lane: ([left, right]: readonly Signal[]) => lane(left!, right!),
    few: ([left, right]: readonly Signal[]) => few(left!, right!),
  };
  return plannedCount(b, [x, y], counter, more);
}

/**
 * A full adder that takes in the comparisons of its three lanes: where the first two are unlike, its carry is the third, which is the inverse of
 * the sum then; else it is the first. So the carry needs the sum, but not the third lane, and four inputs are enough. Synthesis would resolve
 * the sum into its lanes, which costs a table more; so that table is set by hand.
 */
function countOfThree(b: Builder, x: Signal, y: Signal, ofEqual: boolean): Signal {
  const [left, right] = [x.bit(0), y.bit(0)];
  const unlike = left
    .xor(right)
    .xor(x.bit(1).xor(y.bit(1)))
    .as('unlike');
  const sum = unlike.xor(compared(x.bit(2), y.bit(2), ofEqual)).as('sum');
  const { carry } = b.instance('full', ofEqual ? CARRY_OF_EQUAL : CARRY_OF_DIFFERENT, {
    unlike,
    sum,
    x: left,
    y: right,
  });
  return b.concat(carry!, sum);
}

function carryOfThree(ofEqual: boolean): Submodule {
  const table = lutTable(4, ([unlike, sum, x, y]) => (unlike ? !sum : (x === y) === ofEqual));
  const like = ofEqual ? '~(x ^ y)' : 'x ^ y';
  return defineSubmodule(
    ofEqual ? 'carry_of_equal' : 'carry_of_different',
    `Carry of a full adder of three lanes, of which the first is ${like}; one LUT`,
    b => {
      const [unlike, sum, x, y] = ['unlike', 'sum', 'x', 'y'].map(name => b.input(name, 1)) as Four;
      return { carry: b.mux(unlike, sum.not(), compared(x, y, ofEqual)) };
    },
    {
      verilog: `    SB_LUT4 #(.LUT_INIT(${lutLiteral(4, table)})) lut ( // unlike ? ~sum : ${like}
        .I0(unlike), .I1(sum), .I2(x), .I3(y), .O(carry)
    );
`,
      luts: 1,
      chain: false,
    },
  );
}

type Four = [Signal, Signal, Signal, Signal];

const CARRY_OF_EQUAL = carryOfThree(true);
const CARRY_OF_DIFFERENT = carryOfThree(false);
