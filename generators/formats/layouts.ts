import { type FloatLayout, FormatError } from './types.ts';

/** What the top codes of a minifloat mean; see FloatShape. */
export type Flavour = 'ieee' | 'fn' | 'fnuz' | 'fin';

/**
 * A minifloat by its fields. `ieee`: infinities and NaNs in the top binade · `fn`: the all-ones code is NaN ·
 * `fnuz`: the code of −0 is NaN · `fin`: all codes finite. Absent: the OCP meaning of the fields, else `ieee`.
 * Default bias 2^(E−1) − 1, one more for `fnuz`.
 */
export interface FloatShape {
  readonly exponentBits: number;
  readonly mantissaBits: number;
  readonly bias?: number;
  readonly flavour?: Flavour;
}

const OCP_FLAVOURS: ReadonlyMap<string, Flavour> = new Map([
  ['e4m3', 'fn'],
  ['e5m2', 'ieee'],
  ['e3m2', 'fin'],
  ['e2m3', 'fin'],
  ['e2m1', 'fin'],
]);

const NAMES: ReadonlyMap<string, string> = new Map([
  ['e11m52', 'fp64'],
  ['e8m23', 'fp32'],
  ['e5m10', 'fp16'],
  ['e8m7', 'bf16'],
]);

function defaultFlavour({ exponentBits, mantissaBits }: FloatShape): Flavour {
  return OCP_FLAVOURS.get(`e${exponentBits}m${mantissaBits}`) ?? 'ieee';
}

function defaultBias(shape: FloatShape): number {
  const flavour = shape.flavour ?? defaultFlavour(shape);
  return 2 ** (shape.exponentBits - 1) - (flavour === 'fnuz' ? 0 : 1);
}

/** The shortest id of a minifloat. */
export function floatId(shape: FloatShape): string {
  const { exponentBits, mantissaBits, bias, flavour } = shape;
  const biasPart = bias === undefined || bias === defaultBias(shape) ? '' : `b${bias}`;
  const flavourPart = flavour === undefined || flavour === defaultFlavour(shape) ? '' : flavour;
  const id = `e${exponentBits}m${mantissaBits}${biasPart}${flavourPart}`;
  return NAMES.get(id) ?? id;
}

/** The layout of a minifloat. FormatError where the fields leave no room for the special codes. */
export function ieeeStyleLayout(id: string, shape: FloatShape): FloatLayout {
  const { exponentBits, mantissaBits } = shape;
  const flavour = shape.flavour ?? defaultFlavour(shape);
  const bias = shape.bias ?? defaultBias(shape);
  const allOnes = (1n << BigInt(exponentBits + mantissaBits)) - 1n;
  const infinity = allOnes - ((1n << BigInt(mantissaBits)) - 1n);
  const fields = { exponentBits, mantissaBits, bias };
  const finite = `use e${exponentBits}m${mantissaBits}fin, in which all codes are finite`;
  switch (flavour) {
    case 'ieee':
      if (mantissaBits === 0)
        throw new FormatError(`${id}: without mantissa bits there is no code for NaN`, finite);
      return {
        ...fields,
        maxFiniteCode: infinity - 1n,
        infinityCode: infinity,
        nan: { kind: 'above', from: infinity + 1n },
        negativeZero: true,
      };
    case 'fn':
      if (allOnes === 1n) throw new FormatError(`${id}: the only code besides zero would be NaN`, finite);
      return {
        ...fields,
        maxFiniteCode: allOnes - 1n,
        nan: { kind: 'above', from: allOnes },
        negativeZero: true,
      };
    case 'fnuz':
      return { ...fields, maxFiniteCode: allOnes, nan: { kind: 'negative-zero' }, negativeZero: false };
    case 'fin':
      return { ...fields, maxFiniteCode: allOnes, nan: { kind: 'none' }, negativeZero: true };
  }
}

/**
 * The layout of a P3109 format of `width` bits and `precision` significant bits. Signed: NaN is the code of −0, bias
 * 2^(K−P−1), infinity is the largest magnitude where there is one. Unsigned: NaN is the all-ones code, bias 2^(K−P),
 * infinity is just below it.
 */
export function p3109Layout(
  width: number,
  precision: number,
  signed: boolean,
  infinite: boolean,
): FloatLayout {
  const exponentBits = width - precision + (signed ? 0 : 1);
  const allOnes = (1n << BigInt(signed ? width - 1 : width)) - 1n;
  const top = signed ? allOnes : allOnes - 1n;
  return {
    exponentBits,
    mantissaBits: precision - 1,
    bias: signed ? 2 ** (width - precision) / 2 : 2 ** (width - precision),
    maxFiniteCode: infinite ? top - 1n : top,
    infinityCode: infinite ? top : undefined,
    nan: signed ? { kind: 'negative-zero' } : { kind: 'above', from: allOnes },
    negativeZero: false,
  };
}
