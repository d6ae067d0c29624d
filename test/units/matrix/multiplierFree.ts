import type { Row } from '../row.ts';

/** The smallest, an odd, a wide, and a format whose last bit weighs more than 1. */
const NUMBERS = ['int8', 'uint1', 'int1', 'ufix6.3', 'fix5.-3'];

export const MULTIPLIER_FREE: readonly Row[] = [
  { unit: 'ternary-dot', stages: [0, 3] },
  { unit: 'ternary-dot', params: { lanes: [1, 2, 7], a: NUMBERS } },
  { unit: 'ternary-dot', params: { weights: 'trit5', lanes: [4, 5, 11] }, stages: [0, 2] },
  { unit: 'ternary-dot', params: { a: 'fix40.3', lanes: 3 } },
  { unit: 'ternary-mac', stages: [0, 2] },
  { unit: 'ternary-mac', params: { lanes: 3, a: 'uint4', beats: [1, 5] }, shell: 'valid' },
  { unit: 'ternary-mac', params: { weights: 'trit5', lanes: 7 }, stages: 2, shell: 'stream' },

  { unit: 'trit5-unpack', params: { format: ['tq1', 'base3'], bytes: [1, 2, 3] } },
  { unit: 'trit5-unpack', params: { format: ['tq1', 'base3'], bytes: 2 }, stages: 2 },
  { unit: 'trit5-pack', params: { format: ['tq1', 'base3'], bytes: [1, 3] }, stages: [0, 2] },

  { unit: 'cquad-dot', params: { scales: ['shared', 'split'] }, stages: [0, 2] },
  { unit: 'cquad-dot', params: { conjugate: [true, false], lanes: [1, 5], a: ['int3', 'ufix6.3'] } },
  { unit: 'cquad-dot', params: { scales: 'split', lanes: [1, 5], a: ['int7', 'uint1'] } },
  { unit: 'cquad-dot', params: { conjugate: false, a: 'fix40.3', lanes: 3 } },
  { unit: 'cquad-mac', params: { scales: ['shared', 'split'], lanes: 5 }, stages: 1 },
  { unit: 'phase-quant', params: { from: ['int8', 'uint3', 'int1', 'fix6.9', 'fix40.0'] } },
  { unit: 'phase-quant', stages: 2 },

  { unit: 'tritplane-dot', stages: [0, 3] },
  {
    unit: 'tritplane-dot',
    params: { planes: [1, 3, 4], lanes: [1, 5], a: ['int8', 'ufix6.3'], alpha: ['fix16.8', 'uint3'] },
  },
  { unit: 'tritplane-mac', params: { planes: [1, 2], lanes: 5 }, stages: 2 },
  { unit: 'dualbin-dot', stages: [0, 3] },
  { unit: 'dualbin-dot', params: { lanes: [1, 5], a: ['uint4', 'fix6.3'], alpha: ['fix8.6', 'ufix9.-2'] } },
  { unit: 'dualbin-mac', params: { lanes: 5 }, stages: [0, 2] },
  { unit: 'signplane-dot', stages: [0, 3] },
  {
    unit: 'signplane-dot',
    params: { planes: [1, 3], lanes: [1, 6], a: ['int4', 'uint1', 'fix8.-2'], alpha: ['fix16.8', 'uint3'] },
  },
  { unit: 'signplane-mac', params: { planes: [1, 2], lanes: 5 }, stages: 2 },

  { unit: 'xnor-dot', stages: [0, 3] },
  { unit: 'xnor-dot', params: { lanes: [1, 2, 3, 4, 5, 7, 8], measure: ['dot', 'distance'] } },
  { unit: 'xnor-dot', params: { lanes: [1, 5, 37], mask: true, measure: ['dot', 'distance'] } },
  { unit: 'hamming-distance', params: { lanes: 100 }, stages: 2 },
  { unit: 'xnor-mac', params: { lanes: 9, mask: [true, false] }, stages: [0, 2] },
  { unit: 'xnor-mac', params: { lanes: 9, measure: 'distance', beats: 3 } },
  { unit: 'xnor-threshold', params: { from: ['int10', 'uint5', 'fix7.2'] } },
  { unit: 'xnor-threshold', params: { from: ['int10', 'fix40.3'], lanes: 3 }, stages: 1 },
  { unit: 'xnor-frac-dot', params: { gate: [true, false] }, stages: [0, 2] },
  { unit: 'xnor-frac-dot', params: { gate: [true, false], lanes: [1, 2, 3, 5] } },
  { unit: 'xnor-frac-mac', params: { lanes: [1, 9] }, stages: 1 },
  {
    unit: 'frac-quant',
    params: { from: ['fix16.12', 'int8', 'uint1', 'int1', 'ufix7.6', 'fix6.-2', 'fix8.20', 'fix40.20'] },
  },

  { unit: 'khot-mul', stages: [0, 2] },
  { unit: 'khot-mul', params: { a: 'int8', terms: [1, 2, 3, 4], encoding: ['binary', 'csd'] } },
  { unit: 'khot-mul', params: { a: 'ufix5.7', shiftBits: [1, 2, 4], encoding: ['binary', 'csd'] } },
  { unit: 'khot-dot', params: { terms: [1, 2], encoding: ['binary', 'csd'] }, stages: [0, 2] },
  { unit: 'khot-dot', params: { lanes: [1, 3], a: ['uint4', 'fix40.3'], terms: [1, 4], encoding: 'csd' } },
  { unit: 'khot-mac', params: { lanes: 3, a: 'int8', encoding: ['binary', 'csd'] }, stages: [0, 1] },
  { unit: 'khot-mul', params: { a: ['int8', 'ufix5.7'], weights: [[0], [-96], [1]] } },
  { unit: 'khot-dot', params: { a: 'int4', lanes: 3, weights: [[192, -3, 0]] }, stages: [0, 1] },
  { unit: 'khot-dot', params: { a: 'uint4', lanes: 3, encoding: 'csd', weights: [[-7, 255, 31]] } },
  { unit: 'khot-mac', params: { a: 'int4', lanes: 3, encoding: 'csd', weights: [[-7, 56, 31]] } },
];
