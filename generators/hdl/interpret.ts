import { HdlError } from './diagnostics.ts';
import type { Netlist } from './module.ts';
import { bitLength, type Node, type Submodule } from './node.ts';
import { plan, type Step } from './plan.ts';

/** A value of a port: a number where it fits 53 bits, else a bigint; an array of them for a vector. */
export type Value = number | bigint | readonly (number | bigint)[];

/** A netlist that runs, beat by beat. Stages are not visible here: each beat's outputs belong to that beat. */
export interface Machine {
  /** Back to the state after reset. */
  reset(): void;
  /** One beat. Where `accepted` is false, state stays and the outputs show it. */
  step(inputs: Readonly<Record<string, Value>>, accepted: boolean): Record<string, Value>;
}

const LIMIT = 1n << 53n;

/** Whether a node is computed with plain numbers. All of its values are then exact, as its range shows. */
export function fitsNumber(node: Node): boolean {
  return node.min >= -LIMIT && node.max <= LIMIT && node.width <= 53;
}

const fits31 = (n: Node): boolean => n.min >= -(1n << 31n) && n.max < 1n << 31n;

/**
 * Compiles a netlist to one JavaScript function. It takes the operators from their definition and knows nothing of
 * the emitted Verilog.
 */
export function compile(netlist: Netlist): Machine {
  const compiler = new Compiler(netlist);
  const source = compiler.program();
  const make = new Function('fail', 'tables', 'modules', source) as (
    fail: (index: number, value: number | bigint) => never,
    tables: readonly (readonly (number | bigint)[])[],
    modules: readonly ((...args: (number | bigint)[]) => Record<string, number | bigint>)[],
  ) => Machine;
  return make(
    (index, value) => {
      const node = compiler.claims[index]!;
      const text = `'${node.name ?? node.op}' was claimed to be ${node.min}…${node.max}, but was ${value}`;
      throw new HdlError('HDL-017', text, node.at, 'mend the claim');
    },
    compiler.tables,
    compiler.modules,
  );
}

class Compiler {
  readonly claims: Node[] = [];
  readonly tables: (readonly (number | bigint)[])[] = [];
  readonly modules: ((...args: (number | bigint)[]) => Record<string, number | bigint>)[] = [];
  private readonly known = new Map<Submodule, number>();
  private lines: string[] = [];

  constructor(private readonly netlist: Netlist) {}

  program(): string {
    const { inputs, registers, outputs, nodes } = this.netlist;
    const live = new Set(nodes);
    const state = registers.map(
      (r, i) =>
        [
          r,
          `r${i}`,
          nodes.find(n => (n.op === 'register' || n.op === 'after') && n.register === r)!,
        ] as const,
    );
    const init = state.map(([r, name, q]) => `${name} = ${literal(r.init, fitsNumber(q))};`).join(' ');
    this.lines = [];
    for (const node of inputs)
      if (live.has(node)) this.lines.push(`const ${v(node)} = inputs[${JSON.stringify(node.name)}];`);
    for (const [r, name] of state) {
      for (const q of nodes)
        if (q.op === 'register' && q.register === r) this.lines.push(`const ${v(q)} = ${name};`);
    }
    const combinational = nodes.filter(n => n.op !== 'input' && n.op !== 'register');
    const late = reachable(nodes);
    const again = sharedLanes(late);
    this.steps(plan(combinational.filter(n => !late.has(n))));
    this.lines.push('if (accepted) {');
    for (const [r, name, q] of state) {
      const next = `const n_${name} = ${r.enable ? `${this.number(r.enable)} ? ` : ''}${this.as(r.next!, fitsNumber(q))}${r.enable ? ` : ${name}` : ''};`;
      this.lines.push(next);
    }
    for (const [, name] of state) this.lines.push(`${name} = n_${name};`);
    this.lines.push('}');
    for (const [r, name] of state) {
      for (const q of nodes)
        if (q.op === 'after' && q.register === r) this.lines.push(`const ${v(q)} = ${name};`);
    }
    this.steps(plan(combinational.filter(n => (late.has(n) || again.has(n)) && n.op !== 'after')));
    const result = outputs.map(o => `${JSON.stringify(o.name)}: ${v(o.node)}`).join(', ');
    const variables = state.map(([, name]) => name).join(', ');
    return `"use strict"; ${variables ? `let ${variables};` : ''}
const machine = { reset() { ${init} }, step(inputs, accepted) {
${this.lines.join('\n')}
return { ${result} };
} };
machine.reset();
return machine;`;
  }

