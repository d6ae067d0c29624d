import {
  accumulateFloat,
  accumulateWindow,
  alignedSum as alignTerms,
  type Dot,
  type FloatingTerms,
  gatedSum,
  roundDot,
  type ScaledDot,
} from '../blocks/accumulate.ts';
import { exactOf, type Value } from '../formats/arithmetic.ts';
import { bitLength } from '../formats/exact.ts';
import { parseFormat } from '../formats/parse.ts';
import type { Format } from '../formats/types.ts';
import type { Builder } from '../hdl/builder.ts';
import type { Signal, Vector } from '../hdl/signal.ts';
import { beatsOf } from './floatBeats.ts';
import { alignedSum, exactSum, isFiniteSum, oddSum } from './goldenSum.ts';
import { type BeatsParams, defineMac } from './mac.ts';
import { FloatSum, type WindowAnswer, WindowSum } from './runningSum.ts';
import { floatSumCorners } from './sumCorners.ts';
import type { Golden, InputSignals, Ports, PortValue, Unit } from './unit.ts';

/** What the sum of a beat is given as. */
export interface ResultParams {
  /** Format of the result: `exact`, fixed point without any rounding, or a float format to which the sum is rounded once. @format float exact @default exact */
  result: string;
  /** For a float result: its rounding. @default rne */
  round: 'rne' | 'rna' | 'rtz' | 'rup' | 'rdn' | 'odd';
  /** For a float result: what becomes of a sum beyond its largest value: infinity (NaN where there is none), or the largest value. @default special */
  overflow: 'special' | 'saturate';
}

/** How the products of a beat are added, and what their sum is given as. */
export interface SumParams extends ResultParams {
  /** How the products of a beat are added: exactly, or each cut to some bits that are aligned to the largest of them. @default exact */
  accumulator: 'exact' | 'aligned';
  /** For `aligned`: bits that are kept of a product, from the highest that the largest product can have. @min 4 @max 42 @default 24 */
  alignedWidth: number;
}

/** What a running sum is kept in. */
export interface RunningParams extends BeatsParams {
  /** What the sum is kept in: a float format, rounded with each beat; a signed fixed-point format, a window that wraps; or `exact`, fixed point as wide as so many beats can make it. @format float fixed integer exact @default fp32 */
  accumulator: string;
}

/** The same, for units whose products can be aligned. */
export interface AlignedRunningParams extends RunningParams {
  /** Bits that are kept of a product, aligned to the largest of its beat, as `aligned` of the dot product does; 0 adds the products exactly. @min 0 @max 42 @default 0 */
  alignedWidth: number;
}

type Beat = Record<string, PortValue>;
type Signals = Record<string, Signal | Vector>;

/** The meaning of the terms of a beat, for goldens. */
export interface GoldenTerms<X> {
  /** Their values, each exact; NaN and infinity as in IEEE 754. */
  values(x: X): Float64Array;
  /** For `aligned`: the weight of the last bit of each significand, as a power of two; anything for a term of zero. */
  weights?(x: X): Float64Array;
}

/** What tells the dot products of this family apart: their terms. */
export interface Parts<P, X> {
  readonly id: string;
  readonly summary: string;
  /** What one beat gives. */
  readonly equations: readonly string[];
  readonly source: string;
  /** What is wrong with the operands. */
  check?(p: P): readonly string[];
  lanes(p: P): number;
  inputs(p: P): Ports['in'];
  /** The fixed-point format that just holds the exact sum of a beat. */
  sumFormat(p: P): string;
  /** Whether a term can be NaN or infinite. */
  hasSpecial(p: P): boolean;
  /** For `aligned`: bits of the largest significand that a term can have. */
  significandBits?(p: P): number;
  golden(p: P): GoldenTerms<X>;
  /** The exact sum of the terms. */
  datapath(b: Builder, x: InputSignals, p: P): Dot;
  /** For `aligned`: the terms with their exponents. */
  floatingTerms?(b: Builder, x: InputSignals, p: P): FloatingTerms;
  /** As of a unit. */
  corners?(p: P): ReturnType<NonNullable<Unit<P>['corners']>>;
}

/** How the terms become a sum: exactly where `alignedWidth` is 0. */
interface Summation extends ResultParams {
  readonly alignedWidth: number;
}

const EXACT: Summation = { result: 'exact', round: 'rne', overflow: 'special', alignedWidth: 0 };
const WIDEST_SUM = 256;

