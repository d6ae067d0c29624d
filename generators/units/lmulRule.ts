import { parseFormat } from '../formats/parse.ts';

/** What an L-Mul product is. */
export interface LMulParams {
  /** Format of operands and product. @format float @default e4m3 */
  operand: string;
  /** What is added for the product of the mantissas, in units of the last mantissa bit: `lmul` as the paper has it for the format, `none`, or an integer. @default lmul */
  offset: string;
  /** What codes of NaN and infinity are: `ordinary` numbers, as in published hardware, or what they are in a product of IEEE 754. @default ordinary */
  special: 'ordinary' | 'propagate';
}

/** The offset as an integer. */
export function offsetOf({ operand, offset }: LMulParams): number {
  if (offset === 'none') return 0;
  if (offset !== 'lmul') return Number(offset);
  const bits = parseFormat(operand).float!.mantissaBits;
  const l = bits <= 3 ? bits : bits === 4 ? 3 : 4;
  return 2 ** (bits - l);
}

/** The same, as the datapath takes it. */
export function ruleOf(p: LMulParams): { formatId: string; offset: number; propagates: boolean } {
  return { formatId: p.operand, offset: offsetOf(p), propagates: p.special === 'propagate' };
}

export function lmulMistakes(p: LMulParams): string[] {
  const { id, width, signed, float } = parseFormat(p.operand);
  if (!signed) return [`--operand ${id} has no sign; L-Mul is built for formats with one`];
  if (width > 32) return [`--operand ${id} has ${width} bits; L-Mul is built for up to 32`];
  const most = 2 ** float!.mantissaBits;
  if (float!.maxFiniteCode < BigInt(most))
    return [`--operand ${id} has no normal numbers, and L-Mul takes all others for zero; use ${id}fin`];
  const offset = offsetOf(p);
  if (/^(lmul|none|-?\d+)$/.test(p.offset) && Math.abs(offset) <= most) return [];
  return [`--offset is "${p.offset}"; expected lmul, none, or an integer from -${most} to ${most}`];
}

/** The meaning of an L-Mul product: codes in, the value of the product out. */
export function goldenLMul(p: LMulParams): (a: number, b: number) => number {
  const format = parseFormat(p.operand);
  const { exponentBits, mantissaBits, bias, maxFiniteCode } = format.float!;
  const [least, signWeight] = [2 ** mantissaBits, 2 ** (exponentBits + mantissaBits)];
  const mask = signWeight - 1;
  const correction = offsetOf(p) - bias * least;
  const largest = Number(maxFiniteCode);
  const propagates = p.special === 'propagate';
  return (a, b) => {
    const x = a & mask;
    const y = b & mask;
    const isZero = x < least || y < least;
    if (propagates) {
      const [u, v] = [format.decodeNumber(a), format.decodeNumber(b)];
      // A subnormal counts as zero also before an infinity.
      if (!Number.isFinite(u) || !Number.isFinite(v)) return isZero ? Number.NaN : u * v;
    }
    const t = x + y + correction;
    if (isZero || t < least) return 0;
    const magnitude = format.decodeNumber(Math.min(t, largest));
    return a >= signWeight === b >= signWeight ? magnitude : -magnitude;
  };
}
