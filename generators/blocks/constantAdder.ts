import type { Builder } from '../hdl/builder.ts';
import type { CarryCell } from '../hdl/fabric.ts';
import { defineSubmodule } from '../hdl/module.ts';
import { type Submodule, widthOf } from '../hdl/node.ts';
import type { Signal } from '../hdl/signal.ts';
import { carryChain } from './carryChain.ts';

/**
 * Sums of two numbers and a constant in one carry chain, where synthesis makes two. Beside a bit of the constant, the sum and the carry of the two
 * bits are functions of these alone. So the table before the carry needs four inputs, for the sum of this bit and the carry of the bit
 * below; in some families it has them. Set by hand in cells of the family (`Fabric.threeOperands`, `Fabric.selectingAdder`).
 */

/** `x + y + constant`; in one chain where neither number has a sign. */
export function addWithConstant(b: Builder, x: Signal, y: Signal, constant: bigint): Signal {
  const cell = b.fabric.threeOperands ?? b.fabric.selectingAdder;
  if (cell === undefined || x.signed || y.signed) return addHigh(b, x.add(y).as('sum'), constant);
  const [least, most] = [constant, x.range[1] + y.range[1] + constant];
  const shape: Shape = { operands: Math.max(x.width, y.width), sum: widthOf(least, most), constant, cell };
  const wide = (s: Signal): Signal => s.withLsb(0).wrap(shape.operands, false);
  const { sum } = b.instance('adding', adder(shape), { x: wide(x), y: wide(y) });
  return sum!
    .wrap(shape.sum, least < 0n)
    .narrow(least, most)
    .withLsb(x.lsb);
}

/** `x` and a constant, whose zeros at its low end take no adder. */
function addHigh(b: Builder, x: Signal, constant: bigint): Signal {
  let low = 0;
  while (low < x.width - 1 && (constant >> BigInt(low)) % 2n === 0n) low++;
  if (low === 0) return x.add(constant);
  const high = x.shr(low).add(constant >> BigInt(low));
  const [least, most] = x.range;
  return b
    .concat(high, x.bits(low - 1, 0))
    .wrap(high.width + low, high.signed)
    .narrow(least + constant, most + constant);
}

interface Shape {
  /** Bits of both numbers, which have no sign. */
  readonly operands: number;
  /** Bits of the sum, in two's complement where the constant is negative. */
  readonly sum: number;
  readonly constant: bigint;
  /** Has tables of four inputs before the carry. */
  readonly cell: CarryCell | 'CCU2C';
}

/** Submodules by their shape: one of each, so that it is written once. */
const adders = new Map<string, Submodule>();

function adder(shape: Shape): Submodule {
  const { operands, sum, cell } = shape;
  const constant = BigInt.asUintN(sum, shape.constant);
  const hex = constant.toString(16);
  const name = `add_${hex}_to_sum_of_${operands}`;
  const known = adders.get(`${name} ${sum} ${cell}`);
  if (known) return known;
  const made = defineSubmodule(
    name,
    `Sum of two numbers and ${sum}'h${hex}; ${cell === 'CCU2C' ? 'half of a CCU2C' : 'one LUT'} for each bit of it`,
    b => ({ sum: b.input('x', operands).add(b.input('y', operands)).add(constant).wrap(sum, false) }),
    {
      verilog: alignedBits(shape) + (cell === 'CCU2C' ? inCcu2c(shape) : inLut6(shape, cell)),
      luts: cell === 'CCU2C' ? 0 : 1,
      chain: true,
    },
  );
  adders.set(`${name} ${sum} ${cell}`, made);
  return made;
}

/** What both kinds of cells start with: the constant and the numbers in as many bits as there are tables, and a zero below. */
function alignedBits({ operands, sum, constant, cell }: Shape): string {
  const length = cell === 'CCU2C' ? sum + (sum % 2) : sum;
  const hex = BigInt.asUintN(sum, constant).toString(16);
  const above = length > operands ? `${length - operands}'d0, ` : '';
  return `    localparam [${length}:0] ONES = {${length}'h${hex}, 1'b0}; // the constant, and a zero below it
    wire [${length}:0] xs = {${above}x, 1'b0};
    wire [${length}:0] ys = {${above}y, 1'b0};
`;
}

/** The sum and the carry of two bits and one of the constant. */
const sumOf = (one: boolean, x: number, y: number): number => (one ? 1 - (x ^ y) : x ^ y);
const carryOf = (one: boolean, x: number, y: number): number => (one ? x | y : x & y);

