import { Command, CommanderError, Option } from 'commander';
import { targetIds } from '../../sim/targets.ts';
import type { Goal, Parameters } from '../emit/design.ts';
import { Identifiers } from '../emit/identifiers.ts';
import type { Request } from '../emit/module.ts';
import { nearestName } from '../formats/hint.ts';
import { parseFormat } from '../formats/parse.ts';
import { FormatError } from '../formats/types.ts';
import { type FoundUnit, findUnit, loadRegistry, loadUnit } from '../reflect/catalogue.ts';
import { misfit, type ParamSpec, type ParamValue, parseValue } from '../reflect/values.ts';
import type { Unit } from '../units/unit.ts';
import { EXIT, Exit, UsageError } from './errors.ts';

/** A unit as the user named it, with the parameters that the user chose. */
export interface Chosen {
  readonly unit: Unit<Parameters>;
  readonly found: FoundUnit;
  /** The module of a user's own unit, ready to be imported; absent for units of the catalogue. */
  readonly source?: string;
  readonly params: Parameters;
  readonly request: Request;
  /** The unit in the user's words: an id, or the path of a file. */
  readonly given: string;
}

/** Reads `--name value` or `--name=value` from raw arguments, before the flags of the unit are known. */
export function rawOption(argv: readonly string[], name: string): string | undefined {
  const places = [...argv.keys()].filter(i => argv[i]!.split('=')[0] === `--${name}`);
  if (places.length > 1) throw new UsageError(`--${name} is given ${places.length} times; give one`);
  const at = places[0];
  if (at === undefined) return undefined;
  return argv[at] === `--${name}` ? argv[at + 1] : argv[at]!.slice(name.length + 3);
}

/** A parser that throws one-line usage errors instead of ending the process. */
export function makeCommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .allowExcessArguments(false)
    .showSuggestionAfterError(true)
    .configureOutput({ writeErr: () => {}, outputError: () => {} })
    .exitOverride();
}

export function parse(command: Command, argv: readonly string[]): void {
  try {
    command.parse(argv as string[], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === 'commander.helpDisplayed' || error.code === 'commander.help') throw new Exit(EXIT.ok);
    if (error.code === 'commander.excessArguments') {
      const odd = command.args[command.registeredArguments.length];
      throw new UsageError(`unexpected '${odd}' (${command.name()} --help shows what there is)`);
    }
    const text = error.message
      .replace(/^error: /, '')
      .replace(/\n\(Did you mean (.*)\?\)/, '; did you mean $1?')
      .replaceAll('\n', ' ');
    throw new UsageError(`${text} (${command.name()} --help shows what there is)`);
  }
}

/** Finds the unit by id or, for a path, in the user's own file. */
export async function findOrLoad(
  id: string | undefined,
): Promise<{ found: FoundUnit; unit: Unit<Parameters>; source?: string }> {
  if (id === undefined || id === '')
    throw new UsageError('no unit is named: give --unit <id> (gen list shows all)');
  if (/[/\\]|\.ts$/.test(id)) {
    const { loadUserUnit } = await import('./userUnit.ts');
    return loadUserUnit(id);
  }
  const found = findUnit(id);
  if (!found) {
    const known = loadRegistry().flatMap(e => [e.id, ...e.presets.map(p => p.id)]);
    const near = nearestName(id, known);
    throw new UsageError(
      `unknown unit '${id}'${near ? `; did you mean '${near}'?` : ''} (gen list shows all)`,
    );
  }
  return { found, unit: await loadUnit<Unit<Parameters>>(found.entry.id) };
}

const kindOf = (p: ParamSpec): string =>
  p.type === 'choice' ? p.choices!.join('|') : p.formats ? 'format' : p.type;

function rangeOf(p: ParamSpec): string {
  if (p.choices) return p.choices.join(', ');
  if (p.min !== undefined || p.max !== undefined)
    return `${p.type === 'number' ? 'a number' : 'an integer'} from ${p.min ?? '−∞'} to ${p.max ?? '∞'}`;
  return p.formats ? formatsExpected(p.formats) : `a ${p.type}`;
}

/** What a parameter that names a format takes, with an example of each kind. */
function formatsExpected(formats: readonly string[]): string {
  const kinds = formats.filter(k => k !== 'exact');
  const examples = kinds.map(k => EXAMPLES[k]).join(', ');
  return `a format of kind ${kinds.join(' or ')}, such as ${examples}${formats.includes('exact') ? ', or the word exact' : ''}`;
}

