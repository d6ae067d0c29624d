import type { Format } from '../formats/types.ts';
import {
  chosen,
  decode,
  fromInteger,
  inSortOf,
  isRounded,
  type NativeResult,
  NotStatable,
  negated,
  orSpecial,
  product,
  type Real,
  type Rounding,
  sum,
} from './float.ts';
import { fixedOf, fixedProduct, fromCode, type Integer, limited, rounded, times, total } from './integer.ts';
import {
  and,
  type Bits,
  type Bool,
  binary,
  bitOf,
  choose,
  chooseBool,
  compare,
  constant,
  equal,
  FALSE,
  isConstant,
  not,
  or,
  resize,
  slice,
  unary,
} from './smt.ts';
import type { Part, Statement, Subject } from './statement.ts';

const truth = (text: string): Bool => ({ truth: text });

function rounding({ params }: Subject): Rounding {
  const { round, overflow, subnormals = 'keep' } = params as unknown as Rounding;
  return { round, overflow, subnormals };
}

function operand(x: Subject, port: string): Real {
  return decode(x.script, `${port}_value`, x.format(port), x.code(port), rounding(x).subnormals);
}

/**
 * The operation in the theory itself, where the result's format is a sort that holds the operands: then it also rounds. Undefined
 * elsewhere, and where the exponent is the wider field, for which Z3 has no addition.
 */
function native(
  x: Subject,
  operation: string,
  operands: readonly Real[],
): { native: NativeResult } | undefined {
  const inside = operands.map(operand => inSortOf(x.format('y'), operand));
  if (!inside.every(term => term !== undefined)) return undefined;
  return { native: mode => `(${operation} ${mode} ${inside.join(' ')})` };
}

const withPolicy = (words: string, p: Readonly<Record<string, unknown>>): string =>
  `y is ${words}, rounded once (${p.round}; overflow: ${p.overflow}${p.subnormals === 'flush' ? '; subnormals flushed' : ''}), by SMT-LIB FloatingPoint`;

export const convert: Statement = {
  words: p => withPolicy('x', p),
  holds: x => ({ y: isRounded(x.script, x.code('y'), x.format('y'), operand(x, 'x'), rounding(x)) }),
};

export const multiply: Statement = {
  words: p => {
    if (p.result !== 'exact') return withPolicy('a·b', p);
    return `${p.signApart ? '±y' : 'y'} is a·b, exact, by integer arithmetic`;
  },
  holds(x) {
    const s = x.script;
    if (x.params.result === 'exact') return exactSum(x, [['a', 'b']]);
    const [a, b] = [operand(x, 'a'), operand(x, 'b')];
    const value = native(x, 'fp.mul', [a, b]) ?? product(s, a, b);
    return { y: isRounded(s, x.code('y'), x.format('y'), value, rounding(x)) };
  },
};

export const add: Statement = {
  words: p =>
    withPolicy(
      { add: 'a + b', sub: 'a − b', addsub: 'a + b, or a − b where subtract' }[p.operation as string]!,
      p,
    ),
  holds(x) {
    const s = x.script;
    const [a, second] = [operand(x, 'a'), operand(x, 'b')];
    const b =
      x.params.operation === 'sub'
        ? negated(second)
        : x.params.operation === 'addsub'
          ? chosen(isConstant(x.code('subtract'), 1), negated(second), second)
          : second;
    const value = native(x, 'fp.add', [a, b]) ?? sum(s, a, b, rounding(x).round);
    return { y: isRounded(s, x.code('y'), x.format('y'), value, rounding(x)) };
  },
  parts: x => byDistance(x, ['a'], ['b']),
};

export const multiplyAdd: Statement = {
  words: p => withPolicy('a·b + c', p),
  holds(x) {
    const s = x.script;
    const [a, b, c] = [operand(x, 'a'), operand(x, 'b'), operand(x, 'c')];
    const value = native(x, 'fp.fma', [a, b, c]) ?? sum(s, product(s, a, b), c, rounding(x).round);
    return { y: isRounded(s, x.code('y'), x.format('y'), value, rounding(x)) };
  },
  parts: x => byDistance(x, ['a', 'b'], ['c']),
};

