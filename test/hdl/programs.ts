import fc from 'fast-check';
import { Builder } from '../../generators/hdl/builder.ts';
import { defineSubmodule, freeze, type Netlist } from '../../generators/hdl/module.ts';
import type { Signal, Vector } from '../../generators/hdl/signal.ts';
import type { Beat, Bits } from './walk.ts';

/** One step of a random program: which operator, and numbers that choose its operands. */
export interface Instruction {
  readonly op: number;
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
}

export interface Program {
  readonly ports: readonly ProgramPort[];
  readonly registers: readonly { readonly width: number; readonly signed: boolean; readonly init: number }[];
  readonly code: readonly Instruction[];
  /** What follows the registers: may use their values after the beat. */
  readonly late: readonly Instruction[];
  readonly seed: number;
}

const nat = fc.nat(9999);
const instruction = fc.record<Instruction>({ op: nat, a: nat, b: nat, c: nat, k: nat });
const WIDTHS = [1, 2, 3, 4, 5, 8, 13, 30, 31, 32, 33, 52, 53, 54, 64, 100, 200];

export function programs(
  options: { widths?: readonly number[]; steps?: number; registers?: number } = {},
): fc.Arbitrary<Program> {
  const { widths = WIDTHS, steps = 14, registers = 2 } = options;
  const width = fc.constantFrom(...widths);
  return fc.record({
    ports: fc.array(
      fc.record({ width, signed: fc.boolean(), lanes: fc.constantFrom(0, 0, 0, 1, 2, 3, 4, 6) }),
      { minLength: 1, maxLength: 5 },
    ),
    registers: fc.array(fc.record({ width, signed: fc.boolean(), init: nat }), { maxLength: registers }),
    code: fc.array(instruction, { minLength: 1, maxLength: steps }),
    late: fc.array(instruction, { maxLength: 3 }),
    seed: fc.nat(),
  });
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

/** A value of the program twice: as hardware, and as plain arithmetic on integers. */
interface Item<T extends Signal | Vector, V> {
  readonly it: T;
  readonly value: (env: Env) => V;
}
type Scalar = Item<Signal, bigint>;
type Lanes = Item<Vector, readonly bigint[]>;

interface Pool {
  readonly scalars: readonly Scalar[];
  readonly vectors: readonly Lanes[];
}

export interface Composed {
  readonly netlist: Netlist;
  readonly outputs: readonly string[];
  /** The reference: one beat after the other. */
  run(beats: readonly Beat[], accepted: readonly boolean[]): Record<string, Bits>[];
}

/** Composes a program. The last `ends` values of each kind are its outputs. */
export function compose(program: Program, ends = 1000): Composed {
  return new Composer(program).compose(ends);
}

const asUint = (width: number, x: bigint): bigint => BigInt.asUintN(width, x);
const asInt = (width: number, signed: boolean, x: bigint): bigint =>
  signed ? BigInt.asIntN(width, x) : BigInt.asUintN(width, x);
const bool = (x: boolean): bigint => (x ? 1n : 0n);
const ones = (x: bigint): number => x.toString(2).replaceAll('0', '').length;

const WIDEST = 220;

/** Two outputs, of which a program may use one or both. */
const halfAdder = defineSubmodule('half_adder', 'Sum and carry of two bits.', b => {
  const [x, y] = [b.input('x', 1), b.input('y', 1)];
  return { sum: x.xor(y), carry: x.and(y) };
});
const scaler = defineSubmodule('scaler', 'Five times a signed value, and its sign.', b => {
  const x = b.input('x', 6, true);
  return { value: x.mul(5), negative: x.sign() };
});

class Composer {
  private readonly b = new Builder();
  private cursor = 0;
  private code: readonly Instruction[] = [];
  private serial = 0;

  constructor(private readonly program: Program) {}

  compose(ends: number): Composed {
    const { b, program } = this;
    const pool: { scalars: Scalar[]; vectors: Lanes[] } = { scalars: [], vectors: [] };
    program.ports.forEach(({ width, signed, lanes }, i) => {
      const name = `x${i}`;
      if (lanes === 0)
        pool.scalars.push({
          it: b.input(name, width, signed),
          value: env => root(env).inputs[name] as bigint,
        });
      else {
        const it = b.inputVector(name, lanes, width, signed);
        pool.vectors.push({ it, value: env => root(env).inputs[name] as readonly bigint[] });
      }
    });
    pool.scalars.push(this.constant(program.seed));
    const states = program.registers.map(({ width, signed, init }, i) => {
      const range = signed
        ? { min: -(2n ** BigInt(width - 1)), max: 2n ** BigInt(width - 1) - 1n }
        : { min: 0n, max: 2n ** BigInt(width) - 1n };
      const state = b.register(`state_${i}`, range, asInt(width, signed, BigInt(init)));
      pool.scalars.push({ it: state.value, value: env => root(env).state[i]! });
      return { state, width, signed, init: asInt(width, signed, BigInt(init)) };
    });
    this.run(program.code, pool);
    const before: readonly Scalar[] = [...pool.scalars];
    const nexts = states.map(({ state, width, signed }, i) => {
      const from = before[(program.registers[i]!.init + i * 7 + 1) % before.length]!;
      const next = {
        it: from.it.wrap(width, signed),
        value: (env: Env) => asInt(width, signed, from.value(env)),
      };
      const enable = program.registers[i]!.init % 2 === 1 ? this.bit(before.at(-1 - (i % 2))!) : undefined;
      state.next(next.it, enable?.it);
      pool.scalars.push({ it: state.after, value: env => root(env).after()[i]! });
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
    const netlist = freeze(b, Object.fromEntries([...outputs].map(([name, { it }]) => [name, it])));
    return {
      netlist,
      outputs: [...outputs.keys()],
      run(beats, accepted) {
        let state: readonly bigint[] = states.map(s => s.init);
        return beats.map((inputs, n) => {
          const before = state;
          const env: Env = {
            parent: undefined,
            depth: 0,
            lane: 0,
            inputs,
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

  private run(code: readonly Instruction[], pool: { scalars: Scalar[]; vectors: Lanes[] }): void {
    this.code = code;
    this.cursor = 0;
    while (this.cursor < code.length) {
      const made = this.step(pool, 0);
      if (isLanes(made)) pool.vectors.push(made);
      else pool.scalars.push(made);
    }
  }

  private constant(value: number): Scalar {
    const x = BigInt(value % 2 === 0 ? value % 300 : -(value % 77));
    return { it: this.b.const(x), value: () => x };
  }

  /** One bit of any value. */
  private bit(x: Scalar): Scalar {
    const { it } = x;
    return it.width === 1 && !it.signed ? x : { it: it.bit(0), value: env => x.value(env) & 1n };
  }

  private unsigned(x: Scalar): Scalar {
    const { width, signed } = x.it;
    return signed ? { it: x.it.bits(width - 1, 0), value: env => asUint(width, x.value(env)) } : x;
  }

  /** The low bits of any value. */
  private low(x: Scalar, most: number): Scalar {
    const width = Math.min(most, x.it.width);
    return { it: x.it.bits(width - 1, 0), value: env => asUint(width, x.value(env)) };
  }

  /** Executes one instruction; a loop takes the following ones for its body. */
  private step(pool: Pool, depth: number): Scalar | Lanes {
    const i = this.code[this.cursor++]!;
    const made = this.operation(i, pool, depth);
    const name = i.c % 3 === 0 ? `value_${this.serial++}` : undefined;
    if (isLanes(made)) {
      if (name) made.it.as(name);
      return { it: made.it, value: memo(depth, made.value) };
    }
    if (name) made.it.as(name);
    if (made.it.width <= WIDEST) return { it: made.it, value: memo(depth, made.value) };
    const width = 1 + (i.k % WIDEST);
    return {
      it: made.it.wrap(width, true),
      value: memo(depth, env => BigInt.asIntN(width, made.value(env))),
    };
  }

  private operation(i: Instruction, pool: Pool, depth: number): Scalar | Lanes {
    const { b } = this;
    const pick = (n: number): Scalar => pool.scalars[n % pool.scalars.length]!;
    const [x, y, z] = [pick(i.a), pick(i.b), pick(i.c)];
    const operand = i.k % 4 === 0 ? this.constant(i.k) : y;
    const vector = pool.vectors[i.b % Math.max(1, pool.vectors.length)];
    const { width, signed } = x.it;
    const [p, q] = [this.unsigned(x), this.unsigned(operand)];
    const scalarOperations: (() => Scalar)[] = [
      () => ({ it: x.it.add(operand.it), value: e => x.value(e) + operand.value(e) }),
      () => ({ it: x.it.sub(operand.it), value: e => x.value(e) - operand.value(e) }),
      () => ({ it: x.it.neg(), value: e => -x.value(e) }),
      () => ({ it: x.it.mul(operand.it), value: e => x.value(e) * operand.value(e) }),
      () => ({ it: x.it.mul(i.k % 40), value: e => x.value(e) * BigInt(i.k % 40) }),
      () => ({ it: x.it.shl(i.k % 9), value: e => x.value(e) << BigInt(i.k % 9) }),
      () => {
        const by = this.low(y, 4);
        return { it: x.it.shl(by.it), value: e => x.value(e) << by.value(e) };
      },
      () => {
        const [by, w] = [i.k % 12, 1 + (i.c % 20)];
        return { it: p.it.shlWithin(by, w), value: e => within(p, w, p.value(e) << BigInt(by), by) };
      },
      () => {
        const [by, w] = [this.low(y, 3), 1 + (i.c % 20)];
        return {
          it: p.it.shlWithin(by.it, w),
          value: e => within(p, w, p.value(e) << by.value(e), Number(by.it.range[1])),
        };
      },
      () => ({ it: x.it.shr(i.k % 9), value: e => x.value(e) >> BigInt(i.k % 9) }),
      () => {
        const by = this.low(y, 1 + (i.k % 11));
        return { it: x.it.shr(by.it), value: e => x.value(e) >> by.value(e) };
      },
      () => ({ it: x.it.eq(operand.it), value: e => bool(x.value(e) === operand.value(e)) }),
      () => ({ it: x.it.ne(operand.it), value: e => bool(x.value(e) !== operand.value(e)) }),
      () => ({ it: x.it.lt(operand.it), value: e => bool(x.value(e) < operand.value(e)) }),
      () => ({ it: x.it.le(operand.it), value: e => bool(x.value(e) <= operand.value(e)) }),
      () => ({ it: x.it.gt(operand.it), value: e => bool(x.value(e) > operand.value(e)) }),
      () => ({ it: x.it.ge(i.k % 5), value: e => bool(x.value(e) >= BigInt(i.k % 5)) }),
      () => {
        const c = this.bit(z);
        return {
          it: b.mux(c.it, x.it, operand.it),
          value: e => (c.value(e) === 1n ? x.value(e) : operand.value(e)),
        };
      },
      () => ({ it: p.it.and(q.it), value: e => p.value(e) & q.value(e) }),
      () => ({ it: p.it.or(q.it), value: e => p.value(e) | q.value(e) }),
      () => ({ it: p.it.xor(q.it), value: e => p.value(e) ^ q.value(e) }),
      () => ({ it: x.it.not(), value: e => (signed ? -1n : 2n ** BigInt(width) - 1n) - x.value(e) }),
      () => {
        const c = this.bit(y);
        return { it: x.it.negateIf(c.it), value: e => (c.value(e) === 1n ? -x.value(e) : x.value(e)) };
      },
      () => {
        const low = i.k % width;
        const high = low + (i.c % (width - low));
        return { it: x.it.bits(high, low), value: e => asUint(high - low + 1, x.value(e) >> BigInt(low)) };
      },
      () => {
        const w = 1 + (i.k % (width + 3));
        return { it: x.it.wrap(w, i.c % 2 === 0), value: e => wrapped(x, w, i.c % 2 === 0, x.value(e)) };
      },
      () => {
        const [min, max] = x.it.range;
        const top = min + (max - min) / 2n;
        const bounded = b.mux(x.it.gt(top), b.const(top), x.it);
        return { it: bounded.narrow(min, top), value: e => (x.value(e) > top ? top : x.value(e)) };
      },
      () => {
        const parts = [x, y, ...(i.k % 2 === 0 ? [z] : [])];
        return {
          it: b.concat(...parts.map(s => s.it)),
          value: e =>
            parts.reduce((bits, s) => (bits << BigInt(s.it.width)) | asUint(s.it.width, s.value(e)), 0n),
        };
      },
      () => ({ it: x.it.any(), value: e => bool(x.value(e) !== 0n) }),
      () => ({ it: x.it.isZero(), value: e => bool(x.value(e) === 0n) }),
      () => ({ it: x.it.all(), value: e => bool(asUint(width, x.value(e)) === 2n ** BigInt(width) - 1n) }),
      () => ({ it: x.it.parity(), value: e => BigInt(ones(asUint(width, x.value(e))) % 2) }),
      () => ({ it: x.it.not().parity(), value: e => BigInt(ones(asUint(width, ~x.value(e))) % 2) }),
      () => ({ it: x.it.sign(), value: e => bool(x.value(e) < 0n) }),
      () => {
        const index = this.low(x, 4);
        const entries = 2 ** index.it.width + (i.k % 3);
        const values = Array.from(
          { length: entries },
          (_, n) => BigInt(((n + 1) * (i.k + 3)) % 101) - BigInt(i.b % 50),
        );
        const table = b.table(`table_${i.k % 7}_${i.b % 3}`, 'Some numbers.', values, index.it);
        return { it: table, value: e => values[Number(index.value(e))]! };
      },
      () => {
        const c = this.bit(y);
        return { it: x.it.gate(c.it), value: e => x.value(e) * c.value(e) };
      },
      () => {
        const [s, t] = [this.bit(x), this.bit(y)];
        const sum = b.instance('adder', halfAdder, { x: s.it, y: t.it });
        return i.k % 2 === 0
          ? { it: sum.sum!, value: e => s.value(e) ^ t.value(e) }
          : { it: b.concat(sum.carry!, sum.sum!), value: e => s.value(e) + t.value(e) };
      },
      () => {
        const s: Scalar = { it: x.it.wrap(6, true), value: e => wrapped(x, 6, true, x.value(e)) };
        const { value } = b.instance('scaler', scaler, { x: s.it });
        return { it: value!, value: e => s.value(e) * 5n };
      },
    ];
    const vectorOperations: (() => Scalar | Lanes)[] = vector
      ? [
          () => ({
            it: vector.it.at(i.k % vector.it.lanes),
            value: e => vector.value(e)[i.k % vector.it.lanes]!,
          }),
          () => ({ it: vector.it.sum(), value: e => vector.value(e).reduce((s, v) => s + v) }),
          () => ({
            it: vector.it.reduce('most', (s, t) => b.mux(s.lt(t), t, s)),
            value: e => vector.value(e).reduce((s, v) => (s < v ? v : s)),
          }),
          () => {
            const lane = vector.it.node.width;
            return vector.it.lanes * lane > WIDEST
              ? { it: vector.it.at(0), value: e => vector.value(e)[0]! }
              : {
                  it: vector.it.pack(),
                  value: e =>
                    vector.value(e).reduceRight((bits, v) => (bits << BigInt(lane)) | asUint(lane, v), 0n),
                };
          },
          () => {
            const start = i.k % vector.it.lanes;
            const count = 1 + (i.c % (vector.it.lanes - start));
            return {
              it: vector.it.slice(start, count),
              value: e => vector.value(e).slice(start, start + count),
            };
          },
          () => this.loop(i, pool, depth, [vector]),
          () => this.loop(i, pool, depth, [vector]),
          () => {
            const other = pool.vectors[i.c % pool.vectors.length]!;
            return this.loop(i, pool, depth, other.it.lanes === vector.it.lanes ? [vector, other] : [vector]);
          },
          () =>
            vector.it.lanes % 2 === 0
              ? {
                  it: b.pairs('pair', vector.it, (even, odd) => even.sub(odd)),
                  value: e => evens(vector.value(e)).map(([s, t]) => s - t),
                }
              : this.loop(i, pool, depth, [vector]),
          () => ({ it: vector.it.any(), value: e => bool(vector.value(e).some(v => v !== 0n)) }),
        ]
      : [];
    const unpack = (): Lanes | Scalar => {
      const lanes = [4, 3, 2, 1].find(n => width % n === 0)!;
      const w = width / lanes;
      const isSigned = i.k % 2 === 0;
      return {
        it: x.it.unpack(lanes, isSigned),
        value: e => Array.from({ length: lanes }, (_, n) => asInt(w, isSigned, x.value(e) >> BigInt(n * w))),
      };
    };
    const operations = [...scalarOperations, unpack, unpack, ...vectorOperations];
    return operations[i.op % operations.length]!();
  }

  /** The same for each lane: one to four instructions, which see the lanes and all that is outside. */
  private loop(i: Instruction, pool: Pool, depth: number, over: readonly Lanes[]): Lanes | Scalar {
    const body = (lanes: readonly Signal[]): Scalar | Lanes => {
      const inside: Scalar[] = lanes.map((it, n) => ({
        it,
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
    const gathered = this.b.lanes(
      `loop_${i.k % 3}`,
      over.map(v => v.it),
      (...lanes) => {
        result = body(lanes);
        return result.it;
      },
    );
    const count = over[0]!.it.lanes;
    const { value } = result!;
    return {
      it: gathered as Vector,
      value: env => Array.from({ length: count }, (_, lane) => value(laneOf(env, depth, lane))).flat(),
    };
  }
}

function isLanes(x: Scalar | Lanes): x is Lanes {
  return 'lanes' in x.it;
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
  return { beats, accepted: beats.map(() => random() % 4 !== 0) };
}

function randomBits(random: () => number, width: number): bigint {
  let bits = 0n;
  for (let n = 0; n < width; n += 24) bits = (bits << 24n) | BigInt(random() & 0xffffff);
  return bits;
}

/** mulberry32 */
function generator(seed: number): () => number {
  let s = seed | 0;
  return () => {
    s = (s + 0x6d2b79f5) | 0;
    let t = Math.imul(s ^ (s >>> 15), 1 | s);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  };
}
