// `npm run docs [-- --check]`: writes what the documents take from the code.
//
//   - the text between `<!-- generated: NAME -->` and `<!-- /generated -->` in README.md, CONTRIBUTING.md and
//     docs/*.md; a NAME `$ gen …` is a command, whose output is shown
//   - docs/units/<id>.md, whole, one page for each unit; docs/pictures/qor-<family>.svg, bars of hardware cost
//
// With --check nothing is written, and the exit code is 1 when a document is not what the code says.
//
// `npm run docs -- --runs` also repeats the runs between `<!-- run: $ gen … -->` and `<!-- /run -->`: they take long,
// and what they print depends on the machine and its tools, so that nothing checks them.
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const UNITS = 'docs/units';
const PICTURES = 'docs/pictures';
const isCheck = process.argv.includes('--check');
const repeatsRuns = process.argv.includes('--runs');
// Documents are not of this machine: no colours, no terminal.
process.env.NO_COLOR = '1';

execFileSync(process.execPath, [join(root, 'scripts/build.mjs')], { stdio: ['ignore', 'ignore', 'inherit'] });
const dist = path => import(new URL(`../dist/${path}.js`, import.meta.url).href);
const [{ formatsMarkdown }, { describeFormat }, { formatExact }] = await Promise.all(
  ['document', 'describe', 'exact'].map(name => dist(`generators/formats/${name}`)),
);
const [
  { HDL_CODES },
  { EXIT },
  { design, DEFAULT_GOAL },
  { modulePorts },
  { cornerCodes, EXHAUSTIVE_BITS },
  { inputBits, MOST_BITS },
] = await Promise.all(
  ['generators/hdl/diagnostics', 'generators/cli/errors', 'generators/emit/design', 'generators/emit/module']
    .concat('sim/stimulus', 'sim/inputSpace')
    .map(dist),
);
const [
  { LINT_RULES },
  { PARAM_RULES },
  { REGISTRY_RULES, loadRegistry, loadUnit },
  { IMPORT_RULES, LAYERS },
] = await Promise.all(
  ['lint', 'params', 'registry', 'imports'].map(name => dist(`generators/reflect/${name}`)),
);
const { loadTarget, targetIds } = await dist('sim/targets');
const { COMPARED } = await dist('bench/clock');
const { ROWS: QOR_ROWS, FAMILIES: QOR_FAMILIES } = await dist('bench/qor/rows');
const { qorPicture } = await dist('bench/qor/picture');
const { FAMILIES } = await dist('generators/units/unit');

const registry = loadRegistry();
const BLOCKS = {
  units: unitsTable,
  formats: formatsMarkdown,
  diagnostics: diagnosticsTable,
  'exit codes': exitTable,
  layers: layersTable,
  targets: targetsTable,
  verification: verificationTable,
  proofs: proofsTable,
  fuzzing: fuzzingText,
  qor: qorTable,
  clocks: clocksTable,
  routed: routedTable,
};

const wanted = new Map();
for (const path of ['README.md', 'CONTRIBUTING.md', ...markdownIn('docs')]) {
  wanted.set(path, fill(readFileSync(join(root, path), 'utf8'), path));
}
for (const entry of registry)
  wanted.set(`${UNITS}/${entry.id}.md`, unitPage(entry, await loadUnit(entry.id)));

for (const family of QOR_FAMILIES)
  wanted.set(`${PICTURES}/qor-${family}.svg`, qorPicture(family, data('qor')?.results ?? []));

const orphans = markdownIn(UNITS).filter(path => !wanted.has(path));
const stale = [...wanted].filter(([path, text]) => read(path) !== text).map(([path]) => path);
if (isCheck) {
  for (const path of stale) console.error(`${path} is not what the code says`);
  for (const path of orphans) console.error(`${path} belongs to no unit`);
  if (stale.length + orphans.length > 0) {
    console.error('run npm run docs');
    process.exitCode = 1;
  } else console.log(`${wanted.size} documents are fresh`);
} else {
  for (const folder of [UNITS, PICTURES]) mkdirSync(join(root, folder), { recursive: true });
  for (const path of orphans) rmSync(join(root, path));
  for (const path of stale) writeFileSync(join(root, path), wanted.get(path));
  const changed = [...stale, ...orphans];
  console.log(changed.length > 0 ? `wrote ${changed.join(', ')}` : `${wanted.size} documents were fresh`);
}

