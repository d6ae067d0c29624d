import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openSession, type Session } from '../generators/cli/session.ts';
import { LANES } from '../generators/netlist/program.ts';
import { loadRegistry } from '../generators/reflect/catalogue.ts';
import { inputBits } from '../sim/inputSpace.ts';
import { netlistMachine } from '../sim/netlist.ts';
import { projectRoot } from '../sim/root.ts';
import { makeStimulus } from '../sim/stimulus.ts';
import { startVerilator } from '../sim/verify.ts';
import { buildProgram, type VerilatorExecution } from '../sim/verilator.ts';
import { bareBuild, bareLoop } from './bare.ts';
import { alternate, median, type Ratio, timed } from './measure.ts';

/** What the measurements share: a folder that is thrown away, with a cache of its own. */
export interface Bench {
  readonly folder: string;
  readonly rounds: number;
}

export type Measurement = (bench: Bench) => Promise<readonly Ratio[]>;

const UNIT = ['--unit', 'mxfp4-mac'];
const BUILD_BEATS = 100_000;
const RATE_BEATS = 1_000_000;
const WIDE_LANES = 1024;

const main = join(projectRoot, 'dist', 'generators', 'cli', 'main.js');
const cacheOf = ({ folder }: Bench): string => join(folder, 'cache');

/** Runs `gen` as a user does, with the cache of the bench. */
function gen(
  bench: Bench,
  args: readonly string[],
  nodeFlags: readonly string[] = [],
): ReturnType<typeof timed> {
  const env = { ...process.env, SUBBYTE_CACHE: cacheOf(bench) };
  return timed(process.execPath, [...nodeFlags, main, ...args], env);
}

/** The unit of the benches, its Verilog in a file. */
async function verilogFile(bench: Bench): Promise<{ session: Session; file: string }> {
  const session = await openSession('bench', '', UNIT, () => {});
  const file = join(bench.folder, `${session.module.name}.v`);
  await writeFile(file, session.verilog);
  return { session, file };
}

/** How long a user waits for Verilog, over the start of an empty Node.js program. */
const generation: Measurement = async bench => {
  const out = join(bench.folder, 'out');
  const pairs = await alternate(
    2 * bench.rounds,
    async () => (await gen(bench, [...UNIT, '--out', out])).seconds,
    async () => (await timed(process.execPath, ['-e', '0'])).seconds,
  );
  return [
    {
      what: 'gen mxfp4-mac, over an empty Node.js program',
      ratio: pairs.ratio,
      goal: 3,
      sense: 'at most',
      parts: { 'gen s': pairs.first, 'node s': pairs.second },
    },
  ];
};

/** How long a user waits for a verdict on new Verilog, over what Verilator and the compiler must take. */
const verdict: Measurement = async bench => {
  const { session, file } = await verilogFile(bench);
  const run = ['verify', ...UNIT, '--vectors', String(BUILD_BEATS)];
  // Verilator's own runtime is built once for all models: it is there before the clock starts.
  await gen(bench, run);
  const pairs = await alternate(
    bench.rounds,
    async () => {
      await rm(join(cacheOf(bench), 'programs'), { recursive: true, force: true });
      return (await gen(bench, run)).seconds;
    },
    async () => {
      const folder = join(bench.folder, 'bare');
      await rm(folder, { recursive: true, force: true });
      return bareBuild(file, session.module.name, folder);
    },
  );
  return [
    {
      what: `gen verify mxfp4-mac with ${BUILD_BEATS.toLocaleString('en-US')} beats and no program kept, over verilator --cc and g++ -O2`,
      ratio: pairs.ratio,
      goal: 1.6,
      sense: 'at most',
      parts: { 'verify s': pairs.first, 'bare s': pairs.second },
    },
  ];
};

