import fc from 'fast-check';
import { Builder } from '../generators/hdl/builder.ts';
import { defineSubmodule, freeze, type Netlist } from '../generators/hdl/module.ts';
import type { Submodule } from '../generators/hdl/node.ts';
import type { Signal, Vector } from '../generators/hdl/signal.ts';

/** What a port or a node holds: one integer, or one for each lane. */
export type Bits = bigint | readonly bigint[];
export type Beat = Readonly<Record<string, Bits>>;

/** One step of a random program: which operation, and numbers that choose its operands. */
export interface Instruction {
  readonly op: OperationName;
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly k: number;
}

export interface ProgramPort {
  readonly width: number;
  readonly signed: boolean;
  /** 0 for a single value. */
  readonly lanes: number;
  /** Weight of the last bit, as a power of two. */
  readonly lsb: number;
}

export interface ProgramRegister {
  readonly width: number;
  readonly signed: boolean;
  readonly init: number;
  readonly lsb: number;
}

/** A module of its own, which the program may use more than once. */
export interface ProgramPart {
  readonly ports: readonly { readonly width: number; readonly signed: boolean }[];
  readonly code: readonly Instruction[];
}

/** A random datapath as data: it says the same on every machine and in every version that has its operations. */
export interface Program {
  readonly ports: readonly ProgramPort[];
  readonly registers: readonly ProgramRegister[];
  readonly part?: ProgramPart;
  readonly code: readonly Instruction[];
  /** What follows the registers: may use their values after the beat. */
  readonly late: readonly Instruction[];
  /** The last so many values of each kind are outputs. */
  readonly ends: number;
  /** Of constants and beats. */
  readonly seed: number;
}

/** Every operation of the DSL; what each does stands in `Composer`. */
export const OPERATIONS = [
  ...['add', 'sub', 'neg', 'mul', 'mulConstant', 'shl', 'shlBy', 'shlWithin', 'shlWithinBy', 'shr', 'shrBy'],
  ...['eq', 'ne', 'lt', 'le', 'gt', 'ge', 'mux', 'gate', 'negateIf', 'and', 'or', 'xor', 'not'],
  ...['allOf', 'anyOf', 'bits', 'bit', 'wrap', 'narrow', 'concat', 'withLsb', 'constant'],
  ...['any', 'isZero', 'all', 'parity', 'notParity', 'sign', 'table', 'halfAdder', 'scaler', 'part'],
  ...['unpack', 'at', 'sum', 'reduce', 'pack', 'slice', 'loop', 'loopOverTwo', 'loopOfTwo', 'pairs'],
  ...['vectorAny', 'vectorWithLsb', 'scope'],
] as const;
export type OperationName = (typeof OPERATIONS)[number] & string;

/** Loops, and what makes vectors for them, come more often than the others. */
const CHOICES: readonly OperationName[] = [...OPERATIONS, 'unpack', 'loop', 'loop', 'loopOverTwo'];

const WIDTHS = [1, 2, 3, 4, 5, 8, 13, 30, 31, 32, 33, 52, 53, 54, 64, 100, 200];

export interface ProgramOptions {
  readonly widths?: readonly number[];
  readonly steps?: number;
  readonly registers?: number;
  readonly ends?: number;
}

export function programs(options: ProgramOptions = {}): fc.Arbitrary<Program> {
  const { widths = WIDTHS, steps = 14, registers = 2, ends = 1000 } = options;
  const nat = fc.nat(9999);
  const instruction = fc.record<Instruction>({
    op: fc.constantFrom(...CHOICES),
    a: nat,
    b: nat,
    c: nat,
    k: nat,
  });
  const width = fc.constantFrom(...widths);
  const signed = fc.boolean();
  const lsb = fc.constantFrom(0, 0, 0, 0, 0, 0, -2, 1, 3);
  return fc.record({
    ports: fc.array(fc.record({ width, signed, lanes: fc.constantFrom(0, 0, 0, 1, 2, 3, 4, 6), lsb }), {
      minLength: 1,
      maxLength: 5,
    }),
    registers: fc.array(fc.record({ width, signed, init: nat, lsb }), { maxLength: registers }),
    part: fc.option(
      fc.record({
        ports: fc.array(fc.record({ width, signed }), { minLength: 1, maxLength: 3 }),
        code: fc.array(instruction, { minLength: 1, maxLength: 5 }),
      }),
      { nil: undefined },
    ),
    code: fc.array(instruction, { minLength: 1, maxLength: steps }),
    late: fc.array(instruction, { maxLength: 3 }),
    ends: fc.constant(ends),
    seed: fc.nat(),
  });
}

