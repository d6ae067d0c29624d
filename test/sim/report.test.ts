import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { Cache, cacheDirectory } from '../../sim/cache.ts';
import { type ReportResult, report, reportTable } from '../../sim/report.ts';
import { projectRoot } from '../../sim/root.ts';
import { type Design, synthesisScript, synthesize, variantsOf } from '../../sim/synthesis.ts';
import { loadTarget, parseTarget, TargetSchema, targetIds } from '../../sim/targets.ts';
import { errorOf } from '../../sim/wasmTool.ts';
import { warningsOf, Yosys, YosysError, yosysTool } from '../../sim/yosys.ts';

const design = (top: string, text: string, params?: Design['params']): Design => ({
  files: [{ name: `${top}.v`, text }],
  top,
  params,
});

const adder = design(
  'adder',
  'module adder(input clk, input [7:0] a, b, output reg [7:0] y); always @(posedge clk) y <= a + b; endmodule\n',
);
const multiplier = design(
  'multiplier',
  `module multiplier(input clk, input signed [7:0] a, b, output reg signed [15:0] y);
  always @(posedge clk) y <= a * b;
endmodule\n`,
);
const counter = (width: number) =>
  design(
    'counter',
    `module counter #(parameter W = 4) (input clk, rst, output reg [W-1:0] q);
  always @(posedge clk) q <= rst ? {W{1'b0}} : q + 1'b1;
endmodule\n`,
    { W: width },
  );

// Synthesis takes seconds, more on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const yosys = new Yosys({ workers: 2 });
const folder = mkdtempSync(join(tmpdir(), 'subbyte-test-'));
afterAll(async () => {
  await yosys.close();
  rmSync(folder, { recursive: true });
});
const on = (id: string, d: Design, multipliers: 'auto' | 'dsp' | 'logic' = 'auto') =>
  synthesize(d, loadTarget(id), { multipliers, yosys });

describe('targets', () => {
  test('every file is valid and every family of the plan is there', () => {
    const ids = targetIds();
    expect(ids).toEqual(
      ['generic', 'xc7', 'xcup', 'ice40', 'ecp5', 'gowin', 'nexus', 'cyclonev', 'gatemate'].sort(),
    );
    for (const id of ids) expect(loadTarget(id).id).toBe(id);
  });

  test('the JSON schema and the validator name the same fields', () => {
    const schema = JSON.parse(readFileSync(join(projectRoot, 'constraints/targets.schema.json'), 'utf8')) as {
      properties: Record<string, { properties?: Record<string, unknown> }>;
    };
    const { entries } = TargetSchema;
    expect(Object.keys(schema.properties).sort()).toEqual(Object.keys(entries).sort());
    for (const part of ['synthesis', 'count', 'delay'] as const) {
      expect(Object.keys(schema.properties[part].properties ?? {}).sort()).toEqual(
        Object.keys(entries[part].entries).sort(),
      );
    }
  });

  test('an unknown id names the nearest; a wrong file names the field', () => {
    expect(() => loadTarget('ise40')).toThrow(/unknown target "ise40"; did you mean "ice40"\?/);
    expect(() => parseTarget({ ...loadTarget('ice40'), lutInputs: 0 }, 'x.json')).toThrow(
      /x\.json: lutInputs: /,
    );
    const { synthesis, ...rest } = loadTarget('ice40');
    expect(() => parseTarget({ ...rest, synthesis: { ...synthesis, map: ['{tpo}'] } }, 'x.json')).toThrow(
      /synthesis\.map\.0: unknown placeholder/,
    );
  });
});

