import fc from 'fast-check';
import { initiationOf } from '../generators/emit/design.ts';
import { writeCrasher } from './crasher.ts';
import { type Failure, judge, type Player, prepare } from './failure.ts';
import { OPERATIONS, variedPrograms } from './programs.ts';
import { reduce } from './reduce.ts';
import { BEATS, caseOf, type Subject } from './subject.ts';

/** Programs of one batch, and how many of them go through synthesis, which takes by far the most time. */
export const BATCH = { programs: 240, netlist: 12, mapped: 3, mappedEvery: 4 };
/** Families take turns. */
export const FAMILIES = ['ice40', 'xc7', 'ecp5', 'gowin'] as const;
/** Of failures of one kind, so many are reduced and written. */
const KEPT_OF_A_KIND = 2;
const REDUCE_SECONDS = 180;

export interface CampaignOptions {
  readonly seed: number;
  /** The campaign ends when both of these are reached. */
  readonly minutes: number;
  readonly programs: number;
  /** Where crashers go; undefined for nowhere. */
  readonly crashers?: string;
  readonly sizes?: typeof BATCH;
  /** A campaign to go on with; its seeds are not run again. */
  readonly resume?: Campaign;
  /** Told after each batch. */
  readonly onBatch?: (campaign: Campaign) => void;
}

interface Found {
  readonly kind: string;
  readonly text: string;
  readonly seed: number;
  readonly instructions: number;
  readonly folder?: string;
}

/** What a campaign has done so far: the document that `--save` writes. */
export interface Campaign {
  readonly schema: 'subbyte/fuzz/1';
  programs: number;
  minutes: number;
  readonly beats: number;
  readonly seeds: { readonly first: number; last: number };
  /** How many programs each execution has played. */
  readonly executions: Record<string, number>;
  /** Seconds that passed in each; those of tools overlap. */
  readonly seconds: Record<string, number>;
  /** How many programs have each operation. */
  readonly operations: Record<string, number>;
  /** How many programs have each shell, and each number of stages. */
  readonly goals: Record<string, number>;
  readonly failures: Record<string, number>;
  readonly crashers: Found[];
}

export async function runCampaign(options: CampaignOptions): Promise<Campaign> {
  const { minutes, programs, sizes = BATCH, resume } = options;
  const seed = resume ? resume.seeds.last + 1 : options.seed;
  const before = resume?.minutes ?? 0;
  const started = performance.now();
  const families = Object.fromEntries(FAMILIES.map(f => [`mapped to ${f}`, 0]));
  const campaign: Campaign = resume ?? {
    schema: 'subbyte/fuzz/1',
    programs: 0,
    minutes: 0,
    beats: BEATS,
    seeds: { first: seed, last: seed },
    executions: { interpreter: 0, verilator: 0, netlist: 0, ...families },
    seconds: {},
    operations: Object.fromEntries(OPERATIONS.map(op => [op, 0])),
    goals: {},
    failures: {},
    crashers: [],
  };
  for (let batch = 0; campaign.programs < programs || campaign.minutes < minutes; batch++) {
    const failures = await runBatch(campaign, seed + batch, sizes);
    campaign.seeds.last = seed + batch;
    for (const failure of failures) await note(campaign, failure, seed + batch, options.crashers);
    campaign.minutes = Number((before + (performance.now() - started) / 60_000).toFixed(1));
    options.onBatch?.(campaign);
  }
  return campaign;
}

/** The programs of one seed through the executions. */
async function runBatch(campaign: Campaign, seed: number, sizes: typeof BATCH): Promise<Failure[]> {
  const cases = fc.sample(variedPrograms(), { seed, numRuns: sizes.programs }).map(caseOf);
  const from = performance.now();
  const { subjects, failures } = prepare(cases);
  count(campaign.seconds, 'interpreter', (performance.now() - from) / 1000);
  const turn = seed / sizes.mappedEvery;
  const mapped = Number.isInteger(turn) ? sizes.mapped : 0;
  const family = FAMILIES[Math.floor(turn) % FAMILIES.length]!;
  const shares: readonly (readonly [Player, string, readonly Subject[]])[] = [
    ['verilator', 'verilator', subjects],
    ['netlist', 'netlist', subjects.slice(0, sizes.netlist)],
    [family, `mapped to ${family}`, subjects.slice(sizes.netlist, sizes.netlist + mapped)],
  ];
  const found = await Promise.all(
    shares.map(async ([player, label, share]) => {
      const from = performance.now();
      const failures = await judge(share, player);
      count(campaign.seconds, label, (performance.now() - from) / 1000);
      return failures;
    }),
  );
  campaign.programs += cases.length;
  count(campaign.executions, 'interpreter', subjects.length);
  for (const [, label, share] of shares) count(campaign.executions, label, share.length);
  for (const { used, goal } of subjects) {
    for (const op of used) count(campaign.operations, op);
    count(campaign.goals, goal.shell);
    count(campaign.goals, `stages ${goal.stages}`);
    count(campaign.goals, `initiation ${initiationOf(goal)}`);
    count(campaign.goals, `target ${goal.target ?? 'none'}`);
  }
  return [...failures, ...found.flat()];
}

function count(counts: Record<string, number>, key: string, by = 1): void {
  counts[key] = Number(((counts[key] ?? 0) + by).toFixed(1));
}

async function note(campaign: Campaign, failure: Failure, seed: number, parent?: string): Promise<void> {
  const { kind } = failure;
  count(campaign.failures, kind);
  if (campaign.failures[kind]! > KEPT_OF_A_KIND) return;
  const small = await reduce(failure, REDUCE_SECONDS);
  const { code, late, part } = small.case.program;
  const instructions = code.length + late.length + (part?.code.length ?? 0);
  const folder = parent === undefined ? undefined : await writeCrasher(parent, 'test/crashers', small);
  campaign.crashers.push({ kind, text: small.text, seed, instructions, folder: folder?.split('/').at(-1) });
}
