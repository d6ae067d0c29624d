// Builds dist/ from the TypeScript sources, one file to one file: `node scripts/build.mjs [--out DIR] [--force]`.
//
//   1  the reflection layer, with a plain transpile: the next phase runs it
//   2  everything else, with signals told their names in units and blocks
//   3  the registry of units, from their sources and their built modules
//   4  the templates, compiled ahead: starting `gen` then needs no template compiler
//
// A file is built again only when its text, or that of the build itself, has changed. Nothing of the machine or the
// day goes into the output: two builds of the same sources are the same bytes.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const started = performance.now();
const root = fileURLToPath(new URL('..', import.meta.url));
const args = process.argv.slice(2);
const out = resolve(args.includes('--out') ? args[args.indexOf('--out') + 1] : join(root, 'dist'));
const FOLDERS = ['generators', 'sim', 'bench', 'mutate', 'fuzz', 'examples'];
const REFLECT = 'generators/reflect/';
const UNITS = 'generators/units/';
const REGISTRY = 'generators/registry.json';
const REGISTRY_MODULE = `${UNITS}registry.js`;
const STATE = '.build.json';

const sources = new Map(
  FOLDERS.flatMap(listSources).map(path => [path, readFileSync(join(root, path), 'utf8')]),
);
const before = args.includes('--force') ? {} : readState();
const toolchain = hash(
  [
    readFileSync(fileURLToPath(import.meta.url), 'utf8'),
    readFileSync(join(root, 'node_modules/ts-morph/package.json'), 'utf8'),
    ...[...sources].filter(([path]) => path.startsWith(REFLECT)).flat(),
  ].join('\0'),
);
const fresh = before.toolchain === toolchain;
const hashes = Object.fromEntries([...sources].map(([path, text]) => [path, hash(text)]));
const stale = [...sources.keys()].filter(
  path => !fresh || before.files?.[path] !== hashes[path] || !existsSync(join(out, outputOf(path))),
);
const removed = removeOrphans();
const problems = [];
const failed = new Set();

if (stale.length > 0) await transpileStale();
const touched = [...stale, ...removed].some(path => path.startsWith('generators/'));
const registryStale =
  before.registry !== true || touched || ![REGISTRY, REGISTRY_MODULE].every(f => existsSync(join(out, f)));
let registryBuilt = !registryStale;
if (registryStale && failed.size === 0) registryBuilt = await buildTheRegistry();

precompileTemplates();

for (const path of failed) delete hashes[path];
write(STATE, `${JSON.stringify({ toolchain, registry: registryBuilt, files: hashes }, null, 1)}\n`);
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);
const seconds = ((performance.now() - started) / 1000).toFixed(1);
const unchanged = sources.size - stale.length;
console.log(`built ${stale.length} files in ${seconds} s${unchanged > 0 ? ` (${unchanged} unchanged)` : ''}`);

async function transpileStale() {
  if (!fresh || stale.some(path => path.startsWith(REFLECT))) bootstrap();
  const reflect = name => import(pathToFileURL(join(out, REFLECT, name)).href);
  let transpile;
  let formatDiagnostic;
  try {
    ({ transpile } = await reflect('transpile.js'));
    ({ formatDiagnostic } = await reflect('diagnostic.js'));
  } catch (error) {
    problems.push(`${REFLECT}: cannot be loaded: ${error.message}`);
    for (const path of stale) failed.add(path);
    return;
  }
  for (const path of stale) {
    if (failed.has(path)) continue;
    if (!path.endsWith('.ts')) {
      write(outputOf(path), sources.get(path));
      continue;
    }
    const { code, diagnostics } = transpile(sources.get(path).replaceAll('\r\n', '\n'), path);
    if (diagnostics.length > 0) {
      problems.push(formatDiagnostic(diagnostics[0]));
      failed.add(path);
    } else write(outputOf(path), code);
  }
}

