import type { Builder } from '../hdl/builder.ts';
import { widthOf } from '../hdl/node.ts';
import { type Signal, Vector } from '../hdl/signal.ts';
import { addSelectedPair } from './selectedPair.ts';
import { addEither, addSelected, type Choice } from './selectingAdder.ts';
import { areOf, type CodeSet, isOneOf, takeBoth } from './takeBoth.ts';
import { addThree } from './threeOperands.ts';

/**
 * Sums of numbers that are added, subtracted or left out, without a multiplier and without a negation: −x is the one's
 * complement of x and a 1 that is still to be added. Such a bit travels below its number, as `{number, bit}`, until an
 * adder of the tree takes it in as its carry.
 */

/** `{x, bit}`: a number, and a bit that is still to be added to it. Its last bit counts as that of the number. */
export function pending(b: Builder, x: Signal, bit: Signal): Signal {
  const bits = b.concat(x, bit);
  const [min, max] = [2n * x.range[0] + bit.range[0], 2n * x.range[1] + bit.range[1]];
  return (x.signed ? bits.wrap(x.width + 1, true) : bits).narrow(min, max).withLsb(x.lsb);
}

/** −1 − x where the condition holds, else x: one exclusive or for each bit. */
export function complementIf(b: Builder, x: Signal, condition: Signal): Signal {
  const complemented = b.mux(condition, x.not(), x);
  if (x.signed) return complemented;
  return b
    .concat(condition, complemented)
    .wrap(x.width + 1, true)
    .withLsb(x.lsb);
}

/** `x`, or its negative where `negative` holds, as a term for `sumOfTerms`. */
export function signedTerm(b: Builder, x: Signal, negative: Signal): Signal {
  return pending(b, complementIf(b, x, negative), negative);
}

/** As `signedTerm` where `use` holds, else zero: the complement of a zero is −1, and then the bit gives the 1 back. */
export function selectedTerm(b: Builder, x: Signal, use: Signal, negative: Signal): Signal {
  return signedTerm(b, x.gate(use), negative);
}

/** Two numbers and a bit as one adder, whose carry takes the bit. */
export function addWithCarry(b: Builder, x: Signal, y: Signal, bit: Signal): Signal {
  return addPending(b, pending(b, x, bit), y).narrow(
    x.range[0] + y.range[0] + bit.range[0],
    x.range[1] + y.range[1] + bit.range[1],
  );
}

/**
 * The same of a number with the bit below it. A subtraction, because synthesis keeps which of its operands is which:
 * logic that makes `y` goes into the tables of the adder, where the family's have room.
 */
function addPending(b: Builder, x: Signal, y: Signal): Signal {
  // x + y + bit = x − (−1 − y) − 1 + bit. The last bits 0 and 1 borrow the 1, and 1 and 1 do not.
  const one = b.const(1);
  const total = x.sub(pending(b, complementIf(b, y, one), one));
  return total.shr(1);
}

/** The sum of two: the bit below `x` is carried into the sum, that of `y` stays below it. */
function joinTerms(b: Builder, x: Signal, y: Signal): Signal {
  const number = sumAbove(b, x, y.shr(1));
  return pending(b, number, y.bit(0));
}

/** The sum of a number with the bit below it, which is carried into it, and another number. */
export function sumAbove(b: Builder, x: Signal, y: Signal): Signal {
  const addend = pending(b, y, b.const(1));
  if (addsInOffset(b) && x.signed && addend.signed && x.width === addend.width)
    return addInOffset(b, x, addend);
  // The last bit is left out of the sum, so that each adder stays one: three operands and more would be added by full
  // adders in LUTs, beside the carry chains.
  const total = x.add(addend);
  return total.shr(1).narrow((x.range[0] + addend.range[0]) >> 1n, (x.range[1] + addend.range[1]) >> 1n);
}

/**
 * The same of numbers of equal width, with the bit below `y` in its place: in offset binary, which is two's complement with the sign inverted, the carry
 * out of the adder is the upper bit of the sum, where two's complement needs an adder for the signs. The two inverters after each other
 * between two adders are none.
 */
function addInOffset(b: Builder, x: Signal, y: Signal): Signal {
  const [left, right] = [invertSign(b, x).as('left_offset'), invertSign(b, y).as('right_offset')];
  const total = left.add(right).shr(1);
  return invertSign(b, total)
    .wrap(total.width, true)
    .withLsb(x.lsb)
    .narrow((x.range[0] + y.range[0]) >> 1n, (x.range[1] + y.range[1]) >> 1n);
}

