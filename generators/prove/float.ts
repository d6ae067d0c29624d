import type { FloatLayout, Format, Overflow, Round } from '../formats/types.ts';
import {
  and,
  type Bits,
  type Bool,
  bitOf,
  chooseBool,
  compare,
  constant,
  FALSE,
  isConstant,
  join,
  not,
  or,
  type Script,
  slice,
} from './smt.ts';

/**
 * Floating-point numbers in SMT-LIB's own theory of them, for the formats of this project. A format that is one of IEEE 754 is a
 * sort of the theory. Of any other, each value is a number of a somewhat wider sort; arithmetic takes place in sorts that
 * hold its results exactly, and rounding in one with the precision of the result and its smallest exponent, but more room above.
 */

/** `(_ FloatingPoint eb sb)`: bits of the exponent, and of the significand with the hidden one. */
interface Sort {
  readonly eb: number;
  readonly sb: number;
}

/** A number of the theory that stands for `term · 2^scale`; its finite values are multiples of 2^low, below 2^high. */
export interface Real {
  readonly term: string;
  readonly sort: Sort;
  readonly scale: number;
  readonly low: number;
  readonly high: number;
  /** Most significant bits that a value has. */
  readonly precision: number;
}

/** What cannot be said in SMT-LIB; the message says what, and what to do instead. */
export class NotStatable extends Error {
  override readonly name = 'NotStatable';
}

/** The roundings of the theory. */
const MODES: Partial<Record<Round, string>> = { rne: 'RNE', rna: 'RNA', rtz: 'RTZ', rup: 'RTP', rdn: 'RTN' };

export interface Rounding {
  readonly round: Round;
  readonly overflow: Overflow;
  readonly subnormals: 'keep' | 'flush';
}

const sortText = ({ eb, sb }: Sort): string => `(_ FloatingPoint ${eb} ${sb})`;
const bool = (truth: string): Bool => ({ truth });
const biasOf = (eb: number): number => 2 ** (eb - 1) - 1;

const isNotNumber = (x: Real): Bool => bool(`(fp.isNaN ${x.term})`);
const isInfinite = (x: Real): Bool => bool(`(fp.isInfinite ${x.term})`);
const isZero = (x: Real): Bool => bool(`(fp.isZero ${x.term})`);
const isNegative = (x: Real): Bool => bool(`(fp.isNegative ${x.term})`);

/**
 * Whether Z3 may be asked for operations in a sort. Where the significand is wide for the exponent, it rounds subnormal numbers
 * wrongly (a distance that is cut off does not fit its field): from sb + 2 = 2^(eb + 1) on. This keeps a bit away from there.
 */
function isTrusted(eb: number, sb: number): boolean {
  return sb + 2 < 2 ** eb;
}

/** Whether the codes of a format are those of a sort: infinities and NaN in the top binade, and the usual bias. */
export function isIeee({ exponentBits: e, mantissaBits: m, bias, infinityCode, nan }: FloatLayout): boolean {
  return (
    m >= 1 &&
    isTrusted(e, m + 1) &&
    bias === biasOf(e) &&
    infinityCode === ((1n << BigInt(e)) - 1n) << BigInt(m) &&
    nan.kind === 'above' &&
    nan.from === infinityCode + 1n
  );
}

function layoutOf(format: Format): FloatLayout {
  if (!format.float) throw new Error(`${format.id} is no float`);
  return format.float;
}

/**
 * The sort in which codes of the format are read: its own for IEEE 754; else one with more bits of exponent, so that no code has the
 * all-ones exponent of that sort. Numbers without mantissa bits get one of value 0, as the theory has no significand of one bit.
 */
function readingSort(layout: FloatLayout): Sort {
  const { exponentBits: e, mantissaBits: m } = layout;
  if (isIeee(layout)) return { eb: e, sb: m + 1 };
  const sb = Math.max(m, 1) + 1;
  let eb = e + 1;
  while (!isTrusted(eb, sb)) eb++;
  return { eb, sb };
}

/** A code without its special meanings as a number of the reading sort. */
function fields(format: Format, code: Bits): Bits {
  const layout = layoutOf(format);
  const { exponentBits: e, mantissaBits: m } = layout;
  const sign = format.signed ? slice(code, e + m, e + m) : constant(0, 1);
  const magnitude = slice(code, e + m - 1, 0);
  if (isIeee(layout)) return join(sign, magnitude);
  const above = constant(0, readingSort(layout).eb - e);
  return join(sign, above, magnitude, ...(m === 0 ? [constant(0, 1)] : []));
}

