import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { filesBelow, folderOfTests, gen } from './run.ts';

const folder = folderOfTests();
writeFileSync(join(folder, 'file'), 'in the way');
mkdirSync(join(folder, 'taken', 'mxfp4_mac', 'mxfp4_mac.v'), { recursive: true });
writeFileSync(join(folder, 'taken', 'mxfp4_mac', 'mxfp4_mac.v', 'x'), '');
const params: Record<string, string> = {
  broken: '{',
  list: '[1]',
  unknown: '{"lane": 4}',
  low: '{"lanes": 0}',
  text: '{"lanes": "4"}',
  choice: '{"element": "e2m2"}',
};
for (const [name, text] of Object.entries(params)) writeFileSync(join(folder, `${name}.json`), text);

const ID = ['--unit', 'mxfp4-mac'];
const HELP = '(gen --help shows what there is)';
const IDS =
  'int<W>, uint<W>, fix<W>.<F>, ufix<W>.<F>, e<E>m<M>[b<bias>][ieee|fn|fnuz|fin], fp64, fp32, fp16, bf16, e8m0, p3109_k<K>p<P><s|u><e|f>, ap_fixed<W,I>, ap_ufixed<W,I> and the names of ml_dtypes';
const ELEMENTS = 'e2m1, e2m3, e3m2, e4m3, e5m2, int8';
const TARGETS = 'cyclonev, ecp5, gatemate, generic, gowin, ice40, nexus, xc7, xcup';