/** Beats verified a second, with stimulus, golden model and comparison, over those of the verilated model alone. */
const rate: Measurement = async bench => {
  const { session, file } = await verilogFile(bench);
  const loop = await bareLoop(session.design, file, session.module.name, join(bench.folder, 'loop'));
  const run = ['verify', ...UNIT, '--engine', 'verilator', '--vectors', String(RATE_BEATS), '--json'];
  const pairs = await alternate(
    bench.rounds,
    async () => JSON.parse((await gen(bench, run)).stdout).vectorsPerSecond as number,
    () => loop(RATE_BEATS),
  );
  return [
    {
      what: 'mxfp4-mac beats a second, verified end to end, over the verilated model in a bare loop',
      ratio: pairs.ratio,
      goal: 1 / 3,
      sense: 'at least',
      parts: { 'verified/s': pairs.first, 'bare/s': pairs.second },
    },
  ];
};

/** How generation grows with the width, and the memory that it takes. */
const width: Measurement = async bench => {
  const out = join(bench.folder, 'out');
  const preload = join(bench.folder, 'memory.mjs');
  await writeFile(
    preload,
    "process.on('exit', () => console.error('peak', process.resourceUsage().maxRSS));\n",
  );
  const run = (lanes: number): ReturnType<typeof timed> =>
    gen(bench, [...UNIT, '--lanes', String(lanes), '--out', out], ['--import', pathToFileURL(preload).href]);
  let peak = 0;
  const pairs = await alternate(
    bench.rounds,
    async () => {
      const { seconds, stderr } = await run(WIDE_LANES);
      peak = Math.max(peak, Number(/peak (\d+)/.exec(stderr)![1]) / 1024);
      return seconds;
    },
    async () => (await run(32)).seconds,
  );
  const ratios: Ratio[] = [
    {
      what: `gen mxfp4-mac with ${WIDE_LANES} lanes, over 32 lanes`,
      ratio: pairs.ratio,
      goal: 40,
      sense: 'at most',
      parts: { 'wide s': pairs.first, 'narrow s': pairs.second },
    },
    {
      what: `peak memory of gen mxfp4-mac with ${WIDE_LANES} lanes, over 1 GiB`,
      ratio: peak / 1024,
      goal: 1,
      sense: 'at most',
      parts: { MiB: peak },
    },
  ];
  return ratios;
};

const UNIT_RATE = 200_000;
const UNIT_BEATS = 400_000;
/** Units with more input bits are not held to the rate: reading their inputs alone takes longer. */
const RATED_BITS = 1000;

/** Verified beats a second of each unit and preset at its defaults: stimulus, golden model, Verilator and comparison. */
const units: Measurement = async bench => {
  const ids = loadRegistry().flatMap(entry => [entry.id, ...entry.presets.map(p => p.id)]);
  const ratios: Ratio[] = [];
  for (const id of ids) {
    const { design } = await openSession('bench', '', ['--unit', id], () => {});
    const bits = inputBits(design);
    const run = (vectors: number): ReturnType<typeof timed> =>
      gen(bench, ['verify', '--unit', id, '--engine', 'verilator', '--vectors', String(vectors), '--json']);
    // The program is built before the clock starts.
    await run(1000);
    const rates: number[] = [];
    for (let round = 0; round < Math.min(3, bench.rounds); round++)
      rates.push(JSON.parse((await run(UNIT_BEATS)).stdout).vectorsPerSecond as number);
    const perSecond = median(rates);
    ratios.push({
      what: `${id} (${bits} input bits): verified beats a second, over ${UNIT_RATE.toLocaleString('en-US')}`,
      ratio: perSecond / UNIT_RATE,
      ...(bits <= RATED_BITS ? { goal: 1 } : {}),
      sense: 'at least',
      parts: { 'verified/s': perSecond },
    });
  }
  return ratios;
};

const NETLIST_BEATS = LANES * 64;
const NETLIST_SECONDS = 0.5;

/** What a unit is played with beside the netlist engine: given the unit and its beats, beats a second. */
type Rival = (unit: Rated) => Promise<() => Promise<number>>;

