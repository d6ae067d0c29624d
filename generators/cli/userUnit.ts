import { existsSync } from 'node:fs';
import { readFile, realpath, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { removeTemporary, temporaryFolder } from '../../sim/cleanup.ts';
import { projectRoot } from '../../sim/root.ts';
import type { Parameters } from '../emit/design.ts';
import type { FoundUnit } from '../reflect/catalogue.ts';
import type { Unit } from '../units/unit.ts';
import { UsageError } from './errors.ts';

/** The built `generators/`, which a user's unit imports as `subbyte/…`. */
const generators = fileURLToPath(new URL('..', import.meta.url));

/**
 * Loads a unit from the user's own file: `gen --unit ./my-unit.ts`. The file imports `subbyte/units/unit`,
 * `subbyte/hdl/builder`, `subbyte/blocks/float` and so on.
 */
export async function loadUserUnit(
  path: string,
): Promise<{ found: FoundUnit; unit: Unit<Parameters>; source: string }> {
  const file = resolve(path);
  if (!existsSync(file))
    throw new UsageError(
      `no file ${path}; give the id of a unit (gen list shows all) or the path of a unit's file`,
    );
  const [{ transpile }, { reflectUnit }, { formatDiagnostic }] = await Promise.all([
    import('../reflect/transpile.ts'),
    import('../reflect/params.ts'),
    import('../reflect/diagnostic.ts'),
  ]);
  const reflected = reflectUnit(file, basename(file), join(projectRoot, 'generators'));
  if (!reflected.isUnit)
    throw new UsageError(`${path} exports no unit; expected \`export const unit = defineUnit(…)\``);
  const naming = pathToFileURL(join(generators, 'hdl', 'naming.js')).href;
  const { code, diagnostics } = transpile(await readFile(file, 'utf8'), basename(file), {
    names: true,
    namingModule: naming,
  });
  const problem = [...reflected.diagnostics, ...diagnostics][0];
  if (problem) throw new UsageError(formatDiagnostic(problem));
  const folder = temporaryFolder();
  try {
    const built = join(await realpath(folder), 'unit.mjs');
    const source = resolveImports(code, dirname(file));
    await writeFile(built, source);
    const { unit } = (await import(pathToFileURL(built).href)) as { unit: Unit<Parameters> };
    const problem = shapeProblem(unit);
    if (problem) throw new UsageError(`${path}: ${problem}`);
    const presets = Object.entries(unit.presets ?? {}).map(([id, p]) => ({
      id,
      summary: p.summary,
      params: p.params as Record<string, string>,
    }));
    const entry = {
      id: unit.id,
      summary: unit.summary,
      family: unit.family,
      file: basename(file),
      doc: reflected.doc,
      params: reflected.params,
      presets,
    };
    return { found: { entry }, unit, source };
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND') {
      throw new UsageError(`${path} does not load: ${(error as Error).message.split('\n')[0]}`);
    }
    throw error;
  } finally {
    await removeTemporary(folder);
  }
}

const ID = /^[a-z][a-z0-9-]{0,63}$/;

/** What is wrong with the outer shape of a unit: its id becomes the name of files, folders and modules. */
function shapeProblem(unit: Partial<Unit<Parameters>> | undefined): string | undefined {
  if (typeof unit !== 'object' || unit === null) return 'unit is no object; expected defineUnit({ … })';
  for (const id of [unit.id, ...Object.keys(unit.presets ?? {})])
    if (typeof id !== 'string' || !ID.test(id))
      return `id ${JSON.stringify(id) ?? 'undefined'} is none; expected lower-case letters, digits and -, up to 64`;
  for (const key of ['summary', 'source'] as const)
    if (typeof unit[key] !== 'string') return `${key} is no text`;
  if (!Array.isArray(unit.equations)) return 'equations is no list of texts';
  const odd = (['ports', 'golden', 'datapath'] as const).find(key => typeof unit[key] !== 'function');
  return odd && `${odd} is no function`;
}

/** `subbyte/hdl/builder` is a module of this program; a relative import is one beside the user's file. */
function resolveImports(code: string, folder: string): string {
  return code.replace(
    /(from\s*|import\s*\(?\s*)(['"])(subbyte\/|\.{1,2}\/)([^'"]+)\2/g,
    (_, head: string, quote: string, root: string, rest: string) => {
      const path =
        root === 'subbyte/'
          ? join(generators, `${rest.replace(/\.[jt]s$/, '')}.js`)
          : resolve(folder, root, rest);
      return `${head}${quote}${pathToFileURL(path).href}${quote}`;
    },
  );
}
