/**
 * Reads the parameters of a unit out of `export interface Params` and its doc comments: they are the one source of
 * the flags, the help, the ranges and the tables in the documents. The file is parsed, with those that `Params` inherits from; nothing is type-checked.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ts } from 'ts-morph';
import { type Diagnostic, sortDiagnostics } from './diagnostic.ts';
import { diagnosticAt, docLines, importedNames, parse, topLevel, unitDeclaration, walk } from './syntax.ts';
import { type DocComment, oneLine, parseDoc } from './tags.ts';
import { resolveType } from './types.ts';
import { FORMAT_KINDS, flagOf, misfit, type ParamSpec, type ParamValue, parseValue } from './values.ts';

export type { ParamSpec, ParamType, ParamValue } from './values.ts';

export interface ReflectedParams {
  readonly params: readonly ParamSpec[];
  readonly diagnostics: readonly Diagnostic[];
}

export interface ReflectedUnit extends ReflectedParams {
  /** Whether the file has `export const unit`; a file without is a helper. */
  readonly isUnit: boolean;
  /** Whether it calls `defineUnit`, under whatever name. */
  readonly definesUnit: boolean;
  /** The doc comment above `export const unit`; its paragraphs and lists are kept. */
  readonly doc: string;
  /** The head of the file, up to the end of `Params`, for a document to quote. */
  readonly source: string;
}

/** The codes of this reflection. */
export const PARAM_RULES = {
  'GEN-P001': 'a parameter needs a description',
  'GEN-P002': 'the type of a parameter must be one that a command line can give',
  'GEN-P003': 'a parameter needs a default',
  'GEN-P004': 'the default must fit the parameter',
  'GEN-P005': 'a tag is unknown, has no use here, or its value cannot be read',
  'GEN-P006': 'a parameter is a plain, required property',
  'GEN-P007': 'a unit exports `interface Params`',
} as const;

const TAGS = ['min', 'max', 'default', 'format', 'type'];

/** The parameters that a source declares. `fileName`, relative to the project root, appears in the diagnostics. */
export function reflectParams(source: string, fileName: string): ReflectedParams {
  return paramsOf(parse(source, fileName), fileName, {});
}

/**
 * The parameters and the documentation of a unit file. `fileName` is how diagnostics call it; `sources` is the folder of the
 * modules that the file imports as `subbyte/…`.
 */
export function reflectUnit(path: string, fileName: string = path, sources?: string): ReflectedUnit {
  const source = readFileSync(path, 'utf8').replaceAll('\r\n', '\n');
  const file = parse(source, fileName);
  const unit = unitDeclaration(file);
  const declared = topLevel(file).get('Params');
  const statement = unit?.parent.parent;
  return {
    ...paramsOf(file, fileName, { path, sources }),
    isUnit: unit !== undefined,
    definesUnit: callsDefineUnit(file),
    doc: statement ? docLines(statement).join('\n').trim() : '',
    source: source.slice(0, declared?.getEnd() ?? statement?.getFullStart() ?? 0),
  };
}

function callsDefineUnit(file: ts.SourceFile): boolean {
  let found = false;
  walk(file, node => {
    found ||= ts.isCallExpression(node) && node.expression.getText(file) === 'defineUnit';
    return !found;
  });
  return found;
}

function paramsOf(file: ts.SourceFile, fileName: string, from: Omit<Place, 'file'>): ReflectedParams {
  const diagnostics: Diagnostic[] = [];
  const report: Report = (node, code, message, hint) =>
    void diagnostics.push(diagnosticAt(node, fileName, code, message, hint));
  const unit = unitDeclaration(file);
  const declaration = topLevel(file).get('Params');
  const exported = declaration && ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Export;
  if (!declaration || !ts.isInterfaceDeclaration(declaration) || !exported) {
    if (unit)
      report(
        unit,
        'GEN-P007',
        '`export interface Params` is missing',
        'a unit without parameters: an empty one',
      );
    return { params: [], diagnostics };
  }
  const params: ParamSpec[] = [];
  for (const { member, of } of membersOf(declaration, { file, ...from }, report)) {
    const spec = paramOf(member, of, report);
    if (spec) params.push(spec);
  }
  return { params, diagnostics: sortDiagnostics(diagnostics) };
}

type Report = (node: ts.Node, code: keyof typeof PARAM_RULES, message: string, hint?: string) => void;

interface Place {
  readonly file: ts.SourceFile;
  /** Absent for a source that is no file: then nothing can be imported. */
  readonly path?: string;
  readonly sources?: string | undefined;
}

/** The members of an interface before those that it inherits, from interfaces of the same file or of one that is imported. */
function membersOf(
  of: ts.InterfaceDeclaration,
  place: Place,
  report: Report,
): { member: ts.TypeElement; of: ts.SourceFile }[] {
  const inherited = (of.heritageClauses ?? []).flatMap(clause =>
    clause.types.flatMap(base => {
      const found = interfaceOf(base.expression.getText(place.file), place);
      if (found) return membersOf(found.declaration, found.place, report);
      report(
        base,
        'GEN-P002',
        `\`${base.getText(place.file)}\` is not an interface of this file, nor of one that it imports`,
        'declare it here, or import it from the file that does',
      );
      return [];
    }),
  );
  return [...of.members.map(member => ({ member, of: place.file })), ...inherited];
}