interface Rated {
  readonly session: Session;
  readonly file: string;
  readonly records: Uint32Array;
}

/** Beats a second of the netlist engine, over those of the verilated model. Nothing is checked on either side. */
const netlistOver =
  (name: string, rivalOf: (bench: Bench) => Rival): Measurement =>
  async bench => {
    const ratios: Ratio[] = [];
    for (const { id } of loadRegistry()) {
      const session = await openSession('bench', '', ['--unit', id], () => {});
      const { design, module, verilog } = session;
      const file = join(bench.folder, `${module.name}.v`);
      await writeFile(file, verilog);
      const machine = await netlistMachine(design, verilog, module.name);
      const stimulus = makeStimulus(design, { vectors: NETLIST_BEATS, exhaustive: false, seed: 1 });
      const records = new Uint32Array(NETLIST_BEATS * stimulus.layout.size);
      stimulus.fill(records, NETLIST_BEATS);
      const rival = await rivalOf(bench)({ session, file, records });
      const { latency } = design.schedule;
      machine.inputs(NETLIST_BEATS, latency).set(records);
      const play = (): unknown =>
        design.unit.state
          ? machine.playSequences(undefined, NETLIST_BEATS / LANES, latency)
          : machine.playBeats(undefined, NETLIST_BEATS, latency);
      const engine = async (): Promise<number> => {
        const started = performance.now();
        let beats = 0;
        for (; performance.now() - started < 1000 * NETLIST_SECONDS; beats += NETLIST_BEATS) play();
        return beats / ((performance.now() - started) / 1000);
      };
      const pairs = await alternate(bench.rounds, engine, rival);
      ratios.push({
        what: `${id}, ${machine.gates.toLocaleString('en-US')} gates: netlist engine over ${name}`,
        ratio: pairs.ratio,
        goal: 10,
        sense: 'at least',
        parts: { 'netlist/s': pairs.first, 'verilator/s': pairs.second },
      });
    }
    return ratios;
  };

/** As `gen` runs Verilator: a program that reads records and writes records, as the engine does. */
const netlist = netlistOver("gen's program of Verilator", () => async ({ session, records }) => {
  const { design, module, verilog } = session;
  const path = await buildProgram([{ design, module: module.name, verilog }]);
  return () => programRate(startVerilator(design, { path, index: 0 }, 1), records);
});

/** A loop around the model, which neither reads nor writes records. */
const netlistBare = netlistOver(
  'the verilated model in a bare loop',
  bench =>
    async ({ session: { design, module }, file }) => {
      const loop = await bareLoop(design, file, module.name, join(bench.folder, `loop-${module.name}`));
      return () => loop(RATE_BEATS);
    },
);

/** Beats a second of a running program. Its start is not counted. */
async function programRate(rtl: VerilatorExecution, records: Uint32Array): Promise<number> {
  const rounds = Math.ceil(RATE_BEATS / NETLIST_BEATS);
  const send = async (times: number): Promise<void> => {
    for (let i = 0; i < times; i++) await rtl.send(records, NETLIST_BEATS);
  };
  try {
    // It runs once the first answers are here. They may lie behind by the latency, so there are beats after theirs.
    await send(2);
    await rtl.receive(NETLIST_BEATS);
    const started = performance.now();
    const sent = send(rounds - 1).then(() => rtl.end());
    for (let i = 0; i < rounds; i++) await rtl.receive(NETLIST_BEATS);
    const seconds = (performance.now() - started) / 1000;
    await sent;
    return (rounds * NETLIST_BEATS) / seconds;
  } finally {
    await rtl.close();
  }
}

/** The measurements by name, in the order in which they run. */
export const MEASUREMENTS: Readonly<Record<string, Measurement>> = {
  generation,
  verdict,
  rate,
  width,
  netlist,
  'netlist-bare': netlistBare,
  units,
};
