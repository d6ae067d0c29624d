import { parseFormat } from '../formats/parse.ts';
import type { FloatLayout, Format, Policy } from '../formats/types.ts';
import type { Builder } from '../hdl/builder.ts';
import { bitLength } from '../hdl/node.ts';
import type { Signal } from '../hdl/signal.ts';
import { unpack } from './float.ts';
import { product, productTerm } from './multiply.ts';

/** What is not a number in a product. */
export interface Flags {
  readonly isNaN: Signal;
  readonly isPositiveInfinity: Signal;
  readonly isNegativeInfinity: Signal;
  /** Any of these: an operand is NaN or infinite. */
  readonly isSpecial: Signal;
}

/** The exact product of two codes as a signed integer times a power of two. */
export interface Product extends Flags {
  /** Its `lsb` is the sum of the formats' last-bit weights. Zero or anything where a flag is set. */
  readonly value: Signal;
}

/** The exact product of two codes, its significand not yet at its place: `±significand · 2^shift`, in units of 2^lsb. */
export interface FloatingProduct extends Flags {
  readonly sign: Signal;
  /** Unsigned; its `lsb` is the sum of the formats' last-bit weights. Zero or anything where a flag is set. */
  readonly significand: Signal;
  readonly shift: Signal;
}

/**
 * Multiplies two codes exactly. Minifloats stay in sign and magnitude up to the end: significands are multiplied, then
 * shifted by the sum of the exponents.
 */
export function multiplyCodes(
  b: Builder,
  leftId: string,
  rightId: string,
  left: Signal,
  right: Signal,
  subnormals: Policy['subnormals'] = 'keep',
): Product {
  const [f, g] = [parseFormat(leftId), parseFormat(rightId)];
  if (!f.float && !g.float) {
    const value = product(b, left, right).withLsb(f.lsbExponent + g.lsbExponent);
    return { value: value.as('product'), ...noFlags(b) };
  }
  const { magnitude, negative, ...flags } = multiplyApart(b, leftId, rightId, left, right, subnormals);
  return { value: negative ? magnitude.negateIf(negative) : magnitude, ...flags };
}

/** The same with the sign apart: the product is −magnitude where `negative` holds. */
export interface ProductApart extends Flags {
  /** Its `lsb` is the sum of the formats' last-bit weights. Signed where an operand is an integer or fixed point. */
  readonly magnitude: Signal;
  /** Absent where the product of two integers has its sign inside. */
  readonly negative?: Signal;
  /** Where the product of two integers is built by rows: what is still to be added to `magnitude`. */
  readonly bit?: Signal;
}

/** As `multiplyCodes`, for who does something else with the sign than to negate. */
export function multiplyApart(
  b: Builder,
  leftId: string,
  rightId: string,
  left: Signal,
  right: Signal,
  subnormals: Policy['subnormals'] = 'keep',
): ProductApart {
  const [f, g] = [parseFormat(leftId), parseFormat(rightId)];
  const x = magnitudeOf(b, f, left, 'a', subnormals);
  const y = magnitudeOf(b, g, right, 'b', subnormals);
  const lsb = f.lsbExponent + g.lsbExponent;
  if (!x.exponent && !y.exponent) return { ...integerProduct(b, x.integer, y.integer, lsb), ...noFlags(b) };
  const table = subnormals === 'keep' ? smallProduct(b, f, g, left, right, x, y) : undefined;
  const magnitude = (table ?? shiftedProduct(b, f, g, x, y)).withLsb(lsb);
  return { magnitude, negative: x.sign.xor(y.sign), ...flagsOf(x, y) };
}

/** Multiplies two codes exactly, without bringing the product to its place: for who aligns it to something else. */
export function multiplyFloating(
  b: Builder,
  leftId: string,
  rightId: string,
  left: Signal,
  right: Signal,
): FloatingProduct {
  const [f, g] = [parseFormat(leftId), parseFormat(rightId)];
  const x = magnitudeOf(b, f, left, 'a', 'keep');
  const y = magnitudeOf(b, g, right, 'b', 'keep');
  const up = ({ exponent }: Parts): Signal => exponent?.sub(1) ?? b.const(0);
  return {
    sign: x.isNegative.xor(y.isNegative),
    significand: unsignedOf(x)
      .mul(unsignedOf(y))
      .withLsb(f.lsbExponent + g.lsbExponent),
    shift: up(x).add(up(y)),
    ...flagsOf(x, y),
  };
}

