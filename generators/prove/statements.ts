import * as floats from './floatStatements.ts';
import * as integers from './integerStatements.ts';
import type { Statement } from './statement.ts';

/** What each unit computes, by its id. Presets are units at other parameters, and have those of their unit. */
export const STATEMENTS: Readonly<Record<string, Statement>> = {
  'fp-mul': floats.multiply,
  'fp-add': floats.add,
  'fp-fma': floats.multiplyAdd,
  'fp-convert': floats.convert,
  'fp-cmp': floats.comparison,
  'fp-to-int': floats.toFixed,
  'int-to-fp': floats.fromFixed,
  'fp-dot': floats.dot,
  'fx-cast': integers.fixedCast,
  'fx-add': integers.fixedAdd,
  'fx-mul': integers.fixedMultiply,
  'fx-affine': integers.affine,
  'fx-relu': integers.rectified,
  'fx-dot': integers.fixedDot,
  'fx-matvec': integers.matrixVector,
  'zp-dot': integers.zeroPointDot,
  'dyadic-requant': integers.requantized,
  'ternary-dot': integers.ternary,
  'signplane-dot': integers.signPlanes,
  'tritplane-dot': integers.tritPlanes,
  'dualbin-dot': integers.twoPlanes,
  'xnor-dot': integers.xnor,
  'xnor-threshold': integers.threshold,
  'khot-mul': integers.khotMultiply,
  'khot-dot': integers.khotDot,
};
