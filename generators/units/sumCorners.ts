import { exponentOf, powerOfTwo } from '../formats/double.ts';
import type { Format } from '../formats/types.ts';
import { FloatSum } from './runningSum.ts';

/** The inputs of a beat but for `first`. */
export type Codes = Readonly<Record<string, bigint | readonly bigint[]>>;
/**
 * The inputs of a beat that adds exactly this number; undefined where no beat does. Where the number is a sum of elements times a
 * scale, the last bit of that sum is so many places up from the lowest there is.
 */
export type BeatOf = (amount: number, placesUp?: number) => Codes | undefined;

/** What one lane can add: a positive number or a negative one, and the code of each of its operands. */
export interface Term {
  readonly value: number;
  readonly codes: Readonly<Record<string, bigint>>;
}

/** Whether a number is a power of two, of either sign. */
const isPower = (x: number): boolean => powerOfTwo(exponentOf(x)) === Math.abs(x);

/** Weight of the last bit that is set in a number other than zero, as a power of two. */
export function lastBitOf(x: number): number {
  let power = exponentOf(x);
  while (x % powerOfTwo(power) !== 0) power--;
  return power;
}

/**
 * Finds terms for the lanes of a beat so that they add up to a given number: as many of the largest as go, then powers of two from
 * the highest down. Lanes that are left get the operands of `rest`. Undefined where that does not come out even.
 */
export function lanesFor(
  terms: readonly Term[],
  lanes: number,
  rest: Term['codes'],
): (amount: number) => Record<string, bigint[]> | undefined {
  const [positive, negative] = [1, -1].map(sign => {
    const some = terms.filter(t => sign * t.value > 0);
    const largest = some.reduce<Term | undefined>(
      (x, y) => (x && sign * x.value >= sign * y.value ? x : y),
      undefined,
    );
    const powers = new Map(some.filter(t => isPower(t.value)).map(t => [exponentOf(t.value), t]));
    return { largest, powers, least: Math.min(...powers.keys()) };
  });
  return amount => {
    const { largest, powers, least } = (amount > 0 ? positive : negative)!;
    const chosen: Term['codes'][] = [];
    let left = amount;
    const take = ({ value, codes }: Term): boolean => {
      const count = Math.floor(left / value);
      if (count > lanes - chosen.length) return false;
      for (let i = 0; i < count; i++) chosen.push(codes);
      left -= count * value;
      return true;
    };
    if (!largest || !take(largest)) return undefined;
    for (
      let power = exponentOf(left);
      left !== 0 && power >= least;
      power = Math.min(power - 1, exponentOf(left))
    ) {
      const term = powers.get(power);
      if (term && !take(term)) return undefined;
    }
    if (left !== 0) return undefined;
    // Not always the lowest lanes: a lane that is lost shows.
    const from = Math.abs(exponentOf(amount)) % lanes;
    const names = Object.keys(rest);
    return Object.fromEntries(
      names.map(name => [
        name,
        Array.from({ length: lanes }, (_, i) => (chosen[(i + lanes - from) % lanes] ?? rest)[name]!),
      ]),
    );
  };
}

/** The powers of two of a format with both signs, where it has them, and its largest numbers, as values. */
export function simpleNumbers(format: Format): number[] {
  const least = format.lsbExponent;
  const most = format.max.kind === 'finite' ? format.max.mag.toString(2).length + format.max.exp : least;
  const powers = Array.from({ length: most - least }, (_, i) => powerOfTwo(least + i));
  const ends = [format.max, format.min].map(x => format.decodeNumber(Number(format.encode(x))));
  const isOfFormat = (x: number): boolean =>
    Number.isFinite(x) && x !== 0 && format.decodeNumber(format.encodeNumber(x)) === x;
  return [...new Set([...powers.flatMap(x => [x, -x]), ...ends])].filter(isOfFormat);
}

