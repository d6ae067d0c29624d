import type { Design, DesignPort } from '../generators/emit/design.ts';
import type { Exact, Format } from '../generators/formats/types.ts';
import { type Layout, layoutOf, writeCode, writeWide } from './codec.ts';
import { fillInputs, inputBits } from './inputSpace.ts';
import { MOOD_BEATS, moodAt } from './moods.ts';
import { Random } from './random.ts';
import { type Code, codeList, type Filler, randomFiller } from './randomCodes.ts';

/** A run of beats: the corners first, then random ones in several manners; or every input there is. */
export interface Stimulus {
  readonly layout: Layout;
  /** Beats in all. */
  readonly count: number;
  readonly exhaustive: boolean;
  /** Fills records with the next `count` beats. */
  fill(records: Uint32Array, count: number): void;
  /** What the beats filled so far are; a recording does not say. */
  covered?(): Coverage;
}

/** How many beats of which kind were played. */
export interface Coverage {
  /** Bits of one beat's data. */
  readonly inputBits: number;
  /** Corners that the unit itself names. */
  readonly unitCorners: number;
  /** Combinations of the ports' corner codes, and how many there are. */
  readonly cornerProduct: number;
  readonly cornerProductOf: number;
  /** Random beats: in the manners of `randomCodes`, each port apart, and in the moods of `moods`, all together. */
  readonly random: number;
}

/** Up to so many input bits of a unit without state, all inputs are tried unless vectors are asked for. */
export const EXHAUSTIVE_BITS = 24;

/** Codes that a format is most likely to be wrong at: zeros, ones, the ends of its ranges, special values. */
export function cornerCodes(format: Format): bigint[] {
  const top = 1n << BigInt(format.width);
  const codes = new Set<bigint>([0n, 1n, top - 1n, top >> 1n, (top >> 1n) - 1n, (top >> 1n) + 1n]);
  const add = (x: Exact): void => {
    codes.add(format.encode(x, { round: 'rtz', overflow: 'saturate' }));
  };
  add(format.max);
  add(format.min);
  for (const [mag, exp] of [
    [1n, 0],
    [3n, -1],
    [1n, -1],
    [1n, 1],
  ] as const) {
    add({ kind: 'finite', neg: false, mag, exp });
    if (format.signed) add({ kind: 'finite', neg: true, mag, exp });
  }
  if (format.float) {
    const { mantissaBits, infinityCode, maxFiniteCode } = format.float;
    const sign = format.signed ? [0n, top >> 1n] : [0n];
    const magnitudes = [
      1n,
      (1n << BigInt(mantissaBits)) - 1n,
      1n << BigInt(mantissaBits),
      maxFiniteCode - 1n,
      maxFiniteCode,
    ];
    if (infinityCode !== undefined) magnitudes.push(infinityCode, infinityCode + 1n);
    for (const s of sign) for (const m of magnitudes) if (m >= 0n && (s | m) < top) codes.add(s | m);
  }
  if (format.canonicalNaN !== undefined) codes.add(format.canonicalNaN);
  return [...codes].filter(c => c >= 0n && c < top).sort((a, b) => (a < b ? -1 : 1));
}

export interface StimulusOptions {
  readonly vectors: number;
  readonly exhaustive: boolean;
  readonly seed: number;
  /** At most so many of the beats are corners (default: all corners, as far as the vectors go). */
  readonly corners?: number;
}

export function makeStimulus(design: Design, options: StimulusOptions): Stimulus {
  const layout = layoutOf(design.inputs, true);
  if (options.exhaustive) return exhaustiveStimulus(design, layout);
  const random = new Random(options.seed);
  const corners = cornerBeats(design, layout);
  const limit = options.corners ?? Number.POSITIVE_INFINITY;
  const { size } = layout;
  // A stream takes each beat that it is offered.
  const mayRefuse = design.hasAccept && design.goal.shell !== 'stream';
  const fillers = layout.ports.map(({ port, offset }): Filler => {
    // A bit that starts or steers a running sum is set now and then, so that sums grow.
    if (design.unit.state && port.width === 1) {
      return (records, base) => {
        records[base + offset] = random.below(8) === 0 ? 1 : 0;
      };
    }
    return randomFiller(port, offset, cornersOf(port), random);
  });
  let done = 0;
  const kinds = { unit: 0, product: 0, random: 0 };
  let mood: number | undefined;
  return {
    layout,
    count: options.vectors,
    exhaustive: false,
    covered: () => ({
      inputBits: inputBits(design),
      unitCorners: kinds.unit,
      cornerProduct: kinds.product,
      cornerProductOf: cornerCombinations(layout),
      random: kinds.random,
    }),
    fill(records, count) {
      records.fill(0, 0, count * size);
      for (let beat = 0; beat < count; beat++, done++) {
        const base = beat * size;
        // What a reset left shows only before the first beat that is accepted, and in what that beat goes on from.
        if (done === 0 && mayRefuse) continue;
        const corner = done < limit ? corners.next() : undefined;
        if (corner?.value) {
          const { record, isOfUnit } = corner.value;
          records.set(record, base);
          kinds[isOfUnit ? 'unit' : 'product']++;
          continue;
        }
        kinds.random++;
        const manner = random.next();
        if (mood === undefined || done % MOOD_BEATS === 0) mood = moodAt(done, random.next());
        for (const fill of fillers) fill(records, base, manner, mood);
        records[base + layout.accept] = mayRefuse && manner >>> 28 === 0 ? 0 : 1;
      }
    },
  };
}

