import { describe, expect, test } from 'vitest';
import { literal } from '../../generators/emit/expressions.ts';
import { Identifiers } from '../../generators/emit/identifiers.ts';
import { emitBody } from '../../generators/emit/verilog.ts';
import { Builder } from '../../generators/hdl/builder.ts';
import { defineSubmodule, freeze } from '../../generators/hdl/module.ts';
import { schedule } from '../../generators/hdl/schedule.ts';
import type { Signal, Vector } from '../../generators/hdl/signal.ts';
import { trim } from '../../generators/hdl/trim.ts';
import { moduleOf, type TestModule } from './module.ts';
import { inFolder, present, run } from './tools.ts';

type Compose = (b: Builder) => Record<string, Signal | Vector>;

function emitted(compose: Compose, stages = 0, wider = 0): TestModule {
  const b = new Builder();
  return moduleOf('dut', schedule(trim(freeze(b, compose(b))), stages), wider);
}

/** What stands between the port list and `endmodule`, without blank lines and indentation. */
function lines(compose: Compose, stages = 0, wider = 0): string[] {
  const { text } = emitted(compose, stages, wider);
  return text
    .slice(text.indexOf(');\n') + 3, text.indexOf('endmodule\n'))
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '');
}

/** The expression that the output `y` gets. */
function expression(make: (x: Signal, y: Signal, b: Builder) => Signal): string {
  const all = lines(b => ({ out: make(b.input('x', 4), b.input('s', 4, true), b) }));
  return all.map(line => line.replace(/^assign out = (.*);$/, '$1')).join(' / ');
}

/** The last bit of a mask that has it clear: only when values are trimmed does it become a constant. */
const lateZero = (x: Signal): Signal => x.and(6).bit(0);

test.each([
  ['any: joined with a one', (x: Signal, b: Builder) => b.concat(x, lateZero(x).not()).any(), "1'b1"],
  ['any: joined with a zero', (x: Signal, b: Builder) => b.concat(x, lateZero(x)).any(), "|{x, 1'b0}"],
  ['all: joined with a zero', (x: Signal, b: Builder) => b.concat(x, lateZero(x)).all(), "1'b0"],
  ['all: joined with a one', (x: Signal, b: Builder) => b.concat(x, lateZero(x).not()).all(), "&{x, 1'b1}"],
  ['a mask of ones', (x: Signal) => x.eq(3).and(lateZero(x).not()), "wire equal = x == 4'd3; / equal"],
  ['a mask without a common bit', (x: Signal) => x.and(16), "1'b0"],
])('constants that come late: %s', (_, make, expected) => {
  expect(expression((x, _s, b) => make(x, b))).toBe(expected);
});

test('literals have a size, and read as numbers or as bits', () => {
  const shown = [
    [0n, 1],
    [1n, 1],
    [-1n, 1],
    [5n, 3],
    [-3n, 8],
    [9999n, 20],
    [10000n, 20],
    [-1n, 64],
    [2n ** 63n, 64],
    [-(2n ** 40n), 41],
  ] as const;
  expect(shown.map(([value, width]) => literal(value, width))).toEqual([
    "1'b0",
    "1'b1",
    "1'b1",
    "3'd5",
    "-8'd3",
    "20'd9999",
    "20'h02710",
    "-64'd1",
    "64'h8000000000000000",
    "41'h10000000000",
  ]);
});

