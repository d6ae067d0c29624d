import { roundShift } from '../formats/rounding.ts';
import type { Exact } from '../formats/types.ts';

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
