import type { Builder } from '../hdl/builder.ts';
import type { Signal } from '../hdl/signal.ts';

/** Bits of the widest field whose leading zeros are counted step by step. */
const FEW_BITS = 8;

/**
 * How many zeros stand above the highest one, for an unsigned signal of `width` bits; for zero, some number below 2^⌈log2 width⌉. Of
 * a short field, the highest bit of the count comes first, and chooses where to go on. Of a long one, all parts are counted at once, and put
 * together two by two: no bit of the count waits for a test of many bits.
 */
export function leadingZeros(b: Builder, x: Signal): Signal {
  const { width } = x;
  if (width === 1) return b.const(0);
  const steps = Math.ceil(Math.log2(width));
  if (width > FEW_BITS) return countedInParts(b, x, steps);
  const padding = 2 ** steps - width;
  let field = padding === 0 ? x : b.concat(x, b.const(2n ** BigInt(padding) - 1n));
  const digits: Signal[] = [];
  for (let half = 2 ** (steps - 1); half >= 1; half /= 2) {
    const top = field.bits(2 * half - 1, half);
    digits.push(top.isZero().as(`zeros_${half}`));
    if (half > 1) field = b.mux(digits.at(-1)!, field.bits(half - 1, 0), top).as(`zeros_in_${half}`);
  }
  return b.concat(...digits);
}

function countedInParts(b: Builder, x: Signal, steps: number): Signal {
  const field = x
    .shl(2 ** steps - x.width)
    .unpack(2 ** steps)
    .as('field');
  // Of each part: whether all of it is zero, and below that bit, its count where it is not.
  const parts = field.reduce('zeros', (low, high) => {
    const top = low.width - 1;
    if (top === 0) {
      const isZero = high.not();
      return b.concat(isZero.and(low.not()), isZero);
    }
    const noneAbove = high.bit(top);
    const none = noneAbove.and(low.bit(top));
    return b.concat(none, noneAbove, b.mux(noneAbove, low.bits(top - 1, 0), high.bits(top - 1, 0)));
  });
  return parts.bits(steps - 1, 0);
}

/** `x + y + carry` in one adder: the carry goes in below the last bits. */
export function addWithCarry(b: Builder, x: Signal, y: Signal, carry: Signal): Signal {
  const doubled = (n: Signal, low: Signal): Signal => {
    const [min, max] = n.range;
    const [least, most] = low.range;
    return b
      .concat(n, low)
      .wrap(n.width + 1, n.signed)
      .narrow(2n * min + least, 2n * max + most);
  };
  return doubled(x, b.const(1)).add(doubled(y, carry)).shr(1);
}

/** In which order a shift goes by its amount; what is chosen last may come last. It changes levels and tables, and nothing else. */
export interface ShiftOrder {
  /** Which bits of the amount come first: the high ones unless said otherwise. */
  readonly first?: 'high' | 'low';
  /** Whether an amount beyond the width clears the result, not the operand. */
  readonly clearsLast?: boolean;
}

/**
 * `x` shifted right by a signal, with everything that falls off gathered in one sticky bit. The amount may exceed the
 * width: then all falls off.
 */
export function shiftRightSticky(
  b: Builder,
  x: Signal,
  amount: Signal,
  { first = 'high', clearsLast = false }: ShiftOrder = {},
): { shifted: Signal; sticky: Signal } {
  const steps = Math.min(amount.width, Math.ceil(Math.log2(x.width)));
  const isBeyond = steps < amount.width ? amount.bits(amount.width - 1, steps).any() : b.const(0);
  // Of a negative number, its sign is left.
  const unlessBeyond = (value: Signal): Signal =>
    value.signed ? b.mux(isBeyond, value.shr(value.width - 1), value) : value.gate(isBeyond.not());
  let shifted = clearsLast ? x : unlessBeyond(x);
  let sticky = isBeyond.and(x.any());
  for (let step = 0; step < steps; step++) {
    const i = first === 'high' ? steps - 1 - step : step;
    const distance = 2 ** i;
    const lost = distance >= shifted.width ? shifted.any() : shifted.bits(distance - 1, 0).any();
    sticky = sticky.or(amount.bit(i).and(lost));
    shifted = b.mux(amount.bit(i), shifted.shr(distance), shifted).as(`right_${distance}`);
  }
  return { shifted: clearsLast ? unlessBeyond(shifted) : shifted, sticky };
}

/** An unsigned signal times a small positive number, by shifts and additions: a multiplier would be a waste. */
export function timesConstant(x: Signal, factor: number): Signal {
  const [min, max] = x.range;
  const product = (k: number): Signal => {
    if (k === 1) return x;
    if (k % 2 === 0) return product(k / 2).shl(1);
    // A run of ones is one subtraction: 7 is 8 − 1.
    if (k > 3 && (k & (k + 1)) === 0) return product(k + 1).sub(x);
    return product(k - 1).add(x);
  };
  return product(factor).narrow(min * BigInt(factor), max * BigInt(factor));
}

/** The smaller of two signals. */
export function minimum(b: Builder, x: Signal, y: Signal): Signal {
  return b.mux(x.lt(y), x, y);
}

/** Whether an unsigned signal reaches a bound: where the bound is a run of ones and zeros below, by its upper bits, without a subtraction. */
export function isAtLeast(b: Builder, x: Signal, bound: bigint): Signal {
  const digits = bound.toString(2);
  const ones = digits.replace(/0+$/, '');
  const [min, max] = x.range;
  if (ones.includes('0') || min >= bound || max < bound) return x.ge(bound);
  const zeros = digits.length - ones.length;
  const above = x.width > digits.length ? x.bits(x.width - 1, digits.length).any() : b.const(0);
  return above.or(x.bits(digits.length - 1, zeros).all());
}

/** The larger of two signals. */
export function maximum(b: Builder, x: Signal, y: Signal): Signal {
  return b.mux(x.lt(y), y, x);
}

/** An unsigned signal in so many bits: all ones where it needs more. */
export function saturateBits(b: Builder, x: Signal, bits: number): Signal {
  if (x.width <= bits) return x;
  const isBeyond = x.bits(x.width - 1, bits).any();
  return b.mux(isBeyond, b.const(2n ** BigInt(bits) - 1n), x.bits(bits - 1, 0));
}

/** `x` kept between bounds, which count in units of its last bit; by its range: nothing is built for a bound that it cannot cross. */
export function clamp(b: Builder, x: Signal, low: number | bigint, high: number | bigint): Signal {
  const [min, max] = x.range;
  const floored = min < BigInt(low) ? b.mux(x.lt(low), low, x) : x;
  const bounded = max > BigInt(high) ? b.mux(x.gt(high), high, floored) : floored;
  return bounded.narrow(low, high);
}
