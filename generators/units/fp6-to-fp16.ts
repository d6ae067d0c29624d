import { powerOfTwo } from '../formats/double.ts';
import { parseFormat } from '../formats/parse.ts';
import type { Format } from '../formats/types.ts';
import { hasSpecialCodes } from './floatDot.ts';
import { defineUnit } from './unit.ts';

export interface Params {
  /** Codes of a beat. @min 1 @max 1024 @default 16 */
  lanes: number;
  /** Format of the inputs, of which all codes are finite. @format float @default e3m2 */
  from: string;
  /** Format of the outputs, with at least as many exponent and mantissa bits. @format float @default fp16 */
  to: string;
}

/** Bits of the format that has the wider fields, as far as the codes of the other reach. */
const placed = (from: Format, to: Format): bigint =>
  from.float!.maxFiniteCode << BigInt(to.float!.mantissaBits - from.float!.mantissaBits);

/**
 * Small floats into the fields of a larger format, without a gate: the exponent keeps its code, so that each value,
 * subnormals too, comes out times the same power of two. What follows multiplies by that power once, with its scale.
 */
export const unit = defineUnit<Params, { x: Float64Array }, { y: Float64Array }>({
  id: 'fp6-to-fp16',
  family: 'minifloat',
  summary: 'FP6 to FP16 by placing the fields: the value times a constant power of two.',
  equations: ['y[i] = x[i] · 2^(bias of from − bias of to); for e3m2 and fp16 2^−12'],
  source: 'FP6-LLM (Xia et al., arXiv:2401.14112) and its code',
  state: false,
  check(p) {
    const [from, to] = [parseFormat(p.from), parseFormat(p.to)];
    const [f, t] = [from.float!, to.float!];
    if (hasSpecialCodes(from.id))
      return [`--from ${from.id} has NaN or infinity; expected a format whose codes are all finite, as e3m2`];
    if (from.width > 16 || to.width > 32)
      return [`--from ${from.id} --to ${to.id}: expected at most 16 and 32 bits`];
    if (!from.signed || !to.signed || !t.negativeZero)
      return [`--to ${to.id}: expected formats with a sign and a negative zero`];
    if (
      t.exponentBits < f.exponentBits ||
      t.mantissaBits < f.mantissaBits ||
      placed(from, to) > t.maxFiniteCode
    )
      return [
        `--to ${to.id} has no place for the fields of ${from.id}; expected as many exponent and mantissa bits, and no special code among them`,
      ];
    return [];
  },
  ports: p => ({
    in: { x: { format: p.from, lanes: p.lanes, doc: 'codes' } },
    out: { y: { format: p.to, lanes: p.lanes, doc: 'the same fields in the larger format' } },
  }),
  golden(p) {
    const factor = powerOfTwo(parseFormat(p.from).float!.bias - parseFormat(p.to).float!.bias);
    const y = new Float64Array(p.lanes);
    return {
      step({ x }) {
        for (let i = 0; i < p.lanes; i++) y[i] = x[i]! * factor;
        return { y };
      },
    };
  },
  datapath(b, x, p) {
    const [from, to] = [parseFormat(p.from).float!, parseFormat(p.to).float!];
    const bits = from.exponentBits + from.mantissaBits;
    return {
      y: b.lanes('code', [x.vector('x')] as const, code => {
        const magnitude = code.bits(bits - 1, 0).shl(to.mantissaBits - from.mantissaBits);
        const sign = code.bit(bits).shl(to.exponentBits - from.exponentBits);
        return b.concat(sign, magnitude);
      }),
    };
  },
});
