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
  const orders = [
    [x, y],
    [y, x],
  ] as const;
  const paired = orders
    .flatMap(([wide, narrow]) => pairing(block, wide, narrow) ?? [])
    .sort((p, q) => q.longest - p.longest || Number(p.narrow.node.signed) - Number(q.narrow.node.signed))[0];
  const both = 2 * productBits(x, y);
  if (paired && (b.multipliers === 'dsp' || both >= block.leastProduct)) return sumOfPairs(b, paired);
  if (productBits(x, y) < block.leastProduct || Math.min(x.node.width, y.node.width) < 2) return undefined;
  const fitting = orders.find(([wide, narrow]) => fit(block, rangeOf(wide), rangeOf(narrow)));
  if (!fitting || !holds(block.sum, times(x.lanes, product(rangeOf(x), rangeOf(y))))) return undefined;
  return b.scope('', 'A chain of sums, each with its product in one multiplier block', () => {
    const products = b.lanes('product', fitting, (p, q) => p.mul(q).as('product'));
    return chain(b, lanesOf(products.as('products')));
  });
}

function productBits(x: Vector, y: Vector): number {
  return widthOf(...product(rangeOf(x), rangeOf(y)));
}

const fit = ({ factors: [a, b] }: DspBlock, wide: Range, narrow: Range): boolean =>
  holds(a, wide) && holds(b, narrow);

const lanesOf = (v: Vector): Signal[] => Array.from({ length: v.lanes }, (_, i) => v.at(i));

/**
 * One after the other: synthesis puts each addition into the block of its right operand. All sums are as wide as the last one:
 * where a sum enters a block from outside of the cascade, Yosys fills the bits above it with zeros, and a wider sum further on
 * takes them from the cascade as if they were copies of the sign.
 */
function chain(b: Builder, terms: readonly Signal[]): Signal {
  const ends = terms.map(t => t.range);
  const bounds = [0, 1].map(i => ends.reduce((sum, range) => sum + range[i]!, 0n)) as [bigint, bigint];
  const width = widthOf(...bounds);
  return terms.reduce((sum, term) => {
    const [least, most] = [sum.range[0] + term.range[0], sum.range[1] + term.range[1]];
    const node = b.make({ op: 'add' }, [sum.node, term.node], least, most, { width });
    return new Signal(b, node, 0).as('chain');
  });
}

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
  while (field > 0 && !fit(block, packed(x, field), packed(y, field))) field--;
  const one = product(x, y);
  const isHeld = (blocks: number): boolean =>
    one[0] < 0n ? holds(field, times(2 * blocks, one)) : holds(field + 1, times(2 * blocks, one));
  const wanted = Math.ceil(wide.lanes / 2);
  let longest = 0;
  while (longest < wanted && isHeld(longest + 1)) longest++;
  // Chains of one block would be a tree of adders in logic.
  return longest >= Math.min(2, wanted) ? { wide, narrow, field, longest } : undefined;
}

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
      return middle(chain(b, terms.slice(from, to)), field, times(lanes, one));
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