/** Most beats that lead a sum to where something is tried: once, as a sum that is there already is led on by few. */
const MOST_BEATS = 16384;
/** The same for negative sums: the sign matters to hardly anything. */
const MOST_BEATS_DOWN = 2048;
/** The same for small sums, one after the other. */
const FEW_BEATS = 256;
/** Distance from which on fp32 needs more bits to tell it than there are for a shift within its width. */
const FAR = 32;

type Beat = Codes & { readonly first: bigint };

/** Leads a running sum in a float format from number to number, by beats that add what can be added at once. */
class Course {
  /** Unknown at first: other beats may have come before. */
  private sum: number | undefined;
  readonly largest: number;

  constructor(
    private readonly format: Format,
    private readonly beatOf: BeatOf,
    private readonly least: number,
  ) {
    this.largest = largestOf(beatOf);
  }

  /** Leads the sum to this number: begun anew with one beat, or gone on, or begun anew with many. False where it cannot be reached. */
  *to(target: number, longest = MOST_BEATS): Generator<Beat, boolean> {
    const direct = this.beatOf(target) && this.parts(0, target, longest);
    const onward = direct || this.sum === undefined ? undefined : this.parts(this.sum, target, longest);
    const parts = direct ?? onward ?? this.parts(0, target, longest);
    if (!parts) return false;
    for (const [i, part] of parts.entries()) {
      const first = i === 0 && parts !== onward ? 1n : 0n;
      yield { first, ...this.beatOf(part)! };
    }
    this.sum = target;
    return true;
  }

  /** One beat that adds so much, if there is one. */
  *add(amount: number): Generator<Beat> {
    const beat = this.beatOf(amount);
    if (!beat) return;
    if (this.sum !== undefined) this.sum = this.after(this.sum, [amount]);
    yield { first: 0n, ...beat };
  }

  /** The same, on its own. */
  *alone(amount: number, placesUp: number): Generator<Beat> {
    const beat = this.beatOf(amount, placesUp);
    if (!beat) return;
    this.sum = this.after(0, [amount]);
    yield { first: 1n, ...beat };
  }

  /** Whether one beat adds so much. */
  has(amount: number): boolean {
    return this.beatOf(amount) !== undefined;
  }

  /** Whether a sum can be led there from zero by so many beats. */
  reaches(target: number, most: number): boolean {
    return (this.parts(0, target, Math.max(most, MOST_BEATS))?.length ?? Number.POSITIVE_INFINITY) <= most;
  }

  /** What beats must add on the way; undefined where they are too many, or roundings on the way lead astray. */
  private parts(from: number, to: number, longest: number): number[] | undefined {
    const way = to - from;
    const most = Math.sign(way) * this.largest;
    const count = Math.floor(way / most);
    if (way === 0) return [];
    if (count > longest || (count > 0 && !this.beatOf(most)) || lastBitOf(way) < this.least) return undefined;
    const parts = new Array<number>(count).fill(most);
    for (let left = way - count * most; left !== 0; left -= parts.at(-1)!) {
      const part = this.leading(left);
      if (part === undefined) return undefined;
      parts.push(part);
    }
    return this.after(from, parts) === to ? parts : undefined;
  }

  /** The number that a beat can add which is nearest to this one, and no farther from zero. */
  private leading(amount: number): number | undefined {
    const bits = exponentOf(amount) - lastBitOf(amount) + 1;
    for (let dropped = 0; dropped < bits; dropped++) {
      const unit = powerOfTwo(lastBitOf(amount) + dropped);
      const cut = Math.trunc(amount / unit) * unit;
      if (this.beatOf(cut)) return cut;
    }
    return undefined;
  }

  private after(from: number, parts: readonly number[]): number {
    const sum = new FloatSum(this.format);
    return parts.reduce((_, part) => sum.add(part), sum.add(from));
  }
}

/** The largest sum of a beat, as far as powers of two tell: its bits from the highest down. */
function largestOf(beatOf: BeatOf): number {
  let top = 1023;
  while (top > -1074 && !beatOf(powerOfTwo(top))) top--;
  let largest = beatOf(powerOfTwo(top)) ? powerOfTwo(top) : 0;
  for (let power = top - 1; power > top - 24; power--)
    if (largest > 0 && beatOf(largest + powerOfTwo(power))) largest += powerOfTwo(power);
  return largest;
}