const EXAMPLES: Readonly<Record<string, string>> = {
  integer: 'int8',
  fixed: 'fix16.8',
  float: 'e4m3',
  scale: 'e8m0',
};

/** Why a value does not fit, and what was expected; `undefined` when it fits. `shown` is the value as it was given. */
function complaint(p: ParamSpec, value: unknown, shown: string): string | undefined {
  // It goes into comments of the Verilog and into commands.
  if (typeof value === 'string' && /[\p{Cc}\p{Zl}\p{Zp}]/u.test(value))
    return `${shown} holds a control character; expected ${rangeOf(p)}`;
  const reason = misfit(p, value);
  if (reason === undefined) return p.formats ? formatComplaint(p, String(value), shown) : undefined;
  if (p.choices) return noneOf(shown, String(value), p.choices.map(String));
  // A text is shown as it was given, quotes and all.
  const text = typeof value === 'string' ? reason.replace(`\`${value}\``, () => shown) : reason;
  return `${text}; expected ${rangeOf(p)}`;
}

/** Why a text is none of the formats that a parameter takes. */
function formatComplaint(p: ParamSpec, value: string, shown: string): string | undefined {
  if (value === 'exact' && p.formats!.includes('exact')) return undefined;
  let kind: string;
  try {
    kind = parseFormat(value).kind;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return `${error.message}${error.hint ? `; ${error.hint}` : ''}`;
  }
  if (p.formats!.includes(kind)) return undefined;
  return `${shown} is ${kind === 'integer' ? 'an' : 'a'} ${kind} format; expected ${rangeOf(p)}`;
}

function noneOf(shown: string, value: string, choices: readonly string[]): string {
  const near = nearestName(value, choices);
  return `${shown} is none of ${choices.join(', ')}${near ? `; did you mean ${near}?` : ''}`;
}

/** Adds the unit's own parameters as flags. */
export function addParameters(command: Command, found: FoundUnit): void {
  for (const p of found.entry.params) {
    const value = found.preset?.params[p.name] ?? p.default;
    const text = `${p.doc} (default ${String(value)})`;
    if (p.type === 'boolean') {
      command.addOption(new Option(`--${p.flag} [value]`, text).preset('true'));
      command.addOption(new Option(`--no-${p.flag}`).hideHelp());
    } else command.option(`--${p.flag} <${kindOf(p)}>`, text);
  }
  command.option('--params <file>', 'parameters from a JSON file; flags go before it');
}

export function addGoal(command: Command): void {
  command
    .option('--stages <n>', 'pipeline registers inside the datapath (default 0)')
    .option(
      '--initiation <n>',
      'clocks from one beat to the next, for a unit with state: a sum may then take so many (default 1)',
    )
    .option('--freq <MHz>', 'as many stages as this clock needs, by the timing model of the target')
    .option('--shell <bare|valid|stream>', 'handshake around the datapath (default bare)')
    .option(
      '--multipliers <auto|dsp|logic>',
      'where products go: blocks of the family, logic, or as synthesis likes (default auto)',
    )
    .option(
      '--target <family>',
      `FPGA family that the Verilog is for: ${targetIds().join(', ')} (default generic, for any)`,
    )
    .option('--name <module>', 'name of the module')
    .option('--spdx <licence>', 'licence identifier in the header (default CC0-1.0)')
    .option('--annotate', 'source positions beside the signals');
}

export function addCommon(command: Command): void {
  command
    .option('--json', 'one JSON document on standard output')
    .option('--quiet', 'results only')
    .option('--verbose', 'more about what happens');
}

