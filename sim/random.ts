/** A small deterministic generator (xoshiro128**): the same seed gives the same vectors everywhere. */
export class Random {
  private a: number;
  private b: number;
  private c: number;
  private d: number;

  constructor(seed: number) {
    // SplitMix32 spreads the seed over the state.
    let z = seed >>> 0;
    const spread = (): number => {
      z = (z + 0x9e3779b9) >>> 0;
      let t = z ^ (z >>> 16);
      t = Math.imul(t, 0x21f0aaad);
      t ^= t >>> 15;
      t = Math.imul(t, 0x735a2d97);
      return t ^ (t >>> 15);
    };
    this.a = spread();
    this.b = spread();
    this.c = spread();
    this.d = spread();
  }

  /** 32 random bits. */
  next(): number {
    const { a, b } = this;
    const x = Math.imul(b, 5);
    const c = this.c ^ a;
    const d = this.d ^ b;
    this.a = a ^ d;
    this.b = b ^ c;
    this.c = c ^ (b << 9);
    this.d = (d << 11) | (d >>> 21);
    return Math.imul((x << 7) | (x >>> 25), 9) >>> 0;
  }

  /** A whole number below `n` (up to 2^32), close enough to uniform. */
  below(n: number): number {
    return Math.floor((this.next() / 4294967296) * n);
  }
}
