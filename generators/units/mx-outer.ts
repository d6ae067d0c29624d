import { outerProduct } from '../blocks/outerProduct.ts';
import { plus, type Value } from '../formats/arithmetic.ts';
import { exponentOf } from '../formats/double.ts';
import { parseFormat } from '../formats/parse.ts';
import { dotFormat } from './formats.ts';
import { elementOf } from './mxFormats.ts';
import { defineUnit } from './unit.ts';

export interface Params {
  /** Rows of the tile. @min 1 @max 64 @default 4 */
  rows: number;
  /** Columns of the tile. @min 1 @max 64 @default 4 */
  cols: number;
  /** Element format of both matrices. @default e2m1 */
  element: 'e2m1' | 'e2m3' | 'e3m2' | 'e4m3' | 'e5m2' | 'int8';
  /** Most beats of one sum, from one `first` to the next: the length of a block. The sums are as wide as so many can make them, and wrap beyond. @min 1 @max 65536 @default 32 */
  beats: number;
}

interface Beat {
  readonly first: number;
  readonly a: Float64Array;
  readonly a_scale: Float64Array;
  readonly b: Float64Array;
  readonly b_scale: Float64Array;
}

/**
 * A tile of a matrix product by rank-1 updates, as a systolic array wants it: a beat brings one column of A and one row of B,
 * and each of its elements serves a whole row or column of the tile. The blocks of MX lie along the beats: a row of A and a
 * column of B have one scale for as long as a block lasts, which is from one `first` to the next. So the sums are exact
 * integers and no scale is in them; the exponents, of the scales of the latest beat, stand beside. A cell is invalid from a beat
 * on in which one of its elements is no finite number or one of its scales is NaN, until the next `first`.
 */
export const unit = defineUnit<Params, Beat, Record<string, Value[]>>({
  id: 'mx-outer',
  family: 'block-floating-point',
  summary: 'Outer product of a column and a row of MX blocks, added to a tile of exact sums.',
  equations: [
    'y[i,j] ← (first ? 0 : y[i,j]) + a[i]·b[j], exact; lane i·cols + j',
    '2^exponent[i,j] = a_scale[i]·b_scale[j]; the element of the product is y · 2^exponent',
  ],
  source: 'OCP Microscaling Formats (MX) v1.0, sections 5 and 6',
  state: true,
  ports(p) {
    const element = elementOf(p);
    const cells = p.rows * p.cols;
    return {
      in: {
        first: { format: 'uint1', doc: 'this beat starts new sums, from 0' },
        a: { format: element, lanes: p.rows, doc: 'a column of the left matrix' },
        a_scale: { format: 'e8m0', lanes: p.rows, doc: 'scales of its rows, the same throughout a block' },
        b: { format: element, lanes: p.cols, doc: 'a row of the right matrix' },
        b_scale: { format: 'e8m0', lanes: p.cols, doc: 'scales of its columns, the same throughout a block' },
      },
      out: {
        y: {
          format: dotFormat(element, element, p.beats),
          lanes: cells,
          doc: 'the sums after this beat, modulo their width; 0 where invalid',
          policy: { overflow: 'wrap' },
        },
        exponent: {
          format: 'int10',
          lanes: cells,
          doc: 'exponents of both scales together; 0 where invalid',
        },
        invalid: { format: 'uint1', lanes: cells, doc: 'since first, something was no finite number' },
      },
    };
  },
  golden({ rows, cols }) {
    const cells = rows * cols;
    const sums = new Array<Value>(cells).fill(0);
    const invalid = new Array<number>(cells).fill(0);
    const reset = (): void => {
      sums.fill(0);
      invalid.fill(0);
    };
    const [y, exponent] = [new Array<Value>(cells).fill(0), new Array<Value>(cells).fill(0)];
    return {
      reset,
      step({ first, a, a_scale, b, b_scale }) {
        if (first) reset();
        for (let i = 0, cell = 0; i < rows; i++) {
          for (let j = 0; j < cols; j++, cell++) {
            // Elements have at most eight bits: their products are doubles.
            const product = a[i]! * b[j]!;
            const scales = a_scale[i]! * b_scale[j]!;
            if (!Number.isFinite(product * scales)) invalid[cell] = 1;
            if (invalid[cell] === 1) {
              y[cell] = 0;
              exponent[cell] = 0;
              continue;
            }
            sums[cell] = plus(sums[cell]!, product);
            y[cell] = sums[cell]!;
            exponent[cell] = exponentOf(scales);
          }
        }
        return { y, exponent, invalid };
      },
    };
  },
  datapath(b, x, p) {
    const element = elementOf(p);
    const { width, lsbExponent } = parseFormat(dotFormat(element, element, p.beats));
    const operands = {
      a: x.vector('a'),
      aScale: x.vector('a_scale'),
      b: x.vector('b'),
      bScale: x.vector('b_scale'),
    };
    const { sums, exponents, invalid } = outerProduct(b, element, width, operands, x.signal('first'));
    return { y: sums.withLsb(lsbExponent), exponent: exponents, invalid };
  },
  *corners(p) {
    const format = parseFormat(elementOf(p));
    const codes = (lanes: number, code: number): bigint[] => new Array<bigint>(lanes).fill(BigInt(code));
    const [most, least] = [1e6, -1e6].map(x => format.encodeNumber(x)) as [number, number];
    // The largest sums of either sign, so long that they wrap; then scales at both ends, and NaN.
    for (const [a, b] of [
      [least, least],
      [least, most],
    ] as const)
      for (let beat = 0; beat < Math.min(p.beats, 64) + 2; beat++)
        yield {
          first: beat === 0 ? 1n : 0n,
          a: codes(p.rows, a),
          a_scale: codes(p.rows, 127),
          b: codes(p.cols, b),
          b_scale: codes(p.cols, 127),
        };
    for (const [x, y] of [
      [0, 0],
      [254, 254],
      [255, 127],
      [127, 255],
    ] as const)
      for (const first of [1n, 0n])
        yield {
          first,
          a: codes(p.rows, most),
          a_scale: codes(p.rows, x),
          b: codes(p.cols, most),
          b_scale: codes(p.cols, y),
        };
  },
});