/** Widths from 1 to 200; most programs are narrow, as time goes by gates. */
export function variedPrograms(): fc.Arbitrary<Program> {
  const upTo = (most: number): number[] => Array.from({ length: most }, (_, i) => i + 1);
  const ends = 4;
  return fc.oneof(
    { weight: 9, arbitrary: programs({ widths: upTo(9), ends: 2, steps: 7 }) },
    { weight: 2, arbitrary: programs({ widths: upTo(18), ends, steps: 20 }) },
    {
      weight: 3,
      arbitrary: programs({ widths: [...WIDTHS.filter(w => w <= 64), ...upTo(66)], ends: 2, steps: 7 }),
    },
    { weight: 2, arbitrary: programs({ widths: [...WIDTHS, ...upTo(200)], ends: 2, steps: 5 }) },
  );
}

/** What the reference of a program sees in one beat, and inside a loop in one lane. */
interface Env {
  readonly parent: Env | undefined;
  readonly depth: number;
  readonly lane: number;
  readonly inputs: Beat;
  readonly state: readonly bigint[];
  readonly after: () => readonly bigint[];
}

/** A value of the program twice: as hardware, and as plain arithmetic on integers with the weight of the last bit. */
interface Item<T extends Signal | Vector, V> {
  readonly it: T;
  readonly lsb: number;
  readonly value: (env: Env) => V;
}
type Scalar = Item<Signal, bigint>;
type Lanes = Item<Vector, readonly bigint[]>;

interface Pool {
  readonly scalars: Scalar[];
  readonly vectors: Lanes[];
}

/** The second operand of an operator: a signal, or a plain number. */
interface Operand {
  readonly it: Signal | bigint;
  /** Undefined for a plain number, which takes the weight of its partner. */
  readonly lsb: number | undefined;
  readonly value: (env: Env) => bigint;
}

export interface Composed {
  readonly netlist: Netlist;
  readonly outputs: readonly string[];
  /** The operations that took place. */
  readonly used: ReadonlySet<OperationName>;
  /** The reference: one beat after the other. */
  run(beats: readonly Beat[], accepted: readonly boolean[]): Record<string, Bits>[];
}

/** Composes a program into a module of its own; its submodule gets the name `part`. */
export function compose(program: Program, part?: string): Composed {
  const b = new Builder();
  const input = (name: string, { lanes, width, signed, lsb }: ProgramPort): Signal | Vector =>
    lanes === 0 ? b.input(name, width, signed, lsb) : b.inputVector(name, lanes, width, signed, lsb);
  const { outputs, used, run } = composeInto(b, program, input, part);
  return { netlist: freeze(b, outputs), outputs: Object.keys(outputs), used, run };
}

/** Composes a program on a builder whose inputs somebody else declares; its own submodule gets the name `part`. */
export function composeInto(
  b: Builder,
  program: Program,
  input: (name: string, port: ProgramPort) => Signal | Vector,
  part = 'part',
): Pick<Composed, 'used' | 'run'> & { readonly outputs: Record<string, Signal | Vector> } {
  return new Composer(b, program, part).compose(input);
}

const asUint = (width: number, x: bigint): bigint => BigInt.asUintN(width, x);
const asInt = (width: number, signed: boolean, x: bigint): bigint =>
  signed ? BigInt.asIntN(width, x) : BigInt.asUintN(width, x);
const bool = (x: boolean): bigint => (x ? 1n : 0n);
const ones = (x: bigint): number => x.toString(2).replaceAll('0', '').length;

const WIDEST = 220;
/** Bits of one factor times those of the other: a multiplier of more is all that synthesis would do. */
const LARGEST_PRODUCT = 400;

/** Two outputs, of which a program may use one or both. */
const halfAdder = defineSubmodule('half_adder', 'Sum and carry of two bits.', b => {
  const [x, y] = [b.input('x', 1), b.input('y', 1)];
  return { sum: x.xor(y), carry: x.and(y) };
});
const scaler = defineSubmodule('scaler', 'Five times a signed value, and its sign.', b => {
  const x = b.input('x', 6, true);
  return { value: x.mul(5), negative: x.sign() };
});

interface Part {
  readonly module: Submodule;
  readonly ports: ProgramPart['ports'];
  readonly outputs: readonly (readonly [string, Scalar])[];
}

class Composer {
  private readonly used = new Set<OperationName>();
  private cursor = 0;
  private code: readonly Instruction[] = [];
  private serial = 0;
  private part: Part | undefined;

