import { describe, expect, test } from 'vitest';
import { type Bit, GATES, type Gate, type GateNetlist, gatesOf } from '../../generators/netlist/gates.ts';
import { NetlistMachine } from '../../generators/netlist/machine.ts';
import { LANES, type Records } from '../../generators/netlist/program.ts';
import { Random } from '../../sim/random.ts';

/** What each gate says of itself in the manual of Yosys, on single bits. */
const MEANING: Readonly<Record<string, (a: number, b: number, s: number) => number>> = {
  $_BUF_: a => a,
  $_NOT_: a => 1 - a,
  $_AND_: (a, b) => a & b,
  $_NAND_: (a, b) => 1 - (a & b),
  $_OR_: (a, b) => a | b,
  $_NOR_: (a, b) => 1 - (a | b),
  $_XOR_: (a, b) => a ^ b,
  $_XNOR_: (a, b) => 1 - (a ^ b),
  $_ANDNOT_: (a, b) => a & (1 - b),
  $_ORNOT_: (a, b) => a | (1 - b),
  $_MUX_: (a, b, s) => (s ? b : a),
  $_NMUX_: (a, b, s) => 1 - (s ? b : a),
};

/** One input `x` and one output `y`, from bit 0 of their records. */
const recordsFor = (netlist: GateNetlist): Records => ({
  inWords: Math.ceil((netlist.inputs.x?.length ?? 0) / 32) + 1,
  outWords: Math.ceil(netlist.outputs.y!.length / 32),
  inputs: { x: 0, clk: 'clock', rst: 'reset', ready: 'one' },
  outputs: { y: 0 },
});

/** The same netlist, one beat after the other, one bit after the other. */
function plainly(netlist: GateNetlist, beats: readonly (readonly number[])[]): number[][] {
  const state = new Map<number, number>(netlist.flipFlops.map(({ q }) => [q, 1]));
  // Flip-flops come up as ones. The reset is a cycle of its own, in which all inputs are 0: these netlists have no port for it.
  const reset = netlist.inputs.x!.map(() => 0);
  const cycles = [reset, ...beats].map(beat => {
    const values = new Map<number, number>(state);
    netlist.inputs.x!.forEach((bit, i) => {
      if (typeof bit === 'number') values.set(bit, beat[i]!);
    });
    const at = (bit: Bit): number => (typeof bit === 'number' ? values.get(bit)! : Number(bit));
    for (const { type, inputs, output } of netlist.gates) {
      const [a, b, s] = inputs.map(at);
      values.set(output, MEANING[type]!(a!, b!, s!));
    }
    for (const { d, q } of netlist.flipFlops) state.set(q, at(d));
    return netlist.outputs.y!.map(at);
  });
  return cycles.slice(1);
}

function pack(beats: readonly (readonly number[])[], words: number): Uint32Array {
  const records = new Uint32Array(beats.length * words);
  beats.forEach((beat, k) => {
    beat.forEach((bit, i) => {
      records[k * words + (i >> 5)]! |= bit << (i & 31);
    });
  });
  return records;
}

/** Gates that read what stands before them, flip-flops that read anything, outputs from everywhere. */
function randomNetlist(random: Random, width: number, gates: number, flipFlops: number): GateNetlist {
  const types = Object.keys(GATES);
  const sources: Bit[] = ['0', '1'];
  let next = 2;
  const x = Array.from({ length: width }, () => next++);
  const q = Array.from({ length: flipFlops }, () => next++);
  sources.push(...x, ...q);
  const pick = (): Bit => sources[random.below(sources.length)]!;
  const made: Gate[] = [];
  for (let i = 0; i < gates; i++) {
    const type = types[random.below(types.length)]!;
    made.push({ type, inputs: GATES[type]!.map(pick), output: next });
    sources.push(next++);
  }
  return {
    inputs: { x },
    outputs: { y: Array.from({ length: 40 }, pick) },
    gates: made,
    flipFlops: q.map(bit => ({ d: pick(), q: bit })),
  };
}

function randomBeats(random: Random, count: number, width: number): number[][] {
  return Array.from({ length: count }, () => Array.from({ length: width }, () => random.next() & 1));
}

