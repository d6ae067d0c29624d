import { type HdlCode, HdlError } from './diagnostics.ts';
import { evaluate } from './evaluate.ts';
import { type Fabric, GENERIC } from './fabric.ts';
import { currentPosition, fixName, prefixed, recordCreation, snakeCase } from './naming.ts';
import {
  type Instance,
  type Node,
  type NodeBase,
  type Operation,
  type Region,
  type Register,
  type Section,
  type Submodule,
  type Table,
  widthOf,
} from './node.ts';
import { isBit, Signal, Vector } from './signal.ts';

/** What a loop body may give back for each lane. */
export type LaneResult = Signal | Vector | Record<string, Signal | Vector>;
type Gathered<R> = R extends Signal | Vector ? Vector : { [K in keyof R]: Vector };
type LaneOf<V> = { [K in keyof V]: Signal };
type GroupOf<V> = { [K in keyof V]: readonly Signal[] };

const IDENTIFIER = /^[a-z][a-z0-9_]*$/;

/**
 * A module while its author composes it. Equal nodes are shared and constants are folded as they are made.
 * Nothing here knows about clocks: registers hold state, and pipelining comes later (see `schedule`).
 */
export class Builder {
  readonly nodes: Node[] = [];
  readonly registers: Register[] = [];
  readonly inputs = new Map<string, Node>();
  private readonly shared = new Map<string, Node>();
  private readonly tables = new Map<string, Table>();
  private section: Section = { title: '', prefix: '' };
  private regions = 0;
  private loop: Region | null = null;

  /** `fabric` is what the datapath will run on: blocks choose by it how to build what they compute, never what. */
  constructor(
    readonly fabric: Fabric = GENERIC,
    /** Where the user wants multiplications to be: `logic` is without multiplier blocks. */
    readonly multipliers: 'auto' | 'dsp' | 'logic' = 'auto',
    /** Pipeline registers that the user wants on the way through: where they stand is decided later. */
    readonly stages = 0,
  ) {}

  fail(code: HdlCode, text: string, hint: string): never {
    throw new HdlError(code, text, currentPosition(), hint);
  }

  /** Adds a node, or finds the equal one that is there already. The range decides the width. */
  make(
    operation: Operation,
    args: readonly Node[],
    min: bigint,
    max: bigint,
    shape: { width?: number; signed?: boolean; lanes?: number; region?: Region | null } = {},
  ): Node {
    const lanes = shape.lanes ?? 0;
    const region = shape.region === undefined ? this.deepest(args) : shape.region;
    const signed = shape.signed ?? min < 0n;
    const width = shape.width ?? widthOf(min, max);
    const foldable =
      lanes === 0 && operation.op !== 'const' && args.length > 0 && args.every(a => a.op === 'const');
    const key = `${keyOf(operation)}|${args.map(a => a.id).join()}|${width}${signed ? 's' : 'u'}|${lanes}|${region?.id ?? ''}|${min}:${max}`;
    const known = this.shared.get(key);
    if (known) return known;
    const base: NodeBase = {
      id: this.nodes.length,
      args,
      min,
      max,
      width,
      signed,
      lanes,
      region,
      section: this.section,
      name: undefined,
      at: currentPosition(),
    };
    const node: Node = { ...base, ...operation };
    if (foldable && operation.op !== 'instance') {
      return this.constant(
        evaluate(
          node,
          args.map(a => (a.op === 'const' ? a.value : 0n)),
        ),
      );
    }
    if (lanes === 0 && min === max && operation.op !== 'const' && operation.op !== 'input')
      return this.constant(min);
    this.nodes.push(node);
    this.shared.set(key, node);
    recordCreation(node);
    return node;
  }

  constant(value: bigint): Node {
    return this.make({ op: 'const', value }, [], value, value, { region: null });
  }

  /** A whole number, from what an author gave. */
  integer(value: bigint | number): bigint {
    if (typeof value === 'number' && !Number.isSafeInteger(value))
      this.fail('HDL-006', `${value} is not an exact integer`, 'give an integer, or a bigint');
    return BigInt(value);
  }

  /** Refuses a name that no Verilog would take as it is. */
  checkName(what: string, name: string): void {
    if (IDENTIFIER.test(name)) return;
    this.fail(
      'HDL-013',
      `${what} name '${name}' is no plain identifier`,
      'use lower-case letters, digits and _',
    );
  }

