import { type Builder, nameOf } from './builder.ts';
import { bitLength, type Node } from './node.ts';

type Operand = Signal | number | bigint;

/**
 * An integer on wires, with the exact range that it can have. `add`, `sub` and `mul` grow and never wrap; only
 * `wrap`, `bits` and `narrow` make a value smaller. `lsb` is the weight of the last bit as a power of two: the value
 * is `integer · 2^lsb`, and `add`, `sub`, `lt`, `eq` and `mux` align their operands by it.
 */
export class Signal {
  constructor(
    readonly builder: Builder,
    readonly node: Node,
    readonly lsb: number,
  ) {}

  get width(): number {
    return this.node.width;
  }
  get signed(): boolean {
    return this.node.signed;
  }
  get range(): readonly [bigint, bigint] {
    return [this.node.min, this.node.max];
  }

  /** Gives the signal a name, behind the prefix of its section, that no variable changes. */
  as(name: string): Signal {
    this.builder.fixNames(this.node, name);
    return this;
  }

  /** The same bits, with another weight of the last one: no hardware. */
  withLsb(lsb: number): Signal {
    return new Signal(this.builder, this.node, lsb);
  }

  add(other: Operand): Signal {
    const [a, b, lsb] = this.builder.aligned(this, other);
    if (isConst(b, 0n)) return this.result(a, lsb);
    if (isConst(a, 0n)) return this.result(b, lsb);
    if (b.op === 'const' && addsConst(a)) return this.joinConst(a, b.value, lsb);
    return this.result(this.builder.make({ op: 'add' }, [a, b], a.min + b.min, a.max + b.max), lsb);
  }

  sub(other: Operand): Signal {
    const [a, b, lsb] = this.builder.aligned(this, other);
    if (isConst(b, 0n)) return this.result(a, lsb);
    if (b.op === 'const' && addsConst(a)) return this.joinConst(a, -b.value, lsb);
    return this.result(this.builder.make({ op: 'sub' }, [a, b], a.min - b.max, a.max - b.min), lsb);
  }

  /** Two constants that are added one after the other are one: one adder. */
  private joinConst(sum: Node, value: bigint, lsb: number): Signal {
    const [x, c] = sum.args as [Node, Node & { value: bigint }];
    const total = value + (sum.op === 'add' ? c.value : -c.value);
    const constant = this.builder.const(total < 0n ? -total : total, lsb);
    return total < 0n ? this.result(x, lsb).sub(constant) : this.result(x, lsb).add(constant);
  }

  neg(): Signal {
    return this.builder.const(0, this.lsb).sub(this);
  }

  /** `-this` where the condition holds. */
  negateIf(condition: Signal): Signal {
    const { node } = this;
    const c = this.builder.condition(condition);
    if (c.op === 'const') return c.value === 1n ? this.neg() : this;
    const min = node.min < -node.max ? node.min : -node.max;
    const max = node.max > -node.min ? node.max : -node.min;
    return this.result(this.builder.make({ op: 'negateIf' }, [c, node], min, max));
  }

  mul(other: Operand): Signal {
    const b = other instanceof Signal ? other : this.builder.const(other);
    const [x, y] = [this.node, this.builder.own(b)];
    const lsb = this.lsb + b.lsb;
    for (const [k, v] of [
      [x, b],
      [y, this],
    ] as const) {
      if (k.op === 'const' && k.value > 0n && (k.value & (k.value - 1n)) === 0n) {
        return v.shl(bitLength(k.value) - 1).withLsb(lsb);
      }
    }
    const corners = [x.min * y.min, x.min * y.max, x.max * y.min, x.max * y.max];
    const min = corners.reduce((m, c) => (c < m ? c : m));
    const max = corners.reduce((m, c) => (c > m ? c : m));
    return this.result(this.builder.make({ op: 'mul' }, [x, y], min, max), lsb);
  }

