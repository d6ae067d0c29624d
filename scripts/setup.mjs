// `npm run setup [-- --no-install]`: makes a clone ready. It says what it is about to do, then does it:
//
//   1  looks for Verilator and for the C++ tools that co-simulation needs
//   2  installs what is missing with the package manager of the system (not with --no-install)
//   3  builds dist/
//   4  puts `gen` where `npx gen` finds it
//
// Only steps 3 and 4 can fail the setup. Without Verilator everything but co-simulation works, so that a missing
// Verilator is told, and no reason to stop.
import { spawnSync } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const MAIN = join(root, 'dist/generators/cli/main.js');
const FLAGS = ['--no-install'];

/** How each package manager installs, in the order in which they are looked for; `packages` by what is missing. */
const MANAGERS = [
  {
    name: 'apt-get',
    install: packages => ['apt-get', 'install', '-y', '--no-install-recommends', ...packages],
    refresh: ['apt-get', 'update'],
    needsRefresh: () => !hasPackageLists('/var/lib/apt/lists'),
    packages: { verilator: ['verilator'], compiler: ['g++', 'make'], ar: ['binutils'] },
  },
  {
    name: 'dnf',
    install: packages => ['dnf', 'install', '-y', ...packages],
    packages: { verilator: ['verilator'], compiler: ['gcc-c++', 'make'], ar: ['binutils'] },
  },
  {
    name: 'pacman',
    install: packages => ['pacman', '-S', '--needed', '--noconfirm', ...packages],
    packages: { verilator: ['verilator'], compiler: ['gcc', 'make'], ar: ['binutils'] },
  },
  {
    name: 'brew',
    install: packages => ['brew', 'install', ...packages],
    // Homebrew refuses to run as root.
    asUser: true,
    packages: { verilator: ['verilator'], compiler: ['gcc', 'make'], ar: ['binutils'] },
  },
];

const odd = process.argv.slice(2).find(arg => !FLAGS.includes(arg));
if (odd !== undefined) fail(`setup does not know '${odd}'; expected nothing, or --no-install`, 2);
const mayInstall = !process.argv.includes('--no-install');
if (Number(process.versions.node.split('.')[0]) < 20)
  fail(`Node.js ${process.versions.node} is too old; 20 or newer is needed`);
if (!existsSync(join(root, 'node_modules/ts-morph')))
  fail('the packages are not installed yet: type npm ci first');

const missing = findMissing();
const manager = MANAGERS.find(m => onPath(m.name));
const prefix = manager && privilege(manager);
const commands = missing.length > 0 ? installCommands() : [];
tellPlan();

for (const [i, command] of commands.entries()) {
  say(`$ ${command.join(' ')}`);
  if (run(command)) continue;
  // Package lists that are old name files that are gone; newer lists may help. Once.
  if (i === commands.length - 1 && manager.refresh && commands.length === 1) {
    const refresh = [...prefix, ...manager.refresh];
    say(`That did not work. Once more, with new package lists.\n$ ${refresh.join(' ')}`);
    if (run(refresh) && run(command)) break;
  }
  say(`${manager.name} could not do it; the lines above tell why.`);
  break;
}

say('$ node scripts/build.mjs');
if (!run([process.execPath, join(root, 'scripts/build.mjs')]))
  fail('the build failed; the lines above tell why');
linkCommand();

say('\nWhat is here (gen doctor):');
run([process.execPath, MAIN, 'doctor']);
const left = findMissing();
if (left.length > 0) {
  say(
    [
      '',
      `Still missing: ${left.map(tool => tool.title).join(', ')}.`,
      'Lost without it: gen sim, and the part of gen verify that lints and runs the Verilog.',
      'Still there: generating, gen eval, gen verify --engine interpreter, gen sim --engine interpreter, gen report.',
      ...howToInstall(left),
    ].join('\n'),
  );
}
const engine = left.length > 0 ? ' --engine interpreter' : '';
say(`\nReady. Type next:\n  npx gen --unit mxfp4-mac --verify${engine} --report`);

