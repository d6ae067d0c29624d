import type { Overflow, Round } from '../formats/types.ts';
import { NotStatable } from './float.ts';
import {
  chosenInteger,
  fromCode,
  type Integer,
  integerConstant,
  isNegativeInteger,
  limited,
  minus,
  negatedInteger,
  plus,
  rounded,
  times,
  total,
} from './integer.ts';
import {
  and,
  type Bits,
  type Bool,
  binary,
  bitOf,
  chooseBool,
  compare,
  equal,
  FALSE,
  isConstant,
  not,
  resize,
  slice,
} from './smt.ts';
import type { Statement, Subject } from './statement.ts';

interface Modes {
  readonly round: Round;
  readonly overflow: Overflow;
}

const value = (x: Subject, port: string): Integer => fromCode(x.format(port), x.code(port));
const values = (x: Subject, port: string): Integer[] =>
  x.lanes(port).map(code => fromCode(x.format(port), code));

/** Whether an output is a number: all bits of both are compared, so that an output that is too narrow is found. */
function isNumber(x: Subject, port: string, number: Integer): Bool {
  const y = value(x, port);
  if (y.lsb > number.lsb) throw new Error(`${port} ends at 2^${y.lsb}, its value at 2^${number.lsb}`);
  const difference = minus(x.script, y, number);
  return isConstant(difference.bits, 0);
}

/** The number rounded once to the format of a port, and limited. */
function cast(x: Subject, number: Integer, port = 'y'): Bits {
  const { round, overflow } = x.params as unknown as Modes;
  const format = x.format(port);
  const random = round === 'stochastic' ? x.code('rnd') : undefined;
  return limited(x.script, rounded(x.script, number, format.lsbExponent, round, random), format, overflow);
}

const isCast = (x: Subject, number: Integer): Record<string, Bool> => ({
  y: equal(x.code('y'), cast(x, number)),
});
const exactOrCast = (x: Subject, number: Integer): Record<string, Bool> =>
  x.params.result === 'exact' ? { y: isNumber(x, 'y', number) } : isCast(x, number);

const castWords = (words: string, p: Readonly<Record<string, unknown>>): string =>
  p.result === 'exact'
    ? `y is ${words}, exact, by integer arithmetic`
    : `y is ${words}, rounded (${p.round}) and limited (${p.overflow}), by the formula of floor, rest and half`;

export const fixedCast: Statement = {
  words: p => castWords('x', p),
  holds: x => isCast(x, value(x, 'x')),
};

export const fixedAdd: Statement = {
  words: p =>
    castWords({ add: 'a + b', sub: 'a − b', addsub: 'a + b, or a − b where sub' }[p.operation as string]!, p),
  holds(x) {
    const [a, b] = [value(x, 'a'), value(x, 'b')];
    const { operation } = x.params;
    const sums = (): Integer => plus(x.script, a, b);
    const differences = (): Integer => minus(x.script, a, b);
    if (operation === 'add') return exactOrCast(x, sums());
    if (operation === 'sub') return exactOrCast(x, differences());
    return exactOrCast(x, chosenInteger(isConstant(x.code('sub'), 1), differences(), sums()));
  },
};

export const fixedMultiply: Statement = {
  words: p => castWords('a·b', p),
  holds: x => exactOrCast(x, times(x.script, value(x, 'a'), value(x, 'b'))),
};

export const affine: Statement = {
  words: p => castWords(p.castProduct ? 'cast(x·g) + b' : 'x·g + b', p),
  holds(x) {
    const product = times(x.script, value(x, 'x'), value(x, 'g'));
    const first = x.params.castProduct ? fromCode(x.format('y'), cast(x, product)) : product;
    return isCast(x, plus(x.script, first, value(x, 'b')));
  },
};

export const rectified: Statement = {
  words: p => castWords(p.clip === 0 ? 'max(x, 0)' : `min(max(x, 0), ${p.clip})`, p),
  holds(x) {
    const operand = value(x, 'x');
    const { width } = operand.bits;
    const positive = chosenInteger(
      isNegativeInteger(operand),
      integerConstant(0, width, operand.lsb),
      operand,
    );
    const clip = x.params.clip as number;
    if (clip === 0) return isCast(x, positive);
    const limit = integerConstant(Math.round(clip * 2 ** -operand.lsb), 64, operand.lsb);
    const excess = minus(x.script, positive, limit);
    return isCast(x, chosenInteger(isNegativeInteger(excess), positive, limit));
  },
};

const dotOf = (x: Subject, a: readonly Integer[], b: readonly Integer[]): Integer =>
  total(
    x.script,
    a.map((term, i) => times(x.script, term, b[i]!)),
  );

export const fixedDot: Statement = {
  words: () => 'y is Σ a[i]·b[i], exact, by integer arithmetic',
  holds: x => ({ y: isNumber(x, 'y', dotOf(x, values(x, 'a'), values(x, 'b'))) }),
};

