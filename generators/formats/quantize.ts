import { exponentOf, scaleByPowerOfTwo } from './double.ts';
import { toNumber } from './exact.ts';
import { parseFormat } from './parse.ts';
import { type Format, FormatError, type Policy, type Round } from './types.ts';

/** Element formats of OCP MX. `int8` is the MXINT8 element: an integer in steps of 1/64, the format `fix8.6`. */
export const MX_ELEMENTS = ['e2m1', 'e2m3', 'e3m2', 'e4m3', 'e5m2', 'int8'] as const;
export type MxElement = (typeof MX_ELEMENTS)[number];

/**
 * How the exponent `e` of a block's scale follows from its largest magnitude `amax`; `emax` is the exponent of the
 * largest element Qmax, `m` the fraction bits of its significand (6 for int8).
 *
 * - `floor`: ⌊log2 amax⌋ − emax, the rule of OCP MX and microxcaling. A block may saturate.
 * - `ceil`: the smallest e with amax ≤ Qmax·2^e, which never saturates. As RCEIL of torchao, ⌈log2(amax / Qmax)⌉.
 * - `even`: ⌊log2 of amax rounded to m fraction bits, ties to even⌋ − emax. As EVEN of torchao: rounding moves amax
 *   to the next power of two exactly from the tie 2 − 2^−(m+1) on, and that tie is to even in either of their senses.
 * - `up`: ⌈log2 amax⌉ − emax. As CEIL of torchao.
 */
export const SCALE_RULES = ['floor', 'ceil', 'even', 'up'] as const;
export type ScaleRule = (typeof SCALE_RULES)[number];

/** A block as codes: an E8M0 scale and one code per element. */
export interface QuantizedBlock {
  readonly scale: number;
  readonly elements: Uint8Array;
}

/** E8M0: bias, and the code of NaN. */
const BIAS = 127;
const NAN_SCALE = 0xff;

/**
 * How elements are rounded and kept within their format. Of integers, −2^(W−1) is legal to receive but never made: a
 * range without symmetry would bias what is trained through it.
 */
export function elementPolicy(format: Format, round: Round = 'rne'): Policy {
  return { round, overflow: format.float ? 'saturate' : 'satsym', subnormals: 'keep' };
}

/** The number format of an MX element. FormatError for one that MX does not have. */
export function mxElementFormat(element: MxElement): Format {
  if (!MX_ELEMENTS.includes(element)) {
    throw new FormatError(
      `${String(element)} is no element format of MX`,
      `one of: ${MX_ELEMENTS.join(', ')}`,
    );
  }
  return parseFormat(element === 'int8' ? 'fix8.6' : element);
}

/**
 * Quantizes one block to OCP MX: a scale by the rule, then each element `x / scale` rounded to nearest even and
 * saturated. A block of zeros gives scale 0 and codes 0; a NaN or an infinity anywhere makes the whole block NaN: scale
 * 0xFF and codes 0. A negative value that rounds to zero keeps its sign where the element has −0, and so does −0.
 */
export function quantizeBlock(
  values: ArrayLike<number>,
  element: MxElement,
  rule: ScaleRule = 'floor',
): QuantizedBlock {
  const format = mxElementFormat(element);
  const elements = new Uint8Array(values.length);
  const exponent = blockExponent(values, format, rule);
  if (Number.isNaN(exponent)) return { scale: NAN_SCALE, elements };
  if (exponent === Number.NEGATIVE_INFINITY) return { scale: 0, elements };
  const policy = elementPolicy(format);
  for (let i = 0; i < values.length; i++) {
    elements[i] = format.encodeNumber(scaleByPowerOfTwo(values[i]!, -exponent), policy);
  }
  return { scale: exponent + BIAS, elements };
}

/**
 * The exponent of a block's scale by the rule, within those of E8M0: −127 … 127. NaN where a NaN or an infinity is in the
 * block, −∞ for a block of zeros. The elements may be of any float, integer or fixed-point format.
 */
export function blockExponent(values: ArrayLike<number>, format: Format, rule: ScaleRule): number {
  const amax = largestMagnitude(values);
  if (!Number.isFinite(amax)) return Number.NaN;
  if (amax === 0) return Number.NEGATIVE_INFINITY;
  return Math.min(Math.max(scaleExponent(amax, format, rule), -BIAS), BIAS);
}

/** Largest absolute value; NaN where a NaN or an infinity is among them. */
export function largestMagnitude(values: ArrayLike<number>): number {
  let amax = 0;
  for (let i = 0; i < values.length; i++) {
    const magnitude = Math.abs(values[i]!);
    if (!(magnitude < Number.POSITIVE_INFINITY)) return Number.NaN;
    if (magnitude > amax) amax = magnitude;
  }
  return amax;
}

function scaleExponent(amax: number, format: Format, rule: ScaleRule): number {
  const largest = toNumber(format.max);
  const emax = exponentOf(largest);
  const floor = exponentOf(amax);
  // In [1, 2): exact, as amax / 2^floor has no more bits than amax.
  const significand = scaleByPowerOfTwo(amax, -floor);
  return floor - emax + (isRaised(significand, format, largest / 2 ** emax, rule) ? 1 : 0);
}

/** Whether the rule takes the next exponent above that of `floor`. */
function isRaised(significand: number, format: Format, largest: number, rule: ScaleRule): boolean {
  switch (rule) {
    case 'floor':
      return false;
    case 'ceil':
      return significand > largest;
    case 'even':
      return significand >= 2 - 2 ** -((format.float?.mantissaBits ?? -format.lsbExponent) + 1);
    case 'up':
      return significand > 1;
    default:
      throw new FormatError(`unknown scale rule "${String(rule)}"`, `one of: ${SCALE_RULES.join(', ')}`);
  }
}
