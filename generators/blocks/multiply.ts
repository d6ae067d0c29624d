import type { Builder } from '../hdl/builder.ts';
import type { Signal } from '../hdl/signal.ts';
import { addWithCarry, complementIf, pending } from './selectSum.ts';

/**
 * Products of integers in logic. Where the user wants no multiplier blocks, the rows of a product are written out: two bits of one
 * factor at a time choose −2, −1, 0, 1 or 2 times the other (Booth, 1951; radix 4 by MacSorley, 1961), and each row is one carry
 * chain. Left to synthesis, all bits of all rows go through full adders in tables beside the chains.
 */

/** Bits of the shorter factor; below, synthesis finds as little in tables. */
const SHORTEST = 6;

/** A product, by rows where that is wanted, else by the operator of the language. */
export function product(b: Builder, x: Signal, y: Signal): Signal {
  if (!isByRows(b, x, y)) return x.mul(y);
  const ends = x.range.flatMap(p => y.range.map(q => p * q));
  const [least, most] = ends.reduce(([l, m], e) => [e < l ? e : l, e > m ? e : m], [ends[0]!, ends[0]!]);
  const whole = b.scope('', TITLE, () => sumInWhole(b, ofDigits(b, x, y, withCarry)));
  return whole.narrow(least, most).withLsb(x.lsb + y.lsb);
}

/**
 * A product as a term for `sumOfTerms`: a number, and a bit that is still to be added to it. Undefined where rows are not wanted, or
 * are not better.
 */
export function productTerm(
  b: Builder,
  x: Signal,
  y: Signal,
): { readonly number: Signal; readonly bit: Signal } | undefined {
  if (!isByRows(b, x, y)) return undefined;
  const { number, bit } = b.scope('', TITLE, () => sumOfRows(b, ofDigits(b, x, y, rowOf)));
  return { number: number.withLsb(x.lsb + y.lsb), bit: bit.withLsb(x.lsb + y.lsb) };
}

const TITLE = 'A product by rows: −2 to 2 times the one factor, as two bits of the other tell';

function isByRows(b: Builder, x: Signal, y: Signal): boolean {
  const isConstant = x.node.op === 'const' || y.node.op === 'const';
  return b.multipliers === 'logic' && Math.min(x.width, y.width) >= SHORTEST && !isConstant;
}

/** A digit of the one factor: the row is 0, 1 or 2 times `x`, the other factor, and may count as negative. */
interface Digit {
  readonly x: Signal;
  readonly isOne: Signal;
  readonly isTwo: Signal;
  readonly negative: Signal;
}

/** What is made of each digit of the shorter factor. */
function ofDigits<T>(b: Builder, x: Signal, y: Signal, make: (b: Builder, digit: Digit) => T): readonly T[] {
  const [wide, narrow] = x.width >= y.width ? [x, y] : [y, x];
  const digits = Math.ceil((narrow.width + (narrow.signed ? 0 : 1)) / 2);
  return Array.from({ length: digits }, (_, i) => make(b, digit(b, wide.withLsb(0), narrow, i)));
}

/** By the bits 2i + 1, 2i and 2i − 1 of `y`. */
function digit(b: Builder, x: Signal, y: Signal, i: number): Digit {
  const bitOf = (place: number): Signal => {
    if (place < 0) return b.const(0);
    if (place < y.width) return y.bit(place);
    return y.signed ? y.bit(y.width - 1) : b.const(0);
  };
  const [high, middle, low] = [bitOf(2 * i + 1), bitOf(2 * i), bitOf(2 * i - 1)];
  const isOne = middle.xor(low).as('is_one');
  const isTwo = b.and(isOne.not(), high.xor(middle)).as('is_two');
  return { x, isOne, isTwo, negative: high };
}

/**
 * The sum of the rows, each of which has its two lowest bits in two's complement: the 1 to be added is a carry into the bits above, where
 * the next row begins, and so into the adder of the two. That of the last row, where the other factor has a sign, is as far up as the sign of
 * the first row, if the factors are equally long.
 */
function sumInWhole(b: Builder, parts: readonly Part[]): Signal {
  const [first, ...others] = parts as readonly [Part, ...Part[]];
  const { carry } = parts.at(-1)!;
  const above = 2 * parts.length;
  if (carry.node.op === 'const') return sumOfParts(b, parts).number;
  const extended = first.number.wrap(Math.max(first.number.width, above + 1), true);
  const number = joined(b, addCarry(b, extended.shr(above), carry), extended, above);
  return sumOfParts(b, [{ ...first, number }, ...others]).number;
}

/** A number, and a carry that is still to be added to it, at the place where the next row begins. */
interface Part {
  readonly number: Signal;
  readonly carry: Signal;
}

function withCarry(b: Builder, digit: Digit): Part {
  return digit.x.signed ? choiceOfComplements(b, digit) : complementOfChoice(b, digit);
}