export const matrixVector: Statement = {
  words: () => 'each y[r] is Σ a[i]·b[r,i], exact, by integer arithmetic',
  holds(x) {
    const [a, b] = [values(x, 'a'), values(x, 'b')];
    const rows = values(x, 'y').map((y, r) => {
      const sum = dotOf(x, a, b.slice(r * a.length, (r + 1) * a.length));
      return isConstant(minus(x.script, y, sum).bits, 0);
    });
    return { y: and(...rows) };
  },
};

export const requantized: Statement = {
  words: p =>
    `y is round(x·M / 2^E) + zero point, rounded (${p.round}) and saturated, by the formula of floor, rest and half`,
  holds(x) {
    const p = x.params as unknown as Modes & {
      scale: string;
      multiplier: number;
      exponent: number;
      zeroPoint: number;
    };
    if (p.scale !== 'constant')
      throw new NotStatable('a scale that comes with each beat has no statement yet: take --scale constant');
    const s = x.script;
    const product = times(s, value(x, 'x'), integerConstant(p.multiplier, 34));
    const quotient = rounded(s, { ...product, lsb: product.lsb - p.exponent }, 0, p.round);
    const shifted = plus(s, quotient, integerConstant(p.zeroPoint, 34));
    return { y: equal(x.code('y'), limited(s, shifted, x.format('y'), 'saturate')) };
  },
};

export const zeroPointDot: Statement = {
  words(p) {
    const formulas: Readonly<Record<string, string>> = {
      sym: 'y is Σ a[i]·b[i] + bias',
      asym: 'y is Σ a[i]·b[i] − zw·Σ a[i] + bias and sumx is Σ a[i]',
      full: 'y is Σ (a[i] − zx)·(b[i] − zw) + bias',
    };
    return `${formulas[p.mode as string]}, exact, by integer arithmetic`;
  },
  holds(x): Record<string, Bool> {
    const { mode } = x.params;
    const s = x.script;
    const [a, b] = [values(x, 'a'), values(x, 'b')];
    const withBias = (sum: Integer): Bool => isNumber(x, 'y', plus(s, sum, value(x, 'bias')));
    if (mode === 'sym') return { y: withBias(dotOf(x, a, b)) };
    if (mode === 'full') {
      const left = a.map(v => minus(s, v, value(x, 'zx')));
      const right = b.map(v => minus(s, v, value(x, 'zw')));
      return { y: withBias(dotOf(x, left, right)) };
    }
    const sumx = total(s, a);
    const corrected = minus(s, dotOf(x, a, b), times(s, value(x, 'zw'), sumx));
    return { y: withBias(corrected), sumx: isNumber(x, 'sumx', sumx) };
  },
};

/** A number times a weight, by the cases of the weight. */
type Weighted = (number: Integer, code: Bits) => Integer;

const zero = (number: Integer): Integer => integerConstant(0, number.bits.width, number.lsb);
/** A sign: 1 is +1, 0 is −1. */
const bySign: Weighted = (number, code) => chosenInteger(isConstant(code, 1), number, negatedInteger(number));
/** A trit: of two bits 01 is +1, 11 is −1, and the others are 0. */
const byTrit: Weighted = (number, code) =>
  chosenInteger(
    isConstant(code, 1),
    number,
    chosenInteger(isConstant(code, 3), negatedInteger(number), zero(number)),
  );

export const ternary: Statement = {
  words: () => 'y is Σ a[i]·b[i], exact, each b[i] one of −1, 0, +1, by integer arithmetic',
  holds(x) {
    if (x.params.weights !== 'int2')
      throw new NotStatable('packed weights have no statement yet: take --weights int2');
    const weights = x.lanes('b');
    const terms = values(x, 'a').map((number, i) => byTrit(number, weights[i]!));
    return { y: isNumber(x, 'y', total(x.script, terms)) };
  },
};

/** Σ over planes of a scale times a sum of numbers that are weighted; `codeOf` is the weight of a lane in a plane. */
const planes =
  (
    weighted: Weighted,
    codeOf: (weights: readonly Bits[], lanes: number, plane: number, lane: number) => Bits,
  ) =>
  (x: Subject): Record<string, Bool> => {
    const a = values(x, 'a');
    const weights = x.lanes('b');
    const terms = values(x, 'alpha').map((scale, p) => {
      const sum = total(
        x.script,
        a.map((number, i) => weighted(number, codeOf(weights, a.length, p, i))),
      );
      return times(x.script, scale, sum);
    });
    return { y: isNumber(x, 'y', total(x.script, terms)) };
  };

const planeAfterPlane = (weights: readonly Bits[], lanes: number, plane: number, lane: number): Bits =>
  weights[plane * lanes + lane]!;

