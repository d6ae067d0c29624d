import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sumInBlocks, sumsOfTwoRows } from '../../generators/blocks/dsp.ts';
import { parseFormat } from '../../generators/formats/parse.ts';
import { Builder } from '../../generators/hdl/builder.ts';
import { type DspBlock, GENERIC } from '../../generators/hdl/fabric.ts';
import { compile } from '../../generators/hdl/interpret.ts';
import { freeze } from '../../generators/hdl/module.ts';
import type { Signal, Vector } from '../../generators/hdl/signal.ts';

const DSP48E1: DspBlock = { factors: [25, 18], sum: 48, leastProduct: 9 };
/** A made-up block: so small that all inputs of what just fits into it can be tried. */
const block = (wide: number, narrow: number): DspBlock => ({
  factors: [wide, narrow],
  sum: 48,
  leastProduct: 1,
});

type Ports = Readonly<Record<string, string>>;
type Lanes = Readonly<Record<string, readonly number[]>>;

/** What `compose` builds of vectors for a family with this block, ready to run, and how many products are in it. */
function built(
  dsp: DspBlock | undefined,
  lanes: number,
  ports: Ports,
  compose: (b: Builder, vectors: readonly Vector[]) => readonly Signal[] | undefined,
  multipliers: 'auto' | 'dsp' | 'logic' = 'dsp',
  stages = 0,
): { run: (inputs: Lanes) => number[]; products: number } | undefined {
  const b = new Builder({ ...GENERIC, target: 'xc7', ...(dsp ? { dsp } : {}) }, multipliers, stages);
  const vectors = Object.entries(ports).map(([name, id]) => {
    const { width, signed } = parseFormat(id);
    return b.inputVector(name, lanes, width, signed);
  });
  const results = compose(b, vectors);
  if (!results) return undefined;
  const netlist = freeze(b, Object.fromEntries(results.map((y, i) => [`y${i}`, y])));
  const machine = compile(netlist);
  const products = netlist.nodes
    .filter(n => n.op === 'mul')
    .reduce((count, n) => count + (n.region?.count ?? 1), 0);
  return {
    run: inputs => {
      const answers = machine.step(inputs, true);
      return results.map((_, i) => Number(answers[`y${i}`]));
    },
    products,
  };
}

const sum = (
  x: string,
  y: string,
  lanes: number,
  dsp?: DspBlock,
  multipliers?: 'auto' | 'dsp' | 'logic',
  stages?: number,
) =>
  built(
    dsp,
    lanes,
    { x, y },
    (b, [p, q]) => {
      const made = sumInBlocks(b, p!, q!);
      return made && [made];
    },
    multipliers,
    stages,
  );

const twoRows = (row: string, shared: string, lanes: number, dsp: DspBlock) =>
  built(dsp, lanes, { low: row, high: row, shared }, (b, [low, high, x]) =>
    sumsOfTwoRows(b, low!, high!, x!),
  );

const dot = (x: readonly number[], y: readonly number[]): number => x.reduce((s, v, i) => s + v * y[i]!, 0);

const endsOf = (id: string): [number, number] => {
  const { width, signed } = parseFormat(id);
  return signed ? [-(2 ** (width - 1)), 2 ** (width - 1) - 1] : [0, 2 ** width - 1];
};
const valuesOf = (f: string): number[] => {
  const [min, max] = endsOf(f);
  return Array.from({ length: max - min + 1 }, (_, i) => min + i);
};

/** Every combination of values of so many lanes. */
function everyVector(f: string, lanes: number): number[][] {
  let all: number[][] = [[]];
  for (let i = 0; i < lanes; i++) all = all.flatMap(v => valuesOf(f).map(x => [...v, x]));
  return all;
}

/** Vectors of ends of the range and what is next to them, each lane at random, or all alike. */
function extremes(f: string, lanes: number): fc.Arbitrary<number[]> {
  const [min, max] = endsOf(f);
  const code = fc.constantFrom(
    ...new Set([min, max, Math.min(min + 1, max), 0, Math.min(1, max), ...(min < 0 ? [-1] : [])]),
  );
  const any = fc.array(code, { minLength: lanes, maxLength: lanes });
  return fc.oneof(
    any,
    code.map(x => new Array<number>(lanes).fill(x)),
    // One value up to a lane, another from there on: sums that go up as far as they can, then down.
    fc
      .tuple(code, code, fc.nat(lanes))
      .map(([p, q, at]) => Array.from({ length: lanes }, (_, i) => (i < at ? p : q))),
  );
}