function integerProduct(
  b: Builder,
  x: Signal,
  y: Signal,
  lsb: number,
): { readonly magnitude: Signal; readonly bit?: Signal } {
  const term = productTerm(b, x, y);
  if (!term) return { magnitude: x.mul(y).withLsb(lsb).as('product') };
  return { magnitude: term.number.withLsb(lsb), bit: term.bit.withLsb(lsb) };
}

function noFlags(b: Builder): Flags {
  const none = b.const(0);
  return { isNaN: none, isPositiveInfinity: none, isNegativeInfinity: none, isSpecial: none };
}

function flagsOf(x: Parts, y: Parts): Flags {
  const zeroTimesInfinity = x.isInfinite.and(y.isZero).or(y.isInfinite.and(x.isZero));
  const isNan = x.isNaN.or(y.isNaN).or(zeroTimesInfinity);
  const isInfinite = x.isInfinite.or(y.isInfinite);
  const isNegative = x.isNegative.xor(y.isNegative);
  return {
    isNaN: isNan,
    isPositiveInfinity: isInfinite.and(isNegative.not()),
    isNegativeInfinity: isInfinite.and(isNegative),
    isSpecial: x.isSpecial.or(y.isSpecial),
  };
}

function unsignedOf({ integer, isNegative }: Parts): Signal {
  const [min, max] = integer.range;
  if (min >= 0n) return integer;
  return integer.negateIf(isNegative).narrow(0, -min > max ? -min : max);
}

/** Up to so many magnitude bits together, a product is one function of as many inputs: a single look-up a bit on a 6-input LUT. */
const TABLE_BITS = 6;

function smallProduct(
  b: Builder,
  f: Format,
  g: Format,
  left: Signal,
  right: Signal,
  x: Parts,
  y: Parts,
): Signal | undefined {
  if (!f.float || !g.float) return undefined;
  const bits = (z: Format): number => z.float!.exponentBits + z.float!.mantissaBits;
  const { lutInputs } = b.fabric;
  const isGated = f.float.exponentBits === 2 && g.float.exponentBits === 2;
  if (isGated && lutInputs !== undefined && bits(f) + bits(g) > lutInputs) return gatedProduct(b, x, y);
  if (bits(f) + bits(g) > TABLE_BITS) return undefined;
  const values: bigint[] = [];
  for (let i = 0n; i < 1n << BigInt(bits(f)); i++) {
    for (let j = 0n; j < 1n << BigInt(bits(g)); j++) values.push(integerOf(f, i) * integerOf(g, j));
  }
  const index = b.concat(left.bits(bits(f) - 1, 0), right.bits(bits(g) - 1, 0));
  const doc = `Magnitude of a product: ${f.id} (high bits) times ${g.id}, without signs, in units of 2^${f.lsbExponent + g.lsbExponent}`;
  return b.table(`product_${f.id}_${g.id}`, doc, values, index);
}

function exponentOf({ exponentBits, mantissaBits }: FloatLayout, code: Signal): Signal {
  return code.bits(exponentBits + mantissaBits - 1, mantissaBits);
}

/**
 * A product whose exponents have two bits each: its significand goes up by 0 to 2 places for either. By how many together, gates
 * tell, without an adder.
 */
function gatedProduct(b: Builder, x: Parts, y: Parts): Signal {
  const isOne = (field: Signal): Signal => field.bit(1).and(field.bit(0).not());
  const [left, right] = [x.field!, y.field!];
  const [leftTwo, rightTwo] = [left.all(), right.all()];
  const [leftOne, rightOne] = [isOne(left), isOne(right)];
  const byOne = leftOne.xor(rightOne);
  const byTwo = leftTwo.xor(rightTwo).or(leftOne.and(rightOne));
  const byFour = leftTwo.and(rightTwo);
  const significand = twoBits(b, x.integer, y.integer) ?? product(b, x.integer, y.integer);
  const once = b.mux(byOne, significand.shl(1), significand);
  return b.mux(byFour, significand.shl(4), b.mux(byTwo, once.shl(2), once)).as('placed_product');
}

