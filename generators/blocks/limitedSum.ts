import type { Builder } from '../hdl/builder.ts';
import { defineSubmodule } from '../hdl/module.ts';
import type { Submodule } from '../hdl/node.ts';
import type { Signal } from '../hdl/signal.ts';
import { lutLiteral, lutTable } from './lutTable.ts';

/**
 * The sum of two numbers and a constant, or the limit that it passes, in two carry chains of iCE40 and no table besides.
 *
 * A cell of a chain has a table of four inputs. Three are those of the carry: a bit of each operand, and the carry from below. The fourth tells the first chain
 * to complement the sum of the numbers, which is to be done where the upper limit may be passed. From a complement, the constant has to be subtracted. So the addend of
 * the second chain is the constant or its complement: where the constant has a zero, its bit is whether the sum was complemented. Which is also the limit to give,
 * and the table knows it. It has an input left for whether to give it.
 */

/** A sum below `least` counts as zero, one above `most` as `most`. */
export interface Limits {
  readonly constant: bigint;
  readonly least: bigint;
  readonly most: bigint;
}

export interface LimitedSum {
  /** Of as many bits as the numbers. */
  readonly value: Signal;
  /** Whether the value is zero for a limit or a number that is zero. */
  readonly isZero: Signal;
}

/**
 * `x + y + constant` within limits, of two numbers without signs; zero where one of the numbers is below `least`, as `hasZero` says. Undefined where
 * the leading bits of the numbers do not tell which limit a sum may pass.
 */
export function limitedSum(
  b: Builder,
  [x, y]: readonly [Signal, Signal],
  hasZero: Signal,
  limits: Limits,
): LimitedSum | undefined {
  const top = x.width - 1;
  const half = 1n << BigInt(top);
  const { constant, least, most } = limits;
  // The sum of the numbers alone is not too small from `low` on, and too large from `high` on.
  const [low, high] = [least - constant, most + 1n - constant];
  const unit = lowestOne(constant);
  // With a sum of `high` or more, each number has one of its two leading bits, and one of them the first. What is below `least` has neither, and
  // a sum below `low` has not the first. So these bits tell a large sum from a small one. The bits between the first and `unit` tell the rest.
  const isTold =
    0n < low &&
    low <= half &&
    2n * half < high &&
    high <= 3n * half &&
    2n * (high - 2n * half + 1n) >= half &&
    2n * least <= half &&
    unit < half &&
    low % unit === 0n &&
    high % unit === 0n;
  if (!isTold) return undefined;
  const first = [x.bit(top), y.bit(top)] as const;
  const either = [x, y].map(n => n.bits(top, top - 1).any());
  const isLarge = b.and(first[0].or(first[1]), ...either).as('is_large');
  const { sum } = b.instance('adding', adder(x.width), { x, y, complement: isLarge });
  const zeros = unit.toString(2).length - 1;
  const rest = sum!.bits(top - 1, zeros);
  const bounds = [low / unit, (high - 2n * half) / unit] as const;
  const lowBits = b.mux(isLarge, rest.not(), rest).as('low_bits');
  const reaches = isAtLeastEither(b, lowBits, bounds, isLarge).as('reaches');
  const [leading, carry] = [sum!.bit(top), sum!.bit(top + 1)];
  // Too small without either, too large with both.
  const isOutside = hasZero.or(carry.xor(leading.or(reaches)).not()).as('is_outside');
  const { value } = b.instance('limiting', limiter(x.width, limits), {
    sum: sum!.bits(top, 0),
    complement: isLarge,
    is_outside: isOutside,
  });
  return { value: value!.narrow(0, most), isZero: isOutside.and(isLarge.not()) };
}

/** The lowest bit of a number that is not zero. */
function lowestOne(x: bigint): bigint {
  return x & -x;
}

/** Whether `x` is at least the first bound, or the second where `isSecond`: from below, by fields in which each bound has equal bits. */
function isAtLeastEither(b: Builder, x: Signal, bounds: readonly [bigint, bigint], isSecond: Signal): Signal {
  const ones = (at: number): boolean[] => bounds.map(bound => (bound >> BigInt(at)) % 2n === 1n);
  let isAtLeast = b.const(1);
  for (let low = 0, high = 0; low <= x.width; low = high) {
    const digits = ones(low);
    do high++;
    while (high < x.width && ones(high).every((bit, i) => bit === digits[i]));
    const field = (): Signal => (low < x.width ? x.bits(high - 1, low) : b.const(0));
    const either = digits.map(one => (one ? field().all().and(isAtLeast) : field().any().or(isAtLeast)));
    isAtLeast = digits[0] === digits[1] ? either[0]! : b.mux(isSecond, either[1]!, either[0]!);
  }
  return isAtLeast;
}

/** Submodules by their name: one of each, so that it is written once. */
const submodules = new Map<string, Submodule>();