/** Arguments, what is said in one line, and the exit code where it is not 2. */
const WRONG: readonly (readonly [args: readonly string[], text: string | RegExp, code?: number])[] = [
  [['--unit', 'mxfp4mac'], "unknown unit 'mxfp4mac'; did you mean 'mxfp4-mac'? (gen list shows all)"],
  [['--unit', 'zzzzzzzzzzzz'], "unknown unit 'zzzzzzzzzzzz' (gen list shows all)"],
  [['show', 'mxfp4-mak'], "unknown unit 'mxfp4-mak'; did you mean 'mxfp4-mac'? (gen list shows all)"],
  [
    ['--unit', './no.ts'],
    "no file ./no.ts; give the id of a unit (gen list shows all) or the path of a unit's file",
  ],
  [
    ['--unit', 'file/x.ts'],
    "no file file/x.ts; give the id of a unit (gen list shows all) or the path of a unit's file",
  ],
  [['--lanes', '4'], 'no unit is named: give --unit <id> (gen list shows all)'],
  [['verify'], 'no unit is named: give --unit <id> (gen list shows all)'],
  [['show'], "missing required argument 'id' (gen show --help shows what there is)"],
  [['verfy', ...ID], "unknown command 'verfy'; did you mean 'gen verify'? (gen --help shows all)"],
  [['zzzzzzzz'], "unknown command 'zzzzzzzz' (gen --help shows all)"],
  [[...ID, '--lane', '3'], `unknown option '--lane'; did you mean --lanes? ${HELP}`],
  [[...ID, '--zzzzzzzzz'], `unknown option '--zzzzzzzzz' ${HELP}`],
  [[...ID, '--lanes'], `option '--lanes <integer>' argument missing ${HELP}`],
  [[...ID, 'extra'], `unexpected 'extra' ${HELP}`],
  [['show', 'mx-mac', 'extra'], "unexpected 'extra' (gen show --help shows what there is)"],
  [[...ID, ...ID], '--unit is given 2 times; give one'],
  [[...ID, '--unit=mx-mac'], '--unit is given 2 times; give one'],

  [[...ID, '--lanes', '0'], '--lanes: 0 is below the minimum 1; expected an integer from 1 to 1024'],
  [[...ID, '--lanes=-4'], '--lanes: -4 is below the minimum 1; expected an integer from 1 to 1024'],
  [[...ID, '--lanes', '1025'], '--lanes: 1025 is above the maximum 1024; expected an integer from 1 to 1024'],
  [[...ID, '--lanes', '3.5'], "--lanes: '3.5' is not an integer; expected an integer from 1 to 1024"],
  [[...ID, '--lanes', 'abc'], "--lanes: 'abc' is not an integer; expected an integer from 1 to 1024"],
  [[...ID, '--lanes', ''], "--lanes: '' is not an integer; expected an integer from 1 to 1024"],
  [[...ID, '--element', 'e2m2'], `--element: 'e2m2' is none of ${ELEMENTS}; did you mean e2m1?`],
  [[...ID, '--element', 'foobar'], `--element: 'foobar' is none of ${ELEMENTS}`],

  [
    ['--unit', 'fx-dot', '--a', 'e4m3'],
    "--a: 'e4m3' is a float format; expected a format of kind integer or fixed, such as int8, fix16.8",
  ],
  [['--unit', 'fx-dot', '--a', 'exact'], /^--a: unknown number format "exact"; /],
  [['--unit', 'fx-dot', '--a', 'imt8'], /^--a: unknown number format "imt8"; did you mean int8\?/],
  [['--unit', 'fx-dot', '--a', 'int300'], /^--a: int300: the width is 300; it must be from 1 to 256$/],

  [[...ID, '--stages', '65'], "--stages: '65' is not a whole number from 0 to 64"],
  [[...ID, '--stages', 'x'], "--stages: 'x' is not a whole number from 0 to 64"],
  [[...ID, '--stages', '-1'], "--stages: '-1' is not a whole number from 0 to 64"],
  [[...ID, '--freq', '5000'], "--freq: '5000' is not a whole number from 1 to 2000"],
  [[...ID, '--freq', '99', '--stages', '1'], '--stages and --freq say the same thing; give one'],
  [[...ID, '--shell', 'strem'], "--shell: 'strem' is none of bare, valid, stream; did you mean stream?"],
  [[...ID, '--multipliers', 'dps'], "--multipliers: 'dps' is none of auto, dsp, logic; did you mean dsp?"],
  [
    [...ID, '--freq', '2000'],
    /^mxfp4-mac does not reach 2000 MHz: the best is about \d+ MHz with --stages \d+, by the timing model of a middling FPGA$/,
    5,
  ],
  [
    [...ID, '--freq', '2000', '--target', 'xc7'],
    /, by the timing model of 7 series, made of published delays$/,
    5,
  ],
  [
    [...ID, '--name', '3x'],
    "--name: '3x' is no module name; expected a letter, then letters, digits and _, up to 64",
  ],
  [[...ID, '--name', 'module'], "--name: 'module' is a reserved word of Verilog; give another name"],
  [
    [...ID, '--spdx', 'MIT\n`include "x"'],
    /^--spdx: 'MIT\\n`include "x"' is no licence expression; expected letters, digits, \. \+ - \( \)$/,
  ],

  [[...ID, '--params', 'none.json'], '--params: cannot read none.json (ENOENT); expected a JSON file'],
  [[...ID, '--params', '.'], '--params: cannot read . (EISDIR); expected a JSON file'],
  [[...ID, '--params', 'broken.json'], /^--params: broken\.json is not JSON \(.*\)$/],
  [[...ID, '--params', 'list.json'], '--params: list.json holds no object of parameters'],
  [[...ID, '--params', 'unknown.json'], "--params: mx-mac has no parameter 'lane'; did you mean 'lanes'?"],
  [
    [...ID, '--params', 'low.json'],
    '--params: lanes: 0 is below the minimum 1; expected an integer from 1 to 1024',
  ],
  [
    [...ID, '--params', 'text.json'],
    '--params: lanes: "4" is not an integer; expected an integer from 1 to 1024',
  ],
  [
    [...ID, '--params', 'choice.json'],
    `--params: element: "e2m2" is none of ${ELEMENTS}; did you mean e2m1?`,
  ],

  [
    [...ID, '--out', 'file'],
    'cannot write below file/mxfp4_mac (ENOTDIR); give a folder that can be written with --out',
  ],
  [
    // Where the system itself says that a folder below one that exists cannot be.
    [...ID, '--out', '/proc/none'],
    /^cannot write below \/proc\/none\/mxfp4_mac \(\w+\); give a folder that can be written with --out$/,
  ],
  [
    [...ID, '--out', 'file/below'],
    'cannot write below file/below/mxfp4_mac (ENOTDIR); give a folder that can be written with --out',
  ],
  [
    [...ID, '--out', 'taken'],
    'cannot write below taken/mxfp4_mac (EISDIR); give a folder that can be written with --out',
  ],
  [
    ['--all', '--out', 'file'],
    /^cannot write below file\/\w+ \(ENOTDIR\); give a folder that can be written with --out$/,
  ],
  [['--all', ...ID], "unknown option '--unit' (gen --all --help shows what there is)"],
  [
    [...ID, '--check', '--out', 'empty'],
    'not up to date: empty/mxfp4_mac/mxfp4_mac.v (missing), empty/mxfp4_mac/mxfp4_mac_tb.v (missing), empty/mxfp4_mac/mxfp4_mac_vectors.hex (missing), empty/mxfp4_mac/manifest.json (missing); run the same command without --check',
    1,
  ],

  [['report', ...ID, '--target', 'ice41'], `unknown target "ice41"; did you mean "ice40"? Known: ${TARGETS}`],
  [[...ID, '--target', 'ice41'], `unknown target "ice41"; did you mean "ice40"? Known: ${TARGETS}`],
  [[...ID, '--report', '--target', 'xc7,'], `unknown target ""; did you mean "xc7"? Known: ${TARGETS}`],
  [['verify', ...ID, '--vectors', '-1'], "--vectors: '-1' is not a whole number from 0 to 1099511627776"],
  [[...ID, '--verify', '--vectors', 'x'], "--vectors: 'x' is not a whole number from 0 to 1099511627776"],
  [['verify', ...ID, '--seed', '1.5'], "--seed: '1.5' is not a whole number from 0 to 4294967295"],
  [
    ['verify', ...ID, '--mapped', 'ice40,nexsus'],
    "--mapped: 'nexsus' is none of ecp5, gowin, ice40, xc7, xcup, the families with simulation models",
  ],
  [['verify', ...ID, '--engine', 'icarus'], "--engine: 'icarus' is none of interpreter, verilator, netlist"],
  [
    ['sim', ...ID, '--engine', 'verilater'],
    /^--engine: 'verilater' is none of .*; did you mean verilator\?$/,
  ],
  [
    ['verify', ...ID, '--exhaustive'],
    '--exhaustive: mxfp4-mac keeps state, so that single inputs do not cover it; use --vectors',
  ],
  [
    ['verify', ...ID, '--exhaustive', '--vectors', '9'],
    '--exhaustive and --vectors say different things; give one',
  ],
  [
    ['verify', ...ID, '--wave', 'no/x.vcd'],
    '--wave: cannot write no/x.vcd (ENOENT); expected a file in a folder that exists',
  ],

  [['formats', 'fp33'], `unknown number format "fp33"; did you mean fp32? (ids are ${IDS})`],
  [['convert', '--from', 'e2m1', '--to', 'zzzzzz'], `unknown number format "zzzzzz"; ids are ${IDS}`],
  [['convert', '--from', 'e2m1'], '--to is missing; expected a format (gen formats)'],
  [
    ['convert', '--from', 'e2m1', '--to', 'e4m3', '--round', 'rn'],
    /^--round: 'rn' is none of rne, .*; did you mean rne\?$/,
  ],
];