  constructor(
    private readonly b: Builder,
    private readonly program: Pick<
      Program,
      'ports' | 'registers' | 'part' | 'code' | 'late' | 'ends' | 'seed'
    >,
    private readonly partName: string,
  ) {}

  compose(input: (name: string, port: ProgramPort) => Signal | Vector): ReturnType<typeof composeInto> {
    const { b, program } = this;
    const { ends } = program;
    if (program.part) this.part = this.makePart(program.part);
    const pool: Pool = { scalars: [], vectors: [] };
    program.ports.forEach((port, i) => {
      const name = `x${i}`;
      const it = input(name, port);
      const { lsb } = port;
      if ('lanes' in it)
        pool.vectors.push({ it, lsb, value: env => root(env).inputs[name] as readonly bigint[] });
      else pool.scalars.push({ it, lsb, value: env => root(env).inputs[name] as bigint });
    });
    pool.scalars.push(this.constant(program.seed));
    const states = program.registers.map(({ width, signed, init, lsb }, i) => {
      const range = signed
        ? { min: -(2n ** BigInt(width - 1)), max: 2n ** BigInt(width - 1) - 1n }
        : { min: 0n, max: 2n ** BigInt(width) - 1n };
      const start = asInt(width, signed, BigInt(init));
      const state = b.register(`state_${i}`, range, start, lsb);
      pool.scalars.push({ it: state.value, lsb, value: env => root(env).state[i]! });
      return { state, width, signed, lsb, init: start };
    });
    this.run(program.code, pool);
    const before: readonly Scalar[] = [...pool.scalars];
    const nexts = states.map(({ state, width, signed, lsb }, i) => {
      const from = before[(program.registers[i]!.init + i * 7 + 1) % before.length]!;
      const next = {
        it: from.it.wrap(width, signed).withLsb(lsb),
        value: (env: Env) => asInt(width, signed, from.value(env)),
      };
      const enable = program.registers[i]!.init % 2 === 1 ? this.bit(before.at(-1 - (i % 2))!) : undefined;
      state.next(next.it, enable?.it);
      pool.scalars.push({ it: state.after, lsb, value: env => root(env).after()[i]! });
      return { next, enable };
    });
    this.run(program.late, pool);

    const outputs = new Map<string, Scalar | Lanes>();
    pool.scalars.slice(-ends).forEach((x, i) => {
      outputs.set(`y${i}`, x);
    });
    pool.vectors.slice(-ends).forEach((x, i) => {
      outputs.set(`v${i}`, x);
    });
    return {
      outputs: Object.fromEntries([...outputs].map(([name, { it }]) => [name, it])),
      used: this.used,
      run(beats, accepted) {
        let state: readonly bigint[] = states.map(s => s.init);
        return beats.map((inputs, n) => {
          const before = state;
          const env: Env = {
            ...beatOf(inputs),
            state: before,
            after: () =>
              nexts.map(({ next, enable }, i) =>
                accepted[n] && (!enable || enable.value(env) === 1n) ? next.value(env) : before[i]!,
              ),
          };
          const row = Object.fromEntries([...outputs].map(([name, x]) => [name, x.value(env)]));
          state = env.after();
          return row;
        });
      },
    };
  }

  private makePart({ ports, code }: ProgramPart): Part {
    let outputs: Part['outputs'] = [];
    const module = defineSubmodule(this.partName, 'A part of a random program.', b => {
      const { seed } = this.program;
      const inner = new Composer(b, { ports: [], registers: [], code, late: [], ends: 2, seed }, '');
      const pool: Pool = { scalars: [], vectors: [] };
      for (const [i, { width, signed }] of ports.entries())
        pool.scalars.push({
          it: b.input(`p${i}`, width, signed),
          lsb: 0,
          value: env => root(env).inputs[`p${i}`] as bigint,
        });
      inner.run(code, pool);
      for (const name of inner.used) this.used.add(name);
      outputs = pool.scalars.slice(-2).map((x, i) => [`q${i}`, x] as const);
      return Object.fromEntries(outputs.map(([name, { it }]) => [name, it]));
    });
    return { module, ports, outputs };
  }

  private run(code: readonly Instruction[], pool: Pool): void {
    this.code = code;
    this.cursor = 0;
    while (this.cursor < code.length) {
      const made = this.step(pool, 0);
      if (isLanes(made)) pool.vectors.push(made);
      else pool.scalars.push(made);
    }
  }

  /** Small numbers, and those around powers of two. */
  private number(n: number): bigint {
    const power = 1n << BigInt(n % 67);
    const kind = n % 11;
    if (kind === 0) return power;
    if (kind === 1) return power - 1n;
    if (kind === 2) return -power;
    return BigInt(n % 2 === 0 ? n % 300 : -(n % 77));
  }

