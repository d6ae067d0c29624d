import { type ScaledDot, sumOfProducts } from '../blocks/accumulate.ts';
import type { Factor } from '../blocks/dequantize.ts';
import { unpack } from '../blocks/float.ts';
import { tensorScaleOf } from '../blocks/nvQuantize.ts';
import { parseFormat } from '../formats/parse.ts';
import type { Builder } from '../hdl/builder.ts';
import { SCALE } from './nvFormats.ts';
import type { InputSignals } from './unit.ts';

/** The dot product of two blocks with floating-point scales: significands are multiplied, and the exponents kept apart. */
export function dotWithScales(b: Builder, x: InputSignals, element: string): ScaledDot {
  const { gated: _, ...dot } = b.scope('', 'Exact sum of the products', () =>
    sumOfProducts(b, element, element, x.vector('a'), x.vector('b')),
  );
  const { float, lsbExponent } = parseFormat(SCALE);
  const [left, right] = ['a_scale', 'b_scale'].map(name =>
    b.scope(name, 'Scales of the blocks: E4M3 without a sign', () => unpack(b, float!, x.signal(name))),
  ) as [ReturnType<typeof unpack>, ReturnType<typeof unpack>];
  return b.scope('', 'The sum times both scales', () => {
    const isInvalid = b.or(left.isNaN, left.sign, right.isNaN, right.sign);
    const significand = left.significand.mul(right.significand);
    const scaled = dot.sum.mul(significand.withLsb(2 * lsbExponent));
    const exponent = left.exponent.add(right.exponent).sub(2);
    const product = { ...dot, sum: scaled, exponent, isNaN: isInvalid };
    if (!dot.parts) return product;
    const magnitude = dot.parts.magnitude.mul(significand).as('magnitude');
    return { ...product, parts: { ...dot.parts, magnitude } };
  });
}

/** An E4M3 scale, times the fp32 scale of the tensor where there is one. */
export function factorOfScales(b: Builder, x: InputSignals, withTensor: boolean): Factor {
  const { float: layout } = parseFormat(SCALE);
  const block = b.scope('scale', 'Scale of the block: E4M3 without a sign', () => {
    const { sign, isNaN: isNan, ...parts } = unpack(b, layout!, x.signal('scale'));
    const exponent = parts.exponent.sub(layout!.bias + layout!.mantissaBits);
    return { significand: parts.significand, exponent, isNaN: isNan.or(sign) };
  });
  if (!withTensor) return block;
  return b.scope('tensor', 'Scale of the tensor: fp32, positive and finite', () => {
    const tensor = tensorScaleOf(b, x.signal('tensor_scale'));
    return {
      significand: block.significand.mul(tensor.value.significand),
      exponent: block.exponent.add(tensor.value.exponent),
      isNaN: block.isNaN.or(tensor.isInvalid),
    };
  });
}