/** The product of two numbers of two bits, by gates; undefined for others. */
function twoBits(b: Builder, x: Signal, y: Signal): Signal | undefined {
  if (x.width !== 2 || y.width !== 2) return undefined;
  const [x1, x0, y1, y0] = [x.bit(1), x.bit(0), y.bit(1), y.bit(0)];
  const nine = b.and(x1, x0, y1, y0);
  return b.concat(nine, x1.and(y1).xor(nine), x1.and(y0).xor(x0.and(y1)), x0.and(y0)).narrow(0, 9);
}

/** The magnitude of a code in units of the format's last bit; 0 for NaN and infinity, whose flags count instead. */
function integerOf(format: Format, code: bigint): bigint {
  const value = format.decode(code);
  return value.kind === 'finite' ? value.mag << BigInt(value.exp - format.lsbExponent) : 0n;
}

function shiftedProduct(b: Builder, f: Format, g: Format, x: Parts, y: Parts): Signal {
  return placed(b, productOf(b, x.integer, y.integer), placesOf(b, x, y), f, g);
}

/** Where one LUT takes all bits of both, each bit of the product is one. */
function productOf(b: Builder, x: Signal, y: Signal): Signal {
  if (x.signed || y.signed || x.width + y.width > (b.fabric.lutInputs ?? 0))
    return product(b, x, y).as('significand_product');
  const [m, n] = [x.width, y.width];
  const values = Array.from({ length: 1 << (m + n) }, (_, i) => BigInt(i >> n) * BigInt(i & ((1 << n) - 1)));
  const doc = `Product of significands of ${m} (high bits of the index) and ${n} bits`;
  return b
    .table(`significands_${m}_${n}`, doc, values, b.concat(x, y), { oneLut: true })
    .narrow(0, x.range[1] * y.range[1])
    .as('significands');
}

/** By how much the product of the significands goes up: `shift` places, and `back` places down again. */
interface Places {
  readonly shift: Signal;
  readonly back: number;
}

/**
 * An exponent that is not 0 counts from 1 up, and the last place of the product from there. To take the ones off both exponents would
 * cost gates; not to use the last places of the shifted product costs none. Where one LUT takes both exponents, each bit of
 * the shift is one.
 */
function placesOf(b: Builder, x: Parts, y: Parts): Places {
  const exponents = [x.exponent, y.exponent].filter(e => e !== undefined);
  if (!x.field || !y.field || x.field.width + y.field.width > (b.fabric.lutInputs ?? 0))
    return { shift: exponents.reduce((e, f) => e.add(f)).as('shift'), back: exponents.length };
  const [m, n] = [x.field.width, y.field.width];
  const places = (field: number): number => Math.max(field, 1) - 1;
  const values = Array.from({ length: 1 << (m + n) }, (_, i) =>
    BigInt(places(i >> n) + places(i & ((1 << n) - 1))),
  );
  const doc = `Places by which exponent fields of ${m} (high bits of the index) and ${n} bits shift a product`;
  const shift = b.table(`places_${m}_${n}`, doc, values, b.concat(x.field, y.field), { oneLut: true });
  return { shift: shift.as('places'), back: 0 };
}

interface Parts {
  /** Apart from `integer`; integers and fixed point have it inside. */
  readonly sign: Signal;
  readonly isNegative: Signal;
  readonly integer: Signal;
  /** The field of the exponent, and the exponent: 1 for a subnormal that is kept. Absent for integers and fixed point. */
  readonly field?: Signal;
  readonly exponent?: Signal;
  readonly isNaN: Signal;
  readonly isInfinite: Signal;
  readonly isSpecial: Signal;
  readonly isZero: Signal;
}

function magnitudeOf(
  b: Builder,
  format: Format,
  code: Signal,
  prefix: string,
  subnormals: Policy['subnormals'],
): Parts {
  const none = b.const(0);
  if (!format.float)
    return {
      sign: none,
      integer: code.withLsb(0),
      isNegative: code.sign(),
      isNaN: none,
      isInfinite: none,
      isSpecial: none,
      isZero: code.isZero(),
    };
  const parts = b.scope(prefix, '', () => unpack(b, format.float!, code, subnormals));
  const { sign, isInfinite, isZero } = parts;
  return {
    sign,
    integer: parts.significand,
    field: exponentOf(format.float, code),
    // Flushed, a zero has the exponent 0, and any shift will do.
    exponent: parts.exponent,
    isNegative: sign,
    isNaN: parts.isNaN,
    isInfinite,
    isSpecial: specialOf(format, code, parts.isNaN),
    isZero,
  };
}

