import { afterAll, expect, test } from 'vitest';
import type { Design, Parameters } from '../../../generators/emit/design.ts';
import type { Node } from '../../../generators/hdl/node.ts';
import { cellsOf, count } from '../../../sim/synthesis.ts';
import { loadTarget, type Target } from '../../../sim/targets.ts';
import { Yosys } from '../../../sim/yosys.ts';
import { built } from '../../built.ts';
import { designOf } from '../answers.ts';
import { compose } from '../coSimulate.ts';

const { findUnit, loadRegistry } = await built<typeof import('../../../generators/reflect/catalogue.ts')>(
  'generators/reflect/catalogue',
);

/** Units that scale the sum of each plane, which takes one multiplication a plane: whatever the number of lanes. */
const SCALED: Readonly<Record<string, number>> = {
  'tritplane-dot': 2,
  'tritplane-mac': 2,
  'dualbin-dot': 2,
  'dualbin-mac': 2,
  'signplane-dot': 2,
  'signplane-mac': 2,
};

const LANES = 3;
const units = loadRegistry()
  .filter(e => e.family === 'multiplier-free')
  .map((e): { id: string; params: Parameters } => ({
    id: e.id,
    params: e.params.some(p => p.name === 'lanes') ? { lanes: LANES } : {},
  }));

const products = (nodes: readonly Node[]): number =>
  nodes.reduce(
    (n, node) =>
      n + (node.op === 'mul' ? 1 : node.op === 'instance' ? products(node.instance.module.nodes) : 0),
    0,
  );

test('the family is there', () => {
  expect(units.length).toBeGreaterThanOrEqual(22);
  for (const id of Object.keys(SCALED)) expect(units.map(u => u.id)).toContain(id);
});

test.each(units)('$id multiplies nothing but the sum of a plane by its scale', async ({ id, params }) => {
  expect(products((await designOf(id, params)).netlist.nodes)).toBe(SCALED[id] ?? 0);
  if (findUnit(id)?.entry.params.some(p => p.name === 'lanes'))
    expect(products((await designOf(id, { lanes: 32 })).netlist.nodes)).toBe(SCALED[id] ?? 0);
});

/** All of some designs in one module, each with ports of its own. */
function together(models: readonly { design: Design; module: string; verilog: string }[]): string {
  const ports: string[] = [];
  const uses = models.map(({ design, module }) => {
    const names = design.unit.state ? ['clk', 'rst', 'en'] : [];
    const wires = names.map(name => ({ name, text: `input wire ${module}_${name}` }));
    for (const { name, direction, width } of [...design.inputs, ...design.outputs])
      wires.push({ name, text: `${direction} wire [${width - 1}:0] ${module}_${name}` });
    ports.push(...wires.map(w => w.text));
    return `${module} u_${module} (${wires.map(w => `.${w.name}(${module}_${w.name})`).join(', ')});`;
  });
  const top = `module together (\n${ports.join(',\n')}\n);\n${uses.join('\n')}\nendmodule\n`;
  return [...models.map(m => m.verilog), top].join('\n');
}

const yosys = new Yosys({ workers: 1 });
afterAll(() => yosys.close());

/** DSP blocks that a module takes, where it may: they are chosen in the first steps, up to the one named by `until`. */
async function dspsOf(text: string, target: Target, until: string): Promise<number> {
  const flow = [...target.synthesis.prepare, ...target.synthesis.map][0]!
    .replace('{flags}', target.synthesis.modes.auto.flags)
    .replace('{top}', 'together')
    .replace(/ -run .*/, '');
  const script = `read_verilog together.v\n${flow} -run begin:${until}\ntee -q -o stat.json stat -json\n`;
  const { files } = await yosys.run({ script, files: { 'together.v': text } });
  return count(cellsOf(files['stat.json']!, 'together'), target.count.dsps);
}

test.each([
  ['xc7', 'coarse'],
  ['ecp5', 'map_ram'],
])(
  'on %s they take no DSP block, though blocks may be taken',
  async (id, until) => {
    const modelOf = ({ id: unit, params }: (typeof units)[number], index: number) => {
      const goal = { stages: 0, shell: 'bare', multipliers: 'auto' } as const;
      return compose({ unit, params, goal, vectors: undefined, title: unit }, index);
    };
    const dsps = async (chosen: typeof units): Promise<number> =>
      dspsOf(together(await Promise.all(chosen.map(modelOf))), loadTarget(id), until);
    expect(await dsps(units.filter(u => !(u.id in SCALED)))).toBe(0);
    // The scales of 16 bits are products that do take some.
    expect(await dsps(units.filter(u => u.id === 'tritplane-dot'))).toBeGreaterThan(0);
  },
  240_000,
);
