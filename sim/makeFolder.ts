import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder and those above it that are missing. Not by `mkdir` with `recursive`: Node.js never returns from that where the
 * system says ENOENT below a folder that exists, as it does in /proc.
 */
export function makeFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  const parent = dirname(path);
  if (parent !== path) makeFolder(parent);
  try {
    mkdirSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Another process was quicker, or the path is no folder.
    if (code !== 'EEXIST' || !statSync(path).isDirectory()) throw error;
  }
}
