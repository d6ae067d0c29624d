import { bitLength, type Node, type Table, totalWidth } from '../hdl/node.ts';

/** How the expressions of a module refer to its signals. */
export interface Names {
  /** The identifier that holds a node, or undefined for one that is written in place. */
  identifier(node: Node): string | undefined;
  /** Notes that bits of an identifier are read. */
  read(identifier: string, high: number, low: number): void;
  genvar(node: Node): string;
  /** Whether a multiplication reads the node. */
  isFactor(node: Node): boolean;
}

/** Bits that a consumer takes of its arguments, other than all of them as they are. */
export function slicesArguments(node: Node): boolean {
  switch (node.op) {
    case 'bits':
    case 'wrap':
    case 'narrow':
    case 'element':
    case 'subvector':
    case 'lane':
    case 'pack':
      return true;
    case 'shr':
      return node.args[1]!.op === 'const';
    default:
      return false;
  }
}

/** The width at which an argument enters its operator. */
export function argumentWidth(node: Node, index: number): number {
  const arg = node.args[index]!;
  switch (node.op) {
    case 'add':
    case 'sub':
    case 'and':
    case 'or':
    case 'xor':
    case 'not':
      return node.width;
    case 'mul':
      return isLowProduct(node) ? node.width : arg.width;
    case 'mux':
    case 'negateIf':
      return index === 0 ? 1 : node.width;
    case 'shl':
      if (index === 1) return arg.width;
      return isPlainShift(node) ? node.width - Number(constantOf(node.args[1]!)) : node.width;
    case 'eq':
    case 'lt':
      return commonWidth(node.args[0]!, node.args[1]!);
    case 'gather':
      return node.width;
    case 'table':
      return indexWidth(node.table);
    case 'instance':
      return node.instance.module.inputs[index]!.width;
    default:
      return arg.width;
  }
}

/** Whether an argument must have a name because its bits are picked or its sign is repeated. */
export function needsName(node: Node, index: number): boolean {
  const arg = node.args[index]!;
  if (arg.op === 'const') return false;
  if (slicesArguments(node)) return index === 0;
  // Verilog computes the operands of a product at the width of the product, where they would not wrap.
  if (node.op === 'mul' && !slicesArguments(arg)) return true;
  // Its condition is written twice.
  if (node.op === 'negateIf' && index === 0) return arg.op !== 'bits' && arg.op !== 'element';
  const width = argumentWidth(node, index);
  return width < arg.width || (width > arg.width && arg.signed);
}

/** A product of which only low bits are left: they do not depend on signs, or on higher bits of the operands. */
function isLowProduct(node: Node): boolean {
  const extra = node.args.some(a => a.signed) ? 1 : 0;
  return node.args.some(a => a.width + (a.signed ? 0 : extra) > node.width);
}

/** A shift by a constant that loses nothing: zeros appended. */
function isPlainShift(node: Node): boolean {
  return node.op === 'shl' && !node.within && node.args[1]!.op === 'const';
}

function constantOf(node: Node): bigint {
  return node.op === 'const' ? node.value : 0n;
}

/** Bits of the index of a table. */
export function indexWidth(table: Table): number {
  return bitLength(BigInt(table.values.length - 1));
}

function commonWidth(a: Node, b: Node): number {
  if (!a.signed && !b.signed) return Math.max(a.width, b.width);
  return Math.max(a.signed ? a.width : a.width + 1, b.signed ? b.width : b.width + 1);
}

/** A sized literal: decimal where a person would read a number, hexadecimal where bits. */
export function literal(value: bigint, width: number): string {
  const bits = BigInt.asUintN(width, value);
  if (width === 1) return `1'b${bits}`;
  if (value < 0n && -value < 10000n && -value < 1n << BigInt(width)) return `-${width}'d${-value}`;
  if (bits === 0n || bits < 10000n) return `${width}'d${bits}`;
  return `${width}'h${bits.toString(16).padStart(Math.ceil(width / 4), '0')}`;
}

/**
 * Up to so many bits, a signed comparison with a negative constant is printed as one of unsigned numbers: Yosys up to 0.67 makes a
 * wrong table of it where it fits into one (YosysHQ/yosys#6085).
 */
const SMALL_COMPARISON = 6;

export class Expressions {
  constructor(private readonly names: Names) {}

  /** The value of a node in so many bits, two's complement; fit to stand inside any expression. */
  atWidth(node: Node, width: number): string {
    if (node.op === 'const') return literal(node.value, width);
    if (width === node.width) return this.operand(node);
    if (width < node.width) return this.slice(node, width - 1, 0);
    const pad = width - node.width;
    if (!node.signed) return `{${literal(0n, pad)}, ${this.whole(node)}}`;
    const sign = this.slice(node, node.width - 1, node.width - 1);
    return `{${pad === 1 ? sign : `{${pad}{${sign}}}`}, ${this.whole(node)}}`;
  }

  /** As `fit`, where nothing stands beside it: the right-hand side of an assignment, or one item of a list. */
  assigned(node: Node, width: number): string {
    return width === node.width ? this.whole(node) : this.atWidth(node, width);
  }