  private steps(steps: readonly Step[]): void {
    for (const { node, loop } of steps) {
      if (node) {
        this.lines.push(`const ${v(node)} = ${this.expression(node)};`);
        continue;
      }
      const { region, body, gathers } = loop;
      const i = `i${region.id}`;
      for (const g of gathers) this.lines.push(`const ${v(g)} = new Array(${g.lanes});`);
      this.lines.push(`for (let ${i} = 0; ${i} < ${region.count}; ${i}++) {`);
      this.steps(body);
      for (const g of gathers) {
        const arg = g.args[0]!;
        if (arg.lanes > 0)
          this.lines.push(
            `for (let k = 0; k < ${arg.lanes}; k++) ${v(g)}[${i} * ${arg.lanes} + k] = ${v(arg)}[k];`,
          );
        else this.lines.push(`${v(g)}[${i}] = ${this.as(arg, fitsNumber(g))};`);
      }
      this.lines.push('}');
    }
  }

  private number(node: Node): string {
    return this.as(node, true);
  }

  /** The value of a node as a plain number or as a bigint. */
  private as(node: Node, number: boolean): string {
    if (node.op === 'const') return literal(node.value, number);
    if (fitsNumber(node) === number) return v(node);
    return number ? `Number(${v(node)})` : `BigInt(${v(node)})`;
  }

