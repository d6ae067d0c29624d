import type { Row } from '../row.ts';

const EIGHT_BITS = ['e4m3', 'e5m2', 'e4m3fnuz', 'e4m3ieee', 'p3109_k8p4se'];
const SMALL = ['e2m1', 'e3m2', 'e2m3', 'e3m0fin'];

export const MINIFLOAT_DOT: readonly Row[] = [
  // One product: all pairs of codes.
  { unit: 'fp-dot', params: { a: EIGHT_BITS, b: ['e4m3', 'e5m2fnuz'], lanes: 1 } },
  { unit: 'fp-dot', params: { a: EIGHT_BITS, b: 'e5m2', lanes: 1, result: ['e4m3', 'fp16'] } },
  { unit: 'fp-dot', params: { a: SMALL, b: ['e2m1', 'e3m2', 'ufix5.2'], lanes: 2 } },
  {
    unit: 'fp-dot',
    params: {
      a: 'e5m2',
      b: 'e4m3',
      lanes: 3,
      result: ['fp32', 'e5m2', 'e4m3'],
      overflow: ['special', 'saturate'],
    },
    stages: [0, 3],
  },
  {
    unit: 'fp-dot',
    params: {
      a: 'e3m2',
      b: 'e4m3fnuz',
      lanes: 4,
      result: 'bf16',
      round: ['rna', 'rtz', 'rup', 'rdn', 'odd'],
    },
  },
  {
    unit: 'fp-dot',
    params: { a: ['fp16', 'e4m3'], b: ['fp16', 'int8', 'uint1', 'fix9.-3'], lanes: 5 },
    stages: 2,
  },
  { unit: 'fp-dot', params: { lanes: 32, a: ['e2m1', 'e4m3'] }, stages: [0, 4], shell: 'valid' },
  // The largest products of special codes need a bit more than the sum has.
  { unit: 'fp-dot', params: { a: 'e5m2', b: ['e4m3', 'int5', 'uint3'], lanes: 5 } },

  {
    unit: 'fp-dot',
    params: {
      a: ['bf16', 'e2m1', 'e5m2fnuz'],
      b: ['bf16', 'int8'],
      lanes: [1, 5],
      accumulator: 'aligned',
      alignedWidth: [4, 14, 42],
      result: 'fp32',
    },
  },
  {
    unit: 'fp-dot',
    params: {
      a: 'e5m2',
      b: 'p3109_k6p3ue',
      lanes: 8,
      accumulator: 'aligned',
      alignedWidth: 12,
      result: ['e5m2', 'fp16'],
      round: ['rtz', 'rdn'],
    },
    stages: 3,
  },
  {
    unit: 'fp-mac',
    params: { accumulator: ['fp32', 'exact', 'fix40.12', 'e5m10', 'bf16', 'e4m3'] },
    stages: [0, 2],
  },
  {
    unit: 'fp-mac',
    params: { a: 'bf16', b: 'bf16', lanes: 1, accumulator: ['fp32', 'fp16', 'fix48.24'] },
    stages: 2,
  },
  {
    unit: 'fp-mac',
    params: {
      a: 'bf16',
      b: ['bf16', 'int4'],
      lanes: 4,
      alignedWidth: [9, 26],
      accumulator: ['fp32', 'fix24.-2'],
    },
  },
  {
    unit: 'fp-mac',
    params: { a: SMALL, b: 'e2m1', lanes: 3, accumulator: ['e4m3fnuz', 'e6m9', 'p3109_k8p4se', 'exact'] },
    shell: 'stream',
  },
  {
    unit: 'lmul',
    params: {
      operand: [
        ...EIGHT_BITS,
        'e5m2fnuz',
        'e4m3b11fnuz',
        'e4m3b20ieee',
        'e3m4',
        'p3109_k8p3se',
        'e3m2',
        'e2m3',
        'e2m1',
        'e3m0fin',
        'e1m2fin',
      ],
      special: ['ordinary', 'propagate'],
    },
  },
  { unit: 'lmul', params: { operand: ['e4m3', 'bf16'], offset: ['none', '-3', '5'] }, stages: 2 },
  { unit: 'lmul', params: { operand: ['fp32', 'bf16', 'fp16'], special: ['ordinary', 'propagate'] } },
  {
    unit: 'lmul-dot',
    params: {
      operand: ['e4m3', 'e5m2', 'e2m1', 'e3m0fin'],
      lanes: [1, 6],
      special: ['ordinary', 'propagate'],
    },
    stages: 1,
  },
  {
    unit: 'lmul-dot',
    params: {
      operand: ['bf16', 'e5m2'],
      lanes: [1, 6],
      accumulator: 'aligned',
      alignedWidth: [5, 20],
      result: 'fp32',
    },
  },
  {
    unit: 'lmul-mac',
    params: {
      operand: ['e4m3', 'e5m2'],
      accumulator: ['fp32', 'exact', 'fix32.10'],
      lanes: 4,
      special: 'propagate',
    },
  },
  { unit: 'lmul-mac', stages: 3, shell: 'stream' },
  { unit: 'fp4-chanbias-dot', params: { lanes: [1, 2, 32], shift: ['uint2', 'uint4'] } },
  { unit: 'fp4w-fp8a-dot', params: { shift: ['int5', 'int6'] }, stages: [0, 3] },
  {
    unit: 'fp-shift-dot',
    params: {
      a: ['e5m2', 'int5'],
      b: ['e2m1', 'int4'],
      lanes: 6,
      group: [2, 3],
      shift: 'int3',
      result: ['exact', 'e4m3'],
    },
    stages: 1,
  },
  {
    unit: 'fp-shift-mac',
    params: { a: 'e4m3fnuz', lanes: 4, group: 2, accumulator: ['fp32', 'exact', 'fix30.4'] },
  },
  { unit: 'fp4-chanbias-mac', stages: 2, shell: 'valid' },
  { unit: 'fp4w-fp8a-mac' },
  {
    unit: 'fp4-to-fp8-shift',
    params: {
      to: ['e4m3', 'e5m2', 'e4m3fnuz', 'e3m2', 'bf16', 'p3109_k8p4se'],
      shift: ['int5', 'int8', 'uint4'],
    },
  },
  {
    unit: 'fp4-to-fp8-shift',
    params: { from: ['e2m3', 'e3m0fin', 'e1m2fin', 'e3m2b9fin'], to: ['e5m4', 'e2m3'], shift: 'int6' },
    stages: 2,
  },
  { unit: 'fp6-unpack-4p2', params: { split: ['se', 'sem'], lanes: [1, 2, 16] } },
  {
    unit: 'fp6-to-fp16',
    params: { from: ['e3m2', 'e2m1', 'e1m6fin'], to: ['fp16', 'bf16', 'fp32'], lanes: [1, 2] },
  },
  { unit: 'fp6-to-fp16', params: { to: ['e3m2', 'e3m4fin'], lanes: 3 }, stages: 1 },
];
