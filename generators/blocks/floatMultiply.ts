import type { FloatLayout } from '../formats/types.ts';
import type { Builder } from '../hdl/builder.ts';
import type { Signal } from '../hdl/signal.ts';
import { addWithCarry, shiftRightSticky } from './bits.ts';
import { type FloatFormat, type FloatPolicy, packFloat, type Unpacked, unpack } from './float.ts';
import { isSmallProduct, multiplySmall } from './floatMultiplySmall.ts';
import { product as integerProduct } from './multiply.ts';

/** The formats of two factors and of a result. */
export interface ProductFormats {
  readonly left: FloatFormat;
  readonly right: FloatFormat;
  readonly result: FloatFormat;
}

/** A product of significands with what belongs to it; nothing is rounded. */
interface Product {
  readonly sign: Signal;
  readonly significand: Signal;
  /** Sum of the exponent fields; `scale` more is the weight of the significand's last bit. */
  readonly exponent: Signal;
  readonly scale: number;
  readonly isZero: Signal;
  readonly isNaN: Signal;
  readonly isInfinite: Signal;
}

function productOf(b: Builder, f: FloatLayout, g: FloatLayout, x: Unpacked, y: Unpacked): Product {
  const sign = x.sign.xor(y.sign);
  const exponent = x.exponent.add(y.exponent);
  const isZero = x.isZero.or(y.isZero);
  const isInfinite = x.isInfinite.or(y.isInfinite);
  const zeroTimesInfinity = x.isInfinite.and(y.isZero).or(y.isInfinite.and(x.isZero));
  const isNan = x.isNaN.or(y.isNaN).or(zeroTimesInfinity);
  const significand = integerProduct(b, x.significand, y.significand);
  return { sign, significand, exponent, scale: scaleOf(f) + scaleOf(g), isZero, isNaN: isNan, isInfinite };
}

/** Weight of a significand's last bit at exponent field 0, as a power of two. */
const scaleOf = ({ bias, mantissaBits }: FloatLayout): number => -bias - mantissaBits;

/** The product of two codes, rounded once to a format. */
export function multiplyFloat(
  b: Builder,
  { left, right, result }: ProductFormats,
  policy: FloatPolicy,
  x: Signal,
  y: Signal,
  random?: Signal,
): Signal {
  const formats = { left, right, result };
  if (isSmallProduct(b, formats, policy)) return multiplySmall(b, formats, policy, x, y, random);
  const [f, g] = [left.float!, right.float!];
  const product = b.scope('', 'Signs, exponents and significands, and their product', () => {
    const first = b.scope('a', '', () => unpack(b, f, x, policy.subnormals));
    const second = b.scope('b', '', () => unpack(b, g, y, policy.subnormals));
    return b.scope('product', '', () => productOf(b, f, g, first, second));
  });
  const { sign, significand, isNaN: isNan, isInfinite } = product;
  const exponent = product.exponent.add(product.scale);
  // Without subnormals, the product of two hidden bits is at the top, or one below it.
  const mostZeros = significand.width - 1 - f.mantissaBits - g.mantissaBits;
  const isNormal = policy.subnormals === 'flush' || f.mantissaBits + g.mantissaBits === 0;
  return b.scope('', 'Rounded once', () =>
    packFloat(b, result, policy, {
      sign,
      magnitude: significand,
      exponent,
      isNaN: isNan,
      isInfinite,
      ...(isNormal ? { mostZeros } : {}),
      ...(random ? { random } : {}),
    }),
  );
}

/** The formats of two factors, of an addend and of a result. */
export interface MultiplyAddFormats extends ProductFormats {
  readonly addend: FloatFormat;
}

/**
 * `x·y + z`, rounded once. The product stays where it is; the addend is shifted to its place beside it, from just above,
 * where the product cannot reach the last bit of the result, down to where it is itself no more than a sticky bit.
 */
export function multiplyAddFloat(
  b: Builder,
  formats: MultiplyAddFormats,
  policy: FloatPolicy,
  x: Signal,
  y: Signal,
  z: Signal,
  random?: Signal,
): Signal {
  const [f, g, h] = [formats.left.float!, formats.right.float!, formats.addend.float!];
  const { product, addend } = b.scope('', 'Signs, exponents and significands, and the product', () => {
    const first = b.scope('a', '', () => unpack(b, f, x, policy.subnormals));
    const second = b.scope('b', '', () => unpack(b, g, y, policy.subnormals));
    const addend = b.scope('c', '', () => unpack(b, h, z, policy.subnormals));
    return { product: b.scope('product', '', () => productOf(b, f, g, first, second)), addend };
  });
  const subtract = product.sign.xor(addend.sign);
  const isNan = product.isNaN.or(addend.isNaN).or(product.isInfinite.and(addend.isInfinite).and(subtract));
  const isInfinite = product.isInfinite.or(addend.isInfinite);

  const sum = b.scope('', 'The addend at its place beside the product, and their sum', () =>
    addBesideProduct(b, formats, policy, product, addend, subtract, random?.width ?? 1),
  );
  const bothNegative = product.sign.and(addend.sign);
  const zeroSign = policy.round === 'rdn' ? product.sign.or(addend.sign) : bothNegative;
  const finiteSign = b.mux(sum.magnitude.isZero(), zeroSign, product.sign.xor(sum.isNegative));
  const sign = b.mux(isInfinite, b.mux(product.isInfinite, product.sign, addend.sign), finiteSign);
  const { magnitude, exponent } = sum;
  return b.scope('', 'Rounded once', () =>
    packFloat(b, formats.result, policy, {
      sign,
      magnitude,
      exponent,
      isNaN: isNan,
      isInfinite,
      ...(random ? { random } : {}),
    }),
  );
}

