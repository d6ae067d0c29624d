import type { Row } from '../row.ts';

export const FIXED_POINT: readonly Row[] = [
  {
    unit: 'fx-dot',
    params: { a: ['int8', 'uint4'], b: ['int8', 'ufix6.3'], lanes: [1, 5, 32] },
    stages: [0, 2],
  },
  { unit: 'fx-dot', params: { a: 'fix40.3', b: 'fix33.-2', lanes: 3 } },
  { unit: 'fx-mac', params: { a: ['int8', 'uint4'], beats: [1, 5, 256] }, stages: [0, 2] },
  { unit: 'fx-mac', params: { a: 'fix40.3', b: 'fix33.-2', lanes: 3 }, shell: 'valid' },
];