  /** An integer constant. `lsb` is the weight of its last bit, as a power of two. */
  const(value: bigint | number, lsb = 0): Signal {
    return new Signal(this, this.constant(this.integer(value)), lsb);
  }

  /** An input port of so many bits. */
  input(name: string, width: number, signed = false, lsb = 0): Signal {
    return new Signal(this, this.port(name, width, signed, 0), lsb);
  }

  /** An input port that packs several lanes, lane 0 in the lowest bits. */
  inputVector(name: string, lanes: number, width: number, signed = false, lsb = 0): Vector {
    if (!Number.isInteger(lanes) || lanes < 1) {
      this.fail('HDL-006', `port '${name}' has ${lanes} lanes`, 'give a whole number from 1 up');
    }
    return new Vector(this, this.port(name, width, signed, lanes), lsb);
  }

  private port(name: string, width: number, signed: boolean, lanes: number): Node {
    this.checkName('port', name);
    if (this.inputs.has(name)) this.fail('HDL-014', `port '${name}' is declared twice`, 'rename one');
    if (!Number.isInteger(width) || width < 1) {
      this.fail('HDL-006', `port '${name}' is ${width} bits wide`, 'give a whole number from 1 up');
    }
    const w = BigInt(width);
    const [min, max] = signed ? [-(1n << (w - 1n)), (1n << (w - 1n)) - 1n] : [0n, (1n << w) - 1n];
    const node = this.make({ op: 'input', port: name }, [], min, max, { width, signed, lanes, region: null });
    fixName(node, name);
    this.inputs.set(name, node);
    return node;
  }

  /** Runs `compose` under a heading; names inside get the prefix. Headings nest by joining prefixes. */
  scope<T>(prefix: string, title: string, compose: () => T): T {
    const outer = this.section;
    this.section = {
      title: title || outer.title,
      prefix: outer.prefix && prefix ? `${outer.prefix}_${prefix}` : prefix || outer.prefix,
    };
    try {
      return compose();
    } finally {
      this.section = outer;
    }
  }

  /** Names a node behind the prefix of the current section. Ports and constants keep what they are. */
  fixNames(node: Node, name: string): void {
    this.checkName('signal', name);
    if (node.op === 'const' || node.op === 'input' || node.op === 'register' || node.op === 'after') return;
    fixName(node, prefixed(this.section.prefix, name));
  }

  /**
   * A constant function: `values[index]`. One table is written once, however often it is used. With `oneLut`, synthesis is not to
   * mix it with what is around it where its index takes all inputs of a LUT of the family: each bit is then one.
   */
  table(
    name: string,
    doc: string,
    values: readonly bigint[],
    index: Signal,
    { lsb = 0, oneLut = false } = {},
  ): Signal {
    this.checkName('table', name);
    if (index.node.min < 0n || index.node.max >= BigInt(values.length)) {
      this.fail(
        'HDL-003',
        `table '${name}' has ${values.length} entries, but its index can be ${index.node.min}…${index.node.max}`,
        'add entries, or narrow the index',
      );
    }
    const key = `${name}:${values.join()}`;
    let table = this.tables.get(key);
    if (!table) {
      table = { name, doc, values, kept: oneLut && index.width === this.fabric.lutInputs };
      this.tables.set(key, table);
    }
    let [min, max] = [values[0]!, values[0]!];
    for (const v of values) [min, max] = [v < min ? v : min, v > max ? v : max];
    return new Signal(this, this.make({ op: 'table', table }, [index.node], min, max), lsb);
  }

  /** `a` where the condition holds, else `b`. */
  mux(condition: Signal, a: Signal | number | bigint, b: Signal | number | bigint): Signal {
    const [x, y, lsb] = this.aligned(a, b);
    const c = this.condition(condition);
    if (c.op === 'const') return new Signal(this, c.value === 1n ? x : y, lsb);
    if (x === y) return new Signal(this, x, lsb);
    if (c.op === 'not')
      return this.mux(new Signal(this, c.args[0]!, 0), new Signal(this, y, lsb), new Signal(this, x, lsb));
    const min = x.min < y.min ? x.min : y.min;
    const max = x.max > y.max ? x.max : y.max;
    return new Signal(this, this.make({ op: 'mux' }, [c, x, y], min, max), lsb);
  }

