import { parseFormat } from '../formats/parse.ts';
import { fixedFormat, integersOf } from './formats.ts';

/** Parameters of the units whose weights are made of a few powers of two. */
export interface KhotParams {
  /** Format of the numbers. @format integer fixed @default int16 */
  a: string;
  /** Powers of two in a weight, at most. @min 1 @max 4 @default 2 */
  terms: number;
  /** Bits of an exponent: the powers are 2^0 up to 2^(2^bits − 1). @min 1 @max 4 @default 3 */
  shiftBits: number;
  /** One sign for the whole weight, or one for each power (canonical signed digits, which reach more values). @default binary */
  encoding: 'binary' | 'csd';
  /** Constant weights, one for each number: then there is no input for weights, and shifts are wires. @default [] */
  weights: readonly number[];
}

/** How weights are made of powers of two. */
export type KhotShape = Pick<KhotParams, 'terms' | 'shiftBits' | 'encoding'>;

/** One power of two: its exponent and sign. */
export interface Term {
  readonly exponent: number;
  readonly negative: boolean;
}

/** Bits of the field of one power: exponent, whether it is there, and with `csd` its sign. */
export const fieldWidth = ({ shiftBits, encoding }: KhotShape): number =>
  shiftBits + (encoding === 'csd' ? 2 : 1);

/** Bits of a weight. */
export const wordWidth = (shape: KhotShape): number =>
  shape.terms * fieldWidth(shape) + (shape.encoding === 'binary' ? 1 : 0);

/** The weight that a word stands for. */
export function decodeKhot(shape: KhotShape, word: number): number {
  const { terms, shiftBits, encoding } = shape;
  const width = fieldWidth(shape);
  let sum = 0;
  for (let t = 0; t < terms; t++) {
    const field = Math.floor(word / 2 ** (t * width)) % 2 ** width;
    if (Math.floor(field / 2 ** shiftBits) % 2 === 0) continue;
    const power = 2 ** (field % 2 ** shiftBits);
    sum += encoding === 'csd' && field >= 2 ** (shiftBits + 1) ? -power : power;
  }
  return encoding === 'binary' && word >= 2 ** (terms * width) ? 0 - sum : sum;
}

/** The word of a weight that has one: powers in falling order, those that are not needed 0. */
export function encodeKhot(shape: KhotShape, weight: number): number {
  const { shiftBits, encoding, terms } = shape;
  const powers = termsOf(encoding, weight);
  const word = powers.reduce((bits, { exponent, negative }, t) => {
    const sign = encoding === 'csd' && negative ? 2 ** (shiftBits + 1) : 0;
    return bits + (sign + 2 ** shiftBits + exponent) * 2 ** (t * fieldWidth(shape));
  }, 0);
  return encoding === 'binary' && weight < 0 ? word + 2 ** (terms * fieldWidth(shape)) : word;
}

/** The powers of two of an integer, the highest first: its binary digits, or its canonical signed digits. */
export function termsOf(encoding: KhotShape['encoding'], weight: number): Term[] {
  const terms: Term[] = [];
  let rest = Math.abs(weight);
  for (let exponent = 0; rest > 0; exponent++, rest = Math.floor(rest / 2)) {
    if (rest % 2 === 0) continue;
    // In a run of ones the lowest is −1, and the power above the run is one more.
    const down = encoding === 'csd' && rest % 4 === 3;
    terms.unshift({ exponent, negative: down !== weight < 0 });
    if (down) rest++;
    else rest--;
  }
  return terms;
}

/** Whether an integer is a weight of this shape. */
function hasWord(shape: KhotShape, weight: number): boolean {
  const terms = termsOf(shape.encoding, weight);
  return terms.length <= shape.terms && terms.every(t => t.exponent < 2 ** shape.shiftBits);
}

/** The nearest weight of this shape; of two equally near, the one of smaller magnitude. */
export function nearestKhot(shape: KhotShape, value: number): number {
  const magnitude = Math.min(Math.abs(value), shape.terms * 2 ** (2 ** shape.shiftBits - 1));
  for (let distance = 0; ; distance++) {
    const found = [magnitude - distance, magnitude + distance].find(w => w >= 0 && hasWord(shape, w));
    if (found !== undefined) return value < 0 ? 0 - found : found;
  }
}

/** The weights of words, for goldens. */
export function khotDecoder(shape: KhotShape): (word: number) => number {
  if (wordWidth(shape) > 16) return word => decodeKhot(shape, word);
  const weights = Float64Array.from({ length: 2 ** wordWidth(shape) }, (_, word) => decodeKhot(shape, word));
  return word => weights[word]!;
}

/** The largest magnitude of a word: it may name a power twice. */
function largestKhot({ terms, shiftBits }: KhotShape): bigint {
  return BigInt(terms) << (2n ** BigInt(shiftBits) - 1n);
}

/** Least and greatest sum of so many products, in units of the last bit. */
export function khotRange(p: KhotParams, lanes: number): readonly [bigint, bigint] {
  const numbers = integersOf(parseFormat(p.a));
  const most = largestKhot(p);
  const weights =
    p.weights.length > 0
      ? p.weights.map(w => [BigInt(w)])
      : Array.from({ length: lanes }, () => [-most, most]);
  let [low, high] = [0n, 0n];
  for (const of of weights) {
    const products = of.flatMap(w => numbers.map(x => x * w));
    low += products.reduce((m, x) => (x < m ? x : m));
    high += products.reduce((m, x) => (x > m ? x : m));
  }
  return [low, high];
}

/** The format that just holds such a sum. */
export function khotFormat(p: KhotParams, lanes: number): string {
  const [low, high] = khotRange(p, lanes);
  return fixedFormat(low < 0n ? low : 0n, high > 0n ? high : 0n, parseFormat(p.a).lsbExponent);
}

/** What is wrong with constant weights, for so many numbers. */
export function checkWeights(p: KhotParams, lanes: number): string[] {
  const { weights, encoding, terms } = p;
  if (weights.length === 0) return [];
  if (weights.length !== lanes)
    return [
      `--weights lists ${weights.length} constants, expected one for each of the numbers, ${lanes} in all`,
    ];
  const wrong = weights.find(w => !hasWord(p, w));
  if (wrong === undefined) return [];
  const kind = encoding === 'csd' ? 'powers of two, each with a sign' : 'powers of two with one sign';
  return [
    `the weight ${wrong} is not a sum of at most ${terms} ${kind}, up to 2^${2 ** p.shiftBits - 1}: expected one that is, and the nearest is ${nearestKhot(p, wrong)}`,
  ];
}