/** The number that a code means. With `flush`, subnormal numbers mean the zero of their sign. */
export function decode(
  s: Script,
  name: string,
  format: Format,
  code: Bits,
  subnormals: 'keep' | 'flush',
): Real {
  const layout = layoutOf(format);
  const { exponentBits: e, mantissaBits: m, bias, infinityCode, nan } = layout;
  const sort = readingSort(layout);
  const scale = biasOf(sort.eb) - bias;
  const field = slice(code, e + m - 1, m);
  const magnitude = slice(code, e + m - 1, 0);
  const all = fields(format, code);
  const flushed =
    subnormals === 'flush' && m > 0
      ? {
          ...all,
          text: `(ite ${isConstant(field, 0).truth} ${join(slice(all, all.width - 1, all.width - 1), constant(0, all.width - 1)).text} ${all.text})`,
        }
      : all;
  let text = `((_ to_fp ${sort.eb} ${sort.sb}) ${flushed.text})`;
  if (!isIeee(layout)) {
    const constants = `${sort.eb} ${sort.sb}`;
    if (infinityCode !== undefined) {
      const infinite = isConstant(magnitude, infinityCode).truth;
      const negative = format.signed ? bitOf(code, e + m) : FALSE;
      text = `(ite ${infinite} (ite ${negative.truth} (_ -oo ${constants}) (_ +oo ${constants})) ${text})`;
    }
    const none: Bool =
      nan.kind === 'above'
        ? compare('bvuge', magnitude, constant(nan.from, e + m))
        : nan.kind === 'negative-zero'
          ? isConstant(code, 1n << BigInt(e + m))
          : FALSE;
    if (nan.kind !== 'none') text = `(ite ${none.truth} (_ NaN ${constants}) ${text})`;
  }
  const term = s.defineTerm(name, sortText(sort), text);
  // Exponents in the scale of the sort; the top binade of other formats than those of IEEE 754 has numbers.
  const low = 1 - biasOf(sort.eb) - m;
  const top = Number(layout.maxFiniteCode >> BigInt(m));
  const high = Math.max(top, 1) - biasOf(sort.eb) + 1;
  return { term, sort, scale, low, high, precision: m + 1 };
}

/**
 * The smallest sort in which all multiples of 2^low below 2^high with so many significant bits are normal numbers. Its
 * significand is no narrower than its exponent, as Z3 does not add otherwise.
 */
function exactSort(low: number, high: number, precision: number): Sort {
  let eb = 2;
  while (1 - biasOf(eb) > low || biasOf(eb) < high || !isTrusted(eb, Math.max(precision, eb))) eb++;
  return { eb, sb: Math.max(precision, eb) };
}

/** The same number in a sort that holds it exactly. */
function widened(x: Real, sort: Sort): Real {
  if (x.sort.eb === sort.eb && x.sort.sb === sort.sb) return x;
  return { ...x, term: `((_ to_fp ${sort.eb} ${sort.sb}) RNE ${x.term})`, sort };
}

/**
 * The number as a term of the sort of a format, if the format is one of IEEE 754 that holds it exactly and in which Z3 has
 * all operations.
 */
export function inSortOf(format: Format, x: Real): string | undefined {
  const layout = layoutOf(format);
  const { exponentBits: e, mantissaBits: m, bias } = layout;
  if (!isIeee(layout) || e > m + 1 || x.scale !== 0) return undefined;
  const fits = x.precision <= m + 1 && x.low >= 1 - bias - m && x.high <= bias + 1;
  return fits ? widened(x, { eb: e, sb: m + 1 }).term : undefined;
}

/** A power of two as a normal number of a sort. */
function power(exponent: number, { eb, sb }: Sort): string {
  const field = exponent + biasOf(eb);
  if (field < 1 || field > 2 * biasOf(eb))
    throw new Error(`2^${exponent} is no normal number of ${eb} ${sb}`);
  return `(fp #b0 ${constant(field, eb).text} ${constant(0, sb - 1).text})`;
}

/** The same number with another scale: an exact product with a power of two. */
function rescaled(s: Script, x: Real, scale: number): Real {
  const shift = x.scale - scale;
  if (shift === 0) return x;
  const [low, high] = [x.low + shift, x.high + shift];
  const sort = exactSort(Math.min(x.low, low, shift), Math.max(x.high, high, shift + 1), x.precision);
  const term = `(fp.mul RNE ${widened(x, sort).term} ${power(shift, sort)})`;
  return { ...x, term: s.defineTerm('scaled', sortText(sort), term), sort, scale, low, high };
}

