import type { Design, DesignPort } from '../../generators/emit/design.ts';
import { nearestNumber } from '../../generators/formats/exact.ts';
import { type MxElement, quantizeBlock, type ScaleRule } from '../../generators/formats/quantize.ts';
import type { Exact } from '../../generators/formats/types.ts';
import { inputLayout, outputLayout, valueReader, writeBits } from '../../sim/codec.ts';
import type { Stimulus } from '../../sim/stimulus.ts';
import type { Matrix } from './tensors.ts';

/** A matrix as MX blocks, packed as the ports of the unit take them: block by block, lane 0 in the lowest bits. */
interface Packed {
  /** Blocks of a row. */
  readonly perRow: number;
  /** Words of a block. */
  readonly words: number;
  readonly elements: Uint32Array;
  readonly scales: Uint8Array;
}

/** Quantizes each row of a matrix, in blocks of as many elements as the port has lanes, which divide the row. */
function pack(
  matrix: Matrix,
  { lanes, format, width }: DesignPort,
  element: MxElement,
  rule: ScaleRule,
): Packed {
  const words = Math.ceil(width / 32);
  const blocks = matrix.data.length / lanes;
  const elements = new Uint32Array(blocks * words);
  const scales = new Uint8Array(blocks);
  for (let block = 0; block < blocks; block++) {
    const quantized = quantizeBlock(matrix.data.subarray(block * lanes, (block + 1) * lanes), element, rule);
    scales[block] = quantized.scale;
    quantized.elements.forEach((code, lane) => {
      writeBits(elements, block * words, lane * format.width, format.width, code);
    });
  }
  return { perRow: matrix.columns / lanes, words, elements, scales };
}

/**
 * The beats of an `mx-mac` for `left · rightᵀ`: each row of `left` with each row of `right`, block by block; the first
 * block of each pair of rows starts a new sum.
 */
export function dotStimulus(design: Design, left: Matrix, right: Matrix, rule: ScaleRule): Stimulus {
  const layout = inputLayout(design);
  const port = (name: string): (typeof layout.ports)[0] => layout.ports.find(p => p.port.name === name)!;
  const [a, b] = [port('a'), port('b')];
  const [first, aScale, bScale] = [port('first').offset, port('a_scale').offset, port('b_scale').offset];
  const element = design.params.element as MxElement;
  const x = pack(left, a.port, element, rule);
  const y = pack(right, b.port, element, rule);
  const { perRow, words } = x;
  let [row, column, block] = [0, 0, 0];
  return {
    layout,
    count: left.rows * right.rows * perRow,
    exhaustive: false,
    fill(records, count) {
      for (let beat = 0; beat < count; beat++) {
        const base = beat * layout.size;
        const [p, q] = [row * perRow + block, column * perRow + block];
        records[base + first] = block === 0 ? 1 : 0;
        for (let w = 0; w < words; w++) {
          records[base + a.offset + w] = x.elements[p * words + w]!;
          records[base + b.offset + w] = y.elements[q * words + w]!;
        }
        records[base + aScale] = x.scales[p]!;
        records[base + bScale] = y.scales[q]!;
        records[base + layout.accept] = 1;
        if (++block < perRow) continue;
        block = 0;
        if (++column < right.rows) continue;
        column = 0;
        row++;
      }
    },
  };
}

/** Collects the sums: the value of output `y` after the last of each `perSum` beats. */
export function sumReader(
  design: Design,
  sums: Float64Array,
  perSum: number,
): (answers: Uint32Array, count: number) => void {
  const layout = outputLayout(design);
  const { port, offset } = layout.ports.find(p => p.port.name === 'y')!;
  const read = valueReader(port);
  let beats = 0;
  return (answers, count) => {
    for (let beat = 0; beat < count; beat++, beats++) {
      if ((beats + 1) % perSum !== 0) continue;
      const value = read(answers, beat * layout.size + offset) as number | Exact;
      sums[Math.floor(beats / perSum)] = typeof value === 'number' ? value : nearestNumber(value);
    }
  };
}
