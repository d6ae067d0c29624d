import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { draftFor } from './cleanup.ts';
import { makeFolder } from './makeFolder.ts';

/**
 * Writes a file by renaming within its folder: who reads at the same time, or stops us, sees the old text or the new. In one step,
 * so that no signal leaves a draft behind; what SIGKILL leaves is swept by the next run.
 */
export function writeWhole(path: string, text: string): void {
  const draft = draftFor(path);
  try {
    makeFolder(dirname(path));
    writeFileSync(draft, text);
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}
