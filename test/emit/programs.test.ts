import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Beat, type Bits, compose, type Program, programs, randomBeats } from '../../fuzz/programs.ts';
import { schedule } from '../../generators/hdl/schedule.ts';
import { trim } from '../../generators/hdl/trim.ts';
import { moduleOf, type TestModule } from './module.ts';
import { inFolder, present, run } from './tools.ts';

/** EMIT_PROGRAMS and FC_SEED look further than a usual run does. */
const COUNT = Number(process.env.EMIT_PROGRAMS ?? 60);
const BEATS = 50;
const MOST_STAGES = 4;

interface Subject {
  readonly name: string;
  readonly program: Program;
  readonly module: TestModule;
  readonly beats: readonly Beat[];
  readonly accepted: readonly boolean[];
  readonly expected: readonly Record<string, Bits>[];
  readonly latency: number;
}

const WIDTHS = [1, 2, 3, 4, 5, 8, 13, 31, 40, 64];
const seed = Number(process.env.FC_SEED ?? 77);
const subjects: Subject[] = fc
  .sample(programs({ widths: WIDTHS, ends: 6 }), { seed, numRuns: COUNT })
  .map((program, i) => {
    const composed = compose(program, `part_of_${i}`);
    const scheduled = schedule(trim(composed.netlist), i % (MOST_STAGES + 1));
    const { beats, accepted } = randomBeats(program, BEATS);
    return {
      name: `program_${i}`,
      program,
      module: moduleOf(`program_${i}`, scheduled, i % 3),
      beats,
      accepted,
      expected: composed.run(beats, accepted),
      latency: scheduled.latency,
    };
  });

/** Submodules that several programs use are written once. */
function source(): string {
  const submodules = new Map(subjects.flatMap(s => s.module.submodules));
  return [...subjects.map(s => s.module.text), ...submodules.values()].join('\n');
}

function packed(bits: Bits, width: number): bigint {
  const lanes = typeof bits === 'bigint' ? [bits] : bits;
  const lane = BigInt(width / lanes.length);
  return lanes.reduceRight((all, x) => (all << lane) | BigInt.asUintN(Number(lane), x), 0n);
}

/** All inputs of a beat as one word: the first port highest, and whether the beat counts above all. */
function stimulus({ program, beats, accepted }: Subject): string {
  return beats
    .map((beat, n) => {
      let word = accepted[n] ? 1n : 0n;
      program.ports.forEach(({ width, lanes }, i) => {
        const total = width * Math.max(1, lanes);
        word = (word << BigInt(total)) | packed(beat[`x${i}`]!, total);
      });
      return word.toString(16);
    })
    .join('\n');
}

/** Runs all modules side by side and prints every output in every clock, before its edge. */
function testbench(): string {
  const parts = subjects.map(({ name, program, module }) => {
    const width = 1 + program.ports.reduce((sum, p) => sum + p.width * Math.max(1, p.lanes), 0);
    let top = width - 1;
    const inputs = program.ports.map(({ width: w, lanes }, i) => {
      const total = w * Math.max(1, lanes);
      top -= total;
      return `.x${i}(${name}_in[${top} +: ${total}])`;
    });
    const controls = [
      ...(module.clocked ? ['.clk(clk)'] : []),
      ...(module.accepts ? ['.rst(rst)', `.en(${name}_in[${width - 1}])`] : []),
    ];
    const outputs = Object.entries(module.widths);
    const wires = outputs.map(([port, w]) => `wire [${w - 1}:0] ${name}_${port};`);
    const pins = outputs.map(([port]) => `.${port}(${name}_${port})`);
    return {
      declarations: [
        `reg [${width - 1}:0] ${name}_all [0:${BEATS - 1}];`,
        `reg [${width - 1}:0] ${name}_in;`,
        ...wires,
        `${name} dut_${name} (${[...controls, ...inputs, ...pins].join(', ')});`,
      ],
      load: `$readmemh("${name}.hex", ${name}_all);`,
      apply: `${name}_in = ${name}_all[beat < ${BEATS} ? beat : ${BEATS - 1}];`,
      show: `$display("${name} ${outputs.map(() => '%h').join(' ')}"${outputs.map(([p]) => `, ${name}_${p}`).join('')});`,
    };
  });
  return `
module tb;
  reg clk = 0, rst = 1;
  integer beat;
  ${parts.flatMap(p => p.declarations).join('\n  ')}
  initial begin
    ${parts.map(p => p.load).join('\n    ')}
    beat = 0;
    ${parts.map(p => p.apply).join('\n    ')}
    #1 clk = 1; #1 clk = 0; rst = 0;
    for (beat = 0; beat < ${BEATS + MOST_STAGES + 1}; beat = beat + 1) begin
      ${parts.map(p => p.apply).join('\n      ')}
      #1;
      ${parts.map(p => p.show).join('\n      ')}
      clk = 1; #1 clk = 0;
    end
  end
endmodule
`;
}

const stimuli = Object.fromEntries(subjects.map(s => [`${s.name}.hex`, stimulus(s)]));

describe('random programs in Verilog', () => {
  test.skipIf(!present('iverilog', '-V'))('give what plain arithmetic gives', () => {
    const text = inFolder({ 'dut.v': source(), 'tb.v': testbench(), ...stimuli }, folder => {
      const compiled = run(folder, 'iverilog', ['-g2001', '-o', 'tb.vvp', 'tb.v', 'dut.v']);
      expect(compiled).toEqual({ status: 0, text: '' });
      return run(folder, 'vvp', ['-n', 'tb.vvp']).text;
    });
    const rows = new Map<string, string[][]>(subjects.map(s => [s.name, []]));
    for (const line of text.split('\n')) {
      const [name, ...values] = line.split(' ');
      rows.get(name!)?.push(values);
    }
    let compared = 0;
    for (const s of subjects) {
      const shown = rows.get(s.name)!;
      const ports = Object.entries(s.module.widths);
      s.expected.forEach((row, n) => {
        const want = ports.map(([port, width]) =>
          packed(row[port]!, width)
            .toString(16)
            .padStart(Math.ceil(width / 4), '0'),
        );
        expect(`${s.name} beat ${n}: ${shown[n + s.latency]?.join(' ')}`, s.module.text).toBe(
          `${s.name} beat ${n}: ${want.join(' ')}`,
        );
        compared += want.length;
      });
    }
    expect(compared).toBeGreaterThan(COUNT * BEATS);
  });

  test.skipIf(!present('verilator', '--version'))('pass the linter without a word', () => {
    // Ports that a random program does not read are its own fault, not that of the emitter.
    const quiet = source().replace(
      /^(module program_\d+ \()([^;]*)\);/gm,
      '$1 /* verilator lint_off UNUSED */ $2\n/* verilator lint_on UNUSED */ );',
    );
    const said = inFolder({ 'dut.v': quiet }, folder =>
      run(folder, 'verilator', ['--lint-only', '-Wall', '-Wno-MULTITOP', '-Wno-DECLFILENAME', 'dut.v']),
    );
    expect(said).toEqual({ status: 0, text: '' });
  });
});