/** With a register between two adders, the inverters would not cancel, and the second one would be a table before the carry chain. */
function addsInOffset(b: Builder): boolean {
  return b.fabric.carriesOut === true && b.stages === 0;
}

/** The bits of a number, the uppermost of them inverted. */
function invertSign(b: Builder, x: Signal): Signal {
  const top = x.width - 1;
  return b.concat(x.bit(top).not(), x.bits(top - 1, 0));
}

/**
 * The exact sum of some terms, single or in lanes, which is known not to exceed `most` units of the last bit, nor to be below
 * `least`: −most unless said otherwise. Those in lanes may be sums of two (`arePairs`).
 */
export function sumOfTerms(
  b: Builder,
  terms: readonly (Signal | Vector)[],
  most: bigint,
  least = -most,
  arePairs = false,
): Signal {
  const isInThrees = b.fabric.threeOperands && widthOf(least, most) <= MOST_BITS_IN_THREES;
  return b.scope('', titleFor(b), () => {
    if (isInThrees) return sumInThrees(b, terms, arePairs).narrow(least, most);
    const total = joined(b, terms);
    const rest = total.bit(0).withLsb(total.lsb);
    return total.shr(1).add(rest).narrow(least, most);
  });
}

function titleFor(b: Builder): string {
  const title = 'Adder tree; the bit below each number is still to be added to it';
  return addsInOffset(b) ? `${title}; with signs inverted (offset binary), a carry is the upper bit` : title;
}

/** The terms as one, by a tree of adders. */
function joined(b: Builder, terms: readonly (Signal | Vector)[]): Signal {
  const join = (x: Signal, y: Signal): Signal => joinTerms(b, x, y);
  const label = (i: number): string => (terms.length > 1 ? `sum${i}` : 'sum');
  return terms.map((t, i) => (t instanceof Vector ? t.reduce(label(i), join) : t)).reduce(join);
}

/**
 * Bits of the widest sum for which adders of three operands are taken. They are slower than those of two, and of wider sums, such as those of
 * products, they save little: a dot product of 32 lanes of int8 would be smaller by 7 %, with nearly twice as many levels.
 */
const MOST_BITS_IN_THREES = 16;

/**
 * The same with adders of three operands, each of which takes in two of the bits. First come adders of two, whose tables have room for the
 * logic that makes the terms, unless they are such sums.
 */
function sumInThrees(b: Builder, terms: readonly (Signal | Vector)[], arePairs: boolean): Signal {
  const rest: Signal[] = [];
  for (const [i, t] of terms.entries()) {
    const label = terms.length > 1 ? `sum${i}` : 'sum';
    if (t instanceof Vector)
      rest.push(...inThrees(b, label, arePairs ? t : inPairs(b, label, t, rest), rest));
    else rest.push(t);
  }
  // The first of the queue are sums of the fewest terms.
  while (rest.length > 2) rest.push(joinThree(b, rest.splice(0, 3)));
  const [x, y] = rest as [Signal, Signal?];
  if (!y) return x.shr(1).add(x.bit(0).withLsb(x.lsb));
  return addThree(b, [x.shr(1), y.shr(1), b.const(0, x.lsb)], x.bit(0), y.bit(0));
}

/** Sums of two lanes each. What is left over goes to the rest; so do two lanes alone, which the last adder takes as they are. */
function inPairs(b: Builder, label: string, terms: Vector, rest: Signal[]): Vector | undefined {
  const pairs = Math.floor(terms.lanes / 2);
  if (terms.lanes < 3) {
    rest.push(...Array.from({ length: terms.lanes }, (_, i) => terms.at(i)));
    return undefined;
  }
  if (terms.lanes % 2 === 1) rest.push(terms.at(terms.lanes - 1));
  const name = `${label}_${pairs}`;
  const join = (x: Signal, y: Signal): Signal =>
    pending(b, addPending(b, x, y.shr(1)), y.bit(0)).as(`${name}_lane`);
  return b.groups(name, [terms.slice(0, 2 * pairs)], 2, ([x, y]) => join(x!, y!)).as(name);
}