export const signPlanes: Statement = {
  words: () => 'y is Σ alpha[p]·Σ a[i]·s[p·lanes + i], exact, each s one of −1, +1, by integer arithmetic',
  holds: planes(bySign, planeAfterPlane),
};

export const tritPlanes: Statement = {
  words: () => 'y is Σ alpha[p]·Σ a[i]·b[p·lanes + i], exact, each b one of −1, 0, +1, by integer arithmetic',
  holds: planes(byTrit, planeAfterPlane),
};

export const twoPlanes: Statement = {
  words: () => 'y is alpha[0]·Σ a[i]·b[i][0] + alpha[1]·Σ a[i]·b[i][1], exact, by integer arithmetic',
  holds: planes(
    (number, bit) => chosenInteger(isConstant(bit, 1), number, zero(number)),
    (weights, _, plane, lane) => slice(weights[lane]!, plane, plane),
  ),
};

export const xnor: Statement = {
  words: p =>
    p.measure === 'dot'
      ? 'y is Σ over lanes that count of +1 where a[i] = b[i], −1 elsewhere'
      : 'y is the number of lanes that count in which a[i] and b[i] differ',
  holds(x) {
    const isDot = x.params.measure === 'dot';
    const [a, b] = [x.lanes('a'), x.lanes('b')];
    const terms = a.map((left, i) => {
      const [same, different] = isDot ? [1, -1] : [0, 1];
      const term = chosenInteger(
        equal(left, b[i]!),
        integerConstant(same!, 2),
        integerConstant(different!, 3),
      );
      if (!x.has('mask')) return term;
      return chosenInteger(isConstant(x.lanes('mask')[i]!, 1), term, integerConstant(0, 2));
    });
    return { y: isNumber(x, 'y', total(x.script, terms)) };
  },
};

export const threshold: Statement = {
  words: () => 'y[i] is (x[i] ≥ threshold[i]) xor invert[i]',
  holds(x) {
    const { signed } = x.format('x');
    const [limits, inverts] = [x.lanes('threshold'), x.lanes('invert')];
    const outputs = x.lanes('y');
    return {
      y: and(
        ...x.lanes('x').map((code, i) => {
          const isAtLeast = compare(signed ? 'bvsge' : 'bvuge', code, limits[i]!);
          const y = isConstant(outputs[i]!, 1);
          return chooseBool(isConstant(inverts[i]!, 1), not({ truth: `(= ${y.truth} ${isAtLeast.truth})` }), {
            truth: `(= ${y.truth} ${isAtLeast.truth})`,
          });
        }),
      ),
    };
  },
};

/**
 * A number times the weight of a word: for each power a field `{present, exponent}`, with `csd` a sign above; otherwise one sign
 * at the top.
 */
function byWord(x: Subject, number: Integer, word: Bits): Integer {
  const { terms, shiftBits, encoding } = x.params as unknown as Khot;
  const isSigned = encoding === 'csd';
  const field = shiftBits + 1 + (isSigned ? 1 : 0);
  const width = number.bits.width + 2 ** shiftBits;
  const powers = Array.from({ length: terms }, (_, t) => {
    const low = t * field;
    const distance = resize(slice(word, low + shiftBits - 1, low), width, false);
    const shifted: Integer = {
      bits: x.script.define('shifted', binary('bvshl', resize(number.bits, width, true), distance)),
      lsb: number.lsb,
    };
    const isNegative = isSigned ? bitOf(word, low + shiftBits + 1) : FALSE;
    const signed = chosenInteger(isNegative, negatedInteger(shifted), shifted);
    return chosenInteger(bitOf(word, low + shiftBits), signed, zero(signed));
  });
  const sum = total(x.script, powers);
  return isSigned ? sum : chosenInteger(bitOf(word, terms * field), negatedInteger(sum), sum);
}

interface Khot {
  readonly terms: number;
  readonly shiftBits: number;
  readonly encoding: 'binary' | 'csd';
  readonly weights: readonly number[];
}

/** The products of the numbers and their weights. */
function khotTerms(x: Subject, numbers: readonly Integer[]): Integer[] {
  const { weights } = x.params as unknown as Khot;
  return numbers.map((number, i) =>
    weights.length > 0
      ? times(x.script, number, integerConstant(weights[i]!, 40))
      : byWord(x, number, x.lanes('b')[i]!),
  );
}

export const khotMultiply: Statement = {
  words: () => 'y is a·w, exact, w the sum of the powers of two that the word names, by integer arithmetic',
  holds: x => ({ y: isNumber(x, 'y', khotTerms(x, [value(x, 'a')])[0]!) }),
};

export const khotDot: Statement = {
  words: () =>
    'y is Σ a[i]·w[i], exact, each w the sum of the powers of two that its word names, by integer arithmetic',
  holds: x => ({ y: isNumber(x, 'y', total(x.script, khotTerms(x, values(x, 'a')))) }),
};
