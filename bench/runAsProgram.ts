import { explain } from '../generators/cli/errors.ts';

/** Runs `main` where a module is the program that was started, and not one that a test reads: errors are one line and an exit code. */
export async function runAsProgram(
  name: string,
  main: (argv: readonly string[]) => Promise<void>,
): Promise<void> {
  if (!process.argv[1]?.endsWith(`${name}.js`)) return;
  try {
    await main(process.argv.slice(2));
  } catch (error) {
    const { text, code } = explain(error as Error);
    if (text !== '') process.stderr.write(`${name}: ${text}\n`);
    process.exitCode = code;
  }
}