function exhaustiveStimulus(design: Design, layout: Layout): Stimulus {
  let next = 0;
  return {
    layout,
    count: 2 ** inputBits(design),
    exhaustive: true,
    covered: () => ({
      inputBits: inputBits(design),
      unitCorners: 0,
      cornerProduct: 0,
      cornerProductOf: cornerCombinations(layout),
      random: 0,
    }),
    fill(records, n) {
      fillInputs(layout, records, next, n);
      next += n;
    },
  };
}

/** A corner that names another port, or a code that its port does not have, would test something else than its author thinks. */
function checkCorner(design: Design, beat: Readonly<Record<string, bigint | readonly bigint[]>>): void {
  const check = (holds: boolean, text: () => string): void => {
    if (!holds) throw new Error(`${design.unit.id}: a corner gives ${text()}`);
  };
  for (const [name, given] of Object.entries(beat)) {
    const port = design.inputs.find(p => p.name === name);
    const names = (): string => design.inputs.map(p => p.name).join(', ');
    check(port !== undefined, () => `'${name}', which is no input; expected ${names()}`);
    const { format, lanes } = port!;
    const codes = typeof given === 'bigint' ? [given] : given;
    const most = Math.max(1, lanes);
    check(codes.length <= most, () => `${codes.length} codes to '${name}', which has ${most}`);
    const odd = codes.find(code => code < 0n || code >> BigInt(format.width) !== 0n);
    check(odd === undefined, () => `${odd} to '${name}', which is no code of ${format.id}`);
  }
}

/** At most so many combinations of corner codes are crossed; beyond that, ports step through their corners apart. */
const CROSSED = 20000;

interface Corner {
  readonly record: Uint32Array;
  readonly isOfUnit: boolean;
}

const cornersOf = (port: DesignPort): readonly Code[] => codeList(port.format, cornerCodes(port.format));

/** How many combinations of the ports' corner codes there are. */
function cornerCombinations(layout: Layout): number {
  return layout.ports.reduce((n, { port }) => n * cornersOf(port).length, 1);
}

type UnitCorners = ReturnType<NonNullable<Design['unit']['corners']>>;

function* unitBeats(design: Design, layout: Layout, beats: UnitCorners): Generator<Corner> {
  for (const beat of beats) {
    const record = emptyRecord(layout);
    checkCorner(design, beat);
    for (const { port, offset } of layout.ports) {
      const given = beat[port.name] ?? 0n;
      const codes = Array.isArray(given)
        ? (given as bigint[])
        : new Array<bigint>(Math.max(1, port.lanes)).fill(given as bigint);
      codes.forEach((code, i) => {
        writeWide(record, offset, i * port.format.width, port.format.width, code);
      });
    }
    yield { record, isOfUnit: true };
  }
}

/** A record of an accepted beat. */
function emptyRecord(layout: Layout): Uint32Array {
  const record = new Uint32Array(layout.size);
  record[layout.accept] = 1;
  return record;
}

function* cornerBeats(design: Design, layout: Layout): Generator<Corner, undefined> {
  yield* unitBeats(design, layout, design.unit.corners?.(design.params) ?? []);
  const codes = layout.ports.map(({ port }) => cornersOf(port));
  const all = cornerCombinations(layout);
  const count = Math.min(all, CROSSED);
  for (let k = 0; k < count; k++) {
    const r = emptyRecord(layout);
    // All combinations where they are few; else a walk through them in steps that meet each pair of ports' corners.
    let rest = all <= CROSSED ? k : Math.floor((k / count) * all) + k;
    layout.ports.forEach(({ port, offset }, p) => {
      const list = codes[p]!;
      const pick = rest % list.length;
      rest = Math.floor(rest / list.length);
      for (let i = 0; i < Math.max(1, port.lanes); i++) {
        // Neighbouring lanes differ, so that a lane in the wrong place shows.
        const code = list[(pick + (k % 3 === 0 ? 0 : i)) % list.length]!;
        writeCode(r, offset, i * port.format.width, port.format.width, code);
      }
    });
    yield { record: r, isOfUnit: false };
  }
  yield* unitBeats(design, layout, design.unit.laterCorners?.(design.params) ?? []);
  return undefined;
}