  private expression(node: Node): string {
    const fast = fitsNumber(node) && node.args.every(fitsNumber);
    const a = (i: number): string => this.as(node.args[i]!, fast);
    const done = (bigintText: string): string => (fitsNumber(node) ? `Number(${bigintText})` : bigintText);
    switch (node.op) {
      case 'const':
        return literal(node.value, fitsNumber(node));
      case 'add':
        return fast ? `${a(0)} + ${a(1)}` : done(`${a(0)} + ${a(1)}`);
      case 'sub':
        return fast ? `${a(0)} - ${a(1)}` : done(`${a(0)} - ${a(1)}`);
      case 'mul':
        return fast ? `${a(0)} * ${a(1)} + 0` : done(`${a(0)} * ${a(1)}`);
      case 'and':
      case 'or':
      case 'xor': {
        const sign = { and: '&', or: '|', xor: '^' }[node.op];
        if (node.args.every(fits31)) return `${a(0)} ${sign} ${a(1)}`;
        return done(`${this.as(node.args[0]!, false)} ${sign} ${this.as(node.args[1]!, false)}`);
      }
      case 'eq':
      case 'lt': {
        const numbers = node.args.every(fitsNumber);
        const [x, y] = node.args.map(n => this.as(n, numbers)) as [string, string];
        return `${x} ${node.op === 'eq' ? '===' : '<'} ${y} ? 1 : 0`;
      }
      case 'shl':
        if (node.within) {
          const x = lowBits(
            node.width,
            `${this.as(node.args[0]!, false)} << ${this.as(node.args[1]!, false)}`,
          );
          const top = node.args[0]!.width + Number(node.args[1]!.max);
          if (fast && top <= 53) return `${a(0)} * 2 ** ${a(1)} % ${2 ** node.width}`;
          return done(x);
        }
        return fast
          ? `${a(0)} * 2 ** ${a(1)}`
          : done(`${this.as(node.args[0]!, false)} << ${this.as(node.args[1]!, false)}`);
      case 'shr':
        if (fast && fits31(node.args[0]!) && node.args[1]!.max < 32n) return `${a(0)} >> ${a(1)}`;
        if (fast) {
          // 2 ** 1024 is infinite; no value has so many bits.
          const by = node.args[1]!.max > 1000n ? `Math.min(${a(1)}, 1000)` : a(1);
          return `Math.floor(${a(0)} / 2 ** ${by})`;
        }
        return done(`${this.as(node.args[0]!, false)} >> ${this.as(node.args[1]!, false)}`);
      case 'not':
        return this.not(node);
      case 'negateIf':
        return fast
          ? `${a(0)} ? 0 - ${a(1)} : ${a(1)}`
          : done(
              `${this.number(node.args[0]!)} ? -${this.as(node.args[1]!, false)} : ${this.as(node.args[1]!, false)}`,
            );
      case 'mux': {
        const number = fitsNumber(node);
        return `${this.number(node.args[0]!)} ? ${this.as(node.args[1]!, number)} : ${this.as(node.args[2]!, number)}`;
      }
      case 'bits':
        return this.bits(node.args[0]!, node.low, node.width, fitsNumber(node));
      case 'wrap': {
        const low = this.bits(node.args[0]!, 0, node.width, fitsNumber(node));
        if (!node.signed) return low;
        if (!fitsNumber(node)) return signedLowBits(node.width, this.as(node.args[0]!, false));
        return `(x => x >= ${2 ** (node.width - 1)} ? x - ${2 ** node.width} : x)(${low})`;
      }
      case 'narrow': {
        const [low, high] = [literal(node.min, fitsNumber(node)), literal(node.max, fitsNumber(node))];
        this.claims.push(node);
        return `(x => x < ${low} || x > ${high} ? fail(${this.claims.length - 1}, x) : x)(${this.as(node.args[0]!, fitsNumber(node))})`;
      }
      case 'concat':
        return this.concat(node);
      case 'any':
        return `${v(node.args[0]!)} == 0 ? 0 : 1`;
      case 'all': {
        const x = node.args[0]!;
        const ones = x.signed ? -1n : (1n << BigInt(x.width)) - 1n;
        return `${v(x)} == ${literal(ones, fitsNumber(x))} ? 1 : 0`;
      }
      case 'parity':
        return `(x => { let p = 0n; for (; x; x >>= 1n) p ^= x & 1n; return Number(p); })(${lowBits(node.args[0]!.width, this.as(node.args[0]!, false))})`;
      case 'table': {
        this.tables.push(node.table.values.map(x => (fitsNumber(node) ? Number(x) : x)));
        return `tables[${this.tables.length - 1}][${this.number(node.args[0]!)}]`;
      }
      case 'instance':
        return this.call(node, node.instance.module);
      case 'lane': {
        const i = `i${node.region!.id}`;
        const from = v(node.args[0]!);
        if (node.lanes > 0)
          return `${from}.slice(${i} * ${node.lanes}, ${i} * ${node.lanes} + ${node.lanes})`;
        return `${from}[${node.stride === 1 ? i : `${node.stride} * ${i}`}${node.offset ? ` + ${node.offset}` : ''}]`;
      }
      case 'element':
        return `${v(node.args[0]!)}[${node.index}]`;
      case 'subvector':
        return `${v(node.args[0]!)}.slice(${node.start}, ${node.start + node.lanes})`;
      case 'pack':
        return this.pack(node);
      case 'unpack':
        return this.unpack(node);
      case 'input':
      case 'register':
      case 'after':
      case 'gather':
        throw new Error(`${node.op} is not computed here`);
    }
  }

  private not(node: Node): string {
    const number = fitsNumber(node);
    const x = this.as(node.args[0]!, number);
    const top = node.signed ? -1n : (1n << BigInt(node.width)) - 1n;
    return `${literal(top, number)} - ${x}`;
  }

  private bits(from: Node, low: number, width: number, number: boolean): string {
    if (from.op === 'const') return literal(BigInt.asUintN(width, from.value >> BigInt(low)), number);
    if (fits31(from) && number && width <= 30)
      return `(${v(from)} >> ${Math.min(low, 31)}) & ${2 ** width - 1}`;
    if (!fitsNumber(from) || !number) {
      const x = lowBits(width, `${this.as(from, false)} >> ${low}n`);
      return number ? `Number(${x})` : x;
    }
    const shifted = low === 0 ? v(from) : `Math.floor(${v(from)} / ${2 ** low})`;
    if (!from.signed) return low + width >= from.width ? shifted : `${shifted} % ${2 ** width}`;
    return `(x => x < 0 ? x + ${2 ** width} : x + 0)(${shifted} % ${2 ** width})`; // -0 + 0 is 0
  }

