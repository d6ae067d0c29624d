import type { Builder } from '../hdl/builder.ts';
import type { DspBlock } from '../hdl/fabric.ts';
import { widthOf } from '../hdl/node.ts';
import { Signal, type Vector } from '../hdl/signal.ts';

/**
 * Sums of products in multiplier blocks, for families whose blocks pass a sum on to their neighbour (`Fabric.dsp`). Each block
 * adds its product to the sum of the one before, so the sums are chains and not trees. Where factors are short, two products
 * share a block: a factor then holds two numbers, one of them 2^k times as heavy, and the product is a sum of fields.
 */

/** Least and greatest value of an integer. */
type Range = readonly [bigint, bigint];

/** What lies between two integers, each of a range. */
function product([a, b]: Range, [c, d]: Range): Range {
  const ends = [a * c, a * d, b * c, b * d];
  return [ends.reduce((m, e) => (e < m ? e : m)), ends.reduce((m, e) => (e > m ? e : m))];
}

const times = (n: number, [min, max]: Range): Range => [BigInt(n) * min, BigInt(n) * max];

/** Whether so many bits of two's complement hold the range. */
const holds = (bits: number, [min, max]: Range): boolean =>
  min >= -(1n << BigInt(bits - 1)) && max < 1n << BigInt(bits - 1);

/** Whether a field of so many bits, signed only where it must be, holds the range. */
const isHeldIn = (field: number, range: Range): boolean => holds(range[0] < 0n ? field : field + 1, range);

const rangeOf = ({ node }: Vector): Range => [node.min, node.max];

/** Constants make of products something cheaper than a block. */
const isConstant = ({ node }: Vector): boolean => node.op === 'unpack' && node.args[0]!.op === 'const';

/** The block that the sum of these products is to use, or undefined where none is wanted or known. */
function blockFor(b: Builder, ...vectors: readonly Vector[]): DspBlock | undefined {
  return b.multipliers === 'logic' || vectors.some(isConstant) ? undefined : b.fabric.dsp;
}

/**
 * The exact integer sum of products, lane by lane; undefined where blocks are not wanted, or the factors are not for them.
 */
export function sumInBlocks(b: Builder, left: Vector, right: Vector): Signal | undefined {
  const block = blockFor(b, left, right);
  if (!block || left.lanes === 1) return undefined;
  const [x, y] = [left.withLsb(0), right.withLsb(0)];
  const paired = bestPairing(b, block, x, y);
  if (paired) return sumOfPairs(b, paired);
  if (productBits(x, y) < block.leastProduct || Math.min(x.node.width, y.node.width) < 2) return undefined;
  // Cut more than once, products wait for their sums in registers, and the sums behind these are in logic: a tree is better.
  if (b.stages > 1) return undefined;
  const fitting = ordersOf(x, y).find(([wide, narrow]) => areHeld(block, rangeOf(wide), rangeOf(narrow)));
  if (!fitting || !holds(block.sum, times(x.lanes, product(rangeOf(x), rangeOf(y))))) return undefined;
  return b.scope('', 'A chain of sums, each with its product in one multiplier block', () => {
    const products = b.lanes('product', fitting, (p, q) => p.mul(q).as('product'));
    return chain(b, lanesOf(products.as('products'))).at(-1)!;
  });
}

/** Whether what a block would compute is enough for it: what the user wants in blocks always is. */
function isWorth(b: Builder, block: DspBlock, bits: number): boolean {
  return b.multipliers === 'dsp' || bits >= block.leastProduct;
}

function productBits(x: Vector, y: Vector): number {
  return widthOf(...product(rangeOf(x), rangeOf(y)));
}

const areHeld = ({ factors: [a, b] }: DspBlock, wide: Range, narrow: Range): boolean =>
  holds(a, wide) && holds(b, narrow);

const lanesOf = (v: Vector): Signal[] => Array.from({ length: v.lanes }, (_, i) => v.at(i));

/**
 * All sums, each of one term more: synthesis puts each addition into the block of its right operand. All are as
 * wide as the last one: where a sum enters a block from outside of the cascade, as every twentieth does, Yosys fills the bits above
 * it with zeros, and a wider sum further on takes them from the cascade as if they were copies of the sign.
 */
function chain(b: Builder, terms: readonly Signal[]): Signal[] {
  const width = widthOf(...sumOfRanges(terms.map(t => t.range)));
  const sums = terms.slice(0, 1);
  for (const term of terms.slice(1)) {
    const sum = sums.at(-1)!;
    const bounds = sumOfRanges([sum.range, term.range]);
    const node = b.make({ op: 'add' }, [sum.node, term.node], ...bounds, { width });
    sums.push(new Signal(b, node, 0).as('chain'));
  }
  return sums;
}

