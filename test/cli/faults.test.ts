import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Ended, filesBelow, folderOfTests, gen, wordsOf } from './run.ts';

const folder = folderOfTests();
const GENERATORS = fileURLToPath(new URL('../../generators/', import.meta.url));
const textOf = (path: string): string => readFileSync(join(GENERATORS, path), 'utf8');

/** What is written into the unit, as faults are planted there. */
const INLINED = ['units/blockDatapath', 'blocks/accumulate'];

const IMPORT = /^import (type )?\{([^}]*)\} from '([^']*)';\n/gm;

/**
 * The unit `mx-mac` as a user's own file, with its datapath and the block that it accumulates with written into it, so that a
 * fault can be planted in each.
 */
function ownUnit(): string {
  const parts = [
    ['units', textOf('units/mx-mac.ts')],
    ...INLINED.map(path => [dirname(path), textOf(`${path}.ts`).replace(/^export /gm, '')] as const),
  ] as const;
  const modules = new Map<string, Map<string, boolean>>();
  let body = '';
  for (const [folderName, text] of parts) {
    body += text.replace(IMPORT, (_, type: string | undefined, names: string, from: string) => {
      const path = join('subbyte', folderName, from).replace(/\.ts$/, '');
      const known = modules.get(path) ?? new Map<string, boolean>();
      for (const name of names.split(',').map(n => n.trim())) {
        const isType = type !== undefined || name.startsWith('type ');
        const plain = name.replace(/^type /, '');
        if (plain) known.set(plain, isType && known.get(plain) !== false);
      }
      modules.set(path, known);
      return '';
    });
  }
  for (const path of INLINED) modules.delete(`subbyte/${path}`);
  const imports = [...modules].map(([path, names]) => {
    const list = [...names].map(([name, isType]) => (isType ? `type ${name}` : name));
    return `import { ${list.join(', ')} } from '${path}';\n`;
  });
  return imports.join('') + body;
}

/** Changes one place of the unit; returns the name of its file. */
function plant(name: string, from: string, to: string): string {
  const source = ownUnit();
  const changed = source.replace(from, () => to);
  if (changed === source) throw new Error(`mx-mac holds no ${from} any more; plant the fault '${name}' anew`);
  writeFileSync(join(folder, `${name}.ts`), changed);
  return `${name}.ts`;
}

interface Fault {
  readonly title: string;
  readonly from: string;
  readonly to: string;
  readonly args: readonly string[];
  /** What the first mismatch must show. */
  readonly shows?: RegExp;
  /** A model that traces takes a while to compile. */
  readonly wave?: boolean;
}

const FAULTS: readonly Fault[] = [
  { title: 'wrong bias of the scales', from: '.sub(254)', to: '.sub(253)', args: [] },
  {
    title: 'NaN of a scale is ignored',
    from: '.or(bScale.eq(255))',
    to: '',
    args: [],
    wave: true,
    shows: /b_scale +0xff = NaN[\s\S]*expected\n +y +0x7fc00000 = NaN/,
  },
  {
    title: 'a sum starts from -0',
    from: 'b.mux(first, b.const(0), sum.value)',
    to: 'b.mux(first, b.const(2 ** 31), sum.value)',
    args: [],
    shows: /expected\n +y +0x00000000 = 0\n +got\n +y +0x80000000 = -0\n/,
  },
  {
    title: 'lanes of one block in the wrong order',
    from: "b: x.vector('b')",
    to: "b: b.concat(...[3, 2, 0, 1].map(i => x.vector('b').at(i))).unpack(4)",
    args: [],
  },
  {
    title: 'sticky bit dropped before rounding to the window',
    from: 'lowered.shifted.bit(0).or(lowered.sticky)',
    to: 'lowered.shifted.bit(0)',
    args: ['--accumulator', 'fixed'],
    shows: /expected\n +y +0x[0-9a-f]{12} = \S+\n[\s\S]* got\n +y +0x[0-9a-f]{12} = \S+\n/,
  },
  {
    title: 'a beat that starts a sum does not clear nan',
    from: 'nan.next(nan.value.and(keep).or(dot.isNaN))',
    to: 'nan.next(nan.value.or(dot.isNaN))',
    args: ['--accumulator', 'fixed', '--stages', '2'],
    wave: true,
    shows: /expected\n[\s\S]*nan +0x0 = 0\n +got\n[\s\S]*nan +0x1 = 1\n/,
  },
];