/** What comes on standard input to a unit of two lanes. */
const BEAT = { first: '0x1', a: '0x21', a_scale: '0x7f', b: '0x3c', b_scale: '0x80' };
const { b: _, ...WITHOUT_B } = BEAT;
const NAMES = 'first, a, a_scale, b, b_scale';
const WRONG_LINES: readonly (readonly [input: string, text: string])[] = [
  ['nonsense', 'line 1: not JSON; expected an object from port name to hex code, such as {"first":"0x0"}'],
  ['{"first":', 'line 1: not JSON; expected an object from port name to hex code, such as {"first":"0x0"}'],
  ['[1]', 'line 1: expected a JSON object from port name to hex code'],
  ['null', 'line 1: expected a JSON object from port name to hex code'],
  ['"0x1"', 'line 1: expected a JSON object from port name to hex code'],
  [JSON.stringify(WITHOUT_B), `line 1: port 'b' is missing; expected ${NAMES}`],
  [JSON.stringify({ ...BEAT, c: '0x0' }), `line 1: mxfp4-mac has no input port 'c'; expected ${NAMES}, en`],
  [JSON.stringify({ ...BEAT, first: '0x2' }), "line 1: port 'first' is 0x2, which does not fit its 1 bits"],
  [JSON.stringify({ ...BEAT, a: '0x100' }), "line 1: port 'a' is 0x100, which does not fit its 8 bits"],
  [JSON.stringify({ ...BEAT, en: '0x2' }), "line 1: port 'en' is 0x2, which does not fit its 1 bits"],
  [JSON.stringify({ ...BEAT, a: '21' }), `line 1: port 'a' is "21"; expected a hex string such as "0x00"`],
  [
    JSON.stringify({ ...BEAT, a: '0xfg' }),
    `line 1: port 'a' is "0xfg"; expected a hex string such as "0x00"`,
  ],
  [JSON.stringify({ ...BEAT, a: 33 }), `line 1: port 'a' is 33; expected a hex string such as "0x00"`],
  [JSON.stringify({ ...BEAT, a: null }), `line 1: port 'a' is null; expected a hex string such as "0x00"`],
  [
    `${JSON.stringify(BEAT)}\n\n${JSON.stringify(WITHOUT_B)}`,
    `line 3: port 'b' is missing; expected ${NAMES}`,
  ],
];