function fill(text, path) {
  // A line of its own opens and closes a block; a mention of the marker in a sentence is none.
  const filled = text.replace(
    /^<!-- generated: (.+?) -->\n.*?^<!-- \/generated -->$/gms,
    (_, name) => `<!-- generated: ${name} -->\n${block(name, path)}<!-- /generated -->`,
  );
  const count = pattern => text.match(pattern)?.length ?? 0;
  if (count(/^<!-- generated: /gm) !== count(/^<!-- \/generated -->$/gm))
    throw new Error(`${path}: a generated block is not closed`);
  return repeatsRuns ? repeatRuns(filled) : filled;
}

/** Runs happen in a folder of their own, beside the units that the document shows as `name.ts`. */
function repeatRuns(text) {
  const folder = mkdtempSync(join(tmpdir(), 'subbyte-docs-'));
  try {
    for (const [, source, id] of text.matchAll(/^```ts\n(.*?id: '([a-z0-9-]+)',\n.*?)^```$/gms))
      writeFileSync(join(folder, `${id}.ts`), source);
    return text.replace(/^<!-- run: (.+?) -->\n.*?^<!-- \/run -->$/gms, (_, name) => {
      return `<!-- run: ${name} -->\n${commandOutput(name, folder)}<!-- /run -->`;
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function block(name, path) {
  if (name.startsWith('$ gen')) return commandOutput(name);
  const make = BLOCKS[name];
  if (!make) throw new Error(`${path}: no block '${name}'; known are ${Object.keys(BLOCKS).join(', ')}`);
  const text = make(path);
  return text.endsWith('\n') ? text : `${text}\n`;
}

/** `$ gen …` runs the program; ` | head -n N` keeps the first lines. Nothing else of a shell is understood. */
function commandOutput(name, cwd = root) {
  const [, words, lines] = /^\$ gen ?(.*?)(?: \| head -n (\d+))?$/.exec(name) ?? [];
  if (words === undefined) throw new Error(`cannot run '${name}'`);
  const args = [join(root, 'dist/generators/cli/main.js'), ...words.split(' ').filter(Boolean)];
  const output = execFileSync(process.execPath, args, { encoding: 'utf8', cwd }).trimEnd();
  const shown = lines === undefined ? output : `${output.split('\n').slice(0, Number(lines)).join('\n')}\n…`;
  return `\`\`\`text\n$ npx ${name.slice(2)}\n${shown.replace(/[ \t]+$/gm, '')}\n\`\`\`\n`;
}

function unitsTable(path) {
  const folder = path.startsWith('docs/') ? 'units' : UNITS;
  const parts = FAMILIES.flatMap(family => {
    const entries = registry.filter(entry => entry.family === family);
    if (entries.length === 0) return [];
    const rows = entries.map(entry => [
      `[\`${entry.id}\`](${folder}/${entry.id}.md)`,
      entry.summary,
      entry.presets.map(p => code(p.id)).join(' '),
    ]);
    const title = words(family);
    return [`**${title[0].toUpperCase()}${title.slice(1)}**`, table(['unit', 'what it is', 'presets'], rows)];
  });
  return parts.map(part => part.trimEnd()).join('\n\n');
}

function settings(entry, preset) {
  const flagged = Object.entries(preset.params).map(([name, value]) => {
    return `--${entry.params.find(p => p.name === name)?.flag ?? name} ${value}`;
  });
  return code(flagged.join(' '));
}

function diagnosticsTable() {
  const rules = object => Object.entries(object).map(([id, text]) => [code(id), text]);
  const lint = Object.entries(LINT_RULES).map(([id, { message, hint }]) => {
    return [code(id), `${message.replaceAll('`$`', '…')}: ${hint}`];
  });
  const rows = [HDL_CODES, PARAM_RULES, REGISTRY_RULES, IMPORT_RULES].map(rules);
  return table(['code', 'meaning'], [...rows[0], ...lint, ...rows.slice(1).flat()].map(sentence));
}

/** A meaning that is written as a clause becomes a sentence. */
function sentence([id, text]) {
  const head = text[0].toUpperCase() + text.slice(1);
  return [id, /[.`]$/.test(head) ? head : `${head}.`];
}

/** What each exit code means; the numbers are those of the program. */
function exitTable() {
  const meanings = {
    ok: 'done, and everything asked for holds',
    defect: 'a defect of the program or of a unit; with `--check`: files on disk differ',
    usage: 'wrong usage: unknown flag or unit, value out of range, unreadable input',
    lint: 'lint failed',
    mismatch: 'executions disagree, or nothing was compared, or the latency is not the declared one',
    budget: 'a budget or a clock is not met',
    tool: 'a tool that this command needs is missing',
  };
  const names = Object.keys(EXIT);
  const untold = names
    .filter(name => !(name in meanings))
    .concat(Object.keys(meanings).filter(n => !(n in EXIT)));
  if (untold.length > 0) throw new Error(`exit codes and their meanings differ: ${untold.join(', ')}`);
  return table(
    ['exit code', 'meaning'],
    names.map(name => [String(EXIT[name]), meanings[name]]),
  );
}

function layersTable() {
  const home = name =>
    ['sim', 'scripts', 'bench', 'mutate', 'examples'].includes(name) ? `${name}/` : `generators/${name}/`;
  const rows = Object.entries(LAYERS).map(([name, { from, types = [], packages, pure }]) => [
    code(home(name)),
    [...from.map(code), ...types.map(t => `types of ${code(t)}`)].join(', ') || 'nothing',
    packages.map(p => (p === '*' ? 'any' : code(p))).join(', ') || 'none',
    pure ? 'yes' : '',
  ]);
  return table(['folder', 'may import', 'packages', 'runs in a browser'], rows);
}

function targetsTable() {
  const rows = targetIds().map(id => {
    const { name, vendor, lutInputs, delay } = loadTarget(id);
    return [code(id), name, vendor, `${lutInputs}-input LUTs`, delay.works ? 'yes' : ''];
  });
  return table(['target', 'family', 'vendor', 'fabric', 'logic delay'], rows);
}

function unitPage(entry, unit) {
  const defaults = Object.fromEntries(entry.params.map(p => [p.name, p.default]));
  const made = design(unit, defaults, DEFAULT_GOAL);
  const formats = [...new Map([...made.inputs, ...made.outputs].map(p => [p.format.id, p.format])).values()];
  const { latency } = made.schedule;
  const parts = [
    `# ${entry.id}`,
    entry.summary,
    entry.doc,
    `Family: ${words(entry.family)}. Source: [${entry.file}](../../${entry.file}). Numerics: ${unit.source}.`,
    '## What it computes',
    fenced(unit.equations.join('\n')),
    `${unit.state ? 'It keeps state: `rst` clears it, and a beat counts where `en` is high. ' : ''}At its defaults the latency is ${latency === 0 ? '0: the module is combinational' : `${latency} clock cycle${latency === 1 ? '' : 's'}`}; each pipeline stage (\`--stages\`, \`--freq\`) adds one. A beat may follow every clock${unit.state ? '; with `--initiation N` every N clocks, for a shorter period' : ''}.`,
    '## Parameters',
    entry.params.length > 0
      ? table(
          ['flag', 'default', 'values', 'meaning'],
          entry.params.map(p => [code(`--${p.flag}`), code(String(p.default)), valuesOf(p), p.doc]),
        )
      : 'None.',
    ...presetsPart(entry),
    '## Ports, at the default parameters',
    table(['port', 'direction', 'bits', 'format', 'meaning'], modulePorts(made).map(portRow)),
    '## Formats',
    table(['format', 'bits', 'smallest', 'largest', 'special codes', 'source'], formats.map(formatRow)),
    'Of a field of bits, `s` is the sign, `e` the exponent, `m` the mantissa. More in [the formats](../formats.md).',
    '## Corner cases',
    ...cornersPart(unit, defaults, made),
    '## Try it',
    fenced(`npx gen --unit ${entry.presets[0]?.id ?? entry.id} --verify`, 'sh'),
  ];
  const note = '<!-- Written by npm run docs from the source of the unit. Changes here are lost. -->';
  return `${[note, ...parts.filter(part => part !== '')].map(part => part.trim()).join('\n\n')}\n`;
}

function presetsPart(entry) {
  if (entry.presets.length === 0) return [];
  const rows = entry.presets.map(p => [code(p.id), p.summary, settings(entry, p)]);
  return ['## Presets', table(['name', 'what it is', 'parameters'], rows)];
}

function valuesOf({ type, choices, formats, min, max }) {
  if (choices) return choices.map(c => code(String(c))).join(' ');
  if (formats) {
    const kinds = formats.filter(kind => kind !== 'exact').join(', ');
    return `a format: ${kinds}${formats.includes('exact') ? '; or `exact`' : ''}`;
  }
  if (min === undefined && max === undefined) return type === 'boolean' ? '`true` `false`' : type;
  return `${min ?? '−∞'} … ${max ?? '∞'}`.replaceAll('-', '−');
}

function portRow({ name, direction, width, lanes, format, doc }) {
  return [code(name), direction, String(width), lanes > 1 ? `${lanes} × ${code(format)}` : code(format), doc];
}

function formatRow(format) {
  const { picture, min, max, specials, source } = describeFormat(format);
  const odd = specials.map(
    ({ meaning, from, to }) => `${meaning} ${code(from === to ? from : `${from}…${to}`)}`,
  );
  return [code(format.id), code(picture), min, max, odd.join(', ') || 'none', source];
}

/** The codes that verification always tries: those of the formats, and the beats that the unit adds. */
function cornersPart(unit, params, made) {
  const { inputs } = made;
  const own = [...(unit.corners?.(params) ?? [])].length;
  const rows = inputs.map(({ name, format }) => {
    const codes = cornerCodes(format);
    const shown = codes.slice(0, 24).map(c => `${hex(c, format.width)} = ${formatExact(format.decode(c))}`);
    const rest = codes.length > shown.length ? ` and ${codes.length - shown.length} more` : '';
    return [code(name), code(format.id), shown.map(code).join(' ') + rest];
  });
  const added = own > 0 ? `first the ${own} beats that the unit names itself, then` : 'first';
  const bits = inputBits(made);
  const more = [...(unit.laterCorners?.(params) ?? [])].length;
  const later = more > 0 ? ` then ${more} more beats that the unit names,` : '';
  const beats = `${added} these codes, crossed between the ports,${later} then random ones ([how](../verification.md)).`;
  const standard = `the standard beats: ${beats}`;
  let intro = `Verification plays ${standard}`;
  if (!unit.state && bits <= MOST_BITS) {
    const who =
      bits <= EXHAUSTIVE_BITS ? 'in all executions' : 'in netlists, and the standard beats in all executions';
    intro = `At its defaults, with ${bits} input bits, verification tries every input ${who}. With more than ${MOST_BITS} bits it plays ${standard}`;
  }
  return [intro, table(['port', 'format', 'corner codes and their values'], rows)];
}

/** What a campaign wrote to docs/data, or nothing where it was not run. */
function data(name) {
  const file = join(root, 'docs/data', `${name}.json`);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

function count(n) {
  return n.toLocaleString('en-US');
}

/** A row for each unit at its defaults: what was run, on how much, and how many planted faults it found. */
function verificationTable() {
  const runs = new Map(data('verification')?.units.map(u => [u.unit, u]));
  const mutations = new Map(data('mutation')?.units.map(u => [u.unit, u]));
  const proofs = data('proofs')?.proofs ?? [];
  const beats = run => `${run.exhaustive ? 'all ' : ''}${count(run.vectors)}`;
  const rows = registry.map(({ id }) => {
    const { standard, mapped, targets } = runs.get(id) ?? {};
    const families = mapped?.engines
      .filter(e => e.startsWith('netlist-'))
      .map(e => e.slice('netlist-'.length));
    const others = standard?.sampled ?? standard;
    const proven = proofs.filter(p => p.unit === id && p.verdict === 'proven').length;
    const mutation = mutations.get(id);
    return [
      `[\`${id}\`](units/${id}.md)`,
      others ? beats({ ...others, exhaustive: standard.exhaustive && !standard.sampled }) : '–',
      standard ? beats(standard) : '–',
      mapped
        ? `${beats(mapped)}${mapped.lanes ? `, ${mapped.lanes} lanes` : ''}: ${families.join(' ')}`
        : '–',
      targets ? targetsCell(targets) : '–',
      mutation ? mutationCell(mutation) : '–',
      proven > 0 ? count(proven) : '–',
      standard || mapped
        ? [standard, mapped, ...Object.values(targets ?? {})]
            .reduce((sum, run) => sum + (run?.seconds ?? 0), 0)
            .toFixed(0)
        : '–',
    ];
  });
  const heads = [
    'unit',
    'interpreter and Verilator',
    'netlist',
    'mapped netlists',
    'made for a family',
    'planted faults found',
    'proofs',
    'seconds',
  ];
  return table(heads, rows);
}

/** The families for which other Verilog is made than for any, each in all executions and mapped where that can be run. */
function targetsCell(targets) {
  const families = [...new Set(Object.keys(targets).map(run => run.split(',')[0]))];
  const cell = family => {
    const runs = [targets[family], targets[`${family}, mapped`]].filter(Boolean);
    return `${family} ${[...new Set(runs.map(r => count(r.vectors)))].join(' / ')}${targets[`${family}, mapped`] ? ' mapped' : ''}`;
  };
  return families.length === 0 ? 'as for any' : families.map(cell).join(', ');
}

function boldAbove(figure, goal) {
  return figure <= goal ? count(figure) : `**${count(figure)}**`;
}

/** What each function costs on each family: LUTs of ours, the goal, the best open RTL, behavioural Verilog; then levels and delay. */
function qorTable() {
  const found = data('qor');
  if (!found) return 'Not measured yet.';
  const rows = QOR_ROWS.flatMap(({ id, title, goal, goalInCells, peer }) =>
    QOR_FAMILIES.flatMap(family => {
      const measured = found.results.find(r => r.row === id && r.family === family);
      if (!measured) return [];
      const { ours, behavioural } = measured;
      const ns = cost => cost.logicDelayNs?.toFixed(1) ?? '–';
      return [
        [
          title,
          family,
          boldAbove(ours.luts, goal[family]),
          goalInCells?.[family]
            ? `${count(goal[family])} (${count(goalInCells[family])})`
            : count(goal[family]),
          peer[family] === undefined ? '–' : count(peer[family].luts),
          count(behavioural.luts),
          `${boldAbove(ours.levels, (peer[family] ?? behavioural).levels)} / ${peer[family]?.levels ?? '–'} / ${behavioural.levels}`,
          `${ns(ours)} / ${ns(behavioural)}`,
        ],
      ];
    }),
  );
  const heads = ['function', 'family', 'LUTs', 'goal', 'best open RTL', 'behavioural'];
  return `In brackets: the goal for cells of the family that are set by hand, where it is another one. In bold: LUTs above the goal; levels above those of the best open RTL, or of the behavioural Verilog where there is none. Made with ${found.tool}.\n\n${table(
    [...heads, 'levels, ours / best open RTL / behavioural', 'ns, ours / behavioural'],
    rows,
  )}`;
}

/** Routed clocks of units without registers inside, beside those of others. */
function routedTable() {
  const found = data('clock');
  if (!found) return 'Not measured yet.';
  const rows = COMPARED.flatMap(({ unit, others, othersMHz, top }) => {
    const point = found.points.find(p => p.unit === unit && p.wish === '--stages 0');
    const other = top ? found.others.find(o => o.top === top) : { fmaxMHz: othersMHz };
    if (!point || !other) return [];
    const [ours, theirs] = [point, other].map(p => p.fmaxMHz.toFixed(0));
    const isSlower = point.fmaxMHz < other.fmaxMHz;
    return [[`\`${unit}\``, isSlower ? `**${ours}**` : ours, `${theirs}, ${others}`]];
  });
  return `MHz on ${found.target}; in bold: slower than others. Made with ${found.tool}.\n\n${table(['unit', 'ours', 'the best of others'], rows)}`;
}

/** Routed clocks of pipelines: one row a unit, one column a number of stages, then what `--freq` made of it. */
function clocksTable() {
  const found = data('clock');
  if (!found) return 'Not measured yet.';
  const wishes = [...new Set(found.points.map(p => p.wish))];
  const stages = wishes.filter(w => w.startsWith('--stages'));
  const [freq] = wishes.filter(w => w.startsWith('--freq'));
  const units = found.points.filter(p => p.wish === freq).map(p => p.unit);
  const rows = units.map(unit => {
    const at = wish => found.points.find(p => p.unit === unit && p.wish === wish);
    const goal = at(freq);
    return [
      `\`${unit}\``,
      ...stages.map(wish => at(wish)?.fmaxMHz.toFixed(0) ?? '–'),
      goal ? `${goal.fmaxMHz.toFixed(0)} with ${goal.stages} stage${goal.stages === 1 ? '' : 's'}` : '–',
      goal ? String(goal.latency) : '–',
      goal ? count(goal.luts) : '–',
    ];
  });
  const heads = [
    'unit',
    ...stages.map(wish => wish.replace('--stages ', '')),
    `\`${freq}\``,
    'latency',
    'LUTs',
  ];
  return `MHz on ${found.target} by the number of \`--stages\`. Made with ${found.tool}.\n\n${table(heads, rows)}`;
}

/** What was proved of each unit: for how many sets of parameters, and how long that took. */
function proofsTable() {
  const found = data('proofs');
  if (!found) return 'Not run yet.';
  const units = [...new Set(found.proofs.map(p => p.unit))].sort();
  const seconds = n => (n < 10 ? n.toFixed(1) : count(Math.round(n)));
  const rows = units.map(unit => {
    const all = found.proofs.filter(p => p.unit === unit);
    const times = all.map(p => p.seconds);
    return [
      `[\`${unit}\`](units/${unit}.md)`,
      count(all.filter(p => p.verdict === 'proven').length),
      count(all.filter(p => p.verdict !== 'proven').length),
      seconds(times.reduce((sum, t) => sum + t, 0)),
      seconds(Math.max(...times)),
    ];
  });
  const heads = ['unit', 'parameters proven', 'not proven', 'seconds in all', 'longest'];
  return `Solver: ${found.solver}. Each with its parameters and its time is in [proofs.json](data/proofs.json).\n\n${table(heads, rows)}`;
}

/** What random programs found, and what becomes of killed commands. */
function fuzzingText() {
  const [found, kills] = [data('fuzz'), data('kills')];
  const parts = [];
  if (found) {
    const rows = Object.entries(found.executions).map(([name, n]) => [name, count(n)]);
    const [kinds, seeds] = [Object.keys(found.operations).length, found.seeds];
    parts.push(
      `${count(found.programs)} programs of ${kinds} kinds of operations, in ${found.minutes} minutes, seeds ${seeds.first} to ${seeds.last}. Failures: ${
        Object.entries(found.failures)
          .map(([kind, n]) => `${n} of ${kind}`)
          .join(', ') || 'none'
      }.`,
      table(['execution', 'programs'], rows),
    );
  }
  if (kills) {
    const sum = of => Object.values(of).reduce((n, k) => n + k, 0);
    parts.push(
      `\`kill -9\` at random moments of \`gen\`, \`verify\` and \`report\`: ${count(sum(kills.killed) + sum(kills.ended))} times, of which ${sum(kills.ended)} ended before; ${kills.problems.length} partial files, orphans or unclean runs after it.`,
    );
  }
  return parts.length > 0 ? parts.join('\n\n') : 'Not run yet.';
}

/** Killed of those that are not equivalent, in percent. */
function mutationCell({ kinds }) {
  const sum = of => Object.values(kinds).reduce((n, kind) => n + of(kind), 0);
  const [killed, survived] = [sum(k => k.killed), sum(k => k.survived.length)];
  if (killed + survived === 0) return 'wires only: nothing to plant a fault in';
  const percent = (100 * killed) / (killed + survived);
  return `${percent === 100 ? '100' : percent.toFixed(1)} % of ${count(killed + survived)}`;
}

function hex(value, width) {
  return `0x${value.toString(16).padStart(Math.ceil(width / 4), '0')}`;
}

function words(family) {
  return { 'block-floating-point': 'block floating point', 'fixed-point': 'fixed point' }[family] ?? family;
}

function table(heads, rows) {
  const line = cells => `| ${cells.map(cell => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(heads), `|${'---|'.repeat(heads.length)}`, ...rows.map(line), ''].join('\n');
}

function code(text) {
  return `\`${text}\``;
}

function fenced(text, language = 'text') {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

function markdownIn(folder) {
  if (!existsSync(join(root, folder))) return [];
  const names = readdirSync(join(root, folder)).sort();
  return names.filter(name => name.endsWith('.md')).map(name => `${folder}/${name}`);
}

function read(path) {
  return existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : undefined;
}