  /** Times a power of two. The amount may be a signal. */
  shl(amount: Signal | number): Signal {
    const { builder, node } = this;
    const n = this.amount(amount);
    if (isConst(n, 0n)) return this;
    const [min, max] = [
      node.min << (node.min < 0n ? n.max : n.min),
      node.max << (node.max < 0n ? n.min : n.max),
    ];
    return this.result(builder.make({ op: 'shl', within: false }, [node, n], min, max));
  }

  /** The low `width` bits of this times a power of two, unsigned: what is shifted out is lost, on purpose. */
  shlWithin(amount: Signal | number, width: number): Signal {
    const { builder } = this;
    if (this.signed)
      builder.fail(
        'HDL-004',
        `shlWithin met '${nameOf(this.node)}', which can be negative`,
        'use its magnitude',
      );
    const plain = this.shl(amount);
    if (plain.width <= width) return plain;
    const n = this.amount(amount);
    if (n.min + trailingZeros(this.node) >= BigInt(width)) return builder.const(0, this.lsb);
    if (n.op === 'const')
      return this.result(this.bits(width - 1 - Number(n.value), 0).shl(Number(n.value)).node);
    const all = (1n << BigInt(width)) - 1n;
    return this.result(builder.make({ op: 'shl', within: true }, [this.node, n], 0n, all, { width }));
  }

  /** Divided by a power of two, toward −∞. The amount may be a signal. */
  shr(amount: Signal | number): Signal {
    const { builder, node } = this;
    const n = this.amount(amount);
    if (isConst(n, 0n)) return this;
    const [min, max] = [
      node.min >> (node.min < 0n ? n.min : n.max),
      node.max >> (node.max < 0n ? n.max : n.min),
    ];
    // By a signal, the emitted shift is as wide as what is shifted.
    const shape = n.op === 'const' ? {} : { width: node.width };
    return this.result(builder.make({ op: 'shr' }, [node, n], min, max, shape));
  }

  private amount(amount: Signal | number): Node {
    const n = amount instanceof Signal ? this.builder.own(amount) : this.builder.const(amount).node;
    if (n.min < 0n) {
      this.builder.fail(
        'HDL-002',
        n.op === 'const' ? `shift amount ${n.value}` : `shift amount '${nameOf(n)}' can be ${n.min}`,
        'shift the other way, or add an offset',
      );
    }
    return n;
  }

  eq(other: Operand): Signal {
    const [a, b] = this.builder.aligned(this, other);
    if (a === b) return this.builder.const(1);
    if (a.max < b.min || b.max < a.min) return this.builder.const(0);
    if (isBit(a) && b.op === 'const') return b.value === 1n ? this.result(a, 0) : this.result(a, 0).not();
    return this.result(this.builder.make({ op: 'eq' }, [a, b], 0n, 1n), 0);
  }

  ne(other: Operand): Signal {
    return this.eq(other).not();
  }

  lt(other: Operand): Signal {
    const [a, b] = this.builder.aligned(this, other);
    if (a.max < b.min) return this.builder.const(1);
    if (a === b || a.min >= b.max) return this.builder.const(0);
    if (isConst(b, 0n)) return this.result(a, 0).sign();
    if (isConst(b, 1n) && !a.signed) return this.result(a, 0).isZero();
    if (isConst(a, 0n) && !b.signed) return this.result(b, 0).any();
    return this.result(this.builder.make({ op: 'lt' }, [a, b], 0n, 1n), 0);
  }

  gt(other: Operand): Signal {
    return this.asOperand(other).lt(this);
  }
  le(other: Operand): Signal {
    return this.asOperand(other).lt(this).not();
  }
  ge(other: Operand): Signal {
    return this.lt(other).not();
  }

  and(other: Operand): Signal {
    return this.bitwise('and', other);
  }
  or(other: Operand): Signal {
    return this.bitwise('or', other);
  }
  xor(other: Operand): Signal {
    return this.bitwise('xor', other);
  }