export function product(s: Script, a: Real, b: Real): Real {
  const [low, high, precision] = [a.low + b.low, a.high + b.high, a.precision + b.precision];
  const sort = exactSort(Math.min(low, a.low, b.low), Math.max(high, a.high, b.high), precision);
  const text = `(fp.mul RNE ${widened(a, sort).term} ${widened(b, sort).term})`;
  const term = s.defineTerm('product', sortText(sort), text);
  return { term, sort, scale: a.scale + b.scale, low, high, precision };
}

/** The exact sum; a sum of zero has the sign that IEEE 754 gives it when sums are rounded that way. */
export function sum(s: Script, a: Real, b: Real, round: Round): Real {
  const scale = Math.max(a.scale, b.scale);
  const [x, y] = [rescaled(s, a, scale), rescaled(s, b, scale)];
  const [low, high] = [Math.min(x.low, y.low), Math.max(x.high, y.high) + 1];
  const sort = exactSort(low, high, high - low);
  const text = `(fp.add ${MODES[round] ?? 'RNE'} ${widened(x, sort).term} ${widened(y, sort).term})`;
  return { term: s.defineTerm('sum', sortText(sort), text), sort, scale, low, high, precision: high - low };
}

export const negated = (a: Real): Real => ({ ...a, term: `(fp.neg ${a.term})` });

/** One of two numbers of the same scale and sort. */
export function chosen(condition: Bool, yes: Real, no: Real): Real {
  return { ...yes, term: `(ite ${condition.truth} ${yes.term} ${no.term})` };
}

/** An integer, times 2^lsb. */
export function fromInteger(s: Script, integer: Bits, signed: boolean, lsb: number): Real {
  const width = integer.width;
  const sort = exactSort(0, width, width);
  const conversion = signed ? 'to_fp' : 'to_fp_unsigned';
  const term = s.defineTerm(
    'number',
    sortText(sort),
    `((_ ${conversion} ${sort.eb} ${sort.sb}) RNE ${integer.text})`,
  );
  return { term, sort, scale: lsb, low: 0, high: width, precision: width };
}

/** The same number, or NaN or an infinity where said. */
export function orSpecial(s: Script, x: Real, when: { nan: Bool; positive: Bool; negative: Bool }): Real {
  const { eb, sb } = x.sort;
  const of = (name: string): string => `(_ ${name} ${eb} ${sb})`;
  const text = `(ite ${when.nan.truth} ${of('NaN')} (ite ${when.positive.truth} ${of('+oo')} (ite ${when.negative.truth} ${of('-oo')} ${x.term})))`;
  return { ...x, term: s.defineTerm('value', sortText(x.sort), text) };
}

/** Whether finite values of a sign that are too large become infinity or NaN: those that are not rounded toward zero. */
function leaves(round: Round, overflow: Overflow, negative: boolean): boolean {
  if (overflow !== 'special') return false;
  if (round === 'rne' || round === 'rna') return true;
  return negative ? round === 'rdn' : round === 'rup';
}

/** The codes that stand for what is no finite number. */
function specialCodes(format: Format): Record<
  'finite' | 'special' | 'zero',
  (negative: boolean) => bigint
> & {
  nan: bigint;
} {
  const {
    exponentBits: e,
    mantissaBits: m,
    maxFiniteCode,
    infinityCode,
    nan,
    negativeZero,
  } = layoutOf(format);
  const sign = 1n << BigInt(e + m);
  const canonical =
    nan.kind === 'none'
      ? undefined
      : nan.kind === 'negative-zero'
        ? sign
        : format.signed && infinityCode !== undefined
          ? infinityCode + (1n << BigInt(m - 1))
          : nan.from;
  const finite = (negative: boolean): bigint =>
    negative ? (format.signed ? sign + maxFiniteCode : 0n) : maxFiniteCode;
  return {
    finite,
    special: negative =>
      infinityCode === undefined
        ? (canonical ?? finite(negative))
        : negative
          ? format.signed
            ? sign + infinityCode
            : (canonical ?? 0n)
          : infinityCode,
    zero: negative => (negative && negativeZero && format.signed ? sign : 0n),
    nan: canonical ?? maxFiniteCode,
  };
}

/** The result of an operation of IEEE 754 in the sort of its operands, by rounding mode: the theory rounds by itself. */
export type NativeResult = (mode: string) => string;

/**
 * Whether `y` is the code of `x` rounded once to the format. `native` is the same number as a function of the rounding, where the
 * theory has the whole operation in the format itself.
 */
