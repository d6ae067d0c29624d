import type { DesignPort } from '../generators/emit/design.ts';
import type { Format } from '../generators/formats/types.ts';
import { writeCode } from './codec.ts';
import { closeCodes, codesOfBits, fewLanes, moodOf, relatedCodes } from './moods.ts';
import type { Random } from './random.ts';

/** A code, as `writeCode` takes it: a plain number for formats of at most 32 bits, else a BigInt. */
export type Code = number | bigint;

const isNarrow = (format: Format): boolean => format.width <= 32;

/** Codes of a format, in that form. */
export function codeList(format: Format, codes: readonly bigint[]): readonly Code[] {
  return isNarrow(format) ? codes.map(Number) : codes;
}

/** Fills a port's words, which are zero before, in a manner of 32 random bits, and a mood that several beats have in common. */
export type Filler = (records: Uint32Array, base: number, manner: number, mood: number) => void;

/**
 * Fills one port in the mood of all ports, or in one of several manners, chosen by four bits of the beat's manner so that ports
 * vary together and apart.
 */
export function randomFiller(
  { format, lanes, width }: DesignPort,
  offset: number,
  corners: readonly Code[],
  random: Random,
): Filler {
  const words = Math.ceil(width / 32);
  const tail = width % 32 === 0 ? 0xffffffff : ((1 << (width % 32)) - 1) >>> 0;
  const turn = offset % 3;
  const uniform = (records: Uint32Array, base: number): void => {
    for (let i = 0; i < words; i++) records[base + offset + i] = random.next();
    records[base + offset + words - 1]! &= tail;
  };
  const count = Math.max(1, lanes);
  const eachLane = (records: Uint32Array, base: number, code: () => Code): void => {
    for (let i = 0; i < count; i++) writeCode(records, base + offset, i * format.width, format.width, code());
  };
  const near = isNarrow(format) ? nearNumber(format, random) : nearBigInt(format, random);
  const sparse = (): Code => (random.below(8) === 0 ? near() : 0);
  const corner = (): Code => corners[random.below(corners.length)]!;
  // A byte of randomness picks one of so many codes: enough for formats of up to eight bits, and four times as fast.
  const isSmall = format.width <= 8 && 32 % format.width === 0;
  const poolOf = (code: () => Code): Uint32Array =>
    Uint32Array.from({ length: isSmall ? 256 : 0 }, () => Number(code()));
  const [nearPool, sparsePool, cornerPool] = [poolOf(near), poolOf(sparse), poolOf(corner)];
  const fromPool = (records: Uint32Array, base: number, pool: Uint32Array): void => {
    for (let i = 0, word = base + offset; i < count; word++) {
      let bits = 0;
      let picks = 0;
      for (let low = 0; low < 32 && i < count; low += format.width, i++) {
        if ((i & 3) === 0) picks = random.next();
        bits |= pool[picks & 255]! << low;
        picks >>>= 8;
      }
      records[word] = bits;
    }
  };
  const lanesOf = (pool: Uint32Array, code: () => Code) => {
    return (records: Uint32Array, base: number): void =>
      isSmall ? fromPool(records, base, pool) : eachLane(records, base, code);
  };
  const [nears, sparses, mixed] = [
    lanesOf(nearPool, near),
    lanesOf(sparsePool, sparse),
    lanesOf(cornerPool, corner),
  ];
  const close = isNarrow(format) ? closeCodes(format, random, offset) : () => near;
  const related = isNarrow(format) ? relatedCodes(format, random) : () => near;
  const mask = 2 ** Math.min(32, format.width) - 1;
  const ofBits = isNarrow(format) ? codesOfBits(format.width, random) : near;
  const any = (): Code =>
    isNarrow(format) && random.below(2) === 0 ? (random.next() & mask) >>> 0 : ofBits();
  const few = (records: Uint32Array, base: number, manner: number, mood: number): void => {
    for (const lane of fewLanes(mood, manner, count))
      writeCode(records, base + offset, lane * format.width, format.width, any());
  };
  return (records, base, manner, mood) => {
    const together = moodOf(mood);
    if (together === 'close') return eachLane(records, base, close(mood));
    if (together === 'related') return eachLane(records, base, related(mood, manner));
    if (together === 'middle') return nears(records, base);
    if (together === 'bits') return eachLane(records, base, ofBits);
    if (together === 'few') return few(records, base, manner, mood);
    const kind = ((manner >>> (turn * 4)) ^ (manner >>> 12)) & 15;
    if (kind < 11) uniform(records, base);
    else if (kind < 13) nears(records, base);
    else if (kind < 14) sparses(records, base);
    else mixed(records, base);
  };
}

/** The exponent fields around that of 1: the lowest, and how many. */
function middle(exponentBits: number, bias: number): { low: number; span: number } {
  const span = Math.min(8, 2 ** exponentBits - 1);
  return { span, low: Math.floor(Math.max(0, Math.min(bias - span / 2, 2 ** exponentBits - 1 - span))) };
}

/** Codes of middling magnitude, where sums of several operands meet and cancel. */
function nearNumber(format: Format, random: Random): () => number {
  const { width } = format;
  if (format.kind === 'scale') return () => 112 + random.below(32);
  if (!format.float) {
    const mask = 2 ** width - 1;
    const unused = 32 - Math.max(2, width >> 1);
    return () => ((((random.next() & mask) << unused) >> unused) & mask) >>> 0;
  }
  const { exponentBits, mantissaBits, bias } = format.float;
  const { low, span } = middle(exponentBits, bias);
  const kept = 2 ** mantissaBits - 1 + (format.signed ? 2 ** (width - 1) : 0);
  return () => {
    const bits = random.next();
    return ((bits & kept) | ((low + random.below(span)) << mantissaBits)) >>> 0;
  };
}

/** The same for wide formats. */
function nearBigInt(format: Format, random: Random): () => bigint {
  const { width } = format;
  const uniform = (): bigint => {
    let code = 0n;
    for (let i = 0; i < width; i += 32) code = (code << 32n) | BigInt(random.next());
    return BigInt.asUintN(width, code);
  };
  if (!format.float) return () => BigInt.asUintN(width, BigInt.asIntN(width >> 1, uniform()));
  const { exponentBits, mantissaBits, bias } = format.float;
  const { low, span } = middle(exponentBits, bias);
  return () => {
    const code = uniform();
    const field = BigInt(low + random.below(span));
    const mantissa = BigInt.asUintN(mantissaBits, code);
    const sign = format.signed ? (code >> BigInt(width - 1)) << BigInt(width - 1) : 0n;
    return sign | (field << BigInt(mantissaBits)) | mantissa;
  };
}