export const comparison: Statement = {
  words: p =>
    `less, equal, min and max are those of a and b (NaN: ${p.nan === 'number' ? 'the other operand' : 'NaN'}), by SMT-LIB FloatingPoint`,
  holds(x) {
    const format = x.format('a');
    const read = (port: string): string =>
      decode(x.script, `${port}_value`, format, x.code(port), 'keep').term;
    const [a, b] = [read('a'), read('b')];
    const isNotNumber = (v: string): Bool => truth(`(fp.isNaN ${v})`);
    const less = truth(`(fp.lt ${a} ${b})`);
    const same = truth(`(fp.eq ${a} ${b})`);
    const isLess = or(less, and(same, truth(`(fp.isNegative ${a})`)));
    const flag = (port: string, value: Bool): Bool =>
      chooseBool(value, isConstant(x.code(port), 1), isConstant(x.code(port), 0));
    const [none, one, other] = [or(isNotNumber(a), isNotNumber(b)), x.code('a'), x.code('b')];
    const extreme = (port: string, isFirst: Bool): Bool => {
      const y = x.code(port);
      const canonical = format.canonicalNaN === undefined ? FALSE : isConstant(y, format.canonicalNaN);
      const answer =
        x.params.nan === 'number'
          ? chooseBool(
              and(isNotNumber(a), isNotNumber(b)),
              canonical,
              equal(y, choose(isNotNumber(a), other, one)),
            )
          : canonical;
      return chooseBool(none, answer, equal(y, choose(isFirst, one, other)));
    };
    return {
      less: flag('less', less),
      equal: flag('equal', same),
      min: extreme('min', isLess),
      max: extreme('max', not(isLess)),
      ...(x.has('unordered') ? { unordered: flag('unordered', none) } : {}),
    };
  },
};

export const fromFixed: Statement = {
  words: p => withPolicy('x', p),
  holds(x) {
    const { signed, lsbExponent } = x.format('x');
    const value = fromInteger(x.script, x.code('x'), signed, lsbExponent);
    return { y: isRounded(x.script, x.code('y'), x.format('y'), value, rounding(x)) };
  },
};

/** What a code of a float is that is no number. */
function classes(format: Format, code: Bits): { nan: Bool; infinite: Bool; negative: Bool } {
  const { exponentBits: e, mantissaBits: m, infinityCode, nan } = format.float!;
  const magnitude = slice(code, e + m - 1, 0);
  return {
    nan:
      nan.kind === 'above'
        ? compare('bvuge', magnitude, constant(nan.from, e + m))
        : nan.kind === 'negative-zero'
          ? isConstant(code, 1n << BigInt(e + m))
          : FALSE,
    infinite: infinityCode === undefined ? FALSE : isConstant(magnitude, infinityCode),
    negative: format.signed ? bitOf(code, e + m) : FALSE,
  };
}

const NO_SPECIAL = { nan: FALSE, infinite: FALSE, negative: FALSE };

export const toFixed: Statement = {
  words: p => `y is x, rounded (${p.round}) and limited (${p.overflow}), by integer arithmetic`,
  holds(x) {
    const { script: s, params } = x;
    const [from, to, code] = [x.format('x'), x.format('y'), x.code('x')];
    const { round, overflow, subnormals } = rounding(x);
    const { nan, infinite, negative } = classes(from, code);
    const { exponentBits: e, mantissaBits: m } = from.float!;
    const exact = fixedOf(s, from, code);
    const isFlushed = subnormals === 'flush' ? isConstant(slice(code, e + m - 1, m), 0) : FALSE;
    const value = { ...exact, bits: choose(isFlushed, constant(0, exact.bits.width), exact.bits) };
    const random = params.round === 'stochastic' ? x.code('rnd') : undefined;
    const number = limited(s, rounded(s, value, to.lsbExponent, round, random), to, overflow);
    const max = (1n << BigInt(to.signed ? to.width - 1 : to.width)) - 1n;
    const least = to.signed ? (overflow === 'satsym' ? -max : -max - 1n) : 0n;
    const isLost = overflow === 'wrap' || overflow === 'satzero';
    const top = constant(isLost ? 0 : max, to.width);
    const bottom = constant(isLost ? 0 : least, to.width);
    const special = choose(and(infinite, negative, not(nan)), bottom, top);
    return { y: equal(x.code('y'), choose(or(nan, infinite), special, number)) };
  },
};

