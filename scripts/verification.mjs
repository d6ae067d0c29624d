// `npm run verification [-- --only WORD] [--fresh]`: compares every unit at its defaults in every execution, the mapped netlists of
// four families among them, and writes docs/data/verification.json. A unit whose Verilog has not changed since is not
// repeated, so that a run that was stopped goes on; small units come first.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const catalogueFile = new URL('../dist/generators/reflect/catalogue.js', import.meta.url);
const { loadRegistry } = await import(catalogueFile.href);
const file = join(root, 'docs/data/verification.json');
const gen = join(root, 'dist/generators/cli/main.js');
const FAMILIES = 'ice40,ecp5,xc7,gowin';
/** The runs of each unit. Mapped netlists get the standard vectors; all inputs of many bits are for the netlist before mapping. */
const RUNS = [
  { name: 'mapped', args: ['--engine', 'netlist', '--mapped', FAMILIES, '--vectors', '100000'] },
  { name: 'standard', args: ['--engine', 'interpreter,verilator,netlist'] },
];
const args = process.argv.slice(2);
const only = args.includes('--only') ? args[args.indexOf('--only') + 1] : '';

const catalogue = loadRegistry();
const kept = new Map();
if (existsSync(file) && !args.includes('--fresh'))
  for (const entry of JSON.parse(readFileSync(file, 'utf8')).units) kept.set(entry.unit, entry);
const waiting = [];
for (const { id } of catalogue) {
  const verilog = readFileSync(
    join(root, 'rtl-out', id.replaceAll('-', '_'), `${id.replaceAll('-', '_')}.v`),
    'utf8',
  );
  const key = createHash('sha256').update(verilog).digest('hex').slice(0, 16);
  for (const { name, args: given } of RUNS) {
    const entry = kept.get(id)?.key === key ? kept.get(id) : { unit: id, key };
    kept.set(id, entry);
    if (!entry[name] && id.includes(only)) waiting.push({ id, name, given, size: verilog.length });
  }
}
for (const id of kept.keys()) if (!catalogue.some(unit => unit.id === id)) kept.delete(id);
waiting.sort((a, b) => (a.name === b.name ? a.size - b.size : a.name < b.name ? -1 : 1));

const started = performance.now();
const total = waiting.length;
let [done, failed] = [0, 0];
await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, work));
save();
console.log(
  `${total} runs, ${failed} failed, ${Math.round((performance.now() - started) / 1000)} s; docs/data/verification.json`,
);
process.exitCode = failed > 0 ? 1 : 0;

async function work() {
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const { id, name, given } = next;
    const since = performance.now();
    let text = '';
    try {
      const found = JSON.parse(await run(['verify', '--unit', id, ...given, '--json']));
      kept.get(id)[name] = resultOf(found, (performance.now() - since) / 1000);
      text = `${found.vectors.toLocaleString('en-US')} beats, ${found.mismatches} mismatches`;
    } catch (error) {
      failed++;
      text = `FAILED: ${error.message}`;
    }
    done++;
    const left = ((performance.now() - started) / done) * (total - done);
    console.log(`${done} of ${total}  ${id} ${name}: ${text}  (${Math.ceil(left / 60_000)} min left)`);
    save();
  }
}

/** What the table shows of a run. `seconds` are those of the command, synthesis included. */
function resultOf({ vectors, exhaustive, coverage, engines, sampled, mismatches, lint, latency }, seconds) {
  return {
    engines: engines.filter(e => e !== 'golden'),
    vectors,
    exhaustive,
    ...(sampled ? { sampled } : {}),
    coverage,
    mismatches,
    warnings: lint.warnings.length,
    latency,
    seconds: Math.round(seconds * 10) / 10,
  };
}

function save() {
  const units = [...kept.values()]
    .filter(entry => RUNS.some(r => entry[r.name]))
    .sort((a, b) => (a.unit < b.unit ? -1 : 1));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.tmp`, `${JSON.stringify({ schema: 'subbyte/verification/1', units }, null, 1)}\n`);
  renameSync(`${file}.tmp`, file);
}

/** The standard output of `gen`. */
function run(words) {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [gen, ...words], { maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      if (error) reject(new Error(stderr.trim().split('\n').at(-1) || stdout.slice(0, 200) || error.message));
      else resolve(stdout);
    });
  });
}
