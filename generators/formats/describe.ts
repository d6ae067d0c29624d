import { FORMATS, SOURCES } from './catalogue.ts';
import { formatExact } from './exact.ts';
import type { Exact, FloatLayout, Format } from './types.ts';

/** Bits `msb` down to `lsb` of a code. */
export interface CodeField {
  readonly name: 'sign' | 'exponent' | 'mantissa' | 'integer' | 'fraction';
  readonly msb: number;
  readonly lsb: number;
}

/** Codes, in hexadecimal, that are not an ordinary number. */
export interface SpecialCodes {
  readonly meaning: 'zero' | 'negative zero' | 'infinity' | 'negative infinity' | 'NaN';
  readonly from: string;
  readonly to: string;
}

/** What a person wants to know about a format. Values are exact, as `formatExact` writes them. */
export interface FormatDescription {
  readonly id: string;
  readonly kind: Format['kind'];
  readonly width: number;
  readonly signed: boolean;
  readonly summary?: string;
  readonly fields: readonly CodeField[];
  /** One letter a bit: `s eeee mmm`, `siii.ffff`. The binary point shows where it is inside the code. */
  readonly picture: string;
  readonly max: string;
  readonly min: string;
  /** Smallest positive value with full precision, and smallest positive value; absent where there is none. */
  readonly smallestNormal?: string;
  readonly smallestSubnormal?: string;
  /** Distance of neighbouring values; near zero for floats, absent for a scale. */
  readonly step?: string;
  readonly bias?: number;
  readonly specials: readonly SpecialCodes[];
  /** For integers and fixed point: weights of the first and the last bit, as powers of two. */
  readonly msbExponent?: number;
  readonly lsbExponent?: number;
  /** For integers and fixed point: Q notation in which the sign bit counts among the integer bits. */
  readonly q?: string;
  /** For integers and fixed point: the type of AMD's HLS. */
  readonly apFixed?: string;
  readonly aliases: readonly string[];
  readonly source: string;
}

/** Everything about a format that a page, a table or a header says of it. */
export function describeFormat(format: Format): FormatDescription {
  const { id, kind, width, signed } = format;
  const known = FORMATS.find(named => named.id === id);
  const fields = fieldsOf(format);
  return {
    id,
    kind,
    width,
    signed,
    summary: known?.summary,
    fields,
    picture: pictureOf(format, fields),
    max: formatExact(format.max),
    min: formatExact(format.min),
    ...valuesOf(format),
    specials: specialsOf(format),
    aliases: known?.aliases ?? [],
    source: SOURCES[known?.source ?? defaultSource(format)],
  };
}

function defaultSource({ id, kind }: Format): keyof typeof SOURCES {
  if (id.startsWith('p3109_')) return 'p3109';
  if (kind === 'float') return 'minifloat';
  return kind === 'integer' ? 'integer' : 'fixed';
}

function fieldsOf({ kind, width, signed, float, lsbExponent }: Format): CodeField[] {
  const sign: CodeField[] = signed ? [{ name: 'sign', msb: width - 1, lsb: width - 1 }] : [];
  const top = width - 1 - sign.length;
  const split = (upper: CodeField['name'], lower: CodeField['name'], lowerBits: number): CodeField[] => {
    const border = Math.min(Math.max(lowerBits, 0), top + 1);
    return [
      ...sign,
      ...(border <= top ? [{ name: upper, msb: top, lsb: border }] : []),
      ...(border > 0 ? [{ name: lower, msb: border - 1, lsb: 0 }] : []),
    ];
  };
  if (float !== undefined) return split('exponent', 'mantissa', float.mantissaBits);
  return kind === 'scale' ? split('exponent', 'mantissa', 0) : split('integer', 'fraction', -lsbExponent);
}

function pictureOf({ kind, width, lsbExponent }: Format, fields: readonly CodeField[]): string {
  const bits = fields.map(({ name, msb, lsb }) => name[0].repeat(msb - lsb + 1));
  if (kind === 'float' || kind === 'scale') return bits.join(' ');
  const letters = bits.join('');
  const point = width + lsbExponent;
  const pointIsInside = point >= 0 && point < width;
  return pointIsInside ? `${letters.slice(0, point)}.${letters.slice(point)}` : letters;
}

type Values = Pick<
  FormatDescription,
  'smallestNormal' | 'smallestSubnormal' | 'step' | 'bias' | 'msbExponent' | 'lsbExponent' | 'q' | 'apFixed'
>;

function valuesOf(format: Format): Values {
  const { kind, width, signed, lsbExponent, float } = format;
  if (kind === 'scale') return { smallestNormal: formatExact(format.min), bias: -lsbExponent };
  const step = power(lsbExponent);
  if (float !== undefined) {
    const { mantissaBits, bias, maxFiniteCode } = float;
    return {
      smallestNormal: maxFiniteCode >> BigInt(mantissaBits) > 0n ? power(1 - bias) : undefined,
      smallestSubnormal: mantissaBits > 0 ? step : undefined,
      step,
      bias,
    };
  }
  const integerBits = width + lsbExponent;
  return {
    step,
    msbExponent: integerBits - 1,
    lsbExponent,
    q: `${signed ? '' : 'U'}Q${integerBits}.${0 - lsbExponent}`,
    apFixed: `ap_${signed ? '' : 'u'}fixed<${width},${integerBits}>`,
  };
}

function power(exp: number): string {
  return formatExact({ kind: 'finite', neg: false, mag: 1n, exp } satisfies Exact);
}

function specialsOf(format: Format): SpecialCodes[] {
  const { width, signed, float, canonicalNaN } = format;
  const found: SpecialCodes[] = [];
  const list = (meaning: SpecialCodes['meaning'], from: bigint, to = from): void => {
    const hex = (code: bigint): string => code.toString(16).padStart(Math.ceil(width / 4), '0');
    found.push({ meaning, from: hex(from), to: hex(to) });
  };
  if (format.kind !== 'scale') list('zero', 0n);
  if (float === undefined) {
    if (canonicalNaN !== undefined) list('NaN', canonicalNaN);
    return found;
  }
  const sign = 1n << BigInt(width - 1);
  if (signed && float.negativeZero) list('negative zero', sign);
  if (float.infinityCode !== undefined) {
    list('infinity', float.infinityCode);
    if (signed) list('negative infinity', float.infinityCode | sign);
  }
  listNaNs(float, signed, sign, list);
  return found;
}

function listNaNs(
  { nan }: FloatLayout,
  signed: boolean,
  sign: bigint,
  list: (meaning: 'NaN', from: bigint, to?: bigint) => void,
): void {
  if (nan.kind === 'negative-zero') list('NaN', sign);
  if (nan.kind !== 'above') return;
  if (!signed) list('NaN', nan.from, 2n * sign - 1n);
  else {
    list('NaN', nan.from, sign - 1n);
    list('NaN', nan.from | sign, 2n * sign - 1n);
  }
}
