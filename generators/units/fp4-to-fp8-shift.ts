import { clamp, isAtLeast, leadingZeros, shiftRightSticky } from '../blocks/bits.ts';
import { unpack } from '../blocks/float.ts';
import { powerOfTwo } from '../formats/double.ts';
import { parseFormat } from '../formats/parse.ts';
import type { Format } from '../formats/types.ts';
import { hasSpecialCodes } from './floatDot.ts';
import { defineUnit } from './unit.ts';

export interface Params {
  /** Format of the input, of which all codes are finite: FP4, or another small one. @format float @default e2m1 */
  from: string;
  /** Format of the output, with at least as many mantissa bits. @format float @default e4m3 */
  to: string;
  /** Format of the shift: the exponent of the power of two. @format integer @default int5 */
  shift: string;
}

/**
 * A weight in FP4 times a power of two, in FP8: the exponents are added, nothing is multiplied. As the mantissa of the
 * output holds that of the input, only results below the normal numbers are rounded, and only those beyond the largest one are
 * saturated; a flag tells of each.
 */
export const unit = defineUnit<
  Params,
  { x: number; shift: number },
  { y: number; inexact: number; saturated: number }
>({
  id: 'fp4-to-fp8-shift',
  family: 'minifloat',
  summary: 'FP4 to FP8 with a power-of-two scale, by adding to the exponent.',
  equations: [
    'y = x · 2^shift, rounded to nearest even, saturated; a zero keeps its sign',
    'inexact = y ≠ x · 2^shift; saturated = |x · 2^shift| is beyond the largest value',
  ],
  source: 'ZeroQuant-FP (Wu et al., arXiv:2307.09782): casting FP4 weights to FP8 with power-of-two scales',
  state: false,
  check(p) {
    const [from, to, shift] = [p.from, p.to, p.shift].map(parseFormat) as [Format, Format, Format];
    if (hasSpecialCodes(from.id))
      return [`--from ${from.id} has NaN or infinity; expected a format whose codes are all finite, as e2m1`];
    if (!from.signed || !to.signed) return [`--from ${from.id} --to ${to.id}: both formats need a sign`];
    if (from.width > 16 || to.width > 16)
      return [`--from ${from.id} --to ${to.id}: a format has at most 16 bits here`];
    if (to.float!.mantissaBits < from.float!.mantissaBits)
      return [
        `--to ${to.id} has fewer mantissa bits than ${from.id}; expected at least ${from.float!.mantissaBits}`,
      ];
    if (shift.width > 8) return [`--shift ${shift.id} has ${shift.width} bits, and a shift has at most 8`];
    return [];
  },
  ports: p => ({
    in: {
      x: { format: p.from, doc: 'value' },
      shift: { format: p.shift, doc: 'exponent of the scale' },
    },
    out: {
      y: { format: p.to, doc: 'the value times 2^shift', policy: { round: 'rne', overflow: 'saturate' } },
      inexact: { format: 'uint1', doc: 'y was rounded or saturated' },
      saturated: { format: 'uint1', doc: 'y was saturated' },
    },
  }),
  golden(p) {
    const to = parseFormat(p.to);
    const largest = to.decodeNumber(Number(to.float!.maxFiniteCode));
    return {
      step({ x, shift }) {
        const y = x * powerOfTwo(shift);
        const inexact = to.decodeNumber(to.encodeNumber(y)) !== y;
        return { y, inexact: Number(inexact), saturated: Number(Math.abs(y) > largest) };
      },
    };
  },
  datapath(b, inputs, p) {
    const [from, to] = [parseFormat(p.from).float!, parseFormat(p.to)];
    const { mantissaBits, exponentBits, bias, maxFiniteCode, negativeZero } = to.float!;
    const precision = mantissaBits + 1;
    const { sign, exponent, significand } = unpack(b, from, inputs.signal('x'));
    // The leading one of a subnormal moves up to where that of a normal number is.
    const zeros = leadingZeros(b, significand);
    const normalized = significand.shlWithin(zeros, significand.width).shl(mantissaBits - from.mantissaBits);
    const isZero = significand.isZero();
    const biased = exponent
      .sub(zeros)
      .add(inputs.signal('shift'))
      .add(bias - from.bias);
    const deficit = clamp(b, b.const(1).sub(biased), 0, precision + 1);
    const { shifted, sticky } = shiftRightSticky(b, normalized.shl(1), deficit);
    const guard = shifted.bit(0);
    const kept = shifted.shr(1);
    const increment = guard.and(sticky.or(kept.bit(0)));
    const base = clamp(b, biased, 1, biased.range[1]).sub(1).shl(mantissaBits);
    const code = base.add(kept).add(increment).gate(isZero.not());
    const beyond = isAtLeast(b, code, maxFiniteCode + 1n);
    const magnitude = b.mux(beyond, b.const(maxFiniteCode), code.wrap(exponentBits + mantissaBits, false));
    const signBit = negativeZero ? sign : sign.and(magnitude.any());
    return {
      y: b.concat(signBit, magnitude.wrap(exponentBits + mantissaBits, false)),
      inexact: guard.or(sticky).or(beyond),
      saturated: beyond,
    };
  },
});
