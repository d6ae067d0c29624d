import { exactOf, minus, plus, type Value } from '../formats/arithmetic.ts';
import { compare, ZERO } from '../formats/exact.ts';
import { defineUnit } from './unit.ts';

export interface Params {
  /** Format of the real and the imaginary part. @format integer fixed @default int8 */
  from: string;
}

/**
 * Rounds a complex number to the nearest of 1, i, −1, −i by its phase. The borders between two quarters belong to the
 * next power of i, and 0 becomes 1.
 */
export const unit = defineUnit<Params, { x_re: Value; x_im: Value }, { y: number }>({
  id: 'phase-quant',
  family: 'multiplier-free',
  summary: 'A complex number rounded by its phase to ±1 or ±i.',
  equations: [
    'y = 0 where x_re > 0 and −x_re ≤ x_im < x_re, or x = 0',
    'y = 1 where x_im > 0 and −x_im < x_re ≤ x_im',
    'y = 2 where x_re < 0 and x_re < x_im ≤ −x_re',
    'y = 3 where x_im < 0 and x_im ≤ x_re < −x_im',
  ],
  source: 'Fairy±i (iFairy)',
  state: false,
  ports: p => ({
    in: {
      x_re: { format: p.from, doc: 'real part' },
      x_im: { format: p.from, doc: 'imaginary part' },
    },
    out: { y: { format: 'uint2', doc: 'the weight, as a power of i' } },
  }),
  golden: () => ({
    step({ x_re, x_im }) {
      const [re, im] = [sign(x_re), sign(x_im)];
      const above = sign(minus(x_im, x_re));
      const outside = sign(plus(x_im, x_re));
      if (re > 0 && outside >= 0 && above < 0) return { y: 0 };
      if (im > 0 && outside > 0 && above >= 0) return { y: 1 };
      if (re < 0 && above > 0 && outside <= 0) return { y: 2 };
      if (im < 0 && above <= 0 && outside < 0) return { y: 3 };
      return { y: 0 };
    },
  }),
  datapath(b, x) {
    const [re, im] = [x.signal('x_re'), x.signal('x_im')];
    // Two diagonals part the plane; on them, and in 0, the order of the tests decides.
    const sum = re.add(im);
    const below = im.lt(re);
    const onDiagonal = im.eq(re);
    const isNegative = sum.sign();
    const isPositive = isNegative.or(sum.isZero()).not();
    const onDiagonalOrBelow = b.mux(isNegative, b.const(3), b.const(0));
    const above = b.mux(isPositive, b.const(1), b.mux(onDiagonal, onDiagonalOrBelow, b.const(2)));
    return { y: b.mux(below, onDiagonalOrBelow, above) };
  },
});

const sign = (x: Value): number => (typeof x === 'number' ? Math.sign(x) : compare(exactOf(x), ZERO));
