import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { removeTemporary, temporaryFolder } from '../sim/cleanup.ts';
import { projectRoot } from '../sim/root.ts';
import { generator } from './programs.ts';

const MAIN = join(projectRoot, 'dist/generators/cli/main.js');
const UNIT = ['--unit', 'mxfp4-mac', '--lanes', '2'];
interface Command {
  readonly title: string;
  readonly words: readonly string[];
  /** With a module name that was not there before, which finds nothing in the cache. */
  readonly fresh: boolean;
}

const VERIFY = ['verify', ...UNIT, '--vectors', '200000'];
const REPORT = ['report', '--unit', 'fx-add', '--target', 'ice40'];
/** What is killed. */
const COMMANDS = {
  gen: { title: 'gen', words: ['--out', 'out', ...UNIT], fresh: true },
  over: { title: 'gen over its own files', words: ['--out', 'out', ...UNIT], fresh: false },
  verify: { title: 'verify', words: VERIFY, fresh: true },
  warmVerify: { title: 'verify with a warm cache', words: VERIFY, fresh: false },
  report: { title: 'report', words: REPORT, fresh: true },
  warmReport: { title: 'report with a warm cache', words: REPORT, fresh: false },
} as const satisfies Record<string, Command>;
/** In turn: what takes long comes less often. */
const TURNS: readonly (keyof typeof COMMANDS)[] = [
  ...(['gen', 'over', 'warmVerify', 'gen', 'verify', 'over', 'warmReport'] as const),
  ...(['gen', 'warmVerify', 'over', 'verify', 'report'] as const),
];
/** Children of a killed process may live so long, in milliseconds. */
const MOST_ORPHANED = 5000;

export interface Kills {
  readonly schema: 'subbyte/fuzz-kill/1';
  readonly seed: number;
  /** How often each command was killed while it ran. */
  readonly killed: Record<string, number>;
  /** How often it had ended before. */
  readonly ended: Record<string, number>;
  /** Temporary files and folders that a killed command left, which the next one removed. */
  swept: number;
  /** The longest that a child lived on, in milliseconds. */
  longestOrphan: number;
  readonly problems: string[];
}

/** Kills `gen` at random moments, looks at what it left, and whether the next run is clean. Linux only. */
export async function killAtRandom(
  times: number,
  seed: number,
  onTurn: (kills: Kills, turn: number) => void = () => {},
): Promise<Kills> {
  const random = generator(seed);
  const kills: Kills = {
    schema: 'subbyte/fuzz-kill/1',
    seed,
    killed: {},
    ended: {},
    swept: 0,
    longestOrphan: 0,
    problems: [],
  };
  const work = temporaryFolder();
  try {
    const place = new Place(work, `subbyte-kill-${process.pid}-${seed}`);
    const usual = new Map<string, number>();
    // Fills the cache; then tells how long each command takes.
    for (const round of [0, 1]) {
      for (const { title, words, fresh } of Object.values(COMMANDS)) {
        const name = fresh ? `first_${round}_${usual.size}` : 'warm';
        usual.set(title, (await place.complete(named(words, name))).milliseconds);
      }
    }
    for (let turn = 0; turn < times; turn++) {
      const { title, words, fresh } = COMMANDS[TURNS[turn % TURNS.length]!];
      const command = named(words, fresh ? `turn_${turn}` : 'warm');
      const wait = ((random() % 1000) / 1000) * usual.get(title)!;
      const problem = (text: string): number =>
        kills.problems.push(`turn ${turn}, ${title}, after ${wait.toFixed(0)} ms: ${text}`);
      const died = await place.killed(command, wait);
      const counts = died ? kills.killed : kills.ended;
      counts[title] = (counts[title] ?? 0) + 1;
      const orphaned = await place.orphans();
      kills.longestOrphan = Math.max(kills.longestOrphan, orphaned.milliseconds);
      if (orphaned.left.length > 0) problem(`still running: ${orphaned.left.join(', ')}`);
      const [before, left] = [place.outputs(), place.temporary()];
      kills.swept += left.length;
      const next = await place.complete(command);
      if (next.code !== 0 || next.stderr !== '')
        problem(`the next run ended with ${next.code}: ${next.stderr}`);
      const after = place.outputs();
      for (const [path, text] of Object.entries(before))
        if (after[path] !== text) problem(`${path} was partial`);
      for (const path of place.temporary()) problem(`the next run left ${path}`);
      onTurn(kills, turn);
    }
  } finally {
    await removeTemporary(work);
  }
  return kills;
}

