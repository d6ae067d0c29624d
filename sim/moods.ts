import type { Format } from '../generators/formats/types.ts';
import type { Random } from './random.ts';

/**
 * What the ports of some beats that follow each other have in common, from 32 random bits. Faults in alignment, ties, limits and
 * maxima show only where operands meet: independent random codes of wide ranges hardly ever do.
 *
 * - `apart`: each port in a manner of its own
 * - `close`: the codes of a port in one place of their range, so that they tie, cancel and carry; often at an end. The place is the
 *   same in all ports, or one for each: products of a small and a large factor are then where rounding begins to lose them
 * - `related`: all codes are one code, give or take a power of two and a unit, with either sign: sums are next to powers of two
 * - `middle`: all codes of middling magnitude, where products and what they are added to are alike
 * - `few`: all lanes zero but one or two, the same ones in all ports, so that a single lane decides
 * - `bits`: codes of any length, of single ones, of single zeros: what falls off at the end of a shift is then little or nothing
 */
export type Mood = 'apart' | 'close' | 'related' | 'middle' | 'few' | 'bits';

/** Beats that a mood lasts: long enough for running sums to stay in one place. */
export const MOOD_BEATS = 16;

/** Of 32. */
const SHARES: readonly (readonly [Mood, number])[] = [
  ['close', 7],
  ['related', 4],
  ['middle', 3],
  ['few', 6],
  ['bits', 4],
];

/** Beats after which moods become rare: they cost several times what random codes cost, and a long run is there for breadth. */
const MOODY_BEATS = 2 ** 17;

/** The bits of the mood that begins with a beat. */
export function moodAt(beat: number, bits: number): number {
  return beat < MOODY_BEATS || bits >>> 29 === 0 ? bits : bits | 31;
}

export function moodOf(bits: number): Mood {
  let share = bits & 31;
  for (const [mood, of] of SHARES) {
    if (share < of) return mood;
    share -= of;
  }
  return 'apart';
}

/** The low bits of a product spread over the word: several choices from one mood that do not depend on each other. */
const mixed = (bits: number, salt: number): number => {
  const x = Math.imul(bits ^ salt, 0x9e3779b1);
  return Math.imul(x ^ (x >>> 15), 0x85ebca6b) >>> 0;
};

/** Gives the codes of a port in a close mood, from the bits of the mood; formats of at most 32 bits. Ports differ by `port`. */
export function closeCodes(format: Format, random: Random, port: number): (mood: number) => () => number {
  const { width } = format;
  const mask = width === 32 ? 0xffffffff : 2 ** width - 1;
  if (format.float) return closeFloats(format, random, port);
  if (format.kind === 'scale') {
    return mood => {
      const at = placeIn(mask, mask >>> 1, mood, port);
      return () => Math.min(mask, Math.max(0, at + random.below(5) - 2));
    };
  }
  return mood => {
    const bits = mixed(mood, 1);
    const power = 2 ** (bits % width);
    // Around a power of two, its negative, any code, or zero and the ends of the range.
    const at = [power, -power, mixed(mood, 2), 0, 2 ** (width - 1)][(bits >>> 8) % 5]!;
    const reach = [0, 1, 2, 8][(bits >>> 16) & 3]!;
    return () => ((at + random.below(2 * reach + 1) - reach) & mask) >>> 0;
  };
}

/** A place in 0…most: often an end, or in the middle; the same in all ports, or one for each. */
function placeIn(most: number, middle: number, mood: number, port: number): number {
  const own = (mood >>> 5) & 1 ? mixed(mood, 7 + port) : mixed(mood, 3);
  const anywhere = Math.floor(((own >>> 8) / 2 ** 24) * (most + 1));
  return [0, most, middle, anywhere][own & 3]!;
}

function closeFloats(format: Format, random: Random, port: number): (mood: number) => () => number {
  const { exponentBits, mantissaBits, maxFiniteCode, bias } = format.float!;
  const fields = 2 ** exponentBits - 1;
  const highest = Number(maxFiniteCode >> BigInt(mantissaBits)) & fields;
  const mantissas = 2 ** mantissaBits - 1;
  const sign = format.signed ? 2 ** (format.width - 1) : 0;
  return mood => {
    const at = placeIn(highest, Math.min(highest, bias), mood, port);
    const bits = mixed(mood, 4);
    const reach = [0, 1, 2, mantissaBits + 2][bits & 3]!;
    const bothSigns = (bits & 4) !== 0;
    const common = mixed(mood, 5) & mantissas;
    const pattern = (bits >>> 4) & 3;
    return () => {
      const field = Math.min(highest, Math.max(0, at + random.below(2 * reach + 1) - reach));
      const chance = random.next();
      // Any mantissa; one of few ones; one of few zeros; or the common one, at times with one bit inverted.
      let mantissa = chance;
      if (pattern === 1) mantissa &= random.next() & random.next();
      else if (pattern === 2) mantissa |= random.next() | random.next();
      else if (pattern === 3) mantissa = common ^ (chance < 2 ** 31 ? 2 ** (chance % (mantissaBits + 1)) : 0);
      const negative = bothSigns ? chance >>> 31 : (bits >>> 8) & 1;
      return ((negative ? sign : 0) + field * (mantissas + 1) + ((mantissa & mantissas) >>> 0)) >>> 0;
    };
  };
}

/** Codes that are one code of the beat, give or take a power of two of the mood and a unit. Formats of at most 32 bits. */
export function relatedCodes(format: Format, random: Random): (mood: number, manner: number) => () => number {
  const { width } = format;
  const mask = width === 32 ? 0xffffffff : 2 ** width - 1;
  return (mood, manner) => {
    const common = mixed(manner, 8) >>> (mixed(manner, 9) & 31);
    const power = 2 ** (mixed(mood, 10) % width);
    return () => {
      const chance = random.next();
      const code = common + [0, power, -power, power][chance & 3]! + [0, 0, 1, -1][(chance >>> 2) & 3]!;
      if (!format.signed || (chance & 16) === 0) return (code & mask) >>> 0;
      return (format.float ? (code ^ (2 ** (width - 1))) & mask : -code & mask) >>> 0;
    };
  };
}

/** Which lanes are not zero in a few mood: the same ones in all ports of so many lanes. */
export function fewLanes(mood: number, manner: number, lanes: number): readonly number[] {
  const first = mixed(mood, 6) % lanes;
  const second = (manner >>> 8) % lanes;
  return (manner & 1) === 0 ? [first] : [first, second];
}

/** Codes of any length, in ones and in zeros: with a single one, with few, or any below it. Of formats of at most 32 bits. */
export function codesOfBits(width: number, random: Random): () => number {
  const mask = width === 32 ? 0xffffffff : 2 ** width - 1;
  return () => {
    const chance = random.next();
    const length = chance % width;
    const kind = (chance >>> 8) & 7;
    const top = 2 ** length;
    let code = top;
    if (kind < 2) code = top | (2 ** random.below(width));
    else if (kind < 5) code = (random.next() & mask) >>> length;
    else if (kind === 7) code = 0;
    return (((chance >>> 12) & 3) === 0 ? ~code & mask : code & mask) >>> 0;
  };
}