/** A code of any format as an exact number, and what it is if it is none. */
function exactly(
  x: Subject,
  port: string,
  code: Bits,
): { value: Integer; special: ReturnType<typeof classes> } {
  const format = x.format(port);
  return format.float
    ? { value: fixedOf(x.script, format, code), special: classes(format, code) }
    : { value: fromCode(format, code), special: NO_SPECIAL };
}

type Operand = readonly [port: string, code: Bits, value: Integer];

function exactProduct(x: Subject, [first, a, left]: Operand, [second, b, right]: Operand): Integer {
  const [f, g] = [x.format(first), x.format(second)];
  return f.float && g.float ? fixedProduct(x.script, [f, a], [g, b]) : times(x.script, left, right);
}

interface Term {
  readonly value: Integer;
  readonly nan: Bool;
  readonly positive: Bool;
  readonly negative: Bool;
}

/** The products of all lanes of pairs of ports, exact. */
function productsOf(x: Subject, pairs: readonly (readonly [string, string])[]): Term[] {
  return pairs.flatMap(([first, second]) => {
    const others = x.lanes(second);
    return x.lanes(first).map((code, i): Term => {
      const [a, b] = [exactly(x, first, code), exactly(x, second, others[i]!)];
      const [p, q] = [a.special, b.special];
      const isZero = ({ value, special }: typeof a): Bool =>
        and(isConstant(value.bits, 0), not(special.nan), not(special.infinite));
      const sign = (c: typeof a, infinity: Bool): Bool =>
        chooseBool(infinity, c.special.negative, bitOf(c.value.bits, c.value.bits.width - 1));
      const infinite = or(p.infinite, q.infinite);
      const isNegative = not(truth(`(= ${sign(a, p.infinite).truth} ${sign(b, q.infinite).truth})`));
      return {
        value: exactProduct(x, [first, code, a.value], [second, others[i]!, b.value]),
        nan: or(p.nan, q.nan, and(p.infinite, isZero(b)), and(q.infinite, isZero(a))),
        positive: and(infinite, not(isNegative)),
        negative: and(infinite, isNegative),
      };
    });
  });
}

/** `y` is the exact sum of the products; where a term is no number, `invalid` is set and `y` is 0. */
function exactSum(x: Subject, pairs: readonly (readonly [string, string])[]): Record<string, Bool> {
  const terms = productsOf(x, pairs);
  const value = total(
    x.script,
    terms.map(t => t.value),
  );
  const y = x.code('y');
  const { lsbExponent } = x.format('y');
  if (value.lsb !== lsbExponent)
    throw new Error(`the sum ends at 2^${value.lsb}, its port at 2^${lsbExponent}`);
  if (!x.has('invalid')) return { y: sameNumber(x, value, y), ...signOf(x) };
  const invalid = x.script.defineBool(
    'is_invalid',
    or(...terms.flatMap(t => [t.nan, t.positive, t.negative])),
  );
  return {
    y: chooseBool(invalid, isConstant(y, 0), sameNumber(x, value, y)),
    invalid: chooseBool(invalid, isConstant(x.code('invalid'), 1), isConstant(x.code('invalid'), 0)),
    ...signOf(x, invalid),
  };
}

