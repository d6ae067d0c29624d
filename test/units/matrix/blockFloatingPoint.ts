import type { Row } from '../row.ts';

const ELEMENTS = ['e2m1', 'e2m3', 'e3m2', 'e4m3', 'e5m2', 'int8'];
const NV = ['e2m1', 'int4'];

/** Presets that no row above names. */
const PRESETS = [
  ...['quant', 'dequant', 'dot'].flatMap(unit =>
    ['mxfp4', 'mxfp6-e2m3', 'mxfp6-e3m2', 'mxfp8-e4m3', 'mxfp8-e5m2', 'mxint8'].map(id => `${id}-${unit}`),
  ),
  'nvfp4-dequant',
  'nvint4-dequant',
  ...['quant', 'dot', 'mac'].flatMap(unit =>
    ['msfp12', 'msfp16', 'bfp8', 'nvfp4', 'nvint4'].map(id => `${id}-${unit}`),
  ),
];

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
  // The loop of the sum over several stages.
  { unit: 'mx-mac', params: { lanes: 4 }, stages: 4, initiation: [2, 4] },
  { unit: 'mx-mac', params: { lanes: 4 }, stages: 4, initiation: [2, 4], shell: 'stream' },
  { unit: 'mx-mac', params: { lanes: 4 }, stages: 12, initiation: 8, shell: 'valid', target: 'ice40' },
  { unit: 'mxfp4-mac' },
  { unit: 'mxfp6-e2m3-mac' },
  { unit: 'mxfp6-e3m2-mac' },
  { unit: 'mxfp8-e4m3-mac' },
  { unit: 'mxfp8-e5m2-mac' },
  { unit: 'mxint8-mac' },
  {
    unit: 'mx-quant',
    params: { element: ELEMENTS, from: ['bf16', 'fp16', 'fp32'], lanes: 5 },
    vectors: 1500,
  },
  {
    unit: 'mx-quant',
    params: {
      element: ['e2m1', 'e5m2', 'int8'],
      scaleRule: ['ceil', 'even', 'up'],
      round: ['rna', 'rtz'],
      lanes: 2,
    },
    vectors: 1500,
  },
  { unit: 'mx-quant', params: { element: ['e2m1', 'e4m3'], lanes: 1 } },
  { unit: 'mx-quant', stages: [1, 4] },
  { unit: 'bfp-quant', params: { mantissa: [2, 3, 8, 24], from: ['bf16', 'fp32'], lanes: 4 }, vectors: 1500 },
  { unit: 'bfp-quant', params: { lanes: 3, scaleRule: 'even' }, stages: 3, shell: 'stream' },
  { unit: 'mx-dot', params: { element: ELEMENTS, result: ['exact', 'fp32'], lanes: 5 } },
  { unit: 'mx-dot', params: { lanes: [1, 32] }, stages: [0, 2] },
  { unit: 'mx-mac', params: { lanes: 7 }, stages: 2, target: 'xc7' },
  { unit: 'bfp-dot', params: { mantissa: [4, 8], lanes: 6 }, multipliers: 'logic', target: 'ice40' },
  { unit: 'mx-outer', params: { element: 'int8' }, multipliers: 'logic' },
  { unit: 'mx-dot', params: { lanes: 3, result: ['bf16', 'fp16', 'e4m3', 'e5m2fnuz'] }, stages: 1 },
  { unit: 'bfp-dot', params: { mantissa: [2, 4, 24], result: ['exact', 'fp32'], lanes: 3 }, stages: 1 },
  { unit: 'bfp-mac', params: { mantissa: [2, 8, 24], accumulator: ['fp32', 'fixed'], lanes: 3 }, stages: 2 },
  { unit: 'bfp-mac', params: { lanes: 5 }, shell: 'valid' },
  { unit: 'nv-quant', params: { element: NV, from: ['bf16', 'fp16', 'fp32'], lanes: 3 } },
  { unit: 'nv-quant', params: { element: NV, from: ['bf16', 'fp32'], tensorScale: 'one', lanes: [1, 9] } },
  { unit: 'nv-quant', stages: [2, 7] },
  { unit: 'nv-dot', params: { element: NV, lanes: [1, 16, 20] }, stages: [0, 2] },
  { unit: 'nv-dot', params: { element: NV, result: ['fp32', 'bf16', 'e4m3'], lanes: 4 }, stages: 1 },
  { unit: 'nv-mac', params: { element: NV, accumulator: ['fp32', 'fixed'] } },
  { unit: 'nv-mac', params: { accumulator: 'fixed', windowLsb: -6, windowWidth: 20, lanes: 3 }, stages: 3 },
  { unit: 'nv-mac', params: { lanes: 2 }, shell: 'stream', stages: 1 },
  { unit: 'mx-dequant', params: { element: ELEMENTS, to: ['bf16', 'fp16', 'fp32'], lanes: 1 } },
  {
    unit: 'mx-dequant',
    params: { element: ['e5m2', 'int8'], round: ['rna', 'rtz'], overflow: 'saturate', lanes: 3 },
    stages: 1,
  },
  { unit: 'bfp-dequant', params: { mantissa: [2, 4, 24], to: ['bf16', 'fp32'], lanes: 2 } },
  {
    unit: 'nv-dequant',
    params: { element: NV, to: ['bf16', 'fp32'], tensorScale: ['port', 'one'], lanes: 2 },
  },
  { unit: 'mx-outer', params: { element: ELEMENTS, rows: 2, cols: 3 }, stages: [0, 2] },
  { unit: 'mx-outer', params: { rows: [1, 3], cols: [1, 2], beats: 1 } },
  { unit: 'mx-outer', shell: 'valid', stages: 1 },
  ...PRESETS.map(unit => ({ unit, params: { lanes: 2 }, vectors: 500 })),
];
