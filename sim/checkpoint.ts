import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDirectory } from './cache.ts';
import { projectRoot } from './root.ts';
import { writeWhole } from './writeWhole.ts';

/** Milliseconds between two notes. */
const PAUSE = 1000;

/**
 * How far a long run came, kept in the cache under all that its outcome depends on: what is run, and the program itself. A run
 * that was interrupted, however roughly, goes on from there; one that ended leaves nothing.
 */
export class Checkpoint {
  /** So many inputs were found equal, from the first on. */
  readonly done: number;
  private readonly file: string;
  private written = performance.now();

  constructor(job: object) {
    const key = createHash('sha256').update(programText()).update(JSON.stringify(job)).digest('hex');
    this.file = join(cacheDirectory(), 'checkpoints', `${key}.json`);
    this.done = read(this.file);
  }

  /** All inputs before this one were found equal. */
  reach(done: number): void {
    if (performance.now() - this.written < PAUSE) return;
    this.written = performance.now();
    try {
      writeWhole(this.file, JSON.stringify({ done }));
    } catch {
      // Nothing but the time of a second run is lost.
    }
  }

  remove(): void {
    rmSync(this.file, { force: true });
  }
}

function read(file: string): number {
  try {
    const { done } = JSON.parse(readFileSync(file, 'utf8')) as { done: unknown };
    return typeof done === 'number' && Number.isInteger(done) && done >= 0 ? done : 0;
  } catch {
    return 0;
  }
}

/** The built program: another golden model must not inherit what an older one was compared on. */
function programText(): string {
  const folder = join(projectRoot, 'dist');
  return ['generators', 'sim']
    .flatMap(part =>
      readdirSync(join(folder, part), { recursive: true, encoding: 'utf8' }).map(f => join(part, f)),
    )
    .filter(file => file.endsWith('.js'))
    .sort()
    .map(file => readFileSync(join(folder, file), 'utf8'))
    .join('\n');
}
