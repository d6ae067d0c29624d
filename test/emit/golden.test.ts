import { describe, expect, test } from 'vitest';
import { addFloat } from '../../generators/blocks/floatAdd.ts';
import { parseFormat } from '../../generators/formats/parse.ts';
import { Builder } from '../../generators/hdl/builder.ts';
import { defineSubmodule, freeze } from '../../generators/hdl/module.ts';
import { schedule } from '../../generators/hdl/schedule.ts';
import type { Signal, Vector } from '../../generators/hdl/signal.ts';
import { trim } from '../../generators/hdl/trim.ts';
import { moduleOf } from './module.ts';
import { inFolder, present, run } from './tools.ts';

/** Small designs as files that a person can read: each shows one side of the emitter. */
const designs: Record<
  string,
  { readonly stages: number; compose(b: Builder): Record<string, Signal | Vector> }
> = {
  /** Operators on signed and unsigned values of different widths. */
  operators: {
    stages: 0,
    compose(b) {
      const [a, c] = [b.input('a', 8, true), b.input('c', 5)];
      const [by, flag] = [b.input('by', 3), b.input('flag', 1)];
      const total = a.add(c).as('total');
      const scaled = total.mul(c.sub(3)).as('scaled');
      const shifted = scaled.shr(by).as('shifted');
      return {
        sum: total,
        product: scaled,
        clipped: b.mux(shifted.gt(100), b.const(100), shifted).wrap(8, true),
        parity: c.not().parity(),
        magnitude: a.negateIf(a.sign().and(flag)),
        joined: b.concat(flag, flag, flag, c, a),
        tests: b.concat(a.lt(c), a.eq(-3), c.all(), a.isZero()),
      };
    },
  },

  /** Loops over lanes: a dot product, pipelined. */
  dot: {
    stages: 2,
    compose(b) {
      const [x, w] = [b.inputVector('x', 6, 4, true), b.inputVector('w', 6, 4, true)];
      const products = b.lanes('product', [x, w] as const, (xi, wi) => xi.mul(wi).as('product')) as Vector;
      const positive = b.lanes('positive', [products] as const, p => p.gt(0)) as Vector;
      return { y: products.as('products').sum().as('total'), positive };
    },
  },

  /** A table, once as a code converter and once within a sum. */
  tables: {
    stages: 0,
    compose(b) {
      const [x, y] = [b.input('x', 3), b.input('y', 3)];
      const values = [0n, 1n, 2n, 3n, 4n, 6n, 8n, 12n];
      const look = (code: Signal): Signal =>
        b.table('e2m1_times_2', 'Twice the magnitude of an E2M1 code.', values, code);
      return { value: look(x).as('value'), sum: look(x).add(look(y)) };
    },
  },

  /** Submodules: two instances of one, one of whose outputs is not needed; and one within another. */
  submodules: {
    stages: 1,
    compose(b) {
      const [x, y] = [b.input('x', 4), b.input('y', 4)];
      const first = b.instance('low', pair, { p: x.bits(1, 0), q: y.bits(1, 0) });
      const second = b.instance('high', pair, { p: x.bits(3, 2), q: y.bits(3, 2) });
      return { most: b.concat(second.most!, first.most!), least: first.least! };
    },
  },

  /** State: a running sum with an enable, pipelined, and its value before and after the beat. */
  accumulator: {
    stages: 2,
    compose(b) {
      const [x, w, clear] = [b.input('x', 8, true), b.input('w', 8, true), b.input('clear', 1)];
      const sum = b.register('sum', { min: -(2n ** 19n), max: 2n ** 19n - 1n });
      const count = b.register('count', { min: 0n, max: 15n });
      const product = x.mul(w).as('product');
      b.scope('acc', 'The running sum, modulo 2^20', () => {
        const base = sum.value.gate(clear.not()).as('base');
        sum.next(base.add(product).wrap(20, true));
      });
      count.next(b.mux(clear, b.const(0), count.value).add(1).wrap(4, false), product.any().or(clear));
      return { sum_after: sum.after, sum_before: sum.value, counted: count.after };
    },
  },

  /** A block of the project as it comes out: an E3M2-like IEEE adder. */
  adder: {
    stages: 1,
    compose(b) {
      const format = parseFormat('e3m2ieee');
      const policy = { round: 'rne', overflow: 'special', subnormals: 'keep' } as const;
      const [x, y] = [b.input('x', format.width), b.input('y', format.width)];
      return { sum: addFloat(b, format.float!, format.canonicalNaN!, policy, x, y) };
    },
  },
};

const compare = defineSubmodule('compare', 'Whether p is less than q.', b => ({
  less: b.input('p', 2).lt(b.input('q', 2)),
}));
const pair = defineSubmodule('sorted_pair', 'Two values in order.', b => {
  const [p, q] = [b.input('p', 2), b.input('q', 2)];
  const { less } = b.instance('order', compare, { p, q });
  return { least: b.mux(less!, p, q), most: b.mux(less!, q, p) };
});

function verilogOf(name: string): string {
  const { stages, compose } = designs[name]!;
  const b = new Builder();
  const module = moduleOf(name, schedule(trim(freeze(b, compose(b))), stages));
  return [module.text, ...module.submodules.map(([, text]) => text)].join('\n');
}

describe.each(Object.keys(designs))('%s', name => {
  test('is as it was', () => expect(verilogOf(name)).toMatchFileSnapshot(`golden/${name}.v`));

  test.skipIf(!present('verilator', '--version'))('passes Verilator with all warnings', () => {
    const said = inFolder({ [`${name}.v`]: verilogOf(name) }, folder =>
      run(folder, 'verilator', [
        '--lint-only',
        '-Wall',
        '-Wno-DECLFILENAME',
        '--top-module',
        name,
        `${name}.v`,
      ]),
    );
    expect(said).toEqual({ status: 0, text: '' });
  });

  test.skipIf(!present('iverilog', '-V'))('passes Icarus as Verilog-2001', () => {
    const said = inFolder({ 'a.v': verilogOf(name) }, folder =>
      run(folder, 'iverilog', ['-g2001', '-Wall', '-tnull', 'a.v']),
    );
    // Icarus misses a timescale wherever there is none; these modules have no delays.
    const text = said.text.split('\n').filter(line => line !== '' && !/timescale/.test(line));
    expect({ ...said, text }).toEqual({ status: 0, text: [] });
  });
});
