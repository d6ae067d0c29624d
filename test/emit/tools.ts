import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Whether a tool is there; says so where it is not, since its tests are then skipped. */
export function present(tool: string, flag: string): boolean {
  const found = spawnSync(tool, [flag]).status === 0;
  if (!found) console.log(`skipped: ${tool} is not installed`);
  return found;
}

/** Writes files into a fresh folder, which is gone afterwards. */
export function inFolder<T>(files: Readonly<Record<string, string>>, use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'subbyte-emit-'));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** All that a tool says, and its exit code. */
export function run(
  folder: string,
  tool: string,
  args: readonly string[],
): { status: number | null; text: string } {
  const { status, stdout, stderr } = spawnSync(tool, args, {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  return { status, text: stdout + stderr };
}