const named = (words: readonly string[], name: string): string[] => [...words, '--name', name, '--quiet'];

const TEMPORARY = /^(?:subbyte|new)-|\.tmp$/;

/** A folder to work in, with its own cache and folder for temporary files. */
class Place {
  private readonly temporaries: string;
  private readonly cache: string;

  constructor(
    private readonly folder: string,
    /** In the environment of each process that is started here, and so in that of its children. */
    private readonly mark: string,
  ) {
    [this.temporaries, this.cache] = [join(folder, 'tmp'), join(folder, 'cache')];
    for (const path of [this.temporaries, this.cache, join(folder, 'out')]) mkdirSync(path);
  }

  private start(words: readonly string[]): ChildProcess {
    const env = {
      ...process.env,
      TMPDIR: this.temporaries,
      SUBBYTE_CACHE: this.cache,
      SUBBYTE_MARK: this.mark,
    };
    return spawn(process.execPath, [MAIN, ...words], {
      cwd: this.folder,
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  }

  async complete(
    words: readonly string[],
  ): Promise<{ code: number | null; stderr: string; milliseconds: number }> {
    const from = performance.now();
    const child = this.start(words);
    let stderr = '';
    child.stderr!.setEncoding('utf8').on('data', text => {
      stderr += text;
    });
    const code = await new Promise<number | null>(resolve => child.on('close', resolve));
    return { code, stderr, milliseconds: performance.now() - from };
  }

  /** Whether the kill came before the end. */
  async killed(words: readonly string[], after: number): Promise<boolean> {
    const child = this.start(words);
    const end = new Promise<NodeJS.Signals | null>(resolve =>
      child.on('exit', (_, signal) => resolve(signal)),
    );
    const timer = setTimeout(() => child.kill('SIGKILL'), after);
    const signal = await end;
    clearTimeout(timer);
    child.stderr!.destroy();
    return signal === 'SIGKILL';
  }

  /** Waits for what was started here to end. */
  async orphans(): Promise<{ left: string[]; milliseconds: number }> {
    const from = performance.now();
    for (;;) {
      const left = running(this.mark);
      const milliseconds = Math.round(performance.now() - from);
      if (left.length === 0 || milliseconds > MOST_ORPHANED)
        return { left, milliseconds: left.length === 0 ? milliseconds : MOST_ORPHANED };
      await sleep(20);
    }
  }

  outputs(): Record<string, string> {
    const out = join(this.folder, 'out');
    return Object.fromEntries(
      filesBelow(out)
        .filter(path => !TEMPORARY.test(path))
        .map(path => [path, readFileSync(join(out, path), 'latin1')]),
    );
  }

  /** What is not to last. */
  temporary(): string[] {
    const here = (folder: string): string[] =>
      filesBelow(folder).map(path => join(relative(this.folder, folder), path));
    return [
      ...readdirSync(this.temporaries).map(name => join('tmp', name)),
      ...[...here(this.cache), ...here(join(this.folder, 'out'))].filter(path =>
        path.split('/').some(part => TEMPORARY.test(part)),
      ),
    ];
  }
}

function filesBelow(folder: string, from = folder): string[] {
  return readdirSync(folder).flatMap(name => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesBelow(path, from) : [relative(from, path)];
  });
}

/** The programs that run with this mark in their environment. */
function running(mark: string): string[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(pid => {
      try {
        if (!readFileSync(`/proc/${pid}/environ`, 'latin1').includes(`SUBBYTE_MARK=${mark}`)) return [];
        return [readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0').slice(0, 3).join(' ')];
      } catch {
        return []; // It has ended, or is somebody else's.
      }
    });
}
