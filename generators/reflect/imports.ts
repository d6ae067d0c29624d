/**
 * Keeps the houses apart: imports run downwards only, the inner layers touch nothing of the outside world, and the
 * golden model of a unit does not lean on the datapath that it judges.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { ts } from 'ts-morph';
import { type Diagnostic, sortDiagnostics } from './diagnostic.ts';
import { checkGolden } from './golden.ts';
import { freeIdentifiers } from './reach.ts';
import { diagnosticAt, parse, walk } from './syntax.ts';

interface Layer {
  /** The layers that may be imported. */
  readonly from: readonly string[];
  /** The layers of which only types may be imported. */
  readonly types?: readonly string[];
  /** Packages that may be imported. `*` permits all of them and `node:` too. */
  readonly packages: readonly string[];
  /** Pure layers have no `node:` modules and use nothing of the environment: they run unchanged in a browser. */
  readonly pure: boolean;
}

const GENERATORS = ['formats', 'hdl', 'blocks', 'units', 'emit', 'netlist', 'prove', 'reflect'];
const EVERYTHING = [...GENERATORS, 'cli', 'sim', 'scripts', 'bench', 'mutate', 'examples'];

/** The layers, from the innermost to the outermost. A layer may always import itself. */
export const LAYERS: Readonly<Record<string, Layer>> = {
  formats: { from: [], packages: [], pure: true },
  hdl: { from: [], packages: [], pure: true },
  blocks: { from: ['hdl', 'formats'], packages: [], pure: true },
  units: { from: ['blocks', 'hdl', 'formats'], packages: [], pure: true },
  emit: { from: ['hdl', 'formats'], types: ['units'], packages: ['handlebars'], pure: true },
  netlist: { from: [], packages: [], pure: true },
  prove: { from: ['formats'], types: ['emit'], packages: [], pure: true },
  reflect: { from: [], packages: ['ts-morph', 'node:'], pure: false },
  sim: { from: GENERATORS, packages: ['*'], pure: false },
  cli: { from: [...GENERATORS, 'sim'], packages: ['*'], pure: false },
  scripts: { from: EVERYTHING, packages: ['*'], pure: false },
  bench: { from: EVERYTHING, packages: ['*'], pure: false },
  mutate: { from: EVERYTHING, packages: ['*'], pure: false },
  examples: { from: EVERYTHING, packages: ['*'], pure: false },
  fuzz: { from: [...GENERATORS, 'cli', 'sim'], packages: ['*'], pure: false },
};

/** The codes of this check. */
export const IMPORT_RULES = {
  'GEN-I001': 'imports run downwards only',
  'GEN-I002': 'an inner layer imports no packages and no `node:` modules',
  'GEN-I003': 'an inner layer uses nothing of the environment: no files, no clock, no process',
  'GEN-I004': 'a golden uses neither blocks nor the DSL',
} as const;

const ENVIRONMENT = new Set(
  'process globalThis global window self require Buffer console fetch performance Date XMLHttpRequest Deno Bun'
    .split(' ')
    .concat('setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'navigator', 'localStorage'),
);

/** Checks every source file below `root`, the directory that has `generators/` and `sim/`. */
export function checkImports(root: string): Diagnostic[] {
  const files = new Map<string, ts.SourceFile>();
  for (const top of ['generators', 'sim', 'scripts', 'bench', 'mutate', 'fuzz', 'examples']) {
    for (const path of sourcesBelow(root, top)) {
      files.set(path, parse(readFileSync(join(root, path), 'utf8'), path));
    }
  }
  const found: Diagnostic[] = [];
  for (const [path, file] of files) {
    const layer = layerOf(path);
    if (!layer || !LAYERS[layer]) continue;
    found.push(...checkSpecifiers(file, path, layer), ...(LAYERS[layer].pure ? checkPurity(file, path) : []));
    if (layer === 'units') found.push(...checkGolden(path, files, layerOf));
  }
  return sortDiagnostics(found);
}

/** `generators/hdl/x.ts` → `hdl`, `sim/x.ts` → `sim`; `undefined` for what is in no layer. */
export function layerOf(path: string): string | undefined {
  const [top, below] = path.split('/');
  const layer = top === 'generators' ? below : top;
  return layer in LAYERS ? layer : undefined;
}

function sourcesBelow(root: string, folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true })
    .flatMap(e => {
      const path = posix.join(folder, e.name);
      if (e.isDirectory()) return e.name === 'node_modules' ? [] : sourcesBelow(root, path);
      return /\.(ts|mjs|js)$/.test(e.name) && !e.name.endsWith('.d.ts') ? [path] : [];
    })
    .sort();
}