const FAST = ['--lanes', '4'];

describe.each(FAULTS)('$title', ({ title, from, to, args, shows, wave }) => {
  const name = title.replace(/\W+/g, '-');
  let result: Ended;
  beforeAll(async () => {
    const file = plant(name, from, to);
    const more = wave ? ['--wave', `${name}.vcd`] : [];
    result = await gen(['verify', '--unit', file, ...FAST, ...args, ...more], { cwd: folder });
  }, 120_000);

  test('is found, and shown decoded', () => {
    expect(result.stderr).toBe('');
    expect(result.code).toBe(4);
    expect(result.stdout).toMatch(/^lint +ok /m);
    expect(result.stdout).toMatch(
      /^vectors +FAILED .* [1-9]\d* mismatches between golden, interpreter, verilator$/m,
    );
    // The latency is right, and so is what is said of it.
    const cycles = args.includes('--stages') ? 3 : 1;
    expect(result.stdout).toContain(`latency     ok  ${cycles} declared, ${cycles} measured\n`);
    const text = result.stdout.slice(result.stdout.indexOf('\nbeat ') + 1);
    expect(text).toMatch(/^beat \d+: (interpreter|verilator) disagrees with golden/);
    expect(text).toMatch(/^ {2}first +0x[01] = [01]$/m);
    expect(text).toMatch(/^ {2}a +\[0\] 0x\w = \S+ +\[1\] 0x\w = \S+ +\[2\] 0x\w = \S+ +\[3\] 0x\w = \S+$/m);
    expect(text).toMatch(/^ {2}a_scale +0x\w\w = \S+$/m);
    expect(text).toMatch(
      /^ {2}expected\n( {4}\w+ +0x\w+ = \S+\n)+ {2}got\n( {4}\w+ +0x\w+ = \S+\n)+ {2}replay +gen verify /m,
    );
    if (shows) expect(text).toMatch(shows);
  });

  test('the replay command shows it again', async () => {
    const command = /^ {2}replay +gen (.*)$/m.exec(result.stdout)![1]!;
    const again = await gen(wordsOf(command), { cwd: folder });
    expect(again.code).toBe(4);
    const mismatch = (r: Ended): string => r.stdout.slice(r.stdout.indexOf('\nbeat '));
    expect(mismatch(again)).toBe(mismatch(result));
    expect(again.stdout).toMatch(/ 1 mismatches between/);
  });

  test.runIf(wave)('the waveform holds its cycle', () => {
    const vcd = readFileSync(join(folder, `${name}.vcd`), 'utf8');
    const beat = Number(/^beat (\d+):/m.exec(result.stdout)![1]);
    expect(vcd).toMatch(/\$var wire +32 \S+ y \[31:0\] \$end|\$var wire +48 \S+ y \[47:0\] \$end/);
    const times = [...vcd.matchAll(/^#(\d+)$/gm)].map(([, time]) => Number(time));
    const latency = args.includes('--stages') ? 3 : 1;
    // A cycle is ten time units long; the answer stands in the cycle `latency` after its beat.
    const at = (cycle: number): number => cycle * 10;
    expect(times[0]).toBe(at(Math.max(0, beat - 20)));
    expect(times).toContain(at(beat + latency));
    expect(times.at(-1)).toBeLessThanOrEqual(at(beat + latency + 20) + 5);
    expect(valueAt(vcd, 'y', at(beat + latency))).toBe(gotOf(result.stdout, 'y'));
  });
});

/** What a signal of the VCD holds at a time. */
function valueAt(vcd: string, name: string, time: number): bigint {
  const id = new RegExp(`\\$var wire +\\d+ (\\S+) ${name} `).exec(vcd)![1]!;
  let now = 0;
  let value = 0n;
  for (const line of vcd.split('\n')) {
    if (line.startsWith('#')) now = Number(line.slice(1));
    if (now > time) break;
    const [bits, signal] = line.split(' ');
    if (signal === id && bits!.startsWith('b')) value = BigInt(`0b${bits!.slice(1)}`);
  }
  return value;
}

function gotOf(text: string, port: string): bigint {
  return BigInt(new RegExp(`^ {2}got\\n(?: {4}.*\\n)*? {4}${port} +(0x\\w+)`, 'm').exec(text)![1]!);
}

test('of a sound unit there is no waveform, and a copy of it is sound', async () => {
  const file = plant('sound', "id: 'mx-mac'", "id: 'my-mac'");
  const { code, stdout } = await gen(
    ['verify', '--unit', file, ...FAST, '--vectors', '5000', '--wave', 'sound.vcd'],
    {
      cwd: folder,
    },
  );
  expect(code, stdout).toBe(0);
  expect(existsSync(join(folder, 'sound.vcd'))).toBe(false);
});

test('the document holds the mismatch', async () => {
  const file = plant('for-json', '.sub(254)', '.sub(253)');
  const args = ['--unit', file, ...FAST, '--shell', 'valid', '--engine', 'interpreter', '--vectors', '2000'];
  const { code, stdout } = await gen(['verify', ...args, '--json'], { cwd: folder });
  expect(code).toBe(4);
  const { mismatches, firstMismatch } = JSON.parse(stdout);
  expect(mismatches).toBeGreaterThan(0);
  const hex = expect.stringMatching(/^0x[0-9a-f]+$/);
  expect(firstMismatch).toEqual({
    beat: expect.any(Number),
    engine: 'interpreter',
    inputs: { first: hex, a: hex, a_scale: hex, b: hex, b_scale: hex },
    expected: { y: hex, valid: '0x1' },
    got: { y: hex, valid: '0x1' },
    text: expect.stringContaining('disagrees with golden'),
    replay: expect.stringMatching(
      /^gen verify --unit for-json\.ts --lanes 4 --shell valid --vectors \d+ --seed 1$/,
    ),
  });
  // The inputs of the mismatch, played alone as the start of a sum, differ too.
  const line = JSON.stringify({ ...firstMismatch.inputs, first: '0x1' });
  const [golden, wrong] = [['eval'], ['sim', '--engine', 'interpreter']].map(command =>
    gen([...command, '--unit', file, ...FAST], { cwd: folder, input: line }),
  );
  expect((await golden!).stdout).not.toBe((await wrong!).stdout);
});

test.each([
  ['of a stream', ['--shell', 'stream', '--stages', '1']],
  ['of a stream of beats that keep a distance', ['--shell', 'stream', '--stages', '3', '--initiation', '4']],
  ['of beats that keep a distance', ['--stages', '3', '--initiation', '4']],
])('%s the waveform holds the wrong result too', async (_, flags) => {
  const file = plant(
    'far-apart',
    'b.mux(first, b.const(0), sum.value)',
    'b.mux(first, b.const(2 ** 31), sum.value)',
  );
  const args = ['--unit', file, ...FAST, ...flags, '--wave', 'stream.vcd'];
  const { code, stdout } = await gen(['verify', ...args], { cwd: folder });
  expect(code).toBe(4);
  const vcd = readFileSync(join(folder, 'stream.vcd'), 'utf8');
  const bits = gotOf(stdout, 'y').toString(2);
  expect(vcd).toContain(`b${bits.padStart(32, '0')} `);
});

test('nothing is left behind', () => {
  expect(Object.keys(filesBelow(folder)).filter(name => name.endsWith('.tmp'))).toEqual([]);
  expect(readdirSync(folder).every(name => /\.(ts|vcd)$/.test(name))).toBe(true);
});
