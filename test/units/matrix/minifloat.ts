import type { Row } from '../row.ts';

/** Each small format that has a name, and some that have none: all pairs of codes are tried. */
const SMALL = [
  'e4m3',
  'e5m2',
  'e4m3fnuz',
  'e5m2fnuz',
  'e4m3b11fnuz',
  'e3m4',
  'e4m3ieee',
  'p3109_k8p3se',
  'p3109_k8p4se',
  'p3109_k8p4sf',
  'p3109_k8p3ue',
  'p3109_k8p5se',
  'e2m3',
  'e3m2',
  'e2m1',
  'e3m0fin',
  'p3109_k6p3se',
  'p3109_k4p2sf',
];
/** The small formats of OCP and of ml_dtypes: from each to each. */
const NAMED = SMALL.filter(id => !id.startsWith('p3109') && id !== 'e3m0fin');
const ROUNDINGS = ['rne', 'rna', 'rtz', 'rup', 'rdn', 'odd'];

/** By turns, so that each rounding meets formats of each kind. */
const turn = <T>(list: readonly T[], index: number): T => list[index % list.length]!;

const SAME: readonly Row[] = SMALL.flatMap((format, i): Row[] => {
  const formats = { a: format, b: format, result: format };
  const other = { round: turn(ROUNDINGS.slice(1), i), overflow: turn(['special', 'saturate'], i >> 1) };
  return [
    // Significands in rows.
    {
      unit: 'fp-mul',
      params: { a: 'bf16', b: 'bf16', result: 'bf16' },
      multipliers: 'logic',
      target: ['xc7', 'ice40'],
    },
    { unit: 'fp-fma', multipliers: 'logic', target: 'xc7' },
    { unit: 'fp-mul', params: { ...formats, overflow: 'special' } },
    { unit: 'fp-mul', params: { ...formats, ...other, subnormals: turn(['keep', 'flush'], i) } },
    { unit: 'fp-add', params: { ...formats, overflow: 'special' } },
    {
      unit: 'fp-add',
      params: { ...formats, ...other, operation: 'sub', subnormals: turn(['flush', 'keep'], i) },
    },
    { unit: 'fp-cmp', params: { a: format, b: format, nan: turn(['propagate', 'number'], i) } },
    { unit: 'fp-decode', params: { from: format, subnormals: turn(['keep', 'flush'], i) } },
    { unit: 'fp-convert', params: { from: format, to: turn(SMALL, i + 1), overflow: 'special' } },
    { unit: 'fp-convert', params: { from: format, to: turn(SMALL, 7 * i + 3), ...other } },
  ];
});

export const MINIFLOAT: readonly Row[] = [
  ...SAME,
  { unit: 'fp-decode', params: { from: ['bf16', 'e1m0fin', 'e3m2b-9'] } },
  { unit: 'fp-decode', params: { from: 'fp32' }, stages: 1, shell: 'valid' },
  { unit: 'fp-cmp', params: { a: 'fp32', b: 'fp32' }, stages: 1 },

  { unit: 'fp-convert', params: { from: NAMED, to: NAMED } },
  { unit: 'fp-convert', params: { from: 'bf16', to: SMALL } },
  { unit: 'fp-convert', params: { from: 'fp16', to: ['bf16', 'e5m2', 'e2m1'], round: ROUNDINGS } },
  {
    unit: 'fp-convert',
    params: { from: 'e5m2', to: ['e4m3', 'e2m1'], round: 'stochastic', subnormals: ['keep', 'flush'] },
  },
  { unit: 'fp-convert', params: { from: 'fp32', to: ['fp16', 'bf16', 'e4m3'] }, stages: [0, 3] },
  {
    unit: 'fp-convert',
    params: { from: 'fp32', to: 'e5m2', round: 'stochastic', randomBits: 21 },
    shell: 'stream',
  },

  { unit: 'fp-mul', params: { a: ['e2m1', 'e4m3', 'e5m2'], b: ['e2m1', 'e3m2', 'e4m3'], result: 'exact' } },
  { unit: 'fp-mul', params: { a: 'e4m3', b: 'e4m3', result: 'exact', subnormals: 'flush' } },
  { unit: 'fp-mul', params: { a: 'fp16', b: ['fp16', 'e5m2'], result: 'exact' } },
  {
    unit: 'fp-mul',
    params: {
      a: ['e2m1', 'e4m3', 'e5m2', 'e4m3fnuz'],
      b: ['e2m1', 'e4m3'],
      result: 'exact',
      signApart: true,
    },
  },
  { unit: 'fp-mul', params: { a: 'e4m3', b: 'e5m2', result: ['bf16', 'e3m2', 'fp32'] }, stages: [0, 2] },
  { unit: 'fp-mul', params: { a: 'e2m1', b: 'e2m1', result: 'e2m1', round: 'stochastic' } },
  { unit: 'fp-mul', params: { a: ['bf16', 'fp32'], b: 'bf16', result: ['bf16', 'fp32'] } },

  { unit: 'fp-add', params: { operation: ['add', 'sub', 'addsub'], overflow: 'special' } },
  {
    unit: 'fp-add',
    params: { a: 'e5m2', b: 'e4m3', result: ['e4m3', 'bf16', 'e2m1'], round: ['rne', 'rdn'] },
  },
  { unit: 'fp-add', params: { a: 'e2m1', b: 'e3m2', result: 'e3m2', round: 'stochastic', randomBits: 5 } },
  { unit: 'fp-add', params: { a: 'fp32', b: 'fp32', result: 'fp32' }, stages: [0, 4] },

  { unit: 'fp-fma', params: { round: [...ROUNDINGS, 'stochastic'], overflow: 'special' } },
  { unit: 'fp-fma', params: { subnormals: 'flush' }, stages: 3, shell: 'stream' },
  { unit: 'fp-fma', params: { a: 'e2m1', b: 'e2m1', c: 'e2m1', result: ['e2m1', 'e4m3', 'p3109_k6p3se'] } },
  { unit: 'fp-fma', params: { a: 'e4m3', b: 'e4m3', c: ['e4m3', 'fp32'], result: ['e4m3', 'fp32'] } },
  { unit: 'fp-fma', params: { a: 'e5m2', b: 'e2m1', c: 'p3109_k8p3ue', result: 'e4m3fnuz' } },
  { unit: 'fp-fma', params: { a: 'fp32', b: 'fp32', c: 'fp32', result: 'fp32' } },

  { unit: 'fp-to-int', params: { round: [...ROUNDINGS, 'rhu', 'rhd', 'rhz', 'trn'] } },
  {
    unit: 'fp-to-int',
    params: {
      from: 'fp16',
      to: ['int32', 'uint8', 'fix12.9', 'ufix6.-3'],
      overflow: ['wrap', 'satsym', 'satzero'],
    },
  },
  { unit: 'fp-to-int', params: { from: 'e4m3', to: ['int4', 'uint1', 'fix20.12'], round: 'stochastic' } },
  { unit: 'fp-to-int', params: { from: 'fp32', to: ['int32', 'int64'] }, stages: [0, 2] },

  { unit: 'int-to-fp', params: { to: SMALL } },
  {
    unit: 'int-to-fp',
    params: { from: ['uint16', 'fix16.20', 'int1'], to: ['fp16', 'fp32'], round: ['rne', 'rdn'] },
  },
  { unit: 'int-to-fp', params: { from: 'int8', to: 'e3m2', round: 'stochastic' } },
  { unit: 'int-to-fp', params: { from: ['int32', 'uint64'], to: ['fp32', 'bf16'] }, stages: [0, 2] },
];