function checkSpecifiers(file: ts.SourceFile, path: string, layer: string): Diagnostic[] {
  const rules = LAYERS[layer];
  const found: Diagnostic[] = [];
  walk(file, node => {
    const edge = importEdge(node);
    if (!edge) return;
    const specifier = edge.specifier.text;
    if (!specifier.startsWith('.')) {
      const permitted = rules.packages.some(
        p => p === '*' || (p.endsWith(':') ? specifier.startsWith(p) : specifier === p),
      );
      if (permitted) return;
      const message = `\`${layer}\` imports \`${specifier}\`; permitted: ${rules.packages.join(', ') || 'no package'}`;
      found.push(
        diagnosticAt(
          edge.specifier,
          path,
          'GEN-I002',
          message,
          'let sim or cli do it and hand the result in',
        ),
      );
      return;
    }
    const target = layerOf(posix.join(posix.dirname(path), specifier));
    if (target === layer || (target && rules.from.includes(target))) return;
    const typesOnly = target !== undefined && (rules.types?.includes(target) ?? false);
    if (typesOnly && edge.typeOnly) return;
    const list = rules.from.join(', ') || 'nothing of the project';
    const message = `\`${layer}\` imports \`${target ?? specifier}\`; permitted: ${list}`;
    const hint = typesOnly ? 'types are fine: write `import type`' : 'move what both need into a lower layer';
    found.push(diagnosticAt(edge.specifier, path, 'GEN-I001', message, hint));
  });
  return found;
}

interface ImportEdge {
  readonly specifier: ts.StringLiteralLike;
  readonly typeOnly: boolean;
}

/** `import … from`, `export … from`, `import('…')` as a value and as a type. */
function importEdge(node: ts.Node): ImportEdge | undefined {
  if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
    const clause = node.importClause;
    const named = clause?.namedBindings;
    const each =
      !clause?.name && named && ts.isNamedImports(named) && named.elements.length > 0
        ? named.elements.every(e => e.isTypeOnly)
        : false;
    return {
      specifier: node.moduleSpecifier,
      typeOnly: clause?.phaseModifier === ts.SyntaxKind.TypeKeyword || each,
    };
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier)) {
    return { specifier: node.moduleSpecifier, typeOnly: node.isTypeOnly };
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    const [first] = node.arguments;
    return first && ts.isStringLiteralLike(first) ? { specifier: first, typeOnly: false } : undefined;
  }
  if (
    ts.isImportTypeNode(node) &&
    ts.isLiteralTypeNode(node.argument) &&
    ts.isStringLiteral(node.argument.literal)
  ) {
    return { specifier: node.argument.literal, typeOnly: true };
  }
  return undefined;
}

function checkPurity(file: ts.SourceFile, path: string): Diagnostic[] {
  const hint = 'the caller hands in what the computation needs';
  const found: Diagnostic[] = [];
  for (const id of freeIdentifiers(file)) {
    const random =
      id.text === 'Math' && ts.isPropertyAccessExpression(id.parent) && id.parent.name.text === 'random';
    if (!random && !ENVIRONMENT.has(id.text)) continue;
    const what = random ? 'Math.random' : id.text;
    found.push(diagnosticAt(id, path, 'GEN-I003', `uses \`${what}\` of the environment`, hint));
  }
  walk(file, node => {
    if (!ts.isMetaProperty(node) || node.keywordToken !== ts.SyntaxKind.ImportKeyword) return;
    found.push(diagnosticAt(node, path, 'GEN-I003', 'uses `import.meta` of the environment', hint));
  });
  return found;
}
