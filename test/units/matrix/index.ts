import type { Row } from '../row.ts';
import { BLOCK_FLOATING_POINT } from './blockFloatingPoint.ts';
import { FIXED_POINT } from './fixedPoint.ts';
import { MINIFLOAT } from './minifloat.ts';
import { MULTIPLIER_FREE } from './multiplierFree.ts';

/** All rows. */
export const MATRIX: readonly Row[] = [
  ...FIXED_POINT,
  ...MINIFLOAT,
  ...MULTIPLIER_FREE,
  ...BLOCK_FLOATING_POINT,
];