/** Sums of three lanes each, and of three of these, as long as there are so many; and what is left over. */
function inThrees(b: Builder, label: string, sums: Vector | undefined, rest: Signal[]): Signal[] {
  if (!sums) return [];
  const count = Math.floor(sums.lanes / 3);
  const lanesFrom = (start: number): Signal[] =>
    Array.from({ length: sums.lanes - start }, (_, i) => sums.at(start + i));
  if (count < 2) return lanesFrom(0);
  rest.push(...lanesFrom(3 * count));
  const name = `${label}_${count}`;
  const next = b.groups(name, [sums.slice(0, 3 * count)], 3, three => joinThree(b, three).as(`${name}_lane`));
  return inThrees(b, label, next.as(name), rest);
}

function joinThree(b: Builder, [x, y, z]: readonly Signal[]): Signal {
  const sum = addThree(b, [x!.shr(1), y!.shr(1), z!.shr(1)], x!.bit(0), y!.bit(0));
  return pending(b, sum, z!.bit(0));
}

/**
 * The exact sum of numbers, each of which its code has added, subtracted or left out, as `choose` says. Where the family's adders can choose,
 * every second number goes into one as it is.
 */
export function sumOfSelected(
  b: Builder,
  label: string,
  numbers: Vector,
  codes: Vector,
  choose: (code: Signal) => Choice,
): Signal {
  const bound = signedBound(numbers);
  const termOf = (x: Signal, code: Signal): Signal => {
    const choice = choose(code);
    return selectedTerm(b, x, choice.use, choice.negative);
  };
  const { selectingAdder, threeOperands } = b.fabric;
  if (!(selectingAdder || threeOperands) || numbers.lanes === 1) {
    const terms = b.lanes(label, [numbers, codes] as const, termOf);
    return sumOfTerms(b, [terms], bound);
  }
  const even = numbers.lanes - (numbers.lanes % 2);
  const pairs = b.groups(
    label,
    [numbers.slice(0, even), codes.slice(0, even)] as const,
    2,
    ([x, y], [c, d]) => {
      const [left, right] = [choose(c!), choose(d!)];
      if (threeOperands) {
        const sum = addSelectedPair(b, [x!, left], [y!, right], right.negative);
        return pending(b, sum, left.use.and(left.negative)).as('term');
      }
      const first = complementIf(b, x!.gate(left.use), left.negative);
      return pending(b, addSelected(b, first, left.negative, y!, right), right.negative).as('term');
    },
  );
  const rest = even < numbers.lanes ? [termOf(numbers.at(even), codes.at(even))] : [];
  return sumOfTerms(b, [pairs.as('terms'), ...rest], bound, -bound, true);
}

/** What a code says of two numbers: the other one counts where `other` holds, and its negative where `negative` does. */
export interface EitherChoice {
  readonly other: (code: Signal) => Signal;
  readonly negative: (code: Signal) => Signal;
}

/**
 * The exact sum of one of two numbers of each lane, as it is or negated, as its code says. Where the family's adders can choose, every second
 * lane goes into one as it is, and signs stay relative: each sum is known but for the sign of its right operand, which comes below it.
 */
export function sumOfEither(
  b: Builder,
  label: string,
  [one, other]: readonly [Vector, Vector],
  codes: Vector,
  is: EitherChoice,
): Signal {
  const bound = signedBound(one);
  if (!b.fabric.selectingAdder || one.lanes % 2 === 1) {
    const terms = b.lanes(label, [one, other, codes] as const, (x, y, code) => {
      return signedTerm(b, b.mux(is.other(code), y, x), is.negative(code));
    });
    return sumOfTerms(b, [terms], bound);
  }
  const use = b.const(1);
  const vectors = [one, other, codes] as const;
  const pairs = b.groups(label, vectors, 2, ([x, v], [y, w], [c, d]) => {
    const sign = is.negative(d!);
    const differ = is.negative(c!).xor(sign).as('differ');
    const first = complementIf(b, b.mux(is.other(c!), y!, x!), differ).as('first');
    return pending(b, addEither(b, first, differ, is.other(d!), w!, v!), sign).as('sum');
  });
  return b.scope('', 'Adder tree; the bit below each number is its sign, still to be applied', () => {
    const total = pairs.as('sums').reduce('sum', (x, y) => {
      const differ = x.bit(0).xor(y.bit(0)).as('differ');
      const sum = addSelected(b, y.shr(1), differ, x.shr(1), { use, negative: differ });
      return pending(b, sum, y.bit(0));
    });
    const negative = total.bit(0);
    return addSelected(b, b.const(0), negative, total.shr(1), { use, negative }).narrow(-bound, bound);
  });
}

