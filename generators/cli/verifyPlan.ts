import { access, constants } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Command } from 'commander';
import { inputBits, MOST_BITS } from '../../sim/inputSpace.ts';
import { EXHAUSTIVE_BITS } from '../../sim/stimulus.ts';
import type { Design } from '../emit/design.ts';
import { UsageError } from './errors.ts';
import { wholeNumber } from './options.ts';
import type { Session } from './session.ts';

const VECTORS = 100_000;

export function addVerifyOptions(command: Command): void {
  command
    .option(
      '--vectors <n>',
      `beats to compare (default ${VECTORS}, or all where there are 32 input bits or fewer)`,
    )
    .option(
      '--exhaustive',
      `every input there is; beyond ${EXHAUSTIVE_BITS} input bits on the netlists, and ${VECTORS} beats on the other executions`,
    )
    .option('--seed <n>', 'seed of the random beats (default 1)')
    .option(
      '--engine <list>',
      'executions to compare with the golden model, of interpreter,verilator,netlist (default the first two)',
    )
    .option(
      '--mapped <list>',
      'families whose mapped netlist is run and compared too, such as ice40,xc7 (default that of --target, where its cells are set by hand)',
    )
    .option('--wave <file>', 'a VCD of the cycles around the first mismatch');
}

export interface Plan {
  readonly seed: number;
  /** Beats of the standard stimulus. */
  readonly vectors: number;
  /** All executions are compared on every input. */
  readonly exhaustive: boolean;
  /** There are too many inputs for all executions: the netlists are compared on every input, the others on the standard stimulus. */
  readonly enumerates: boolean;
  readonly engines: readonly string[];
  /** Families whose mapped netlist is compared too. */
  readonly mapped: readonly string[];
  readonly wave: string | undefined;
}

/**
 * What is to be verified; refuses what cannot be done. One of many units is not to hold up the others: it is compared on more
 * inputs than all executions can play only with `--exhaustive`, which then means: those that can be.
 */
export async function verificationPlan(
  { design, options, chosen }: Session,
  { isOneOfMany = false } = {},
): Promise<Plan> {
  const seed = wholeNumber(options, 'seed', 0, 2 ** 32 - 1) ?? 1;
  const asked = wholeNumber(options, 'vectors', 0, 2 ** 40);
  const bits = inputBits(design);
  const mayEnumerate = !design.unit.state && bits <= MOST_BITS;
  if (options.exhaustive === true && asked !== undefined)
    throw new UsageError('--exhaustive and --vectors say different things; give one');
  if (options.exhaustive === true && !mayEnumerate && !isOneOfMany) {
    const why = design.unit.state
      ? 'keeps state, so that single inputs do not cover it'
      : `has ${bits} input bits, and the limit is ${MOST_BITS}`;
    throw new UsageError(`--exhaustive: ${chosen.request.id} ${why}; use --vectors`);
  }
  // A golden model that works with big integers would take days.
  const canFollow = [...design.inputs, ...design.outputs].every(p => p.format.exactInDouble);
  const isDefault = asked === undefined && (bits <= EXHAUSTIVE_BITS || (canFollow && !isOneOfMany));
  const isAll = mayEnumerate && (options.exhaustive === true || isDefault);
  return {
    seed,
    vectors: asked ?? design.unit.beats ?? VECTORS,
    exhaustive: isAll && bits <= EXHAUSTIVE_BITS,
    enumerates: isAll && bits > EXHAUSTIVE_BITS,
    engines: enginesFrom(options.engine),
    mapped: await mappedFrom(options.mapped ?? familyOfCells(design)),
    wave: await waveFile(options.wave),
  };
}

async function waveFile(given: unknown): Promise<string | undefined> {
  if (typeof given !== 'string') return undefined;
  await access(dirname(given), constants.W_OK).catch((e: NodeJS.ErrnoException) => {
    throw new UsageError(
      `--wave: cannot write ${given} (${e.code}); expected a file in a folder that exists`,
    );
  });
  return given;
}

/** The family whose cells stand in the Verilog: only after mapping is there a netlist with them that runs. */
function familyOfCells({ schedule, fabric }: Design): string | undefined {
  const isInCells = schedule.nodes.some(n => n.op === 'instance' && n.instance.module.cells !== undefined);
  return isInCells ? fabric.target : undefined;
}

/** The families of `--mapped`, checked. */
async function mappedFrom(given: unknown): Promise<string[]> {
  if (given === undefined) return [];
  const { runnableTargets } = await import('../../sim/netlist.ts');
  const [list, known] = [String(given).split(','), runnableTargets()];
  const odd = list.find(id => !known.includes(id));
  if (odd === undefined) return list;
  throw new UsageError(
    `--mapped: '${odd}' is none of ${known.join(', ')}, the families with simulation models`,
  );
}

const ENGINES = ['interpreter', 'verilator', 'netlist'];

function enginesFrom(given: unknown): string[] {
  const list = given === undefined ? ['interpreter', 'verilator'] : String(given).split(',');
  const odd = list.find(e => !ENGINES.includes(e));
  if (odd !== undefined) throw new UsageError(`--engine: '${odd}' is none of ${ENGINES.join(', ')}`);
  return list;
}