  private bitwise(op: 'and' | 'or' | 'xor', other: Operand): Signal {
    const { builder, node } = this;
    const b = builder.own(this.asOperand(other));
    for (const n of [node, b]) {
      if (n.signed)
        builder.fail('HDL-004', `'${op}' met '${nameOf(n)}', which can be negative`, 'take its bits() first');
    }
    const ones = (n: Node): boolean =>
      n.op === 'const' && n.value === (1n << BigInt(Math.max(node.width, b.width))) - 1n;
    for (const [k, v] of [
      [node, b],
      [b, node],
    ] as const) {
      if (isConst(k, 0n)) return this.result(op === 'and' ? k : v);
      // A mask of bits that the other does not have.
      const masksAll = k.op === 'const' && BigInt.asUintN(v.width, k.value) === 0n;
      if (masksAll && op === 'and') return builder.const(0, this.lsb);
      if (ones(k) && op === 'and') return this.result(v);
      if (ones(k) && op === 'or') return this.result(k);
    }
    if (node === b) return op === 'xor' ? builder.const(0, this.lsb) : this;
    const all = (1n << BigInt(Math.max(node.width, b.width))) - 1n;
    const max =
      op === 'and' ? (node.max < b.max ? node.max : b.max) : node.max <= 1n && b.max <= 1n ? 1n : all;
    return this.result(builder.make({ op }, [node, b], 0n, max));
  }

  /** All bits inverted: −1−x for a signal that can be negative, 2^width−1−x for one that cannot. */
  not(): Signal {
    const { node } = this;
    if (node.op === 'not') return this.result(node.args[0]!);
    const top = node.signed ? -1n : (1n << BigInt(node.width)) - 1n;
    return this.result(
      this.builder.make({ op: 'not' }, [node], top - node.max, top - node.min, {
        width: node.width,
        signed: node.signed,
      }),
    );
  }

  /** `this` where the condition holds, else zero. */
  gate(condition: Signal): Signal {
    return this.builder.mux(condition, this, this.builder.const(0, this.lsb));
  }

  /** Bits `high` down to `low` of the two's complement, unsigned. */
  bits(high: number, low: number): Signal {
    const { node, builder } = this;
    if (!(Number.isInteger(low) && Number.isInteger(high) && 0 <= low && low <= high && high < node.width)) {
      builder.fail(
        'HDL-001',
        `bits ${high}:${low} of the ${node.width}-bit '${nameOf(node)}'`,
        `stay within ${node.width - 1}:0`,
      );
    }
    const width = high - low + 1;
    if (!node.signed && width === node.width) return this.withLsb(0);
    if (node.op === 'bits') return this.result(node.args[0]!).bits(node.low + high, node.low + low);
    const all = (1n << BigInt(width)) - 1n;
    const max = !node.signed && high === node.width - 1 ? node.max >> BigInt(low) : all;
    return this.result(builder.make({ op: 'bits', low }, [node], 0n, max, { width }), 0);
  }

  bit(index: number): Signal {
    return this.bits(index, index);
  }

  /** 1 where negative. */
  sign(): Signal {
    return this.signed ? this.bit(this.width - 1) : this.builder.const(0);
  }

  /** The low bits, read as two's complement or as unsigned: what does not fit is lost, on purpose. */
  wrap(width: number, signed: boolean): Signal {
    if (!Number.isInteger(width) || width < 1)
      this.builder.fail(
        'HDL-006',
        `'${nameOf(this.node)}' wrapped to ${width} bits`,
        'give a whole number from 1 up',
      );
    const w = BigInt(width);
    const [min, max] = signed ? [-(1n << (w - 1n)), (1n << (w - 1n)) - 1n] : [0n, (1n << w) - 1n];
    if (this.node.min >= min && this.node.max <= max) return this;
    return this.result(this.builder.make({ op: 'wrap' }, [this.node], min, max, { width, signed }));
  }