/** Complemented first: a bit is one table behind another one, and not the third. Where the row is zero, so are its bits. */
function choiceOfComplements(b: Builder, { x, isOne, isTwo, negative }: Digit): Part {
  const [zeroth, first] = [x.bit(0), x.bit(1)];
  const low = b.concat(b.mux(isOne, first.xor(negative.and(zeroth)), zeroth.and(isTwo)), zeroth.and(isOne));
  const complemented = complementIf(b, x, negative).as('complemented');
  const high = b.mux(isOne, complemented.shr(2), complemented.shr(1).gate(isTwo)).as('row');
  const carry = b.and(negative, zeroth.not(), isTwo.or(isOne.and(first.not()))).as('carry');
  return { number: joined(b, high, low, 2), carry };
}

/** Complemented last: of a factor without a sign, the sign of the row then is a bit of the other one. */
function complementOfChoice(b: Builder, digit: Digit): Part {
  const { value, negative } = rowOf(b, digit);
  const [zeroth, first] = [value.bit(0), value.bit(1)];
  const low = b.concat(first.xor(negative.and(zeroth)), zeroth);
  const number = joined(b, complementIf(b, value.shr(2), negative), low, 2);
  return { number, carry: b.and(negative, zeroth.not(), first.not()).as('carry') };
}

/** A tree of adders; of each sum, the low bits that the right part does not reach go around its adder. */
function sumOfParts(b: Builder, parts: readonly Part[]): Part {
  if (parts.length === 1) return parts[0]!;
  const half = Math.ceil(parts.length / 2);
  const left = sumOfParts(b, parts.slice(0, half));
  const right = sumOfParts(b, parts.slice(half));
  const high = left.number.shr(2 * half);
  // Logic goes into the table before the carry from one operand only, and synthesis lets that be the longer one: a row that is not
  // complemented is the shorter one.
  const isShort = parts.length - half === 1 && right.carry.node.op === 'const';
  const sum =
    isShort && b.fabric.adderAbsorbs
      ? addWithCarry(b, high, right.number, left.carry)
      : // One adder: synthesis takes the bit for its carry, as long as none of the three is a whole sum itself.
        high.add(right.number).add(left.carry);
  return { number: joined(b, sum, left.number, 2 * half), carry: right.carry };
}

/** A number with a sign and a bit; if it has but one bit, in two gates. */
function addCarry(b: Builder, x: Signal, carry: Signal): Signal {
  if (x.width > 1) return x.add(carry);
  const negative = x.sign();
  return b.concat(negative.and(carry.not()), negative.xor(carry)).wrap(2, true);
}

/** The number `high`, and below it so many of the lowest bits of another one. */
function joined(b: Builder, high: Signal, low: Signal, places: number): Signal {
  const bits = b.concat(high, low.bits(places - 1, 0));
  return high.signed ? bits.wrap(bits.width, true) : bits;
}

/** A row, and whether it counts as negative. */
interface Row {
  readonly value: Signal;
  readonly negative: Signal;
}

function rowOf(b: Builder, { x, isOne, isTwo, negative }: Digit): Row {
  return { value: b.mux(isOne, x, x.shl(1).gate(isTwo)).as('row'), negative };
}

/** A tree of adders; of each sum, the low bits that the right part does not reach go around its adder. */
function sumOfRows(b: Builder, rows: readonly Row[]): { readonly number: Signal; readonly bit: Signal } {
  const [first] = rows as [Row];
  if (rows.length === 1) return { number: complementIf(b, first.value, first.negative), bit: first.negative };
  const half = Math.ceil(rows.length / 2);
  const left = sumOfRows(b, rows.slice(0, half));
  const high = left.number.shr(2 * half);
  const sum =
    rows.length - half === 1 ? addRow(b, high, rows[half]!) : addSum(b, high, sumOfRows(b, rows.slice(half)));
  return { number: joined(b, sum, left.number, 2 * half), bit: left.bit };
}

/** One adder, which takes in the bit of what is added. */
function addSum(b: Builder, sum: Signal, { number, bit }: { number: Signal; bit: Signal }): Signal {
  return pending(b, sum, bit)
    .add(pending(b, number, b.const(1)))
    .shr(1);
}

/** One adder; its bits are those of the sum but for the last, which only takes in the 1 of a complement. */
function addRow(b: Builder, sum: Signal, { value, negative }: Row): Signal {
  if (!b.fabric.adderAbsorbs) {
    return pending(b, sum, negative)
      .add(pending(b, complementIf(b, value, negative), b.const(1)))
      .shr(1);
  }
  // As in `joinRelative`: logic on what is subtracted goes into the table before the carry.
  const positive = negative.not();
  return pending(b, sum, b.const(0))
    .sub(pending(b, complementIf(b, value, positive), positive))
    .shr(1);
}
