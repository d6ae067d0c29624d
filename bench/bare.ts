import { randomBytes } from 'node:crypto';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Design } from '../generators/emit/design.ts';
import { inputLayout, outputLayout } from '../sim/codec.ts';
import { findVerilator } from '../sim/verilator.ts';
import { timed } from './measure.ts';

/** Beats in the memory of the bare loop. */
const POOL = 1024;

/** The C++ files that Verilator makes of a Verilog file, with nothing asked of it but `--cc` and these flags. */
async function verilate(
  file: string,
  top: string,
  folder: string,
  flags: readonly string[],
): Promise<string[]> {
  const { path } = await findVerilator();
  await timed(path, ['--cc', ...flags, '--prefix', 'Vbare', '--top-module', top, '--Mdir', folder, file]);
  return (await readdir(folder)).filter(name => name.endsWith('.cpp')).sort();
}

async function includes(): Promise<string[]> {
  const { include } = await findVerilator();
  return ['-I', include, '-I', join(include, 'vltstd')];
}

/** Seconds for one bare `verilator --cc` and one `g++ -O2 -c` of all that it made, in one file. */
export async function bareBuild(file: string, top: string, folder: string): Promise<number> {
  const { compiler } = await findVerilator();
  const started = performance.now();
  const sources = await verilate(file, top, folder, []);
  const all = join(folder, 'all.cxx');
  await writeFile(all, sources.map(name => `#include "${name}"\n`).join(''));
  await timed(compiler, ['-O2', ...(await includes()), '-c', all, '-o', join(folder, 'all.o')]);
  return (performance.now() - started) / 1000;
}

/** Beats a second of a verilated module in a loop, given how many to play. Starting the program is not counted. */
export type BareLoop = (beats: number) => Promise<number>;

/** A program that plays random beats from its memory to the verilated module. */
export async function bareLoop(design: Design, file: string, top: string, folder: string): Promise<BareLoop> {
  const { compiler, include } = await findVerilator();
  await mkdir(folder, { recursive: true });
  const sources = await verilate(file, top, folder, [
    '-O3',
    '--x-assign',
    'fast',
    '--noassert',
    '--threads',
    '1',
  ]);
  const main = join(folder, 'loop.cxx');
  await writeFile(main, loopText(design, sources));
  const program = join(folder, 'loop');
  const runtime = ['verilated.cpp', 'verilated_threads.cpp'].map(name => join(include, name));
  const flags = ['-std=gnu++17', '-O2', ...(await includes())];
  await timed(compiler, [...flags, main, ...runtime, '-pthread', '-o', program]);
  return async beats => {
    const { stdout } = await timed(program, [String(beats)]);
    return beats / Number(stdout.split(' ')[1]);
  };
}

/** The loop. Outputs are folded into one word that is printed, so that none of the work can be left out; then the seconds. */
function loopText(design: Design, sources: readonly string[]): string {
  const [input, output] = [inputLayout(design), outputLayout(design)];
  const pool = randomBytes(POOL * input.size * 4);
  const words = Array.from({ length: POOL * input.size }, (_, i) => pool.readUInt32LE(4 * i));
  const copy = ({ port, offset, words: n }: (typeof input.ports)[0]): string => {
    if (n > 2) return `memcpy(dut.${port.name}.data(), w + ${offset}, ${4 * n});`;
    const mask = (2n ** BigInt(port.width) - 1n).toString();
    const value = n === 2 ? `(w[${offset}] | uint64_t(w[${offset + 1}]) << 32)` : `w[${offset}]`;
    return `dut.${port.name} = ${value} & ${mask}ull;`;
  };
  const fold = ({ port, words: n }: (typeof output.ports)[0]): string =>
    n > 2 ? `sum += dut.${port.name}.at(0);` : `sum += dut.${port.name};`;
  return `#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
${sources.map(name => `#include "${name}"`).join('\n')}
double sc_time_stamp() { return 0; }
static const uint32_t pool[] = {${words.join(',')}};
int main(int, char** argv) {
    VerilatedContext context;
    Vbare dut{&context, "dut"};
    const uint64_t beats = strtoull(argv[1], nullptr, 10);
    uint64_t sum = 0;
    ${design.clocked ? 'auto edge = [&] { dut.clk = 1; dut.eval(); dut.clk = 0; };' : 'auto edge = [] {};'}
    ${design.hasAccept ? 'dut.clk = 0; dut.rst = 1; dut.en = 1; dut.eval(); edge(); dut.rst = 0;' : ''}
    const auto started = std::chrono::steady_clock::now();
    for (uint64_t beat = 0; beat < beats; beat++) {
        const uint32_t* w = pool + beat % ${POOL} * ${input.size};
        ${input.ports.map(copy).join('\n        ')}
        dut.eval();
        ${output.ports.map(fold).join('\n        ')}
        edge();
    }
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - started;
    printf("%llu %.9f\\n", static_cast<unsigned long long>(sum), seconds.count());
}
`;
}
