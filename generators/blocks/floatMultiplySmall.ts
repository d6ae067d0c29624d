/** Products of floats whose mantissas have few bits together: the significand of the product is one table of both. */
import { roundShift } from '../formats/rounding.ts';
import type { FloatLayout, Policy } from '../formats/types.ts';
import type { Builder } from '../hdl/builder.ts';
import type { Signal } from '../hdl/signal.ts';
import { addWithCarry } from './bits.ts';
import { type FloatPolicy, overflowMagnitude, packFloat, packMagnitude, unpack } from './float.ts';
import type { ProductFormats } from './floatMultiply.ts';

/** Bits of two mantissas that a table takes: one look-up for each bit of the product on a 6-input LUT. */
const TABLE_BITS = 6;

/**
 * Whether the product is made by a table. Where that also rounds, it saves the multiplier, a shifter and an adder, and is worth more
 * than one look-up a bit; else it only saves the multiplier, and the count of zeros behind it.
 */
export function isSmallProduct({ fabric }: Builder, formats: ProductFormats, policy: FloatPolicy): boolean {
  const bits = formats.left.float!.mantissaBits + formats.right.float!.mantissaBits;
  if (bits === 0) return false;
  const most = roundsInTable(formats.result.float!, policy) ? TABLE_BITS : (fabric.lutInputs ?? TABLE_BITS);
  return bits <= Math.min(most, TABLE_BITS);
}

/** Without subnormals, a significand is always rounded at the same place; most roundings do not look at the sign. */
function roundsInTable({ mantissaBits }: FloatLayout, { round, subnormals }: FloatPolicy): boolean {
  return subnormals === 'flush' && mantissaBits > 0 && ['rne', 'rna', 'rtz', 'odd'].includes(round);
}

/** A number `±1.mantissa · 2^(exponent − bias)`, or zero, or none. */
interface Operand extends Outcome {
  readonly exponent: Signal;
  /** Absent where the format has no mantissa bits. */
  readonly mantissa?: Signal;
}

/** The product of two codes, rounded once to a format. */
export function multiplySmall(
  b: Builder,
  { left, right, result }: ProductFormats,
  policy: FloatPolicy,
  x: Signal,
  y: Signal,
  random?: Signal,
): Signal {
  const [f, g] = [left.float!, right.float!];
  const { p, q } = b.scope('', 'Operands as 1.mantissa times a power of two', () => ({
    p: b.scope('a', '', () => operand(b, f, x, policy.subnormals)),
    q: b.scope('b', '', () => operand(b, g, y, policy.subnormals)),
  }));
  const { isZero, ...outcome } = b.scope('', 'What does not depend on the significands', () =>
    outcomeOf(p, q),
  );
  const index = b.concat(...[p.mantissa, q.mantissa].filter(m => m !== undefined));
  const name = `product_m${f.mantissaBits}_m${g.mantissaBits}`;
  const exponents = (carry: Signal): Signal => addWithCarry(b, p.exponent, q.exponent, carry);

  if (roundsInTable(result.float!, policy)) {
    const table = roundedProducts(f.mantissaBits, g.mantissaBits, result.float!.mantissaBits, policy.round);
    const { mantissa, up, carry } = b.scope('product', 'The product of the significands, rounded', () =>
      columns(b, `${name}_rounded`, table, index),
    );
    return b.scope('', 'The code', () => {
      const exponent = up!.range[1] <= 1n ? exponents(up!) : p.exponent.add(q.exponent).add(up!);
      const field = exponent.add(result.float!.bias - f.bias - g.bias).as('field');
      const magnitude = packRounded(b, result.float!, policy, {
        sign: outcome.sign,
        field,
        mantissa: mantissa!,
        carry: carry!,
        isZero,
      });
      return packMagnitude(b, result, policy, { ...outcome, magnitude });
    });
  }
  const all = f.mantissaBits + g.mantissaBits + 1;
  const shown = policy.round === 'stochastic' ? all : Math.min(all, result.float!.mantissaBits + 1);
  const table = exactProducts(f.mantissaBits, g.mantissaBits, shown);
  const { fraction, up, sticky } = b.scope('product', 'The product of the significands', () =>
    columns(b, name, table, index),
  );
  return b.scope('', 'Rounded once', () =>
    packFloat(b, result, policy, {
      ...outcome,
      magnitude: b.concat(b.const(1), fraction!),
      exponent: exponents(up!).add(-f.bias - g.bias - shown),
      sticky: sticky!,
      isNormalized: true,
      countsAsZero: isZero,
      ...(random ? { random } : {}),
    }),
  );
}

