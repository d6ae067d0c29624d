import { exactDot, type Value, type Values } from '../formats/arithmetic.ts';
import { parseFormat } from '../formats/parse.ts';
import type { Builder } from '../hdl/builder.ts';
import type { Signal, Vector } from '../hdl/signal.ts';
import { fixedFormat, integersOf } from './formats.ts';

/** What units have in common whose weights are a sum of scaled planes: `y = Σ alpha[p]·(dot product with plane p)`. */
export interface Planes {
  readonly planes: number;
  /** Format of the scales. */
  readonly alpha: string;
  /** Least and greatest sum of a plane, in units of 2^lsb. */
  readonly min: bigint;
  readonly max: bigint;
  readonly lsb: number;
}

/** The format that just holds the scaled sum. */
export function scaledFormat({ planes, alpha, min, max, lsb }: Planes): string {
  const scale = parseFormat(alpha);
  const corners = integersOf(scale).flatMap(s => [s * min, s * max]);
  const [least, most] = [
    corners.reduce((m, x) => (x < m ? x : m)),
    corners.reduce((m, x) => (x > m ? x : m)),
  ];
  return fixedFormat(BigInt(planes) * least, BigInt(planes) * most, scale.lsbExponent + lsb);
}

/** The scaled sum, for goldens. */
export function scaledSum({
  planes,
  alpha,
  min,
  max,
  lsb,
}: Planes): (alpha: Values, sums: readonly Value[]) => Value {
  const dot = exactDot(parseFormat(alpha), parseFormat(fixedFormat(min, max, lsb)), planes);
  return (scales, sums) => dot(scales, sums as Values);
}

/** The scaled sum as hardware: the only multiplications of these units, one for each plane and beat. */
export function scale(b: Builder, alpha: Vector, sums: readonly Signal[]): Signal {
  return b.scope('', 'Each plane times its scale', () =>
    sums.map((sum, p) => alpha.at(p).mul(sum)).reduce((x, y) => x.add(y)),
  );
}
