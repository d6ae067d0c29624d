import { lmulCodes } from '../blocks/lmul.ts';
import { parseFormat } from '../formats/parse.ts';
import { goldenLMul, type LMulParams, lmulMistakes, ruleOf } from './lmulRule.ts';
import { defineUnit } from './unit.ts';

export interface Params extends LMulParams {}

/**
 * L-Mul: a floating-point product by one integer addition. The offset stands in for the product of the mantissas, which is
 * left out; `--offset none` is Mitchell's approximation. The adder is what is defined here: where the mantissas and
 * the offset sum to one or more, its carry gives another number than the formula of the paper with real mantissas would.
 */
export const unit = defineUnit<Params, { a: number; b: number }, { y: number }>({
  id: 'lmul',
  family: 'minifloat',
  summary: 'L-Mul: approximate floating-point product by one addition.',
  equations: [
    '|a|, |b|: codes without sign, E exponent and M mantissa bits; offset = 2^(M − l), l = M up to 3, 3 for 4, 4 above',
    't = |a| + |b| − (bias << M) + offset',
    'y = 0 if a or b has exponent field 0, or t < 2^M; else ±min(t, largest finite code), the sign that of a·b',
    'special ordinary: codes of NaN and infinity are numbers like others; propagate: they act as in a product of IEEE 754',
  ],
  source:
    'Luo and Sun, "Addition is All You Need for Energy-efficient Language Models", arXiv:2410.00907, as an integer adder',
  state: false,
  check: lmulMistakes,
  ports: p => ({
    in: {
      a: { format: p.operand, asCode: true, doc: 'first operand' },
      b: { format: p.operand, asCode: true, doc: 'second operand' },
    },
    out: { y: { format: p.operand, doc: 'approximate product', policy: { overflow: 'special' } } },
  }),
  golden(p) {
    const product = goldenLMul(p);
    return { step: ({ a, b }) => ({ y: product(a, b) }) };
  },
  datapath(b, x, p) {
    const { float, canonicalNaN } = parseFormat(p.operand);
    const {
      sign,
      magnitude,
      isNaN: isNan,
      isInfinite,
    } = lmulCodes(b, ruleOf(p), x.signal('a'), x.signal('b'));
    const { infinityCode } = float!;
    const withInfinity = infinityCode === undefined ? magnitude : b.mux(isInfinite, infinityCode, magnitude);
    const product = b.concat(sign, withInfinity.wrap(float!.exponentBits + float!.mantissaBits, false));
    return { y: canonicalNaN === undefined ? product : b.mux(isNan, canonicalNaN, product) };
  },
});
