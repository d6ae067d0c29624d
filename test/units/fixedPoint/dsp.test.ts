import { afterAll, expect, test } from 'vitest';
import type { Parameters } from '../../../generators/emit/design.ts';
import { built } from '../../built.ts';
import { answersOf, type Codes } from '../answers.ts';
import { compose } from '../coSimulate.ts';

const { mappedScript } = await built<typeof import('../../../sim/netlist.ts')>('sim/netlist');
const { cellsOf, count } = await built<typeof import('../../../sim/synthesis.ts')>('sim/synthesis');
const { loadTarget } = await built<typeof import('../../../sim/targets.ts')>('sim/targets');
const { Yosys } = await built<typeof import('../../../sim/yosys.ts')>('sim/yosys');

const xc7 = loadTarget('xc7');
const yosys = new Yosys();
afterAll(() => yosys.close());

/** Lanes of one code each, by what `pick` says of a lane. */
const lanes = (n: number, pick: (i: number) => bigint): bigint[] =>
  Array.from({ length: n }, (_, i) => pick(i));

/** Both ends of the range and what lies between: all lanes alike, and lanes in turn. */
function beatsOf(width: number, a: number, b: number): Codes[] {
  const [least, most, minusOne] = [
    1n << BigInt(width - 1),
    (1n << BigInt(width - 1)) - 1n,
    (1n << BigInt(width)) - 1n,
  ];
  const ends = [least, most];
  const alike = ends.flatMap(x => ends.map(y => ({ a: lanes(a, () => x), b: lanes(b, () => y) })));
  const inTurn = [1, 2, 3, 16].map(run => ({
    a: lanes(a, i => (Math.floor(i / run) % 2 === 0 ? least : most)),
    b: lanes(b, i => (Math.floor(i / 2) % 3 === 0 ? most : least)),
  }));
  const mixed = [1, 2, 3, 4].map(seed => ({
    a: lanes(a, i => [least, most, minusOne, 1n][(i * i * seed + i) % 4]!),
    b: lanes(b, i => [minusOne, least, most, least][(i * seed + (i >> 2)) % 4]!),
  }));
  return [...alike, ...inTurn, ...mixed];
}

const packed = (codes: bigint | readonly bigint[], width: number): bigint =>
  (typeof codes === 'bigint' ? [codes] : codes).reduce(
    (bits, code, i) => bits | (code << BigInt(i * width)),
    0n,
  );

interface Mapped {
  readonly unit: string;
  readonly params: Parameters;
  /** Lanes of the second operand, and bits of each lane. */
  readonly b: number;
  readonly width: number;
  readonly dsps: number;
  readonly luts: number;
}

// The netlist that Yosys maps, with its own models of the cells, answers as the golden model does; and what it takes.
test.each<Mapped>([
  { unit: 'fx-dot', params: { a: 'int8', b: 'int8', lanes: 32 }, b: 32, width: 8, dsps: 32, luts: 0 },
  { unit: 'fx-dot', params: { a: 'int4', b: 'int4', lanes: 32 }, b: 32, width: 4, dsps: 16, luts: 80 },
  { unit: 'fx-matvec', params: { rows: 2, lanes: 32 }, b: 64, width: 8, dsps: 32, luts: 140 },
])('$unit $params: $dsps DSP blocks and $luts LUTs at most', async ({
  unit,
  params,
  b,
  width,
  dsps,
  luts,
}) => {
  const goal = { stages: 0, shell: 'bare', multipliers: 'dsp', target: 'xc7' } as const;
  const { design, module, verilog } = await compose(
    { unit, params, goal, title: unit, vectors: undefined },
    0,
  );
  const beats = beatsOf(width, 32, b);

  const lines = mappedScript(module, xc7, 'dsp').split('\n');
  const [mapped, whole] = [lines.findIndex(l => l.startsWith('delete ')), lines.indexOf('flatten -wb') + 1];
  const script = [
    ...lines.slice(0, mapped),
    'tee -q -o cells stat -json',
    ...lines.slice(mapped, whole),
    'opt_clean',
    ...beats.map((beat, i) => {
      const sets = design.inputs.map(
        p => `-set ${p.name} ${p.width}'h${packed(beat[p.name]!, p.format.width).toString(16)}`,
      );
      return `tee -q -o answer${i} eval ${sets.join(' ')} -show y`;
    }),
  ].join('\n');
  const { files } = await yosys.run({ script, files: { 'design.v': verilog } });

  const cells = cellsOf(files.cells!, module);
  expect(count(cells, xc7.count.dsps)).toBe(dsps);
  expect(count(cells, xc7.count.luts)).toBeLessThanOrEqual(luts);
  const want = answersOf(design, beats).map(({ y }) => packed(y!, design.outputs[0]!.format.width));
  const got = beats.map((_, i) => BigInt(`0b${/= \d+'([01]+)\./.exec(files[`answer${i}`]!)![1]}`));
  expect(got).toEqual(want);
});