/**
 * The table of whether a carry passes: whether the sum of this bit is other than the carry from the bit below. The lower two bits of its index are those
 * of this bit, the upper two those below.
 */
function passes(one: boolean, oneBelow: boolean): bigint {
  let table = 0;
  for (let i = 0; i < 16; i++) {
    const bit = (n: number): number => (i >> n) & 1;
    table |= (sumOf(one, bit(0), bit(1)) ^ carryOf(oneBelow, bit(2), bit(3))) << i;
  }
  return BigInt(table);
}

/** The table of a bit as an expression of the constant, by its index and the one below in `ONES`. */
function tableAt(
  index: string,
  below: string,
  bits: number,
  table: (one: boolean, oneBelow: boolean) => bigint,
): string {
  const hex = (one: boolean, oneBelow: boolean): string =>
    `${bits}'h${table(one, oneBelow)
      .toString(16)
      .toUpperCase()
      .padStart(bits / 4, '0')}`;
  const either = (one: boolean): string => `(ONES[${below}] ? ${hex(one, true)} : ${hex(one, false)})`;
  return `ONES[${index}] ? ${either(true)} : ${either(false)}`;
}

/**
 * In LUT6_2 and carry cells of four bits (7 series) or eight (UltraScale). Two bits above those of the numbers, and further up, nothing but the
 * constant is there, and no table is needed.
 */
function inLut6({ operands, sum }: Shape, cell: CarryCell): string {
  const chain = carryChain(cell, sum, "1'b0");
  const tables = Math.min(sum, operands + 1);
  const last = chain.bits - 1;
  const above = sum > tables + 1 ? `${sum}:${tables + 1}` : `${sum}`;
  const passing = sum > tables ? `ONES[${above}], ` : '';
  const zeros = (n: number): string => (n > 0 ? `${n}'d0, ` : '');
  const whole = (head: string, name: string): string => (head === '' ? name : `{${head}${name}}`);
  const table = (one: boolean, below: boolean): bigint =>
    ((passes(one, below) * 0x10001n) << 32n) | (one ? 0x99999999n : 0x66666666n);
  return `    wire [${tables - 1}:0] sums; // of two bits and that of the constant
    wire [${tables - 1}:0] differs; // from the carry of the three below
    wire [${last}:0] di = ${whole(zeros(last + 1 - tables), 'sums')};
    wire [${last}:0] s = ${whole(`${zeros(last + 1 - sum)}${passing}`, 'differs')};
    wire [${last}:0] o;
    wire [${last}:0] co;
    genvar i;
    generate
        for (i = 0; i < ${tables}; i = i + 1) begin : lut_lanes
            localparam [63:0] TABLE = ${tableAt('i + 1', 'i', 64, table)};
            LUT6_2 #(.INIT(TABLE)) lut (
                .I0(xs[i + 1]), .I1(ys[i + 1]), .I2(xs[i]), .I3(ys[i]), .I4(1'b0), .I5(1'b1),
                .O6(differs[i]), .O5(sums[i])
            );
        end
${chain.cells}    endgenerate
    assign sum = o[${sum - 1}:0];
`;
}

/**
 * In CCU2C, two bits each. Where no carry passes, the next one is what the table gives when C and D are zero: then no carry comes from below,
 * and it is the sum of the bits at A and B, as it has to be.
 */
function inCcu2c({ sum }: Shape): string {
  const groups = Math.ceil(sum / 2);
  const rows = [
    ['2 * i + 1', '2 * i'],
    ['2 * i + 2', '2 * i + 1'],
  ].map(([at, below], n) => ({
    table: `            localparam [15:0] TABLE_${n} = ${tableAt(at!, below!, 16, passes)};\n`,
    pins: `.A${n}(xs[${at}]), .B${n}(ys[${at}]), .C${n}(xs[${below}]), .D${n}(ys[${below}]), .S${n}(s[${below}])`,
  }));
  return `    wire [${2 * groups - 1}:0] s;
    wire [${groups}:0] carries;
    assign carries[0] = 1'b0;
    genvar i;
    generate
        for (i = 0; i < ${groups}; i = i + 1) begin : carry_lanes
            // Both tables: sum of a bit of each number and one of the constant ^ carry of the three below
${rows.map(r => r.table).join('')}            CCU2C #(.INIT0(TABLE_0), .INIT1(TABLE_1), .INJECT1_0("NO"), .INJECT1_1("NO")) cells (
                .CIN(carries[i]), .COUT(carries[i + 1]),
                ${rows.map(r => r.pins).join(',\n                ')}
            );
        end
    endgenerate
    assign sum = s[${sum - 1}:0];
`;
}
