import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderOfTests, gen } from './run.ts';

const folder = folderOfTests();
const UNIT = ['--unit', 'mx-mac', '--lanes', '4'];

interface Document {
  readonly module: string;
  readonly goal: { readonly stages: number; readonly initiation?: number };
  readonly latency: number;
  readonly initiation: number;
  readonly ports: readonly { readonly name: string; readonly doc: string }[];
}

async function written(...flags: string[]): Promise<Document & { text: string }> {
  const { code, stdout, stderr } = await gen([...UNIT, ...flags, '--out', folder, '--json']);
  expect([code, stderr]).toEqual([0, '']);
  const document = JSON.parse(stdout) as Document;
  const text = readFileSync(join(folder, document.module, `${document.module}.v`), 'utf8');
  return { ...document, text };
}

describe('--initiation', () => {
  test('stands in name, manifest, header and ports', async () => {
    const { module, goal, latency, initiation, ports, text } = await written(
      '--stages',
      '4',
      '--initiation',
      '3',
    );
    expect(module).toBe('mx_mac_lanes4_stages4_initiation3');
    expect([goal.initiation, latency, initiation]).toEqual([3, 5, 3]);
    expect(ports.find(p => p.name === 'en')!.doc).toBe('this beat is accepted; in at most one of 3 clocks');
    expect(text).toContain('5 clock cycles; a beat may follow every 3 clocks');
    expect(text).toContain('gen --unit mx-mac --lanes 4 --stages 4 --initiation 3');
    expect(text).toContain('localparam INITIATION = 3;');
  });

  test('of 1 is what there is without it', async () => {
    expect(await written('--stages', '2', '--initiation', '1')).toEqual(await written('--stages', '2'));
  });

  test('is told where fewer clocks would be enough', async () => {
    const { code, stdout } = await gen([...UNIT, '--stages', '1', '--initiation', '8', '--dry-run']);
    expect(code).toBe(0);
    expect(stdout).toContain('a beat may follow every 8 clocks (at these stages, 2 would be enough)');
  });

  test.each([
    [
      ['--unit', 'fp-mul', '--initiation', '2'],
      '--initiation: fp-mul keeps no state, so a beat may follow every clock; leave it out',
    ],
    [[...UNIT, '--initiation', '17'], "--initiation: '17' is not a whole number from 1 to 16"],
    [[...UNIT, '--initiation', '0'], "--initiation: '0' is not a whole number from 1 to 16"],
  ])('%j is a mistake', async (args, text) => {
    const { code, stdout, stderr } = await gen(args);
    expect([code, stdout, stderr]).toEqual([2, '', `gen: ${text}\n`]);
  });
});

describe('--freq', () => {
  const reach = (...flags: string[]) => gen([...UNIT, '--freq', '60', ...flags, '--json', '--dry-run']);

  test('says which interval would do, and it does, and one less does not', async () => {
    const { code, stderr } = await reach();
    expect(code).toBe(5);
    const [, n] = /; with --initiation (\d+) it does, and a beat may follow every \1 clocks\n$/.exec(stderr)!;
    expect(Number(n)).toBeGreaterThan(2);
    const [enough, less] = await Promise.all([
      reach('--initiation', n!),
      reach('--initiation', String(Number(n) - 1)),
    ]);
    expect(enough.code).toBe(0);
    expect(JSON.parse(enough.stdout)).toMatchObject({ initiation: Number(n) });
    expect(less.code).toBe(5);
    expect(less.stderr).toContain(`does not reach 60 MHz with --initiation ${Number(n) - 1}: the best is`);
    expect(less.stderr).toContain(`; with --initiation ${n} it does`);
  });

  test('says nothing of it where no interval would do, or where there is no state', async () => {
    for (const unit of ['mx-mac', 'mx-quant']) {
      const { code, stderr } = await gen(['--unit', unit, '--freq', '2000', '--dry-run']);
      expect(code).toBe(5);
      expect(stderr).toMatch(/by the timing model of a middling FPGA\n$/);
    }
  });

  test('goes on where some stages more bring nothing, as long as still more do', async () => {
    const { code, stdout } = await gen(['--unit', 'mx-quant', '--freq', '500', '--json', '--dry-run']);
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as Document).goal.stages).toBeGreaterThan(18);
  });
});
