import { afterAll, describe, expect, test, vi } from 'vitest';
import { DEFAULT_GOAL, type Design, design, type Parameters } from '../../generators/emit/design.ts';
import { emitModule, moduleView } from '../../generators/emit/module.ts';
import { defineUnit, type Unit } from '../../generators/units/unit.ts';
import { behaviourOf, type NetlistModule } from '../../sim/behaviour.ts';
import { type Emitted, explain, KINDS, sumOf } from '../../sim/explain.ts';
import { explanationText } from '../../sim/explainText.ts';
import { synthesize } from '../../sim/synthesis.ts';
import { loadTarget } from '../../sim/targets.ts';
import { render } from '../../sim/templates.ts';
import { Yosys } from '../../sim/yosys.ts';
import { designOf } from './units.ts';

// Synthesis takes seconds, more on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

const yosys = new Yosys({ workers: 2 });
afterAll(() => yosys.close());

/** Two parts that share nothing: an adder, and in each of four lanes the parity of four bits, which is one LUT. */
const parts = defineUnit<Parameters, { a: number; b: number; c: Float64Array }, object>({
  id: 'parts',
  family: 'example',
  summary: 'For tests.',
  source: 'tests',
  equations: ['y = a + b', 'p[i] = parity(c[i])'],
  state: false,
  ports: () => ({
    in: {
      a: { format: 'uint8', doc: 'a term' },
      b: { format: 'uint8', doc: 'a term' },
      c: { format: 'uint4', lanes: 4, doc: 'bits' },
    },
    out: { y: { format: 'uint9', doc: 'the sum' }, p: { format: 'uint1', lanes: 4, doc: 'the parities' } },
  }),
  golden: () => ({ step: () => ({}) }),
  datapath: (b, x) => ({
    y: b.scope('', 'An adder', () => x.signal('a').add(x.signal('b')).as('total')),
    p: b.scope('', 'A parity', () => b.lanes('odd', [x.vector('c')] as const, v => v.parity().as('odd'))),
  }),
}) as unknown as Unit<Parameters>;

function emitted(made: Design, name: string): Emitted {
  const request = { id: made.unit.id, summary: '', changed: {}, name, spdx: 'CC0-1.0', annotate: false };
  const module = emitModule(made, request);
  return { design: made, module, verilog: render('module.v.hbs', moduleView(made, module, request)) };
}

async function explained(unit: Emitted, id: string) {
  const target = loadTarget(id);
  const source = { files: [{ name: `${unit.module.name}.v`, text: unit.verilog }], top: unit.module.name };
  const synthesis = await synthesize(source, target, { yosys });
  return { synthesis, explanation: await explain(unit, target, synthesis, { yosys }) };
}

describe.each(['ice40', 'xc7', 'generic'])('on %s', id => {
  test('each part gets what is its own', async () => {
    const unit = emitted(design(parts, {}, { ...DEFAULT_GOAL, stages: 1 }), 'parts');
    const { synthesis, explanation } = await explained(unit, id);
    const { blocks, path, matched } = explanation;
    for (const kind of KINDS) expect(sumOf(blocks)[kind], kind).toBe(synthesis[kind]);
    const parity = blocks.filter(b => b.section === 'A parity' && b.luts > 0);
    expect(parity).toMatchObject([{ loop: 'odd', lanes: 4, luts: 4, carries: 0 }]);
    const adder = blocks.filter(b => b.section === 'An adder');
    expect(sumOf(adder)).toMatchObject({ luts: synthesis.luts - 4, carries: synthesis.carries });
    // A LUT of a known family computes a bit of the sum, or passes on its carry.
    if (id !== 'generic') expect(matched).toBe(synthesis.luts);
    // From an input register (or an input) through the adder.
    expect(path[0]?.signal).toMatch(/^[ab](_s1)?\[\d\]$/);
    expect(path[0]?.levels).toBe(0);
    expect(path.at(-1)).toMatchObject({ levels: 0, section: expect.stringMatching(/^(Output|An adder)$/) });
    expect(path.slice(1).every(step => step.section === 'An adder' || step.section === 'Output')).toBe(true);
    if (explanation.pathBy === 'delay') expect(path.at(-1)!.arrivalNs! <= synthesis.logicDelayNs!).toBe(true);
    else expect(path.reduce((sum, s) => sum + s.levels, 0)).toBe(synthesis.levels);
  });

  test('state and handshake', async () => {
    const unit = emitted(designOf('counting', { stages: 1, shell: 'valid' }), 'counted');
    const { synthesis, explanation } = await explained(unit, id);
    for (const kind of KINDS) expect(sumOf(explanation.blocks)[kind], kind).toBe(synthesis[kind]);
    expect(explanation.blocks.some(b => b.section === 'Not attributed')).toBe(false);
    const text = explanationText(id, explanation);
    expect(text).toContain('cells by block');
    expect(text).toMatch(new RegExp(`^ *${synthesis.luts} .*in all$`, 'm'));
  });
});

describe('behaviour', () => {
  const cell = (type: string, pins: Record<string, number[]>) => ({ type, connections: pins });
  const play = (cells: NetlistModule['cells'], luts: NetlistModule['luts'] = []) =>
    behaviourOf(
      {
        ports: { a: { direction: 'input', bits: [2, 3] } },
        netnames: {},
        cells,
        luts,
      },
      {
        words: 4,
        cycles: 4,
        skip: 1,
        input: (_, bit, cycle) =>
          Uint32Array.from([1, 2, 3, 4], n => Math.imul(n + 5 * cycle, bit ? 0x9e3779b1 : 0x85ebca6b)),
      },
    );

  test('a table and the gates that it stands for are alike, an inverse too, another function is not', () => {
    const of = play(
      {
        xor: cell('$_XOR_', { A: [2], B: [3], Y: [4] }),
        xnor: cell('$_XNOR_', { A: [2], B: [3], Y: [5] }),
        and: cell('$_AND_', { A: [2], B: [3], Y: [6] }),
        andnot: cell('$_ANDNOT_', { A: [2], B: [3], Y: [7] }),
      },
      [
        { inputs: [2, 3], output: 8, table: '0110' },
        // The table is 1 at index 1 only: first input one, second zero.
        { inputs: [2, 3], output: 9, table: '0010' },
      ],
    );
    expect(of(4)).toBeDefined();
    expect([of(5), of(8)]).toEqual([of(4), of(4)]);
    expect(of(9)).toBe(of(7));
    expect(new Set([of(4), of(6), of(7)]).size).toBe(3);
  });

  test('a flip-flop is a cycle late; what an unknown cell drives, and what hangs on it, cannot be told', () => {
    const of = play({
      late: cell('$_DFF_P_', { D: [2], Q: [4] }),
      later: cell('$_DFF_P_', { D: [4], Q: [5] }),
      again: cell('$_DFF_P_', { D: [2], Q: [6] }),
      box: { ...cell('BOX', { I: [2], O: [7] }), port_directions: { I: 'input', O: 'output' } },
      behind: cell('$_AND_', { A: [7], B: [2], Y: [8] }),
      still: cell('$_AND_', { A: [2], B: [], Y: [9] }),
    });
    expect(of(6)).toBe(of(4));
    expect(of(4)).not.toBe(of(2));
    expect(of(5)).not.toBe(of(4));
    expect([of(7), of(8), of(9)]).toEqual([undefined, undefined, undefined]);
  });
});
