import { FORMATS } from './catalogue.ts';
import { makeFixed } from './fixed.ts';
import { makeFloat } from './float.ts';
import { nearestName } from './hint.ts';
import { type Flavour, floatId, ieeeStyleLayout, p3109Layout } from './layouts.ts';
import { makeE8M0 } from './scale.ts';
import { type Format, FormatError } from './types.ts';

export const MAX_INTEGER_WIDTH = 256;
export const MAX_FRACTION = 1024;

const GRAMMAR =
  'ids are int<W>, uint<W>, fix<W>.<F>, ufix<W>.<F>, e<E>m<M>[b<bias>][ieee|fn|fnuz|fin], fp64, fp32, fp16, bf16, ' +
  'e8m0, p3109_k<K>p<P><s|u><e|f>, ap_fixed<W,I>, ap_ufixed<W,I> and the names of ml_dtypes';

const ALIASES: ReadonlyMap<string, string> = new Map(
  FORMATS.flatMap(({ id, aliases }) => aliases.map(alias => [alias, id] as const)),
);

const formats = new Map<string, Format>();

/**
 * The format of an id, of which the grammar is in `docs/formats.md`. Equal formats are one object, whichever of its
 * ids is given. FormatError, with the nearest known id as hint, for an id that is none.
 */
export function parseFormat(id: string): Format {
  const known = formats.get(id);
  if (known !== undefined) return known;
  const made = makeFormat(ALIASES.get(id) ?? id);
  const format = formats.get(made.id) ?? made;
  formats.set(format.id, format);
  formats.set(id, format);
  return format;
}

function makeFormat(id: string): Format {
  for (const [pattern, make] of PATTERNS) {
    const match = pattern.exec(id);
    if (match !== null) return make(id, match.slice(1));
  }
  const near = nearestName(id, knownIds());
  throw new FormatError(
    `unknown number format "${id.length > 100 ? `${id.slice(0, 100)}…` : id}"`,
    near === undefined ? GRAMMAR : `did you mean ${near}? (${GRAMMAR})`,
  );
}

function* knownIds(): Iterable<string> {
  for (const { id, aliases } of FORMATS) {
    yield id;
    yield* aliases;
  }
}

type Maker = (id: string, fields: string[]) => Format;

const PATTERNS: readonly (readonly [RegExp, Maker])[] = [
  [/^(u?)int(\d+)$/, integer],
  [/^(u?)fix(\d+)\.(-?\d+)$/, (id, [u, w, f]) => fixed(id, u, Number(w), Number(f))],
  [
    /^ap_(u?)fixed<\s*(\d+)\s*,\s*(-?\d+)\s*>$/,
    (id, [u, w, i]) => fixed(id, u, Number(w), Number(w) - Number(i)),
  ],
  [/^e8m0$/, makeE8M0],
  [/^fp64$/, () => minifloat('fp64', 11, 52)],
  [/^fp32$/, () => minifloat('fp32', 8, 23)],
  [/^fp16$/, () => minifloat('fp16', 5, 10)],
  [/^bf16$/, () => minifloat('bf16', 8, 7)],
  [
    /^e(\d+)m(\d+)(?:b(-?\d+))?(ieee|fnuz|fn|fin)?$/,
    (id, [e, m, bias, flavour]) =>
      minifloat(id, Number(e), Number(m), bias === undefined ? undefined : Number(bias), flavour as Flavour),
  ],
  [/^p3109_k(\d+)p(\d+)([su])([ef])$/, p3109],
];

function integer(id: string, [u, w]: string[]): Format {
  const width = Number(w);
  checkRange(id, 'width', width, 1, MAX_INTEGER_WIDTH);
  return makeFixed({ id: `${u}int${width}`, kind: 'integer', width, signed: u === '', lsbExponent: 0 });
}

function fixed(id: string, u: string, width: number, fraction: number): Format {
  checkRange(id, 'width', width, 1, MAX_INTEGER_WIDTH);
  checkRange(id, 'number of fraction bits', fraction, -MAX_FRACTION, MAX_FRACTION);
  const canonical = `${u}fix${width}.${fraction === 0 ? 0 : fraction}`;
  return makeFixed({ id: canonical, kind: 'fixed', width, signed: u === '', lsbExponent: 0 - fraction });
}

function minifloat(id: string, e: number, m: number, bias?: number, flavour?: Flavour): Format {
  checkRange(id, 'number of exponent bits', e, 1, 11);
  checkRange(id, 'number of mantissa bits', m, 0, 52);
  if (bias !== undefined) checkRange(id, 'bias', bias, -2048, 2048);
  const shape = { exponentBits: e, mantissaBits: m, bias, flavour };
  return makeFloat(floatId(shape), ieeeStyleLayout(id, shape), true);
}

function p3109(id: string, [k, p, sign, domain]: string[]): Format {
  const width = Number(k);
  const precision = Number(p);
  const signed = sign === 's';
  checkRange(id, 'width K', width, 3, 15);
  checkRange(id, 'precision P', precision, 1, signed ? width - 1 : width);
  checkRange(id, 'number of exponent bits', width - precision + (signed ? 0 : 1), 1, 11);
  const layout = p3109Layout(width, precision, signed, domain === 'e');
  return makeFloat(`p3109_k${width}p${precision}${sign}${domain}`, layout, signed);
}

function checkRange(id: string, what: string, value: number, low: number, high: number): void {
  if (value >= low && value <= high) return;
  throw new FormatError(`${id}: the ${what} is ${value}`, `it must be from ${low} to ${high}`);
}
