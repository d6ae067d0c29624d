/**
 * A golden judges its datapath, so it must not share code with it. This follows the golden of a unit through the
 * functions that it calls, in its file and in helper files beside it, and reports what leads to a block or the DSL.
 */
import { posix } from 'node:path';
import { ts } from 'ts-morph';
import type { Diagnostic } from './diagnostic.ts';
import { freeIdentifiers } from './reach.ts';
import { diagnosticAt, importedNames, member, topLevel, walk } from './syntax.ts';

const FORBIDDEN = ['blocks', 'hdl'];

/**
 * Checks each golden in the file `path`: that of a unit, and those in helpers that make units, as `defineMac` does. `files` are
 * all parsed sources by path, for what a golden uses of other files.
 */
export function checkGolden(
  path: string,
  files: ReadonlyMap<string, ts.SourceFile>,
  layerOf: (path: string) => string | undefined,
): Diagnostic[] {
  const source = files.get(path);
  const goldens = source ? goldensOf(source) : [];
  const found: Diagnostic[] = [];
  const seen = new Set<ts.Node>(goldens);
  const pending = goldens.map((node): { node: ts.Node; path: string } => ({ node, path }));
  for (let step = pending.pop(); step; step = pending.pop()) {
    const file = files.get(step.path);
    if (!file) continue;
    const imports = importedNames(file);
    const declared = topLevel(file);
    const follow = (node: ts.Node | undefined, at: string) => {
      if (!node || seen.has(node)) return;
      seen.add(node);
      pending.push({ node, path: at });
    };
    for (const id of freeIdentifiers(step.node)) {
      // The golden of another unit is checked in its own file.
      if (ts.isPropertyAccessExpression(id.parent) && id.parent.name.text === 'golden') continue;
      follow(declared.get(id.text), step.path);
      const imported = imports.get(id.text);
      if (!imported || imported.typeOnly || !imported.specifier.startsWith('.')) continue;
      const target = posix.join(posix.dirname(step.path), imported.specifier);
      const layer = layerOf(target);
      if (layer && FORBIDDEN.includes(layer)) {
        const message = `the golden of ${path} uses \`${id.text}\` from ${layer}`;
        const hint = 'write it out with exact numbers; a golden may import formats only';
        found.push(diagnosticAt(id, step.path, 'GEN-I004', message, hint));
      } else if (layer === 'units') {
        const other = files.get(target);
        if (other) follow(topLevel(other).get(imported.exported), target);
      }
    }
  }
  return found;
}

/** The members called `golden` of all object literals of a file. */
function goldensOf(file: ts.SourceFile): ts.ObjectLiteralElementLike[] {
  const found: ts.ObjectLiteralElementLike[] = [];
  walk(file, node => {
    const golden = ts.isObjectLiteralExpression(node) ? member(node, 'golden') : undefined;
    if (golden) found.push(golden);
  });
  return found;
}