const sumOfRanges = (ranges: readonly Range[]): Range =>
  ranges.reduce(([a, b], [least, most]) => [a + least, b + most], [0n, 0n]);

/** Two products in a block that are added to each other. */
interface Pairing {
  /** The vector whose packed lanes are the wider factor of a block, and the other one. */
  readonly wide: Vector;
  readonly narrow: Vector;
  /** Bits of a field. */
  readonly field: number;
  /** Blocks in one chain, at most. */
  readonly longest: number;
}

/** Two numbers in one factor. */
const packed = ([min, max]: Range, field: number): Range => {
  const one = 1n + (1n << BigInt(field));
  return [min * one, max * one];
};

/**
 * (x0 + 2^k·x1)·(y1 + 2^k·y0) = x0·y1 + 2^k·(x0·y0 + x1·y1) + 2^2k·x1·y0: the field in the middle has two products of the sum.
 * It must hold the sum of a whole chain, and so does then the field below, which has half as many products.
 */
function pairing(block: DspBlock, wide: Vector, narrow: Vector): Pairing | undefined {
  const [x, y] = [rangeOf(wide), rangeOf(narrow)];
  let field = block.factors[1];
  while (field > 0 && !areHeld(block, packed(x, field), packed(y, field))) field--;
  const one = product(x, y);
  const isHeld = (blocks: number): boolean => isHeldIn(field, times(2 * blocks, one));
  const wanted = Math.ceil(wide.lanes / 2);
  let longest = 0;
  while (longest < wanted && isHeld(longest + 1)) longest++;
  // Chains of one block would be a tree of adders in logic.
  return longest >= Math.min(2, wanted) ? { wide, narrow, field, longest } : undefined;
}

/** The pairing with the longest chains, and of these one whose narrower factor needs no adder; undefined where pairs do not fit. */
function bestPairing(b: Builder, block: DspBlock, x: Vector, y: Vector): Pairing | undefined {
  if (!isWorth(b, block, 2 * productBits(x, y))) return undefined;
  return ordersOf(x, y)
    .flatMap(([wide, narrow]) => pairing(block, wide, narrow) ?? [])
    .sort((p, q) => q.longest - p.longest || Number(p.narrow.node.signed) - Number(q.narrow.node.signed))[0];
}

const ordersOf = (x: Vector, y: Vector): (readonly [Vector, Vector])[] => [
  [x, y],
  [y, x],
];

/** `low + 2^field·high`. An adder only where the lower number can be negative. */
function pack(b: Builder, high: Signal, low: Signal, field: number): Signal {
  if (low.signed) return high.shl(field).add(low).as('packed');
  const joined = b.concat(high.shl(field - low.width), low);
  return (high.signed ? joined.wrap(joined.width, true) : joined).as('packed');
}

function sumOfPairs(b: Builder, { wide, narrow, field, longest }: Pairing): Signal {
  const half = Math.floor(wide.lanes / 2);
  const one = product(rangeOf(wide), rangeOf(narrow));
  const isSigned = one[0] < 0n;
  const parts = [wide, narrow].flatMap(v => [v.slice(0, half), v.slice(half, half)]);
  const title = `Two products in one multiplier block: (x0 + 2^${field}·x1)·(y1 + 2^${field}·y0) has x0·y0 + x1·y1 in the middle`;
  return b.scope('', title, () => {
    const products = b.lanes('pair', parts, (x0, x1, y0, y1) =>
      pack(b, x1!, x0!, field)
        .mul(pack(b, y0!, y1!, field))
        .wrap(2 * field, isSigned)
        .as('pair'),
    );
    const terms = lanesOf(products.as('pairs'));
    if (wide.lanes % 2 === 1) terms.push(wide.at(2 * half).mul(narrow.at(2 * half).shl(field)));
    const chains = Math.ceil(terms.length / longest);
    const sums = Array.from({ length: chains }, (_, i) => {
      const [from, to] = [i, i + 1].map(n => Math.round((n * terms.length) / chains));
      const lanes = Math.min(2 * to!, wide.lanes) - 2 * from!;
      return middle(chain(b, terms.slice(from, to)).at(-1)!, field, times(lanes, one));
    });
    return sums.reduce((s, t) => s.add(t));
  });
}