export function isRounded(
  s: Script,
  y: Bits,
  format: Format,
  x: Real | { readonly native: NativeResult },
  { round, overflow, subnormals }: Rounding,
): Bool {
  const layout = layoutOf(format);
  const { mantissaBits: m, bias, maxFiniteCode } = layout;
  if (m === 0)
    throw new NotStatable(`${format.id} has no mantissa bits, and SMT-LIB no significand of a single bit`);
  if (round !== 'odd' && MODES[round] === undefined)
    throw new NotStatable(`SMT-LIB has no rounding ${round} of floating-point numbers`);

  // The precision of the format and its smallest exponent; above that, the format itself ends where its policy says.
  const sort = readingSort(layout);
  const exact = 'native' in x ? undefined : rescaled(s, x, biasOf(sort.eb) - bias);
  const rounded = (mode: string): Real => {
    const text = 'native' in x ? x.native(mode) : `((_ to_fp ${sort.eb} ${sort.sb}) ${mode} ${exact!.term})`;
    const term = s.defineTerm(`rounded_${mode}`, sortText(sort), text);
    return { term, sort, scale: 0, low: 0, high: 0, precision: m + 1 };
  };
  const codes = specialCodes(format);
  const bySign = (negative: Bool, code: (negative: boolean) => bigint): Bool =>
    chooseBool(negative, isConstant(y, code(true)), isConstant(y, code(false)));
  const read = (code: Bits): string => `((_ to_fp ${sort.eb} ${sort.sb}) ${fields(format, code).text})`;
  const means = (r: Real): Bool => {
    const isSame = bool(`(= ${read(y)} ${r.term})`);
    if (format.signed && layout.negativeZero) return isSame;
    return chooseBool(isZero(r), isConstant(y, 0), isSame);
  };

  // Rounded to odd: of the two neighbours of an inexact value, the odd one. Zeros of either sign are the same neighbour.
  const isOdd = round === 'odd';
  const r = rounded(isOdd ? 'RTZ' : MODES[round]!);
  const neighbours = isOdd ? [rounded('RTN'), rounded('RTP')] : [r];
  const either = (test: (z: Real) => Bool): Bool => or(...neighbours.map(test));
  const isInexact = isOdd ? not(bool(`(fp.eq ${neighbours.map(z => z.term).join(' ')})`)) : FALSE;
  const negative = isNegative(r);
  const kept = overflow === 'special' ? codes.special : codes.finite;
  const beyond = (isBelow: boolean): bigint =>
    codes[leaves(round, overflow, isBelow) ? 'special' : 'finite'](isBelow);

  let holds = isOdd ? chooseBool(isInexact, and(bitOf(y, 0), either(means)), means(r)) : means(r);
  if (isIeee(layout)) {
    // The sort ends where the format does, and the theory has decided what becomes infinite.
    if (isOdd) holds = chooseBool(and(isInexact, either(isInfinite)), bySign(negative, codes.finite), holds);
    holds = chooseBool(and(isInfinite(r), not(isInexact)), bySign(negative, kept), holds);
  } else {
    const largest = read(constant(maxFiniteCode, format.width));
    const isLarge = (z: Real): Bool => bool(`(fp.gt (fp.abs ${z.term}) ${largest})`);
    holds = chooseBool(either(isLarge), bySign(negative, beyond), holds);
    if (!format.signed) holds = chooseBool(and(negative, not(isZero(r))), isConstant(y, beyond(true)), holds);
    holds = chooseBool(isInfinite(exact!), bySign(negative, kept), holds);
  }
  if (subnormals === 'flush') {
    const vanishes = (cut: Real): Bool => and(isZero(cut), or(not(isZero(r)), isInexact));
    const small = exact ? belowPower(exact, 1 - biasOf(sort.eb)) : belowNormal(rounded('RTZ'), vanishes);
    holds = chooseBool(small, bySign(negative, codes.zero), holds);
  }
  return chooseBool(isNotNumber(r), isConstant(y, codes.nan), holds);
}

/** Whether a number that is not zero is below 2^exponent in magnitude. */
function belowPower(x: Real, exponent: number): Bool {
  if (exponent <= x.low) return FALSE;
  if (exponent >= x.high) return not(or(isZero(x), isNotNumber(x), isInfinite(x)));
  const sort = exactSort(Math.min(x.low, exponent), Math.max(x.high, exponent + 1), x.precision);
  const wide = widened(x, sort);
  return and(not(isZero(x)), bool(`(fp.lt (fp.abs ${wide.term}) ${power(exponent, sort)})`));
}

/** The same of a value that is known by its roundings in the format: cut toward zero, it is subnormal or vanishes. */
function belowNormal(cut: Real, vanishes: (cut: Real) => Bool): Bool {
  return or(bool(`(fp.isSubnormal ${cut.term})`), vanishes(cut));
}