describe('counts', () => {
  test('8-bit registered adder on iCE40', async () => {
    const r = await on('ice40', adder);
    // One LUT and one register a bit; no carry out of the top bit. The longest path is 7 carries and the top LUT.
    expect(r).toMatchObject({ luts: 8, carries: 7, ffs: 8, dsps: 0, brams: 0, levels: 8 });
    expect(r.cells).toEqual({ SB_CARRY: 7, SB_DFF: 8, SB_LUT4: 8 });
    // HX figures of Yosys: into the chain 259 ps, six carries of 126, carry to LUT output 316, setup 21.
    expect(r.logicDelayNs).toBeCloseTo((259 + 6 * 126 + 316 + 21) / 1000, 9);
    expect(r).toMatchObject({ warnings: [], device: 'iCE40 HX', stage: 'synthesis' });
    expect(r.tool).toMatch(/^yosys 0\.55 \(wasm, @yowasp\/yosys 0\.55\.\d+\)$/);
    expect(r.recipe).toEqual(['synth_ice40 -device hx -top adder']);
  });

  test('8-bit registered adder on ECP5: two bits and two LUTs in a CCU2C', async () => {
    const r = await on('ecp5', adder);
    expect(r).toMatchObject({ luts: 8, carries: 4, ffs: 8, dsps: 0, levels: 4, warnings: [] });
    expect(r.logicDelayNs).toBeUndefined();
  });

  test('a parameter sets the width of a counter', async () => {
    for (const width of [5, 11]) expect((await on('ice40', counter(width))).ffs).toBe(width);
  });

  test('registers end a path, module borders do not', async () => {
    const pipeline = `module pipeline(input clk, input [3:0] a, output reg y); reg s, t;
      always @(posedge clk) begin s <= ^a; t <= s ^ a[0]; y <= t ^ a[1]; end endmodule\n`;
    expect(await on('ice40', design('pipeline', pipeline))).toMatchObject({ luts: 3, ffs: 3, levels: 1 });
    const tree = `(* keep_hierarchy *) module leaf(input [3:0] a, output y); assign y = ^a; endmodule
      module tree(input [15:0] a, output y); wire [3:0] t;
      leaf l0(a[3:0], t[0]); leaf l1(a[7:4], t[1]); leaf l2(a[11:8], t[2]); leaf l3(a[15:12], t[3]); leaf top(t, y);
      endmodule\n`;
    // Four leaves feed the fifth: two LUTs deep.
    expect(await on('ecp5', design('tree', tree))).toMatchObject({ luts: 5, levels: 2, cells: { LUT4: 5 } });
  });

  test('multipliers: logic keeps DSP blocks away, dsp moves iCE40 to the series that has them', async () => {
    const [logic, dsp] = [await on('ecp5', multiplier, 'logic'), await on('ice40', multiplier, 'dsp')];
    expect(logic.dsps).toBe(0);
    expect(logic.luts).toBeGreaterThan(64);
    expect(dsp).toMatchObject({ dsps: 1, device: 'iCE40 UltraPlus' });
    expect(dsp.notes[0]).toMatch(/iCE40 HX has no DSP block/);
  });
});

// Left to itself, ABC9 weighs a table of six inputs as much as one and two thirds of five: 7 tables of up to five.
test.each(['xc7', 'xcup'])('%s: the mapper weighs LUTs of all sizes alike, as they are counted', async id => {
  const wide = 'module wide(input [25:0] a, output y); assign y = &a; endmodule\n';
  expect(await on(id, design('wide', wide))).toMatchObject({ luts: 6, levels: 3 });
});

describe('all families', () => {
  test('each maps the multiplier, with a DSP where Yosys infers one', async () => {
    const { results } = await report(() => multiplier, targetIds().map(loadTarget), { yosys });
    expect(results.map(r => r.target)).toEqual(targetIds());
    for (const r of results) {
      expect(r.warnings, r.target).toEqual([]);
      const inLogic = ['generic', 'gowin', 'ice40'].includes(r.target);
      expect(r.dsps, r.target).toBe(inLogic ? 0 : 1);
      expect(r.luts > 0, r.target).toBe(inLogic);
      // 16 output bits, in the DSP block's own registers on xc7.
      expect(r.ffs, r.target).toBe(r.target === 'xc7' ? 0 : 16);
      expect(r.fmaxMHz).toBeUndefined();
    }
    expect(results.find(r => r.target === 'gowin')?.notes[0]).toMatch(/infers no DSP blocks for Gowin/);
  }, 120_000);

  test('xc7 in logic: no DSP, LUT6_2 counts and is timed', async () => {
    const text = `${multiplier.files[0].text}
      module both(input clk, input signed [7:0] a, b, input [5:0] i, output signed [15:0] y, output [1:0] o);
      multiplier m(.clk(clk), .a(a), .b(b), .y(y));
      LUT6_2 #(.INIT(64'h123456789abcdef0))
        l(.I0(i[0]), .I1(i[1]), .I2(i[2]), .I3(i[3]), .I4(i[4]), .I5(i[5]), .O6(o[0]), .O5(o[1]));
      endmodule\n`;
    const r = await on('xc7', design('both', text), 'logic');
    expect(r).toMatchObject({ dsps: 0, ffs: 16, warnings: [] });
    expect(r.cells.LUT6_2).toBe(1);
    const luts = Object.entries(r.cells).filter(([type]) => /^(LUT|INV)/.test(type));
    expect(r.luts).toBe(luts.reduce((sum, [, n]) => sum + n, 0));
    expect(r.logicDelayNs).toBeGreaterThan(1);
    expect(r.logicDelayNs).toBeLessThan(10);
  });
});