interface Outcome {
  readonly sign: Signal;
  readonly isZero: Signal;
  readonly isNaN: Signal;
  readonly isInfinite: Signal;
}

function outcomeOf(p: Operand, q: Operand): Outcome {
  const zeroTimesInfinity = p.isInfinite.and(q.isZero).or(q.isInfinite.and(p.isZero));
  return {
    sign: p.sign.xor(q.sign),
    isZero: p.isZero.or(q.isZero),
    isNaN: p.isNaN.or(q.isNaN).or(zeroTimesInfinity),
    isInfinite: p.isInfinite.or(q.isInfinite),
  };
}

function operand(b: Builder, layout: FloatLayout, code: Signal, subnormals: Policy['subnormals']): Operand {
  const { mantissaBits, exponentBits } = layout;
  const { sign, isZero, isInfinite, isNaN: isNan } = unpack(b, layout, code, subnormals);
  const parts = { sign, isZero, isInfinite, isNaN: isNan };
  const field = code.bits(exponentBits + mantissaBits - 1, mantissaBits);
  if (mantissaBits === 0) return { ...parts, exponent: field };
  const bits = code.bits(mantissaBits - 1, 0).as('mantissa_bits');
  if (subnormals === 'flush') return { ...parts, exponent: field, mantissa: bits };
  // A subnormal number begins at the highest one of its bits.
  let mantissa = b.const(0);
  let exponent = b.const(1 - mantissaBits);
  for (let top = 1; top < mantissaBits; top++) {
    const below = bits.bits(top - 1, 0).shl(mantissaBits - top);
    mantissa = b.mux(bits.bit(top), below, mantissa);
    exponent = b.mux(bits.bit(top), b.const(1 - mantissaBits + top), exponent);
  }
  const isNormal = field.any();
  return {
    ...parts,
    mantissa: b.mux(isNormal, bits, mantissa).wrap(mantissaBits, false).as('mantissa'),
    exponent: b.mux(isNormal, field, exponent).as('exponent'),
  };
}

/** One row of a table for each pair of mantissas, in named columns. */
type Table = { readonly doc: string; readonly rows: readonly Readonly<Record<string, bigint>>[] };

function products<T>(f: number, g: number, row: (product: bigint, isAboveTwo: boolean) => T): T[] {
  const rows: T[] = [];
  for (let i = 1n << BigInt(f); i < 2n << BigInt(f); i++)
    for (let j = 1n << BigInt(g); j < 2n << BigInt(g); j++)
      rows.push(row(i * j, i * j >= 2n << BigInt(f + g)));
  return rows;
}

/** `1.fraction · 2^up`, the fraction cut to so many bits; `sticky` tells whether any bit is cut off that is set. */
function exactProducts(f: number, g: number, shown: number): Table {
  const doc = `1.a · 1.b, mantissas of ${f} and ${g} bits: 1.fraction, of ${shown} bits, times 2 where up; sticky for what is below`;
  const rows = products(f, g, (product, isAboveTwo) => {
    const all = isAboveTwo ? product : product << 1n;
    const cut = BigInt(f + g + 1 - shown);
    const fraction = (all >> cut) - (1n << BigInt(shown));
    return {
      up: isAboveTwo ? 1n : 0n,
      fraction,
      sticky: (fraction + (1n << BigInt(shown))) << cut === all ? 0n : 1n,
    };
  });
  return { doc, rows };
}