  private constant(n: number, lsb = 0): Scalar {
    const x = this.number(n);
    return { it: this.b.const(x, lsb), lsb, value: () => x };
  }

  /** One bit of any value. */
  private bit(x: Scalar): Scalar {
    const { it } = x;
    return it.width === 1 && !it.signed ? x : { it: it.bit(0), lsb: 0, value: env => x.value(env) & 1n };
  }

  private unsigned(x: Scalar): Scalar {
    const { width, signed } = x.it;
    return signed ? { it: x.it.bits(width - 1, 0), lsb: 0, value: env => asUint(width, x.value(env)) } : x;
  }

  /** The low bits of any value. */
  private low(x: Scalar, most: number): Scalar {
    const width = Math.min(most, x.it.width);
    return { it: x.it.bits(width - 1, 0), lsb: 0, value: env => asUint(width, x.value(env)) };
  }

  /** Two operands on one binary point. */
  private aligned(x: Scalar, y: Operand): { lsb: number; a: Scalar['value']; b: Scalar['value'] } {
    const other = y.lsb ?? x.lsb;
    const lsb = Math.min(x.lsb, other);
    return {
      lsb,
      a: e => x.value(e) << BigInt(x.lsb - lsb),
      b: e => y.value(e) << BigInt(other - lsb),
    };
  }

  /** Executes one instruction; a loop takes the following ones for its body. */
  private step(pool: Pool, depth: number): Scalar | Lanes {
    const i = this.code[this.cursor++]!;
    const made = this.operation(i, pool, depth);
    if (made.it.lsb !== made.lsb)
      throw new WrongWeight(`${i.op} gave weight 2^${made.it.lsb}, not 2^${made.lsb}`);
    const name = i.c % 3 === 0 ? `value_${this.serial++}` : undefined;
    if (isLanes(made)) {
      if (name) made.it.as(name);
      return { ...made, value: memo(depth, made.value) };
    }
    if (name) made.it.as(name);
    // Weights must not wander off: aligning two far ones would make thousands of bits.
    const lsb = Math.abs(made.lsb) > 12 ? 0 : made.lsb;
    const it = made.it.withLsb(lsb);
    if (it.width <= WIDEST) return { it, lsb, value: memo(depth, made.value) };
    const width = 1 + (i.k % WIDEST);
    return {
      it: it.wrap(width, true),
      lsb,
      value: memo(depth, env => BigInt.asIntN(width, made.value(env))),
    };
  }

  private operation(i: Instruction, pool: Pool, depth: number): Scalar | Lanes {
    const pick = (n: number): Scalar => pool.scalars[n % pool.scalars.length]!;
    const x = pick(i.a);
    const vector = pool.vectors[i.b % Math.max(1, pool.vectors.length)];
    const made =
      this.scalarOperation(i, x, pick(i.b), pick(i.c)) ??
      this.structure(i, pool, depth, x) ??
      (vector && this.vectorOperation(i, pool, depth, vector));
    // An operation on vectors where there is none: nothing happens.
    if (!made) return x;
    this.used.add(i.op);
    return made;
  }