/** One of two sums of the same numbers: where the one takes a number, the other takes the other number of the lane. */
export interface EitherSum {
  readonly name: string;
  readonly title: string;
  /** Codes by which what it takes counts as its negative. */
  readonly negative: CodeSet;
}

/**
 * Two sums as `sumOfEither` makes them, of one number of each lane and of the other one, which the codes `exchanged` exchange. Where a table of the family has
 * two outputs, it gives a bit for each sum in every second lane; the other lanes go into adders as they are.
 */
export function sumsOfEither(
  b: Builder,
  [one, other]: readonly [Vector, Vector],
  codes: Vector,
  exchanged: CodeSet,
  sums: readonly [EitherSum, EitherSum],
): [Signal, Signal] {
  const { threeOperands, twoOutputs } = b.fabric;
  const scoped = (i: 0 | 1, body: () => Signal): Signal => b.scope(sums[i].name, sums[i].title, body);
  const isOther = (code: Signal): Signal => isOneOf(b, code, exchanged);
  if (!threeOperands || !twoOutputs || one.lanes % 2 === 1) {
    const sum = (i: 0 | 1, numbers: readonly [Vector, Vector]): Signal => {
      const negative = (code: Signal): Signal => isOneOf(b, code, sums[i].negative);
      return scoped(i, () =>
        sumOfEither(b, `${sums[i].name}_term`, numbers, codes, { other: isOther, negative }),
      );
    };
    return [sum(0, [one, other]), sum(1, [other, one])];
  }
  const bound = signedBound(one);
  const negatives = [sums[0].negative, sums[1].negative] as const;
  const title = 'Two lanes of both sums; the bit below each number is still to be added to it';
  const { first, second } = b.scope('', title, () =>
    b.groups('pair', [one, other, codes] as const, 2, ([x, v], [y, w], [c, d]) => {
      const taken = takeBoth(b, [x!, y!], c!, exchanged, negatives);
      const chosen = [b.mux(isOther(d!), w!, v!), b.mux(isOther(d!), v!, w!)];
      const [first, second] = negatives.map((set, i) => {
        const [evenSign, oddSign] = areOf(b, [c!, d!], set);
        const right = complementIf(b, chosen[i]!, isOneOf(b, d!, set));
        return pending(b, addPending(b, pending(b, taken[i]!, evenSign), right), oddSign);
      });
      return { first: first!, second: second! };
    }),
  );
  return [first, second].map((pairs, i) =>
    scoped(i as 0 | 1, () => sumOfTerms(b, [pairs], bound, -bound, true)),
  ) as [Signal, Signal];
}

/** Numbers with their signs apart: `value` in each lane counts as −value where `negative` holds. */
export interface SignedLanes {
  readonly value: Vector;
  readonly negative: Vector;
}

/**
 * The exact sum of numbers whose signs stand apart. What a sign costs depends on the family. Where the tables of an adder have room for it
 * before the carry, sums stay relative: each adder adds or subtracts its right operand, as the signs of the two differ, and passes the
 * sign of the left one on. Where they have room behind the carry, pairs are added so, and each of their sums takes its sign there.
 * Elsewhere each number is complemented before the first adder, where the logic that makes it may take that in.
 */
export function sumOfSigned(b: Builder, { value, negative }: SignedLanes): SignedSum {
  const bound = signedBound(value);
  if (b.fabric.adderAbsorbs) return sumOfRelative(b, { value, negative }, bound);
  const terms =
    b.fabric.sumComplements && value.lanes > 1
      ? pairsOf(b, { value, negative })
      : [b.lanes('term', [value, negative] as const, (x, n) => signedTerm(b, x, n).as('term')).as('terms')];
  return b.scope('', titleFor(b), () => {
    const total = joined(b, terms);
    const rest = total.bit(0).withLsb(total.lsb);
    const sum = total.shr(1).add(rest).narrow(-bound, bound);
    // −(x + rest) = ~x + 1 − rest: what is still to be added is added together with the 1 of the complement.
    const isNegative = total.shr(1).sign();
    const toggled = complementIf(b, total.shr(1), isNegative).narrow(0, bound);
    const magnitude = toggled.add(isNegative.xor(rest).withLsb(total.lsb)).narrow(0, bound);
    return { sum, negative: isNegative, magnitude };
  });
}