describe('expressions', () => {
  test.each<[string, (x: Signal, s: Signal, b: Builder) => Signal, string]>([
    ['operands are extended to the result', (x, s) => x.add(s), "{2'd0, x} + {{2{s[3]}}, s}"],
    [
      'a constant is subtracted, not added',
      (x, s) => s.add(-3).add(x),
      "wire signed [4:0] sum = {s[3], s} - 5'd3; / {sum[4], sum} + {2'd0, x}",
    ],
    ['negative', x => x.neg(), "-{1'b0, x}"],
    ['a unary operator takes no other one', x => x.not().any(), '|(~x)'],
    ['nor is one operator', x => x.isZero(), '~|x'],
    ['inverted comparison', (x, s) => x.ge(s), "$signed({1'b0, x}) >= $signed({s[3], s})"],
    ['constants stand on the right', x => x.gt(9), "x > 4'd9"],
    [
      'joined bits that are read with a sign have it from the start',
      (x, s, b) => b.concat(s, x.bit(0)).wrap(5, true).add(x),
      "wire signed [4:0] joined = {s, x[0]}; / {joined[4], joined} + {2'd0, x}",
    ],
    ['signed comparison', (x, s) => s.lt(x), "$signed({s[3], s}) < $signed({1'b0, x})"],
    ['a small comparison with a negative constant has no sign', (_, s) => s.lt(-3), "(s ^ 4'd8) < 4'd5"],
    ['inverted, with the constant first', (_, s) => s.gt(-3).not(), "(s ^ 4'd8) <= 4'd5"],
    [
      'mixed operators have parentheses',
      (x, _, b) => x.eq(3).and(b.mux(x.bit(0), x.bit(1), x.bit(2))),
      "(x == 4'd3) & (x[0] ? x[1] : x[2])",
    ],
    [
      'equal associative operators have none',
      x => x.eq(1).or(x.eq(2)).or(x.eq(3)),
      "(x == 4'd1) | (x == 4'd2) | (x == 4'd3)",
    ],
    ['repeated bits', (x, _, b) => b.concat(x.bit(3), x.bit(3), x.bit(3), x), '{{3{x[3]}}, x}'],
    ['a constant shift appends zeros', x => x.shl(3), "{x, 3'd0}"],
    ['a constant shift right is a slice', (_, s) => s.shr(2), 's[3:2]'],
    ['a slice of a slice', x => x.bits(3, 1).bits(1, 0), 'x[2:1]'],
    [
      'an arithmetic shift stands alone',
      (x, s) => s.shr(x.bits(1, 0)).add(x),
      "wire signed [3:0] shifted = $signed(s) >>> x[1:0]; / {{2{shifted[3]}}, shifted} + {2'd0, x}",
    ],
    [
      'an arithmetic shift never meets an unsigned operand, which would make it a logical one',
      (x, s, b) => b.mux(x.bit(3), s.shr(x.bits(1, 0)), x.bits(2, 0)),
      "wire signed [3:0] shifted = $signed(s) >>> x[1:0]; / x[3] ? shifted : {1'b0, x[2:0]}",
    ],
    [
      'operands of a product are named, since inside of it they would be computed at its width',
      x => x.not().mul(x.add(1)),
      "wire [3:0] inverted = ~x; / wire [4:0] sum = {1'b0, x} + 5'd1; / wire [7:0] product = inverted * sum; / product",
    ],
    [
      'a product of mixed signs',
      (x, s) => x.mul(s),
      "wire signed [7:0] product = $signed({1'b0, x}) * $signed(s); / product",
    ],
    [
      'all bits of signed factors are no signed product',
      (_, s) => s.neg().bits(4, 0).mul(s.neg().bits(4, 0)),
      'wire signed [4:0] difference = -{s[3], s}; / wire [9:0] product = $unsigned(difference) * $unsigned(difference); / product',
    ],
    [
      'all bits of signed numbers are compared without a sign',
      (x, s) => s.neg().bits(4, 0).lt(x.neg().bits(4, 0)),
      "wire signed [4:0] difference = -{s[3], s}; / wire signed [4:0] difference_1 = -{1'b0, x}; / $unsigned(difference) < $unsigned(difference_1)",
    ],
    [
      'a conditional negation in front of a multiplier has signed terms, as synthesizers move it into the block',
      (x, s) => s.negateIf(x.bit(0)).mul(x),
      "wire signed [4:0] signed_value = $signed({5{x[0]}} ^ {s[3], s}) + $signed({4'd0, x[0]}); / wire signed [7:0] product = $signed(signed_value) * $signed({1'b0, x}); / product",
    ],
    [
      'a sum in front of a multiplier has them under another name too',
      (x, s) => {
        const total = s.add(x).as('total');
        return total.narrow(-8, 20).mul(x).add(total);
      },
      "wire signed [5:0] total = $signed({{2{s[3]}}, s}) + $signed({2'd0, x}); / wire signed [9:0] product = $signed(total) * $signed({1'b0, x}); / product + {{4{total[5]}}, total}",
    ],
    [
      'without a sign it is a choice, as the block would keep its carry',
      (x, s) => s.negateIf(x.bit(0)).narrow(0, 7).mul(x),
      'wire [2:0] signed_value = x[0] ? -s[2:0] : s[2:0]; / wire [6:0] product = signed_value * x; / product',
    ],
    [
      'a trimmed product needs low bits only',
      (x, s) => x.mul(s).wrap(3, false),
      'wire [2:0] product = x[2:0] * s[2:0]; / product',
    ],
    [
      'a condition that is used twice has a name',
      (x, s) => s.negateIf(x.eq(3)),
      "wire equal = x == 4'd3; / ({5{equal}} ^ {s[3], s}) + {4'd0, equal}",
    ],
    ['wrapped', (x, s) => x.sub(s).wrap(4, true), 'x - s'],
    ['zero extended to a wider operand', (x, s) => x.add(s.shl(4)), "{4'd0, x} + {s, 4'd0}"],
    [
      'an inverted condition swaps the choice',
      (x, s, b) => b.mux(x.eq(3).not(), x, s),
      "(x == 4'd3) ? {s[3], s} : {1'b0, x}",
    ],
  ])('%s', (_, make, text) => {
    expect(expression(make)).toBe(text);
  });
});