  private scalarOperation(i: Instruction, x: Scalar, y: Scalar, z: Scalar): Scalar | undefined {
    const { b } = this;
    const { width, signed } = x.it;
    const { lsb } = x;
    const operand: Operand =
      i.k % 4 !== 0
        ? y
        : i.c % 2 === 0
          ? this.constant(i.k, lsb)
          : { it: this.number(i.k), lsb: undefined, value: () => this.number(i.k) };
    /** For operators that take no negative ones. */
    const positive = (o: Operand): Operand => {
      if (typeof o.it !== 'bigint') return this.unsigned({ it: o.it, lsb: o.lsb!, value: o.value });
      const n = o.it < 0n ? -o.it : o.it;
      return { it: n, lsb: undefined, value: () => n };
    };
    const compared = (
      join: (a: Signal, o: Signal | bigint) => Signal,
      holds: (s: bigint, t: bigint) => boolean,
    ) => {
      const { a, b } = this.aligned(x, operand);
      return { it: join(x.it, operand.it), lsb: 0, value: (e: Env) => bool(holds(a(e), b(e))) };
    };
    const bitwise = (
      join: (a: Signal, o: Signal | bigint) => Signal,
      value: (s: bigint, t: bigint) => bigint,
    ) => {
      const [p, q] = [this.unsigned(x), positive(operand)];
      return { it: join(p.it, q.it), lsb: p.lsb, value: (e: Env) => value(p.value(e), q.value(e)) };
    };
    switch (i.op) {
      case 'add': {
        const { a, b, lsb } = this.aligned(x, operand);
        return { it: x.it.add(operand.it), lsb, value: e => a(e) + b(e) };
      }
      case 'sub': {
        const { a, b, lsb } = this.aligned(x, operand);
        return { it: x.it.sub(operand.it), lsb, value: e => a(e) - b(e) };
      }
      case 'neg':
        return { it: x.it.neg(), lsb, value: e => -x.value(e) };
      case 'mul': {
        // The wider factor is cut where the product would be large.
        const room = Math.max(1, Math.floor(LARGEST_PRODUCT / y.it.width));
        const p: Scalar =
          width <= room
            ? x
            : { it: x.it.wrap(room, signed), lsb, value: e => wrapped(x, room, signed, x.value(e)) };
        return { it: p.it.mul(y.it), lsb: lsb + y.lsb, value: e => p.value(e) * y.value(e) };
      }
      case 'mulConstant': {
        const n = i.k % 3 === 0 ? this.number(i.c) : BigInt(i.k % 40);
        const room = Math.max(1, Math.floor(LARGEST_PRODUCT / n.toString(2).length));
        const p: Scalar =
          width <= room
            ? x
            : { it: x.it.wrap(room, signed), lsb, value: e => wrapped(x, room, signed, x.value(e)) };
        return { it: p.it.mul(n), lsb, value: e => p.value(e) * n };
      }
      case 'shl':
        return { it: x.it.shl(i.k % 9), lsb, value: e => x.value(e) << BigInt(i.k % 9) };
      case 'shlBy': {
        const by = this.low(y, 4);
        return { it: x.it.shl(by.it), lsb, value: e => x.value(e) << by.value(e) };
      }
      case 'shlWithin': {
        const p = this.unsigned(x);
        const [by, w] = [i.k % 12, 1 + (i.c % 20)];
        return {
          it: p.it.shlWithin(by, w),
          lsb: p.lsb,
          value: e => within(p, w, p.value(e) << BigInt(by), by),
        };
      }
      case 'shlWithinBy': {
        const p = this.unsigned(x);
        const [by, w] = [this.low(y, 3), 1 + (i.c % 20)];
        return {
          it: p.it.shlWithin(by.it, w),
          lsb: p.lsb,
          value: e => within(p, w, p.value(e) << by.value(e), Number(by.it.range[1])),
        };
      }
      case 'shr':
        return { it: x.it.shr(i.k % 9), lsb, value: e => x.value(e) >> BigInt(i.k % 9) };
      case 'shrBy': {
        const by = this.low(y, 1 + (i.k % 11));
        return { it: x.it.shr(by.it), lsb, value: e => x.value(e) >> by.value(e) };
      }
      case 'eq':
        return compared(
          (a, o) => a.eq(o),
          (s, t) => s === t,
        );
      case 'ne':
        return compared(
          (a, o) => a.ne(o),
          (s, t) => s !== t,
        );
      case 'lt':
        return compared(
          (a, o) => a.lt(o),
          (s, t) => s < t,
        );
      case 'le':
        return compared(
          (a, o) => a.le(o),
          (s, t) => s <= t,
        );
      case 'gt':
        return compared(
          (a, o) => a.gt(o),
          (s, t) => s > t,
        );
      case 'ge':
        return compared(
          (a, o) => a.ge(o),
          (s, t) => s >= t,
        );
      case 'mux': {
        const c = this.bit(z);
        const { a, b: other, lsb } = this.aligned(x, operand);
        return {
          it: b.mux(c.it, x.it, operand.it),
          lsb,
          value: e => (c.value(e) === 1n ? a(e) : other(e)),
        };
      }
      case 'gate': {
        const c = this.bit(y);
        return { it: x.it.gate(c.it), lsb, value: e => x.value(e) * c.value(e) };
      }
      case 'negateIf': {
        const c = this.bit(y);
        return { it: x.it.negateIf(c.it), lsb, value: e => (c.value(e) === 1n ? -x.value(e) : x.value(e)) };
      }
      case 'and':
        return bitwise(
          (a, o) => a.and(o),
          (s, t) => s & t,
        );
      case 'or':
        return bitwise(
          (a, o) => a.or(o),
          (s, t) => s | t,
        );
      case 'xor':
        return bitwise(
          (a, o) => a.xor(o),
          (s, t) => s ^ t,
        );
      case 'not':
        return { it: x.it.not(), lsb, value: e => (signed ? -1n : 2n ** BigInt(width) - 1n) - x.value(e) };
      case 'allOf':
      case 'anyOf': {
        const bits = [x, y, z].slice(0, 1 + (i.k % 3)).map(s => this.low(s, 1));
        const all = i.op === 'allOf';
        return {
          it: all ? b.and(...bits.map(s => s.it)) : b.or(...bits.map(s => s.it)),
          lsb: 0,
          value: e => bool(all ? bits.every(s => s.value(e) === 1n) : bits.some(s => s.value(e) === 1n)),
        };
      }
      case 'bits': {
        const low = i.k % width;
        const high = low + (i.c % (width - low));
        return {
          it: x.it.bits(high, low),
          lsb: 0,
          value: e => asUint(high - low + 1, x.value(e) >> BigInt(low)),
        };
      }
      case 'bit':
        return { it: x.it.bit(i.k % width), lsb: 0, value: e => (x.value(e) >> BigInt(i.k % width)) & 1n };
      case 'wrap': {
        const [w, sign] = [1 + (i.k % (width + 3)), i.c % 2 === 0];
        return { it: x.it.wrap(w, sign), lsb, value: e => wrapped(x, w, sign, x.value(e)) };
      }
      case 'narrow': {
        const [min, max] = x.it.range;
        const top = min + (max - min) / 2n;
        const limit = b.const(top, lsb);
        const bounded = b.mux(x.it.gt(limit), limit, x.it);
        return { it: bounded.narrow(min, top), lsb, value: e => (x.value(e) > top ? top : x.value(e)) };
      }
      case 'concat': {
        const parts = [x, y, ...(i.k % 2 === 0 ? [z] : [])];
        return {
          it: b.concat(...parts.map(s => s.it)),
          lsb: 0,
          value: e =>
            parts.reduce((bits, s) => (bits << BigInt(s.it.width)) | asUint(s.it.width, s.value(e)), 0n),
        };
      }
      case 'withLsb': {
        const to = (i.k % 7) - 3;
        return { it: x.it.withLsb(to), lsb: to, value: x.value };
      }
      case 'constant':
        return this.constant(i.k, (i.c % 5) - 2);
      case 'any':
        return { it: x.it.any(), lsb: 0, value: e => bool(x.value(e) !== 0n) };
      case 'isZero':
        return { it: x.it.isZero(), lsb: 0, value: e => bool(x.value(e) === 0n) };
      case 'all':
        return {
          it: x.it.all(),
          lsb: 0,
          value: e => bool(asUint(width, x.value(e)) === 2n ** BigInt(width) - 1n),
        };
      case 'parity':
        return { it: x.it.parity(), lsb: 0, value: e => BigInt(ones(asUint(width, x.value(e))) % 2) };
      case 'notParity':
        return {
          it: x.it.not().parity(),
          lsb: 0,
          value: e => BigInt(ones(asUint(width, ~x.value(e))) % 2),
        };
      case 'sign':
        return { it: x.it.sign(), lsb: 0, value: e => bool(x.value(e) < 0n) };
      case 'table': {
        const index = this.low(x, 4);
        const entries = 2 ** index.it.width + (i.k % 3);
        const far = i.k % 5 === 0 ? this.number(i.c) : 0n;
        const values = Array.from(
          { length: entries },
          (_, n) => BigInt(((n + 1) * (i.k + 3)) % 101) - BigInt(i.b % 50) + (n % 3 === 1 ? far : 0n),
        );
        const weight = (i.c % 3) - 1;
        const table = b.table(`table_${i.k % 7}_${i.b % 3}`, 'Some numbers.', values, index.it, {
          lsb: weight,
        });
        return { it: table, lsb: weight, value: e => values[Number(index.value(e))]! };
      }
      case 'halfAdder': {
        const [s, t] = [this.low(x, 1), this.low(y, 1)];
        const sum = b.instance('adder', halfAdder, { x: s.it, y: t.it });
        return i.k % 2 === 0
          ? { it: sum.sum!, lsb: 0, value: e => s.value(e) ^ t.value(e) }
          : { it: b.concat(sum.carry!, sum.sum!), lsb: 0, value: e => s.value(e) + t.value(e) };
      }
      case 'scaler': {
        const wrap: Scalar = { it: x.it.wrap(6, true), lsb, value: e => wrapped(x, 6, true, x.value(e)) };
        const { value } = b.instance('scaler', scaler, { x: wrap.it });
        return { it: value!, lsb: 0, value: e => wrap.value(e) * 5n };
      }
      case 'part':
        return this.part && this.instance(this.part, i, [x, y, z]);
      default:
        return undefined;
    }
  }