  /** The same value, which the author knows to lie in a smaller range than the operators tell. Simulation checks it. */
  narrow(min: bigint | number, max: bigint | number): Signal {
    const { node } = this;
    const [least, most] = [this.builder.integer(min), this.builder.integer(max)];
    const [low, high] = [least > node.min ? least : node.min, most < node.max ? most : node.max];
    if (low === node.min && high === node.max) return this;
    if (low > high) {
      this.builder.fail(
        'HDL-007',
        `'${nameOf(node)}' can be ${node.min}…${node.max}, never ${min}…${max}`,
        'check the claim',
      );
    }
    return this.result(this.builder.make({ op: 'narrow' }, [node], low, high));
  }

  /** 1 where any bit is set; where all are; where an odd number is. */
  any(): Signal {
    return this.reduction('any');
  }
  all(): Signal {
    return this.reduction('all');
  }
  parity(): Signal {
    const { node } = this;
    if (node.op !== 'not') return this.reduction('parity');
    // Each inverted bit turns the parity. Verilator 5.006 stops at the parity of inverted bits of which all but one are known.
    const plain = this.result(node.args[0]!).reduction('parity');
    return node.width % 2 === 0 ? plain : plain.not();
  }
  isZero(): Signal {
    return this.any().not();
  }

  /** A plain bit is its own reduction, but its weight goes: the result is 0 or 1. */
  private reduction(op: 'any' | 'all' | 'parity'): Signal {
    if (isBit(this.node)) return this.withLsb(0);
    if (op === 'any' && (this.node.min > 0n || this.node.max < 0n)) return this.builder.const(1);
    return this.result(this.builder.make({ op }, [this.node], 0n, 1n), 0);
  }

  /** The bits as a vector of lanes, lane 0 lowest. */
  unpack(lanes: number, signed = false): Vector {
    const width = this.width / lanes;
    if (!Number.isInteger(width)) {
      const text = `the ${this.width} bits of '${nameOf(this.node)}' split into ${lanes} lanes`;
      this.builder.fail('HDL-006', text, 'give a divisor of the width');
    }
    const w = BigInt(width);
    const [min, max] = signed ? [-(1n << (w - 1n)), (1n << (w - 1n)) - 1n] : [0n, (1n << w) - 1n];
    const shape = { width, signed, lanes };
    return new Vector(this.builder, this.builder.make({ op: 'unpack' }, [this.node], min, max, shape), 0);
  }

  private asOperand(other: Operand): Signal {
    return other instanceof Signal ? other : this.builder.const(other, this.lsb);
  }

  private result(node: Node, lsb = this.lsb): Signal {
    return new Signal(this.builder, node, lsb);
  }
}

/** Equal lanes side by side, lane 0 in the lowest bits. */
export class Vector {
  constructor(
    readonly builder: Builder,
    readonly node: Node,
    readonly lsb: number,
  ) {}

  get lanes(): number {
    return this.node.lanes;
  }

  as(name: string): Vector {
    this.builder.fixNames(this.node, name);
    return this;
  }

  withLsb(lsb: number): Vector {
    return new Vector(this.builder, this.node, lsb);
  }

  /** One lane. */
  at(index: number): Signal {
    const { node } = this;
    if (!Number.isInteger(index) || index < 0 || index >= node.lanes) {
      this.builder.fail(
        'HDL-001',
        `lane ${index} of the ${node.lanes} lanes of '${nameOf(node)}'`,
        `stay within 0…${node.lanes - 1}`,
      );
    }
    // A lane of a part is a lane of the whole.
    if (node.op === 'subvector') return this.whole(node).at(node.start + index);
    const [bits] = node.args;
    if (node.op === 'unpack' && bits!.op === 'const') {
      const lane = bits!.value >> BigInt(index * node.width);
      const value = node.signed ? BigInt.asIntN(node.width, lane) : BigInt.asUintN(node.width, lane);
      return this.builder.const(value, this.lsb);
    }
    const shape = { width: node.width, signed: node.signed };
    return new Signal(
      this.builder,
      this.builder.make({ op: 'element', index }, [node], node.min, node.max, shape),
      this.lsb,
    );
  }

