import { basename } from 'node:path';
import type { Command } from 'commander';
import { fabricOf, loadTarget } from '../../sim/targets.ts';
import { render } from '../../sim/templates.ts';
import { type Design, design, type Goal } from '../emit/design.ts';
import { commandOf, emitModule, type Module, moduleView } from '../emit/module.ts';
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
  const at = (g: Goal): Design => design(chosen.unit, chosen.params, g, fabric);
  if (freq === undefined) return at(goal);
  const { delays } = fabric;
  let best = at(goal);
  for (let stages = 0; stages <= MAX_STAGES; stages++) {
    const candidate = at({ ...goal, stages });
    if (clockOf(candidate.schedule.periodNs, delays) >= freq) return candidate;
    if (candidate.schedule.periodNs < best.schedule.periodNs - 1e-9) best = candidate;
    else if (stages > best.goal.stages + 3) break;
  }
  const reached = Math.floor(clockOf(best.schedule.periodNs, delays));
  throw new Exit(
    EXIT.budget,
    `${chosen.request.id} does not reach ${freq} MHz: the best is about ${reached} MHz with --stages ${best.goal.stages}, by ${delays.from}`,
  );
}