/** What may follow half of a last bit, in units of that half: nothing, one bit, or two beside each other. */
function* tails(places: number): Generator<number> {
  yield 0;
  for (let place = 1; place <= places; place++) {
    yield powerOfTwo(-place);
    yield powerOfTwo(-place) + powerOfTwo(-place - 1);
  }
}

/**
 * Beats that lead a running sum in a float format to where rounding and limits decide: random ones hardly ever do, since what falls
 * off must be next to nothing. What the beats of a unit cannot reach is left out; one sum may take `longest` beats to lead to.
 */
export function* floatSumCorners(format: Format, beatOf: BeatOf, longest = MOST_BEATS): Generator<Beat> {
  const { mantissaBits } = format.float!;
  const least = leastPower(format, beatOf);
  if (least === undefined) return;
  const course = new Course(format, beatOf, least);
  for (const sign of [1, -1]) {
    // With room below its last bit, as far as beats can lead.
    let base = Math.max(0, least + mantissaBits + 7);
    const most = sign === 1 ? MOST_BEATS : MOST_BEATS_DOWN;
    while (base > least && !course.reaches(sign * powerOfTwo(base), most)) base--;
    yield* limits(course, sign, format);
    yield* smallBesideSum(course, sign, base, mantissaBits);
    yield* beatBesideSum(course, sign, base, mantissaBits);
    yield* sumBesideBeat(course, sign, least, mantissaBits);
    yield* farBesideSum(course, sign, least, longest);
    yield* roundedBeats(course, sign, format);
    yield* cancellation(course, sign, least);
    yield* leftOver(course, sign, least, mantissaBits);
  }
}

/** The least power of two that is a number of the format and that a beat can add. */
function leastPower({ lsbExponent }: Format, beatOf: BeatOf): number | undefined {
  for (let power = lsbExponent; power < 128; power++) if (beatOf(powerOfTwo(power))) return power;
  return undefined;
}

/**
 * 2^127 + 2^126 + … + 2^104 is the largest number of fp32. A quarter of its last bit more changes nothing, half of it goes over;
 * one bit less, and the same is a tie. Farther beyond, an infinity has bits that it must lose.
 */
function* limits(course: Course, sign: number, { float }: Format): Generator<Beat> {
  const { mantissaBits, bias, maxFiniteCode } = float!;
  const top = Number(maxFiniteCode >> BigInt(mantissaBits)) - bias;
  for (const last of [top - mantissaBits, top - mantissaBits + 1]) {
    if (!(yield* course.to(sign * powerOfTwo(top)))) return;
    for (let power = top - 1; power >= last; power--) yield* course.add(sign * powerOfTwo(power));
    yield* course.add(sign * powerOfTwo(last - 2));
    yield* course.add(sign * powerOfTwo(last - 1));
    yield* course.add(-sign * powerOfTwo(last - 1));
  }
  for (let power = top - 1; power > top - 4; power--) {
    yield* course.to(sign * (powerOfTwo(top) + powerOfTwo(power)));
    yield* course.add(sign * powerOfTwo(top));
  }
}

/** A power of two, at times with its last bit set, and what falls off below it: one bit, or two. */
function* smallBesideSum(course: Course, sign: number, base: number, mantissaBits: number): Generator<Beat> {
  const one = sign * powerOfTwo(base);
  const last = one * powerOfTwo(-mantissaBits);
  for (const start of [one, one + last])
    for (const few of [1, 3])
      for (let place = 3; place >= -7; place--)
        for (const small of [few, -few])
          if (yield* course.to(start)) yield* course.add(last * small * powerOfTwo(place));
}

