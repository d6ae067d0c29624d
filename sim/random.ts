/** A small deterministic generator (xoshiro128**): the same seed gives the same vectors everywhere. */
export class Random {
  private readonly state = new Uint32Array(4);

  constructor(seed: number) {
    // SplitMix32 spreads the seed over the state.
    let z = seed >>> 0;
    for (let i = 0; i < 4; i++) {
      z = (z + 0x9e3779b9) >>> 0;
      let t = z ^ (z >>> 16);
      t = Math.imul(t, 0x21f0aaad);
      t ^= t >>> 15;
      t = Math.imul(t, 0x735a2d97);
      this.state[i] = t ^ (t >>> 15);
    }
  }

  /** 32 random bits. */
  next(): number {
    const s = this.state;
    const x = Math.imul(s[1]!, 5);
    const result = Math.imul((x << 7) | (x >>> 25), 9) >>> 0;
    const t = s[1]! << 9;
    s[2]! ^= s[0]!;
    s[3]! ^= s[1]!;
    s[1]! ^= s[2]!;
    s[0]! ^= s[3]!;
    s[2]! ^= t;
    s[3] = (s[3]! << 11) | (s[3]! >>> 21);
    return result;
  }

  /** A whole number below `n` (up to 2^32), close enough to uniform. */
  below(n: number): number {
    return Math.floor((this.next() / 4294967296) * n);
  }
}
