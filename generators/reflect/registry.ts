/**
 * Builds the registry: the static half of a unit (parameters, documentation) from its source, the other half (id,
 * summary, family, presets) from its built module. Runs at build time; `catalogue.ts` reads the result.
 */
import { join } from 'node:path';
import type { PresetEntry, RegistryEntry } from './catalogue.ts';
import { type Diagnostic, sortDiagnostics } from './diagnostic.ts';
import { reflectUnit } from './params.ts';
import { misfit, type ParamSpec, type ParamValue } from './values.ts';

export { findUnit, loadRegistry, loadUnit, type PresetEntry, type RegistryEntry } from './catalogue.ts';

export interface RegistryOptions {
  /** The project root, that the unit files are relative to. */
  readonly root: string;
  /** Gives the built module of a unit file. */
  readonly load: (file: string) => Promise<unknown>;
}

export interface Registry {
  /** Sorted by id. */
  readonly entries: readonly RegistryEntry[];
  readonly diagnostics: readonly Diagnostic[];
}

/** The codes of this reflection. */
export const REGISTRY_RULES = {
  'GEN-R001': 'the module of a unit must load',
  'GEN-R002': 'a unit has an id and a summary',
  'GEN-R003': 'ids of units and presets are unique',
  'GEN-R004': 'a preset sets parameters that exist to values that fit',
  'GEN-R005': 'the export `unit` of a file is its unit',
} as const;

/** Collects the units among the given files; files without `export const unit` are helpers and are left out. */
export async function buildRegistry(files: readonly string[], options: RegistryOptions): Promise<Registry> {
  const diagnostics: Diagnostic[] = [];
  const entries: RegistryEntry[] = [];
  const flawed = new Set<string>();
  for (const file of [...files].sort()) {
    const reflected = reflectUnit(join(options.root, file), file);
    const report = (code: keyof typeof REGISTRY_RULES, message: string, hint?: string) =>
      diagnostics.push({ code, message, file, line: 1, column: 1, ...(hint ? { hint } : {}) });
    if (!reflected.isUnit) {
      if (reflected.definesUnit)
        report(
          'GEN-R005',
          'calls `defineUnit`, but exports no `unit`',
          'write `export const unit = defineUnit…`',
        );
      continue;
    }
    diagnostics.push(...reflected.diagnostics);
    if (reflected.diagnostics.length > 0) flawed.add(file);
    let unit: Record<string, unknown>;
    try {
      unit = record(record(await options.load(file)).unit);
    } catch (error) {
      report('GEN-R001', `cannot be loaded: ${error instanceof Error ? error.message : String(error)}`);
      continue;
    }
    if (!text(unit.id) || !text(unit.summary)) {
      report('GEN-R002', 'the unit has no `id` or no `summary`');
      continue;
    }
    const presets = presetsOf(unit.presets);
    for (const p of presets) for (const m of presetMistakes(p, reflected.params)) report('GEN-R004', m);
    entries.push({
      id: text(unit.id),
      summary: text(unit.summary),
      family: text(unit.family),
      file,
      doc: reflected.doc,
      params: reflected.params,
      presets,
    });
  }
  entries.sort((a, b) => (a.id < b.id ? -1 : 1));
  // A unit that lacks a parameter cannot be composed: it takes its ids, and is no part of the catalogue.
  const whole = entries.filter(e => !flawed.has(e.file));
  return { entries: whole, diagnostics: sortDiagnostics([...diagnostics, ...duplicates(entries)]) };
}

/** The module `units/registry.js`: each unit is imported when it is asked for, and not before. */
export function registryModule(entries: readonly RegistryEntry[]): string {
  const lines = entries.flatMap(entry => {
    const name = entry.file.replace(/^generators\/units\//, './').replace(/\.ts$/, '.js');
    return [entry.id, ...entry.presets.map(p => p.id)].map(
      id => `  [${JSON.stringify(id)}, () => import(${JSON.stringify(name)})],`,
    );
  });
  return [
    '/** Units by id and by preset id. Written by the build. */',
    'export const units = new Map([',
    ...lines,
    ']);',
    '',
    '/** Loads the module of one unit and gives its `unit`. */',
    'export async function loadUnit(id) {',
    '  const load = units.get(id);',
    '  if (!load) throw new RangeError(`no unit or preset is called ' + '$' + '{id}`);',
    '  return (await load()).unit;',
    '}',
    '',
  ].join('\n');
}

function presetsOf(value: unknown): PresetEntry[] {
  return Object.entries(record(value ?? {})).map(([id, preset]) => {
    const { summary, params } = record(preset);
    return { id, summary: text(summary), params: record(params ?? {}) as Record<string, ParamValue> };
  });
}

function presetMistakes(preset: PresetEntry, specs: readonly ParamSpec[]): string[] {
  return Object.entries(preset.params).flatMap(([name, value]) => {
    const spec = specs.find(s => s.name === name);
    if (!spec) return [`preset \`${preset.id}\` sets \`${name}\`, which is no parameter`];
    const wrong = misfit(spec, value);
    return wrong ? [`preset \`${preset.id}\`, parameter \`${name}\`: ${wrong}`] : [];
  });
}

function duplicates(entries: readonly RegistryEntry[]): Diagnostic[] {
  const owner = new Map<string, string>();
  const found: Diagnostic[] = [];
  for (const { file, id, presets } of entries) {
    for (const name of [id, ...presets.map(p => p.id)]) {
      const other = owner.get(name);
      if (other !== undefined) {
        const message = `the id \`${name}\` is taken by ${other}`;
        found.push({ code: 'GEN-R003', message, file, line: 1, column: 1 });
      }
      owner.set(name, file);
    }
  }
  return found;
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