  private whole(node: Node): string {
    return this.reference(node) ?? this.compute(node);
  }

  /** A node at its own width, in parentheses where it is more than a word. */
  operand(node: Node): string {
    const text = this.reference(node);
    if (text !== undefined) return text;
    const inner = this.compute(node);
    return isPrimary(inner) ? inner : `(${inner})`;
  }

  private reference(node: Node): string | undefined {
    if (node.op === 'const') return literal(node.value, node.width);
    const name = this.names.identifier(node);
    if (name !== undefined) this.names.read(name, totalWidth(node) - 1, 0);
    return name;
  }

  /** Bits of a node that has a name. */
  slice(node: Node, high: number, low: number): string {
    if (node.op === 'const')
      return literal(BigInt.asUintN(high - low + 1, node.value >> BigInt(low)), high - low + 1);
    const name = this.names.identifier(node);
    if (name === undefined) throw new Error(`bits of an unnamed ${node.op}`);
    this.names.read(name, high, low);
    if (totalWidth(node) === 1 || (low === 0 && high === totalWidth(node) - 1)) return name;
    return high === low ? `${name}[${low}]` : `${name}[${high}:${low}]`;
  }

  /** The right-hand side that computes a node, `node.width` bits wide. */
  compute(node: Node): string {
    const arg = (i: number): string => this.atWidth(node.args[i]!, argumentWidth(node, i));
    const [a, b] = node.args as [Node, Node];
    // Yosys moves a sum in front of a multiplier into the pre-adder of a DSP block, which is wider: there it extends the terms by
    // what they are declared, and not by what they are here (YosysHQ/yosys#5059).
    const term = (text: string): string =>
      node.signed && this.names.isFactor(node) ? `$signed(${text})` : text;
    switch (node.op) {
      case 'add':
        if (b.op === 'const' && b.value < 0n)
          return `${term(arg(0))} - ${term(literal(-b.value, node.width))}`;
        return `${term(arg(0))} + ${term(arg(1))}`;
      case 'sub':
        return a.op === 'const' && a.value === 0n ? `-${alone(arg(1))}` : `${term(arg(0))} - ${term(arg(1))}`;
      case 'mul':
        return this.product(node, a, b);
      case 'and':
        return `${this.same(node, 0)} & ${this.same(node, 1)}`;
      case 'or':
        return `${this.same(node, 0)} | ${this.same(node, 1)}`;
      case 'xor':
        return `${arg(0)} ^ ${arg(1)}`;
      case 'eq':
      case 'lt':
        return this.comparison(node, false);
      case 'shl':
        if (isPlainShift(node)) return `{${arg(0)}, ${literal(0n, Number(constantOf(b)))}}`;
        return `${arg(0)} << ${this.operand(b)}`;
      case 'shr': {
        if (b.op !== 'const')
          return a.signed
            ? `$signed(${this.operand(a)}) >>> ${this.operand(b)}`
            : `${this.operand(a)} >> ${this.operand(b)}`;
        const low = Math.min(Number(b.value), a.width - 1);
        return this.slice(a, low + node.width - 1, low);
      }
      case 'not':
        if ((a.op === 'eq' || a.op === 'lt') && this.isInPlace(a)) return this.comparison(a, true);
        if (a.op === 'any' && this.isInPlace(a)) return `~${this.compute(a)}`;
        return `~${arg(0)}`;
      case 'negateIf': {
        const condition = this.operand(a);
        const x = this.atWidth(b, node.width);
        if (this.isChosen(node)) return `${condition} ? -${alone(x)} : ${x}`;
        const plus = node.width === 1 ? condition : `{${literal(0n, node.width - 1)}, ${condition}}`;
        const complemented = `{${node.width}{${condition}}} ^ ${x}`;
        return `${node.signed && this.names.isFactor(node) ? term(complemented) : `(${complemented})`} + ${term(plus)}`;
      }
      case 'mux':
        return `${this.operand(a)} ? ${arg(1)} : ${arg(2)}`;
      case 'bits':
        return this.slice(a, node.low + node.width - 1, node.low);
      case 'wrap':
      case 'narrow':
        return this.atWidth(a, node.width);
      case 'concat':
        return this.concat(node);
      case 'any':
        return `|${alone(this.operand(a))}`;
      case 'all':
        return `&${alone(this.operand(a))}`;
      case 'parity':
        return `^${alone(this.operand(a))}`;
      case 'lane':
        return this.lane(node, a);
      case 'element':
        return this.slice(a, node.width * (node.index + 1) - 1, node.width * node.index);
      case 'subvector':
        return this.slice(a, node.width * (node.start + node.lanes) - 1, node.width * node.start);
      case 'pack':
      case 'unpack':
        return this.operand(a);
      default:
        throw new Error(`${node.op} has no expression`);
    }
  }

  /**
   * Whether a conditional negation is printed as a choice: in front of a multiplier, where its sum could have a carry out of its
   * width (a zero with a sign) that the pre-adder of a DSP block would keep.
   */
  isChosen(node: Node): boolean {
    return node.op === 'negateIf' && !node.signed && this.names.isFactor(node);
  }

