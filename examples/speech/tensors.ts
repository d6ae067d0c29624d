import { join } from 'node:path';
import { FormatError } from '../../generators/formats/types.ts';
import { readNpy } from '../../sim/npy.ts';
import { projectRoot } from '../../sim/root.ts';

/** Rows of equal length, one after the other. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float32Array;
}

export interface Tensors {
  /** Recurrent weights of the LSTM: one row per output. */
  readonly weights: Matrix;
  /** Its hidden states: one row per frame. */
  readonly hidden: Matrix;
}

/** The two tensors beside this file. */
export async function loadTensors(): Promise<Tensors> {
  const folder = join(projectRoot, 'examples', 'speech');
  return {
    weights: await readMatrix(join(folder, 'lstm_weight_hh.npy')),
    hidden: await readMatrix(join(folder, 'lstm_hidden.npy')),
  };
}

async function readMatrix(path: string): Promise<Matrix> {
  const { shape, data } = await readNpy(path);
  const [rows, columns] = shape;
  if (shape.length !== 2 || !(data instanceof Float32Array)) {
    throw new FormatError(`${path}: shape (${shape.join(', ')})`, 'expected a matrix of float32');
  }
  return { rows: rows!, columns: columns!, data };
}

/** The first rows of a matrix. */
export function firstRows(matrix: Matrix, rows: number): Matrix {
  return { ...matrix, rows, data: matrix.data.subarray(0, rows * matrix.columns) };
}

/** `left · rightᵀ` in double precision: row by row of `left`, the dot products with all rows of `right`. */
export function dotProducts(left: Matrix, right: Matrix): Float64Array {
  const { columns } = left;
  const result = new Float64Array(left.rows * right.rows);
  for (let i = 0, at = 0; i < left.rows; i++) {
    for (let j = 0; j < right.rows; j++, at++) {
      let sum = 0;
      for (let k = 0; k < columns; k++) sum += left.data[i * columns + k]! * right.data[j * columns + k]!;
      result[at] = sum;
    }
  }
  return result;
}

/** Signal to quantization noise ratio in dB: power of what was wanted over power of the error. */
export function sqnr(wanted: ArrayLike<number>, got: ArrayLike<number>): number {
  let [signal, noise] = [0, 0];
  for (let i = 0; i < wanted.length; i++) {
    signal += wanted[i]! ** 2;
    noise += (got[i]! - wanted[i]!) ** 2;
  }
  return 10 * Math.log10(signal / noise);
}
