import { anyOf, type Dot, sumOfProducts } from '../blocks/accumulate.ts';
import { multiplyCodes } from '../blocks/element.ts';
import { powerOfTwo } from '../formats/double.ts';
import { parseFormat } from '../formats/parse.ts';
import type { Builder } from '../hdl/builder.ts';
import type { Signal } from '../hdl/signal.ts';
import { defineFloatDot, hasSpecialCodes, operandMistakes, type ResultParams } from './floatDot.ts';
import { dotRange, fixedFormat, integersOf } from './formats.ts';
import type { InputSignals } from './unit.ts';

export interface Operands {
  /** Products of a beat. @min 1 @max 1024 @default 32 */
  lanes: number;
  /** Format of the first operand, the activations: up to 16 bits. @format float integer fixed @default e2m1 */
  a: string;
  /** Format of the second operand, the weights: up to 16 bits. @format float integer fixed @default e2m1 */
  b: string;
  /** Lanes that share one shift: 1 for a shift of each lane, as many as there are lanes for one of the beat. @min 1 @max 1024 @default 1 */
  group: number;
  /** Format of a shift: the exponent of a power of two. @format integer @default uint2 */
  shift: string;
}

export interface Params extends Operands, ResultParams {}

/** Bits of a shift, so that the sum stays within reason. */
const WIDEST_SHIFT = 6;

/**
 * Dot product of minifloats with a power-of-two scale for each group of lanes: an exponent bias for each channel of
 * the activations (LLM-FP4), or a scale for each group of weights (ZeroQuant-FP). The products are shifted into the exact sum; a
 * group is added up first and shifted once.
 */
export const unit = defineFloatDot<
  Operands,
  Params,
  { a: Float64Array; b: Float64Array; shift: Float64Array }
>({
  id: 'fp-shift-dot',
  summary: 'Dot product of minifloats with a power-of-two scale for each lane or group of lanes.',
  equations: ['sum = Σ a[i]·b[i] · 2^shift[⌊i / group⌋], exact'],
  source:
    'LLM-FP4 (Liu et al., arXiv:2310.16836), the exponent biases of channels as an explicit shift; ZeroQuant-FP (Wu et al., arXiv:2307.09782), power-of-two scales of groups; numerics as integers',
  presets: {
    'fp4-chanbias-dot': {
      summary: 'FP4 dot product with an exponent bias for each channel, as a shift of 0 to 3.',
      params: { a: 'e2m1', b: 'e2m1', group: 1, shift: 'uint2' },
    },
    'fp4w-fp8a-dot': {
      summary: 'Dot product of FP8 activations and FP4 weights with a power-of-two scale for the group.',
      params: { a: 'e4m3', b: 'e2m1', lanes: 32, group: 32, shift: 'int5' },
    },
  },
  check(p) {
    const shift = parseFormat(p.shift);
    return [
      ...operandMistakes('a', p.a),
      ...operandMistakes('b', p.b),
      ...(shift.width > WIDEST_SHIFT
        ? [`--shift ${shift.id} has ${shift.width} bits, and a shift has at most ${WIDEST_SHIFT}`]
        : []),
      ...(p.lanes % p.group === 0
        ? []
        : [`--group ${p.group} does not divide the ${p.lanes} lanes; expected a divisor of them`]),
    ];
  },
  lanes: p => p.lanes,
  inputs: p => ({
    a: { format: p.a, lanes: p.lanes, doc: 'first operands' },
    b: { format: p.b, lanes: p.lanes, doc: 'second operands' },
    shift: { format: p.shift, lanes: p.lanes / p.group, doc: 'exponents of the scales, one of a group' },
  }),
  sumFormat(p) {
    const { min, max, lsb } = dotRange(p.a, p.b, p.lanes);
    const [least, most] = integersOf(parseFormat(p.shift));
    const growth = most - least;
    return fixedFormat(min << growth, max << growth, lsb + Number(least));
  },
  hasSpecial: p => hasSpecialCodes(p.a) || hasSpecialCodes(p.b),
  golden(p) {
    const terms = new Float64Array(p.lanes);
    return {
      values({ a, b, shift }) {
        for (let i = 0; i < terms.length; i++)
          terms[i] = a[i]! * b[i]! * powerOfTwo(shift[Math.floor(i / p.group)]!);
        return terms;
      },
    };
  },
  datapath(b, x, p) {
    const [least] = integersOf(parseFormat(p.shift));
    const place = (sum: Signal, shift: Signal): Signal =>
      sum.shl(shift.add(-least)).withLsb(sum.lsb + Number(least));
    if (p.group === p.lanes) {
      const { parts, gated: _, ...dot } = sumOfProducts(b, p.a, p.b, x.vector('a'), x.vector('b'));
      const shifted = place(dot.sum, x.vector('shift').at(0));
      if (!parts) return { ...dot, sum: shifted };
      const magnitude = place(parts.magnitude, x.vector('shift').at(0)).withLsb(0);
      return { ...dot, sum: shifted, parts: { ...parts, magnitude } };
    }
    return p.group === 1 ? eachShifted(b, x, p, place) : groupsShifted(b, x, p, place);
  },
});

type Place = (sum: Signal, shift: Signal) => Signal;

/** Each product has its shift. */
function eachShifted(b: Builder, x: InputSignals, p: Operands, place: Place): Dot {
  const vectors = [x.vector('a'), x.vector('b'), x.vector('shift')] as const;
  const terms = b.lanes('product', vectors, (a, c, shift) => {
    const product = multiplyCodes(b, p.a, p.b, a, c);
    const shifted = place(product.value, shift);
    return { ...product, value: shifted };
  });
  return { sum: terms.value.as('products').sum('sum'), ...anyOf(terms) };
}

/** The sum of each group has its shift. */
function groupsShifted(b: Builder, x: InputSignals, p: Operands, place: Place): Dot {
  const groups = p.lanes / p.group;
  const isSigned = (id: string): boolean => !parseFormat(id).float && parseFormat(id).signed;
  const aGroups = x.vector('a').pack().unpack(groups);
  const bGroups = x.vector('b').pack().unpack(groups);
  const terms = b.lanes('group', [aGroups, bGroups, x.vector('shift')] as const, (aGroup, bGroup, shift) => {
    const aLanes = aGroup.unpack(p.group, isSigned(p.a));
    const bLanes = bGroup.unpack(p.group, isSigned(p.b));
    const { parts: _, gated: __, ...dot } = sumOfProducts(b, p.a, p.b, aLanes, bLanes);
    const shifted = place(dot.sum, shift);
    return { ...dot, sum: shifted };
  });
  return { sum: terms.sum.as('groups').sum('total'), ...anyOf(terms) };
}
