import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { writeWhole } from './writeWhole.ts';

/** Where results are kept between runs: `SUBBYTE_CACHE`, else `subbyte` below `XDG_CACHE_HOME` or `~/.cache`. */
export function cacheDirectory(env: NodeJS.ProcessEnv = process.env): string {
  return env.SUBBYTE_CACHE || join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'subbyte');
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A short name for what a value was made from. */
export const fingerprint = (parts: readonly string[]): string => sha256(JSON.stringify(parts)).slice(0, 16);

/** How to open a cache. */
export interface CacheOptions {
  /** Default: `cacheDirectory()`. */
  directory?: string;
  /** Told once when the cache cannot be written; the command goes on without. */
  onWarning?: (message: string) => void;
}

/** Keeps JSON values by the content of what they were made from. Safe for several processes at a time. */
export class Cache {
  readonly directory: string;
  readonly #onWarning: (message: string) => void;
  #warned = false;

  constructor(options: CacheOptions = {}) {
    this.directory = options.directory ?? cacheDirectory();
    this.#onWarning = options.onWarning ?? (() => {});
  }

  /**
   * The value kept for these key parts, or else what `produce` makes, which is then kept. The key must hold everything that the
   * value depends on, tool versions included. The value must survive JSON. `kind` names the subfolder.
   */
  async cached<T>(kind: string, keyParts: readonly string[], produce: () => Promise<T>): Promise<T> {
    if (!/^[a-z][a-z0-9-]*$/.test(kind)) throw new RangeError(`cache kind "${kind}" is not a folder name`);
    const file = join(this.directory, kind, `${sha256(JSON.stringify([kind, ...keyParts]))}.json`);
    const kept = await read(file);
    if (kept !== undefined) return JSON.parse(kept) as T;
    const value = await produce();
    this.#write(file, JSON.stringify(value));
    return value;
  }

  #write(file: string, text: string): void {
    try {
      writeWhole(file, `${sha256(text)}\n${text}\n`);
    } catch (error) {
      if (this.#warned) return;
      this.#warned = true;
      const reason = error instanceof Error ? error.message : String(error);
      this.#onWarning(`cannot write the cache in ${this.directory}, going on without (${reason})`);
    }
  }
}

/** Text of an entry, if there is one and its checksum holds. */
async function read(file: string): Promise<string | undefined> {
  try {
    const [sum, text] = (await readFile(file, 'utf8')).split('\n');
    return text !== undefined && sha256(text) === sum ? text : undefined;
  } catch {
    return undefined;
  }
}
