import type { Row } from '../row.ts';

export const MINIFLOAT: readonly Row[] = [];
