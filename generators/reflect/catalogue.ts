/**
 * The catalogue at run time: what the build wrote down about every unit, and each unit's module when it is asked
 * for. No compiler is loaded here, so that the command starts at once.
 */
import { readFileSync } from 'node:fs';
import type { ParamSpec, ParamValue } from './values.ts';

export interface PresetEntry {
  readonly id: string;
  readonly summary: string;
  /** The parameters that differ from the defaults. */
  readonly params: Readonly<Record<string, ParamValue>>;
}

/** One unit of the catalogue. */
export interface RegistryEntry {
  readonly id: string;
  readonly summary: string;
  readonly family: string;
  /** Source file, relative to the project root. */
  readonly file: string;
  /** The doc comment above `export const unit`. */
  readonly doc: string;
  readonly params: readonly ParamSpec[];
  readonly presets: readonly PresetEntry[];
}

let cached: readonly RegistryEntry[] | undefined;

/** The registry that the build wrote, sorted by id. Works from `dist/` and, after a build, from the sources. */
export function loadRegistry(): readonly RegistryEntry[] {
  cached ??= JSON.parse(readFileSync(built('registry.json'), 'utf8')) as RegistryEntry[];
  return cached;
}

/** A unit found by its own id or by the id of one of its presets. */
export interface FoundUnit {
  readonly entry: RegistryEntry;
  readonly preset?: PresetEntry;
}

/** Looks a unit or a preset up by id; `undefined` when there is none. */
export function findUnit(id: string): FoundUnit | undefined {
  for (const entry of loadRegistry()) {
    if (entry.id === id) return { entry };
    const preset = entry.presets.find(p => p.id === id);
    if (preset) return { entry, preset };
  }
  return undefined;
}

/** Loads the module of one unit, by its id or that of a preset, and gives its `unit`. */
export async function loadUnit<U = unknown>(id: string): Promise<U> {
  const registry = (await import(/* @vite-ignore */ built('units/registry.js').href)) as {
    loadUnit(id: string): Promise<U>;
  };
  return registry.loadUnit(id);
}

/** A file of the built generators, seen from this file in `dist/` or from its source. */
function built(path: string): URL {
  const fromSource = import.meta.url.endsWith('.ts');
  return new URL(fromSource ? `../../dist/generators/${path}` : `../${path}`, import.meta.url);
}