test('outputs wider than their value are extended by its sign', () => {
  expect(lines(b => ({ s: b.input('a', 4, true).add(0), u: b.input('c', 4).shr(1) }), 0, 3)).toEqual([
    'wire [2:0] shifted = c[3:1];',
    'assign s = {{3{a[3]}}, a};',
    "assign u = {3'd0, shifted};",
  ]);
});

test('lanes wider than their value are extended one by one', () => {
  expect(lines(b => ({ y: b.widen(b.inputVector('v', 2, 3, true), 5) }))).toMatchInlineSnapshot(`
    [
      "genvar i;",
      "wire [9:0] lanes;",
      "generate",
      "for (i = 0; i < 2; i = i + 1) begin : widen_lanes",
      "wire signed [2:0] v_lane = v[3 * i +: 3];",
      "assign lanes[5 * i +: 5] = {{2{v_lane[2]}}, v_lane};",
      "end",
      "endgenerate",
      "assign y = lanes;",
    ]
  `);
});

describe('names', () => {
  test('a name is given once; a taken or reserved one gets a number', () => {
    const names = new Identifiers();
    expect(['x', 'x', 'x', 'wire', 'x_1', '2nd'].map(wish => names.unique(wish))).toEqual([
      'x',
      'x_1',
      'x_2',
      'wire_1',
      'x_1_1',
      'n_2nd',
    ]);
  });

  test('ports keep their names; a signal makes way', () => {
    expect(lines(b => ({ y: b.input('total', 4).add(1).as('y').mul(3).as('total') }))).toMatchInlineSnapshot(`
      [
        "wire [4:0] y_1 = {1'b0, total} + 5'd1;",
        "wire [5:0] total_1 = y_1 * 2'd3;",
        "assign y = total_1;",
      ]
    `);
  });

  test('a port that Verilog cannot have is refused', () => {
    expect(() => emitted(b => ({ output: b.input('x', 2) }))).toThrowErrorMatchingInlineSnapshot(
      `[HdlError: HDL-013 port name 'output' is a reserved word | hint: rename the port]`,
    );
    expect(() => emitted(b => ({ x: b.input('x', 2) }))).toThrowErrorMatchingInlineSnapshot(
      `[HdlError: HDL-013 port name 'x' is taken | hint: rename the port]`,
    );
    expect(() => emitted(b => ({ y: b.input('clk', 2).add(1) }), 1)).toThrowErrorMatchingInlineSnapshot(
      `[HdlError: HDL-013 port name 'clk' is taken | hint: rename the port]`,
    );
  });

  test('a signal that looks like a pipeline copy of another one is told apart', () => {
    const all = lines(b => {
      const [x, w] = [b.input('x', 8), b.input('w', 8)];
      const p = x.mul(w).as('p');
      const other = x.add(w).as('p_s1');
      return { y: p.mul(other) };
    }, 1);
    const declared = all.flatMap(
      line => /^(?:wire|reg) (?:signed )?(?:\[.*?\] )?(\w+)/.exec(line)?.[1] ?? [],
    );
    expect(declared).toContain('p_s1');
    expect(new Set(declared).size).toBe(declared.length);
  });

  test('two tables of one name are two modules', () => {
    const { text, submodules } = emitted(b => {
      const x = b.input('x', 1);
      return { y: b.table('code', 'One.', [3n, 1n], x).add(b.table('code', 'Other.', [2n, 5n], x)) };
    });
    const names = submodules.map(([name]) => name);
    expect(new Set(names).size).toBe(2);
    for (const name of names) expect(text).toMatch(new RegExp(`\\b${name} \\w+ \\(\\.code\\(x\\), `));
  });
});