  /** Bit strings side by side, the first in the most significant bits. */
  concat(...parts: readonly Signal[]): Signal {
    if (parts.length === 0) this.fail('HDL-006', 'concat of nothing', 'give at least one signal');
    const nodes = parts.map(p => this.own(p));
    if (nodes.length === 1 && !nodes[0]!.signed) return new Signal(this, nodes[0]!, 0);
    let [width, min, max] = [0, 0n, 0n];
    for (const n of nodes) {
      const all = (1n << BigInt(n.width)) - 1n;
      width += n.width;
      min = (min << BigInt(n.width)) + (n.signed ? 0n : n.min);
      max = (max << BigInt(n.width)) + (n.signed ? all : n.max);
    }
    return new Signal(this, this.make({ op: 'concat' }, nodes, min, max, { width }), 0);
  }

  /** All of some one-bit signals. */
  and(...conditions: readonly Signal[]): Signal {
    return conditions.reduce((a, b) => a.and(b), this.const(1));
  }

  /** Any of some one-bit signals. */
  or(...conditions: readonly Signal[]): Signal {
    return conditions.reduce((a, b) => a.or(b), this.const(0));
  }

  /**
   * State that outlives a beat. It starts from `init` and takes its next value with every accepted beat.
   * The range is what it may hold; `like` gives the range of a signal.
   */
  register(name: string, range: { min: bigint; max: bigint }, init: bigint | number = 0n, lsb = 0): State {
    this.checkName('register', name);
    if (this.registers.some(r => r.name === name))
      this.fail('HDL-014', `register '${name}' is declared twice`, 'rename one');
    const start = this.integer(init);
    if (start < range.min || start > range.max) {
      const text = `register '${name}' holds ${range.min}…${range.max}, but starts from ${start}`;
      this.fail('HDL-011', text, 'start within the range');
    }
    const register: Register = { name, init: start, next: undefined, enable: undefined };
    this.registers.push(register);
    const q = this.make({ op: 'register', register }, [], range.min, range.max, { region: null });
    fixName(q, name);
    return new State(this, register, q, lsb);
  }

  /** Does the same for each lane of some vectors, as one loop; gives back vectors of the results. */
  lanes<V extends readonly Vector[], R extends LaneResult>(
    label: string,
    vectors: readonly [...V],
    body: (...lane: LaneOf<[...V]>) => R,
  ): Gathered<R> {
    const count = this.commonLanes(label, vectors);
    return this.loopOver(label, count, region =>
      body(...(vectors.map(v => this.lane(v, region, 1, 0)) as LaneOf<[...V]>)),
    );
  }

  /** Adjacent pairs of lanes: (0, 1), (2, 3), … An even number of lanes is needed. */
  pairs<R extends LaneResult>(label: string, v: Vector, body: (even: Signal, odd: Signal) => R): Gathered<R> {
    return this.groups(label, [v], 2, ([even, odd]) => body(even!, odd!));
  }

  /** Adjacent lanes of some vectors in groups of `size`, which must divide their number. */
  groups<V extends readonly Vector[], R extends LaneResult>(
    label: string,
    vectors: readonly [...V],
    size: number,
    body: (...members: GroupOf<[...V]>) => R,
  ): Gathered<R> {
    const count = this.commonLanes(label, vectors);
    if (count % size !== 0) {
      const text = `loop '${label}' runs over ${size === 2 ? 'the pairs' : `groups of ${size}`} of ${count} lanes`;
      this.fail('HDL-006', text, size === 2 ? 'give an even number' : `give a multiple of ${size}`);
    }
    const groupOf = (v: Vector, region: Region): readonly Signal[] =>
      Array.from({ length: size }, (_, i) => this.lane(v, region, size, i));
    return this.loopOver(label, count / size, region =>
      body(...(vectors.map(v => groupOf(v, region)) as unknown as GroupOf<[...V]>)),
    );
  }

  /** How many lanes some vectors have, all of them. */
  private commonLanes(label: string, vectors: readonly Vector[]): number {
    const count = vectors[0]!.lanes;
    for (const v of vectors) {
      if (v.lanes !== count) {
        this.fail(
          'HDL-008',
          `loop '${label}' runs over ${count} lanes and ${v.lanes}`,
          'make the vectors equally long',
        );
      }
    }
    return count;
  }