describe('failure is visible', () => {
  test('broken Verilog: file, line and reason', async () => {
    const broken = design('broken', 'module broken(input a, output y);\nassign y = a +;\nendmodule\n');
    await expect(on('ice40', broken)).rejects.toThrow(YosysError);
    const { results, failures } = await report(() => broken, [loadTarget('ice40')], { yosys });
    expect(results).toEqual([]);
    expect(failures).toEqual([
      { target: 'ice40', error: expect.stringMatching(/^broken\.v:2: syntax error/) },
    ]);
    await expect(on('ice40', { ...adder, top: 'missing' })).rejects.toThrow("Module `missing' not found!");
  });

  test('a latch is a warning', async () => {
    const latch = 'module latch(input a, e, output reg y); always @* if (e) y = a; endmodule\n';
    const { warnings } = await on('generic', design('latch', latch));
    expect(warnings).toEqual(["Latch inferred for signal `\\latch.\\y'"]);
  });

  test('names that would change the script are refused', () => {
    const ice40 = loadTarget('ice40');
    const script = (d: Design) => synthesisScript(d, ice40, 'auto').script;
    expect(() => script({ ...adder, top: 'a; exec ls' })).toThrow(RangeError);
    expect(() => script({ ...adder, params: { W: '8; exec ls' } })).toThrow(RangeError);
    expect(() => script({ ...adder, params: { W: 1.5 } })).toThrow(RangeError);
    expect(script({ ...adder, params: { P: -3, Q: "8'hfd" } })).toContain(
      "chparam -set P 32'shfffffffd adder\nchparam -set Q 8'hfd adder\n",
    );
  });

  test('one setting of several starts from what all start from, so that it makes the same netlist', () => {
    const ice40 = loadTarget('ice40');
    const [first] = variantsOf(ice40);
    const { script } = synthesisScript(adder, ice40, 'auto', { variants: [first!] });
    const untilMapped = (text: string) => text.slice(0, text.indexOf('synth_ice40'));
    expect(untilMapped(script)).toBe(untilMapped(synthesisScript(adder, ice40, 'auto').script));
  });

  test('log lines', () => {
    expect(warningsOf('Warning: one\nx.v:3: Warning: two\nWarning: one\nNo Warning: here\n')).toEqual([
      'one',
      'x.v:3: two',
    ]);
    expect(errorOf('a\nx.v:2: ERROR: bad\n', 'code 1')).toBe('x.v:2: bad');
    expect(errorOf('2.1. Executing ABC9\n', 'unreachable')).toBe(
      'the tool stopped (unreachable) after: 2.1. Executing ABC9',
    );
  });
});

describe('worker', () => {
  test('stays warm; stopping ends the job and not the next one', async () => {
    const own = new Yosys();
    const workers = vi.spyOn(Worker.prototype, 'postMessage');
    const hello = { script: 'log hello\n', files: {} };
    await own.run(hello);
    await own.run(hello);
    // Both jobs went to one worker, which has compiled 30 MB of WebAssembly for the first.
    expect(new Set(workers.mock.contexts).size).toBe(1);
    expect(workers.mock.contexts).toHaveLength(2);

    const stop = new AbortController();
    const passes: string[] = [];
    const onProgress = (pass: string) => {
      passes.push(pass);
      stop.abort(new Error('enough'));
    };
    const script = 'read_verilog adder.v\nsynth_ice40 -top adder\n';
    const files = { 'adder.v': adder.files[0].text };
    await expect(own.run({ script, files, onProgress, signal: stop.signal })).rejects.toThrow('enough');
    expect(passes[0]).toMatch(/^Executing Verilog-2005 frontend/);
    expect((await own.run({ script: 'tee -q -o x.txt log hello\n', files: {} })).files['x.txt']).toContain(
      'hello',
    );

    const pending = own.run({ script, files });
    const closed = expect(pending).rejects.toThrow('yosys was closed');
    await own.close();
    await closed;
  });

  test('file names stay inside', async () => {
    for (const name of ['../a.v', '/a.v', 'tmp/a.v', 'a b.v']) {
      await expect(yosys.run({ script: '', files: { [name]: '' } })).rejects.toThrow(
        /cannot be handed to the tool/,
      );
    }
  });
});