test('a table whose index is narrower than its code reads it in full', () => {
  const all = lines(b => ({ y: b.table('few', 'Five.', [1n, 2n, 4n, 8n, 9n], b.input('x', 1)) }));
  expect(all.join(' ')).toContain(".code({2'd0, x})");
});

test('unread bits are named, and only their line is waived', () => {
  expect(
    lines(b => {
      const sum = b.input('x', 4).add(b.input('w', 4)).as('sum');
      return { high: sum.bits(4, 3) };
    }),
  ).toMatchInlineSnapshot(`
    [
      "/* verilator lint_off UNUSED */ // bits 2:0 are not needed",
      "wire [4:0] sum = {1'b0, x} + {1'b0, w};",
      "/* verilator lint_on UNUSED */",
      "assign high = sum[4:3];",
    ]
  `);
});

test('nested loops have a genvar each', () => {
  expect(
    lines(b => {
      const [u, v] = [b.inputVector('u', 2, 3), b.inputVector('v', 3, 4)];
      const outer = b.lanes(
        'row',
        [u] as const,
        x => b.lanes('column', [v] as const, y => x.mul(y).as('cell')) as Vector,
      ) as Vector;
      return { y: outer };
    }),
  ).toMatchInlineSnapshot(`
    [
      "genvar i, j;",
      "wire [41:0] lanes_1;",
      "generate",
      "for (i = 0; i < 2; i = i + 1) begin : row_lanes",
      "wire [20:0] lanes;",
      "for (j = 0; j < 3; j = j + 1) begin : column_lanes",
      "wire [6:0] cell_1 = u[3 * i +: 3] * v[4 * j +: 4];",
      "assign lanes[7 * j +: 7] = cell_1;",
      "end",
      "assign lanes_1[21 * i +: 21] = lanes;",
      "end",
      "endgenerate",
      "assign y = lanes_1;",
    ]
  `);
});

test('submodules of submodules are written, each once', () => {
  const inner = defineSubmodule('inner', 'The inner one.', b => ({ y: b.input('x', 2).add(1) }));
  const middle = (name: string) =>
    defineSubmodule(name, 'Uses the inner one.', b => ({
      y: b.instance('i', inner, { x: b.input('x', 2) }).y!,
    }));
  const { submodules } = emitted(b => {
    const x = b.input('x', 2);
    const left = b.instance('same', middle('left'), { x }).y!;
    const right = b.instance('same', middle('right'), { x }).y!;
    return { y: left.add(right) };
  });
  expect(submodules.map(([name]) => name)).toEqual(['left', 'inner', 'right']);
});