describe('a sum in one chain', () => {
  test.each([
    ['int8', 'int8', 32, 32],
    ['uint8', 'int8', 24, 24],
    ['uint9', 'uint8', 21, 21],
    ['int18', 'int25', 3, 3],
    // Two products in a block, signed or not; the odd lane has a product of its own.
    ['int4', 'int4', 32, 16],
    ['int4', 'int4', 64, 32],
    ['int4', 'int4', 7, 4],
    ['uint4', 'uint4', 32, 16],
    ['int4', 'uint4', 33, 17],
    ['int5', 'int3', 40, 20],
    ['int5', 'int4', 32, 16],
    ['int2', 'uint7', 30, 15],
    ['int1', 'uint1', 5, 3],
    ['int3', 'int3', 2, 1],
    // Fields would hold the sum of a single block only.
    ['int6', 'int5', 32, 32],
  ])('%s times %s, %i lanes: %i products', (x, y, lanes, products) => {
    const made = sum(x, y, lanes, DSP48E1)!;
    expect(made.products).toBe(products);
    fc.assert(
      fc.property(extremes(x, lanes), extremes(y, lanes), (a, b) => {
        expect(made.run({ x: a, y: b })).toEqual([dot(a, b)]);
      }),
      { seed: 1, numRuns: 1500 },
    );
  });

  test.each([
    ['int2', 'int2', 4, block(9, 9), 2],
    ['int2', 'int2', 4, block(8, 8), 4],
    ['uint2', 'uint2', 4, block(10, 9), 2],
    ['uint2', 'int2', 4, block(9, 9), 2],
    ['int2', 'uint2', 4, block(10, 9), 2],
    ['int3', 'int2', 3, block(11, 10), 2],
  ])('all inputs: %s times %s, %i lanes, %o', (x, y, lanes, dsp, products) => {
    const made = sum(x, y, lanes, dsp)!;
    expect(made.products).toBe(products);
    for (const a of everyVector(x, lanes))
      for (const b of everyVector(y, lanes)) {
        const [got] = made.run({ x: a, y: b });
        if (got !== dot(a, b)) expect.fail(`${a} · ${b} is ${dot(a, b)}, not ${got}`);
      }
  });

  test('is built where the user and the family want it, and the factors fit', () => {
    expect(sum('int8', 'int8', 4, DSP48E1, 'auto')?.products).toBe(4);
    expect(sum('int4', 'int4', 4, DSP48E1, 'auto')?.products).toBe(2);
    expect(sum('int2', 'int2', 4, DSP48E1, 'auto')).toBeUndefined();
    expect(sum('int8', 'int8', 4, DSP48E1, 'logic')).toBeUndefined();
    expect(sum('int8', 'int8', 4, undefined)).toBeUndefined();
    expect(sum('int19', 'int19', 4, DSP48E1)).toBeUndefined();
    expect(sum('int26', 'int8', 4, DSP48E1)).toBeUndefined();
    expect(sum('int8', 'int8', 1, DSP48E1)).toBeUndefined();
    // Cut by one register it stays a chain; by more, only pairs do.
    expect(sum('int8', 'int8', 4, DSP48E1, 'dsp', 1)?.products).toBe(4);
    expect(sum('int8', 'int8', 4, DSP48E1, 'dsp', 2)).toBeUndefined();
    expect(sum('int4', 'int4', 4, DSP48E1, 'dsp', 2)?.products).toBe(2);
    expect(sum('int25', 'int18', 65, DSP48E1)).toBeUndefined();
    expect(sum('int25', 'int1', 4, DSP48E1)).toBeUndefined();
  });
});

describe('two rows in one chain', () => {
  test.each([
    ['int8', 'int8', 32],
    ['int8', 'uint8', 32],
    ['uint8', 'uint8', 31],
    ['uint8', 'int8', 9],
    ['int7', 'int8', 40],
    ['int8', 'int8', 1],
    ['int6', 'int6', 3],
  ])('%s times %s, %i lanes', (row, shared, lanes) => {
    const made = twoRows(row, shared, lanes, DSP48E1)!;
    expect(made.products).toBe(lanes);
    const vectors = [extremes(row, lanes), extremes(row, lanes), extremes(shared, lanes)] as const;
    fc.assert(
      fc.property(...vectors, (low, high, x) => {
        expect(made.run({ low, high, shared: x })).toEqual([dot(low, x), dot(high, x)]);
      }),
      { seed: 2, numRuns: 3000 },
    );
  });

  // Fields of as few bits as there can be: the low one goes over its ends all the time.
  test.each([
    ['int2', 'int2', 3, block(6, 2)],
    ['int2', 'int2', 3, block(7, 2)],
    ['uint2', 'uint2', 3, block(7, 3)],
    ['int2', 'uint2', 3, block(7, 3)],
    ['uint2', 'int2', 3, block(7, 2)],
  ])('all inputs: %s times %s, %i lanes, %o', (row, shared, lanes, dsp) => {
    const made = twoRows(row, shared, lanes, dsp)!;
    expect(made.products).toBe(lanes);
    for (const low of everyVector(row, lanes))
      for (const high of everyVector(row, lanes))
        for (const x of everyVector(shared, lanes)) {
          const [l, h] = made.run({ low, high, shared: x });
          if (l !== dot(low, x) || h !== dot(high, x))
            expect.fail(`(${low}; ${high}) · ${x} is ${dot(low, x)}, ${dot(high, x)}, not ${l}, ${h}`);
        }
  });

  test('is not built where each row puts two products into a block, or a field holds no product', () => {
    expect(twoRows('int4', 'int4', 32, DSP48E1)).toBeUndefined();
    expect(twoRows('int9', 'int9', 32, DSP48E1)).toBeUndefined();
    expect(twoRows('int8', 'int10', 32, DSP48E1)).toBeUndefined();
  });
});
