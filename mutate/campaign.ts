/** Faults planted in one unit, the standard vectors played to all of them, and proofs for those that no vector shows. */
import { createHash } from 'node:crypto';
import type { Session } from '../generators/cli/session.ts';
import { verificationPlan } from '../generators/cli/verifyCommand.ts';
import { controlOf, type Request } from '../generators/emit/module.ts';
import { makeStimulus } from '../sim/stimulus.ts';
import { canTryEveryInput, tryEveryInput } from './everyInput.ts';
import { KINDS, type Kind, type Mutants, operatorMutants, type Source, yosysMutants } from './lower.ts';
import { type Beats, CHUNK, Hunt, vectors } from './play.ts';
import type { Prover } from './prove.ts';

/** Raised when faults are chosen or judged otherwise, so that results are made anew. */
const REVISION = 1;
/** Beats that are played before proofs are tried; beyond them, only faults without a proof play on. */
const BEFORE_PROOFS = 32 * CHUNK;

export interface Settings {
  /** Faults of each kind, at most. */
  readonly mutants: number;
  /** Chooses the faults; the vectors have the seed of `gen verify`. */
  readonly seed: number;
}

export interface Survivor {
  readonly mutant: number;
  readonly what: string;
  /** An input that would show it, or why there is no proof. */
  readonly why: string;
}

export interface KindResult {
  readonly mutants: number;
  /** Faults that there were to choose from. */
  readonly candidates: number;
  readonly killed: number;
  /** Of those, within the first 4,096 beats. */
  readonly killedEarly: number;
  /** How many were shown to change nothing, by the way of showing it. */
  readonly equivalent: Readonly<Record<string, number>>;
  readonly survived: readonly Survivor[];
}

export interface UnitResult {
  readonly unit: string;
  readonly params: object;
  /** Of the Verilog, the vectors and the settings: with the same key the results are the same. */
  readonly key: string;
  readonly vectors: { readonly beats: number; readonly exhaustive: boolean; readonly seed: number };
  readonly kinds: Readonly<Record<Kind, KindResult>>;
  /** Killed of those that are not equivalent, in percent, rounded down to hundredths. */
  readonly score: number;
}

/** What is to be done for a unit, with the key of its results. */
export interface Campaign {
  readonly id: string;
  readonly key: string;
  run(prover: Prover, onStep?: (text: string) => void): Promise<UnitResult>;
}

/** Prepares a unit: cheap, so that what is up to date already can be left out. */
export async function campaignFor(session: Session, settings: Settings): Promise<Campaign> {
  const { design, verilog, module, chosen } = session;
  const { seed, vectors: count, exhaustive } = await verificationPlan(session);
  const options = { vectors: count, exhaustive, seed };
  const hash = createHash('sha256').update(JSON.stringify([REVISION, verilog, settings, options]));
  if (!exhaustive) {
    const stimulus = makeStimulus(design, options);
    const records = new Uint32Array(count * stimulus.layout.size);
    stimulus.fill(records, count);
    hash.update(records);
  }
  const key = hash.digest('hex').slice(0, 16);
  const id = chosen.request.id;
  const source: Source = { design, verilog, top: module.name, request: chosen.request as Request };
  const run: Campaign['run'] = async (prover, onStep = () => {}) => {
    const stimulus = makeStimulus(design, options);
    const stream = vectors(design, stimulus);
    const early: Beats[] = [];
    // One sequence goes on from beat to beat: it is played whole or not at all.
    const before = design.unit.state ? stimulus.count : Math.min(BEFORE_PROOFS, stimulus.count);
    for (let beats = 0; beats < before; beats += CHUNK) early.push(stream.next().value!);
    const late = function* (): Generator<Beats> {
      const again = vectors(design, makeStimulus(design, options));
      for (const piece of again) if (piece.first >= before) yield piece;
    };
    const kinds: Partial<Record<Kind, KindResult>> = {};
    for (const kind of KINDS) {
      onStep(`${kind}: gates`);
      const wish = { count: settings.mutants, seed: settings.seed };
      const mutants = await (kind === 'yosys' ? yosysMutants : operatorMutants)(prover.yosys, source, wish);
      const hasMore = stimulus.count > before;
      kinds[kind] = await judge(mutants, early, hasMore ? late : undefined, exhaustive, prover, text =>
        onStep(`${kind}: ${text}`),
      );
    }
    const done = kinds as Record<Kind, KindResult>;
    return {
      unit: id,
      params: design.params,
      key,
      vectors: { beats: stimulus.count, exhaustive, seed },
      kinds: done,
      score: scoreOf(Object.values(done)),
    };
  };
  return { id, key, run };
}