/** Everything that the user said about parameters, checked; the last word wins: defaults, preset, file, flags. */
export async function chooseParameters(
  options: Record<string, unknown>,
  given: string,
  found: FoundUnit,
  unit: Unit<Parameters>,
): Promise<Chosen> {
  const id = found.preset?.id ?? found.entry.id;
  const base: Record<string, ParamValue> = {};
  for (const p of found.entry.params) base[p.name] = found.preset?.params[p.name] ?? p.default;
  const chosen: Record<string, ParamValue> =
    typeof options.params === 'string' ? await parametersFrom(options.params, found) : {};
  for (const p of found.entry.params) {
    const text = options[camelOf(p.flag)];
    if (text === undefined) continue;
    const value = text === true || text === false ? text : parseValue(p.type, String(text));
    const reason =
      value === undefined
        ? `'${String(text)}' is not ${p.type === 'integer' ? 'an integer' : `a ${p.type}`}; expected ${rangeOf(p)}`
        : complaint(p, value, `'${String(text)}'`);
    if (reason) throw new UsageError(`--${p.flag}: ${reason}`);
    chosen[p.name] = value!;
  }
  const params = { ...base, ...chosen } as Parameters;
  const problems = unit.check?.(params) ?? [];
  if (problems.length > 0) throw new UsageError(`${id}: ${problems.join('; ')}`);
  const changed = Object.fromEntries(
    Object.entries(params).filter(([k, v]) => JSON.stringify(v) !== JSON.stringify(base[k])),
  );
  const summary = found.preset?.summary ?? unit.summary;
  const spdx = String(options.spdx ?? 'CC0-1.0');
  if (!/^[\w.+() -]{1,80}$/.test(spdx))
    throw new UsageError(`--spdx: '${spdx}' is no licence expression; expected letters, digits, . + - ( )`);
  const name = options.name === undefined ? undefined : String(options.name);
  if (name !== undefined && !/^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(name)) {
    throw new UsageError(
      `--name: '${name}' is no module name; expected a letter, then letters, digits and _, up to 64`,
    );
  }
  if (name !== undefined && new Identifiers().problem(name))
    throw new UsageError(`--name: '${name}' is a reserved word of Verilog; give another name`);
  return {
    unit,
    found,
    params,
    given,
    request: { id, summary, changed: changed as Parameters, name, spdx, annotate: options.annotate === true },
  };
}

const camelOf = (flag: string): string => flag.replace(/-([a-z0-9])/g, (_, c: string) => c.toUpperCase());

async function parametersFrom(file: string, found: FoundUnit): Promise<Record<string, ParamValue>> {
  const { readFile } = await import('node:fs/promises');
  const text = await readFile(file, 'utf8').catch((e: NodeJS.ErrnoException) => {
    throw new UsageError(`--params: cannot read ${file} (${e.code}); expected a JSON file`);
  });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (e) {
    throw new UsageError(`--params: ${file} is not JSON (${(e as Error).message})`);
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new UsageError(`--params: ${file} holds no object of parameters`);
  const given: Record<string, ParamValue> = {};
  for (const [key, value] of Object.entries(json)) {
    const spec = found.entry.params.find(p => p.name === key || p.flag === key);
    if (!spec) {
      const near = nearestName(
        key,
        found.entry.params.map(p => p.flag),
      );
      throw new UsageError(
        `--params: ${found.entry.id} has no parameter '${key}'${near ? `; did you mean '${near}'?` : ''}`,
      );
    }
    const reason = complaint(spec, value, JSON.stringify(value));
    if (reason) throw new UsageError(`--params: ${spec.flag}: ${reason}`);
    given[spec.name] = value as ParamValue;
  }
  return given;
}

/** A whole number in a range, from a flag. */
export function wholeNumber(
  options: Record<string, unknown>,
  name: string,
  min: number,
  max: number,
): number | undefined {
  const text = options[camelOf(name)];
  if (text === undefined) return undefined;
  const value = Number(text);
  if (
    typeof text !== 'string' ||
    text.trim() === '' ||
    !Number.isSafeInteger(value) ||
    value < min ||
    value > max
  ) {
    throw new UsageError(`--${name}: '${String(text)}' is not a whole number from ${min} to ${max}`);
  }
  return value;
}

export function oneOf<T extends string>(
  options: Record<string, unknown>,
  name: string,
  choices: readonly T[],
  otherwise: T,
): T {
  const text = options[camelOf(name)];
  if (text === undefined) return otherwise;
  const found = choices.find(c => c === text);
  if (found === undefined)
    throw new UsageError(`--${name}: ${noneOf(`'${String(text)}'`, String(text), choices)}`);
  return found;
}

export const MAX_STAGES = 64;
export const MAX_INITIATION = 16;

export function goalFrom(options: Record<string, unknown>): Goal {
  if (options.stages !== undefined && options.freq !== undefined)
    throw new UsageError('--stages and --freq say the same thing; give one');
  const stages = wholeNumber(options, 'stages', 0, MAX_STAGES) ?? 0;
  const initiation = wholeNumber(options, 'initiation', 1, MAX_INITIATION) ?? 1;
  return {
    stages,
    ...(initiation > 1 ? { initiation } : {}),
    shell: oneOf(options, 'shell', ['bare', 'valid', 'stream'], 'bare'),
    multipliers: oneOf(options, 'multipliers', ['auto', 'dsp', 'logic'], 'auto'),
  };
}