async function expectFailure(
  args: readonly string[],
  text: string | RegExp,
  code: number,
  input = '',
): Promise<void> {
  const before = filesBelow(folder);
  const result = await gen(args, { cwd: folder, input });
  if (typeof text === 'string') expect(result.stderr).toBe(`gen: ${text}\n`);
  else expect(result.stderr.replace(/^gen: /, '').replace(/\n$/, '')).toMatch(text);
  expect(result.stdout).toBe('');
  expect(result.code).toBe(code);
  expect(filesBelow(folder)).toEqual(before);
}

for (const [args, text, code = 2] of WRONG)
  test(`gen ${args.join(' ')}`, () => expectFailure(args, text, code));

test.each(WRONG_LINES)('line %s', async (line, text) => {
  const args = [...ID, '--lanes', '2'];
  const expected = `standard input, ${text}`;
  await expectFailure(['eval', ...args], expected, 2, `${line}\n`);
  await expectFailure(['sim', ...args, '--engine', 'interpreter'], expected, 2, line);
});

test('a stream has no en', async () => {
  const text = `standard input, line 1: mxfp4-mac has no input port 'en'; expected ${NAMES}`;
  const args = ['eval', ...ID, '--lanes', '2', '--shell', 'stream'];
  await expectFailure(args, text, 2, JSON.stringify({ ...BEAT, en: '0x1' }));
});

test('codes to convert', async () => {
  const args = ['convert', '--from', 'e2m1', '--to', 'e4m3'];
  const said = (line: number, text: string): string => `standard input, line ${line}: ${text}`;
  await expectFailure(args, said(1, "'0x10' does not fit the 4 bits of e2m1"), 2, '0x10\n');
  await expectFailure(args, said(3, "'ff' does not fit the 4 bits of e2m1"), 2, '3\n4\nff\n');
  await expectFailure(args, said(1, "'-1' is no hex code; expected something like 0x0"), 2, '-1');
  await expectFailure(args, said(2, "'0x' is no hex code; expected something like 0x0"), 2, '0x1\r\n0x\r\n');
  expect(await gen(args, { input: '0x7\r\n\nF\n  5  \n0X2' })).toMatchObject({
    code: 0,
    stdout: '0x4c\n0xcc\n0x44\n0x38\n',
    stderr: '',
  });
});

test('no vectors is a failure', async () => {
  const before = filesBelow(folder);
  const { code, stdout, stderr } = await gen(['verify', ...ID, '--engine', 'interpreter', '--vectors', '0'], {
    cwd: folder,
  });
  expect([code, stderr]).toEqual([4, '']);
  expect(stdout).toMatch(/^vectors {5}FAILED {2}0 beats/m);
  expect(stdout).toMatch(/^no vectors were run, and that counts as a failure$/m);
  expect(filesBelow(folder)).toEqual(before);
});