test('outputs of one instance that are wanted in two stages come from two instances', () => {
  const half = defineSubmodule('half', 'Sum and carry.', b => {
    const [p, q] = [b.input('p', 1), b.input('q', 1)];
    return { sum: p.xor(q), carry: p.and(q) };
  });
  const all = lines(b => {
    const state = b.register('state', { min: 0n, max: 255n });
    const next = state.value.add(b.input('x', 8)).wrap(8, false);
    const { sum, carry } = b.instance('cut', half, { p: next.bit(7), q: next.bit(6) });
    state.next(next.xor(carry!));
    return { y: sum!.and(next.all()), z: state.after };
  }, 1);
  const stages = all.join('\n').split('// Stage ');
  expect(stages.slice(1).map(text => /^half .*$/m.exec(text)?.[0])).toMatchInlineSnapshot(`
    [
      "half cut (.p(sum[7]), .q(sum[6]), .carry(cut_carry), .sum(cut_sum_1));",
      "half cut_1 (.p(sum_s1[7]), .q(sum_s1[6]), .sum(cut_sum), .carry(cut_carry_1));",
      undefined,
    ]
  `);
});

test('positions of names come along', () => {
  const b = new Builder();
  const sum = b.input('x', 2).add(1).as('sum');
  sum.node.at = 'generators/units/example.ts:3:9';
  const body = emitBody(schedule(freeze(b, { y: sum }), 0), {
    module: 'example',
    ports: ['x', 'y'],
    outputWidths: {},
    control: { clock: 'clk', reset: undefined, accept: undefined, valid: undefined, advance: undefined },
    annotate: true,
    reserved: [],
  });
  expect(body.names).toEqual({ sum: 'generators/units/example.ts:3:9' });
  expect(body.text).toContain("{1'b0, x} + 3'd1; // generators/units/example.ts:3:9\n");
});

/** Words that Verilog, SystemVerilog or C++ (of which Verilator makes its models) keep for themselves. */
const WORDS =
  `accept_on alias always always_comb always_ff always_latch and assert assign assume automatic before begin
  bind bins binsof bit break buf byte case casex cell checker class clocking cmos config const constraint context
  continue cover covergroup coverpoint cross deassign default defparam design disable dist do edge else end endmodule
  enum event eventually expect export extends extern final first_match for force foreach forever fork function generate
  genvar global highz0 if iff ifnone implements implies import incdir include initial inout input inside instance int
  integer interconnect interface intersect join join_any large let liblist library local localparam logic longint
  macromodule matches medium modport module nand negedge nettype new nexttime nmos nor not notif0 null or output package
  packed parameter pmos posedge primitive priority program property protected pull0 pulldown pullup pure rand randc
  rcmos real realtime ref reg reject_on release repeat restrict return rnmos scalared sequence shortint shortreal signed
  small soft solve specify specparam static string strong strong0 struct super supply0 table tagged task this throughout
  time timeprecision timeunit tran tri tri0 triand trior trireg type typedef union unique unique0 unsigned until untyped
  use uwire var vectored virtual void wait wand weak while wildcard wire with within wor xnor xor
  alignas asm auto bool catch char delete double explicit float friend goto inline long mutable namespace operator
  private public register short sizeof switch template throw true try typename using volatile std main abs exp log pow
  clk rst name value code i j`.split(/\s+/);

test.skipIf(!present('verilator', '--version'))('no word is too bad for a signal', () => {
  const { text } = emitted(b => {
    const x = b.input('x', 8);
    const signals = WORDS.map((word, n) => x.mul(n + 3).as(word));
    return { y: signals.reduce((sum, s) => sum.add(s)) };
  });
  const said = inFolder({ 'dut.v': text }, folder =>
    run(folder, 'verilator', ['--lint-only', '-Wall', 'dut.v']),
  );
  expect(said).toEqual({ status: 0, text: '' });
});