/** Plays the vectors; then each fault that has not shown is shown to change nothing, or survives. */
export async function judge(
  { design, gates, descriptions, candidates, excluded }: Mutants,
  early: readonly Beats[],
  late: (() => Iterable<Beats>) | undefined,
  exhaustive: boolean,
  prover: Prover,
  onStep: (text: string) => void = () => {},
): Promise<KindResult> {
  const count = descriptions.length;
  const hunt = new Hunt({ design, gates, count, excluded });
  onStep('vectors');
  if (design.unit.state) {
    hunt.playSequence(early.slice(0, 1));
    if (early.length > 1) hunt.playSequence(early);
  } else for (const piece of early) hunt.playStateless(piece);
  const { reset } = controlOf(design);
  const equivalent = new Map<string, number>();
  const shown = new Set<number>();
  const open = new Map<number, string>();
  /** Those of the open ones that an input is known to show. */
  const refuted = new Set<number>();
  const note = (by: string): unknown => equivalent.set(by, (equivalent.get(by) ?? 0) + 1);
  const isWhole = exhaustive && late === undefined;
  for (const number of hunt.alive) {
    if (isWhole) {
      note('every input played');
      shown.add(number);
      continue;
    }
    onStep(`proof of ${number}`);
    const verdict = await prover.compare(gates, number, reset);
    if (verdict.equal === true) {
      note(verdict.by);
      shown.add(number);
    } else {
      if (verdict.equal === false) refuted.add(number);
      open.set(number, verdict.equal === false ? verdict.counterexample || 'an input shows it' : verdict.why);
    }
  }
  if (open.size > 0 && late) {
    onStep('more vectors');
    for (const piece of late()) {
      if (hunt.alive.every(k => shown.has(k))) break;
      hunt.playStateless(piece, shown);
    }
    for (const number of open.keys()) {
      if (!hunt.killedAt.has(number) && exhaustive) {
        note('every input played');
        shown.add(number);
      }
    }
  }
  const undecided = hunt.alive.filter(k => open.has(k) && !refuted.has(k) && !shown.has(k));
  if (undecided.length > 0 && canTryEveryInput(design, gates)) {
    const differing = await tryEveryInput(design, gates, undecided, undefined, (done, total) =>
      onStep(`every input of ${undecided.length}: ${Math.floor((100 * done) / total)} %`),
    );
    for (const number of undecided) {
      const input = differing.get(number);
      if (input !== undefined) open.set(number, input);
      else {
        note('every input played beside the right netlist');
        shown.add(number);
      }
    }
  }
  const survived = hunt.alive
    .filter(k => !shown.has(k))
    .map(mutant => ({ mutant, what: descriptions[mutant - 1]!, why: open.get(mutant)! }));
  return {
    mutants: count - (excluded?.size ?? 0),
    candidates,
    killed: hunt.killedAt.size,
    killedEarly: [...hunt.killedAt.values()].filter(beat => beat < CHUNK).length,
    equivalent: Object.fromEntries([...equivalent].sort(([a], [b]) => (a < b ? -1 : 1))),
    survived,
  };
}

/** Killed of killed and survived, in percent; a unit none of whose faults matters has all of them. */
export function scoreOf(kinds: readonly Pick<KindResult, 'killed' | 'survived'>[]): number {
  const killed = kinds.reduce((sum, k) => sum + k.killed, 0);
  const all = killed + kinds.reduce((sum, k) => sum + k.survived.length, 0);
  return all === 0 ? 100 : Math.floor((killed / all) * 10_000) / 100;
}