/** Whether a code is NaN or infinite. The two stand side by side at the top of the magnitudes: one comparison finds both. */
function specialOf({ float }: Format, code: Signal, isNan: Signal): Signal {
  const { infinityCode, exponentBits, mantissaBits } = float!;
  if (infinityCode === undefined) return isNan;
  const magnitude = code.bits(exponentBits + mantissaBits - 1, 0);
  const allOnes = ((1n << BigInt(exponentBits)) - 1n) << BigInt(mantissaBits);
  if (mantissaBits > 0 && infinityCode === allOnes)
    return magnitude.bits(exponentBits + mantissaBits - 1, mantissaBits).all();
  return magnitude.ge(infinityCode).or(isNan);
}

/**
 * The significands' product at its place. Codes of NaN and infinity would give more than the largest product: their
 * value does not count, so its top bits may fall off.
 */
function placed(b: Builder, product: Signal, { shift, back }: Places, f: Format, g: Format): Signal {
  const most = largest(f) * largest(g);
  const width = bitLength(most);
  const mayBeSpecial = [f, g].some(
    ({ float }) => float !== undefined && (float.nan.kind === 'above' || float.infinityCode !== undefined),
  );
  const isByWindows = isShiftedByWindows(b, product, shift);
  if (product.signed || (!mayBeSpecial && !isByWindows)) {
    const shifted = product.shl(shift).shr(back);
    return mayBeSpecial ? shifted.wrap(width + 1, true) : shifted.narrow(-most, most);
  }
  const raised = isByWindows
    ? shiftedByWindows(product, shift, width + back)
    : product.shlWithin(shift, width + back).as('raised');
  const magnitude = raised.shr(back);
  return mayBeSpecial ? magnitude : magnitude.narrow(0, most);
}

/** Of the bits of a shift, these come last at least: they choose one of four windows. */
const WINDOW_BITS = 2;
/** And so many first at most: after a shift by less than eight, no bit has more than two places for a significand of nine bits. */
const LOW_BITS = 3;

/**
 * Whether a LUT of the family takes all that a bit may be, and the choice, once the lower bits of the shift are done; and a sign, unless
 * adders apply that.
 */
function isShiftedByWindows(b: Builder, product: Signal, shift: Signal): boolean {
  const low = lowBits(shift);
  if (product.signed || low < 2) return false;
  const choices = Math.ceil((product.width + 2 ** low - 1) / 2 ** low);
  const sign = b.fabric.sumComplements ? 0 : 1;
  return choices + shift.width - low + sign <= (b.fabric.lutInputs ?? 0);
}

/** Bits of the shift that come before the choice of a window. */
function lowBits(shift: Signal): number {
  return Math.min(LOW_BITS, shift.width - WINDOW_BITS);
}

/**
 * A shift by the lower bits, then by the others: the product in each place where it may come to stand, all but one of them left out. A
 * bit lies in few of these places. Of a shift stage by stage, synthesis does not find that.
 */
function shiftedByWindows(product: Signal, shift: Signal, width: number): Signal {
  const low = lowBits(shift);
  const fine = product.shl(shift.bits(low - 1, 0)).as(`shifted_below_${1 << low}`);
  const window = shift.bits(shift.width - 1, low).as('window');
  const places = Array.from({ length: Number(shift.range[1] >> BigInt(low)) + 1 }, (_, n) => {
    const up = n << low;
    return fine.shlWithin(up, width).gate(window.eq(n)).as(`up_${up}`);
  });
  return places.reduceRight((x, y) => x.or(y));
}

/** The largest magnitude of a product of two finite codes, in units of its last bit. */
export function largestProduct(leftId: string, rightId: string): bigint {
  return largest(parseFormat(leftId)) * largest(parseFormat(rightId));
}

/** Largest finite magnitude, in units of the last bit. */
function largest(format: Format): bigint {
  const magnitudes = [format.max, format.min].map(x => {
    if (x.kind !== 'finite') throw new Error(`${format.id} has no largest value`);
    return x.mag << BigInt(x.exp - format.lsbExponent);
  });
  return magnitudes[0]! > magnitudes[1]! ? magnitudes[0]! : magnitudes[1]!;
}