/** A stateless dot product of this family. `O` are the parameters of its operands. */
export function defineFloatDot<O, P extends O & ResultParams, X>(
  parts: Parts<O, X> & Pick<Unit<P>, 'presets'>,
): Unit<P, X> & { readonly parts: Parts<O, X> } {
  const summation = (p: P): Summation => {
    const { accumulator, alignedWidth } = p as Partial<SumParams>;
    return { ...p, alignedWidth: accumulator === 'aligned' ? alignedWidth! : 0 };
  };
  return {
    ...stateless<P, X>(parts, summation),
    parts,
    ...(parts.presets ? { presets: parts.presets } : {}),
    equations: [
      ...parts.equations,
      'y = sum, exact; invalid = a term is NaN or infinite, and then y = 0',
      'with a float --result: y = round(sum), once; a sum of zero is +0',
      ...(parts.floatingTerms ? ALIGNED : []),
    ],
  };
}

const ALIGNED = [
  'aligned: each |term| is first cut, toward zero, to a multiple of 2^(K + S − W), where W is the aligned width,',
  '2^K the largest weight of a last significand bit among the terms ≠ 0, S the bits of the largest significand',
];

/** The unit that gives the sum of one beat. */
function stateless<P, X>(parts: Parts<P, X>, summation: (p: P) => Summation): Unit<P, X> {
  const { id, summary, equations, source } = parts;
  return {
    id,
    family: 'minifloat',
    summary,
    equations,
    source,
    state: false,
    ...(parts.corners ? { corners: (p: P) => parts.corners!(p) } : {}),
    check: p => mistakes(parts, p, summation(p)),
    ports(p): Ports {
      const { result, round, overflow } = summation(p);
      if (result !== 'exact')
        return {
          in: parts.inputs(p),
          out: { y: { format: result, doc: 'the sum, rounded once', policy: { round, overflow } } },
        };
      const hasSpecial = parts.hasSpecial(p);
      const y = {
        format: parts.sumFormat(p),
        doc: `the exact sum${hasSpecial ? '; 0 where it is invalid' : ''}`,
      };
      const invalid = { format: 'uint1', doc: 'a term is NaN or infinite' };
      return { in: parts.inputs(p), out: hasSpecial ? { y, invalid } : { y } };
    },
    golden(p) {
      const { result } = summation(p);
      if (result === 'exact') return goldenExact(parts, p);
      const sum = goldenSum(parts, p, summation(p).alignedWidth, 'odd');
      return { step: x => ({ y: sum(x) }) };
    },
    datapath(b, x, p) {
      const s = summation(p);
      if (s.result !== 'exact') {
        const dot = scaledDot(b, x, parts, p, s);
        return b.scope('result', 'The sum, rounded once', () => {
          const policy = { round: s.round, overflow: s.overflow, subnormals: 'keep' } as const;
          return { y: roundDot(b, dot, parseFormat(s.result), policy) };
        });
      }
      const { sum, isSpecial, gated } = b.scope('', 'Exact sum', () => parts.datapath(b, x, p));
      if (!parts.hasSpecial(p)) return { y: sum };
      // Products of special codes may be larger than any other; without them the sum is within its format.
      const { width, signed } = parseFormat(parts.sumFormat(p));
      return { y: gatedSum({ sum, gated }, isSpecial.not()).wrap(width, signed), invalid: isSpecial };
    },
  };
}

