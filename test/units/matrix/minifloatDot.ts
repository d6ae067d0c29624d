import type { Row } from '../row.ts';

const WITH_SPECIAL = [
  'e4m3',
  'e5m2',
  'e3m4',
  'e4m3ieee',
  'e4m3fnuz',
  'e5m2fnuz',
  'e4m3b11fnuz',
  'p3109_k8p3se',
  'p3109_k8p4se',
  'p3109_k8p4sf',
];
const FINITE = ['e3m4fin', 'e3m2', 'e2m3', 'e2m1', 'e3m0fin', 'e1m2fin', 'e4m3b8fin'];

export const MINIFLOAT_DOT: readonly Row[] = [
  { unit: 'fp-dot', stages: 4, shell: 'valid' },
  // Signs in the adders of the family, or in front of them.
  {
    unit: 'fp-dot',
    params: { a: ['e2m1', 'e4m3', 'e5m2'], b: ['e2m1', 'int5'], lanes: [1, 3, 6] },
    target: ['xc7', 'ice40'],
  },
  // Significands and exponents that fit into one LUT of the family each.
  {
    unit: 'fp-dot',
    params: { a: ['e3m2', 'e3m2ieee'], b: ['e3m2', 'e2m3', 'e3m1fn', 'e5m2'], lanes: [1, 3] },
    target: 'xc7',
  },
  // One product: all pairs of codes.
  { unit: 'fp-dot', params: { a: ['e4m3', 'e5m2', 'e4m3fnuz'], b: ['e4m3ieee', 'p3109_k8p4se'], lanes: 1 } },
  { unit: 'fp-dot', params: { a: ['e5m2', 'e4m3fnuz'], b: 'e5m2', lanes: 1, result: ['e4m3', 'fp16'] } },
  { unit: 'fp-dot', params: { a: ['e2m1', 'e3m0fin'], b: ['e2m1', 'e2m3', 'ufix5.2'], lanes: 2 } },
  {
    unit: 'fp-dot',
    params: {
      a: 'e5m2',
      b: 'e4m3',
      lanes: 3,
      result: ['fp32', 'e5m2', 'e4m3'],
      overflow: ['special', 'saturate'],
    },
    stages: 3,
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
  { unit: 'fp-dot', params: { a: 'fp16', b: ['fp16', 'int8', 'uint1', 'fix9.-3'], lanes: 5 }, stages: 2 },
  // The largest products of special codes need a bit more than the sum has.
  { unit: 'fp-dot', params: { a: 'e5m2', b: ['e4m3', 'int5'], lanes: 5 } },
  {
    unit: 'fp-dot',
    params: {
      a: 'bf16',
      b: ['bf16', 'int8'],
      lanes: 5,
      accumulator: 'aligned',
      alignedWidth: [4, 14, 42],
      result: 'fp32',
    },
  },
  {
    unit: 'fp-dot',
    params: {
      a: ['bf16', 'e3m0fin'],
      b: 'bf16',
      lanes: 1,
      accumulator: 'aligned',
      alignedWidth: [5, 30],
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
      result: 'fp16',
      round: ['rtz', 'rdn'],
    },
    stages: 3,
  },
  { unit: 'fp-mac' },
  { unit: 'fp-mac', params: { lanes: 4, accumulator: ['exact', 'fix40.12', 'bf16', 'e4m3'] }, stages: 2 },
  { unit: 'fp-mac', params: { a: 'bf16', b: 'bf16', lanes: 1, accumulator: ['fp32', 'fp16', 'fix48.24'] } },
  {
    unit: 'fp-mac',
    params: { a: 'bf16', b: 'int4', lanes: 4, alignedWidth: [9, 26], accumulator: ['fp32', 'fix24.-2'] },
  },
  {
    unit: 'fp-mac',
    params: { a: 'e3m0fin', b: 'e2m1', lanes: 3, accumulator: ['e4m3fnuz', 'e6m9', 'p3109_k8p4se', 'exact'] },
    shell: 'stream',
  },
  // The loop of the sum over several stages.
  { unit: 'fp-mac', params: { lanes: 4 }, stages: 4, initiation: [2, 4] },
  { unit: 'fp-mac', params: { lanes: 4 }, stages: 4, initiation: [2, 4], shell: 'stream' },
  { unit: 'fp-mac', params: { lanes: 4, accumulator: 'fix40.12' }, stages: 3, initiation: 3, shell: 'valid' },

  { unit: 'lmul', params: { operand: [...WITH_SPECIAL, ...FINITE] } },
  // With so large a bias, codes of infinity and of small numbers add up to less than a normal one.
  { unit: 'lmul', params: { operand: [...WITH_SPECIAL, 'e4m3b20ieee'], special: 'propagate' } },
  { unit: 'lmul', params: { operand: ['e4m3', 'bf16'], offset: ['none', '-3', '5'] }, stages: 2 },
  { unit: 'lmul', params: { operand: ['fp32', 'fp16'], special: 'propagate' } },
  {
    unit: 'lmul-dot',
    params: { operand: ['e4m3', 'e5m2'], lanes: 6, special: ['ordinary', 'propagate'] },
    stages: 1,
  },
  { unit: 'lmul-dot', params: { operand: ['e2m1', 'e3m0fin'], lanes: [1, 3] } },
  {
    unit: 'lmul-dot',
    params: { operand: 'bf16', lanes: [1, 6], accumulator: 'aligned', alignedWidth: [5, 20], result: 'fp32' },
  },
  {
    unit: 'lmul-mac',
    params: { operand: 'e5m2', accumulator: ['exact', 'fix32.10'], lanes: 4, special: 'propagate' },
  },
  { unit: 'lmul-mac', stages: 3, shell: 'stream' },

  { unit: 'fp4-chanbias-dot' },
  { unit: 'fp4-chanbias-dot', params: { lanes: [1, 5], shift: 'uint4' }, stages: 2 },
  { unit: 'fp4w-fp8a-dot', stages: 3 },
  {
    unit: 'fp-shift-dot',
    params: {
      a: ['e5m2', 'int5'],
      b: 'int4',
      lanes: 6,
      group: [2, 3],
      shift: 'int3',
      result: ['exact', 'e4m3'],
    },
    stages: 1,
  },
  { unit: 'fp-shift-mac', params: { a: 'e4m3fnuz', lanes: 4, group: 2, accumulator: ['fp32', 'fix30.4'] } },
  { unit: 'fp4-chanbias-mac', stages: 2, shell: 'valid' },
  { unit: 'fp4w-fp8a-mac' },

  { unit: 'fp4-to-fp8-shift', params: { to: ['e4m3', 'e5m2', 'e4m3fnuz', 'e3m2', 'bf16', 'p3109_k8p4se'] } },
  { unit: 'fp4-to-fp8-shift', params: { to: 'e4m3', shift: ['int8', 'uint3'] } },
  {
    unit: 'fp4-to-fp8-shift',
    params: { from: ['e2m3', 'e3m0fin', 'e1m2fin', 'e3m2b9fin'], to: 'e4m3', shift: 'int6' },
    stages: 2,
  },
  { unit: 'fp6-unpack-4p2', params: { split: ['se', 'sem'], lanes: [2, 16] } },
  { unit: 'fp6-to-fp16', params: { from: ['e3m2', 'e1m6fin'], to: ['fp16', 'fp32'], lanes: [1, 2] } },
  { unit: 'fp6-to-fp16', params: { to: ['e3m2', 'e3m4fin'], lanes: 3 }, stages: 1 },
];
