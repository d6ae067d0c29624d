import type { Row } from '../row.ts';

const ELEMENTS = ['e2m1', 'e2m3', 'e3m2', 'e4m3', 'e5m2', 'int8'];

export const BLOCK_FLOATING_POINT: readonly Row[] = [
  { unit: 'mx-mac', params: { element: ELEMENTS, accumulator: ['fp32', 'fixed'] }, stages: 1 },
  {
    unit: 'mx-mac',
    params: { element: 'e2m1', lanes: [1, 4, 8], accumulator: ['fp32', 'fixed'] },
    stages: [0, 3],
  },
  {
    unit: 'mx-mac',
    params: { element: 'e5m2', lanes: [1, 3, 8], accumulator: ['fp32', 'fixed'] },
    stages: 3,
  },
  {
    unit: 'mx-mac',
    params: { element: 'e4m3', lanes: 5, accumulator: 'fixed', windowLsb: [-60, 4], windowWidth: 90 },
  },
  {
    unit: 'mx-mac',
    params: { element: 'e3m2', lanes: 4, accumulator: 'fixed', windowLsb: -8, windowWidth: 16 },
  },
  { unit: 'mx-mac', params: { lanes: 4 }, stages: 9, shell: 'valid' },
  { unit: 'mx-mac', params: { lanes: 4, accumulator: 'fixed' }, stages: 2, shell: 'stream' },
  { unit: 'mxfp4-mac' },
  { unit: 'mxfp6-e2m3-mac' },
  { unit: 'mxfp6-e3m2-mac' },
  { unit: 'mxfp8-e4m3-mac' },
  { unit: 'mxfp8-e5m2-mac' },
  { unit: 'mxint8-mac' },
];
