import { cpSync, lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Ended, filesBelow, folderOfTests, gen } from '../cli/run.ts';

const folder = folderOfTests();
const UNIT = ['--unit', 'mxfp4-mac', '--lanes', '2'];

/** One line on standard error, nothing on standard output, exit code 2. */
function refused({ code, stdout, stderr }: Ended): void {
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are looked for
  expect(stderr).toMatch(/^gen: [^\u0000-\u001f\u007f-\u009f\u2028\u2029]{1,2500}\n$/u);
}

const at = (name: string): string => {
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  return path;
};

describe('stimulus', () => {
  const good = '{"a":"0x1","b":"0x1"}';
  test.each([
    ['a line that is cut', `${good}\n{"a":"0x1"`],
    ['no object', '[1]'],
    ['a number in place of a code', '{"a":1,"b":"0x0"}'],
    ['a code that does not fit', `{"a":"0x1${'0'.repeat(40)}","b":"0x0"}`],
    ['a huge code', `{"a":"0x${'f'.repeat(300_000)}","b":"0x0"}`],
    ['a port that is none', '{"a":"0x0","b":"0x0","c\\u001b[2J\\n":"0x0"}'],
    ['__proto__', '{"__proto__":"0x0","a":"0x0","b":"0x0"}'],
    ['a byte order mark', `\ufeff${good}`],
    ['NUL', `${good}\n\u0000`],
    ['bytes that are no UTF-8', `${good}\n\ud800`],
    ['nested too deep', '['.repeat(100_000)],
    ['a code with a sign', '{"a":"-0x1","b":"0x0"}'],
  ])('%s is refused', async (_, input) => {
    refused(await gen(['eval', '--unit', 'fx-add', '--json'], { input, cwd: folder }));
  });

  test('ends of lines may be those of other systems', async () => {
    const plain = await gen(['eval', '--unit', 'fx-add'], { input: `${good}\n${good}\n` });
    expect(plain.code).toBe(0);
    const windows = await gen(['eval', '--unit', 'fx-add'], { input: `${good}\r\n\r\n${good}` });
    expect(windows).toEqual(plain);
  });
});

describe('parameters from a file', () => {
  test.each([
    ['__proto__', '{"__proto__": {"lanes": 4}}'],
    ['a list', '[[[]]]'],
    ['an object in place of a number', '{"lanes": {"valueOf": 4}}'],
    ['infinite', '{"lanes": 1e999}'],
    ['minus', '{"lanes": -1}'],
    ['a fraction', '{"lanes": 4.000001}'],
    ['a line end in a format', '{"element": "e4m3\\nendmodule"}'],
    ['a very long format', `{"element": "${'e'.repeat(500_000)}"}`],
    ['null', '{"lanes": null}'],
    ['cut', '{"lanes": 4'],
    ['NUL', '{"lanes": 4}\u0000'],
  ])('%s is refused', async (name, text) => {
    const file = join(folder, `params ${name}.json`);
    writeFileSync(file, text);
    refused(await gen(['--unit', 'mx-mac', '--params', file, '--out', 'none'], { cwd: folder }));
    expect(readdirSync(folder)).not.toContain('none');
  });
});