/** The field above the lowest one, of a known range. Where the lowest one is negative, it has taken 1 from it. */
function middle(fields: Signal, field: number, range: Range): Signal {
  const isSigned = range[0] < 0n;
  const above = fields.wrap(2 * field, isSigned).shr(field);
  if (!isSigned) return above.narrow(...range);
  return above
    .add(fields.bit(field - 1))
    .wrap(field, true)
    .narrow(...range);
}

/**
 * The exact integer sums of the products of two rows with one vector that they share, in a chain of as many blocks as it has
 * lanes: (low + 2^k·high)·shared is both products. Undefined where blocks are not wanted, the fields do not fit, or each row
 * for itself puts two products into a block.
 */
export function sumsOfTwoRows(
  b: Builder,
  lowRow: Vector,
  highRow: Vector,
  sharedLanes: Vector,
): readonly [Signal, Signal] | undefined {
  const block = blockFor(b, lowRow, highRow, sharedLanes);
  const [low, high, shared] = [lowRow.withLsb(0), highRow.withLsb(0), sharedLanes.withLsb(0)];
  if (!block || (shared.lanes > 1 && bestPairing(b, block, low, shared))) return undefined;
  const isAlike = `${rangeOf(low)}` === `${rangeOf(high)}`;
  const field = isAlike ? fieldOfRows(b, block, low, shared) : 0;
  const one = product(rangeOf(low), rangeOf(shared));
  const isSigned = one[0] < 0n;
  /** So many products go at most once over the end of a field. */
  const step = Number((1n << BigInt(isSigned ? field - 1 : field)) / (one[1] > -one[0] ? one[1] : -one[0]));
  if (field === 0 || step === 0 || !holds(block.sum, times(shared.lanes, packed(one, field))))
    return undefined;
  const title = `Two rows in one chain of multiplier blocks: (low + 2^${field}·high)·shared has both products`;
  return b.scope('', title, () => {
    const products = b.lanes('both', [low, high, shared], (l, h, x) =>
      pack(b, h, l, field).mul(x).as('both'),
    );
    const sums = chain(b, lanesOf(products.as('both')));
    const both = sums.at(-1)!;
    const range = times(shared.lanes, one);
    // Where a field holds the whole sum, it takes 1 from the one above as it is negative.
    const over = isHeldIn(field, range)
      ? b.const(0).sub(isSigned ? both.bit(field - 1) : b.const(0))
      : carries(b, sums, { high, shared, field, step, isSigned });
    const carried = over.narrow(range[0] >> BigInt(field), range[1] >> BigInt(field)).as('carried');
    const joined = b.concat(carried, both.bits(field - 1, 0));
    const lowSum = (carried.signed ? joined.wrap(joined.width, true) : joined).narrow(...range);
    return [
      lowSum.as('low_sum'),
      both
        .shr(field)
        .sub(carried)
        .narrow(...range)
        .as('high_sum'),
    ] as const;
  });
}

/** Bits between two rows that share a block; 0 where they cannot. */
function fieldOfRows(b: Builder, block: DspBlock, row: Vector, shared: Vector): number {
  if (!isWorth(b, block, 2 * productBits(row, shared))) return 0;
  let field = block.factors[0];
  while (field > 0 && !areHeld(block, packed(rangeOf(row), field), rangeOf(shared))) field--;
  return field;
}

/** What `carries` looks at. */
interface Fields {
  readonly high: Vector;
  readonly shared: Vector;
  readonly field: number;
  /** Products between two looks. */
  readonly step: number;
  readonly isSigned: boolean;
}

/**
 * What the low field has carried into the high one in all: after every few products, the last bit of the high field tells. It is
 * that of the sum of the high row, the exclusive or of the last bits of its products, unless the low field has just gone over
 * one of its ends. In few products it goes over one at most, and where it then stands tells which.
 */
function carries(
  b: Builder,
  sums: readonly Signal[],
  { high, shared, field, step, isSigned }: Fields,
): Signal {
  const odd = b.lanes('odd', [high, shared] as const, (h, x) => h.bit(0).and(x.bit(0)).as('odd'));
  const steps: Signal[] = [];
  let before = b.const(0);
  for (let from = 0; from < sums.length; from += step) {
    const to = Math.min(from + step, sums.length);
    const now = sums[to - 1]!;
    const parity = lanesOf(odd.as('odds'))
      .slice(from, to)
      .reduce((p, q) => p.xor(q));
    const went = now.bit(field).xor(before).xor(parity).as('went_over');
    steps.unshift(isSigned ? b.concat(went.and(now.bit(field - 1)), went) : went);
    before = now.bit(field);
  }
  return b
    .concat(...steps)
    .unpack(steps.length, isSigned)
    .as('steps')
    .sum('steps');
}
