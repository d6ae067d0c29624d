import type { Row } from '../row.ts';

const ROUNDINGS = ['rne', 'rna', 'rtz', 'rup', 'rdn', 'odd', 'stochastic', 'rhu', 'rhd', 'rhz', 'trn'];
const OVERFLOWS = ['saturate', 'special', 'wrap', 'satsym', 'satzero', 'wrapsm'];

export const FIXED_POINT: readonly Row[] = [
  {
    unit: 'fx-dot',
    params: { a: ['int8', 'uint4'], b: ['int8', 'ufix6.3'], lanes: [1, 5, 32] },
    stages: [0, 2],
  },
  { unit: 'fx-dot', params: { a: 'fix40.3', b: 'fix33.-2', lanes: 3 } },
  { unit: 'fx-mac', params: { a: ['int8', 'uint4'], beats: [1, 5, 256] }, stages: [0, 2] },
  { unit: 'fx-mac', params: { a: 'fix40.3', b: 'fix33.-2', lanes: 3 }, shell: 'valid' },

  // For the multiplier blocks of a family: chains of sums, with two products in a block where they fit.
  {
    unit: 'fx-dot',
    params: { a: ['int8', 'uint4'], b: ['int4', 'ufix6.3'], lanes: [4, 33] },
    target: 'xc7',
    stages: [0, 1, 3],
  },
  { unit: 'fx-dot', params: { a: 'int2', b: 'int3', lanes: 3 }, multipliers: 'dsp', target: 'xc7' },
  { unit: 'fx-mac', target: 'xc7', shell: 'stream', stages: 2 },
  { unit: 'fx-mac', params: { a: 'int4', b: 'int4', lanes: 64 }, multipliers: 'dsp', target: 'xc7' },
  { unit: 'fx-matvec', params: { rows: [1, 3], lanes: [1, 6] }, stages: [0, 2] },
  {
    unit: 'fx-matvec',
    params: { rows: [2, 3], lanes: [3, 20], a: ['int8', 'ufix8.4'], b: ['int8', 'uint4'] },
    target: 'xc7',
  },
  { unit: 'fx-matvec', multipliers: 'dsp', target: 'xc7', stages: 4, shell: 'valid' },

  { unit: 'fx-cast', params: { from: 'fix9.5', to: 'fix5.2', round: ROUNDINGS } },
  { unit: 'fx-cast', params: { from: 'fix9.5', to: ['fix5.2', 'fix1.3'], overflow: OVERFLOWS } },
  { unit: 'fx-cast', params: { from: 'fix9.5', to: 'ufix5.3', overflow: ['saturate', 'wrap', 'satzero'] } },
  { unit: 'fx-cast', params: { from: 'ufix8.12', to: ['fix4.9', 'ufix3.14', 'uint1'], round: 'rne' } },
  { unit: 'fx-cast', params: { from: 'uint1', to: ['int1', 'int2', 'ufix4.-3'], overflow: 'satsym' } },
  { unit: 'fx-cast', params: { from: 'fix64.-32', to: ['fix64.30', 'fix64.-40', 'ufix2.-95'] } },
  { unit: 'fx-cast', params: { from: 'fix8.3', to: 'fix60.50', round: 'stochastic', randomBits: [1, 32] } },
  { unit: 'fx-cast', params: { from: 'fix70.60', to: 'fix8.4', round: 'stochastic', randomBits: [1, 32] } },
  { unit: 'fx-cast', params: { round: 'rne' }, stages: [1, 3], shell: 'stream' },

  { unit: 'fx-add', params: { operation: ['add', 'sub', 'addsub'], b: ['fix16.8', 'ufix8.12', 'int3'] } },
  { unit: 'fx-add', params: { a: 'uint4', b: ['uint3', 'fix3.2'], operation: ['add', 'sub', 'addsub'] } },
  {
    unit: 'fx-add',
    params: { operation: 'addsub', result: ['int8', 'ufix6.9'], round: ['rne', 'stochastic'] },
    stages: 2,
  },
  { unit: 'fx-add', params: { a: 'fix64.-20', b: 'fix64.63', operation: 'addsub' }, shell: 'valid' },
  { unit: 'fx-add', params: { a: 'uint1', b: 'uint1', operation: ['add', 'sub', 'addsub'] } },

  // Rows of products, in each shape of adders.
  {
    unit: 'fx-mul',
    params: { a: ['int8', 'uint7', 'int3', 'fix6.2'], b: ['int8', 'uint8', 'int5', 'uint2'] },
    multipliers: 'logic',
    target: ['xc7', 'ice40'],
  },
  { unit: 'fx-mul', params: { a: 'fix16.8', b: ['int16', 'uint15'] }, multipliers: 'logic' },
  {
    unit: 'fx-dot',
    params: { lanes: [1, 5], a: ['int8', 'uint4'], b: ['int8', 'uint5'] },
    multipliers: 'logic',
    target: ['xc7', 'ice40'],
  },
  { unit: 'zp-mac', multipliers: 'logic', stages: 2 },
  { unit: 'fx-mul', params: { a: ['int8', 'ufix8.9', 'int1'], b: ['int8', 'ufix8.-2', 'uint1'] } },
  {
    unit: 'fx-mul',
    params: { a: 'int8', b: 'int8', result: 'fix8.-1', overflow: OVERFLOWS },
    stages: 1,
  },
  { unit: 'fx-mul', params: { a: 'fix40.8', b: 'ufix40.8', result: ['exact', 'fix16.8'] }, stages: [0, 3] },

  { unit: 'fx-affine', params: { round: ['rhu', 'rne', 'stochastic'], overflow: ['saturate', 'wrap'] } },
  { unit: 'fx-affine', params: { castProduct: true, round: ['rhu', 'odd'] }, stages: [0, 4] },
  {
    unit: 'fx-affine',
    params: {
      x: 'ufix5.2',
      g: 'fix5.6',
      b: 'fix6.1',
      result: ['ufix4.2', 'fix6.9'],
      castProduct: [false, true],
    },
  },
  { unit: 'fx-affine', params: { x: 'fix48.20', g: 'fix40.30', b: 'fix64.4', result: 'fix64.32' } },

  { unit: 'fx-relu', params: { to: ['fix8.4', 'ufix8.4', 'fix16.8'], clip: [0, 0.5, 6.25], round: 'rne' } },
  { unit: 'fx-relu', params: { from: ['ufix12.8', 'fix6.-2'], to: 'fix6.1', clip: [0, 8] } },
  { unit: 'fx-relu', params: { from: 'fix50.20', to: 'fix40.10', clip: [0, 6], round: 'stochastic' } },
  { unit: 'fx-relu6' },

  {
    unit: 'fx-avgpool',
    params: { lanes: [1, 6], from: ['int8', 'ufix4.3'], to: 'fix6.2', round: ['rhu', 'rne'] },
  },
  { unit: 'fx-avgpool', params: { lanes: [4, 9], round: 'rne' }, stages: 2 },
  { unit: 'fx-avgpool', params: { lanes: 12, round: ['rna', 'rtz', 'rup', 'odd', 'rhd', 'rhz', 'trn'] } },
  {
    unit: 'fx-avgpool',
    params: { lanes: 3, from: 'fix5.4', to: 'fix3.1', overflow: OVERFLOWS, round: 'rne' },
  },
  {
    unit: 'fx-avgpool',
    params: { lanes: 49, from: 'fix40.8', to: ['fix30.-2', 'fix50.20'] },
    stages: [0, 3],
  },

  { unit: 'dyadic-requant', params: { round: ['rhu', 'rne'], zeroPoint: -3 }, stages: [0, 2] },
  { unit: 'dyadic-requant', params: { multiplier: [0, 4294967295], exponent: [0, 63], to: 'uint8' } },
  {
    unit: 'dyadic-requant',
    params: { scale: 'ports', round: ['rhu', 'rtz'], multiplierBits: [1, 32] },
    stages: 2,
  },
  { unit: 'dyadic-requant', params: { scale: 'ports', from: ['uint48', 'int2'], to: ['uint32', 'int1'] } },
  {
    unit: 'dyadic-residual-add',
    params: { scale: ['constant', 'ports'], round: ['rhu', 'rne'] },
    stages: 3,
  },
  {
    unit: 'dyadic-residual-add',
    params: { a: 'int8', b: 'uint8', result: 'uint40', scale: ['constant', 'ports'] },
  },

  {
    unit: 'chan-affine-quant',
    params: { coefficients: ['table', 'ports'], to: ['int4', 'uint8'] },
    stages: [0, 2],
  },
  {
    unit: 'chan-affine-quant',
    params: { gains: [[7]], offsets: [[-5]], shift: [0, 3, 63], from: 'uint9', zeroPoint: 1 },
  },
  {
    unit: 'chan-affine-quant',
    params: { gains: [[1, -2147483648, 2147483647]], offsets: [[3, 2147483647, 0]], shift: 31 },
    shell: 'valid',
  },

  { unit: 'fx-mac', params: { a: 'uint1', b: 'uint1', lanes: 1, beats: 3 } },

  {
    unit: 'zp-dot',
    params: { mode: ['sym', 'asym', 'full'], lanes: [1, 5], b: 'uint4' },
    stages: [0, 3],
  },
  { unit: 'zp-dot', params: { mode: ['asym', 'full'], lanes: 3, a: 'int16', b: 'uint24', bias: 'uint60' } },
  { unit: 'zp-mac', params: { mode: ['sym', 'asym', 'full'], lanes: [1, 4], beats: 7, b: 'int4' } },
  { unit: 'zp-mac', params: { mode: 'asym', lanes: 3, bias: 'int2' }, stages: 2, shell: 'stream' },

  { unit: 'dfp-quant', params: { lanes: [1, 8], subnormals: ['keep', 'flush'] }, stages: [0, 4] },
  { unit: 'dfp-quant', params: { lanes: 2, from: ['e4m3', 'e5m2'], to: 'int5', subnormals: 'flush' } },
  {
    unit: 'dfp-quant',
    params: { lanes: 4, from: ['e4m3', 'e5m2', 'e2m1', 'bf16', 'fp16'], to: 'int8' },
  },
  {
    unit: 'dfp-quant',
    params: { lanes: 2, from: ['e4m3fnuz', 'e3m0fin', 'p3109_k8p3ue'], to: ['int2', 'int24'] },
  },
  { unit: 'dfp-quant', params: { lanes: 1, from: 'e3m4', to: ['int3', 'int16'] }, shell: 'stream' },
  { unit: 'dfp-dot', params: { lanes: [1, 8], b: ['int16', 'int8'] }, stages: [0, 2] },
  { unit: 'dfp-dot', params: { lanes: 3, a: 'int24', b: 'int24', exponent: ['int32', 'uint4'] } },
  {
    unit: 'dfp-mac',
    params: { lanes: [1, 8], beats: 8192, exponent: ['int10', 'uint4'] },
    stages: [0, 2],
  },
  { unit: 'dfp-mac', params: { lanes: 3 }, shell: 'valid' },
  { unit: 'dfp-downconvert', params: { lanes: 5, from: ['int32', 'uint20', 'int49'] }, stages: [0, 3] },
  {
    unit: 'dfp-downconvert',
    params: { lanes: [1, 2], from: ['int8', 'int7'], to: ['int8', 'int2'], exponent: 'uint2' },
  },
];