/** A running sum of the terms of a dot product of this family. */
export function defineFloatMac<O, P extends O & RunningParams, X>({
  dot: { parts },
  id,
  summary,
  presets,
  beats,
}: Pick<Unit<P>, 'id' | 'summary' | 'presets' | 'beats'> & {
  readonly dot: { readonly parts: Parts<O, X> };
}): Unit<P, X & { first: number }> {
  const exactBeat = stateless<P, X>(parts, () => EXACT) as unknown as Unit<P>;
  const exact = defineMac<P>({ dot: exactBeat, id, summary });
  const alignedWidth = (p: P): number => (p as Partial<AlignedRunningParams>).alignedWidth ?? 0;
  const summation = (p: P): Summation => ({ ...EXACT, result: p.accumulator, alignedWidth: alignedWidth(p) });
  return {
    id,
    family: 'minifloat',
    summary,
    equations: [
      ...parts.equations,
      'float: y ← round((first ? +0 : y) + round(sum)), each rounding to nearest even',
      'fixed: y ← (first ? 0 : y) + sum, rounded to nearest even at the last bit of the window, modulo its width; overflow and nan stay set until first',
      'exact: y ← (first ? 0 : y) + sum; invalid stays set until first, and a sum that is invalid adds 0',
      ...(parts.floatingTerms ? ALIGNED : []),
    ],
    source: parts.source,
    state: true,
    ...(presets ? { presets } : {}),
    ...(beats ? { beats } : {}),
    check: p => mistakes(parts, p, summation(p), () => windowMistakes(p, parts.sumFormat(p))),
    ports(p): Ports {
      if (p.accumulator === 'exact') return exact.ports(p);
      const first = { format: 'uint1', doc: 'this beat starts a new sum, from +0' };
      const inputs = { first, ...parts.inputs(p) };
      const format = parseFormat(p.accumulator);
      if (format.float)
        return { in: inputs, out: { y: { format: format.id, doc: 'the running sum after this beat' } } };
      const y = {
        format: format.id,
        doc: 'the running sum after this beat, modulo the window',
        policy: { overflow: 'wrap' },
      } as const;
      const overflow = {
        format: 'uint1',
        doc: 'since first, the sum left the window or an infinity came in',
      };
      const nan = { format: 'uint1', doc: 'since first, a NaN came in or came out of infinities' };
      return { in: inputs, out: { y, overflow, nan } };
    },
    golden(p) {
      if (p.accumulator === 'exact') return exact.golden(p) as unknown as Golden<X & { first: number }, Beat>;
      const format = parseFormat(p.accumulator);
      if (format.float) return goldenFloat(format, goldenSum(parts, p, alignedWidth(p), 'odd'));
      return goldenWindow(format, goldenSum(parts, p, alignedWidth(p), 'exact'));
    },
    datapath(b, x, p): Signals {
      if (p.accumulator === 'exact') return exact.datapath(b, x, p);
      const beat = scaledDot(b, x, parts, p, summation(p));
      const { id: format, float, lsbExponent, width } = parseFormat(p.accumulator);
      if (float) return accumulateFloat(b, beat, x.signal('first'), format);
      return accumulateWindow(b, { lsb: lsbExponent, width }, beat, x.signal('first'));
    },
    *corners(p) {
      for (const beat of parts.corners?.(p) ?? []) {
        yield { first: 1n, ...beat };
        yield { first: 0n, ...beat };
      }
    },
    *laterCorners(p) {
      const format = p.accumulator === 'exact' ? undefined : parseFormat(p.accumulator);
      if (format?.float) yield* floatSumCorners(format, beatsOf(parts, p), beats && beats / 2);
    },
  };
}

/** Whether the products are kept with exponents instead of being placed in a fixed-point sum. */
function isFloating<P, X>(parts: Parts<P, X>, p: P, { result, alignedWidth }: Summation): boolean {
  return (
    parts.floatingTerms !== undefined && (alignedWidth > 0 || (result !== 'exact' && parts.lanes(p) === 1))
  );
}

function scaledDot<P, X>(b: Builder, x: InputSignals, parts: Parts<P, X>, p: P, s: Summation): ScaledDot {
  if (!isFloating(parts, p, s)) {
    return b.scope('', 'Exact sum', () => ({ ...parts.datapath(b, x, p), exponent: b.const(0) }));
  }
  const terms = b.scope('', 'Terms, not yet at their places', () => parts.floatingTerms!(b, x, p));
  const title =
    parts.lanes(p) === 1 ? 'Sign and magnitude of the one term' : 'Sum of the terms, aligned to the largest';
  return b.scope('', title, () => alignTerms(b, terms, s.alignedWidth || parts.significandBits!(p)));
}

function goldenExact<P, X>(parts: Parts<P, X>, p: P): Golden<X, Beat> {
  const { values } = parts.golden(p);
  const { width, lsbExponent } = parseFormat(parts.sumFormat(p));
  return {
    step(x) {
      const terms = values(x);
      return isFiniteSum(terms)
        ? { y: exactSum(terms, width, lsbExponent), invalid: 0 }
        : { y: 0, invalid: 1 };
    },
  };
}

/** The sum of a beat, by how the terms are added: exact, or for who rounds it anyway, rounded to odd where it is no double. */
function goldenSum<P, X>(
  parts: Parts<P, X>,
  p: P,
  alignedWidth: number,
  keep: 'odd' | 'exact',
): (x: X) => Value {
  const { values, weights } = parts.golden(p);
  if (alignedWidth > 0) {
    const bits = parts.significandBits!(p);
    return x => alignedSum(values(x), weights!(x), bits, alignedWidth);
  }
  const { width, lsb } = shapeOf(parts.sumFormat(p));
  if (keep === 'odd') return x => oddSum(values(x), width);
  return x => {
    const terms = values(x);
    return isFiniteSum(terms) ? exactSum(terms, width, lsb) : oddSum(terms, width);
  };
}

function goldenFloat<X>(format: Format, sum: (x: X) => Value): Golden<X & { first: number }, Beat> {
  const running = new FloatSum(format);
  return {
    reset: () => running.reset(),
    step(x) {
      if (x.first) running.reset();
      return { y: running.add(sum(x)) };
    },
  };
}

