/** The code `{b2, b1}` of a weight for two scales, the first positive and the second negative: the nearer of two levels, twice. */
export function dualbinCode(weight: number, [first, second]: readonly [number, number]): number {
  const low = weight - (first + second) / 2 >= 0 ? 1 : 0;
  const high = -(weight - first * low - second / 2) >= 0 ? 1 : 0;
  return 2 * high + low;
}