  private instance({ module, ports, outputs }: Part, i: Instruction, from: readonly Scalar[]): Scalar {
    const args = ports.map(({ width, signed }, n) => {
      const x = from[n]!;
      return [`p${n}`, x.it.wrap(width, signed), (e: Env) => wrapped(x, width, signed, x.value(e))] as const;
    });
    const made = this.b.instance(
      `part_${i.k % 3}`,
      module,
      Object.fromEntries(args.map(([name, it]) => [name, it])),
    );
    const [name, inner] = outputs[i.c % outputs.length]!;
    return {
      it: made[name]!,
      lsb: 0,
      value: e => inner.value(beatOf(Object.fromEntries(args.map(([port, , value]) => [port, value(e)])))),
    };
  }

  /** What makes vectors of a value, and what has to do with names only. */
  private structure(i: Instruction, pool: Pool, depth: number, x: Scalar): Scalar | Lanes | undefined {
    if (i.op === 'scope' && this.cursor < this.code.length)
      return this.b.scope(i.k % 2 === 0 ? 'part' : '', 'A section', () => this.step(pool, depth));
    if (i.op !== 'unpack') return undefined;
    const { width } = x.it;
    const lanes = [4, 3, 2, 1].find(n => width % n === 0)!;
    const w = width / lanes;
    const isSigned = i.k % 2 === 0;
    return {
      it: x.it.unpack(lanes, isSigned),
      lsb: 0,
      value: e => Array.from({ length: lanes }, (_, n) => asInt(w, isSigned, x.value(e) >> BigInt(n * w))),
    };
  }