  private isInPlace(node: Node): boolean {
    return this.names.identifier(node) === undefined;
  }

  /** `a < b`, or the opposite; a constant stands on the right. */
  private comparison(node: Node, inverted: boolean): string {
    const [a, b] = node.args as [Node, Node];
    const [x, y] = [0, 1].map(i => this.atWidth(node.args[i]!, argumentWidth(node, i))) as [string, string];
    if (node.op === 'eq') return `${x} ${inverted ? '!=' : '=='} ${y}`;
    const width = argumentWidth(node, 0);
    const isShifted = node.args.some(n => n.op === 'const' && n.value < 0n) && width <= SMALL_COMPARISON;
    const [left, right] = isShifted
      ? ([0, 1].map(i => this.aboveLeast(node.args[i]!, width)) as [string, string])
      : a.signed || b.signed
        ? [`$signed(${x})`, `$signed(${y})`]
        : [this.asUnsigned(a, x), this.asUnsigned(b, y)];
    if (a.op === 'const') return `${right} ${inverted ? '<=' : '>'} ${left}`;
    return `${left} ${inverted ? '>=' : '<'} ${right}`;
  }

  /** How far a signed number is above the least one of its width: its sign inverted, read as an unsigned number. */
  private aboveLeast(node: Node, width: number): string {
    const least = 1n << BigInt(width - 1);
    if (node.op === 'const') return literal(node.value + least, width);
    return `(${this.atWidth(node, width)} ^ ${literal(least, width)})`;
  }

  /** All bits of a signed signal, read as an unsigned number, are its name: beside another such name it would count as signed. */
  private asUnsigned(node: Node, text: string): string {
    let from = node;
    while (this.isInPlace(from) && from.args.length === 1) from = from.args[0]!;
    return from.signed && this.names.identifier(from) === text ? `$unsigned(${text})` : text;
  }

  /** An operand of an associative operator: the same operator inside needs no parentheses. */
  private same(node: Node, index: number): string {
    const inner = node.args[index]!;
    const isPlain = this.isInPlace(inner) && inner.op === node.op && inner.width === node.width;
    return isPlain ? this.compute(inner) : this.atWidth(inner, node.width);
  }

  /** Verilog multiplies at the width of the result; both operands must be signed for a signed product. */
  private product(node: Node, a: Node, b: Node): string {
    if (isLowProduct(node)) return `${this.atWidth(a, node.width)} * ${this.atWidth(b, node.width)}`; // the low bits know no sign
    if (!a.signed && !b.signed)
      return `${this.asUnsigned(a, this.operand(a))} * ${this.asUnsigned(b, this.operand(b))}`;
    const signed = (n: Node): string => {
      if (n.op === 'const') return `$signed(${literal(n.value, n.signed ? n.width : n.width + 1)})`;
      return n.signed ? `$signed(${this.operand(n)})` : `$signed({1'b0, ${this.operand(n)}})`;
    };
    return `${signed(a)} * ${signed(b)}`;
  }

  private concat(node: Node): string {
    const parts: { text: string; count: number }[] = [];
    for (const arg of node.args) {
      const text = this.whole(arg);
      const last = parts.at(-1);
      if (last?.text === text && arg.op !== 'const') last.count++;
      else parts.push({ text, count: 1 });
    }
    const texts = parts.map(p => (p.count === 1 ? p.text : `{${p.count}{${p.text}}}`));
    return texts.length === 1 ? texts[0]! : `{${texts.join(', ')}}`;
  }

  private lane(node: Node & { op: 'lane' }, from: Node): string {
    const name = this.names.identifier(from);
    if (name === undefined) throw new Error('lane of an unnamed vector');
    const width = totalWidth(node);
    for (let low = node.offset * width; low < totalWidth(from); low += node.stride * width)
      this.names.read(name, low + width - 1, low);
    const i = this.names.genvar(node);
    if (totalWidth(from) === width) return name;
    const base = [
      node.stride * width === 1 ? i : `${node.stride * width} * ${i}`,
      ...(node.offset ? [node.offset * width] : []),
    ].join(' + ');
    return width === 1 ? `${name}[${base}]` : `${name}[${base} +: ${width}]`;
  }
}

/** The operand of a unary operator, which must not be another one: `^~x` would be the inverse of the parity. */
function alone(text: string): string {
  return /^[~-]/.test(text) ? `(${text})` : text;
}

/** Whether a text stands as one operand: a word, a bit select, a concatenation, a call, or one of these inverted. */
function isPrimary(text: string): boolean {
  if (/^~?[\w']+(\[[^[\]]*\])?$/.test(text)) return true;
  const open = /^\$?\w*([({])/.exec(text);
  if (!open) return false;
  let depth = 0;
  for (let i = open[0].length - 1; i < text.length; i++) {
    if ('({'.includes(text[i]!)) depth++;
    if (')}'.includes(text[i]!) && --depth === 0) return i === text.length - 1;
  }
  return false;
}
