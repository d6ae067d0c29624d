// `npm run lint:dsl [file …]`: lints how units and blocks use signals, and checks the directions of imports.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const from = name => import(new URL(`../dist/generators/reflect/${name}.js`, import.meta.url).href);
if (!existsSync(join(root, 'dist/generators/reflect/lint.js'))) {
  console.error('dist/ is missing: run `node scripts/build.mjs` first');
  process.exit(1);
}
const [{ lintUnits }, { checkImports }, { formatDiagnostic }] = await Promise.all(
  ['lint', 'imports', 'diagnostic'].map(from),
);

const given = process.argv.slice(2);
const missing = given.filter(file => !existsSync(file));
if (missing.length > 0) {
  console.error(`no such file: ${missing.join(', ')}`);
  process.exit(1);
}
const files = given.length > 0 ? given : ['units', 'blocks'].flatMap(sources);
const found = [...lintUnits(files, { root }), ...(given.length > 0 ? [] : checkImports(root))];
for (const d of found) console.error(formatDiagnostic(d));
console.log(found.length === 0 ? `${files.length} files are clean` : `${found.length} findings`);
process.exitCode = found.length === 0 ? 0 : 1;

function sources(folder) {
  const path = join(root, 'generators', folder);
  if (!existsSync(path)) return [];
  const names = readdirSync(path, { recursive: true }).sort();
  return names.filter(name => name.endsWith('.ts')).map(name => join(path, name));
}