function interfaceOf(
  name: string,
  place: Place,
): { declaration: ts.InterfaceDeclaration; place: Place } | undefined {
  const here = topLevel(place.file).get(name);
  if (here) return ts.isInterfaceDeclaration(here) ? { declaration: here, place } : undefined;
  const imported = importedNames(place.file).get(name);
  const path = imported && pathOf(imported.specifier, place);
  if (!path || !existsSync(path)) return undefined;
  const file = parse(readFileSync(path, 'utf8').replaceAll('\r\n', '\n'), path);
  const other = { file, path, sources: place.sources };
  return interfaceOf(imported.exported, other);
}

function pathOf(specifier: string, { path, sources }: Place): string | undefined {
  if (specifier.startsWith('.')) return path && join(dirname(path), specifier);
  const [, rest] = /^subbyte\/(.*?)(?:\.[jt]s)?$/.exec(specifier) ?? [];
  return sources && rest ? join(sources, `${rest}.ts`) : undefined;
}

function paramOf(m: ts.TypeElement, file: ts.SourceFile, report: Report): ParamSpec | undefined {
  const name = m.name && ts.isIdentifier(m.name) ? m.name.text : undefined;
  if (!ts.isPropertySignature(m) || !m.type || name === undefined) {
    report(
      m,
      'GEN-P006',
      `\`${oneLine(m.getText(file))}\` is not a property with a type`,
      'write `name: type;`',
    );
    return undefined;
  }
  const fail = (code: keyof typeof PARAM_RULES, message: string, hint?: string): undefined =>
    void report(m, code, `parameter \`${name}\`: ${message}`, hint);
  if (m.questionToken) return fail('GEN-P006', 'is optional', 'drop the `?` and give it a `@default`');
  const doc = parseDoc(docLines(m));
  const tags = readTags(doc, fail);
  if (doc.text === '')
    return fail('GEN-P001', 'has no description', 'say above it, in `/** … */`, what it decides');
  const resolved = resolveType(m.type, file, tags.get('type') === 'number');
  if (!resolved) {
    const expected = 'expected number, boolean, string, number[], or a union of texts or of numbers';
    const hint = 'a named type must be declared in the same file';
    return fail(
      'GEN-P002',
      `type \`${oneLine(m.type.getText(file))}\` cannot be given on a command line; ${expected}`,
      hint,
    );
  }
  const limits = { min: limit('min', tags, fail), max: limit('max', tags, fail) };
  const format = tags.get('format');
  if ((tags.has('min') || tags.has('max')) && !/^(integer|number|integer-list)$/.test(resolved.type)) {
    return fail('GEN-P005', `@min and @max have no use on type ${resolved.type}`);
  }
  if (format !== undefined && resolved.type !== 'string') {
    return fail('GEN-P005', `@format has no use on type ${resolved.type}`, 'a format is named by a string');
  }
  const text = tags.get('default');
  if (text === undefined) return fail('GEN-P003', 'has no default', 'add `@default …` to its description');
  const rules = { ...resolved, ...definedOnly(limits) };
  const value: ParamValue | undefined = parseValue(resolved.type, text);
  if (value === undefined) return fail('GEN-P004', `default \`${text}\` is not of type ${resolved.type}`);
  const wrong = misfit(rules, value);
  if (wrong) return fail('GEN-P004', `default ${wrong}`);
  const formats = format === undefined ? undefined : format.split(/[\s,]+/).filter(Boolean);
  const odd = formats?.find(kind => !FORMAT_KINDS.includes(kind));
  if (odd !== undefined)
    return fail('GEN-P005', `@format knows no \`${odd}\``, `known are ${FORMAT_KINDS.join(', ')}`);
  const { type, ...bounds } = rules;
  return {
    name,
    flag: flagOf(name),
    type,
    default: value,
    ...bounds,
    ...(formats ? { formats } : {}),
    doc: doc.text,
  };
}

type Fail = (code: keyof typeof PARAM_RULES, message: string, hint?: string) => undefined;

function readTags(doc: DocComment, fail: Fail): Map<string, string> {
  const tags = new Map<string, string>();
  for (const { name, value } of doc.tags) {
    if (!TAGS.includes(name))
      fail('GEN-P005', `unknown tag @${name}`, `known are ${TAGS.map(t => `@${t}`).join(', ')}`);
    else if (tags.has(name)) fail('GEN-P005', `@${name} is given twice`);
    else if (value === '') fail('GEN-P005', `@${name} has no value`);
    else tags.set(name, value);
  }
  const type = tags.get('type');
  if (type !== undefined && type !== 'number' && type !== 'integer') {
    fail('GEN-P005', `@type ${type} is unknown`, '@type number permits fractions; integers are the rule');
  }
  return tags;
}

function limit(tag: 'min' | 'max', tags: Map<string, string>, fail: Fail): number | undefined {
  const text = tags.get(tag);
  if (text === undefined) return undefined;
  const value = parseValue('number', text);
  if (typeof value === 'number') return value;
  return fail('GEN-P005', `@${tag} \`${text}\` is not a number`);
}

function definedOnly(limits: { min?: number; max?: number }): { min?: number; max?: number } {
  return Object.fromEntries(Object.entries(limits).filter(([, v]) => v !== undefined));
}
