import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Walks up to the folder with `package.json`, so that the sources and `dist` find the same data files. */
function findRoot(start: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
    if (dirname(folder) === folder) throw new Error(`no package.json above ${start}`);
  }
}

/** The folder that holds `package.json`, `constraints/` and `templates/`. */
export const projectRoot: string = findRoot(dirname(fileURLToPath(import.meta.url)));