  /** A run of lanes. */
  slice(start: number, lanes: number): Vector {
    const { node, builder } = this;
    if (
      !(
        Number.isInteger(start) &&
        Number.isInteger(lanes) &&
        0 <= start &&
        1 <= lanes &&
        start + lanes <= node.lanes
      )
    ) {
      const text = `${lanes} lanes from lane ${start} of the ${node.lanes} lanes of '${nameOf(node)}'`;
      builder.fail('HDL-001', text, `stay within 0…${node.lanes - 1}`);
    }
    if (start === 0 && lanes === node.lanes) return this;
    if (node.op === 'subvector') return this.whole(node).slice(node.start + start, lanes);
    const shape = { width: node.width, signed: node.signed, lanes };
    return new Vector(
      this.builder,
      this.builder.make({ op: 'subvector', start }, [node], node.min, node.max, shape),
      this.lsb,
    );
  }

  private whole(part: Node): Vector {
    return new Vector(this.builder, part.args[0]!, this.lsb);
  }

  /** 1 where any bit of any lane is set. */
  any(): Signal {
    if (this.node.min === 0n && this.node.max === 0n) return this.builder.const(0);
    return this.pack().any();
  }

  /** All lanes as one bit string, lane 0 lowest. */
  pack(): Signal {
    const { node } = this;
    const width = node.width * node.lanes;
    const max = (1n << BigInt(width)) - 1n;
    return new Signal(this.builder, this.builder.make({ op: 'pack' }, [node], 0n, max, { width }), 0);
  }

  /** Joins all lanes with an associative operator: a balanced tree, one loop per level. */
  reduce(label: string, join: (a: Signal, b: Signal) => Signal): Signal {
    return this.lanes === 1 ? this.at(0) : join(...this.reduceToTwo(label, join));
  }

  /** The same without the last join; of two lanes at least. */
  reduceToTwo(label: string, join: (a: Signal, b: Signal) => Signal): readonly [Signal, Signal] {
    const power = 2 ** Math.floor(Math.log2(this.lanes));
    if (power < this.lanes)
      return [
        this.slice(0, power).reduce(label, join),
        this.slice(power, this.lanes - power).reduce(label, join),
      ];
    if (this.lanes === 2) return [this.at(0), this.at(1)];
    const half = this.lanes / 2;
    const level = this.builder.pairs(`${label}_${half}`, this, (a, b) =>
      join(a, b).as(`${label}_${half}_lane`),
    );
    return level.as(`${label}_${half}`).reduceToTwo(label, join);
  }

  /** The exact sum of all lanes. */
  sum(label = 'sum'): Signal {
    return this.reduce(label, (a, b) => a.add(b));
  }
}

/** How many of the last bits are zero, as far as it shows at once; as many as any width has for zero itself. */
function trailingZeros(node: Node): bigint {
  if (node.op === 'const') {
    if (node.value === 0n) return 1n << 32n;
    return BigInt(bitLength(node.value & -node.value) - 1);
  }
  const [x, by] = node.args;
  if (node.op === 'shl' && by!.op === 'const') return trailingZeros(x!) + by!.value;
  return 0n;
}

/** Whether a node adds a constant to something, or takes one away. */
function addsConst(node: Node): boolean {
  return (node.op === 'add' || node.op === 'sub') && node.args[1]!.op === 'const' && node.lanes === 0;
}

function isConst(node: Node, value: bigint): boolean {
  return node.op === 'const' && node.value === value;
}

/** Whether a node is one plain bit. A range of 0…1 alone does not say so: see `shr` and `not`. */
export function isBit(node: Node): boolean {
  return node.width === 1 && !node.signed;
}
