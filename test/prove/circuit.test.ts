import { afterAll, expect, test } from 'vitest';
import { built } from '../built.ts';
import { findSolver, Yosys } from './subject.ts';

const { circuitOf, circuitScript } =
  await built<typeof import('../../generators/prove/circuit.ts')>('generators/prove/circuit');
const { Script } = await built<typeof import('../../generators/prove/smt.ts')>('generators/prove/smt');
const { NoMeaning, Unrolling } =
  await built<typeof import('../../generators/prove/unroll.ts')>('generators/prove/unroll');
const { NetlistMachine } = await built<typeof import('../../generators/netlist/machine.ts')>(
  'generators/netlist/machine',
);
const { LANES } = await built<typeof import('../../generators/netlist/program.ts')>(
  'generators/netlist/program',
);
const { gatesFor } = await built<typeof import('../../sim/netlist.ts')>('sim/netlist');
const { Random } = await built<typeof import('../../sim/random.ts')>('sim/random');

const solver = await findSolver('z3-wasm');
const yosys = new Yosys();
afterAll(() => {
  solver.close();
  return yosys.close();
});

/** Every operation of Verilog that the reader knows, on operands of unlike widths and signs. */
const EXPRESSIONS = [
  'a + b',
  'a - b',
  'a * b',
  '-a',
  '~a',
  'a & b',
  'a | b',
  'a ^ b',
  'a ~^ b',
  '$signed(a) + $signed(b)',
  '$signed(a) * $signed(b)',
  '$signed(a) * b',
  '-$signed(b)',
  '$signed(a) - c',
  'a << b',
  'a >> b',
  '$signed(a) >>> b',
  '$signed(a) >> b',
  '$signed(a) <<< c',
  'b >>> c',
  "8'd200 >> c",
  'a < b',
  'a <= b',
  'a > b',
  'a >= b',
  'a == b',
  'a != b',
  '$signed(a) < $signed(b)',
  '$signed(a) >= $signed(b)',
  '$signed(a) == $signed(b)',
  '&a',
  '|a',
  '^a',
  '~^a',
  '!a',
  'a && b',
  'a || c',
  'c ? a : b',
  '{a, c, b}',
  '{3{b}}',
  'a[5:2]',
  'chosen',
].map((text, i) => ({ text, name: `y${i}` }));

const VERILOG = `module ops (input [6:0] a, input [3:0] b, input [1:0] c, ${EXPRESSIONS.map(e => `output [11:0] ${e.name}`).join(', ')});
  reg [3:0] chosen;
  always @* case (b) 4'd1: chosen = 4'd9; 4'd2, 4'd7: chosen = a[3:0]; 4'd12: chosen = ~b; default: chosen = 4'd3; endcase
  ${EXPRESSIONS.map(e => `assign ${e.name} = ${e.text};`).join('\n  ')}
endmodule
`;

async function circuitOfText(verilog: string, top: string) {
  const { files } = await yosys.run({ script: circuitScript(top), files: { 'design.v': verilog } });
  return circuitOf(files['circuit.json']!, top);
}

test('each operation means what the gates of Yosys mean', async () => {
  const circuit = await circuitOfText(VERILOG, 'ops');
  const widths = { a: 7, b: 4, c: 2 } as const;
  const script = new Script();
  const inputs = Object.fromEntries(
    Object.entries(widths).map(([name, width]) => [name, script.declare(name, width)]),
  );
  const unrolling = new Unrolling(circuit, script, port => inputs[port]);
  const terms = EXPRESSIONS.map(({ name }) =>
    script.defineTerm(`${name}!`, '(_ BitVec 12)', unrolling.output(name, 0).text),
  );

  const records = {
    inWords: 4,
    outWords: EXPRESSIONS.length,
    inputs: { a: 0, b: 32, c: 64 },
    outputs: Object.fromEntries(EXPRESSIONS.map((e, i) => [e.name, 32 * i])),
  };
  const machine = new NetlistMachine(await gatesFor(VERILOG, 'ops'), records);
  const random = new Random(7);
  const beats = Array.from({ length: LANES }, () => [random.below(128), random.below(16), random.below(4)]);
  const packed = Uint32Array.from(beats.flatMap(beat => [...beat, 1]));
  const expected = machine.playSequences(packed, 1, 0);
  for (let i = 0; i < 24; i++) {
    const given = ['a', 'b', 'c'].map(
      (name, k) => `(assert (= ${name} (_ bv${beats[i]![k]} ${widths[name as 'a']})))`,
    );
    const asked = `(set-logic QF_BV)\n${script.text()}${given.join('\n')}\n(check-sat)\n`;
    const { verdict, values } = await solver.solve(asked, `(get-value (${terms.join(' ')}))`, {
      seconds: 20,
    });
    expect(verdict).toBe('sat');
    const differing = EXPRESSIONS.flatMap(({ text }, k) => {
      const gates = expected[i * EXPRESSIONS.length + k];
      return Number(values[k]) === gates ? [] : [`${text} of ${beats[i]}: ${values[k]}, gates ${gates}`];
    });
    expect(differing).toEqual([]);
  }
}, 60_000);

test('what has no meaning is refused, not guessed', async () => {
  const memory = `module mem (input clk, input [3:0] a, output reg [7:0] y);
    reg [7:0] store [0:15];
    always @(posedge clk) begin store[a] <= y; y <= store[a ^ 4'd3]; end
  endmodule`;
  const circuit = await circuitOfText(memory, 'mem');
  const unrolling = new Unrolling(circuit, new Script(), () => undefined);
  expect(() => unrolling.output('y', 1)).toThrow(NoMeaning);
  const division = await circuitOfText(
    'module div (input [3:0] a, input [3:0] b, output [3:0] y); assign y = a / b; endmodule',
    'div',
  );
  expect(() => new Unrolling(division, new Script(), () => undefined).output('y', 0)).toThrow(
    /\$div has no meaning/,
  );
});

test('registers hold anything before the first cycle, and inputs that are not given are free', async () => {
  const text = `module two (input clk, input [3:0] a, output [3:0] y);
    reg [3:0] s1; reg [3:0] s2;
    always @(posedge clk) begin s1 <= a; s2 <= s1; end
    assign y = s2;
  endmodule`;
  const circuit = await circuitOfText(text, 'two');
  const holds = async (cycle: number): Promise<string> => {
    const script = new Script();
    const a = script.declare('a', 4);
    const unrolling = new Unrolling(circuit, script, (port, at) =>
      port === 'a' && at === 0 ? a : undefined,
    );
    const y = unrolling.output('y', cycle);
    const asked = `(set-logic QF_BV)\n${script.text()}(assert (not (= ${y.text} a)))\n(check-sat)\n`;
    return (await solver.solve(asked, '(get-value (a))', { seconds: 20 })).verdict;
  };
  expect(await holds(2)).toBe('unsat');
  for (const cycle of [0, 1, 3]) expect(await holds(cycle)).toBe('sat');
});