describe('cache', () => {
  let directory = '';
  beforeEach(() => {
    directory = mkdtempSync(join(folder, 'cache-'));
  });

  test('keeps, tells keys apart, repairs a damaged entry', async () => {
    const cache = new Cache({ directory });
    let made = 0;
    const get = (...key: string[]) => cache.cached('test', key, async () => ({ made: ++made }));
    expect([await get('a', 'b'), await get('a', 'b'), await get('ab')]).toEqual([
      { made: 1 },
      { made: 1 },
      { made: 2 },
    ]);
    const names = readdirSync(join(directory, 'test'));
    expect(names).toHaveLength(2);
    for (const name of names) {
      const file = join(directory, 'test', name);
      writeFileSync(file, readFileSync(file, 'utf8').replace('"made":', '"made":9'));
    }
    expect([await get('a', 'b'), await get('a', 'b')]).toEqual([{ made: 3 }, { made: 3 }]);
  });

  test('goes on without when it cannot write, and says so once', async () => {
    const file = join(directory, 'file');
    writeFileSync(file, '');
    const warnings: string[] = [];
    const cache = new Cache({ directory: join(file, 'below'), onWarning: text => warnings.push(text) });
    for (const key of ['a', 'b']) expect(await cache.cached('test', [key], async () => key)).toBe(key);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/^cannot write the cache in /);
  });

  test('the folder comes from the environment', () => {
    expect(cacheDirectory({ SUBBYTE_CACHE: '/c', XDG_CACHE_HOME: '/x' })).toBe('/c');
    expect(cacheDirectory({ XDG_CACHE_HOME: '/x' })).toBe(join('/x', 'subbyte'));
    expect(cacheDirectory({})).toMatch(/\.cache.subbyte$/);
  });

  test('a report is made once and comes back equal', async () => {
    const cache = new Cache({ directory });
    const targets = [loadTarget('gatemate')];
    const first = await report(() => adder, targets, { cache, yosys });
    const idle = new Yosys();
    const passes: string[] = [];
    const onProgress = (_: string, pass: string) => passes.push(pass);
    expect(await report(() => adder, targets, { cache, yosys: idle, onProgress })).toEqual(first);
    expect(passes).toEqual(['done']);
    await report(() => counter(4), targets, { cache, yosys });
    expect(readdirSync(join(directory, 'synthesis'))).toHaveLength(2);
  });
});

test('table', async () => {
  const common = { cells: {}, recipe: [], notes: [], warnings: [], tool: await yosysTool() };
  const base = { ...common, dsps: 0, brams: 0, stage: 'synthesis' } as const;
  const results: ReportResult[] = [
    { ...base, target: 'ice40', luts: 1359, carries: 287, ffs: 0, levels: 23, logicDelayNs: 12.3456 },
    { ...base, target: 'xc7', luts: 8, carries: 2, ffs: 8, brams: 0.5, levels: 3, warnings: ['look'] },
  ];
  expect(reportTable(results)).toMatchInlineSnapshot(`
    "target  LUTs  carries  FFs  DSPs  BRAMs  levels  logic delay  clock
                                              cells           ns    MHz
    ice40   1359      287    0     0      0      23        12.35      –
    xc7        8        2    8     0    0.5       3            –      –

    yosys 0.55 (wasm, @yowasp/yosys 0.55.944), after synthesis
    logic delay: cells only, no routing
    warning: xc7: look
    "
  `);
  const routed: ReportResult = { ...results[0], stage: 'routed', tool: 'router 1', fmaxMHz: 60.04 };
  const both = reportTable([results[0], routed]);
  expect(both).toMatch(/^ice40 routed +1359 .* 60\.0$/m);
  expect(both).toMatch(/^router 1, after routing$/m);
  expect(reportTable(results, { color: true })).toContain('\u001b[1m');
});
