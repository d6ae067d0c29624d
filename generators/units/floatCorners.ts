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