describe('a netlist that runs', () => {
  test.each(Object.keys(GATES))('%s does what its name says', type => {
    const netlist: GateNetlist = {
      inputs: { x: [2, 3, 4] },
      outputs: { y: [5] },
      gates: [{ type, inputs: GATES[type]!.map((_, i) => 2 + i), output: 5 }],
      flipFlops: [],
    };
    const beats = Array.from({ length: LANES }, (_, i) => [i & 1, (i >> 1) & 1, (i >> 2) & 1]);
    const machine = new NetlistMachine(netlist, recordsFor(netlist));
    expect([...machine.playSequences(pack(beats, 2), 1, 0)]).toEqual(plainly(netlist, beats).map(([y]) => y));
  });

  // All but the first take more than one function.
  test.each([
    [1, 1, 20, 0],
    [2, 33, 300, 0],
    [3, 70, 400, 25],
    [4, 64, 9000, 40],
  ])('random gates, seed %i: as one after the other', (seed, width, gates, flipFlops) => {
    const random = new Random(seed);
    const netlist = randomNetlist(random, width, gates, flipFlops);
    const records = recordsFor(netlist);
    const machine = new NetlistMachine(netlist, records);
    const beats = 3;
    const sequences = Array.from({ length: LANES }, () => randomBeats(random, beats, width));
    const answers = machine.playSequences(pack(sequences.flat(), records.inWords), beats, 0);
    const expected = pack(
      sequences.flatMap(s => plainly(netlist, s)),
      records.outWords,
    );
    expect(answers).toEqual(expected);

    if (flipFlops === 0) {
      const all = machine.playBeats(pack(sequences.flat(), records.inWords), LANES * beats, 0);
      expect(all).toEqual(expected);
    }

    machine.reset();
    const one = randomBeats(random, 20, width);
    const shown = machine.play(pack(one, records.inWords), 20);
    expect(shown).toEqual(pack(plainly(netlist, one), records.outWords));
  });

  // Records of 1 to 9 words are read and written in pieces of every size, with gaps between the ports and within a byte.
  test.each([1, 2, 3, 4, 5, 6, 7, 8, 9])('ports anywhere in records of %i words', words => {
    const random = new Random(words);
    const inputs: Record<string, number[]> = {};
    const outputs: Record<string, Bit[]> = {};
    const places: { inputs: Record<string, number>; outputs: Record<string, number> } = {
      inputs: {},
      outputs: {},
    };
    const moved: [from: number, to: number][] = [];
    let net = 2;
    for (let bit = 0; ; ) {
      const at = bit + random.below(12) * (1 + random.below(4));
      const width = 1 + random.below(random.below(4) === 0 ? 40 : 10);
      if (at + width > 32 * words) break;
      const name = `p${at}`;
      inputs[name] = Array.from({ length: width }, () => net++);
      // The answer holds the ports in the same places, the bits of each in the other direction.
      outputs[name] = [...inputs[name]].reverse();
      places.inputs[name] = at;
      places.outputs[name] = at;
      for (let i = 0; i < width; i++) moved.push([at + i, at + width - 1 - i]);
      bit = at + width;
    }
    const netlist = { inputs, outputs, gates: [], flipFlops: [] };
    const machine = new NetlistMachine(netlist, { inWords: words, outWords: words, ...places });
    const count = 3 * LANES;
    const given = Uint32Array.from({ length: count * words }, () => random.next());
    const expected = new Uint32Array(given.length);
    for (let k = 0; k < count; k++)
      for (const [from, to] of moved)
        expected[k * words + (to >> 5)]! |=
          ((given[k * words + (from >> 5)]! >>> (from & 31)) & 1) << (to & 31);
    expect(moved.length).toBeGreaterThan(0);
    expect(machine.playBeats(given, count, 0)).toEqual(expected);
    expect(machine.playSequences(given, 3, 0)).toEqual(expected);
    expect(machine.play(given, count)).toEqual(expected);
  });

  test('answers that come later are found behind the end', () => {
    // Two flip-flops in a row: the answer to a beat comes two cycles later.
    const netlist: GateNetlist = {
      inputs: { x: [2] },
      outputs: { y: [4] },
      gates: [],
      flipFlops: [
        { d: 2, q: 3 },
        { d: 3, q: 4 },
      ],
    };
    const bits = Array.from({ length: LANES * 5 }, (_, i) => [(i * 7) % 3 === 0 ? 1 : 0]);
    const machine = new NetlistMachine(netlist, recordsFor(netlist));
    expect([...machine.playSequences(pack(bits, 2), 5, 2)]).toEqual(bits.map(([bit]) => bit));
    expect([...machine.playBeats(pack(bits, 2), LANES * 5, 2)]).toEqual(bits.map(([bit]) => bit));
  });
});

describe('a netlist of Yosys', () => {
  const module = (cells: object, ports: object = {}): string =>
    JSON.stringify({
      modules: { top: { ports: { y: { direction: 'output', bits: [9] }, ...ports }, cells } },
    });
  const cell = (type: string, connections: Record<string, (number | string)[]>): object => ({
    type,
    connections,
  });

  test('is put into order; gates that nothing needs are left out', () => {
    const cells = {
      late: cell('$_NOT_', { A: [8], Y: [9] }),
      early: cell('$_AND_', { A: [2], B: ['x'], Y: [8] }),
      unused: cell('$_NOT_', { A: [2], Y: [7] }),
      kept: cell('$_DFF_P_', { C: [3], D: [8], Q: [4] }),
    };
    const { gates, flipFlops } = gatesOf(module(cells), 'top');
    expect(gates).toEqual([
      { type: '$_AND_', inputs: [2, '0'], output: 8 },
      { type: '$_NOT_', inputs: [8], output: 9 },
    ]);
    expect(flipFlops).toEqual([{ d: 8, q: 4 }]);
  });

  test.each([
    [module({ c: cell('$lut', { A: [2], Y: [9] }) }), "cell 'c' is a $lut, which is no gate"],
    [module({ c: cell('$_NOT_', { A: [9], Y: [9] }) }), 'the netlist has a combinational loop'],
    [module({}), undefined],
    ['{"modules":{}}', "the netlist has no module 'top'"],
  ])('that cannot be run is refused: %#', (json, message) => {
    if (message === undefined) expect(gatesOf(json, 'top').gates).toEqual([]);
    else expect(() => gatesOf(json, 'top')).toThrow(message);
  });
});