/** Magnitude of the sum; negative means that it has the sign of the addend, against that of the product. */
interface Sum {
  readonly magnitude: Signal;
  readonly exponent: Signal;
  readonly isNegative: Signal;
}

function addBesideProduct(
  b: Builder,
  formats: MultiplyAddFormats,
  policy: FloatPolicy,
  product: Product,
  addend: Unpacked,
  subtract: Signal,
  extra: number,
): Sum {
  const { below, above, mayHideZero } = windowOf(formats, policy, product.significand.width, extra);
  const h = formats.addend.float!;
  const productPlaced = product.significand.shl(below);

  // How far the addend goes down from its highest place.
  const apart = product.exponent.sub(addend.exponent);
  const down = apart.add(product.scale - scaleOf(h) + above - below);
  const isAbove = mayHideZero ? down.sign().and(addend.isZero.not()) : down.sign();
  // Beside a product of zero the addend stays whole, whatever the exponents say.
  const isAlone = isAbove.or(product.isZero);
  const isAtTop = down.sign().or(product.isZero);
  const [, most] = down.range;
  const isExact = most <= BigInt(above);
  const highest = addend.significand.shl(above);
  // A negative distance counts as one beyond the width: what it makes is not used.
  const distance = down.wrap(down.width, false);
  const shifted = shiftRightSticky(b, highest, distance, { first: 'low', clearsLast: true });
  const addendPlaced = b.mux(isAtTop, highest, shifted.shifted);
  const sticky = isExact ? b.const(0) : shifted.sticky.and(isAtTop.not());

  // Minus is the complement and one more. Both sums are there when it is known which of them is the magnitude: with
  // the one, where nothing was lost below; without, where something was; or the complement, where the addend is more.
  const width = h.mantissaBits + 1 + above;
  const complemented = addendPlaced.xor(b.mux(subtract, 2n ** BigInt(width) - 1n, 0n));
  const total = productPlaced.add(complemented);
  const totalAndOne = addWithCarry(b, productPlaced, complemented, b.const(1));
  const takesOne = subtract.and(sticky.not());
  const carryOf = (sum: Signal): Signal => (sum.width > width ? sum.bit(width) : b.const(0));
  const carry = b.mux(sticky, carryOf(total), carryOf(totalAndOne));
  const isNegative = subtract.and(carry.not());
  const low = total.wrap(width, false);
  const positive = b.mux(takesOne, totalAndOne.wrap(width, false), low);
  const upper = b.mux(isNegative, low.not(), positive);
  const magnitude = isExact ? upper : b.concat(upper, sticky);

  const weightAtTop = scaleOf(h) - above - (isExact ? 0 : 1);
  const weightAtProduct = product.scale - below - (isExact ? 0 : 1);
  const exponentOfSum = b.mux(isAlone, addend.exponent.add(weightAtTop - weightAtProduct), product.exponent);
  const exponent = exponentOfSum.add(weightAtProduct);
  return { magnitude, exponent, isNegative };
}

/** Where product and addend stand in the sum. */
interface Window {
  /** Bits below the product. */
  readonly below: number;
  /** Place of the addend's last bit at its highest. */
  readonly above: number;
  /** Whether an addend of zero could wrongly make little of the product. */
  readonly mayHideZero: boolean;
}

/**
 * The narrowest window in which the sum can be rounded once. `extra` bits below the last one of the result are looked at
 * one by one; the others may be gathered in a sticky bit. A bit is needed if it is that near to the leading one of the
 * sum, or to the last bit of the result's subnormals.
 *
 * Below: addend bits are lost only below the window. If the addend's leading one is two places or more below the
 * product's, that of the sum is at most one place below the product's. If it is higher, all its bits must be inside.
 * Above: a product below an addend at its highest place must be out of reach of those bits, and can stay where it is.
 */
function windowOf(
  { left, right, addend, result }: MultiplyAddFormats,
  { subnormals }: FloatPolicy,
  productWidth: number,
  extra: number,
): Window {
  const [f, g, h, r] = [left.float!, right.float!, addend.float!, result.float!];
  const precision = r.mantissaBits + 1;
  const lastOf = ({ bias, mantissaBits }: FloatLayout): number => 1 - bias - mantissaBits;
  const hasSubnormals = ({ mantissaBits }: FloatLayout): boolean => subnormals === 'keep' && mantissaBits > 0;

  // Places that are needed from the product's leading one down, itself included; and where that one is at least.
  const needed = Math.max(precision + extra, h.mantissaBits + 1) + 1;
  const deficits = [needed - 1 - (f.mantissaBits + g.mantissaBits)];
  if (hasSubnormals(f)) deficits.push(needed - 1 - g.mantissaBits);
  if (hasSubnormals(g)) deficits.push(needed - 1 - f.mantissaBits);
  if (hasSubnormals(f) && hasSubnormals(g))
    deficits.push(Math.min(needed - 1, lastOf(f) + lastOf(g) - lastOf(r) + extra));
  const below = Math.max(0, ...deficits);

  const productTop = below + productWidth;
  const byPrecision = precision + 1 + extra - (h.mantissaBits + 1);
  const byRange = extra + lastOf(h) - lastOf(r);
  const margins = [byPrecision];
  if (hasSubnormals(h)) margins.push(Math.min(precision + extra, byRange));
  const above = productTop + Math.max(0, ...margins);
  return { below, above, mayHideZero: above < productTop + byRange };
}