  private vectorOperation(i: Instruction, pool: Pool, depth: number, v: Lanes): Scalar | Lanes | undefined {
    const { b } = this;
    const { lsb } = v;
    const { lanes } = v.it;
    switch (i.op) {
      case 'at':
        return { it: v.it.at(i.k % lanes), lsb, value: e => v.value(e)[i.k % lanes]! };
      case 'sum':
        return { it: v.it.sum(), lsb, value: e => v.value(e).reduce((s, t) => s + t) };
      case 'reduce':
        return {
          it: v.it.reduce('most', (s, t) => b.mux(s.lt(t), t, s)),
          lsb,
          value: e => v.value(e).reduce((s, t) => (s < t ? t : s)),
        };
      case 'pack': {
        const w = v.it.node.width;
        if (lanes * w > WIDEST) return undefined;
        return {
          it: v.it.pack(),
          lsb: 0,
          value: e => v.value(e).reduceRight((bits, x) => (bits << BigInt(w)) | asUint(w, x), 0n),
        };
      }
      case 'slice': {
        const start = i.k % lanes;
        const count = 1 + (i.c % (lanes - start));
        return { it: v.it.slice(start, count), lsb, value: e => v.value(e).slice(start, start + count) };
      }
      case 'loopOverTwo': {
        const other = pool.vectors[i.c % pool.vectors.length]!;
        return this.loop(i, pool, depth, other.it.lanes === lanes ? [v, other] : [v]);
      }
      case 'loop':
      case 'loopOfTwo':
        return this.loop(i, pool, depth, [v]);
      case 'pairs':
        if (lanes % 2 !== 0) return undefined;
        return {
          it: b.pairs('pair', v.it, (even, odd) => even.sub(odd)),
          lsb,
          value: e => evens(v.value(e)).map(([s, t]) => s - t),
        };
      case 'vectorAny':
        return { it: v.it.any(), lsb: 0, value: e => bool(v.value(e).some(x => x !== 0n)) };
      case 'vectorWithLsb': {
        const to = (i.k % 7) - 3;
        return { it: v.it.withLsb(to), lsb: to, value: v.value };
      }
      default:
        return undefined;
    }
  }

