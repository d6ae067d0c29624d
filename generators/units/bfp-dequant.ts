import { dequantize, factorOfE8M0 } from '../blocks/dequantize.ts';
import { mantissaFormat } from './bfpFormats.ts';
import {
  type DequantizerParams,
  dequantizerPorts,
  goldenDequantizer,
  policyOf,
  type ScaledBlock,
} from './blockDequantizer.ts';
import { defineUnit } from './unit.ts';

export interface Params extends DequantizerParams {
  /** Bits of a mantissa, its sign among them. @min 2 @max 24 @default 4 */
  mantissa: number;
}

/** The numbers that a block of signed mantissas with one exponent, stored as E8M0, stands for, as floats. */
export const unit = defineUnit<Params, ScaledBlock, { y: Float64Array }>({
  id: 'bfp-dequant',
  family: 'block-floating-point',
  summary: 'Turns a block of block floating point into floats.',
  equations: ['y[i] = round(x[i] · scale)'],
  source: 'Microsoft Floating Point (MSFP)',
  state: false,
  ports: p => dequantizerPorts(p, mantissaFormat(p.mantissa)),
  golden: p => goldenDequantizer(p),
  datapath(b, x, p) {
    const factor = b.scope('scale', 'Scale of the block: E8M0, bias 127, 255 is NaN', () =>
      factorOfE8M0(b, x.signal('scale')),
    );
    const y = b.scope('', `Elements times the scale, in ${p.to}`, () =>
      dequantize(b, x.vector('x'), mantissaFormat(p.mantissa), factor, p.to, policyOf(p)),
    );
    return { y };
  },
});
