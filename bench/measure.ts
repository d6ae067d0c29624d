import { spawn } from 'node:child_process';

/** One measured thing: a cost over another cost, taken in the same run, and the goal that it is held to. */
export interface Ratio {
  readonly what: string;
  /** Median over the rounds. */
  readonly ratio: number;
  /** Absent where the figure is told and not held to anything. */
  readonly goal?: number;
  /** Whether the ratio is to stay below the goal or above it. */
  readonly sense: 'at most' | 'at least';
  /** Medians of what was divided, with their unit. */
  readonly parts: Readonly<Record<string, number>>;
}

export function isReached({ ratio, goal, sense }: Ratio): boolean {
  if (goal === undefined) return true;
  return sense === 'at most' ? ratio <= goal : ratio >= goal;
}

/** The middle one of some numbers, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** What `rounds` rounds of two measurements gave, the first of each pair over the second. */
export interface Pairs {
  /** Median of the ratios of each round: both halves of a round met the same load on the machine. */
  readonly ratio: number;
  readonly first: number;
  readonly second: number;
}

/** Measures two things in turn, so that what else the machine does meets both; one round before them is not counted. */
export async function alternate(
  rounds: number,
  first: () => Promise<number>,
  second: () => Promise<number>,
): Promise<Pairs> {
  const pairs: [number, number][] = [];
  for (let round = -1; round < rounds; round++) {
    // The order changes from round to round: neither always follows the other.
    const swapped = round % 2 === 1;
    const one = await (swapped ? second : first)();
    const other = await (swapped ? first : second)();
    if (round >= 0) pairs.push(swapped ? [other, one] : [one, other]);
  }
  return {
    ratio: median(pairs.map(([a, b]) => a / b)),
    first: median(pairs.map(([a]) => a)),
    second: median(pairs.map(([, b]) => b)),
  };
}

export interface Finished {
  readonly seconds: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end and takes the time, from the call to its exit. Rejects when it fails. */
export function timed(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const texts = { stdout: '', stderr: '' };
    child.stdout.on('data', chunk => {
      texts.stdout += chunk;
    });
    child.stderr.on('data', chunk => {
      texts.stderr += chunk;
    });
    child.on('error', reject);
    child.on('close', code => {
      const seconds = (performance.now() - started) / 1000;
      if (code === 0) resolve({ seconds, ...texts });
      else reject(new Error(`${program} ${args.join(' ')} ended with code ${code}: ${texts.stderr.trim()}`));
    });
  });
}
