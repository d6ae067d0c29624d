// `npm run verification [-- --only WORD] [--fresh]`: compares every unit at its defaults in every execution; the mapped netlists of
// four families, where four lanes stand for many; and what `--target` makes of it for each family, where that is other Verilog.
// Writes docs/data/verification.json. With `--part 2/3`, the second third of it. A run is not repeated as long as the Verilog and, of
// mapped netlists, the commands of synthesis are the same, so that a run that was stopped goes on; small units come first.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = path => import(new URL(`../dist/generators/${path}.js`, import.meta.url).href);
const [{ loadRegistry }, { openSession }, { addVerifyOptions, runVerification }] = await Promise.all(
  ['reflect/catalogue', 'cli/session', 'cli/verifyCommand'].map(dist),
);
const [{ loadTarget, targetIds }, { mappedScript, ownModels, runnableTargets }] = await Promise.all(
  ['targets', 'netlist'].map(name => import(new URL(`../dist/sim/${name}.js`, import.meta.url).href)),
);
const file = join(root, 'docs/data/verification.json');
const FAMILIES = 'ice40,ecp5,xc7,gowin';
/** Mapping 32 lanes to four families takes up to half an hour; what could go wrong in a lane does so in one of four. */
const MAPPED_LANES = 4;
/** The runs of each unit. Mapped netlists get the standard vectors; all inputs of many bits are for the netlist before mapping. */
const RUNS = [
  { name: 'mapped', args: ['--engine', 'netlist', '--mapped', FAMILIES, '--vectors', '100000'] },
  { name: 'standard', args: ['--engine', 'interpreter,verilator,netlist'] },
];
const args = process.argv.slice(2);
const only = args.includes('--only') ? args[args.indexOf('--only') + 1] : '';

const kept = new Map();
if (existsSync(file) && !args.includes('--fresh'))
  for (const entry of JSON.parse(readFileSync(file, 'utf8')).units) kept.set(entry.unit, entry);
const waiting = [];
const catalogue = loadRegistry();
for (const { id, params } of catalogue) {
  const name = id.replaceAll('-', '_');
  const verilog = readFileSync(join(root, 'rtl-out', name, `${name}.v`), 'utf8');
  const entry = kept.get(id) ?? { unit: id };
  kept.set(id, entry);
  for (const { name, args } of RUNS) {
    const given = [...args, ...lanesOf({ name }, params)];
    const key = hash(verilog, ...(name === 'mapped' ? FAMILIES.split(',').map(commandsFor) : []));
    if (entry[name]?.key === key) continue;
    delete entry[name];
    if (id.includes(only)) waiting.push({ id, name, key, size: verilog.length, args: given });
  }
  if (!id.includes(only)) continue;
  const forTargets = await targetRuns(id, params);
  const current = Object.entries(entry.targets ?? {}).filter(([run, { key }]) =>
    forTargets.some(r => r.name === run && r.key === key),
  );
  entry.targets = Object.fromEntries(current);
  for (const run of forTargets)
    if (!entry.targets[run.name]) waiting.push({ id, size: verilog.length, isForTarget: true, ...run });
}
for (const id of kept.keys()) if (!catalogue.some(unit => unit.id === id)) kept.delete(id);
waiting.sort((a, b) => effort(a) - effort(b));

const [part, parts] = args.includes('--part') ? args[args.indexOf('--part') + 1].split('/') : [1, 1];
const mine = waiting.filter((_, i) => i % Number(parts) === Number(part) - 1);

const started = performance.now();
let failed = 0;
for (const [i, { id, name, key, isForTarget, args: given }] of mine.entries()) {
  const since = performance.now();
  let text;
  try {
    const session = await openWith(id, given);
    const { document, exitCode } = await runVerification(session);
    if (exitCode !== 0) failed++;
    const lanes = given.includes('--lanes') ? { lanes: MAPPED_LANES } : {};
    const result = { key, ...lanes, ...resultOf(document, (performance.now() - since) / 1000) };
    const entry = kept.get(id);
    (isForTarget ? entry.targets : entry)[name] = result;
    text = `${document.vectors.toLocaleString('en-US')} beats, ${document.mismatches} mismatches`;
  } catch (error) {
    failed++;
    text = `FAILED: ${error.message}`;
  }
  const left = ((performance.now() - started) / (i + 1)) * (mine.length - i - 1);
  console.log(`${i + 1} of ${mine.length}  ${id} ${name}: ${text}  (${Math.ceil(left / 60_000)} min left)`);
  save();
}
console.log(`${mine.length} runs, ${failed} failed; docs/data/verification.json`);
process.exitCode = failed > 0 ? 1 : 0;

function openWith(id, given) {
  return openSession('gen verify', '', ['--unit', id, ...given, '--quiet'], addVerifyOptions);
}

/**
 * The runs of what is made for one family and differs from what is made for any: at the defaults in interpreter and Verilator, and mapped
 * to that family, where its cells have models. Families for which the same is made share a run, which has the name of the first.
 */
async function targetRuns(id, params) {
  const runs = [];
  for (const isMapped of [false, true]) {
    const lanes = isMapped ? lanesOf({ name: 'mapped' }, params) : [];
    const seen = new Set([await textOf(id, lanes)]);
    for (const target of isMapped ? runnableTargets() : targetIds()) {
      const args = [...lanes, '--target', target];
      const text = await textOf(id, args);
      if (seen.has(text)) continue;
      if (!isMapped) seen.add(text);
      const key = hash(text, ...(isMapped ? [commandsFor(target)] : []));
      const engines = isMapped
        ? ['--engine', 'netlist', '--mapped', target]
        : ['--engine', 'interpreter,verilator'];
      const beats = ['--vectors', '100000'];
      runs.push({
        name: isMapped ? `${target}, mapped` : target,
        key,
        args: [...args, ...engines, ...beats],
      });
    }
  }
  return runs;
}

function hash(...texts) {
  return createHash('sha256').update(texts.join('\n')).digest('hex').slice(0, 16);
}

/** What makes a mapped netlist of any Verilog: the commands of synthesis, and the models of cells that do not come with it. */
function commandsFor(id) {
  const target = loadTarget(id);
  return [mappedScript('module', target, 'auto'), ...Object.values(ownModels(target))].join('\n');
}

/** The Verilog without what only names the target. */
async function textOf(id, args) {
  const { verilog, module } = await openWith(id, args);
  return verilog.replaceAll(/\/\/.*/g, '').replaceAll(module.name, 'module');
}

/** What is likely to take longer comes later: mapping, then the other executions, then those that try 2^25 to 2^32 inputs. */
function effort({ id, name, size }) {
  if (name !== 'standard') return size;
  const unit = id.replaceAll('-', '_');
  const { ports } = JSON.parse(readFileSync(join(root, 'rtl-out', unit, 'manifest.json'), 'utf8'));
  const bits = ports.filter(p => p.direction === 'input').reduce((sum, p) => sum + p.width, 0);
  return 1e6 + size + (bits > 24 && bits <= 32 && !ports.some(p => p.name === 'clk') ? 1e6 : 0);
}

/** Fewer lanes for mapped netlists, of units that have many. */
function lanesOf(run, params) {
  const lanes = params.find(p => p.name === 'lanes')?.default ?? 0;
  return run.name === 'mapped' && lanes > MAPPED_LANES ? ['--lanes', String(MAPPED_LANES)] : [];
}

/** What the table shows of a run. `seconds` are those of the command, synthesis included where it was not in the cache. */
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