  private loopOver<R extends LaneResult>(
    label: string,
    count: number,
    body: (region: Region) => R,
    minimum = 0,
  ): Gathered<R> {
    this.checkName('loop', label);
    const region: Region = { id: this.regions++, count, label, parent: this.loop };
    this.loop = region;
    try {
      const result = body(region);
      const gather = (r: Signal | Vector, name?: string): Vector => {
        const v = this.gather(r, region, minimum);
        if (name !== undefined && v.node.name === undefined) v.as(name);
        return v;
      };
      if (result instanceof Signal || result instanceof Vector) return gather(result) as Gathered<R>;
      return Object.fromEntries(
        Object.entries(result).map(([k, r]) => [k, gather(r, `${label}_${snakeCase(k)}`)]),
      ) as Gathered<R>;
    } finally {
      this.loop = region.parent;
    }
  }

  private lane(v: Vector, region: Region, stride: number, offset: number): Signal {
    const node = this.own(v);
    this.deepest([node]);
    const shape = { width: node.width, signed: node.signed, region };
    return new Signal(
      this,
      this.make({ op: 'lane', stride, offset }, [node], node.min, node.max, shape),
      v.lsb,
    );
  }

  /** `minimum`: bits of a lane, where more are wanted than the range needs. */
  private gather(r: Signal | Vector, region: Region, minimum: number): Vector {
    const node = this.own(r);
    this.deepest([node]);
    const lanes = region.count * Math.max(1, node.lanes);
    const width = Math.max(node.width, minimum);
    const shape = { width, signed: node.signed, lanes, region: region.parent };
    const operation = { op: 'gather', over: region } as const;
    return new Vector(this, this.make(operation, [node], node.min, node.max, shape), r.lsb);
  }

  /** The same lanes, each in so many bits at least: for a port whose codes are wider than what they hold. */
  widen(v: Vector, width: number): Vector {
    if (v.node.width >= width) return v;
    return this.loopOver('widen', v.lanes, region => this.lane(v, region, 1, 0), width);
  }

  /** Uses a submodule; gives back its outputs by name. */
  instance(label: string, module: Submodule, inputs: Record<string, Signal>): Record<string, Signal> {
    this.checkName('instance', label);
    const names = module.inputs.map(n => (n.op === 'input' ? n.port : ''));
    const given = Object.keys(inputs);
    const odd = [...names.filter(n => !given.includes(n)), ...given.filter(n => !names.includes(n))][0];
    if (odd !== undefined) {
      this.fail(
        'HDL-015',
        `instance '${label}' of ${module.name}: input '${odd}'`,
        `give exactly ${names.join(', ')}`,
      );
    }
    const args = module.inputs.map((port, i) => {
      const node = this.own(inputs[names[i]!]!);
      if (node.min < port.min || node.max > port.max) {
        const range = `${port.min}…${port.max}`;
        this.fail(
          'HDL-011',
          `instance '${label}': input '${names[i]}' holds ${range}, not ${node.min}…${node.max}`,
          'narrow it',
        );
      }
      return node;
    });
    const instance: Instance = { label, module, inputs: names };
    return Object.fromEntries(
      module.outputs.map(({ name, node }) => {
        const shape = { width: node.width, signed: node.signed };
        const operation = { op: 'instance', instance, output: name } as const;
        return [name, new Signal(this, this.make(operation, args, node.min, node.max, shape), 0)];
      }),
    );
  }

  /** The node behind a signal of this module. */
  own(signal: Signal | Vector): Node {
    if (signal.builder !== this) {
      this.fail('HDL-012', `'${nameOf(signal.node)}' belongs to another module`, 'pass it in through a port');
    }
    return signal.node;
  }

  /** Two operands on one binary point. */
  aligned(a: Signal | number | bigint, b: Signal | number | bigint): [Node, Node, number] {
    const x = a instanceof Signal ? a : this.const(a, b instanceof Signal ? b.lsb : 0);
    const y = b instanceof Signal ? b : this.const(b, x.lsb);
    const lsb = Math.min(x.lsb, y.lsb);
    return [this.own(x.shl(x.lsb - lsb)), this.own(y.shl(y.lsb - lsb)), lsb];
  }

  condition(signal: Signal): Node {
    const node = this.own(signal);
    if (node.min < 0n || node.max > 1n) {
      this.fail(
        'HDL-005',
        `condition '${nameOf(node)}' can be ${node.min}…${node.max}`,
        'compare it, or take one bit',
      );
    }
    // A shift by a signal is as wide as what it shifts, even where only one bit of it can be set.
    return isBit(node) ? node : signal.bits(0, 0).node;
  }

