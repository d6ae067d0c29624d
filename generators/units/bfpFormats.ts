/** The operands of dot products of block floating point. */
export interface BfpOperands {
  /** Elements of a block, and so products of a beat. @min 1 @max 1024 @default 32 */
  lanes: number;
  /** Bits of a mantissa, its sign among them. @min 2 @max 24 @default 4 */
  mantissa: number;
}

/** Mantissas are signed, with one integer bit: a block's largest magnitude is in [1, 2), times its scale. */
export function mantissaFormat(width: number): string {
  return `fix${width}.${width - 2}`;
}
