import type { Round } from '../formats/types.ts';
import type { Builder } from '../hdl/builder.ts';
import type { Signal } from '../hdl/signal.ts';
import { roundToWeight } from './fixed.ts';

/**
 * An integer divided by a positive constant, rounded once. Each rounding is the floor of a quotient after a constant has
 * been added, chosen by the sign; ties to even and rounding to odd also look whether nothing remained.
 */
export function divideByConstant(b: Builder, x: Signal, divisor: bigint, round: Round): Signal {
  const { twos, odd } = factors(divisor);
  if (odd === 1n) return roundToWeight(b, x.withLsb(-twos), 0, { round });
  const { ifNegative, otherwise } = biases(divisor, round);
  const biased = x.add(b.mux(x.sign(), ifNegative, otherwise));
  const quotient = floorOf(biased, twos, odd);
  const [min, max] = x.range;
  if (round === 'odd') {
    const inexact = isMultiple(biased, quotient, twos, odd).not();
    const rounded = (n: bigint): bigint => floorDivision(n, divisor) | (n % divisor === 0n ? 0n : 1n);
    return quotient.add(inexact.and(quotient.bit(0).not())).narrow(rounded(min), rounded(max));
  }
  if (round !== 'rne' || divisor % 2n === 1n) return quotient;
  const isTie = isMultiple(biased, quotient, twos, odd);
  const rounded = (n: bigint): bigint => {
    const nearest = floorDivision(n + otherwise, divisor);
    return (n + otherwise) % divisor === 0n && nearest % 2n !== 0n ? nearest - 1n : nearest;
  };
  return quotient.sub(isTie.and(quotient.bit(0))).narrow(rounded(min), rounded(max));
}

function factors(divisor: bigint): { twos: number; odd: bigint } {
  if (divisor < 1n) throw new Error(`the divisor ${divisor} is not positive`);
  let [twos, odd] = [0, divisor];
  for (; odd % 2n === 0n; odd /= 2n) twos++;
  return { twos, odd };
}

/** What is added, so that the floor of the quotient is the rounding. By odd divisors there are no ties. */
function biases(divisor: bigint, round: Round): { ifNegative: bigint; otherwise: bigint } {
  const up = divisor - 1n;
  const tieUp = divisor / 2n;
  const tieDown = up / 2n;
  switch (round) {
    case 'rdn':
    case 'trn':
    case 'odd':
      return { ifNegative: 0n, otherwise: 0n };
    case 'rup':
      return { ifNegative: up, otherwise: up };
    case 'rtz':
      return { ifNegative: up, otherwise: 0n };
    case 'rhd':
      return { ifNegative: tieDown, otherwise: tieDown };
    case 'rna':
      return { ifNegative: tieDown, otherwise: tieUp };
    case 'rhz':
      return { ifNegative: tieUp, otherwise: tieDown };
    case 'rhu':
    case 'rne':
      return { ifNegative: tieUp, otherwise: tieUp };
    default:
      throw new Error(`no hardware rounds a quotient by ${round}`);
  }
}

/**
 * ⌊x / (odd · 2^twos)⌋ by one multiplication with a reciprocal. Let n = ⌊x / 2^twos⌋ and r = ⌈2^s / odd⌉ with
 * e = r·odd − 2^s. For 0 ≤ n ≤ N, n·r / 2^s is above n/odd by n·e / (odd·2^s), which is less than 1/odd where
 * N·e < 2^s: no integer lies between, so the floors are equal. A negative n is raised by k·odd first and the quotient
 * lowered by k, which together add k·(odd·r − 2^s) = k·e to the product.
 */
function floorOf(x: Signal, twos: number, odd: bigint): Signal {
  const n = x.shr(twos);
  const [min, max] = n.range;
  const k = min < 0n ? (odd - 1n - min) / odd : 0n;
  const most = max + k * odd;
  let s = 1;
  while (most * errorOf(s) >= 1n << BigInt(s)) s++;
  const corrected = n.mul(reciprocal(s)).add(k * errorOf(s));
  return corrected.shr(s).narrow(floorDivision(min, odd), floorDivision(max, odd));

  function reciprocal(bits: number): bigint {
    return ((1n << BigInt(bits)) + odd - 1n) / odd;
  }
  function errorOf(bits: number): bigint {
    return reciprocal(bits) * odd - (1n << BigInt(bits));
  }
}

/** Whether x is quotient · odd · 2^twos, where the quotient is its floor. */
function isMultiple(x: Signal, quotient: Signal, twos: number, odd: bigint): Signal {
  const whole = x.shr(twos).eq(quotient.mul(odd));
  return twos === 0
    ? whole
    : x
        .bits(Math.min(twos, x.width) - 1, 0)
        .isZero()
        .and(whole);
}

function floorDivision(x: bigint, divisor: bigint): bigint {
  return x >= 0n ? x / divisor : -((divisor - 1n - x) / divisor);
}