  /** Refuses what must outlive all loops, but is one lane of one. */
  checkOutside(node: Node, what: string): void {
    if (node.region !== null) {
      const text = `${what} is a lane of loop '${node.region.label}'`;
      this.fail('HDL-009', text, 'return it from the body');
    }
  }

  private deepest(args: readonly Node[]): Region | null {
    let deepest: Region | null = null;
    for (const { region } of args) {
      if (region === null || encloses(region, deepest)) continue;
      if (deepest !== null && !encloses(deepest, region)) {
        this.fail(
          'HDL-009',
          `lanes of loop '${region.label}' met lanes of loop '${deepest.label}'`,
          'gather one first',
        );
      }
      deepest = region;
    }
    if (deepest !== null && !encloses(deepest, this.loop)) {
      this.fail(
        'HDL-009',
        `a lane of loop '${deepest.label}' was used after the loop`,
        'return it from the body',
      );
    }
    return deepest;
  }
}

/** State of a unit. */
export class State {
  constructor(
    private readonly builder: Builder,
    private readonly register: Register,
    private readonly q: Node,
    private readonly lsb: number,
  ) {}

  /** What it holds before this beat. */
  get value(): Signal {
    return new Signal(this.builder, this.q, this.lsb);
  }

  /** What it holds after this beat. */
  get after(): Signal {
    const { q } = this;
    const shape = { width: q.width, signed: q.signed, region: null };
    const node = this.builder.make({ op: 'after', register: this.register }, [], q.min, q.max, shape);
    fixName(node, this.register.name);
    return new Signal(this.builder, node, this.lsb);
  }

  /** Sets the value for the next beat; with `enable`, only where that holds. */
  next(signal: Signal, enable?: Signal): void {
    const { register, builder, q } = this;
    if (register.next)
      builder.fail('HDL-010', `register '${register.name}' has two next values`, 'choose with mux');
    if (signal.lsb !== this.lsb) {
      const text = `register '${register.name}' ends at weight 2^${this.lsb}, its next value at 2^${signal.lsb}`;
      builder.fail('HDL-018', text, 'round or shift first');
    }
    const node = builder.own(signal);
    builder.checkOutside(node, `next value of register '${register.name}'`);
    if (node.min < q.min || node.max > q.max) {
      const text = `register '${register.name}' holds ${q.min}…${q.max}, its next value is ${node.min}…${node.max}`;
      builder.fail('HDL-011', text, 'widen the register, saturate, or wrap');
    }
    register.next = node;
    if (!enable) return;
    register.enable = builder.condition(enable);
    builder.checkOutside(register.enable, `enable of register '${register.name}'`);
  }
}

function encloses(outer: Region, inner: Region | null): boolean {
  for (let r = inner; r !== null; r = r.parent) if (r === outer) return true;
  return false;
}

export function nameOf(node: Node): string {
  return node.name ?? (node.op === 'const' ? `${node.value}` : `unnamed ${node.op}`);
}

const modules = new WeakMap<Submodule, number>();
let modulesSeen = 0;

/** Tells submodules apart, also those of one name. */
function serialOf(module: Submodule): number {
  const serial = modules.get(module) ?? modulesSeen++;
  modules.set(module, serial);
  return serial;
}

function keyOf(operation: Operation): string {
  switch (operation.op) {
    case 'const':
      return `const ${operation.value}`;
    case 'input':
      return `input ${operation.port}`;
    case 'bits':
      return `bits ${operation.low}`;
    case 'shl':
      return operation.within ? 'shl within' : 'shl';
    case 'table':
      return `table ${operation.table.name} ${operation.table.values.join()}`;
    case 'register':
    case 'after':
      return `${operation.op} ${operation.register.name}`;
    case 'instance':
      return `instance ${serialOf(operation.instance.module)} ${operation.instance.label} ${operation.output}`;
    case 'lane':
      return `lane ${operation.stride} ${operation.offset}`;
    case 'element':
      return `element ${operation.index}`;
    case 'gather':
      return `gather ${operation.over.id}`;
    case 'subvector':
      return `subvector ${operation.start}`;
    default:
      return operation.op;
  }
}
