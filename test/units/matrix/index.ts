import type { Row } from '../row.ts';
import { BLOCK_FLOATING_POINT } from './blockFloatingPoint.ts';
import { FIXED_POINT } from './fixedPoint.ts';
import { MINIFLOAT } from './minifloat.ts';
import { MINIFLOAT_DOT } from './minifloatDot.ts';
import { MULTIPLIER_FREE } from './multiplierFree.ts';

/** All rows. */
export const MATRIX: readonly Row[] = [
  ...FIXED_POINT,
  ...MINIFLOAT,
  ...MINIFLOAT_DOT,
  ...MULTIPLIER_FREE,
  ...BLOCK_FLOATING_POINT,
];