/** `1.mantissa · 2^up`, rounded to so many bits; `carry` tells that it was below that power of two before it was rounded. */
function roundedProducts(f: number, g: number, bits: number, round: Policy['round']): Table {
  const doc = `1.a · 1.b, mantissas of ${f} and ${g} bits, rounded (${round}) to 1.mantissa of ${bits} bits times 2^up; carry where rounding reached that power of two`;
  const rows = products(f, g, (product, isAboveTwo) => {
    const scale = f + g + (isAboveTwo ? 1 : 0) - bits;
    const significand = roundShift(product, scale, round);
    const carry = significand >> BigInt(bits + 1);
    const mantissa = carry === 1n ? 0n : significand - (1n << BigInt(bits));
    return { up: (isAboveTwo ? 1n : 0n) + carry, carry, mantissa };
  });
  return { doc, rows };
}

/** The columns of a table at an index, which are side by side in one table. */
function columns(b: Builder, name: string, { doc, rows }: Table, index: Signal): Record<string, Signal> {
  const most = (column: string): bigint => rows.reduce((m, row) => (row[column]! > m ? row[column]! : m), 0n);
  const widths = Object.keys(rows[0]!).map(
    column => [column, most(column).toString(2).length, most(column)] as const,
  );
  const values = rows.map(row =>
    widths.reduce((code, [column, width]) => (code << BigInt(width)) | row[column]!, 0n),
  );
  const value = b.table(
    name,
    `${doc}; ${widths.map(([column]) => column).join(', ')} from the top`,
    values,
    index,
  );
  let low = widths.reduce((sum, [, width]) => sum + width, 0);
  const found: Record<string, Signal> = {};
  for (const [column, width, largest] of widths) {
    low -= width;
    if (largest === 0n) found[column] = b.const(0);
    else
      found[column] = value
        .bits(low + width - 1, low)
        .narrow(0, largest)
        .as(column);
  }
  return found;
}

/** A rounded significand at the place that its exponent field has in the code, or what stands for values out of range. */
interface Rounded {
  readonly sign: Signal;
  /** Exponent field, of any range. */
  readonly field: Signal;
  readonly mantissa: Signal;
  /** The value was below this power of two before it was rounded. */
  readonly carry: Signal;
  readonly isZero: Signal;
}

function packRounded(
  b: Builder,
  layout: FloatLayout,
  policy: FloatPolicy,
  { sign, field, mantissa, carry, isZero }: Rounded,
): Signal {
  const { exponentBits, mantissaBits, maxFiniteCode } = layout;
  const isNegative = field.sign();
  // Flushed by what it was before it was rounded.
  const isBelow = isNegative.or(field.isZero()).or(field.eq(1).and(carry));
  const topField = maxFiniteCode >> BigInt(mantissaBits);
  const topMantissa = maxFiniteCode - (topField << BigInt(mantissaBits));
  const isBeyond = mantissa.width < mantissaBits ? b.const(0) : above(mantissa, topMantissa);
  const isAbove = isNegative.not().and(above(field, topField)).or(field.eq(topField).and(isBeyond));
  const exponentField = field.wrap(exponentBits, false);
  const code = b.concat(exponentField, ...padded(b, mantissa, mantissaBits));
  const largest = overflowMagnitude(b, layout, policy, sign);
  const most = largest.range[1] > maxFiniteCode ? largest.range[1] : maxFiniteCode;
  return b.mux(isAbove, largest, code).gate(isBelow.or(isZero).not()).narrow(0, most);
}

/** A signal in so many bits. */
function padded(b: Builder, x: Signal, width: number): Signal[] {
  return [...new Array<Signal>(width - x.width).fill(b.const(0)), x];
}

/** Whether a number that is not negative is above a constant: by gates where that is a power of two, or one or two below it. */
function above(x: Signal, limit: bigint): Signal {
  const { width } = x;
  const bits = limit.toString(2).length;
  const places = x.signed ? width - 1 : width;
  const [all, next] = [(1n << BigInt(bits)) - 1n, limit + 1n];
  const high = bits < places ? x.bits(places - 1, bits).any() : x.builder.const(0);
  if (limit === all) return high;
  if (next === all && bits <= places) return high.or(x.bits(bits - 1, 0).all());
  return x.gt(limit);
}
