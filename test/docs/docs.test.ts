import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const below = (folder: string): string[] =>
  readdirSync(join(root, folder))
    .filter(name => name.endsWith('.md'))
    .map(name => `${folder}/${name}`);

const pages = ['README.md', 'CONTRIBUTING.md', ...below('docs'), ...below('docs/units')];
const own = pages.filter(page => !page.startsWith('docs/units/'));

/** What a page tells people to type: the lines of its code blocks, and code within sentences. */
function commandsOf(page: string): string[] {
  const text = read(page);
  const blocks = [...text.matchAll(/^```(?:sh|text)?\n(.*?)^```$/gms)].flatMap(([, block]) =>
    block!
      .split('\n')
      .map(line => line.replace(/^\$ /, ''))
      .flatMap(line => line.split('&&')),
  );
  const inline = [...text.replace(/^```.*?^```$/gms, '').matchAll(/`([^`\n]+)`/g)].flatMap(([, words]) =>
    words!.split('&&'),
  );
  return [...blocks, ...inline].map(words => words.replace(/#.*/, '').trim());
}

/** Arguments of a `gen` command; undefined for anything else. */
function genArguments(command: string): string[] | undefined {
  const words = /^(?:npx )?(?:gen|subbyte) (.*)$/.exec(command)?.[1];
  return words
    ?.replace(/[|<>] .*$/, '')
    .split(/\s+/)
    .filter(Boolean);
}

const gen = async (...args: string[]): Promise<string> =>
  (await run(process.execPath, [join(root, 'dist/generators/cli/main.js'), ...args])).stdout;

const helps = new Map<string, Promise<string>>();

/** The help of the command that these arguments call, with the flags of the unit that they name. */
function helpFor(args: readonly string[]): Promise<string> {
  const command = args[0]!.startsWith('-') ? [] : [args[0]!];
  const unit = args.includes('--unit') ? args[args.indexOf('--unit') + 1] : undefined;
  // A placeholder or a file of the reader's own stands for any unit.
  const known = unit === undefined || /^[a-z][a-z0-9-]*$/.test(unit) ? unit : 'mxfp4-mac';
  const asked = args.includes('--all') ? ['--all'] : known ? ['--unit', known] : [];
  const call = [...command, ...asked, '--help'];
  const key = call.join(' ');
  if (!helps.has(key)) helps.set(key, gen(...call));
  return helps.get(key)!;
}

describe('generated documents', () => {
  it('are what the code says; npm run docs writes them', async () => {
    const checked = await run(process.execPath, [join(root, 'scripts/docs.mjs'), '--check']).catch(e => e);
    expect(checked.stderr).toBe('');
  });
});

describe('commands in documents', () => {
  const calls = pages.flatMap(page =>
    commandsOf(page).flatMap(command => {
      const args = genArguments(command);
      return args?.[0] && !/^[<…-]?[<…]/.test(args[0]) ? [{ page, command, args }] : [];
    }),
  );

  it('are found at all', () => expect(calls.length).toBeGreaterThan(10));

  it('have flags and units that exist', async () => {
    const wrong: string[] = [];
    for (const { page, command, args } of calls) {
      const help = await helpFor(args).catch((e: { stderr?: string }) => {
        wrong.push(`${page}: ${command}: ${e.stderr}`);
        return undefined;
      });
      if (help === undefined) continue;
      const unknown = args
        .filter(arg => arg.startsWith('--'))
        .map(arg => arg.replace(/=.*/, ''))
        .filter(flag => !new RegExp(`^  ${flag}(?![\\w-])`, 'm').test(help));
      for (const flag of unknown) wrong.push(`${page}: ${command}: no ${flag}`);
    }
    expect(wrong).toEqual([]);
  });

  it('run npm scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = own.flatMap(page =>
      [...read(page).matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name!),
    );
    expect([...new Set(named)].filter(name => !(name in scripts))).toEqual([]);
  });

  it('are those of CI, which knows no others', () => {
    const lines = read('.ci/run')
      .split('\n')
      .filter(line => /^(npm|npx|gen|node)\b/.test(line));
    const readme = commandsOf('README.md').join('\n');
    expect(lines).not.toEqual([]);
    for (const line of lines) for (const part of line.split('&&')) expect(readme).toContain(part.trim());
  });
});

describe('the unit in README.md', () => {
  it('does what its golden model says', async () => {
    const { mkdtemp, rm, writeFile } = await import('node:fs/promises');
    const { tmpdir } = await import('node:os');
    const folder = await mkdtemp(join(tmpdir(), 'subbyte-readme-'));
    try {
      const file = join(folder, 'unit.ts');
      await writeFile(file, /^```ts\n(.*?)^```$/ms.exec(read('README.md'))![1]!);
      const said = await gen('verify', '--unit', file, '--engine', 'interpreter', '--json');
      expect(JSON.parse(said)).toMatchObject({ exhaustive: true, vectors: 65536, mismatches: 0 });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

describe('links', () => {
  const anchorsOf = (page: string): string[] =>
    [...read(page).matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
      title!
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    );

  it.each(pages)('%s leads to files and headings that exist', page => {
    const broken = [
      ...read(page)
        .replace(/^```.*?^```$/gms, '')
        .matchAll(/\]\(([^)\s]+)\)/g),
    ]
      .map(([, link]) => link!)
      .filter(link => !/^[a-z]+:/.test(link))
      .filter(link => {
        const [path, anchor] = link.split('#') as [string, string?];
        const target = path === '' ? page : normalize(join(dirname(page), path));
        if (!existsSync(join(root, target))) return true;
        return anchor !== undefined && !anchorsOf(target).includes(anchor);
      });
    expect(broken).toEqual([]);
  });
});
