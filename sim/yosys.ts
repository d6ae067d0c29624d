import { type FileSet, WasmTool, WasmToolError } from './wasmTool.ts';

/** One run of Yosys. */
export interface YosysJob {
  /** Script, one command a line. */
  script: string;
  /** Files that the script reads. */
  files: FileSet;
  /** Called with the name of each pass as it starts. */
  onProgress?: (pass: string) => void;
  /** Stops the run; the promise rejects with the signal's reason. */
  signal?: AbortSignal;
}

/** What a run left behind. */
export interface YosysOutput {
  /** Files that the script wrote, at the top folder only. */
  files: FileSet;
  /** Text of each distinct warning, without the word "Warning". */
  warnings: string[];
  /** All that Yosys printed. */
  log: string;
}

/** Yosys refused the design or the script. The message is its last error line. */
export class YosysError extends WasmToolError {
  override name = 'YosysError';
}

const SCRIPT = 'subbyte.ys';

/** Distinct warnings of a log, in order of appearance. An inferred latch is one, though Yosys only mentions it. */
export function warningsOf(log: string): string[] {
  const lines = log.matchAll(/^(?:(\S+:\d\S*): )?(?:Warning: (.*)|(Latch inferred for signal `[^']*').*)$/gm);
  return [
    ...new Set([...lines].map(([, place, text, latch]) => (place ? `${place}: ` : '') + (text ?? latch))),
  ];
}

/** Yosys as WebAssembly in warm worker threads. */
export class Yosys {
  readonly #tool: WasmTool;

  /** `workers`: how many runs may go on at the same time, each with a few hundred megabytes of memory. */
  constructor({ workers = 1 }: { workers?: number } = {}) {
    this.#tool = new WasmTool({ tool: 'yosys', workers, error: (text, log) => new YosysError(text, log) });
  }

  /** Runs a script. Rejects with `YosysError` when Yosys fails, with the signal's reason when stopped. */
  async run({ script, files, onProgress, signal }: YosysJob): Promise<YosysOutput> {
    const args = ['-Q', '-T', '-s', SCRIPT];
    const output = await this.#tool.run({ args, files: { ...files, [SCRIPT]: script }, onProgress, signal });
    return { ...output, warnings: warningsOf(output.log) };
  }

  /** Ends the workers; waiting and running jobs are rejected. A later `run` starts anew. */
  close(): Promise<void> {
    return this.#tool.close();
  }
}

/** Name and version of the tool, as every result carries it: `yosys 0.55 (wasm, @yowasp/yosys 0.55.944)`. */
export async function yosysTool(): Promise<string> {
  const { version } = await import('@yowasp/yosys');
  // A package of release X.Y is X.Y.build.
  const release = /^(\d+\.\d+)\.\d+$/.exec(version)?.[1] ?? version;
  return `yosys ${release} (wasm, @yowasp/yosys ${version})`;
}