/** Numbers that begin so far below one, and of which a bit is half of the last bit of one: what follows it decides. */
function* withHalf(distance: number, mantissaBits: number): Generator<number> {
  const one = powerOfTwo(-distance);
  const half = powerOfTwo(-mantissaBits - 1);
  for (const tail of tails(Math.min(distance, mantissaBits)))
    yield one > half ? one + half * (1 + tail) : one * (1 + tail);
}

/** Such numbers beside a larger sum. */
function* beatBesideSum(course: Course, sign: number, base: number, mantissaBits: number): Generator<Beat> {
  const one = sign * powerOfTwo(base);
  for (let distance = 1; distance <= mantissaBits + 2; distance++)
    for (const small of withHalf(distance, mantissaBits))
      for (const beat of [one * small, -one * small])
        if (course.has(beat) && (yield* course.to(one))) yield* course.add(beat);
}

/** Such sums beside a larger beat. */
function* sumBesideBeat(course: Course, sign: number, least: number, mantissaBits: number): Generator<Beat> {
  for (let distance = 1; distance <= mantissaBits + 2; distance++) {
    const power = Math.min(Math.max(0, least + mantissaBits) + distance, exponentOf(course.largest));
    const one = sign * powerOfTwo(power);
    for (const small of withHalf(distance, mantissaBits))
      for (const beat of [one, -one]) if (yield* course.to(one * small)) yield* course.add(beat);
  }
}

/** The largest power of two that a beat can be, or a sum can if that is too near, and a small one far below its last bit. */
function* farBesideSum(course: Course, sign: number, least: number, longest: number): Generator<Beat> {
  const largest = exponentOf(course.largest);
  const far = least + FAR;
  const top = sign > 0 && largest < far && course.reaches(powerOfTwo(far), longest) ? far : largest;
  for (const distance of [28, 30, 31, 32, 33, 36, 40, 48, 56, 63, 64, 65, 96, 127, 128, 129, 200, 255])
    for (const small of [1, -1])
      if (top - distance >= least && (yield* course.to(sign * powerOfTwo(top), longest)))
        yield* course.add(small * powerOfTwo(top - distance));
}

/** Places up that a sum of elements can begin at, beside its scale. */
const MOST_PLACES = 12;

/** Beats whose own sum must be rounded: among the smallest numbers, and where it has more bits than the format. */
function* roundedBeats(course: Course, sign: number, { lsbExponent, float }: Format): Generator<Beat> {
  const { mantissaBits } = float!;
  const hidden = powerOfTwo(mantissaBits);
  const top = exponentOf(course.largest) - mantissaBits;
  const places = [
    { lsb: lsbExponent, kept: [0, 1, 2, 3] },
    { lsb: top, kept: [hidden, hidden + 1] },
    { lsb: top - 1, kept: [hidden, hidden + 1] },
  ];
  for (const { lsb, kept } of places)
    for (const integer of kept)
      for (const tail of tails(51 - mantissaBits))
        for (let placesUp = 0; placesUp < MOST_PLACES; placesUp++)
          yield* course.alone(sign * powerOfTwo(lsb) * (integer + (1 + tail) / 2), placesUp);
}

/** The smallest numbers, and what cancels them. */
function* cancellation(course: Course, sign: number, least: number): Generator<Beat> {
  for (let power = least; power < least + 29; power += 3) {
    const small = sign * powerOfTwo(power);
    if (!course.reaches(small, FEW_BEATS) || !(yield* course.to(small))) continue;
    yield* course.add(-sign * powerOfTwo(power + 1));
    yield* course.add(sign * powerOfTwo(power));
  }
}

/** Sums of which the first bit is cancelled: what is left has zeros above it, however many, and begins with one bit or two. */
function* leftOver(course: Course, sign: number, least: number, mantissaBits: number): Generator<Beat> {
  const one = powerOfTwo(Math.max(0, Math.min(least + mantissaBits, exponentOf(course.largest))));
  for (const tail of tails(mantissaBits))
    if (tail > 0 && (yield* course.to(sign * one * (1 + tail)))) yield* course.add(-sign * one);
}