  private concat(node: Node): string {
    const number = fitsNumber(node);
    let low = node.width;
    const parts = node.args.map(arg => {
      low -= arg.width;
      const bits = arg.signed ? `(${this.bits(arg, 0, arg.width, number)})` : this.as(arg, number);
      if (low === 0) return bits;
      return number ? `${bits} * ${2 ** low}` : `(${bits} << ${low}n)`;
    });
    return parts.join(number ? ' + ' : ' | ');
  }

  private pack(node: Node): string {
    const x = node.args[0]!;
    const big = `${v(x)}.reduceRight((bits, x) => (bits << ${x.width}n) | ${lowBits(x.width, 'BigInt(x)')}, 0n)`;
    return fitsNumber(node) ? `Number(${big})` : big;
  }

  private unpack(node: Node): string {
    const shifted = `${this.as(node.args[0]!, false)} >> BigInt(i * ${node.width})`;
    const x = node.signed ? signedLowBits(node.width, shifted) : lowBits(node.width, shifted);
    return `Array.from({ length: ${node.lanes} }, (_, i) => ${fitsNumber(node) ? `Number(${x})` : x})`;
  }

  private call(node: Node, module: Submodule): string {
    if (node.op !== 'instance') throw new Error('not an instance');
    let index = this.known.get(module);
    if (index === undefined) {
      const { inputs, outputs, nodes } = module;
      const machine = compile({
        inputs,
        outputs: outputs.map(o => ({ ...o, lsb: 0 })),
        registers: [],
        nodes,
      });
      const names = node.instance.inputs;
      this.modules.push((...args) => {
        const values = Object.fromEntries(names.map((name, i) => [name, args[i]!]));
        return machine.step(values, true) as Record<string, number | bigint>;
      });
      index = this.modules.length - 1;
      this.known.set(module, index);
    }
    const args = module.inputs.map((port, i) => this.as(node.args[i]!, fitsNumber(port)));
    return `modules[${index}](${args.join(', ')})[${JSON.stringify(node.output)}]`;
  }
}

/** The nodes that depend on a register's value after the beat. */
function reachable(nodes: readonly Node[]): Set<Node> {
  const late = new Set<Node>();
  for (const node of nodes) if (node.op === 'after' || node.args.some(a => late.has(a))) late.add(node);
  return late;
}

/** Loops that run again behind the clock edge: they need what their lanes computed before it. */
function sharedLanes(late: ReadonlySet<Node>): Set<Node> {
  const again = new Set<Node>();
  const stack = [...late].filter(n => n.region !== null || n.op === 'gather');
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    for (const arg of node.args) {
      if (arg.region === null || late.has(arg) || again.has(arg)) continue;
      again.add(arg);
      stack.push(arg);
    }
  }
  return again;
}

const v = (node: Node): string => `x${node.id}`;

function literal(value: bigint, number: boolean): string {
  if (!number) return value < 0n ? `(${value}n)` : `${value}n`;
  if (bitLength(value < 0n ? -value : value) > 53) throw new Error(`${value} is no exact number`);
  return value < 0n ? `(${value})` : `${value}`;
}

/*
 * Low bits of a bigint expression. By masks, since BigInt.asUintN and asIntN of up to 64 bits crash the optimizing compiler
 * of Node.js 20 where their results meet in a conditional ("RepresentationChangerError … UnsignedBigInt64").
 */
function lowBits(width: number, text: string): string {
  return `((${text}) & ${(1n << BigInt(width)) - 1n}n)`;
}

function signedLowBits(width: number, text: string): string {
  const sign = `${1n << BigInt(width - 1)}n`;
  return `((${lowBits(width, text)} ^ ${sign}) - ${sign})`;
}
