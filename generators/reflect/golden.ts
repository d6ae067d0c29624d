/**
 * A golden judges its datapath, so it must not share code with it. This follows the golden of a unit through the
 * functions that it calls, in its file and in helper files beside it, and reports what leads to a block or the DSL.
 */
import { posix } from 'node:path';
import type { ts } from 'ts-morph';
import type { Diagnostic } from './diagnostic.ts';
import { freeIdentifiers } from './reach.ts';
import { diagnosticAt, importedNames, member, topLevel, unitLiteral } from './syntax.ts';

const FORBIDDEN = ['blocks', 'hdl'];

/** Checks the golden of the unit in `path`; `files` are all parsed sources by path, for the helpers beside it. */
export function checkGolden(
  path: string,
  files: ReadonlyMap<string, ts.SourceFile>,
  layerOf: (path: string) => string | undefined,
): Diagnostic[] {
  const unit = files.get(path);
  const literal = unit && unitLiteral(unit);
  const golden = literal && member(literal, 'golden');
  if (!golden) return [];
  const found: Diagnostic[] = [];
  const seen = new Set<ts.Node>([golden]);
  const pending: { node: ts.Node; path: string }[] = [{ node: golden, path }];
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
