/** A well-known format: what it is for, and the document that defines it. */
export interface NamedFormat {
  readonly id: string;
  readonly summary: string;
  /** Key of SOURCES. */
  readonly source: SourceKey;
  /** Other ids that mean the same. */
  readonly aliases: readonly string[];
}

/** The documents that define the formats. */
export const SOURCES = {
  ieee754: 'IEEE Std 754-2019',
  bfloat16:
    'Google, "BFloat16: the secret to high performance on Cloud TPUs" (2019); binary32 without its low 16 bits',
  ofp8: 'OCP 8-bit Floating Point Specification (OFP8) v1.0',
  mx: 'OCP Microscaling Formats (MX) Specification v1.0',
  fnuz: 'Noune et al., "8-bit Numerical Formats for Deep Neural Networks", arXiv:2206.02915',
  p3109: 'IEEE P3109 interim report, as in gfloat and its tables',
  mlDtypes: 'ml_dtypes (JAX), by analogy with IEEE 754',
  minifloat: 'IEEE Std 754-2019, with the parameters in the id',
  integer: "two's complement or plain binary",
  fixed: 'IEEE Std 1666 (sc_fixed), AMD ap_fixed',
} as const;
export type SourceKey = keyof typeof SOURCES;

/** The formats that have a name in use. All other ids of the grammar are formats as well. */
export const FORMATS: readonly NamedFormat[] = [
  named('fp64', 'binary64, double precision', 'ieee754', ['float64', 'binary64', 'e11m52']),
  named('fp32', 'binary32, single precision', 'ieee754', ['float32', 'binary32', 'e8m23']),
  named('fp16', 'binary16, half precision', 'ieee754', ['float16', 'binary16', 'e5m10']),
  named('bf16', 'bfloat16: the range of fp32 in 16 bits', 'bfloat16', ['bfloat16', 'e8m7']),
  named('e4m3', 'FP8 for weights and activations: no infinities, one NaN code of each sign', 'ofp8', [
    'float8_e4m3fn',
    'e4m3fn',
  ]),
  named('e5m2', 'FP8 for gradients: infinities and NaNs as IEEE 754', 'ofp8', ['float8_e5m2', 'e5m2ieee']),
  named('e3m2', 'MXFP6 element with the larger range: all codes finite', 'mx', ['float6_e3m2fn', 'e3m2fin']),
  named('e2m3', 'MXFP6 element with the finer step: all codes finite', 'mx', ['float6_e2m3fn', 'e2m3fin']),
  named('e2m1', 'MXFP4 and NVFP4 element: 0, 0.5, 1, 1.5, 2, 3, 4, 6 and their negatives', 'mx', [
    'float4_e2m1fn',
    'e2m1fin',
  ]),
  named('e8m0', 'block scale of the MX formats: a power of two', 'mx', ['float8_e8m0fnu']),
  named('e4m3ieee', 'FP8 with infinities and NaNs as IEEE 754', 'mlDtypes', ['float8_e4m3']),
  named('e3m4', 'FP8 with more precision: infinities and NaNs as IEEE 754', 'mlDtypes', [
    'float8_e3m4',
    'e3m4ieee',
  ]),
  named('e4m3fnuz', 'FP8 without negative zero; its code is the only NaN', 'fnuz', ['float8_e4m3fnuz']),
  named('e5m2fnuz', 'FP8 without negative zero; its code is the only NaN', 'fnuz', ['float8_e5m2fnuz']),
  named('e4m3b11fnuz', 'as e4m3fnuz, with bias 11', 'mlDtypes', ['float8_e4m3b11fnuz']),
  named('p3109_k8p3se', 'P3109 8 bits, precision 3, with infinities', 'p3109'),
  named('p3109_k8p4se', 'P3109 8 bits, precision 4, with infinities', 'p3109'),
  named('p3109_k8p4sf', 'P3109 8 bits, precision 4, finite', 'p3109'),
  named('int2', 'signed 2-bit integer', 'integer'),
  named('int4', 'signed 4-bit integer', 'integer'),
  named('int8', 'signed 8-bit integer', 'integer'),
  named('int16', 'signed 16-bit integer', 'integer'),
  named('int32', 'signed 32-bit integer', 'integer'),
  named('uint2', 'unsigned 2-bit integer', 'integer'),
  named('uint4', 'unsigned 4-bit integer', 'integer'),
  named('uint8', 'unsigned 8-bit integer', 'integer'),
  named('fix8.4', 'signed fixed point: 8 bits, 4 of them fraction', 'fixed', ['ap_fixed<8,4>']),
  named('fix8.6', 'MXINT8 element: steps of 1/64', 'mx', ['ap_fixed<8,2>']),
  named('fix16.8', 'signed fixed point: 16 bits, 8 of them fraction', 'fixed', ['ap_fixed<16,8>']),
  named('ufix8.8', 'unsigned fraction of 8 bits', 'fixed', ['ap_ufixed<8,0>']),
];

function named(id: string, summary: string, source: SourceKey, aliases: readonly string[] = []): NamedFormat {
  return { id, summary, source, aliases };
}
