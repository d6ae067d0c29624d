import { anyOf, type FloatingTerms } from '../blocks/accumulate.ts';
import { lmulCodes } from '../blocks/lmul.ts';
import { parseFormat } from '../formats/parse.ts';
import type { Builder } from '../hdl/builder.ts';
import { defineFloatDot, hasSpecialCodes, type SumParams } from './floatDot.ts';
import { fixedFormat, integersOf } from './formats.ts';
import { weightIn } from './goldenSum.ts';
import { goldenLMul, type LMulParams, lmulMistakes, ruleOf } from './lmulRule.ts';
import type { InputSignals } from './unit.ts';

export interface Operands extends LMulParams {
  /** Products of a beat. @min 1 @max 1024 @default 32 */
  lanes: number;
}

export interface Params extends Operands, SumParams {}

/** Dot product by L-Mul: the product of each lane is approximate, as that of `lmul`; their sum is exact, or aligned, or rounded once. */
export const unit = defineFloatDot<Operands, Params, { a: Float64Array; b: Float64Array }>({
  id: 'lmul-dot',
  summary: 'Dot product of L-Mul products, exact or rounded once.',
  equations: ['sum = Σ lmul(a[i], b[i]), exact'],
  source:
    'Luo and Sun, "Addition is All You Need for Energy-efficient Language Models", arXiv:2410.00907, as an integer adder',
  check: lmulMistakes,
  lanes: p => p.lanes,
  inputs: p => ({
    a: { format: p.operand, asCode: true, lanes: p.lanes, doc: 'first operands' },
    b: { format: p.operand, asCode: true, lanes: p.lanes, doc: 'second operands' },
  }),
  sumFormat(p) {
    const format = parseFormat(p.operand);
    const [min, max] = integersOf(format).map(x => x * BigInt(p.lanes)) as [bigint, bigint];
    return fixedFormat(min, max, format.lsbExponent);
  },
  hasSpecial: p => p.special === 'propagate' && hasSpecialCodes(p.operand),
  significandBits: p => parseFormat(p.operand).float!.mantissaBits + 1,
  golden(p) {
    const products = new Float64Array(p.lanes);
    const product = goldenLMul(p);
    const weight = weightIn(parseFormat(p.operand));
    return {
      values({ a, b }) {
        for (let i = 0; i < products.length; i++) products[i] = product(a[i]!, b[i]!);
        return products;
      },
      weights: ({ a, b }) => products.map((_, i) => weight(product(a[i]!, b[i]!))),
    };
  },
  datapath(b, x, p) {
    const terms = termsOf(b, x, p);
    const [, largest] = integersOf(parseFormat(p.operand));
    const values = b.lanes('value', [terms.significand, terms.shift, terms.sign] as const, (s, shift, sign) =>
      s.shl(shift).narrow(0, largest).negateIf(sign),
    );
    return { sum: values.as('values').sum('sum'), ...anyOf(terms) };
  },
  floatingTerms: termsOf,
});

/** The products of the lanes; none is subnormal, so that a significand has its hidden bit or is zero. */
function termsOf(b: Builder, x: InputSignals, p: Operands): FloatingTerms {
  const { float, lsbExponent } = parseFormat(p.operand);
  const { exponentBits, mantissaBits } = float!;
  return b.lanes('product', [x.vector('a'), x.vector('b')] as const, (a, c) => {
    const { sign, magnitude, isNaN: isNan, isInfinite } = lmulCodes(b, ruleOf(p), a, c);
    const code = magnitude.wrap(exponentBits + mantissaBits, false);
    const field = code.bits(exponentBits + mantissaBits - 1, mantissaBits);
    const isNormal = field.any();
    const significand = mantissaBits === 0 ? isNormal : b.concat(isNormal, code.bits(mantissaBits - 1, 0));
    return {
      sign,
      significand: significand.withLsb(lsbExponent),
      shift: field.sub(isNormal).narrow(0, field.range[1] - 1n),
      isNaN: isNan,
      isPositiveInfinity: isInfinite.and(sign.not()),
      isNegativeInfinity: isInfinite.and(sign),
      isSpecial: isNan.or(isInfinite),
    };
  });
}
