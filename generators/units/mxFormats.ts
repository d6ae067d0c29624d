import { mxElementFormat } from '../formats/quantize.ts';

/** The operands of dot products of OCP MX blocks. */
export interface MxOperands {
  /** Elements of a block, and so products of a beat. @min 1 @max 1024 @default 32 */
  lanes: number;
  /** Element format of both blocks. @default e2m1 */
  element: 'e2m1' | 'e2m3' | 'e3m2' | 'e4m3' | 'e5m2' | 'int8';
}

/** MXINT8 elements are integers with six fraction bits. */
export const elementOf = (p: Pick<MxOperands, 'element'>): string => mxElementFormat(p.element).id;
