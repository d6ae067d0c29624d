import { stripVTControlCharacters as plain } from 'node:util';
import pc from 'picocolors';

/** Where text goes: results to standard output, everything else to standard error. */
export interface Output {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** For people: nothing when `--json` or `--quiet`. */
  say(text: string): void;
  /** Results. */
  print(text: string): void;
  /** The one JSON document. */
  document(value: object): void;
  progress(label: string): Progress;
  /** A step of long work that is done, where no bar shows it. */
  note(text: string): void;
}

export interface Progress {
  update(done: number, total: number): void;
  stop(): void;
}

export function makeOutput(options: { json?: boolean; quiet?: boolean; verbose?: boolean }): Output {
  const json = options.json ?? false;
  const quiet = options.quiet ?? false;
  return {
    json,
    quiet,
    verbose: options.verbose ?? false,
    say(text) {
      if (!json && !quiet) process.stdout.write(`${text}\n`);
    },
    print(text) {
      process.stdout.write(`${text}\n`);
    },
    document(value) {
      process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
    },
    progress(label) {
      return process.stderr.isTTY && !json && !quiet ? bar(label) : { update() {}, stop() {} };
    },
    note(text) {
      if (!process.stderr.isTTY && !json && !quiet) process.stderr.write(`${text}\n`);
    },
  };
}

/** A bar that appears only when the work lasts. */
function bar(label: string): Progress {
  const started = performance.now();
  let shown: { update(n: number): void; setTotal(n: number): void; stop(): void } | undefined;
  let loading = false;
  let stopped = false;
  return {
    update(done, total) {
      if (shown) {
        shown.setTotal(total);
        shown.update(done);
      } else if (!loading && performance.now() - started > 500) {
        loading = true;
        void import('cli-progress').then(({ default: progress }) => {
          if (stopped) return;
          const format = `${label} {bar} {percentage} %  {value} of {total}  {eta_formatted} left`;
          const made = new progress.SingleBar(
            { format, stream: process.stderr, clearOnComplete: true, hideCursor: true },
            progress.Presets.shades_classic,
          );
          made.start(total, done);
          shown = made;
        });
      }
    },
    stop() {
      stopped = true;
      shown?.stop();
    },
  };
}

const { env } = process;
const wantsColor = env.FORCE_COLOR
  ? env.FORCE_COLOR !== '0'
  : process.stdout.isTTY === true && env.TERM !== 'dumb';

/** Colours, on a terminal and where the user does not object. */
export const color = pc.createColors(wantsColor && !env.NO_COLOR);

/** Columns as wide as their widest cell; the first row is the header. */
export function table(rows: readonly (readonly string[])[], alignRight: readonly boolean[] = []): string {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map(r => plain(r[i] ?? '').length)));
  return rows
    .map(row =>
      row
        .map((cell, i) => {
          const space = ' '.repeat(widths[i]! - plain(cell).length);
          return alignRight[i] ? space + cell : cell + space;
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
