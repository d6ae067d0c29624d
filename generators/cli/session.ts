import { basename } from 'node:path';
import type { Command } from 'commander';
import { fabricOf, loadTarget } from '../../sim/targets.ts';
import { render } from '../../sim/templates.ts';
import { type Design, design, type Goal, initiationOf } from '../emit/design.ts';
import { commandOf, emitModule, type Module, moduleView, paceText } from '../emit/module.ts';
import { GENERIC } from '../hdl/fabric.ts';
import { clockOf } from '../hdl/timing.ts';
import { EXIT, Exit, UsageError } from './errors.ts';
import {
  addCommon,
  addGoal,
  addParameters,
  type Chosen,
  chooseParameters,
  findOrLoad,
  goalFrom,
  MAX_INITIATION,
  MAX_STAGES,
  makeCommand,
  parse,
  rawOption,
  wholeNumber,
} from './options.ts';
import { makeOutput, type Output } from './output.ts';

/** What every command on one unit starts from. */
export interface Session {
  readonly chosen: Chosen;
  readonly design: Design;
  readonly module: Module;
  readonly verilog: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly output: Output;
}

/**
 * Reads the command line of a command on one unit; `extend` adds the command's own flags. Where it takes a list of targets, the
 * design is for the target that stands alone, else for any.
 */
export async function openSession(
  name: string,
  description: string,
  argv: readonly string[],
  extend: (command: Command) => void,
  takesTargets = false,
): Promise<Session> {
  const command = makeCommand(name, description);
  command.option('--unit <id>', 'unit or preset of the catalogue, or the path of a unit of your own');
  const id = rawOption(argv, 'unit');
  const asksHelp = argv.includes('--help') || argv.includes('-h');
  if (id === undefined && asksHelp) {
    extendAll(command, extend);
    parse(command, argv);
  }
  const { found, unit, source } = await findOrLoad(id);
  addParameters(command, found);
  extendAll(command, extend);
  parse(command, argv);
  const options = command.opts();
  const parameters = await chooseParameters(options, id!, found, unit);
  const chosen = source === undefined ? parameters : { ...parameters, source };
  const composed = compose(chosen, options, targetOf(options, takesTargets));
  return { chosen, options, output: makeOutput(options), ...emit(composed, chosen) };
}

function extendAll(command: Command, extend: (command: Command) => void): void {
  addGoal(command);
  extend(command);
  addCommon(command);
}

/** The command that makes or, as `gen verify`, checks a design again. */
export function commandLine(program: string, { request }: Chosen, composed: Design, unit: string): string {
  const quote = (text: string): string =>
    /^[\w.,:/+@%=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
  const changed = Object.fromEntries(
    Object.entries(request.changed).map(([k, v]) => [k, typeof v === 'string' ? quote(v) : v]),
  );
  const command = commandOf({ ...request, id: quote(unit), changed, spdx: quote(request.spdx) }, composed);
  const { multipliers } = composed.goal;
  return `${command.replace('gen', program)}${multipliers === 'auto' ? '' : ` --multipliers ${multipliers}`}`;
}

/** The Verilog of a design. */
export function emit(composed: Design, chosen: Chosen): { design: Design; module: Module; verilog: string } {
  const emitted = emitModule(composed, chosen.request);
  const clash = [emitted, ...emitted.body.submodules].findIndex((m, i) => i > 0 && m.name === emitted.name);
  if (clash > 0)
    throw new UsageError(`--name: ${emitted.name} is a module inside this unit; give another name`);
  // The file of a user's own unit stands wherever it stands: the header names it without its folder.
  const module = { ...emitted, command: commandLine('gen', chosen, composed, basename(chosen.given)) };
  return {
    design: composed,
    module,
    verilog: render('module.v.hbs', moduleView(composed, module, chosen.request)),
  };
}

/** The family that the Verilog is for; undefined where it is for any. */
function targetOf(options: Record<string, unknown>, isList: boolean): string | undefined {
  if (typeof options.target !== 'string') return undefined;
  const ids = options.target.split(',');
  if (ids.length > 1 && !isList)
    throw new UsageError(`--target: '${options.target}' names several families; give one`);
  const [id] = ids.map(named => loadTarget(named).id);
  return ids.length > 1 || id === GENERIC.target ? undefined : id;
}

/** The design of a session once more, for another family. */
export function retarget(session: Session, target: string): Session {
  const { chosen, options } = session;
  const goes = target === GENERIC.target ? undefined : target;
  if (session.design.goal.target === goes) return session;
  return { ...session, ...emit(compose(chosen, options, goes), chosen) };
}

/** Composes the unit; for a clock, with the fewest stages that reach it. */
function compose(chosen: Chosen, options: Record<string, unknown>, target: string | undefined): Design {
  const goal: Goal = { ...goalFrom(options), ...(target === undefined ? {} : { target }) };
  const fabric = target === undefined ? GENERIC : fabricOf(loadTarget(target));
  const freq = wholeNumber(options, 'freq', 1, 2000);
  const { id } = chosen.request;
  const { state } = chosen.unit;
  if (goal.initiation !== undefined && !state)
    throw new UsageError(
      `--initiation: ${id} keeps no state, so a beat may follow every clock; leave it out`,
    );
  const at = (changed: Partial<Goal>): Design =>
    design(chosen.unit, chosen.params, { ...goal, ...changed }, fabric);
  if (freq === undefined) return at({});
  const { delays } = fabric;
  // So that the clock is met also where routing takes more than the model says.
  const periodNs = 1000 / freq / (1 + delays.margin);
  const found = fewestStages(stages => at({ stages }), periodNs);
  if (found.schedule.periodNs <= periodNs) return found;

  const reached = Math.floor(clockOf(found.schedule.periodNs, delays));
  const interval = goal.initiation === undefined ? '' : ` with --initiation ${goal.initiation}`;
  const best = `${id} does not reach ${freq} MHz${interval}: the best is about ${reached} MHz with --stages ${found.goal.stages}, by ${delays.from}`;
  const isEnough = (initiation: number): boolean =>
    at({ stages: MAX_STAGES, initiation }).schedule.periodNs <= periodNs;
  const other = state ? leastInitiation(initiationOf(goal) + 1, isEnough) : undefined;
  const hint = other === undefined ? '' : `; with --initiation ${other} it does, and ${paceText(other)}`;
  throw new Exit(EXIT.budget, best + hint);
}

/** The design with the fewest stages that reach a period; where none do, of those that come closest. */
function fewestStages(at: (stages: number) => Design, periodNs: number): Design {
  const most = at(MAX_STAGES);
  const reachable = Math.max(periodNs, most.schedule.periodNs + 1e-6);
  for (let stages = 0; stages < MAX_STAGES; stages++) {
    const candidate = at(stages);
    if (candidate.schedule.periodNs <= reachable) return candidate;
  }
  return most;
}

/** The least interval, from this one on, with which a loop is quick enough. */
function leastInitiation(from: number, isEnough: (initiation: number) => boolean): number | undefined {
  if (from > MAX_INITIATION || !isEnough(MAX_INITIATION)) return undefined;
  let initiation = from;
  while (!isEnough(initiation)) initiation++;
  return initiation;
}