  /** The same for each lane: one to four instructions, which see the lanes and all that is outside. */
  private loop(i: Instruction, pool: Pool, depth: number, over: readonly Lanes[]): Lanes {
    const body = (lanes: readonly Signal[]): Scalar | Lanes => {
      const inside: Scalar[] = lanes.map((it, n) => ({
        it,
        lsb: over[n]!.lsb,
        value: e => over[n]!.value(e)[up(e, depth + 1).lane]!,
      }));
      const scalars = [...inside, ...pool.scalars, ...inside, ...inside];
      const vectors = depth < 1 ? [...pool.vectors] : [];
      let last: Scalar | Lanes = inside[0]!;
      for (let n = 0; n <= i.k % 4 && this.cursor < this.code.length; n++) {
        last = this.step({ scalars, vectors }, depth + 1);
        if (isLanes(last)) vectors.push(last);
        else scalars.push(last, last);
      }
      return last;
    };
    let result: Scalar | Lanes | undefined;
    const label = `loop_${i.k % 3}`;
    const vectors = over.map(v => v.it);
    // A body may give back several values by name; here the first lanes are the second.
    const gathered =
      i.op === 'loopOfTwo'
        ? this.b.lanes(label, vectors, (...lanes) => {
            result = body(lanes);
            return { result: result.it, original: lanes[0]! };
          }).result
        : this.b.lanes(label, vectors, (...lanes) => {
            result = body(lanes);
            return result.it;
          });
    const count = over[0]!.it.lanes;
    const { value, lsb } = result!;
    return {
      it: gathered as Vector,
      lsb,
      value: env => Array.from({ length: count }, (_, lane) => value(laneOf(env, depth, lane))).flat(),
    };
  }
}

/** The DSL gave a signal another weight than the operation means. */
export class WrongWeight extends Error {
  override readonly name = 'WrongWeight';
}

function isLanes(x: Scalar | Lanes): x is Lanes {
  return 'lanes' in x.it;
}

function beatOf(inputs: Beat): Env {
  return { parent: undefined, depth: 0, lane: 0, inputs, state: [], after: () => [] };
}

function root(env: Env): Env {
  return up(env, 0);
}

function up(env: Env, depth: number): Env {
  let e = env;
  while (e.depth > depth) e = e.parent!;
  return e;
}

const children = new WeakMap<Env, Map<number, Env>>();

function laneOf(env: Env, depth: number, lane: number): Env {
  const parent = up(env, depth);
  const known = children.get(parent) ?? new Map<number, Env>();
  children.set(parent, known);
  const child = known.get(lane) ?? { ...parent, parent, depth: depth + 1, lane };
  known.set(lane, child);
  return child;
}

/** A value is computed once for each beat, and inside a loop once for each lane. */
function memo<V>(depth: number, value: (env: Env) => V): (env: Env) => V {
  const known = new WeakMap<Env, V>();
  return env => {
    const at = up(env, depth);
    if (!known.has(at)) known.set(at, value(at));
    return known.get(at)!;
  };
}

function evens(values: readonly bigint[]): (readonly [bigint, bigint])[] {
  return Array.from({ length: values.length / 2 }, (_, n) => [values[2 * n]!, values[2 * n + 1]!] as const);
}

/** `shlWithin` cuts only where something could be lost. */
function within(x: Scalar, width: number, shifted: bigint, mostShift: number): bigint {
  const most = x.it.range[1] << BigInt(mostShift);
  return most >> BigInt(width) === 0n ? shifted : asUint(width, shifted);
}

/** `wrap` keeps a value whose range fits. */
function wrapped(x: Scalar, width: number, signed: boolean, value: bigint): bigint {
  const [min, max] = x.it.range;
  const fits = asInt(width, signed, min) === min && asInt(width, signed, max) === max;
  return fits ? value : asInt(width, signed, value);
}

/** Beats of random inputs, corners among them. */
export function randomBeats(program: Program, count: number): { beats: Beat[]; accepted: boolean[] } {
  const random = generator(program.seed);
  const one = ({ width, signed }: ProgramPort): bigint => {
    const kind = random() % 8;
    const bits =
      kind === 0 ? 0n : kind === 1 ? -1n : kind === 2 ? 1n << BigInt(width - 1) : randomBits(random, width);
    return asInt(width, signed, kind === 3 ? bits & 3n : bits);
  };
  const beats = Array.from({ length: count }, () =>
    Object.fromEntries(
      program.ports.map((port, i) => [
        `x${i}`,
        port.lanes === 0 ? one(port) : Array.from({ length: port.lanes }, () => one(port)),
      ]),
    ),
  );
  // Of their own generator: fewer beats are then the first ones of more.
  const accepts = generator(program.seed ^ 0x1b873593);
  return { beats, accepted: beats.map(() => accepts() % 4 !== 0) };
}

function randomBits(random: () => number, width: number): bigint {
  let bits = 0n;
  for (let n = 0; n < width; n += 24) bits = (bits << 24n) | BigInt(random() & 0xffffff);
  return bits;
}

/** mulberry32 */
export function generator(seed: number): () => number {
  let s = seed | 0;
  return () => {
    s = (s + 0x6d2b79f5) | 0;
    let t = Math.imul(s ^ (s >>> 15), 1 | s);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  };
}
