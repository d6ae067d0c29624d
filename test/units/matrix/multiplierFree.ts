import type { Row } from '../row.ts';

export const MULTIPLIER_FREE: readonly Row[] = [];