/** Phase 1. The options are those of `transpile.ts`, which writes the same files once more, byte by byte. */
function bootstrap() {
  const { ts } = createRequire(import.meta.url)('ts-morph');
  const compilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    verbatimModuleSyntax: true,
    rewriteRelativeImportExtensions: true,
    newLine: ts.NewLineKind.LineFeed,
  };
  for (const [path, text] of sources) {
    if (!path.startsWith(REFLECT) || !path.endsWith('.ts')) continue;
    const result = ts.transpileModule(text, { compilerOptions, fileName: path, reportDiagnostics: true });
    const [error] = result.diagnostics;
    if (error) {
      const line = text.slice(0, error.start ?? 0).split('\n').length;
      problems.push(
        `${path}:${line} TS${error.code} ${ts.flattenDiagnosticMessageText(error.messageText, ' ')}`,
      );
      failed.add(path);
    } else write(outputOf(path), result.outputText);
  }
}

/** Phase 3. Answers whether the registry is whole; the units that are right are in it in any case. */
async function buildTheRegistry() {
  const { buildRegistry, registryModule } = await import(
    pathToFileURL(join(out, REFLECT, 'registry.js')).href
  );
  const { formatDiagnostic } = await import(pathToFileURL(join(out, REFLECT, 'diagnostic.js')).href);
  const files = [...sources.keys()].filter(path => path.startsWith(UNITS) && path.endsWith('.ts'));
  const load = file => import(pathToFileURL(join(out, outputOf(file))).href);
  const { entries, diagnostics } = await buildRegistry(files, { root, load });
  write(REGISTRY, `${JSON.stringify(entries, null, 1)}\n`);
  write(REGISTRY_MODULE, registryModule(entries));
  problems.push(...diagnostics.map(formatDiagnostic));
  return diagnostics.length === 0;
}

/** Phase 4. `templates/x.hbs` becomes the module `dist/templates/x.hbs.cjs`. */
function precompileTemplates() {
  const files = listFiles(root, 'templates').sort();
  if (files.length === 0) return;
  const Handlebars = createRequire(import.meta.url)('handlebars');
  for (const file of files) {
    const text = readFileSync(join(root, file), 'utf8');
    try {
      const code = `module.exports = ${Handlebars.precompile(text, { strict: true, noEscape: true })};\n`;
      const path = `${file}.cjs`;
      if (!existsSync(join(out, path)) || readFileSync(join(out, path), 'utf8') !== code) write(path, code);
    } catch (error) {
      problems.push(`${file}: ${error.message.split('\n')[0]}`);
    }
  }
}

function listSources(folder) {
  return listFiles(root, folder)
    .filter(
      path => /\.(ts|mjs|js)$/.test(path) && !path.endsWith('.d.ts') && !path.includes('/node_modules/'),
    )
    .sort();
}

function listFiles(base, folder) {
  if (!existsSync(join(base, folder))) return [];
  return readdirSync(join(base, folder), { withFileTypes: true }).flatMap(entry => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? listFiles(base, path) : [path];
  });
}

function outputOf(path) {
  return path.replace(/\.ts$/, '.js');
}

/** Removes outputs that no source stands behind. A file that another build is just writing is left alone. */
function removeOrphans() {
  const wanted = new Set([...sources.keys()].map(outputOf).concat(REGISTRY, REGISTRY_MODULE));
  const orphans = FOLDERS.flatMap(folder => listFiles(out, folder)).filter(
    path => !wanted.has(path) && !path.endsWith('.partial'),
  );
  for (const path of orphans) rmSync(join(out, path), { force: true });
  return orphans;
}

/** Writes by renaming, so that somebody who reads at the same time never sees half a file. */
function write(path, text) {
  const target = join(out, path);
  mkdirSync(dirname(target), { recursive: true });
  const partial = `${target}.${process.pid}.partial`;
  writeFileSync(partial, text);
  renameSync(partial, target);
}

function readState() {
  try {
    return JSON.parse(readFileSync(join(out, STATE), 'utf8'));
  } catch {
    return {};
  }
}

function hash(text) {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