function goldenWindow<X>(
  { lsbExponent, width }: Format,
  sum: (x: X) => Value,
): Golden<X & { first: number }, Readonly<Record<keyof WindowAnswer, PortValue>>> {
  const running = new WindowSum(lsbExponent, width);
  return {
    reset: () => running.reset(),
    step(x) {
      if (x.first) running.reset();
      const term = exactOf(sum(x));
      if (term.kind === 'nan') running.addNaN();
      else if (term.kind === 'inf') running.addInfinity();
      else running.add(term.neg ? -term.mag : term.mag, term.exp);
      return running.answer;
    },
  };
}

/** Width and last bit of the id of a fixed-point format, which may be wider than formats can be. */
function shapeOf(id: string): { width: number; lsb: number } {
  const [, width, fraction] = /(\d+)(?:\.(-?\d+))?$/.exec(id)!;
  return { width: Number(width), lsb: -Number(fraction ?? 0) };
}

/** What is wrong: with the operands, else with their sum. */
function mistakes<P, X>(
  parts: Parts<P, X>,
  p: P,
  s: Summation,
  more: () => readonly string[] = () => [],
): readonly string[] {
  const ofOperands = parts.check?.(p) ?? [];
  return ofOperands.length > 0 ? ofOperands : [...sumMistakes(parts, p, s), ...more()];
}

function sumMistakes<P, X>(parts: Parts<P, X>, p: P, s: Summation): string[] {
  const { width } = shapeOf(parts.sumFormat(p));
  const found: string[] = [];
  if (s.result === 'exact' && s.alignedWidth > 0)
    found.push('a sum of aligned products has no fixed last bit: it needs a float format in place of exact');
  const needsSum = !isFloating(parts, p, s);
  if (needsSum && width > WIDEST_SUM) {
    const otherwise = parts.floatingTerms
      ? ' align the products, or use one lane and a float result'
      : ' take formats with fewer exponent bits';
    found.push(`the exact sum has ${width} bits, more than the ${WIDEST_SUM} that are built:${otherwise}`);
  }
  return [...found, ...resultMistakes(s.result, parts.hasSpecial(p))];
}

function resultMistakes(result: string, hasSpecial: boolean): string[] {
  if (result === 'exact') return [];
  const { id, float, signed, width, canonicalNaN } = parseFormat(result);
  if (!float) return [];
  if (width > 32) return [`a sum is rounded to a format of at most 32 bits, not to the ${width} of ${id}`];
  if (!signed) return [`a sum can be negative, and ${id} has no sign`];
  if (hasSpecial && canonicalNaN === undefined)
    return [`a product can be NaN or infinite, and ${id} has no code for NaN`];
  return [];
}

/** The window of a fixed-point accumulator. */
function windowMistakes({ accumulator, beats }: RunningParams, sumFormat: string): string[] {
  if (accumulator === 'exact') {
    const width = shapeOf(sumFormat).width + Math.ceil(Math.log2(beats));
    return width > WIDEST_SUM && shapeOf(sumFormat).width <= WIDEST_SUM
      ? [
          `the exact sum of ${beats} beats has ${width} bits, more than the ${WIDEST_SUM} that are built: take fewer beats`,
        ]
      : [];
  }
  const { id, float, signed, width } = parseFormat(accumulator);
  if (float || (signed && width >= 2)) return [];
  return [`a window is signed and has at least 2 bits; ${id} is not: for example fix48.24`];
}

/** Widest operand of these units: the product of two is a double. */
const WIDEST_OPERAND = 16;
/** Exponents of the values of an operand. */
const FARTHEST = 250;

/** What is wrong with an operand format. */
export function operandMistakes(flag: string, id: string): string[] {
  const { width, lsbExponent, max } = parseFormat(id);
  if (width > WIDEST_OPERAND)
    return [`--${flag} ${id} has ${width} bits, and an operand has at most ${WIDEST_OPERAND}`];
  const top = max.kind === 'finite' ? bitLength(max.mag) + max.exp : 0;
  if (lsbExponent < -FARTHEST || top > FARTHEST)
    return [
      `--${flag} ${id} reaches from 2^${lsbExponent} to 2^${top}, and an operand stays between 2^-${FARTHEST} and 2^${FARTHEST}`,
    ];
  return [];
}

/** Whether a format has codes of NaN or infinity. */
export function hasSpecialCodes(id: string): boolean {
  const { float } = parseFormat(id);
  return float !== undefined && (float.nan.kind !== 'none' || float.infinityCode !== undefined);
}
