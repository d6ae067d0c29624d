import { describe, expect, test } from 'vitest';
import { Random } from '../../sim/random.ts';
import { gen } from './run.ts';

const LINES = 10_000;

/** Beats for an MX unit, mostly with scales that meet; `en` now and then low, or not there at all. */
function linesFor(lanes: number, elementBits: number, withEnable: boolean): string {
  const random = new Random(4711);
  const hex = (bits: number): string => {
    let code = 0n;
    for (let i = 0; i < bits; i += 32) code = (code << 32n) | BigInt(random.next());
    return `0x${BigInt.asUintN(bits, code).toString(16)}`;
  };
  const scale = (): string =>
    random.below(4) === 0 ? hex(8) : `0x${(112 + random.below(32)).toString(16).toUpperCase()}`;
  let text = '';
  for (let i = 0; i < LINES; i++) {
    const beat: Record<string, string> = {
      b: hex(lanes * elementBits),
      first: random.below(8) === 0 ? '0x1' : '0x0',
      a: hex(lanes * elementBits),
      a_scale: scale(),
      b_scale: scale(),
    };
    if (withEnable && random.below(4) > 0) beat.en = random.below(3) > 0 ? '0x1' : '0x0';
    text += `${JSON.stringify(beat)}\n`;
  }
  return text;
}

interface Row {
  readonly title: string;
  readonly args: readonly string[];
  readonly lanes: number;
  readonly bits: number;
  readonly enable: boolean;
}

const fp4 = { lanes: 32, bits: 4 };
const fp8 = { lanes: 4, bits: 8 };
const ROWS: readonly Row[] = [
  { title: 'fp32, no stages', args: ['--unit', 'mxfp4-mac'], ...fp4, enable: false },
  { title: 'fp32, no stages, with en', args: ['--unit', 'mxfp4-mac'], ...fp4, enable: true },
  { title: 'fp32, 3 stages, with en', args: ['--unit', 'mxfp4-mac', '--stages', '3'], ...fp4, enable: true },
  {
    title: 'fixed window, with en',
    args: ['--unit', 'mxfp8-e5m2-mac', '--accumulator', 'fixed', '--lanes', '4'],
    ...fp8,
    enable: true,
  },
  {
    title: 'valid shell, 2 stages, with en',
    args: ['--unit', 'mxfp4-mac', '--shell', 'valid', '--stages', '2', '--lanes', '4'],
    lanes: 4,
    bits: 4,
    enable: true,
  },
  {
    title: 'a beat every 3 clocks, 4 stages, with en',
    args: ['--unit', 'mxfp4-mac', '--stages', '4', '--initiation', '3', '--lanes', '4'],
    lanes: 4,
    bits: 4,
    enable: true,
  },
  {
    title: 'stream shell, 2 stages',
    args: ['--unit', 'mxfp4-mac', '--shell', 'stream', '--stages', '2', '--lanes', '4'],
    lanes: 4,
    bits: 4,
    enable: false,
  },
];

describe.each(ROWS)('$title', ({ args, lanes, bits, enable }) => {
  const input = linesFor(lanes, bits, enable);
  test('all executions answer the same', async () => {
    const golden = await gen(['eval', ...args], { input });
    expect(golden).toMatchObject({ code: 0, stderr: '' });
    const answers = golden.stdout.split('\n');
    expect(answers.length).toBe(LINES + 1);
    expect(new Set(answers).size).toBeGreaterThan(LINES / 4);
    const hasValid = args.includes('valid');
    expect(Object.keys(JSON.parse(answers[0]!)).includes('valid')).toBe(hasValid);
    if (hasValid) {
      const accepted = input.split('\n').filter(l => l && (JSON.parse(l).en ?? '0x1') === '0x1').length;
      expect(answers.filter(l => l.endsWith('"valid":"0x1"}')).length).toBe(accepted);
    }
    // Making a netlist takes long: one is enough here, and the smallest has most around it.
    for (const engine of ['verilator', 'interpreter', ...(hasValid ? ['netlist'] : [])]) {
      const simulated = await gen(['sim', ...args, '--engine', engine], { input });
      expect(simulated).toMatchObject({ code: 0, stderr: '' });
      // Comparing the whole texts at once would print them when they differ.
      const at = simulated.stdout.split('\n').findIndex((line, i) => line !== answers[i]);
      expect(at, `${engine}, line ${at + 1}`).toBe(-1);
      expect(simulated.stdout.length).toBe(golden.stdout.length);
    }
  });
});

test('no lines in, no lines out; the last line needs no end', async () => {
  const args = ['--unit', 'mxfp4-mac', '--lanes', '2', '--stages', '3'];
  const line = '{"first":"0x1","a":"0x21","a_scale":"0x7f","b":"0x3c","b_scale":"0x80"}';
  for (const command of ['eval', 'sim']) {
    expect(await gen([command, ...args])).toMatchObject({ code: 0, stdout: '', stderr: '' });
    const expected = { code: 0, stdout: '{"y":"0x3f800000"}\n', stderr: '' };
    expect(await gen([command, ...args], { input: line })).toMatchObject(expected);
    expect(await gen([command, ...args], { input: `\r\n${line}\r\n\r\n` })).toMatchObject(expected);
  }
});
