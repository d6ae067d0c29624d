/** So many inputs, from this number on; as `fillInputs` numbers them. */
export interface Range {
  readonly from: number;
  readonly count: number;
}

/** All inputs from one on, given away in ranges, which may end in any order. */
export class Ranges {
  private readonly open = new Set<number>();

  constructor(
    private next: number,
    private readonly total: number,
    private readonly size: number,
  ) {}

  /** The next range; undefined when all are given away. */
  take(): Range | undefined {
    if (this.next >= this.total) return undefined;
    const range = { from: this.next, count: Math.min(this.size, this.total - this.next) };
    this.next += range.count;
    this.open.add(range.from);
    return range;
  }

  /** A range that was given away is played. */
  settle({ from }: Range): void {
    this.open.delete(from);
  }

  /** All inputs before this one are played. */
  get played(): number {
    return Math.min(this.next, ...this.open);
  }
}
