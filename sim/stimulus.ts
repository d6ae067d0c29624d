import type { Design } from '../generators/emit/design.ts';
import type { Exact, Format } from '../generators/formats/types.ts';
import { type Layout, layoutOf, writeBits, writeCode, writeWide } from './codec.ts';
import { Random } from './random.ts';
import { codeList, type Filler, randomFiller } from './randomCodes.ts';

/** A run of beats: the corners first, then random ones in several manners; or every input there is. */
export interface Stimulus {
  readonly layout: Layout;
  /** Beats in all. */
  readonly count: number;
  readonly exhaustive: boolean;
  /** Fills records with the next `count` beats. */
  fill(records: Uint32Array, count: number): void;
}

/** Up to so many input bits of a unit without state, all inputs are tried unless vectors are asked for. */
export const EXHAUSTIVE_BITS = 24;

/** All bits of one beat's data. */
export function inputBits(design: Design): number {
  return design.inputs.reduce((sum, p) => sum + p.width, 0);
}

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
    return randomFiller(port, offset, codeList(port.format, cornerCodes(port.format)), random);
  });
  let done = 0;
  return {
    layout,
    count: options.vectors,
    exhaustive: false,
    fill(records, count) {
      records.fill(0, 0, count * size);
      for (let beat = 0; beat < count; beat++, done++) {
        const base = beat * size;
        const corner = done < limit ? corners.next() : undefined;
        if (corner?.value) {
          records.set(corner.value, base);
          continue;
        }
        const manner = random.next();
        for (const fill of fillers) fill(records, base, manner);
        records[base + layout.accept] = mayRefuse && manner >>> 28 === 0 ? 0 : 1;
      }
    },
  };
}

function exhaustiveStimulus(design: Design, layout: Layout): Stimulus {
  const bits = inputBits(design);
  const count = 2 ** bits;
  let next = 0;
  return {
    layout,
    count,
    exhaustive: true,
    fill(records, n) {
      records.fill(0, 0, n * layout.size);
      for (let beat = 0; beat < n; beat++, next++) {
        let [rest, base] = [next, beat * layout.size];
        for (const { port, offset } of layout.ports) {
          writeBits(records, base + offset, 0, port.width, rest % 2 ** port.width);
          rest = Math.floor(rest / 2 ** port.width);
        }
        records[base + layout.accept] = 1;
      }
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

function* cornerBeats(design: Design, layout: Layout): Generator<Uint32Array, undefined> {
  const record = (): Uint32Array => {
    const r = new Uint32Array(layout.size);
    r[layout.accept] = 1;
    return r;
  };
  for (const beat of design.unit.corners?.(design.params) ?? []) {
    const r = record();
    checkCorner(design, beat);
    for (const { port, offset } of layout.ports) {
      const given = beat[port.name] ?? 0n;
      const codes = Array.isArray(given)
        ? (given as bigint[])
        : new Array<bigint>(Math.max(1, port.lanes)).fill(given as bigint);
      codes.forEach((code, i) => {
        writeWide(r, offset, i * port.format.width, port.format.width, code);
      });
    }
    yield r;
  }
  const codes = layout.ports.map(({ port }) => codeList(port.format, cornerCodes(port.format)));
  const all = codes.reduce((n, c) => n * c.length, 1);
  const count = Math.min(all, CROSSED);
  for (let k = 0; k < count; k++) {
    const r = record();
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
    yield r;
  }
  return undefined;
}
