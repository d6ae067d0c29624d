import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { dotStimulus, sumReader } from '../../examples/speech/beats.ts';
import { dotProducts, firstRows, loadTensors, type Matrix, sqnr } from '../../examples/speech/tensors.ts';
import { type Design, design, type Parameters } from '../../generators/emit/design.ts';
import { unit } from '../../generators/units/mx-mac.ts';
import type { Unit } from '../../generators/units/unit.ts';
import { goldenExecution } from '../../sim/executions.ts';
import { readNpy } from '../../sim/npy.ts';
import { projectRoot } from '../../sim/root.ts';
import { findVerilator } from '../../sim/verilator.ts';

const run = promisify(execFile);
const program = join(projectRoot, 'dist', 'examples', 'speech', 'run.js');
const hasVerilator = await findVerilator().then(
  () => true,
  () => false,
);
if (!hasVerilator) console.log('skipped: the example through Verilog, as Verilator is not installed');

function macOf(params: Parameters): Design {
  const defaults = { lanes: 4, element: 'e2m1', accumulator: 'fp32', windowLsb: -24, windowWidth: 48 };
  const goal = { stages: 0, shell: 'bare', multipliers: 'auto' } as const;
  return design(unit as unknown as Unit<Parameters>, { ...defaults, ...params }, goal);
}

function matrix(rows: readonly (readonly number[])[]): Matrix {
  return { rows: rows.length, columns: rows[0].length, data: Float32Array.from(rows.flat()) };
}

/** The products of two matrices by the golden model. */
async function products(mac: Design, left: Matrix, right: Matrix): Promise<number[]> {
  const stimulus = dotStimulus(mac, left, right, 'floor');
  const sums = new Float64Array(left.rows * right.rows);
  const collect = sumReader(mac, sums, left.columns / Number(mac.params.lanes));
  const golden = goldenExecution(mac);
  // In pieces that do not end where sums end.
  for (let done = 0; done < stimulus.count; done += 3) {
    const count = Math.min(3, stimulus.count - done);
    const records = new Uint32Array(count * stimulus.layout.size).fill(0xffffffff);
    stimulus.fill(records, count);
    collect((await golden.run(records, count)) as Uint32Array, count);
  }
  return [...sums];
}

describe('the speech example', () => {
  const left = matrix([
    [1, 2, 3, -4, 0.5, 0.25, 0, 6],
    [0, 0, 0, 0, 96, -16, 8, 0],
  ]);
  const right = matrix([
    [1, 1, 1, 1, 2, 2, 2, 2],
    [4, -1, 0, 6, 0, 0, 0, 0],
    [0, 0, 0, 1, 1, 0, 0, 0],
  ]);

  it.each<Parameters>([
    { element: 'e2m1', lanes: 4 },
    { element: 'e2m1', lanes: 8 },
    { element: 'int8', lanes: 4 },
    { element: 'e4m3', lanes: 2, accumulator: 'fixed' },
    { element: 'e3m2', lanes: 4 },
  ])('multiplies what the format holds without error: %o', async params => {
    const { element } = params;
    // Values on the grid of every format at hand, but 0.25 beside 6 for e2m1, where it is a tie that goes to 0.
    const exact = element === 'e2m1' ? matrix([[1, 2, 3, -4, 0.5, 0, 0, 6], [...left.data.slice(8)]]) : left;
    const wanted = dotProducts(exact, right);
    const got = await products(macOf(params), exact, right);
    expect(got).toEqual([...wanted]);
  });

  it('measures noise in dB', () => {
    expect(sqnr([3, 4], [3, 4.5])).toBeCloseTo(20);
    expect(sqnr([1], [1])).toBe(Number.POSITIVE_INFINITY);
  });

  it('has the tensors that its README states', async () => {
    const { weights, hidden } = await loadTensors();
    expect([weights.rows, weights.columns, hidden.rows, hidden.columns]).toEqual([512, 128, 513, 128]);
    expect(Math.max(...hidden.data.map(Math.abs))).toBeLessThanOrEqual(1);
    expect(firstRows(hidden, 2).data.length).toBe(256);
  });

  it.skipIf(!hasVerilator)('runs real data through the Verilog and writes what comes out', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'subbyte-speech-'));
    try {
      const args = [program, '--frames', '8', '--element', 'int8', '--no-report', '--json', '--out', folder];
      const document = JSON.parse((await run(process.execPath, args)).stdout);
      expect(document).toMatchObject({ frames: 8, dots: 4096, beats: 16384, mismatches: 0 });
      expect(document.sqnrDb).toBeGreaterThan(35);
      const { shape, data } = await readNpy(join(folder, 'dots.npy'));
      expect(shape).toEqual([8, 512]);
      const { weights, hidden } = await loadTensors();
      const wanted = dotProducts(firstRows(hidden, 8), weights);
      expect(sqnr(wanted, data as Float64Array)).toBeCloseTo(document.sqnrDb);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it.each([
    [['--frames', '0'], /frames/],
    [['--lanes', '24'], /--lanes 24: expected a divisor of 128/],
    [['--scale-rule', 'round'], /--scale-rule: 'round' is none of floor, ceil, even, up/],
    [['--target', 'xc9'], /xc9/],
  ])('says what is wrong with %o', async (args, message) => {
    const failed = await run(process.execPath, [program, ...args]).then(
      () => undefined,
      (error: { code: number; stderr: string }) => error,
    );
    expect(failed?.code).toBe(2);
    expect(failed?.stderr).toMatch(message);
  });

  it('says what to install where Verilator is missing', async () => {
    const failed = await run(process.execPath, [program, '--frames', '1'], {
      env: { ...process.env, PATH: '', VERILATOR: '' },
    }).catch((error: { code: number; stderr: string }) => error);
    expect(failed).toMatchObject({ code: 6, stderr: expect.stringContaining('Verilator is not installed') });
  });
});
