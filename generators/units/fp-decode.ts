import { unpack } from '../blocks/float.ts';
import { exactOf, type Value } from '../formats/arithmetic.ts';
import { bitLength } from '../formats/exact.ts';
import { parseFormat } from '../formats/parse.ts';
import type { FloatLayout } from '../formats/types.ts';
import { fixedFormat } from './formats.ts';
import { flushing, hasInfinity, hasNaN, isNegative, widthProblems } from './rounding.ts';
import { defineUnit, type OutputPort, type Ports } from './unit.ts';

export interface Params {
  /** Format of the number. @format float @default e4m3 */
  from: string;
  /** Subnormal numbers: as the format has them; or flushed: they count as zero of their sign. @default keep */
  subnormals: 'keep' | 'flush';
}

/**
 * Takes a floating-point number apart: `x = ±significand · 2^exponent`, where the significand of a normal number is from 1
 * to below 2 and that of a subnormal one below 1. Zeros, infinities and NaN have significand 0 and the least exponent; the
 * flags tell them apart, each only where the format has such numbers. The sign of NaN is 0.
 */
export const unit = defineUnit<Params, { x: Value }, Record<string, Value>>({
  id: 'fp-decode',
  family: 'minifloat',
  summary: 'Sign, exponent, significand and class of a floating-point number.',
  equations: ['x = (sign ? −1 : 1) · significand · 2^exponent, where x is finite'],
  source: 'IEEE 754-2019 (3.3, classes of 5.7.2), with the special codes of each format',
  state: false,
  check: p => widthProblems({ from: p.from }),
  ports(p): Ports {
    const { signed, float } = parseFormat(p.from);
    const { exponentBits, mantissaBits, bias, maxFiniteCode } = float!;
    const most = Number(maxFiniteCode >> BigInt(mantissaBits)) - bias;
    const flag = (doc: string): OutputPort => ({ format: 'uint1', doc });
    const hasSubnormals = p.subnormals === 'keep' && mantissaBits > 0 && exponentBits > 0;
    return {
      in: { x: { format: p.from, doc: 'number' } },
      out: {
        ...(signed ? { sign: flag('the number is negative, or −0') } : {}),
        exponent: {
          format: fixedFormat(BigInt(1 - bias), BigInt(Math.max(most, 1 - bias)), 0),
          doc: 'exponent of the last digit before the point; the least one for subnormals and what is no number',
        },
        significand: {
          format: fixedFormat(0n, (1n << BigInt(mantissaBits + 1)) - 1n, -mantissaBits),
          doc: 'significand, one bit before the point; 0 for what is no number',
        },
        is_zero: flag('a zero'),
        ...(hasSubnormals ? { is_subnormal: flag('below the smallest normal number, and no zero') } : {}),
        ...(hasInfinity(p.from) ? { is_infinite: flag('an infinity') } : {}),
        ...(hasNaN(p.from) ? { is_nan: flag('NaN') } : {}),
      },
    };
  },
  golden(p) {
    const { bias, mantissaBits } = parseFormat(p.from).float!;
    const operand = flushing(p.from, p.subnormals);
    const least = 1 - bias;
    return {
      step({ x }) {
        const value = exactOf(operand(x));
        const [is_nan, is_infinite] = [value.kind === 'nan' ? 1 : 0, value.kind === 'inf' ? 1 : 0];
        const sign = isNegative(value) ? 1 : 0;
        const none = {
          sign,
          exponent: least,
          significand: 0,
          is_zero: 0,
          is_subnormal: 0,
          is_infinite,
          is_nan,
        };
        if (value.kind !== 'finite') return none;
        if (value.mag === 0n) return { ...none, is_zero: 1 };
        const top = bitLength(value.mag) - 1 + value.exp;
        const exponent = Math.max(top, least);
        const steps = value.mag << BigInt(value.exp - exponent + mantissaBits + 64);
        const significand = Number(steps >> 64n) / 2 ** mantissaBits;
        return { ...none, exponent, significand, is_subnormal: top < least ? 1 : 0 };
      },
    };
  },
  datapath(b, x, p) {
    const layout: FloatLayout = parseFormat(p.from).float!;
    const { mantissaBits, bias, maxFiniteCode } = layout;
    const number = unpack(b, layout, x.signal('x'), p.subnormals);
    const isNumber = number.isNaN.or(number.isInfinite).not();
    const most = maxFiniteCode >> BigInt(mantissaBits);
    const field = b.mux(isNumber, number.exponent, b.const(1));
    const fieldOrOne = p.subnormals === 'flush' ? b.mux(number.isZero, b.const(1), field) : field;
    const exponent = fieldOrOne.narrow(1, most > 1n ? most : 1n).sub(bias);
    const significand = number.significand.gate(isNumber).withLsb(-mantissaBits);
    const isNormal = number.significand.bit(mantissaBits);
    return {
      sign: number.sign.and(number.isNaN.not()),
      exponent,
      significand,
      is_zero: number.isZero.and(isNumber),
      is_subnormal: isNormal.or(number.isZero).not().and(isNumber),
      is_infinite: number.isInfinite,
      is_nan: number.isNaN,
    };
  },
});