describe('names of folders', () => {
  let whole: Record<string, string>;
  beforeAll(async () => {
    expect((await gen([...UNIT, '--out', 'plain'], { cwd: folder })).code).toBe(0);
    whole = filesBelow(join(folder, 'plain'));
  });

  test.each([
    ['a b'],
    ['q"u\'o'],
    ['$(touch PWNED)'],
    ['`touch PWNED`'],
    ['; touch PWNED #'],
    ['line\nend'],
    ['-rf'],
    ['{{x}} %s'],
    ['ünï\u202ecode'],
  ])('%j is a name like any other', async name => {
    const cwd = at('names');
    const { code, stderr } = await gen([...UNIT, `--out=${name}`, '--verify', '--engine', 'interpreter'], {
      cwd,
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(filesBelow(join(cwd, name))).toEqual(whole);
    expect(readdirSync(cwd)).not.toContain('PWNED');
  });

  test('what cannot be written is said in one line, and nothing is half written', async () => {
    const cwd = at('unwritable');
    writeFileSync(join(cwd, 'file'), 'mine');
    symlinkSync('nowhere', join(cwd, 'dangling'));
    for (const name of ['file', 'file/below', 'dangling', 'x'.repeat(300), '/proc/self/no', '/dev/null'])
      refused(await gen([...UNIT, '--out', name], { cwd }));
    expect(readFileSync(join(cwd, 'file'), 'utf8')).toBe('mine');
    expect(readdirSync(cwd).sort()).toEqual(['dangling', 'file']);
  });

  test('a link in place of a file is replaced, and what it leads to stays as it is', async () => {
    const cwd = at('links');
    mkdirSync(join(cwd, 'out/mxfp4_mac_lanes2'), { recursive: true });
    writeFileSync(join(cwd, 'victim'), 'mine');
    const link = join(cwd, 'out/mxfp4_mac_lanes2/mxfp4_mac_lanes2.v');
    symlinkSync(join(cwd, 'victim'), link);
    expect((await gen([...UNIT, '--out', 'out'], { cwd })).code).toBe(0);
    expect(readFileSync(join(cwd, 'victim'), 'utf8')).toBe('mine');
    expect(lstatSync(link).isSymbolicLink()).toBe(false);
    expect(filesBelow(join(cwd, 'out'))).toEqual(whole);
  });
});

const EVIL =
  '*/ `include "/etc/passwd" \\n endmodule \\u2028 "; system("touch PWNED"); $(touch PWNED) </script><script>';
const own = (
  id: string,
  port = 'x',
  part = 'inverse',
): string => `import { defineUnit } from 'subbyte/units/unit';
export interface Params {
  /** Some text. @default "a" */
  text: string;
}
export const unit = defineUnit<Params, { ${port}: number }, { y: number }>({
  id: ${JSON.stringify(id)}, family: 'example', summary: '${EVIL}', equations: ['${EVIL}'], source: '${EVIL}', state: false,
  ports: () => ({
    in: { ${port}: { format: 'uint4', doc: 'synopsys translate_off\\n${EVIL}' } },
    out: { y: { format: 'uint4', doc: '${EVIL}' } },
  }),
  golden: () => ({ step: ({ ${port}: value }) => ({ y: 15 - value }) }),
  datapath: (b, inputs) => b.scope('part', 'synopsys translate_off\\n${EVIL}', () => ({
    y: b.table('${part}', 'verilator lint_off WIDTH\\n${EVIL}', Array.from({ length: 16 }, (_, i) => BigInt(15 - i)), inputs.signal('${port}')),
  })),
});
`;

describe("a user's unit", () => {
  test('with evil texts is emitted, linted and right', async () => {
    const cwd = at('own');
    writeFileSync(join(cwd, 'evil.ts'), own('evil'));
    const made = await gen(['--unit', './evil.ts', '--out', 'out', '--verify', '--engine', 'interpreter'], {
      cwd,
    });
    expect({ code: made.code, stderr: made.stderr }).toEqual({ code: 0, stderr: '' });
    const text = filesBelow(join(cwd, 'out'))['evil/evil.v']!;
    // Every hostile line is a comment, and none of them is a pragma.
    for (const line of text.split('\n')) expect(line.split('//')[0]).not.toMatch(/etc.passwd|touch|script/);
    expect(text).not.toMatch(/\/\/ (?:synopsys|verilator)/);
    expect(text.match(/^endmodule$/gm)).toHaveLength(2);
    expect(readdirSync(cwd).sort()).toEqual(['evil.ts', 'out']);
  });

  test.each([
    ['../../evil'],
    ['a\nendmodule'],
    ['x; $finish'],
    [''],
    ['-rf'],
    ['a'.repeat(300)],
    ['/etc/x'],
  ])('is not called %j', async id => {
    const cwd = at('own');
    writeFileSync(join(cwd, 'id.ts'), own(id));
    refused(await gen(['--unit', './id.ts', '--out', 'out'], { cwd }));
  });

  test('cannot name ports and tables so that they leave the text', async () => {
    const cwd = at('own');
    for (const text of [own('a', 'module'), own('a', 'x', 'in\\nverse')]) {
      writeFileSync(join(cwd, 'name.ts'), text);
      const { code, stderr } = await gen(['--unit', './name.ts', '--out', 'none'], { cwd });
      expect(code).toBe(1);
      expect(stderr).toMatch(/^gen: HDL-013 .*\n$/);
    }
    expect(readdirSync(cwd)).not.toContain('none');
  });

  test.each([
    ['a b.ts'],
    ['$(touch PWNED).ts'],
    ['q"\'.ts'],
    ['line\nend.ts'],
    ['é.ts'],
  ])('stands in a file %j', async name => {
    const cwd = at('files');
    cpSync(join(at('own'), 'evil.ts'), join(cwd, name));
    const { code, stderr } = await gen(['--unit', `./${name}`, '--out', 'out', '--annotate'], { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(filesBelow(join(cwd, 'out'))['evil/evil.v']).toMatch(/^[\n\x20-\x7e]*$/);
    expect(readdirSync(cwd)).not.toContain('PWNED');
  });
});
