import { exactOf, plus, type Value } from '../formats/arithmetic.ts';
import { parseFormat } from '../formats/parse.ts';
import { roundShift } from '../formats/rounding.ts';
import type { Exact, Format } from '../formats/types.ts';
import { fixedFormat, integersAt, integersOf } from './formats.ts';
import type { Golden, OutputPort, Ports, PortValue } from './unit.ts';

/** The values that a unit with a fixed-point window answers. */
export interface WindowAnswer {
  readonly y: Exact;
  readonly overflow: number;
  readonly nan: number;
}

/**
 * The meaning of a running sum in a fixed-point window, for goldens: each term is rounded once to the window's last bit
 * and added modulo the window; `overflow` and `nan` stay set until the next sum starts.
 */
export class WindowSum {
  private sum = 0n;
  private overflow = 0;
  private nan = 0;

  constructor(
    private readonly lsb: number,
    private readonly width: number,
  ) {}

  reset(): void {
    this.sum = 0n;
    this.overflow = 0;
    this.nan = 0;
  }

  /** Adds `integer · 2^exponent`. */
  add(integer: bigint, exponent: number): void {
    const half = 1n << BigInt(this.width - 1);
    const exact = this.sum + roundShift(integer, this.lsb - exponent, 'rne');
    if (exact < -half || exact >= half) this.overflow = 1;
    this.sum = BigInt.asIntN(this.width, exact);
  }

  addInfinity(): void {
    this.overflow = 1;
  }

  addNaN(): void {
    this.nan = 1;
  }

  get answer(): WindowAnswer {
    const { sum, overflow, nan, lsb } = this;
    return { y: { kind: 'finite', neg: sum < 0n, mag: sum < 0n ? -sum : sum, exp: lsb }, overflow, nan };
  }
}

/**
 * The meaning of a running sum in a float format, for goldens: each term is rounded once to the format, and then the sum
 * is, to nearest even.
 */
export class FloatSum {
  private sum = 0;
  private readonly isSingle: boolean;

  constructor(private readonly format: Format) {
    this.isSingle = format.id === 'fp32';
  }

  reset(): void {
    this.sum = 0;
  }

  /** The sum with this term: exact, or rounded to odd to 53 bits. */
  add(term: Value): number {
    if (this.isSingle && typeof term === 'number') {
      // A sum of two numbers of 24 bits that is first rounded to 53 bits is rounded once in effect: 53 ≥ 2·24 + 2.
      this.sum = Math.fround(this.sum + Math.fround(term));
    } else {
      this.sum = this.round(plus(this.sum, this.round(term)));
    }
    return this.sum;
  }

  private round(x: Value): number {
    const { format } = this;
    if (typeof x === 'number') return format.decodeNumber(format.encodeNumber(x, NEAREST));
    return format.decodeNumber(Number(format.encode(x, NEAREST)));
  }
}

const NEAREST = { round: 'rne', overflow: 'special' } as const;

/** The format of a sum of so many numbers of a format, and of one of format `start`: as many more bits as that can need. */
export function sumFormat(format: string, beats: number, start?: string): string {
  const { signed, width, lsbExponent } = parseFormat(format);
  // Against the usual bound of ⌈log2 beats⌉ bits, nothing is lost: the ends of the format's range may be reached in each beat.
  const total = width + Math.ceil(Math.log2(beats));
  if (start !== undefined) {
    const sums = integersOf(parseFormat(sumFormat(format, beats)));
    const starts = integersAt(parseFormat(start), lsbExponent);
    return fixedFormat(sums[0] + starts[0], sums[1] + starts[1], lsbExponent);
  }
  const prefix = signed ? '' : 'u';
  return lsbExponent === 0 ? `${prefix}int${total}` : `${prefix}fix${total}.${-lsbExponent}`;
}

/** Whether an output of a dot product is a flag, and no number. The dot product itself is a number, even of one bit. */
export function isFlag(name: string, port: OutputPort): boolean {
  return name !== 'y' && port.format === 'uint1';
}

/**
 * The meaning of running sums, for goldens: what `dot` answers is added up, with each `first` from 0, or `y` from the value
 * of the port `start`, modulo the width of the sum; what is `shown` is that of the last beat; a flag of one bit stays set until the next `first`.
 */
export function goldenRunningSums(
  dot: Golden<Record<string, PortValue>, Record<string, PortValue>>,
  ports: Ports['out'],
  beats: number,
  start?: { readonly port: string; readonly format: string },
  shown: readonly string[] = [],
): Golden<Record<string, PortValue>, Record<string, PortValue>> {
  const names = Object.keys(ports);
  let sums: Record<string, Value> = {};
  const reset = (): void => {
    sums = Object.fromEntries(names.map(name => [name, 0]));
  };
  const flags = names.map(name => isFlag(name, ports[name]!));
  const formats = names.map(name =>
    parseFormat(sumFormat(ports[name]!.format, beats, name === 'y' ? start?.format : undefined)),
  );
  reset();
  return {
    reset,
    step(inputs) {
      if (inputs.first === 1) {
        reset();
        if (start) sums.y = inputs[start.port] as Value;
      }
      const terms = dot.step(inputs);
      names.forEach((name, i) => {
        const term = terms[name] as Value;
        const [sum, format] = [sums[name]!, formats[i]!];
        if (shown.includes(name)) sums[name] = term;
        else if (flags[i]) sums[name] = sum === 1 || term === 1 ? 1 : 0;
        else sums[name] = within(format, plus(sum, term));
      });
      return sums;
    },
  };
}

/** A value of a fixed-point format, modulo its width. */
function within(format: Format, x: Value): Value {
  if (typeof x === 'number' && format.exactInDouble)
    return format.decodeNumber(format.encodeNumber(x, { overflow: 'wrap' }));
  return format.decode(format.encode(exactOf(x), { overflow: 'wrap' }));
}
