import { mul } from '../formats/exact.ts';
import type { Format } from '../formats/types.ts';

/** At most so many of a format's subnormal powers of two. */
const MOST_POWERS = 8;

/** Subnormal powers of two: a single bit somewhere in the mantissa; the lowest and the highest ones, where there are many. */
function subnormalPowers({ float }: Format): bigint[] {
  const bits = float?.mantissaBits ?? 0;
  const half = MOST_POWERS / 2;
  return Array.from({ length: bits }, (_, i) => i)
    .filter(i => bits <= MOST_POWERS || i < half || i >= bits - half)
    .map(i => 1n << BigInt(i));
}

/** Codes of the first so many normal binades: powers of two, and the numbers next to them and halfway. */
function lowNormals(format: Format, binades: number): bigint[] {
  const { mantissaBits, exponentBits } = format.float!;
  const [ones, width] = [(1n << BigInt(mantissaBits)) - 1n, BigInt(mantissaBits)];
  const count = Math.min(binades, 2 ** exponentBits - 2);
  return Array.from({ length: Math.max(0, count) }, (_, i) => BigInt(i + 1) << width).flatMap(power => [
    power,
    power | (ones > 0n ? 1n : 0n),
    power | ones,
  ]);
}

const signOf = (format: Format): bigint => (format.signed ? 1n << BigInt(format.width - 1) : 0n);

/**
 * A subnormal power of two beside numbers of the lowest binades, with either sign: when it is aligned, a single bit falls off at
 * each place there is, and nothing else, since it has no hidden one.
 */
export function* fallingBits(f: Format, g: Format): Generator<readonly [bigint, bigint]> {
  if (!f.float || !g.float) return;
  for (const small of subnormalPowers(g))
    for (const large of lowNormals(f, f.float.mantissaBits + 6))
      for (const sign of new Set([0n, signOf(g)])) yield [large, small | sign];
}

/** At most so many exponents of a factor are tried with each small one. */
const MOST_STEPS = 12;

/**
 * Products of a small and a larger factor beside addends that all but cancel them, or are a few bits at each distance from them,
 * or are the smallest numbers there are: what falls off is then a single bit.
 */
export function* fallingProducts(
  f: Format,
  g: Format,
  h: Format,
): Generator<readonly [bigint, bigint, bigint]> {
  if (!f.float || !g.float || !h.float) return;
  const { mantissaBits } = h.float;
  const smallest = 1n << BigInt(mantissaBits);
  const cut = { round: 'rtz', overflow: 'saturate' } as const;
  const step = Math.ceil((mantissaBits + 7) / MOST_STEPS);
  const exponents = Array.from({ length: MOST_STEPS }, (_, i) => i * step - 2);
  const reach = mantissaBits + 4;
  const distances = Array.from({ length: 2 * reach + 1 }, (_, i) => i - reach);
  for (const power of subnormalPowers(f)) {
    for (const a of new Set([power, power | 1n])) {
      for (const k of [...exponents, g.float.bias >> 1]) {
        for (const mag of [2n, 3n, (2n << BigInt(g.float.mantissaBits)) - 1n]) {
          const b = g.encode({ kind: 'finite', neg: false, mag, exp: k }, cut);
          const product = mul(f.decode(a), g.decode(b));
          const alike = h.encode(product, cut);
          const addends = [alike, alike + 1n, alike > 0n ? alike - 1n : 1n, smallest, smallest + 1n];
          for (const c of addends) for (const sign of new Set([0n, signOf(h)])) yield [a, b, c | sign];
        }
      }
      const b = g.encode({ kind: 'finite', neg: false, mag: 1n, exp: g.float.bias >> 1 }, cut);
      const product = mul(f.decode(a), g.decode(b));
      if (product.kind !== 'finite') continue;
      for (const distance of distances) {
        for (const mag of [1n, 3n, 9n]) {
          const c = h.encode({ ...product, mag: product.mag * mag, exp: product.exp + distance }, cut);
          for (const sign of new Set([0n, signOf(h)])) yield [a, b, c | sign];
        }
      }
    }
  }
}

/** Mantissas of each factor whose products are tried. */
const MOST_MANTISSAS = 32;

/**
 * Products and addends that meet halfway between two numbers of the result, but for the addend's last bit or two, which are alone
 * below the last bit of the product: whether they are gathered decides the rounding.
 */
export function* tiesWithTail(
  f: Format,
  g: Format,
  h: Format,
  result: Format,
): Generator<readonly [bigint, bigint, bigint]> {
  if (!f.float || !g.float || !h.float || !result.float) return;
  const precision = h.float.mantissaBits + 1;
  // Such formats reach far enough below one for all of these.
  if ([f, g, h].some(({ float }) => float!.bias <= 6 * precision)) return;
  // Three times a significand is often halfway by itself.
  const right = [
    ...oddSignificands(g.float.mantissaBits),
    3n << BigInt(Math.max(0, g.float.mantissaBits - 1)),
  ];
  // Subnormal factors need a large one beside them.
  const up = Math.min(-f.lsbExponent, g.float.bias - g.float.mantissaBits - 1);
  const lefts = [
    { left: oddSignificands(f.float.mantissaBits), atA: 0, atB: 0 },
    { left: subnormalSignificands(f.float.mantissaBits), atA: f.lsbExponent, atB: up },
  ];
  for (const { left, atA, atB } of lefts) {
    for (const [x, y] of left.flatMap(x => right.map(y => [x, y] as const))) {
      const product = x * y;
      const dropped = product.toString(2).length - result.float.mantissaBits - 1;
      if (dropped < 1) continue;
      const missing = (1n << BigInt(dropped - 1)) - (product & ((1n << BigInt(dropped)) - 1n));
      const rest = missing < 0n ? -missing : missing;
      // Halfway by itself, beside an addend that falls off as a whole, at each distance.
      const tails = rest === 0n ? 4 * precision : precision - rest.toString(2).length;
      const patterns = rest === 0n ? [1n, 3n, 7n, 9n] : [1n, 3n];
      for (let tail = 1; tail <= tails; tail++) {
        for (const ones of tail > 1 ? patterns : [1n]) {
          const mag = (rest << BigInt(tail)) | ones;
          yield [
            f.encode({ kind: 'finite', neg: false, mag: x, exp: atA }),
            g.encode({ kind: 'finite', neg: false, mag: y, exp: atB }),
            h.encode({ kind: 'finite', neg: missing < 0n, mag, exp: atA + atB - tail }),
          ];
        }
      }
    }
  }
}

/** Significands of subnormal numbers of few bits: all ones, of each length. */
function subnormalSignificands(mantissaBits: number): bigint[] {
  return Array.from({ length: Math.min(MOST_POWERS, mantissaBits) }, (_, i) => (2n << BigInt(i)) - 1n).filter(
    x => x < 1n << BigInt(mantissaBits),
  );
}

/** Odd numbers of a significand's length, spread over it. */
function oddSignificands(mantissaBits: number): bigint[] {
  const least = 1n << BigInt(mantissaBits);
  const count = Math.min(MOST_MANTISSAS, 2 ** Math.max(0, mantissaBits - 1));
  return Array.from({ length: count }, (_, i) => least | ((BigInt(i) * least) / BigInt(count)) | 1n);
}