/** Whether an output is a number: all bits of both, so that an output that is too narrow is found. */
function sameNumber(x: Subject, value: Integer, y: Bits): Bool {
  const { bits } = fromCode(x.format('y'), y);
  const width = Math.max(bits.width, value.bits.width) + 1;
  const magnitude = resize(bits, width, true);
  const number = x.has('negative')
    ? choose(isConstant(x.code('negative'), 1), unary('bvneg', magnitude), magnitude)
    : magnitude;
  return equal(number, resize(value.bits, width, true));
}

/** What holds of the sign of a product that has one of its own: zeros have one too, what is no number has none. */
function signOf(x: Subject, invalid: Bool = FALSE): Record<string, Bool> {
  if (!x.has('negative')) return {};
  const sign = (port: string): Bool => {
    const { width, signed } = x.format(port);
    return signed ? bitOf(x.code(port), width - 1) : FALSE;
  };
  const [a, b] = [sign('a'), sign('b')];
  const differ = or(and(a, not(b)), and(not(a), b));
  return {
    negative: chooseBool(
      and(differ, not(invalid)),
      isConstant(x.code('negative'), 1),
      isConstant(x.code('negative'), 0),
    ),
  };
}

export const dot: Statement = {
  words: p =>
    p.result === 'exact'
      ? 'y is Σ a[i]·b[i], exact, by integer arithmetic; invalid where a term is no number'
      : withPolicy('Σ a[i]·b[i], exact by integer arithmetic', p),
  holds(x) {
    const { script: s, params } = x;
    if (params.accumulator !== 'exact')
      throw new NotStatable('a sum of aligned products has no statement yet');
    const pairs = [['a', 'b']] as const;
    if (params.result === 'exact') return exactSum(x, pairs);
    const terms = productsOf(x, pairs);
    const value = total(
      s,
      terms.map(t => t.value),
    );
    const [positive, negative] = [or(...terms.map(t => t.positive)), or(...terms.map(t => t.negative))];
    const nan = or(...terms.map(t => t.nan), and(positive, negative));
    const number = fromInteger(s, value.bits, true, value.lsb);
    const result = orSpecial(s, number, { nan, positive, negative });
    return { y: isRounded(s, x.code('y'), x.format('y'), result, { ...rounding(x), subnormals: 'keep' }) };
  },
};

/** From so many input bits on, a sum is proved for each distance of the exponents apart. */
const HARD = 24;

/**
 * Sums by the distance of their exponents: with that fixed, alignment is a constant shift. `left` and `right` are the ports whose
 * exponent fields are added up on each side.
 */
function byDistance(x: Subject, left: readonly string[], right: readonly string[]): Part[] {
  const ports = [...left, ...right];
  const bits = ports.reduce((n, port) => n + x.format(port).width, 0);
  if (bits < HARD) return [];
  const widest = Math.max(...ports.map(port => x.format(port).float!.exponentBits)) + 2;
  const exponent = (port: string): Bits => {
    const { exponentBits: e, mantissaBits: m } = x.format(port).float!;
    const field = slice(x.code(port), e + m - 1, m);
    return resize(choose(isConstant(field, 0), constant(1, e), field), widest, false);
  };
  const side = (all: readonly string[]): Bits => all.map(exponent).reduce((p, q) => binary('bvadd', p, q));
  const biases = (all: readonly string[]): number =>
    all.reduce((n, port) => n + x.format(port).float!.bias, 0);
  const offset = biases(left) - biases(right);
  const distance = x.script.define(
    'distance',
    binary('bvsub', binary('bvsub', side(left), side(right)), constant(offset, widest)),
  );
  const significand = Math.max(...ports.map(port => x.format(port).float!.mantissaBits)) + 4;
  const far = left.length > 1 ? 2 * significand : significand;
  const within = Array.from({ length: 2 * far + 1 }, (_, i) => i - far);
  return within.map(d => ({ name: `exponents ${d} apart`, when: isConstant(distance, d) }));
}
