import type { Node } from './node.ts';

const mask = (width: number): bigint => (1n << BigInt(width)) - 1n;
const sum = (bits: bigint): number => bits.toString(2).replaceAll('0', '').length;

/**
 * The meaning of each operator on single integers, in the plainest form. Constant folding uses it, and the tests
 * hold the compiled interpreter against it.
 */
export function evaluate(node: Node, args: readonly bigint[]): bigint {
  const [a, b, c] = args as [bigint, bigint, bigint];
  switch (node.op) {
    case 'const':
      return node.value;
    case 'add':
      return a + b;
    case 'sub':
      return a - b;
    case 'mul':
      return a * b;
    case 'and':
      return a & b;
    case 'or':
      return a | b;
    case 'xor':
      return a ^ b;
    case 'eq':
      return a === b ? 1n : 0n;
    case 'lt':
      return a < b ? 1n : 0n;
    case 'shl':
      return node.within ? (a << b) & mask(node.width) : a << b;
    case 'shr':
      return a >> b;
    case 'not':
      return node.signed ? ~a : ~a & mask(node.width);
    case 'negateIf':
      return a === 1n ? -b : b;
    case 'mux':
      return a === 1n ? b : c;
    case 'bits':
      return (a >> BigInt(node.low)) & mask(node.width);
    case 'wrap':
      return node.signed ? BigInt.asIntN(node.width, a) : BigInt.asUintN(node.width, a);
    case 'narrow':
      return a;
    case 'concat':
      return args.reduce((bits, x, i) => {
        const width = node.args[i]!.width;
        return (bits << BigInt(width)) | (x & mask(width));
      }, 0n);
    case 'any':
      return a === 0n ? 0n : 1n;
    case 'all':
      return (a & mask(node.args[0]!.width)) === mask(node.args[0]!.width) ? 1n : 0n;
    case 'parity':
      return BigInt(sum(a & mask(node.args[0]!.width)) & 1);
    case 'table':
      return node.table.values[Number(a)]!;
    default:
      throw new Error(`${node.op} has no value of its own`);
  }
}