function known(name: string, make: (name: string) => Submodule): Submodule {
  const made = submodules.get(name) ?? make(name);
  submodules.set(name, made);
  return made;
}

/** The sum of two numbers with its carry; all bits below the leading one of a number are complemented where `complement` holds. */
function adder(bits: number): Submodule {
  const top = bits - 1;
  return known(`add_or_complement_${bits}`, name =>
    defineSubmodule(
      name,
      `Sum of two numbers, its lower ${top} bits complemented where asked to; one LUT for each bit, and the carry`,
      b => {
        const [x, y, complement] = [b.input('x', bits), b.input('y', bits), b.input('complement', 1)];
        const plain = x.add(y).as('plain');
        const low = plain.bits(top - 1, 0);
        return { sum: b.concat(plain.bits(bits, top), b.mux(complement, low.not(), low)) };
      },
      {
        verilog: `    wire [${bits}:0] carries;
    wire [${top}:0] complements = {1'b0, {${top}{complement}}};
    assign carries[0] = 1'b0;
    genvar i;
    generate
        for (i = 0; i < ${bits}; i = i + 1) begin : carry_lanes
            SB_LUT4 #(.LUT_INIT(${lutLiteral(
              4,
              lutTable(4, ([complement, x, y, carry]) => complement! ^ x! ^ y! ^ carry!),
            )})) lut ( // exclusive or of all inputs
                .I0(complements[i]), .I1(x[i]), .I2(y[i]), .I3(carries[i]), .O(sum[i])
            );
            SB_CARRY carry (.I0(x[i]), .I1(y[i]), .CI(carries[i]), .CO(carries[i + 1]));
        end
    endgenerate
    assign sum[${bits}] = carries[${bits}];
`,
        luts: 0,
        chain: true,
      },
    ),
  );
}

/** What `adder` gave, without its carry, and a constant; or where that is outside, a limit: the lower one unless the sum is a complement. */
function limiter(bits: number, { constant, most }: Limits): Submodule {
  const top = bits - 1;
  const added = BigInt.asUintN(bits, constant);
  const zeros = lowestOne(added).toString(2).length - 1;
  const literal = (x: bigint): string => `${bits}'h${x.toString(16).toUpperCase()}`;
  /** Where the constant has a one, and where the limit has. */
  const table = (one: boolean, limit: boolean): string =>
    lutLiteral(
      4,
      lutTable(4, ([outside, sum, addend, carry]) =>
        outside ? limit && (addend === 1) !== one : (sum !== carry) !== one,
      ),
    );
  return known(`add_${added.toString(16)}_up_to_${most.toString(16)}_in_${bits}`, name =>
    defineSubmodule(
      name,
      `The sum and ${literal(added)}; or where that is outside, 0, or ${literal(most)} if the sum is a complement; one LUT for each bit`,
      b => {
        const [sum, complement] = [b.input('sum', bits), b.input('complement', 1)];
        const isOutside = b.input('is_outside', 1);
        const low = sum.bits(top - 1, 0);
        const plain = b.concat(sum.bit(top), b.mux(complement, low.not(), low));
        const total = plain.add(b.const(added)).wrap(bits, false);
        return { value: b.mux(isOutside, b.const(most).gate(complement), total).wrap(bits, false) };
      },
      {
        verilog: `    localparam [${top}:0] ONES = ${literal(added)};
    localparam [${top}:0] LIMIT = ${literal(most)};
    wire [${top}:0] addend = {${bits}{complement}} ^ ONES; // its bits above the lowest one of ONES
    wire [${top}:${zeros + 1}] carries;
    assign carries[${zeros + 1}] = sum[${zeros}]; // where ONES begins, the other two are complement and its inverse
    genvar i;
    generate
        for (i = 0; i <= ${zeros}; i = i + 1) begin : low_lanes
            assign value[i] = is_outside ? complement & LIMIT[i] : sum[i] ^ addend[i];
        end
        for (i = ${zeros + 1}; i < ${top}; i = i + 1) begin : carry_lanes
            // is_outside ? complement & LIMIT : sum ^ ONES ^ carry
            localparam [15:0] TABLE = ONES[i] ? (LIMIT[i] ? ${table(true, true)} : ${table(true, false)}) : (LIMIT[i] ? ${table(false, true)} : ${table(false, false)});
            SB_LUT4 #(.LUT_INIT(TABLE)) lut (
                .I0(is_outside), .I1(sum[i]), .I2(addend[i]), .I3(carries[i]), .O(value[i])
            );
            SB_CARRY carry (.I0(sum[i]), .I1(addend[i]), .CI(carries[i]), .CO(carries[i + 1]));
        end
    endgenerate
    assign value[${top}] = is_outside ? complement & LIMIT[${top}] : sum[${top}] ^ addend[${top}] ^ carries[${top}];
`,
        luts: 0,
        chain: true,
        kept: true,
      },
    ),
  );
}