/** Looks for what co-simulation runs, as `sim/verilator.ts` does. */
function findMissing() {
  return [
    { key: 'verilator', title: 'Verilator', found: process.env.VERILATOR || onPath('verilator') },
    {
      key: 'compiler',
      title: 'a C++ compiler',
      found: process.env.CXX || onPath('g++') || onPath('clang++'),
    },
    { key: 'ar', title: 'ar (binutils)', found: onPath('ar') },
  ].filter(tool => !tool.found);
}

function onPath(name) {
  return (process.env.PATH ?? '').split(delimiter).some(folder => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return folder !== '';
    } catch {
      return false;
    }
  });
}

function hasPackageLists(folder) {
  try {
    return readdirSync(folder).some(name => name.includes('_Packages'));
  } catch {
    return false;
  }
}

/** What goes before a command that installs: nothing, `sudo`, or undefined where we may not install. */
function privilege({ asUser }) {
  const isRoot = process.getuid?.() === 0;
  if (asUser) return isRoot ? undefined : [];
  if (isRoot) return [];
  if (!onPath('sudo')) return undefined;
  // Nobody is there to type a password: sudo then fails at once instead of waiting.
  return process.stdin.isTTY ? ['sudo'] : ['sudo', '-n'];
}

function installCommands() {
  if (!mayInstall || !manager || !prefix) return [];
  const packages = missing.flatMap(tool => manager.packages[tool.key]);
  const refresh = manager.needsRefresh?.() ? [[...prefix, ...manager.refresh]] : [];
  return [...refresh, [...prefix, ...manager.install(packages)]];
}

function tellPlan() {
  const names = missing.map(tool => tool.title).join(', ');
  const steps = [];
  if (missing.length === 0) steps.push('Verilator and the C++ tools are here: nothing to install.');
  else if (!mayInstall) steps.push(`Missing: ${names}. Nothing is installed (--no-install).`);
  else if (!manager)
    steps.push(`Missing: ${names}. No apt-get, dnf, pacman or brew is here, so nothing is installed.`);
  else if (!prefix)
    steps.push(`Missing: ${names}. ${manager.name} cannot be used by this user, so nothing is installed.`);
  else
    steps.push(
      `Missing: ${names}. This installs it:${commands.map(c => `\n       ${c.join(' ')}`).join('')}`,
    );
  steps.push('Build the program into dist/.');
  steps.push('Put `gen` into node_modules/.bin, where npx looks.');
  say(['Setup:', ...steps.map((text, i) => `  ${i + 1}. ${text}`), ''].join('\n'));
}

function howToInstall(tools) {
  const [known, where] = manager ? [manager, 'To get it later'] : [MANAGERS[0], 'On Debian'];
  const words = known.install(tools.flatMap(tool => known.packages[tool.key]));
  const sudo = known.asUser || process.getuid?.() === 0 ? '' : 'sudo ';
  return [`${where}: ${sudo}${words.join(' ')}`];
}

/**
 * npm links the commands of dependencies and not those of the root package, so this does it. A file that imports the
 * program, and no link to it: the build may write the program anew without its x bit.
 */
function linkCommand() {
  const folder = join(root, 'node_modules/.bin');
  mkdirSync(folder, { recursive: true });
  for (const name of ['gen', 'subbyte']) {
    const file = join(folder, name);
    rmSync(file, { force: true });
    writeFileSync(file, "#!/usr/bin/env node\nimport('../../dist/generators/cli/main.js');\n");
    chmodSync(file, 0o755);
    if (process.platform === 'win32') writeFileSync(`${file}.cmd`, `@node "%~dp0\\${name}" %*\r\n`);
  }
}

function run([name, ...args]) {
  // No standard input: a package manager that asks gets no answer, and does not wait for one.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync(name, args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] }).status === 0;
}

function say(text) {
  console.log(text);
}

function fail(text, code = 1) {
  console.error(`setup: ${text}`);
  process.exit(code);
}