/** A sum, and the same in sign and magnitude: who wants only that gets it without the last adder. A zero may have either sign. */
export interface SignedSum {
  readonly sum: Signal;
  readonly negative: Signal;
  readonly magnitude: Signal;
  /** The sum where a condition holds, else zero. Given where that costs nothing. */
  readonly gated?: (condition: Signal) => Signal;
}

function sumOfRelative(b: Builder, { value, negative }: SignedLanes, bound: bigint): SignedSum {
  const lanes = b.lanes('term', [value, negative] as const, (x, n) => pending(b, x, n).as('term'));
  return b.scope('', 'Adder tree; the bit below each number is its sign, still to be applied', () => {
    const join = (x: Signal, y: Signal): Signal => joinRelative(b, x, y);
    const last = value.lanes > 1 ? lanes.as('terms').reduceToTwo('sum', join) : undefined;
    const total = last ? join(...last) : lanes.at(0);
    const isBelowZero = total.shr(1).sign();
    const parts = {
      negative: isBelowZero.xor(total.bit(0)),
      magnitude: total.shr(1).negateIf(isBelowZero).narrow(0, bound),
    };
    if (!last) return { sum: total.shr(1).negateIf(total.bit(0)), ...parts };
    const gated = (condition: Signal): Signal =>
      b.scope('', 'The last two sums, both with their signs', () =>
        addBoth(b, last, condition).narrow(-bound, bound),
      );
    return { gated, sum: gated(b.const(1)), ...parts };
  });
}

/** In each pair, the right number is complemented where the signs differ, and the sum where the left one is negative. */
function pairsOf(b: Builder, { value, negative }: SignedLanes): readonly (Signal | Vector)[] {
  const even = value.lanes - (value.lanes % 2);
  const lanes = [value.slice(0, even), negative.slice(0, even)] as const;
  const pairs = b.groups('pair', lanes, 2, ([x, y], [m, n]) => {
    const differ = m!.xor(n!).as('differ');
    const right = complementIf(b, y!, differ);
    return signedTerm(b, sumAbove(b, pending(b, x!, differ), right).as('pair'), m!).as('term');
  });
  const rest = even < value.lanes ? [signedTerm(b, value.at(even), negative.at(even)).as('last_term')] : [];
  return [pairs.as('terms'), ...rest];
}

/**
 * The sum of two numbers, each of which counts as its negative where the bit below it is set; where the condition does not hold, zero. There are
 * two ones to be added with the complements, and an adder has one carry: so gates add up each place first, to a sum and a carry, and
 * below the carries there is room. The gates of the carries are tables, those of the sums go into the adder.
 */
function addBoth(b: Builder, numbers: readonly [Signal, Signal], condition: Signal): Signal {
  const complemented = numbers.map(x => complementIf(b, x.shr(1), x.bit(0)));
  const width = Math.max(...complemented.map(x => x.width)) + 1;
  const terms = complemented.map(n => n.withLsb(0).wrap(width, false).gate(condition)) as [Signal, Signal];
  const [leftTerm, rightTerm] = terms;
  const [leftOne, rightOne] = numbers.map(n => n.bit(0).and(condition)) as [Signal, Signal];
  const carries = pending(b, leftTerm.and(rightTerm).wrap(width, true), rightOne).as('carries');
  const sums = leftTerm.xor(rightTerm).wrap(width, true).as('sums');
  return addWithCarry(b, carries, sums, leftOne).withLsb(numbers[0].lsb);
}

/** The left number plus or minus the right one, and the sign of the left one below it. */
function joinRelative(b: Builder, x: Signal, y: Signal): Signal {
  const [left, right, sign] = [x.shr(1), y.shr(1), x.bit(0)];
  const alike = sign.xor(y.bit(0)).not().as('alike');
  // x + y = x − (−1 − y) − 1, where the bit below takes the 1. A subtraction, because synthesis keeps which of its operands is
  // which: logic on the one that is subtracted goes into the table before the carry.
  const total = pending(b, left, b.const(0)).sub(pending(b, complementIf(b, right, alike), alike));
  const [[l0, l1], [r0, r1]] = [left.range, right.range];
  const most = -r0 > r1 ? -r0 : r1;
  const least = r0 < -r1 ? r0 : -r1;
  return pending(b, total.shr(1).narrow(l0 + least, l1 + most), sign);
}

/** The largest magnitude of a sum of all lanes, each added, subtracted or left out. */
export function signedBound({ node, lanes }: Vector): bigint {
  return BigInt(lanes) * (-node.min > node.max ? -node.min : node.max);
}
